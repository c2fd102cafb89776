"""Reports of ProQuest: an article in each document."""

import pytest
from formats import documents, messages

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


def test_a_report_that_is_cut_off_keeps_what_precedes(made) -> None:
    first, *_ = documents(made("a.txt", PROQUEST[: PROQUEST.index("Second article") + 5]))
    assert first.anchor == "251439970"


def test_a_report_without_articles_says_so(made) -> None:
    content = f"{LINE}\n\nReport Information from ProQuest\n\n{LINE}\n"
    assert messages(made("a.txt", content)) == [
        "is an export of ProQuest without articles: leave it out"
    ]


def test_a_paragraph_of_the_text_may_begin_like_a_field(made) -> None:
    content = PROQUEST.replace("He said: it is so.", "Source: the ministry.\n\nTitle: none.\n\nSo.")
    first, _ = documents(made("a.txt", content))
    assert first.text.split("\n\n")[1:] == ["Source: the ministry.", "Title: none.", "So."]
    assert first.title == "Opposition to boycott Sochi"


LABELS = {
    "Author": "Auteur",
    "Full text": "Texte intégral",
    "Subject": "Sujet",
    "Title": "Titre",
    "Publication title": "Titre de la publication",
    "Publication date": "Date de publication",
    "Language of publication": "Langue de publication",
    "ProQuest document ID": "ID du document ProQuest",
    "Last updated": "Dernière mise à jour",
}
ARABIC = {
    "Author": "المؤلف",
    "Full text": "النص الكامل",
    "Subject": "الموضوع",
    "Title": "العنوان",
    "Publication title": "عنوان المطبوعة",
    "Publication date": "تاريخ النشر",
    "Language of publication": "لغة النشر",
}
TURKISH = {
    "Author": "Yazar adı",
    "Full text": "Tam metin",
    "Subject": "Konu",
    "Title": "Başlık",
    "Publication title": "Yayın adı",
    "Publication date": "Yayınlanma tarihi",
    "Language of publication": "Yayın Dili",
}


@pytest.mark.parametrize("names", [LABELS, ARABIC, TURKISH], ids=["fr", "ar", "tr"])
def test_labels_are_in_the_language_of_the_user(made, names: dict[str, str]) -> None:
    content = PROQUEST.replace("Document 1 of 2", "Document 1 de 2")
    for label, name in names.items():
        content = content.replace(f"\n{label}: ", f"\n{name}: ")
    first, _ = documents(made("a.txt", content))
    assert (first.title, first.author, first.source, first.lang) == (
        "Opposition to boycott Sochi",
        "Fischer, Lena",
        "Sample Times",
        "English",
    )
    assert len(first.text.split("\n\n")) == 2


@pytest.mark.parametrize(
    ("written", "day"),
    [("Jan 27, 2 018", "Jan 27, 2018"), ("Jan 2 7, 2018", "Jan 27, 2018"), ("27 janv. 2018", None)],
)
def test_a_number_that_a_mail_has_split_is_joined(made, written: str, day: str | None) -> None:
    first, _ = documents(made("a.txt", PROQUEST.replace("Jan 27, 2018", written)))
    assert first.date == (day or written)


def test_the_day_of_the_last_update_is_no_date(made) -> None:
    content = PROQUEST.replace("Publication date: Jan 27, 2018\n\n", "")
    first, _ = documents(made("a.txt", content))
    assert first.date == "27 Jan 2018"
    first, _ = documents(made("a.txt", content.replace("27 Jan 2018: A1", "A1")))
    assert first.date is None


def part(number: int, text: str = "<p>It was late.</p> <p>So they left.</p>") -> str:
    return f"""<div style="margin-bottom:20px;border-bottom:2px solid #ccc">
<a name="DocID_MSTAR_{number}"></a><p></p>
<p style="font-weight:bold;">Talks &amp; tea</p>
<p><strong>Author:  </strong>Fischer, Lena</p>
<p><a href="https://search.proquest.example/docview/{number}">ProQuest document link</a></p>
<p><strong>Abstract:  </strong></p><p>They left.</p>
<p><strong>Full text: </strong><Text WordCount="6"><html><head><title></title></head><body>{text}
</body></html></Text></p>
<p><strong>Publication title: </strong>Sample Times; London (UK)</p>
<p><strong>Publication date: </strong>Mar 9, 2018</p>
<p><strong>Language of publication: </strong>English</p>
<p><strong>Last updated: </strong>2018-03-11</p></div>"""


def test_each_part_of_a_page_is_an_article(made) -> None:
    first, second = documents(
        made("a.html", f"<html><body>{part(200001)}{part(200002)}</body></html>")
    )
    assert (first.title, first.author, first.source, first.date) == (
        "Talks & tea",
        "Fischer, Lena",
        "Sample Times",
        "Mar 9, 2018",
    )
    assert first.text == "It was late.\n\nSo they left."
    assert (first.anchor, second.anchor) == ("200001", "200002")


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("<p><strong>Subject: </strong>tea</p>", ["Subject: tea"]),
        ("<div class='document_view_image'><a>Enlarge this image.</a></div><p>One.</p>", ["One."]),
        ("<p>One.</p></body></html><p>Two.</p>", ["One.", "Two."]),
        ("One.<br/>Two.", ["One. Two."]),
    ],
)
def test_the_text_of_a_part_is_kept(made, text: str, paragraphs: list[str]) -> None:
    (only,) = documents(made("a.html", part(200001, text) + "ProQuest"))
    assert only.text.split("\n\n") == paragraphs


def test_a_part_that_is_damaged_does_not_swallow_the_next(made) -> None:
    damaged = part(200001).replace("<html><head>", "html&gt;<head>").replace("</body>", "<div>")
    first, second = documents(made("a.html", f"<html>{damaged}{part(200002)}</html>"))
    assert first.text == second.text == "It was late.\n\nSo they left."


def test_a_report_that_is_sent_by_mail_is_read_by_its_ids(made) -> None:
    head = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    found = made("a.eml", f"{head}<html><body>{part(200001)}{part(200002)}ProQuest</body></html>\n")
    assert [document.anchor for document in documents(found)] == ["200001", "200002"]
    box = "".join(f"From a Mon Mar 12\n{head}{part(each)}ProQuest\n\n" for each in (200001, 200002))
    found = made("a.mbox", box)
    assert [document.anchor for document in documents(found)] == ["1/200001", "2/200002"]


BARE = """<html><body><h1>Report Information from ProQuest</h1>{}</body></html>"""


def bare(number: int, title: str, bold: str = "strong") -> str:
    return f"""<p>{title}</p>
<p><{bold}>Author: </{bold}>Fischer, Lena</p>
<p><{bold}>Full text: </{bold}><text wordcount="6"><p>It was late.</p><p>So they left.</p></text>
<p><{bold}>Subject: </{bold}>Tea</p>
<p><{bold}>Publication title: </{bold}>Sample Times; London (UK)</p>
<p><{bold}>Publication date: </{bold}>Mar 9, 2018</p>
<p><{bold}>ProQuest document ID: </{bold}>{number}</p>
<p><{bold}>Last updated: </{bold}>2018-03-11</p>"""


@pytest.mark.parametrize("bold", ["strong", "b"])
@pytest.mark.parametrize("between", ["", "<hr>", "<h2>Document 2 of 2</h2>"])
def test_a_page_without_anchors_is_divided_by_its_fields(made, bold: str, between: str) -> None:
    content = bare(200001, "Talks", bold) + between + bare(200002, "Bread", bold)
    first, second = documents(made("a.html", BARE.format(content)))
    assert (first.title, first.source, first.date) == ("Talks", "Sample Times", "Mar 9, 2018")
    assert (second.title, second.text) == ("Bread", "It was late.\n\nSo they left.")
    assert (first.anchor, second.anchor) == ("200001", "200002")


def test_a_report_may_lack_its_first_lines(made) -> None:
    rule = "_" * 60
    part = (
        "Convoy {0}\n\nhttps://www.proquest.com/docview/25143997{0}\n\n"
        "Abstract: None available.\n\nFull text: Report {0}.\nIt arrived.\n\n"
        "Title: Convoy {0}\n\nPublication title: Sample Wire\n\n"
        "Publication date: Mar 9, 2018\n\nProQuest document ID: 25143997{0}\n"
    )
    articles = made("a", "".join(f"{rule}\n\n{part.format(number)}\n" for number in (1, 2)))
    assert [each.title for each in articles] == ["Convoy 1", "Convoy 2"]
