"""Exports of Nexis: an article in each document."""

import pytest
from formats import messages

from syriasearch.ingest.readers import Document

NEXIS = """


Download Request: Selected Items: 1-2
Time Of Request: Friday, March 2, 2018  16:51:31

                               1 of 2 DOCUMENTS



                            Sample Times (London)

                            January 27, 2018 Saturday 11:21 AM GMT
                                   Edition 1;
                                    Scotland

Opposition to boycott
Sochi

BYLINE: Lena Fischer

SECTION: NEWS; Pg. 3

LENGTH: 35 words

The opposition will boycott the Sochi congress, it
said on Saturday in 2018.

NOTE: the envoy regretted it.

LOAD-DATE: January 29, 2018

LANGUAGE: ENGLISH


                       Copyright 2018 Sample Media
                              All Rights Reserved

                               2 of 2 DOCUMENTS

                                  Sample Wire

                            28. Januar 2018

Second article

LENGTH: 4 words

HIGHLIGHT: A summary.

Another text on Sochi.

LANGUAGE: GERMAN; Deutsch
"""


def test_each_document_of_nexis_is_an_article(made) -> None:
    first, second = made("a.txt", NEXIS)
    assert (first.title, first.author, first.source, first.lang) == (
        "Opposition to boycott Sochi",
        "Lena Fischer",
        "Sample Times (London)",
        "ENGLISH",
    )
    assert first.date == "January 27, 2018 Saturday 11:21 AM GMT"
    assert (second.title, second.source) == ("Second article", "Sample Wire")


def test_the_lines_of_a_paragraph_are_joined(made) -> None:
    first, second = made("a.txt", NEXIS)
    assert first.text.split("\n\n") == [
        "The opposition will boycott the Sochi congress, it said on Saturday in 2018.",
        "NOTE: the envoy regretted it.",
    ]
    assert second.text.split("\n\n") == ["A summary.", "Another text on Sochi."]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r\n"),
        ("1 of 2 DOCUMENTS", "1 of 2 DOCUMENT"),
        ("1 of 2 DOCUMENTS", "Dokument 1 von 2"),
        ("1 of 2 DOCUMENTS", "Document 1 de 2"),
        ("BYLINE:", "AUTOR:"),
        ("LANGUAGE: ENGLISH", "SPRACHE: ENGLISH"),
        ("LENGTH: 35 words", "LÄNGE: 35 Wörter"),
        ("\n\n\nDownload", "\ufeffDownload"),
    ],
)
def test_nexis_writes_in_several_ways(made, old: str, new: str) -> None:
    first, _ = made("a.txt", NEXIS.replace(old, new))
    assert (first.title, first.author, first.lang) == (
        "Opposition to boycott Sochi",
        "Lena Fischer",
        "ENGLISH",
    )


def test_a_document_without_text_is_a_problem(made) -> None:
    items = made("a.txt", NEXIS.replace("Another text on Sochi.", ""))
    assert messages(items) == ["article 2 has no text: it may have to be downloaded"]


@pytest.mark.parametrize(
    ("old", "new", "source"),
    [
        ("Sample Times (London)", "Copyright 2018 Sample Media\nSample Times", "Sample Times"),
    ],
)
def test_a_copyright_above_the_date_is_no_source(made, old: str, new: str, source: str) -> None:
    first, _ = made("a.txt", NEXIS.replace(old, new))
    assert (first.source, first.date) == (source, "January 27, 2018 Saturday 11:21 AM GMT")


def test_a_title_above_the_date_is_the_title(made) -> None:
    content = NEXIS.replace("Opposition to boycott\nSochi\n\n", "").replace(
        "                            January 27", "A title\n\nJanuary 27"
    )
    first, _ = made("a.txt", content)
    assert (first.title, first.source) == ("A title", "Sample Times (London)")


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("BEIRUT: A convoy left.", ["BEIRUT: A convoy left."]),
        ("A convoy left.\n\nSUBJECT: it was late.\n\nIt came.", 3),
        ("A convoy left.\n\nCopyright 2013 was a good year.\n\nIt came.", 3),
        ("A convoy left.\n\nTRUCKS: nine\n\nCARS: two", 3),
    ],
)
def test_a_paragraph_that_begins_like_a_field_is_text(made, text: str, paragraphs) -> None:
    start = NEXIS.index("The opposition will")
    content = NEXIS[:start] + text + NEXIS[NEXIS.index("\n\nLOAD-DATE") :]
    found = made("a.txt", content)[0].text.split("\n\n")
    assert found == paragraphs if isinstance(paragraphs, list) else len(found) == paragraphs


def test_a_document_without_fields_has_a_title_and_a_text(made) -> None:
    content = "1 of 1 DOCUMENTS\n\nSample Wire\n\nMarch 1, 2018\n\nA title\n\nA text.\n\nMore."
    (only,) = made("a.txt", content)
    assert (only.title, only.text) == ("A title", "A text.\n\nMore.")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("27. Februar 2012 Montag 9:50 PM GMT+1", "2012-02-27"),
        ("lundi 1er mars 2010", "2010-03-01"),
        ("5 de mayo de 2018 sábado", "2018-05-05"),
        ("12 Maart 2015 donderdag", "2015-03-12"),
        ("3 августа 2017", "2017-08-03"),
    ],
)
def test_dates_are_in_the_language_of_the_article(made, written: str, day: str) -> None:
    content = NEXIS.replace("January 27, 2018 Saturday 11:21 AM GMT", written)
    assert made("a.txt", content)[0].date == day


def test_the_date_of_the_request_and_of_loading_are_no_date(made) -> None:
    content = NEXIS.replace("January 27, 2018 Saturday 11:21 AM GMT", "Winter")
    assert made("a.txt", content)[0].date is None


def field(text: str, style: str = "c6") -> str:
    return f'<BR><DIV CLASS="c5"><P CLASS="{style}">{text}</P>\n</DIV>\n'


def label(name: str, value: str) -> str:
    return field(f'<SPAN CLASS="c8">{name}: </SPAN><SPAN CLASS="c2">{value}</SPAN>')


def page(*articles: str) -> str:
    head = "<HTML><HEAD><STYLE><!--\n.c0 {}\n--></STYLE></HEAD>\n<BODY>Download Request<BR>"
    parts = (
        f'<A NAME="DOC_ID_{number}_0"></A><!-- Hide XML section from browser\n<DOC NUMBER=1>\n'
        f"<DOCFULL> -->\n{field(f'{number} of {len(articles)} DOCUMENTS')}{article}"
        "<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->"
        for number, article in enumerate(articles, start=1)
    )
    return head + "".join(parts) + "</BODY></HTML>"


ARTICLE = (
    field("<IMG SRC=a.gif><BR><SPAN>Sample Wire</SPAN>")
    + field("<SPAN>March 2</SPAN><SPAN>, 2018 Friday</SPAN><SPAN>&nbsp;<BR>City Edition</SPAN>")
    + field("<SPAN>Talks &amp; tea</SPAN>")
    + label("BYLINE", "By Nour Sabbagh")
    + label("LENGTH", "12 words")
    + '<BR><DIV CLASS="c5"><P CLASS="c9"><SPAN>It </SPAN><SPAN>was\nlate.</SPAN></P>\n'
    '<P CLASS="c9"></P><P CLASS="c9">NOTE: it is so.</P></DIV>'
    + label("LOAD-DATE", "March 4, 2018")
    + label("LANGUAGE", "ENGLISH")
    + field("Copyright 2018 Sample Wire<BR>All Rights Reserved")
)


def test_each_document_of_a_page_is_an_article(made) -> None:
    first, second = made("a.html", page(ARTICLE, ARTICLE.replace("tea", "bread")))
    assert (first.title, first.author, first.source, first.date, first.lang) == (
        "Talks & tea",
        "By Nour Sabbagh",
        "Sample Wire",
        "March 2, 2018 Friday",
        "ENGLISH",
    )
    assert first.text == "It was late.\n\nNOTE: it is so."
    assert second.title == "Talks & bread"


def test_the_cells_of_a_row_are_one_paragraph(made) -> None:
    table = "<TABLE><TR><TD><P>Homs</P></TD><TD><P>3</P></TD></TR></TABLE><LI>x"
    (only,) = made("a.html", page(ARTICLE.replace('<P CLASS="c9"></P>', table)))
    assert only.text.split("\n\n") == ["It was late.", "Homs · 3", "x", "NOTE: it is so."]


def test_a_document_that_nexis_could_not_show_is_a_problem_and_the_others_come(made) -> None:
    error = field("We are sorry but there is an error in this document.")
    first, problem, last = made("a.html", page(ARTICLE, error, ARTICLE))
    assert len({first.anchor, problem.anchor, last.anchor}) == 3
    assert "article 2 has no text" in problem.message


def test_a_page_without_divisions_or_anchors_is_read(made) -> None:
    content = """<html><head><META TOPIC="null" DOCUMENTS="2"></head><body>
<P CLASS="c1">1 of 2 DOCUMENTS</P><P CLASS="c1">Sample Wire</P><P CLASS="c1">March 2, 2018</P>
<P><SPAN CLASS="c6">Talks</SPAN></P><P><SPAN CLASS="c7">BYLINE: </SPAN>Nour Sabbagh</P>
<P><SPAN CLASS="c7">LENGTH: </SPAN>4 words</P><P CLASS="c8">It was late.</P>
<P><SPAN CLASS="c7">LANGUAGE: </SPAN>ENGLISH</P><P>Copyright 2018 Sample Wire</P>
<P CLASS="c1">2 of 2 DOCUMENTS</P><P>Sample Wire</P><P>March 3, 2018</P><P>Bread</P>
<P>LENGTH: 4 words</P><P CLASS="c8">It was early.</P></body></html>"""
    first, second = made("a.html", content)
    assert (first.title, first.author, first.lang, first.text) == (
        "Talks",
        "Nour Sabbagh",
        "ENGLISH",
        "It was late.",
    )
    assert (second.title, second.date, second.text) == ("Bread", "March 3, 2018", "It was early.")


def test_a_text_that_numbers_documents_is_no_download(made) -> None:
    text = "Papers found\n\nA list says:\n\n1 of 2 DOCUMENTS\n\nwere seen by a reporter.\n"
    article = next(each for each in made("a.txt", text) if isinstance(each, Document))
    assert article.text == text


def test_a_document_is_known_by_its_title_source_and_date(made) -> None:
    _, second = made("a.txt", NEXIS)
    start = NEXIS.index("2 of 2")
    (alone,) = made("b.txt", NEXIS[start:].replace("2 of 2", "1 of 1"))
    assert alone.anchor == second.anchor
