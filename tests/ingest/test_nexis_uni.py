"""Exports of Nexis Uni and Lexis Advance: several articles in a document of Word or RTF."""

import pytest
from formats import documents, messages
from office import docx, odt, p

from syriasearch.ingest.readers import Problem

FIRST = (
    "Opposition to boycott Sochi",
    "Sample Times (London)",
    "January 27, 2018 Saturday 11:21 AM GMT",
    "",
    "\nCopyright 2018 Sample Media All Rights Reserved",
    "Section:\xa0NEWS; Pg. 3",
    "Length:\xa035 words",
    "Byline:\xa0Lena Fischer",
    "Highlight:\xa0The congress will be without them.",
    "Body",
    "",
    "The opposition will boycott the Sochi congress.",
    "Language: he spoke in Arabic.",
    "Graphic",
    "",
    "The hall. Photo: A. Lind",
    "Classification",
    "",
    "Language:\xa0ENGLISH",
    "\nSubject:\xa0BOYCOTTS (90%)",
    "\nLoad-Date:\xa0January 29, 2018",
    "",
    "\nEnd of Document",
)
SECOND = (
    "Second article",
    "Sample Wire",
    "28. Januar 2018 Sonntag",
    "Copyright 2018 Sample Wire",
    "Länge:\xa04 Wörter",
    "Body",
    "Another text on Sochi.",
    "Load-Date:\xa0January 29, 2018",
    "End of Document",
)
COVER = (
    "User Name: A READER",
    "Date and Time: Friday, March 2, 2018 16:51:31 GMT",
    "Job Number: 7",
    "Documents (2)",
    "1. Opposition to boycott Sochi",
    "Client/Matter: -None-",
    "Search Terms: Sochi",
    "Narrowed by: ",
    "Content Type: News 2018",
    "2. Second article",
    "Client/Matter: -None-",
)


def of_word(*lines: str) -> bytes:
    return docx(*map(p, lines), title="Opposition to boycott Sochi")


def of_libreoffice(*lines: str) -> bytes:
    return odt("".join(f"<text:p>{line.strip()}</text:p>" for line in lines))


def of_rtf(*lines: str) -> bytes:
    text = "\\par\n".join(line.replace("\n", "\\line ") for line in lines)
    text = "".join(each if each.isascii() else f"\\u{ord(each)}?" for each in text)
    head = r"{\rtf1\ansi{\header Page 2 of 7\par Opposition to boycott Sochi}"
    return f"{head}{text}}}".encode()


FILES = pytest.mark.parametrize(
    ("name", "write"), [("a.docx", of_word), ("a.rtf", of_rtf), ("a.odt", of_libreoffice)]
)


@FILES
@pytest.mark.parametrize("cover", [(), COVER])
def test_each_document_is_an_article(made, name: str, write, cover: tuple[str, ...]) -> None:
    first, second = made(name, write(*cover, *FIRST, "", *SECOND))
    assert (first.title, first.author, first.source, first.date, first.lang) == (
        "Opposition to boycott Sochi",
        "Lena Fischer",
        "Sample Times (London)",
        "January 27, 2018 Saturday 11:21 AM GMT",
        "ENGLISH",
    )
    assert first.text.split("\n\n") == [
        "The congress will be without them.",
        "The opposition will boycott the Sochi congress.",
        "Language: he spoke in Arabic.",
        "The hall. Photo: A. Lind",
    ]
    assert (second.title, second.source, second.date, second.text) == (
        "Second article",
        "Sample Wire",
        "2018-01-28",
        "Another text on Sochi.",
    )


def test_an_article_is_the_same_in_every_download(made) -> None:
    alone = made("a.docx", of_word(*FIRST))[0]
    first, second = made("b.docx", of_word(*COVER, *SECOND, *FIRST))
    assert alone.anchor == second.anchor != first.anchor
    assert not alone.positional


def test_an_article_that_is_there_twice_is_two(made) -> None:
    first, second = made("a.docx", of_word(*FIRST, *FIRST))
    assert second.anchor == f"{first.anchor}~2"


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        ("Body", "Text", "title", "Opposition to boycott Sochi"),
        ("Body", "Hauptteil", "author", "Lena Fischer"),
        ("Byline:\xa0", "Autor:\xa0", "author", "Lena Fischer"),
        ("Byline:\xa0", "Byline: ", "author", "Lena Fischer"),
        ("Byline:\xa0Lena Fischer", "Series:\xa0Talks", "author", None),
        ("Language:\xa0", "Sprache:\xa0", "lang", "ENGLISH"),
        ("Classification", "Klassifizierung", "lang", "ENGLISH"),
        ("Classification", "", "lang", "ENGLISH"),
        ("Sample Times (London)", "Sample Times\n(Wires)", "source", "Sample Times (Wires)"),
        ("Sochi", "Sochi - Correction Appended", "title", "Opposition to boycott Sochi"),
        ("January 27, 2018 Saturday 11:21 AM GMT", "Correction Appended", "date", None),
        ("January 27, 2018 Saturday 11:21 AM GMT", "27 janvier 2018 samedi", "date", "2018-01-27"),
        ("End of Document", "Ende des Dokuments", "title", "Opposition to boycott Sochi"),
        ("\nEnd of Document", "Update:\xa0none\nEnd of Document", "lang", "ENGLISH"),
        ("Sochi", "Sochi\nin 2018", "title", "Opposition to boycott Sochi in 2018"),
    ],
)
def test_nexis_writes_in_several_ways(
    made, old: str, new: str, field: str, value: str | None
) -> None:
    lines = [line.replace(old, new, 1) for line in FIRST]
    first, _ = made("a.docx", of_word(*lines, *SECOND))
    assert getattr(first, field) == value
    assert "The opposition will boycott" in first.text


def test_a_document_without_text_is_a_problem(made) -> None:
    items = made("a.docx", of_word(*FIRST[:10], "End of Document", *SECOND))
    assert messages(items) == ["article 1 has no text: it may have to be downloaded"]
    assert len(documents(items)) == 1


def test_a_document_that_nexis_did_not_deliver_is_a_problem(made) -> None:
    sorry = (
        "We are sorry but there is an error in this document and it is not possible to display it."
    )
    items = made("a.docx", of_word(sorry, "End of Document", *SECOND))
    assert messages(items) == ["article 1 was not delivered by Nexis: it may have to be downloaded"]


def test_a_download_that_is_cut_off_keeps_what_precedes(made) -> None:
    items = made("a.rtf", of_rtf(*FIRST, *SECOND[:7])[:-1])
    _, second = documents(items)
    assert second.text == "Another text on Sochi."
    assert [item.message for item in items if isinstance(item, Problem)] == [
        "ends within article 2: download it again",
        "ends within a group, so it was cut off: what precedes was read",
    ]


def test_a_text_that_mentions_the_end_of_a_document_is_one_article(made) -> None:
    text = "It was the end of document number 3.\nBody"
    (document,) = made("a.docx", docx(p(text)))
    assert "end of document number 3" in document.text


FACTIVA = (
    "HD\tConvoy arrives",
    "WC\t12 words",
    "PD\t27 January 2018",
    "SN\tSample Wire",
    "LP\tA convoy arrived.",
    "TD\tDrivers slept in their cabins.",
    "AN\tDocument SAMPLE0020180127ee1r0001x",
)
CLASSIC = (
    "1 of 1 DOCUMENTS",
    "Sample Times",
    "January 27, 2018 Saturday",
    "Convoy arrives",
    "BYLINE: Mara Lind",
    "LENGTH: 12 words",
    "A convoy arrived.",
    "LOAD-DATE: January 29, 2018",
)


LABELLED = (
    "1 of 1 DOCUMENTS",
    "Copyright 2018 Sample Media",
    "Provided by Sample Clippings",
    "All Rights Reserved",
    "Sample Times",
    "January 27, 2018 Saturday",
    "Final Edition",
    "SECTION: NEWS; Pg. 3",
    "HEADLINE: Convoy",
    "arrives",
    "BYLINE: Mara Lind",
    "BODY:",
    "A convoy arrived.",
    "LANGUAGE: ENGLISH",
)


@FILES
@pytest.mark.parametrize("lines", [FACTIVA, CLASSIC, LABELLED])
def test_exports_of_other_databases_are_known_by_their_text(
    made, name: str, write, lines: tuple[str, ...]
) -> None:
    lines = tuple(line.replace("\t", "<text:tab/>") for line in lines) if name == "a.odt" else lines
    (document,) = documents(made(name, write(*lines)))
    assert document.title == "Convoy arrives"
    assert document.source in ("Sample Wire", "Sample Times")
    assert document.text.startswith("A convoy arrived.")


def test_a_table_of_factiva_is_read_by_its_codes(made) -> None:
    rows = "".join(
        r"\trowd\pard\intbl " + line.replace("\t", r"\cell ") + r"\cell\row" for line in FACTIVA
    )
    (document,) = documents(made("a.rtf", r"{\rtf1\ansi" + rows + "}"))
    assert (document.title, document.source, document.anchor) == (
        "Convoy arrives",
        "Sample Wire",
        "SAMPLE0020180127ee1r0001x",
    )
    assert document.text == "A convoy arrived.\n\nDrivers slept in their cabins."
