"""Which towns does the gazetteer know, and under which names? Makes `towns.csv` from GeoNames.

    python tools/places.py --geonames places.csv --news syria.jsonl --elsewhere usa.jsonl \\
        --name-parts parts.txt

Every Syrian place of GeoNames becomes an entity, and of the countries around it the larger ones
and those that the news names. A place that `places.csv` has already (a row whose source has its
GeoNames id) becomes none; if it is Syrian, its row gets the names that it lacks. What is written
depends on nothing but the files that are read.

A name that is also a word, a person's name or another place would be found where nobody means the
place. How each is used tells: it is looked for in news on Syria and in news from elsewhere, and

- a Latin name that is often enough written in lower case is a word, and left out;
- a Latin one of a single word is weak where it is as common elsewhere; where people bear the name
  and it stands mostly beside other capitalized words, or in no article; and where it is very short;
- an Arabic one of a single word is weak where people bear it, where it is very short and no
  article has it, and where it is among the words that are listed here by hand;
- a name that another entity has is weak for a Syrian place and left out for another one.

A weak name (`~` stands before it) tells only where the article names the place otherwise too.
Places outside Syria keep only their own name and Arabic ones, and none that is weak. A place none
of whose Latin names tells is called by its name and its country.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from slugify import slugify

from syriasearch.entities.gazetteer import COLUMNS, DATA, FILES, WEAK, Gazetteer, demonyms
from syriasearch.entities.recognizer import TextRecognizer
from syriasearch.models.entity import Entity
from syriasearch.text.arabic import has_arabic
from syriasearch.text.stopwords import stop_words
from syriasearch.text.tokenize import terms


def key(name: str) -> str:
    """Return what the spellings of a name have in common."""
    return " ".join(terms(name))


TOWNS = "towns.csv"
PLACES = "places.csv"
TITLE = "Towns and villages of Syria and around it, from GeoNames: made by tools/places.py."
HOME = "SY"
COUNTRIES = {
    "SY": "Syria",
    "LB": "Lebanon",
    "IQ": "Iraq",
    "JO": "Jordan",
    "TR": "Turkey",
    "IL": "Israel",
    "PS": "the Palestinian territories",
}
PROVINCES = {
    "01": "Hasakah",
    "02": "Latakia",
    "03": "Quneitra",
    "04": "Raqqa",
    "05": "Suwayda",
    "06": "Daraa",
    "07": "Deir ez-Zor",
    "08": "Rif Dimashq",
    "09": "Aleppo",
    "10": "Hama",
    "11": "Homs",
    "12": "Idlib",
    "13": "Damascus",
    "14": "Tartus",
}
"""GeoNames' codes of Syria's provinces."""

LARGE = {"LB": 10_000, "IQ": 20_000, "JO": 20_000, "PS": 20_000, "IL": 50_000, "TR": 100_000}
"""From which population on a place is taken though no article names it."""
SOUGHT = "sought"
"""The type of an entity that is made of a single name, for the search in the news."""
ARTICLES = 2
"""In how many articles of the news a smaller place must be named."""
ELSEWHERE = 12_000
"""How many articles from elsewhere are read."""

JOINED = 0.4
"""How often a name that is no part of another may stand beside another capitalized word."""
FOLLOWING = frozenset(
    """governorate province district city town village road street airport airbase air base region
    countryside military crossing bridge river dam university hospital camp mountain mountains front
    state suburb suburbs county subdistrict oil gas highway""".split()
)
"""Words that may follow a place's name with a capital and leave it a place."""

NOT_NAMES = frozenset(
    """aere agri ajami arika bab balad batman battal berea bor bozdag cham chama cumhuriyet
    daftardar dam damasco damask dana defterdar deir diana efe epiphania esenboga ezra fatih
    gebru hader hamam hamidiya hamra hanadi harem hierapolis hirak humus jaffah jizah judaydah
    kala kara karamah karmah katana khan kilic laodicea madinah maghar malah mansurah murk mus
    nava nazi neva nice of ordu pazar qadisiya qasab ram rasm rum safir sajur salamin sam sawdah
    shahba sham shin shuhada taft tal tall tel tell thawrah van veroia yeni""".split()
)
"""Words and names that these articles have too seldom to tell; never a place by themselves."""
LEFT_OUT = {
    "99106": "Al-Madinah in Iraq: the city, any city",
    "10303650": "Simele, a second time",
    "268743": "Ras Beirut, a quarter",
}
"""Places outside Syria that would be found where nobody means them, or stand there twice."""
ARABIC_TOWN = ("مدينة", "بلدة", "قرية", "منطقة")
"""Words for town, village and district, which make a name out of one that is also a word."""
ARABIC_WORDS = frozenset(
    key(word.replace("_", " "))
    for word in """
    قنوات الصورة السوداء السودة الحمراء الحمرة بلبل الكريمة كريمة الشجرة الزيارة الروضة سلوك
    الراعي السجن المزرعة الطواحين طواحين الدالي الدالية الكرامة الحاضر الهادر السخنة
    الصفصافة البصيرة بصير الأشارة الناصرة ناصرة الكسرة المنصورة سبة السفيرة سفيرة الجيزة
    صبورة شين حيش عوج سلامين الضمير ضمير قارة التل تل القبو الحاجب الحميدية ربيعة خان الزربة
    حديدة نوا نوى كسب تسيل السبخة عجمي بنان صدد الأيوبية أيوبية صماد جنية الحراك الحفة
    الهنادي هنادي الكرمة حارم الدار جديدة الجديدة الشيخ الحصن السد النهر القلعة العين عين
    الزهراء الحسينية الخضراء القدس الرحمة السلام الوحدة الهدى اليرموك القادسية المثنى السلط
    العمارة الرفاعي المحمودية اليوسفية الخالص بلد هيت الكوت الفاو المجر الحي الشامية الهندية
    القاسم الصويرة العزيزية النعمانية سوران كفر جبا دار بيت باب وان عنة عالية صلاح_الدين
    أردو الشهداء قيصرية قيصري الكسوة كسوة برقية بحركة الباب الثورة ثورة الطبقة الحول القصير
    السلمية سلمية القائم نبل الميادين ميادين الصور بصرة رقة التبني سويدية السويدية بشرى
    عريقة الغازية بركة الفحم عشاق مفرق زرقاء عقبة موصل الجلاء ملح مهين معدان مسعدة المسعدة
    هجين كوت البيرة حرير خالص بيوك صفوان رانية سينة شورش الزبير الظاهرية بالس ازرع سلوق شران
    كشفة الكشفة زربة بزاق طوز قرمان كوية القرنة رقه أوشاك العلم سلوكية
    """.split()
)
"""Arabic names of places that are words or other names first."""

_ARTICLE = re.compile(
    r"^(?:al|el|ul|ad|adh|an|ar|as|ash|at|ath|az|ed|en|er|es|esh|et|ez)[- ]+", re.I
)
_SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC", "GREEK", "HEBREW", "ARMENIAN")
"""Those whose words are written apart, so that folding and the recognizer can find them."""
_SUN = re.compile(r"\b(Ad|Adh|An|Ar|As|Ash|At|Ath|Az|ad|adh|an|ar|as|ash|at|ath|az)[ -](?=\w)")
_NEWSPAPER = {
    "Shaykh": "Sheikh",
    "Dayr": "Deir",
    "Ayn": "Ain",
    "Bayt": "Beit",
    "Tall": "Tal",
    "Kafar": "Kafr",
    "Khirbat": "Khirbet",
    "Jabal": "Jabal",
}
_CAPITAL_BEFORE = re.compile(r"([A-Z][\w.’'-]*),? $")
_CAPITAL_BEHIND = re.compile(r" ([A-Z][\w’'-]*)")


def bare(name: str) -> str:
    """Return a Latin or Arabic name without its article."""
    return name.removeprefix("ال") if has_arabic(name) else _ARTICLE.sub("", name)


def script(name: str) -> str | None:
    """Return the script of all letters of a name, None where it has several or one that is left."""
    found = {unicodedata.name(each, "?").split()[0] for each in name if each.isalpha()}
    found.discard("MODIFIER")
    return next(iter(found)) if len(found) == 1 and found <= set(_SCRIPTS) else None


def plain(name: str) -> str:
    """Return a Latin name without macrons, dots and the signs for hamza and ayn."""
    apart = unicodedata.normalize("NFKD", name)
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    return re.sub(r"[‘’ʼʻʿʾ`´]", "", letters.replace("ı", "i").replace("ł", "l")).lstrip("'")


def newspaper(name: str) -> str:
    """Return a transcription as a newspaper would write it: Ash Shaykh Badr, Al-Sheikh Badr."""
    text = _SUN.sub(lambda match: "Al-" if match[1][0] == "A" else "al-", plain(name))
    text = re.sub(r"\b([Aa]l) ", r"\1-", text).removeprefix("Nahiyat ")
    return "".join(_NEWSPAPER.get(word, word) for word in re.split(r"(\W)", text))


def is_plausible(name: str) -> bool:
    """Tell whether it is a name: no code, no transcription without vowels or capitals."""
    written = script(name)
    if written is None or re.search(r"[\d/,;()]", name) or len(key(name)) < 3:
        return False
    if written != "LATIN":
        return True
    word = bare(name)
    letters = plain(word)
    return (
        letters[:1].isupper()
        and not (letters.isupper() and len(letters) <= 4)
        and letters.isascii()
        and re.search(r"[aeiouy]", letters.lower()) is not None
        and re.search(r"[a-z][A-Z]", letters) is None
    )


@dataclass(slots=True)
class Place:
    """A place of GeoNames."""

    id: str
    name: str
    country: str
    province: str
    latitude: str
    longitude: str
    population: int
    own: list[str]
    """How English newspapers may write the name that GeoNames gives it."""
    names: list[str]
    """Those and its other plausible names in any script, without those that fold alike."""


def read_places(path: Path) -> list[Place]:
    """Read the extract of GeoNames, the largest places first."""
    places = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["country"] not in COUNTRIES or row["geonameid"] in LEFT_OUT:
                continue
            forms = [newspaper(row["name"]), plain(row["name"])]
            if row["country"] == HOME and bare(forms[0]) != forms[0]:
                forms += ["al-" + bare(forms[0]), bare(forms[0])]
            forms = list({key(form): form for form in dict.fromkeys(forms)}.values())
            names: dict[str, str] = {}
            for name in (*forms, *row["alternatenames"].split("|")):
                if is_plausible(name):
                    names.setdefault(key(name), plain(name) if script(name) == "LATIN" else name)
            places.append(
                Place(
                    row["geonameid"],
                    row["name"],
                    row["country"],
                    row["admin1"],
                    row["lat"],
                    row["lon"],
                    int(row["population"]),
                    forms,
                    list(names.values()),
                )
            )
    return sorted(places, key=lambda place: (-place.population, int(place.id)))


def read_news(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the texts of articles, one a line of JSON."""
    for path in paths:
        with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)["text"]


@dataclass(slots=True)
class Use:
    """How a name is used in the news."""

    articles: int = 0
    elsewhere: int = 0
    """Articles from elsewhere that have it."""
    capital: int = 0
    lower: int = 0
    joined: int = 0
    """How often it stands beside another capitalized word."""


@dataclass(slots=True)
class Evidence:
    """What the news tells of every name."""

    uses: dict[str, Use] = field(default_factory=dict)
    articles: int = 0
    elsewhere: int = 0

    def use(self, name: str) -> Use:
        """Return how a name is used."""
        return self.uses.get(key(name), Use())

    def is_local(self, name: str) -> bool:
        """Tell whether news on Syria has a name more often than other news."""
        use = self.use(name)
        return use.articles * self.elsewhere > use.elsewhere * self.articles


def look(recognizer: TextRecognizer, text: str, uses: dict[str, Use], near: bool) -> None:
    """Count the names of one article."""
    seen = set()
    for mention in recognizer.recognize([text])[0]:
        if mention.entity.type != SOUGHT:
            continue
        use = uses[mention.entity.slug]
        seen.add(mention.entity.slug)
        if bare(mention.surface)[:1].islower():
            use.lower += 1
            continue
        use.capital += 1
        around = text[max(0, mention.start - 40) : mention.start], text[mention.end :][:40]
        before, behind = _CAPITAL_BEFORE.search(around[0]), _CAPITAL_BEHIND.match(around[1])
        use.joined += bool(
            (before and before[1].lower() not in stop_words())
            or (behind and behind[1].lower() not in FOLLOWING | stop_words())
        )
    for name in seen:
        if near:
            uses[name].articles += 1
        else:
            uses[name].elsewhere += 1


def gather(
    names: Iterable[str], known: Iterable[Entity], news: Iterable[str], elsewhere: Iterable[str]
) -> Evidence:
    """Look for the names, in any case, where no longer name of a known entity stands."""
    found = Evidence({each: Use() for each in sorted(set(map(key, names)))})
    entities = (*known, *(Entity(each, each, SOUGHT) for each in found.uses))
    recognizer = TextRecognizer(Gazetteer(entities), rules=frozenset())
    for text in news:
        found.articles += 1
        look(recognizer, text, found.uses, True)
    for text in elsewhere:
        if "Syria" not in text:
            found.elsewhere += 1
            look(recognizer, text, found.uses, False)
    return found


@dataclass(slots=True)
class Judge:
    """Tells which names may be looked for in the news."""

    evidence: Evidence
    people: frozenset[str]
    """Parts of people's names, folded."""

    def is_word(self, name: str) -> bool:
        """Tell whether a Latin name is a word that is no name."""
        use = self.evidence.use(name)
        return script(name) == "LATIN" and use.lower * 4 >= max(use.capital, 1)

    def is_unheard(self, name: str) -> bool:
        """Tell whether no news from elsewhere has a Latin name: no person of weight bears it."""
        unheard = not self.evidence.use(name).elsewhere and key(bare(name)) not in NOT_NAMES
        return unheard and script(name) == "LATIN"

    def is_weak(self, name: str) -> bool:
        """Tell whether a name may mean something else."""
        word, use, written = key(bare(name)), self.evidence.use(name), script(name)
        single = " " not in word
        if key(name) in ARABIC_WORDS:
            return True
        if not single:
            return False
        if written == "ARABIC":
            return word in self.people or (not use.articles and len(word) < 4)
        if written != "LATIN":
            return len(word) < 5
        if word in NOT_NAMES:
            return True
        if not use.capital:
            return word in self.people or len(word) < 4
        if not self.evidence.is_local(name):
            return True
        beside = use.joined >= JOINED * use.capital
        return beside and (use.elsewhere > 0 or word in self.people)


def read_people(paths: Iterable[Path]) -> frozenset[str]:
    """Read parts of people's names, separated by commas or `=>`, folded."""
    lines = chain.from_iterable(path.read_text(encoding="utf-8").splitlines() for path in paths)
    return frozenset(key(part) for line in lines for part in re.split(r"\s*(?:,|=>|\|)\s*", line))


def read_rows(path: Path) -> tuple[str, list[dict[str, str]]]:
    """Return a file's comments and its rows."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    comments = "".join(line for line in lines if line.startswith("#"))
    return comments, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def write_rows(path: Path, comments: str, rows: Iterable[dict[str, str]]) -> None:
    """Write a file of the gazetteer."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(comments)
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def listed(row: dict[str, str]) -> list[str]:
    """Return the aliases of a row."""
    return list(filter(None, row["aliases"].split("|")))


def complete(row: dict[str, str], place: Place, judge: Judge, taken: set[str]) -> None:
    """Add to a hand-written row the names of GeoNames that it lacks."""
    aliases = listed(row)
    own = {key(name) for name in (row["name"], *aliases)}
    for name in place.names:
        if key(name) in own or judge.is_word(name):
            continue
        weak = key(name) in taken or judge.is_weak(name)
        aliases.append(WEAK + name if weak else name)
        own.add(key(name))
    row["aliases"] = "|".join(aliases)


def town(
    place: Place, judge: Judge, taken: set[str], slugs: set[str], homonyms: Counter[str]
) -> dict[str, str] | None:
    """Return the row of a place; None where none of its names tells."""
    home, country = place.country == HOME, COUNTRIES[place.country]
    large = place.population >= LARGE["TR"]
    kept = [name for name in place.names if not judge.is_word(name)]
    if not home:
        kept = [each for each in kept if each in place.own or script(each) == "ARABIC"]
    weak = {
        name
        for name in kept
        if key(name) in taken or (judge.is_weak(name) and not (large and judge.is_unheard(name)))
    }
    # GeoNames' own name comes first, unless the news has another one.
    latin = [name for name in kept if name not in weak and script(name) == "LATIN"]
    name = max(latin, key=lambda each: judge.evidence.use(each).articles, default="")
    if name and not judge.evidence.use(name).articles:
        name = next((each for each in latin if each in place.own), "")
    if name and newspaper(name) not in weak and key(newspaper(name)) not in taken:
        name = newspaper(name)
    if not name:
        if not (home or large):
            return None
        several = home and homonyms[key(place.own[0])] > 1
        behind = PROVINCES[place.province] if several else country.removeprefix("the ")
        name = f"{place.own[0]}, {behind}"
        if place.own[0] not in kept:
            kept.insert(0, place.own[0])
            weak.add(place.own[0])
    aliases = [WEAK + each if each in weak else each for each in kept if key(each) != key(name)]
    arabic = [each for each in kept if script(each) == "ARABIC"]
    if home and arabic and weak.issuperset(arabic):
        aliases += [f"{cue} {arabic[0]}" for cue in ARABIC_TOWN]
    if not home:
        aliases = [each for each in aliases if each[0] != WEAK]
    if name[:3] == "al-":
        name = "A" + name[1:]
    slug = slugify(name)
    if slug in slugs:
        slug = slugify(f"{name} {PROVINCES[place.province] if home else country}")
    where = f"{PROVINCES[place.province]} province" if home else country
    size = "City" if place.population >= 100_000 else "Town"
    return dict.fromkeys(COLUMNS, "") | {
        "slug": slug,
        "name": name,
        "description": f"{size} in {where}",
        "latitude": place.latitude,
        "longitude": place.longitude,
        "aliases": "|".join(aliases),
        "source": f"GeoNames {place.id}",
    }


def is_named(place: Place, judge: Judge) -> bool:
    """Tell whether the news names a place, by its own name and one that can only mean it."""
    return any(
        judge.evidence.use(name).articles >= ARTICLES
        and key(bare(name)) not in judge.people
        and not judge.is_word(name)
        and not judge.is_weak(name)
        for name in place.own
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--geonames", type=Path, required=True, help="the extract, CSV")
    parser.add_argument("--news", type=Path, nargs="+", required=True, help="on Syria, JSON lines")
    parser.add_argument("--elsewhere", type=Path, required=True, help="other news, JSON lines")
    parser.add_argument("--name-parts", type=Path, nargs="+", required=True, help="of people")
    parser.add_argument("--data", type=Path, default=DATA, help="where the gazetteer is")
    return parser.parse_args()


def main() -> None:
    """Write both files."""
    given = arguments()
    files = {name: read_rows(given.data / name) for name in FILES if name != TOWNS}
    comments, rows = files[PLACES]
    places = read_places(given.geonames)
    known = [
        Entity(f"known {row['slug']}", row["name"], "known", aliases=tuple(listed(row)))
        for _, each in files.values()
        for row in each
    ]
    evidence = gather(
        (name for place in places for name in place.names),
        known,
        read_news(given.news),
        islice(read_news([given.elsewhere]), ELSEWHERE),
    )
    judge = Judge(evidence, read_people(given.name_parts))
    taken = {key(alias) for entity in known for alias in (entity.name, *entity.aliases)}
    taken |= set(map(key, demonyms()))
    by_id = {number: row for row in rows for number in re.findall(r"GeoNames (\d+)", row["source"])}
    for place in places:
        if place.id in by_id and place.country == HOME:
            complete(by_id[place.id], place, judge, taken)
    slugs = {row["slug"] for _, each in files.values() for row in each}
    homonyms = Counter(key(newspaper(place.name)) for place in places if place.country == HOME)
    towns = []
    names_at_home: set[str] = set()
    for place in sorted(places, key=lambda place: place.country != HOME):
        if place.id in by_id or not (
            place.country == HOME
            or place.population >= LARGE[place.country]
            or is_named(place, judge)
        ):
            continue
        if place.country != HOME:
            taken |= names_at_home
        row = town(place, judge, taken, slugs, homonyms)
        if row is None:
            continue
        towns.append(row)
        slugs.add(row["slug"])
        # Syrian places may share a name with each other; no place elsewhere shares one.
        own = (key(name) for name in (row["name"], *listed(row)))
        (names_at_home if place.country == HOME else taken).update(own)
    write_rows(given.data / PLACES, comments, rows)
    comments = f"# {TITLE}\n" + comments.split("\n", 1)[1]
    write_rows(given.data / TOWNS, comments, towns)


if __name__ == "__main__":
    main()
