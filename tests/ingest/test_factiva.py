"""Exports of Factiva as HTML, XML and text: an article for each accession number."""

import pytest
from formats import documents, messages

from syriasearch.ingest.readers import Problem

IDS = ("SAMPT00020180127ee1r0000p", "SAMPT00020180128ee1s0000q")


def plain(number: str = IDS[0], **fields: str) -> str:
    """Return an article without codes; an empty field is left out."""
    values = {
        "section": "<div>World; 4</div>",
        "title": "Talks &amp; tea",
        "author": '<div class="author">By Nour Sabbagh </div>',
        "credit": "<div>Special to the Times</div>",
        "words": "<div>1,285 words</div>",
        "date": "27 January 2018",
        "time": "",
        "edition": "<div>Late Edition</div><div>4</div><div>English</div>",
        "copyright": "<div>(c) 2018 Sample Times Limited. </div>",
        "text": '<p class="articleParagraph enarticleParagraph">It was <b>late</b>.</p>',
        "end": "<p>Sample Times Limited</p>",
        "last": "Document",
        "language": "en",
    } | fields
    return f"""<span></span><div id="article-{number}" class="article" >\
<div class="article {values["language"]}Article"><p>
{values["section"]}<div id="hd" ><span class='enHeadline'>{values["title"]}</span>
</div>{values["author"]}{values["credit"]}{values["words"]}<div>{values["date"]}</div>\
{values["time"]}<div>Sample Times</div><div>SAMPT</div>{values["edition"]}{values["copyright"]}
</p>
{values["text"]}
{values["end"]}<p>{values["last"]} {number}</p></div></div><br/>"""


def page(*articles: str, head: str = "") -> str:
    return f"""<html><head><title>Factiva</title>{head}</head><body><form>{"".join(articles)}
<span>&copy; 2018 Factiva, Inc. All rights reserved.</span></form></body></html>"""


def test_each_article_of_a_page_is_read(made) -> None:
    first, second = made("a.html", page(plain(), plain(IDS[1], title="Bread")))
    assert (first.title, first.author, first.source, first.date, first.lang, first.anchor) == (
        "Talks & tea",
        "By Nour Sabbagh",
        "Sample Times",
        "27 January 2018",
        "en",
        IDS[0],
    )
    assert (first.text, second.title, second.anchor) == ("It was late.", "Bread", IDS[1])


@pytest.mark.parametrize(
    "fields",
    [
        {"section": ""},
        {"author": "", "credit": ""},
        {"words": ""},
        {"time": "<div>15:32</div>"},
        {"time": "<div>3:32 PM</div>"},
        {"edition": ""},
        {"copyright": ""},
        {"end": ""},
        {"last": "文件"},
        {"words": "<div>8165 字</div>"},
        {"words": "<div>1 285 mots</div>", "date": "27 janvier 2018", "last": "Document"},
        {"words": "<div>1.285 Wörter</div>", "date": "27 Januar 2018", "last": "Dokument"},
        {"words": "<div>1285 palabras</div>", "date": "27 enero 2018", "last": "Documento"},
        {"words": "<div>1285 parole</div>", "date": "27 gennaio 2018"},
        {"words": "<div>1285 palavras</div>", "date": "27 Janeiro 2018"},
        {"words": "<div>1285 слов</div>", "date": "27 января 2018", "last": "Документ"},
        {"words": "<div>1285 語</div>", "date": "2018 年 1 月 27 日", "last": "文書"},
        {"words": "<div>8165 字</div>", "date": "2018 年 1 月 27 日 17:04"},
        {"words": "<div>808 단어</div>", "date": "2018년 1월 27일"},
    ],
)
def test_fields_are_found_in_their_order_in_each_language(made, fields: dict[str, str]) -> None:
    (only,) = made("a.html", page(plain(**fields)))
    assert (only.title, only.source, only.text) == ("Talks & tea", "Sample Times", "It was late.")
    assert only.date in ("27 January 2018", "2018-01-27")


PARAGRAPH = '<p class="articleParagraph enarticleParagraph">'


@pytest.mark.parametrize(
    ("fields", "paragraphs"),
    [
        ({"text": f"{PARAGRAPH}One.</p>{PARAGRAPH}Two.</p>"}, ["One.", "Two."]),
        ({"text": '<pre class="articlePre">One\nline.\n\nTwo.</pre>'}, ["One line.", "Two."]),
        ({"end": "<p>Photo: tea.</p><p>Sample Ltd.</p>"}, ["It was late.", "Photo: tea."]),
        ({"text": f"{PARAGRAPH}A <span class='companylink'>Ltd</span> is</p>"}, ["A Ltd is"]),
        ({"text": f"{PARAGRAPH}Copyright 2018 was it.</p>"}, ["Copyright 2018 was it."]),
    ],
)
def test_paragraphs_and_captions_are_the_text(made, fields, paragraphs: list[str]) -> None:
    (only,) = made("a.html", page(plain(**fields)))
    assert only.text.split("\n\n") == paragraphs


def test_a_headline_is_known_by_its_class(made) -> None:
    (only,) = made("a.html", page(plain().replace('<div id="hd" >', "<div>")))
    assert (only.title, only.date) == ("Talks & tea", "27 January 2018")


def test_a_page_is_known_beyond_its_head(made) -> None:
    head = f"<style>{'.a {color: red} ' * 10_000}</style>"
    assert len(documents(made("a.html", page(plain(), plain(IDS[1]), head=head)))) == 2


@pytest.mark.parametrize("language", ["ar", "zhtw"])
def test_the_language_is_that_of_the_article(made, language: str) -> None:
    (only,) = made("a.html", page(plain(language=language)))
    assert only.lang == language[:2]


def test_an_article_without_text_is_a_problem_and_the_others_come(made) -> None:
    items = made("a.html", page(plain(text="", end=""), plain(IDS[1])))
    assert messages(items) == ["article 1 has no text: it may have to be downloaded"]
    assert [document.anchor for document in documents(items)] == [IDS[1]]


ROWS = {
    "SE": "World",
    "HD": "Talks and tea",
    "BY": "Nour Sabbagh",
    "WC": "44 words",
    "PD": "27 January 2018",
    "SN": "Sample Times",
    "LA": "English",
    "LP": "It was late.",
    "TD": "They left.",
    "CO": "abc : ABC",
    "AN": f"Document {IDS[0]}",
}


def indexed(rows: dict[str, str]) -> str:
    cells = (
        f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>'
        for code, value in rows.items()
    )
    return f'<div class="article enArticle"><table>{"".join(cells)}</table><br/></div>'


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "It was late.\n\nThey left."),
        ({"LP": None}, "They left."),
        ({"TD": None}, "It was late."),
        ({"ART": "A photo."}, "It was late.\n\nThey left.\n\nA photo."),
        ({"TD": "<p>One.</p><p>IN</p><p>Two.</p>"}, "It was late.\n\nOne.\n\nIN\n\nTwo."),
    ],
)
def test_the_rows_of_codes_are_fields(made, change, text: str) -> None:
    rows = {code: value for code, value in (ROWS | change).items() if value}
    (only,) = made("a.html", page(indexed(rows)))
    assert (only.title, only.author, only.source, only.date, only.anchor) == (
        "Talks and tea",
        "Nour Sabbagh",
        "Sample Times",
        "27 January 2018",
        IDS[0],
    )
    assert only.text == text


def lines(sign: str, number: str = IDS[0], **rows: str) -> str:
    values = ROWS | {"AN": f"Document {number}"} | rows
    return "".join(f"{code}{sign}{value}\n" for code, value in values.items())


@pytest.mark.parametrize("sign", ["\t", "    ", "\n", "\xa0\t", "|", " "])
@pytest.mark.parametrize("between", ["\f", "\n", ""])
def test_the_codes_of_a_text_are_fields(made, sign: str, between: str) -> None:
    first, second = made("a.txt", lines(sign) + between + lines(sign, IDS[1], HD="Bread"))
    assert (first.title, first.author, first.source, first.date, first.lang, first.anchor) == (
        "Talks and tea",
        "Nour Sabbagh",
        "Sample Times",
        "27 January 2018",
        "English",
        IDS[0],
    )
    assert first.text == "It was late.\n\nThey left."
    assert (second.title, second.anchor) == ("Bread", IDS[1])


def test_the_first_codes_may_stand_before_their_text_and_others_above_it(made) -> None:
    content = (
        f"SE World\nHD Talks and tea\nPD\n27 January 2018\nLP\nHD it was.\nAN\nDocument {IDS[0]}"
    )
    (only,) = made("a.txt", content + "\n\nSearch Summary\nText\ttea\n")
    assert (only.title, only.date, only.text) == ("Talks and tea", "27 January 2018", "HD it was.")


@pytest.mark.parametrize(
    "line",
    ["IN THE NORTH", "BY noon it was over.", "RE this: no.", "CO is a gas.", "SN", "PD is a unit."],
)
def test_a_line_of_the_text_that_begins_like_a_code_is_text(made, line: str) -> None:
    first = documents(made("a.txt", lines("\t", TD=f"One.\n\n{line}\n\nTwo.")))[0]
    assert first.text.split("\n\n") == ["It was late.", "One.", line, "Two."]


def test_broken_lines_of_a_text_are_joined(made) -> None:
    (only,) = made("a.txt", lines("\t", TD="One\nline.\n\nTwo."))
    assert only.text.split("\n\n") == ["It was late.", "One line.", "Two."]


LISTED = f"""Factiva
News ............................ 2
Talks and tea ............................ 2
World
Talks and tea in the north
By Nour Sabbagh
1.285 Wörter
27 Januar 2018
15:32
Sample Times
SAMPT
Late
4
Deutsch
Copyright 2018 Sample Times Limited
It was late.
They left.
Sample Times Limited
Dokument {IDS[0]}
\f
Page 2 of 3 © 2018 Factiva, Inc. All rights reserved.
Bread
8 Wörter
28 Januar 2018
Sample Times
SAMPT
Deutsch
(c) 2018 Sample Times Limited
It was early.
Dokument {IDS[1]}
Suchzusammenfassung
Datum 1 Januar 2018
"""


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_a_text_without_codes_is_read_by_the_order_of_its_lines(made, gap: str) -> None:
    first, second = made("a.txt", LISTED.replace("\n", gap))
    assert (first.title, first.author, first.source, first.date, first.lang) == (
        "Talks and tea in the north",
        "By Nour Sabbagh",
        "Sample Times",
        "2018-01-27",
        "de",
    )
    assert first.text == "It was late.\n\nThey left."
    assert (second.title, second.text, second.anchor) == ("Bread", "It was early.", IDS[1])


XML = f"""<?xml version="1.0" encoding="utf-8"?><PPSResponse>
<ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0"><ppsarticleResultSet count="2">
<ppsarticle><article><accessionNo>{IDS[0]}</accessionNo><baseLanguage>EN</baseLanguage>
<byline>By Nour Sabbagh</byline><headline><paragraph><hlt>Talks</hlt> and
tea</paragraph></headline><leadParagraph><paragraph>It was late.</paragraph></leadParagraph>
<publicationDate><dateTime>2018-01-27T01:35:58Z</dateTime></publicationDate>
<sourceName>Sample Times</sourceName><tailParagraphs><paragraph>They <hlt>left</hlt>.</paragraph>
</tailParagraphs></article></ppsarticle>
<ppsarticle><article><accessionNo>{IDS[1]}</accessionNo><headline><paragraph>Bread</paragraph>
</headline><tailParagraphs><paragraph>It was early.</paragraph></tailParagraphs></article>
</ppsarticle></ppsarticleResultSet></ppsArticleResponse></PPSResponse>"""


def test_each_article_of_xml_is_read(made) -> None:
    first, second = made("a.xml", XML)
    assert (first.title, first.author, first.source, first.date, first.lang, first.anchor) == (
        "Talks and tea",
        "By Nour Sabbagh",
        "Sample Times",
        "2018-01-27T01:35:58Z",
        "EN",
        IDS[0],
    )
    assert first.text == "It was late.\n\nThey left."
    assert second.anchor == IDS[1]


def test_xml_that_is_cut_off_keeps_what_precedes(made) -> None:
    items = made("a.xml", XML[: XML.index("<headline><paragraph>Bread")])
    assert documents(items)[0].anchor == IDS[0]
    *_, problem = (item for item in items if isinstance(item, Problem))
    assert problem.message.startswith("is XML that ends early or is damaged: get it again")
    assert problem.lost


def test_entities_of_xml_are_not_expanded(made) -> None:
    content = XML.replace("<PPSResponse>", '<!DOCTYPE a [<!ENTITY a "aa">]><PPSResponse>&a;', 1)
    assert messages(made("a.xml", content)) == [
        "is XML that defines entities of its own, which is not read: mend it"
    ]
