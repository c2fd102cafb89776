"""What of a text is not the article's, and what must stay as it is."""

import json

import pytest
from conftest import SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.blocks.cleaning import (
    LONG,
    fix_encoding,
    is_site_line,
    split_long_blocks,
    without_site_lines,
)
from syriasearch.ingest.blocks.plain_text import Block, clean

ARABIC = "قال المبعوث الأممي إن المحادثات انتهت في جنيف"


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("The envoy’s “talks — so far", "utf-8", "cp1252"),
        ("Le président est à Genève", "utf-8", "latin-1"),
        (ARABIC, "utf-8", "latin-1"),
        (ARABIC, "utf-8", "cp1256"),
        (ARABIC, "cp1256", "cp1252"),
    ],
)
def test_letters_that_were_read_in_a_wrong_encoding_are_mended(
    text: str, wrong: str, right: str
) -> None:
    garbled = text.encode(wrong).decode(right)
    assert garbled != text
    assert fix_encoding(f"Before.\n{garbled}\nBehind.") == (f"Before.\n{text}\nBehind.", 1)


@pytest.mark.parametrize(
    "text",
    [
        ARABIC,
        "ظط ليست كلمة، وطظ كذلك",
        "Le président a été réélu à l’été, créé « là »",
        "Ångström, Þórður, Étienne, ÀÉÎ",
        "“Quotes” — dashes… and ‘more’ ™ © ®",
        "ÇELİK İNŞAAT ÖĞRENCİLERİ",
        "Приветствие и 你好 και ÄÖÜß",
        "price: 5 £, 6 €, 7 ½",
    ],
)
def test_good_letters_stay(text: str) -> None:
    assert fix_encoding(text) == (text, 0)


@needs_shared
@pytest.mark.parametrize("name", ["fa_kes", "allsides_mideast", "saudinewsnet_syria"])
def test_real_news_is_not_mended(name: str) -> None:
    with (SHARED / "data" / "news" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        assert sum(fix_encoding(json.loads(line)["text"])[1] for line in lines) == 0


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading",
        "Share",
        "Share this article",
        "Share on Facebook",
        "Facebook Twitter WhatsApp Email",
        "Subscribe to our newsletter",
        "Sign up for our daily newsletter",
        "Related stories:",
        "Related: Another thing that happened",
        "Read more: Another thing that happened",
        "READ MORE »",
        "Advertisement",
        "- ADVERTISEMENT -",
        "Story continues below advertisement",
        "We use cookies to give you the best experience on our website. Read our policy.",
        "This site uses cookies.",
        "Join our commenting forum",
        "Comments are moderated and will be published after they were read by one of our editors.",
        "The views expressed in this article are the author's own and do not necessarily reflect "
        "the policy of the site.",
        "By posting a comment you agree to the rules of the site.",
        "الآراء الواردة أدناه لا تعبر عن رأي موقع المثال بالعربية، بل تعكس آراء أصحابها فقط.",
        "ترحب شبكة المثال بالنقاش الحيوي والمفيد، وتحتفظ بحق حذف ما يخالف شروطها.",
        "التعليقات المنشورة لا تعبر إلا عن رأي أصحابها",
        "Follow us on Twitter and Facebook",
        "© 2018 Sample Wire",
        "Copyright 2018 Sample Wire. All rights reserved.",
        "12 Comments",
        "شارك هذا المقال",
        "اقرأ أيضاً: خبر آخر",
        "إقرأ المزيد",
        "مواضيع ذات صلة",
        "إعلان",
        "تابعونا على فيسبوك",
        "جميع الحقوق محفوظة",
        "الأكثر قراءة",
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك",
    ],
)
def test_a_line_of_the_site_is_left_out(line: str) -> None:
    assert is_site_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "They share this land.",
        "The envoy of the United Nations welcomes the discussion of a constitution in Geneva.",
        "The views expressed by the delegates did not change, the envoy said.",
        "By leaving the talks they show what they think of you, he said without a comment.",
        "Comments of the minister on the talks were published by the agency on Saturday.",
        "ترحب المعارضة بالنقاش حول الدستور في جنيف",
        "هذه الآراء لا تعبر عن رأي الوفد كله، كما قال الناطق باسمه",
        "Share prices fell in Damascus on Monday.",
        "Related groups fight in Idlib, he said.",
        "Advertisements for the army hung in every street.",
        "Facebook removed the page of the ministry.",
        "He said on Twitter that he would go.",
        "Follow the money, an official said on Facebook in May, and you find who pays for it",
        "More on this was said in Geneva.",
        "We use what we have, the nurse said.",
        "Read more books, the teacher told them.",
        "More than 200 people fled",
        "The Washington Post",
        "Print media in Syria",
        "شارك الوفد في المحادثات يوم الاثنين",
        "إعلان وقف إطلاق النار في حلب",
        "المزيد من القتلى في حمص",
        "اقرأ الكتاب قبل أن تحكم عليه",
        "",
    ],
)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert not is_site_line(line)


def test_what_was_left_out_is_handed_back() -> None:
    blocks = [Block("body", "One."), Block("body", "Share"), Block("body", "Two.\nAdvertisement")]
    kept, dropped = without_site_lines(blocks)
    assert [block.text for block in kept] == ["One.", "Two."]
    assert dropped == ["Share", "Advertisement"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The convoy reached the town on Saturday, and drivers said that they had waited. ",
        "وصلت القافلة إلى المدينة يوم السبت بعد ثلاثة أيام على الطريق كما قال السائقون. ",
        "وصلت القافلة إلى المدينة يوم السبت بعد ثلاثة أيام على الطريق كما قال السائقون، ",
    ],
)
def test_one_block_is_cut_into_paragraphs_to_read(sentence: str) -> None:
    text = (sentence * 40).strip()
    cut = [block.text for block in split_long_blocks([Block("body", text)])]
    assert " ".join(cut) == text
    assert all(300 <= len(piece) <= 1000 for piece in cut)


def test_a_paragraph_of_a_readable_size_is_left_alone() -> None:
    block = Block("body", "A sentence. " * 100)
    assert list(split_long_blocks([block])) == [block]


@given(st.text(), st.integers(1, 40))
def test_cutting_loses_no_letter(text: str, times: int) -> None:
    whole = text * (times * LONG // max(len(text), 1) // 10)
    cut = "".join(block.text for block in split_long_blocks([Block("body", whole)]))
    assert "".join(cut.split()) == "".join(whole.split())


@given(st.text())
def test_any_text_is_cleaned(text: str) -> None:
    mended, count = fix_encoding(text)
    assert (mended == text) == (count == 0)
    without_site_lines([Block("body", mended)])


def test_a_letter_keeps_as_many_marks_as_a_writing_has() -> None:
    assert clean("e" + "\u0301" * 10_000 + "a") == "é" + "\u0301" * 29 + "a"
    assert clean("بِسْمِ " * 40) == "بِسْمِ " * 40
