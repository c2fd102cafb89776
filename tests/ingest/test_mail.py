"""Mails and mailboxes, and web pages that a browser saved as one file."""

import gzip
from email.message import EmailMessage

import pytest
from conftest import CORPORA
from formats import PAGE, documents, messages

from syriasearch import Archive
from syriasearch.ingest.readers import SourceFile, mail
from syriasearch.ingest.readers.base import LIMIT
from syriasearch.ingest.readers.detect import read_items


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


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("From", "(" * 2_000 + " a@b.org"),
        ("From", ":" * 2_000 + " a@b.org"),
        ("From", "a@b.org" + "(" * 2_000),
        ("Content-Type", f'text/plain; charset="{";" * 200_000}"'),
        ("Content-Type", "text/plain" + ";a=b" * 50_000),
    ],
)
def test_a_header_of_one_sign_is_no_reason_to_lose_a_mail(tmp_path, name: str, header: str) -> None:
    raw = "\n".join(line for line in message().split("\n") if not line.startswith(f"{name}: "))
    path = tmp_path / "a.eml"
    path.write_text(f"{name}: {header}\n{raw}")
    (article,) = mail.read(SourceFile(path, path.name))
    assert article.text.strip() == "The convoy arrived."


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
        b"To: the editor\nFrom: a reader\nSubject: Idlib\nDate: 27 January 2018\n\nSir,",
        b"Received: a letter from Homs\nFrom: our correspondent\n\nIt says.",
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
    monkeypatch.setattr(mail, "MAX_ARTICLE_BYTES", 2000)
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


def test_a_saved_page_that_was_cut_off_is_read_and_told(tmp_path) -> None:
    whole = (CORPORA / "formats" / "mhtml" / "road.mhtml").read_bytes()
    (tmp_path / "a.mhtml").write_bytes(whole[: len(whole) // 2])
    note, article = read_items(SourceFile(tmp_path / "a.mhtml", "a.mhtml"))
    assert note.message == "ends within its last part: it may have been cut off"
    assert not note.lost
    assert article.url == "https://wire.example/2018/01/27/road"


@pytest.mark.parametrize("name", ["a.emlx", "a", "a.txt"])
def test_a_message_that_apple_mail_keeps_has_its_length_before_it(made, name: str) -> None:
    raw = message().encode()
    (article,) = made(name, f"{len(raw)}      \n".encode() + raw + b"<?xml version='1.0'?><plist/>")
    assert article.title == "Convoy reaches Dara"
    assert article.text.strip() == "The convoy arrived."


def test_a_header_without_marks_of_a_mail_server_is_known_by_who_what_and_when(made) -> None:
    raw = "From: Sample Wire <a@example.org>\nDate: Sat, 27 Jan 2018 23:30:00\nSubject: Convoy\n"
    (article,) = made("a.txt", f"{raw}\nThe convoy arrived.")
    assert article.title == "Convoy"


def multipart(kind: str, *parts: str) -> str:
    header = f"MIME-Version: 1.0\nSubject: a\nContent-Type: multipart/{kind}; boundary=x\n\n"
    return header + "".join(f"--x\n{part}\n" for part in parts) + "--x--\n"


PLAIN = "Content-Type: text/plain\n\n{}"
HTML = "Content-Type: text/html\n\n<p>{}</p>"
ATTACHED = 'Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\n{}'
FORWARDED = "Content-Type: message/rfc822\n\nMIME-Version: 1.0\nSubject: b\n\n{}"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (multipart("alternative", PLAIN.format("One"), HTML.format("Two")), "<p>Two</p>"),
        (multipart("alternative", HTML.format("Two"), PLAIN.format("One")), "<p>Two</p>"),
        (multipart("mixed", PLAIN.format("One"), PLAIN.format("Two")), "One\n\nTwo"),
        (multipart("mixed", PLAIN.format("A < B"), HTML.format("Two")),
         "<div>A &lt; B</div>\n<p>Two</p>"),
        (multipart("mixed", PLAIN.format("One"), ATTACHED.format("Two")), "One"),
        (multipart("related", HTML.format("One"), HTML.format("Two")), "<p>One</p>"),
        (multipart("mixed", PLAIN.format("One"), FORWARDED.format("Two")), "One"),
        (multipart("mixed", FORWARDED.format("Two")), "Two"),
    ],
)  # fmt: skip
def test_the_text_of_a_mail_is_what_a_program_shows(made, raw: str, text: str) -> None:
    assert made("a.eml", raw)[0].text.strip() == text


@pytest.mark.parametrize(
    "style",
    ["display:none", "DISPLAY: none !important;color:red", "mso-hide:all", "max-height:0"],
)
def test_what_a_newsletter_hides_is_left_out(made, style: str) -> None:
    html = f'<div style="{style}">Preview of <b>today</b></div><p>The convoy arrived.</p>'
    (article,) = made("a.eml", message("View in browser", html=html))
    assert "Preview" not in article.text
    assert "The convoy arrived." in article.text


def test_lines_of_a_newsletter_are_left_out(tmp_path, archive: Archive) -> None:
    lines = (
        "View this email in your browser", "The convoy arrived in Dara on Saturday.",
        "Having trouble reading this newsletter? View it online.",
        "You are receiving this email because you signed up at our site.",
        "Unsubscribe from this list", "Update your preferences", "إلغاء الاشتراك",
    )  # fmt: skip
    html = "".join(f"<p>{line}</p>" for line in lines)
    (tmp_path / "a.eml").write_text(message("x", html=html))
    archive.ingest(tmp_path / "a.eml")
    (hit,) = archive.search("convoy").hits
    paragraphs = archive.article(hit.article.slug).paragraphs
    assert [each.text for each in paragraphs[1:]] == ["The convoy arrived in Dara on Saturday."]


@pytest.mark.parametrize(
    "sender", ["<Saved by Blink>", '"Saved by Windows Internet Explorer 8"', "<Saved by UnMHT>"]
)
def test_a_page_has_the_address_of_its_part_where_the_message_has_none(made, sender: str) -> None:
    page = PAGE.replace("<title>Convoy reaches Dara | Sample Wire</title>", "")
    raw = (
        f"From: {sender}\nSubject: Convoy\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n'
        "--x\nContent-Type: text/html; charset=utf-8\nContent-Location: https://example.org/a\n\n"
        f"{page}\n--x\nContent-Type: image/gif\nContent-Location: https://example.org/a.gif\n\nGIF\n"
        "--x--\n"
    )
    (article,) = made("a.mht", raw)
    assert article.url == "https://example.org/a"


RESULT = """<tr itemscope="" itemtype="http://schema.org/Article"><td><span>
<a href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://example.org/{id}%3Fa&amp;ct=ga"
 itemprop="url"><span itemprop="name">Convoy <b>reaches</b> Dara {id}</span></a></span>
<div><div itemprop="publisher"><a><span itemprop="name">Sample Wire</span></a></div>
<div itemprop="description">The <b>convoy</b> arrived after days&nbsp;...</div></div>
<a href="https://www.google.com/alerts/share?ru=https://example.org/{id}">Share</a>
<a href="https://www.google.com/alerts/feedback?x">Flag as irrelevant</a></td></tr>"""
BARE_RESULT = """<p><a href="https://www.google.com/url?url=https://example.org/{id}&amp;ct=ga">Convoy
reaches Dara {id}</a></p><p>Sample Wire</p><p>The convoy arrived after days ...</p>"""
PLAIN_ALERT = """=== News - 2 new results for [dara] ===

Convoy reaches Dara 1
Sample Wire
The convoy arrived
after days ...
<https://www.google.com/url?rct=j&sa=t&url=https://example.org/1&ct=ga>

Convoy reaches Dara 2
Sample Wire
The convoy arrived after days ...
<https://www.google.com/url?rct=j&sa=t&url=https://example.org/2&ct=ga>

- - - - - - - - - - - - - - - - - - - -
Unsubscribe from this Google Alert:
<https://www.google.com/alerts/remove?x>
"""


def alert(text: str = "x", html: str = "") -> str:
    sender = "Google Alerts <googlealerts-noreply@google.com>"
    return message(text, html=html, From=sender, Subject="Google Alert - dara")


@pytest.mark.parametrize(
    "raw",
    [
        alert(html="".join(RESULT.format(id=each) for each in (1, 2))),
        alert(html="".join(BARE_RESULT.format(id=each) for each in (1, 2))),
        alert(PLAIN_ALERT),
    ],
    ids=["marked", "bare", "plain"],
)
def test_the_links_of_a_google_alert_are_articles_of_their_summaries(made, raw: str) -> None:
    items = made("a.eml", raw)
    found = documents(items)
    assert [(each.title, each.source, each.date) for each in found] == [
        ("Convoy reaches Dara 1", "Sample Wire", None),
        ("Convoy reaches Dara 2", "Sample Wire", None),
    ]
    assert [each.url.partition("?")[0] for each in found] == [
        "https://example.org/1", "https://example.org/2"
    ]  # fmt: skip
    texts = {" ".join(each.text.replace("\u00a0", " ").split()) for each in found}
    assert texts == {"The convoy arrived after days ..."}
    assert [each.anchor for each in found] == [each.url for each in found]
    assert messages(items) == ["is a Google Alert: of its 2 articles only summaries are there"]


def test_a_google_alert_in_a_mailbox_has_the_id_of_its_mail(made) -> None:
    found = documents(made("a.mbox", mailbox(alert(html=RESULT.format(id=1)))))
    assert [each.anchor for each in found] == ["1@example.org/https://example.org/1?a"]


def test_a_google_alert_without_known_links_is_told_to_be_a_list(made) -> None:
    items = made("a.eml", alert("Nothing new."))
    assert messages(items) == ["is a Google Alert: a list of links, which was read as one text"]


def test_a_thousand_mails_in_a_mailbox_of_which_one_is_damaged(made) -> None:
    mails = [message(Message_ID=f"<{each}@example.org>") for each in range(100)]
    mails[50] = "Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n\n--x\nbroken"
    items = made("a.mbox", mailbox(*mails))
    assert len(documents(items)) >= 99


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_letters_in_a_header_that_are_written_as_they_are(made, charset: str) -> None:
    subject, name = "قافلة تصل إلى درعا يوم السبت", "وكالة الأنباء في المدينة القديمة"
    raw = f"MIME-Version: 1.0\nFrom: {name} <a@b.org>\nSubject: {subject}\n\nText."
    (article,) = made("a.eml", raw.encode(charset))
    assert (article.title, article.source) == (subject, name)


WRAPPED = """The convoy reached the town of Dara on Saturday afternoon, after three
days on the road from the coast. Drivers said that they slept in their
cabins.

Trucks:
- one with flour
- one with fuel
"""


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; format=flowed"])
def test_lines_that_a_mail_program_wrapped_are_joined(made, kind: str) -> None:
    space = " " if "flowed" in kind else ""
    text = WRAPPED.replace("three\n", f"three{space}\n").replace("their\n", f"their{space}\n")
    (article,) = made("a.eml", f"MIME-Version: 1.0\nSubject: a\nContent-Type: {kind}\n\n{text}")
    first, second = article.text.strip().split("\n\n")
    assert first.endswith("after three days on the road from the coast. Drivers said that they "
                          "slept in their cabins.")  # fmt: skip
    assert second == "Trucks:\n- one with flour\n- one with fuel"


@pytest.mark.parametrize(
    "envelope",
    [
        "From news@example.org Sat Jan 27 20:30:00 2018",
        "From - Sat Jan 27 20:30:00 2018",
        "From 1601234567890@xxx Sat Jan 27 20:30:00 +0000 2018",
        "From news@example.org",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_envelopes_of_many_programs(made, envelope: str, end: str) -> None:
    text = message("The convoy left.\n\nFrom Monday on flour is sold.")
    content = f"{envelope}\n{text}\n{envelope}\n{message(Message_ID='<2@example.org>')}\n"
    found = made("a.mbox", content.replace("\n", end))
    assert [article.anchor for article in found] == ["1@example.org", "2@example.org"]
    assert found[0].text.strip().endswith("From Monday on flour is sold.")


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("report.pdf", ["has attachments that are not read (report.pdf): save them as files"]),
        ("logo.png", []),
    ],
)
def test_attached_documents_are_told(made, name: str, notes: list[str]) -> None:
    attached = ATTACHED.format("Two").replace("a.txt", name)
    items = made("a.eml", multipart("mixed", PLAIN.format("One"), attached))
    assert (messages(items), len(documents(items))) == (notes, 1)


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


@pytest.mark.parametrize("name", ["From", "Subject"])
def test_a_charset_that_is_none_leaves_a_header_as_it_is(made, name: str) -> None:
    raw = f"MIME-Version: 1.0\n{name}: =?utf\u00f28?b?2YjZg9in2YTYqQ==?=\n\nText."
    assert made("a.eml", raw)[0].text == "Text."


def test_a_control_character_behind_a_hidden_line_is_no_fault(made) -> None:
    html = '<p><span style="display:none">a</span>&#1;\x01The convoy arrived.</p>'
    raw = f"MIME-Version: 1.0\nSubject: a\nContent-Type: text/html\n\n{html}"
    assert "The convoy arrived." in made("a.eml", raw)[0].text


def test_blank_lines_may_precede_a_mailbox(made) -> None:
    assert len(made("a", "\n\n" + mailbox(message("One."), message("Two.")))) == 2
