"""Which words are forms of one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.text.normalize import fold
from syriasearch.text.stem import stem


@pytest.mark.parametrize(
    "forms",
    [
        "boycott boycotts boycotted boycotting",
        "negotiation negotiations negotiator negotiators",
        "attack attacked attacking attacks",
        "say said says saying",
        "neighborhood neighborhoods neighbourhood neighbourhoods",
        "defence defences defense defenses",
        "kilometre kilometres kilometer kilometers",
        "child children",
        "man men",
        "go goes going",
        "crisis crises",
        "refugee refugees",
        "militia militias",
        "uav uavs",
        "ngo ngos",
        "mp mps",
        "ied ieds",
        "rpg rpgs",
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        "organisation organisations organization organizations",
        "organise organised organising organize organized organizing",
        "recognise recognised recognize recognized",
        "mobilisation mobilise mobilization mobilize",
        "weaponised weaponized",
        "analyse analysed analysing analyze analyzed analyzing",
        "paralysed paralyzed",
        "colour colours coloured color colors colored",
        "neighbour neighbours neighbouring neighbor neighbors neighboring",
        "armoured armored",
        "labourers laborers",
        "centre centres centred center centers centered",
        "theatre theaters",
        "offence offences offense offenses",
        "licence license",
        "travelling travelled traveling traveled",
        "cancelled canceled",
        "programme programmes program programs",
        "dialogue dialogues dialog dialogs",
        "manoeuvre manoeuvres manoeuvring maneuver maneuvers maneuvering",
        "sceptical skeptical",
        "haemorrhage hemorrhage",
        "fulfil fulfilled fulfill",
        "judgement judgment",
        "adviser advisers advisor advisors",
        "grey gray",
    ],
)
def test_english_spellings_of_a_word_share_a_stem(spellings: str) -> None:
    assert len({stem(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "forms",
    [
        "معارضة المعارضة والمعارضة بالمعارضة للمعارضة وللمعارضة كالمعارضة فالمعارضة",
        "نظام النظام والنظام ونظام بنظام لنظام",
        # ات
        "غارة غارات الغارات والغارات بغارات لغارات غاراتها",
        "طائرة طائرات الطائرات طائراتهم طائرتان الطائرتين",
        "سيارة سيارات السيارات بسيارات لسيارات سيارته",
        "عملية عمليات العمليات والعمليات للعمليات عملياته",
        "عقوبة عقوبات العقوبات",
        "شخصية شخصيات الشخصيات",
        "قوة قوات القوات للقوات وقوات قواتها",
        "سنة سنوات السنوات",
        # ين, ون
        "مقاتل مقاتلين مقاتلون المقاتلين للمقاتلين مقاتلي مقاتلو مقاتليهم",
        "لاجئ لاجئين اللاجئين للاجئين لاجئون واللاجئون",
        "مدني مدنيين المدنيون للمدنيين مدنية",
        "مسلح مسلحين المسلحون",
        # nisba
        "سوري سورية سوريون سوريين سوريات السوريين للسوريين سوريا بسوريا",
        "لبناني لبنانية اللبنانيون لبنانيين",
        "روسي روسية الروسية للروسية",
        # ل
        "لجنة اللجنة للجنة وللجنة لجنته",
        "لواء اللواء للواء",
        "لقاء اللقاء للقاء لقاءات",
        "تنفيذ التنفيذ لتنفيذ للتنفيذ ولتنفيذ",
        "مناقشة لمناقشة للمناقشة ومناقشة",
        "محاربة المحاربة لمحاربة للمحاربة",
        "لبنان ولبنان للبنان بلبنان",
        # و ف ب ك س
        "وزير الوزير ووزير للوزير بوزير",
        "برنامج البرنامج ببرنامج وبرنامج برنامجها لبرنامج",
        "جنود كجنود الجنود جندي",
        "منظمة كمنظمة فمنظمة المنظمات",
        "يقوم سيقوم وسيقوم",
        "تواصل ستواصل",
        # names
        "بيروت وبيروت ببيروت لبيروت",
        "بوتين وبوتين لبوتين",
        "لافروف ولافروف للافروف",
        "واشنطن وواشنطن بواشنطن لواشنطن",
        "بشير والبشير لبشير",
        # spellings
        "أمريكي أميركي امريكية الأميركية الأمريكيين للأميركيين",
        "أمريكا أميركا وأميركا",
        "ديمقراطية ديموقراطية الديموقراطي",
        "أوروبي أوربي الأوروبيين",
        "تلفزيون التلفاز",
        # irregular plurals
        "صاروخ صواريخ الصواريخ بصواريخ",
        "مدينة المدن مدن",
        "رئيس رؤساء الرؤساء",
    ],
)
def test_forms_of_an_arabic_word_share_a_stem(forms: str) -> None:
    assert len({stem(fold(word)) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "حسين حسون حسينات حسن",
        "عرفات عرفة",
        "بركات بركة",
        "سوري سور",
        "مدني مدينة",
        "وزير زير",
        "والدة دة",  # father: its first letters are no article
        "لبنان بنان",
        "بسام سام",
        "بلال لال",
        "كمال مال",
        "فيصل يصل",
        "سيارة يار",
        "التزام زام",
        "ألمانيا مانيا",
        "بيروت بيرو",
        "درعا درع",
        "لجنة جن",
        "المالكي المالكية",  # a minister, a town
        "جبلة جبل",  # a town, a mountain
        "وليام يام",
        "مصراتة مصر",
        "بايدن ايدن",
        "ماكرون ماكر",
    ],
)
def test_other_arabic_words_do_not(words: str) -> None:
    assert len({stem(fold(word)) for word in words.split()}) == len(words.split())


@pytest.mark.parametrize("letters", ["و", "ال", "ه", "ات", "a", "is"])
def test_a_word_may_be_long(letters: str) -> None:
    assert len(stem(letters * 5_000)) >= 5_000 * len(letters) - 4


@given(st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A), min_size=3))
def test_of_any_arabic_word_two_letters_are_left(word: str) -> None:
    assert len(stem(fold(word))) >= 2 or len(fold(word)) < 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("syria", "syrian"),
        ("us", "we"),  # the US, more often than a form of we
        ("media", "medium"),
        ("news", "new"),
        ("hamas", "hama"),
        ("pence", "penny"),
        ("maria", "mare"),
        ("opera", "opus"),
        ("important", "import"),
        ("author", "authority"),
        ("united", "unit"),
        ("department", "depart"),
        ("business", "busy"),
        ("corps", "corpse"),
        ("aids", "aid"),
        ("precise", "price"),
        ("gps", "gp"),
        ("s400", "s300"),
        ("дамаск", "дамаска"),  # a script without a stemmer
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)
