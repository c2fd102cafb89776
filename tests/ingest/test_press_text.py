"""Texts that press databases export: an article in each of their documents."""

import pytest
from formats import documents, messages

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
    assert (first.title, first.author, first.source, first.lang, first.anchor) == (
        "Opposition to boycott Sochi",
        "Lena Fischer",
        "Sample Times (London)",
        "ENGLISH",
        "1",
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


LINE = "_" * 60
PROQUEST = f"""{LINE}

Report Information from ProQuest

January 30 2018 10:02

{LINE}

Document 1 of 2

Opposition to boycott Sochi

Author: Fischer, Lena

Publication info: Sample Times ; London (UK) [London (UK)]27 Jan 2018: A1.

Links: Linking Service

Full text: The opposition will boycott
the Sochi congress.

He said: it is so.

Subject: Boycotts; Negotiations

Title: Opposition to boycott Sochi

Publication title: Sample Times; London (UK)

Publication date: Jan 27, 2018

Language of publication: English

ProQuest document ID: 251439970

Document URL: https://example.org/251439970

Last updated: 2018-01-29

{LINE}

Document 2 of 2

Second article

Abstract: A summary.

ProQuest document ID: 251439971

{LINE}

Contact us at: http://www.example.org
"""


def test_each_document_of_proquest_is_an_article(made) -> None:
    first, second = documents(made("a.txt", PROQUEST))
    assert (first.title, first.author, first.source, first.date, first.lang) == (
        "Opposition to boycott Sochi",
        "Fischer, Lena",
        "Sample Times",
        "Jan 27, 2018",
        "English",
    )
    assert (first.anchor, first.url) == ("251439970", "https://example.org/251439970")
    assert (second.title, second.text) == ("Second article", "A summary.")


def test_the_text_ends_at_the_next_label(made) -> None:
    first, _ = documents(made("a.txt", PROQUEST))
    assert first.text == "The opposition will boycott the Sochi congress.\n\nHe said: it is so."


def test_a_summary_that_is_taken_for_the_text_is_told(made) -> None:
    assert messages(made("a.txt", PROQUEST)) == [
        "article 2 has no text, only a summary: that was taken"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The first 3 of 5 documents were lost.\n\nText.",
        f"{LINE}\n\nA line.\n",
        "Document 1\n\nText.",
    ],
)
def test_a_text_that_only_looks_so_is_one_article(made, text: str) -> None:
    assert [document.text for document in documents(made("a.txt", text))] == [text]


def test_a_report_that_is_cut_off_keeps_what_precedes(made) -> None:
    first, *_ = documents(made("a.txt", PROQUEST[: PROQUEST.index("Second article") + 5]))
    assert first.anchor == "251439970"


def test_a_report_without_articles_says_so(made) -> None:
    content = f"{LINE}\n\nReport Information from ProQuest\n\n{LINE}\n"
    assert messages(made("a.txt", content)) == [
        "is an export of ProQuest without articles: leave it out"
    ]
