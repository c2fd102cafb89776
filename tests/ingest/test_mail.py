"""Mails and mailboxes, and web pages that a browser saved as one file."""

import gzip
from email.message import EmailMessage

import pytest
from formats import PAGE, documents, messages

from syriasearch.ingest.readers import mail
from syriasearch.ingest.readers.base import LIMIT


def message(text: str = "The convoy arrived.", *, html: str = "", **headers: str) -> str:
    mail = EmailMessage()
    mail["From"] = "Sample Wire <news@example.org>"
    mail["Subject"] = "Convoy reaches Dara"
    mail["Date"] = "Sat, 27 Jan 2018 23:30:00 +0300"
    mail["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_string()


def test_a_mail_is_an_article_of_who_sent_it(made) -> None:
    (article,) = made("a.eml", message())
    assert (article.title, article.source, article.date) == (
        "Convoy reaches Dara",
        "Sample Wire",
        "2018-01-27",
    )
    assert article.text.strip() == "The convoy arrived."


@pytest.mark.parametrize(
    ("header", "field", "value"),
    [
        ({"From": "news@example.org"}, "source", "news@example.org"),
        ({"From": "=?utf-8?b?2YjZg9in2YTYqQ==?= <a@b.org>"}, "source", "وكالة"),
        ({"Subject": "=?utf-8?q?Caf=C3=A9_talks?="}, "title", "Café talks"),
        ({"Subject": ""}, "title", None),
        ({"Date": "27 Jan 2018 23:30:00 -0500"}, "date", "2018-01-27"),
        ({"Date": "yesterday"}, "date", "yesterday"),
        ({"Date": "Sat, 27 Jan 2018 23:30:00 +9999"}, "date", "Sat, 27 Jan 2018 23:30:00 +9999"),
    ],
)
def test_headers_are_decoded(made, header: dict[str, str], field: str, value: object) -> None:
    raw = message()
    for name, text in header.items():
        lines = [line for line in raw.split("\n") if not line.startswith(f"{name}: ")]
        raw = "\n".join([f"{name}: {text}", *lines])
    assert getattr(made("a.eml", raw)[0], field) == value


def test_of_two_forms_of_a_mail_the_html_is_read(made) -> None:
    (article,) = made("a.eml", message("View in browser", html="<p>The convoy arrived.</p>"))
    assert (article.text.strip(), article.markup) == ("<p>The convoy arrived.</p>", "html")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6", "x-unknown"])
def test_a_text_is_decoded_by_its_charset(made, charset: str) -> None:
    body = "وصلت القافلة إلى المدينة يوم السبت"
    header = f"MIME-Version: 1.0\nSubject: a\nContent-Type: text/plain; charset={charset}\n\n"
    encoded = body.encode("utf-8" if charset == "x-unknown" else charset)
    assert made("a.eml", header.encode() + encoded)[-1].text == body


@pytest.mark.parametrize("name", ["a.eml", "a", "a.txt", "a.eml.gz"])
def test_a_mail_is_known_by_its_header(made, name: str) -> None:
    raw = message().encode()
    (article,) = made(name, gzip.compress(raw) if name.endswith("gz") else raw)
    assert article.title == "Convoy reaches Dara"


@pytest.mark.parametrize(
    "head",
    [
        b"From Aleppo: the convoy.\n\nText.",
        b"From: Aleppo\nTo: Damascus\n\nA poem.",
        b"Date: 2018\nTitle: a\n\nReceived: b",
        b"---\nMessage-ID: a\n---\n",
        b"",
    ],
)
def test_a_text_that_begins_like_a_mail_is_none(head: bytes) -> None:
    assert not mail.claims(head)


def mailbox(*mails: str) -> str:
    envelope = "From news@example.org Sat Jan 27 20:30:00 2018\n"
    return "".join(f"{envelope}{each}\n" for each in mails)


def test_each_message_of_a_mailbox_is_an_article(made) -> None:
    content = mailbox(message(), message(Message_ID="<2@example.org>", Subject="Second"))
    found = made("a.mbox", content)
    assert [(article.anchor, article.title) for article in found] == [
        ("1@example.org", "Convoy reaches Dara"),
        ("2@example.org", "Second"),
    ]


def test_a_line_that_begins_with_from_is_no_new_message(made) -> None:
    text = "The convoy left.\nFrom there it went on.\n\n>From Dara it returned."
    (article,) = made("a.mbox", mailbox(message(text)))
    assert article.text.strip().endswith("From Dara it returned.")


def test_a_message_that_is_too_long_is_a_problem_and_the_next_is_read(made, monkeypatch) -> None:
    monkeypatch.setattr(mail, "_LONGEST", 2000)
    content = mailbox(message("A line.\n" * 500), message(Message_ID="<2@example.org>"))
    items = made("a.mbox", content)
    assert messages(items) == [f"message 1 has more than {LIMIT}: split it"]
    assert [article.anchor for article in documents(items)] == ["2@example.org"]


@pytest.mark.parametrize("raw", [message(" "), message().partition("\n\n")[0] + "\n"])
def test_a_mail_without_text_is_a_problem(made, raw: str) -> None:
    assert messages(made("a.eml", raw)) == ["has no text: leave it out"]


def test_parts_within_parts_without_end_are_a_problem(made) -> None:
    parts = "".join(
        f"--{each}\nContent-Type: multipart/mixed; boundary={each + 1}\n\n" for each in range(3000)
    )
    header = "MIME-Version: 1.0\nSubject: a\nContent-Type: multipart/mixed; boundary=0\n\n"
    assert messages(made("a.eml", header + parts))


def test_a_saved_page_is_read_as_a_page(made) -> None:
    page = EmailMessage()
    page["From"] = "<Saved by Blink>"
    page["Snapshot-Content-Location"] = "https://example.org/a"
    page["Subject"] = "Convoy"
    page.set_content(PAGE, subtype="html", cte="quoted-printable")
    page.make_related()
    (article,) = made("a.mhtml", page.as_bytes())
    assert (article.title, article.url) == ("Convoy reaches Dara", "https://example.org/a")


def saved_page(**headers: str) -> bytes:
    mail = EmailMessage()
    mail.set_content(PAGE, subtype="html", cte="quoted-printable")
    for name, value in {"From": "<Saved by Blink>", "Subject": "Convoy", **headers}.items():
        mail[name.replace("_", "-")] = value
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ({"Snapshot_Content_Location": "https://example.org/1"}, "https://example.org/1"),
        ({"Content_Location": "https://example.org/1"}, "https://example.org/1"),
        (
            {"Snapshot_Content_Location": "https://web.archive.org/web/2018/https://example.org/1"},
            "https://example.org/1",
        ),
        ({"Snapshot_Content_Location": "file:///C:/1.html"}, None),
        ({"From": "<Saved by Windows Internet Explorer 8>"}, None),
    ],
)
def test_a_saved_page_is_a_page_with_its_address_or_without(
    made, headers: dict[str, str], url: str | None
) -> None:
    (article,) = made("a.mht", saved_page(**headers))
    assert (article.title, article.source, article.url) == (
        "Convoy reaches Dara",
        "Sample Wire",
        url,
    )
