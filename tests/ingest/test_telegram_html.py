"""Pages that Telegram Desktop exports a chat to: an article in each message that has a text."""

import gzip
from pathlib import Path

import pytest
from formats import documents, messages

from syriasearch import Archive
from syriasearch.ingest.readers import telegram_html

TEXT = '<div class="text">\n{}\n       </div>\n'


def post(
    text: str = "The convoy arrived.",
    number: int = 7,
    *,
    sender: str | None = "Sample Wire",
    date: str = "28.01.2018 01:30:00 UTC+03:00",
    more: str = "",
    kind: str = "default clearfix",
) -> str:
    name = f'\n       <div class="from_name">\n{sender} \n       </div>\n' if sender else ""
    content = TEXT.format(text) if text else ""
    return (
        f'     <div class="message {kind}" id="message{number}">\n\n'
        '      <div class="pull_left userpic_wrap"><div class="userpic userpic1">'
        '<div class="initials" style="line-height: 42px">\nS\n</div></div></div>\n'
        f'      <div class="body">\n\n       <div class="pull_right date details" title="{date}">\n'
        f"01:30\n       </div>\n{name}{more}\n       {content}\n      </div>\n\n     </div>\n\n"
    )


def page(*posts: str) -> str:
    return (
        '<!DOCTYPE html>\n<html>\n\n <head>\n\n  <meta charset="utf-8"/>\n'
        '<title>Exported Data</title>\n  <script src="js/script.js"></script>\n </head>\n'
        ' <body onload="CheckLocation();">\n\n  <div class="page_wrap">\n\n'
        '   <div class="page_header">\n    <div class="content">\n     <div class="text bold">\n'
        "Sample Wire \n     </div>\n\n    </div>\n\n   </div>\n\n"
        '   <div class="page_body chat_page">\n\n    <div class="history">\n\n'
        '     <div class="message service" id="message-1">\n\n      <div class="body details">\n'
        "28 January 2018\n      </div>\n\n     </div>\n\n"
        f"{''.join(posts)}    </div>\n\n   </div>\n\n  </div>\n\n </body>\n\n</html>\n"
    )


def test_a_message_has_the_fields_of_its_chat(made) -> None:
    (article,) = made("messages.html", page(post()))
    assert (article.text, article.source, article.author, article.date, article.anchor) == (
        "The convoy arrived.", "Sample Wire", None, "2018-01-27", "7"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("The <strong>convoy</strong> arrived.", "The convoy arrived."),
        ("One.<br><br>Two.", "One.\n\nTwo."),
        ("One.<br/>                   Two.", "One.\n\nTwo."),
        ('See <a href="https://e.org/?a=1&amp;b=2">here</a>, &quot;x&quot; &amp; &lt;y&gt;',
         'See here, "x" & <y>'),
        ('<a href="" onclick="return Show(&quot;Idlib&quot;)">#Idlib</a> today', "#Idlib today"),
        ("<pre>One.</pre>Two.", "One.\n\nTwo."),
        ("وصلت <em>القافلة</em>", "وصلت القافلة"),
        ('<span class="spoiler hidden"><span aria-hidden="true">Hidden</span></span>.', "Hidden."),
    ],
)  # fmt: skip
def test_the_text_of_a_message_is_that_of_the_json_export(made, html: str, text: str) -> None:
    assert made("messages.html", page(post(html)))[0].text == text


@pytest.mark.parametrize(
    ("title", "date"),
    [
        ("28.01.2018 01:30:00 UTC+03:00", "2018-01-27"),
        ("27.01.2018 23:30:00 UTC-05:00", "2018-01-28"),
        ("28.01.2018 01:30:00", "2018-01-28"),
        ("28.01.2018 01:30:00 UTC", "2018-01-28"),
        ("soon", "soon"),
        ("31.02.2018 01:30:00", "31.02.2018 01:30:00"),
    ],
)
def test_the_day_is_that_of_the_time_in_utc(made, title: str, date: str) -> None:
    assert made("messages.html", page(post(date=title)))[0].date == date


def test_who_wrote_joined_messages_is_known_from_the_first(made) -> None:
    posts = (
        post("One.", 1, sender="Omar Haddad"),
        post("Two.", 2, sender=None, kind="default clearfix joined"),
        post("Three.", 3, sender="Lina Aziz"),
    )
    found = made("messages.html", page(*posts))
    assert [article.author for article in found] == ["Omar Haddad", "Omar Haddad", "Lina Aziz"]


FORWARDED = (
    '<div class="pull_left forwarded userpic_wrap"><div class="userpic"></div></div>\n'
    '<div class="forwarded body"><div class="from_name">\nDamascus Desk '
    '<span class="date details" title="27.01.2018 20:00:00"> 27.01.2018 20:00:00</span></div>\n'
    '<div class="text">\nSmoke over Afrin.\n</div></div>'
)


def test_a_forwarded_message_is_of_who_forwarded_it(made) -> None:
    (article,) = made("messages.html", page(post("", sender="Omar Haddad", more=FORWARDED)))
    assert (article.text, article.author, article.date) == (
        "Smoke over Afrin.", "Omar Haddad", "2018-01-27"
    )  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        '<div class="reply_to details">\nIn reply to <a href="#go_to_5">this message</a></div>',
        '<div class="media_wrap clearfix"><a class="photo_wrap" href="photos/1.jpg"></a></div>',
        '<div class="signature details">\nSample Wire\n</div>',
        '<span class="reactions"><span class="reaction"><span class="emoji">x</span></span></span>',
    ],
)
def test_what_surrounds_a_text_is_left_out(made, more: str) -> None:
    (article,) = made("messages.html", page(post(more=more)))
    assert (article.text, article.author) == ("The convoy arrived.", None)


def test_a_signature_is_the_author(made) -> None:
    signed = '<div class="signature details">\nEditor A\n</div>'
    assert made("messages.html", page(post(more=signed)))[0].author == "Editor A"


def test_a_message_of_media_is_passed_over(made) -> None:
    media = '<div class="media_wrap clearfix"><div class="title bold">\nPhoto\n</div></div>'
    (article,) = made("messages.html", page(post("", 6, more=media), post(number=8)))
    assert article.anchor == "8"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (page(), "is a page of a Telegram export without texts: leave it out"),
        (page(post())[:-30], "is cut off: export the chat again, or the rest is lost"),
    ],
)  # fmt: skip
def test_pages_that_are_empty_or_cut_off(made, content: str, message: str) -> None:
    assert messages(made("messages.html", content)) == [message]


@pytest.mark.parametrize("name", ["messages2.html", "a.txt", "a", "messages.html.gz"])
def test_a_page_is_known_by_its_content(made, name: str) -> None:
    content = page(post()).replace("\n", "\r\n").encode()
    packed = gzip.compress(content) if name.endswith("gz") else content
    assert made(name, packed)[0].anchor == "7"


def test_a_page_without_an_end_takes_no_time() -> None:
    head = '<div class="page_wrap">' + '<div class="text bold">' * 20_000
    assert not telegram_html.claims(head.encode())
    text = head + '<div class="page_body">' + '<div class="message default" id="message1">' * 5_000
    assert list(telegram_html.read_page(text))


def test_pages_of_a_chat_lie_beside_each_other(tmp_path: Path, archive: Archive) -> None:
    (tmp_path / "messages.html").write_text(page(post("The convoy arrived.", 1)))
    (tmp_path / "messages2.html").write_text(page(post("It left again.", 1001)))
    report = archive.ingest(tmp_path)
    assert (report.added, report.failed) == (2, 0)
    (tmp_path / "messages2.html").write_text(page(post("It left again.", 1001), post("Two.", 1002)))
    assert archive.ingest(tmp_path).added == 1


def test_the_format_is_read_from_a_pipe_by_its_name(made) -> None:
    assert documents(made("-", page(post())))[0].source == "Sample Wire"


def test_a_page_without_any_message_is_no_fault(made) -> None:
    content = (
        '<!DOCTYPE html><html><body><div class="page_wrap"><div class="page_body chat_page"></html>'
    )
    assert messages(made("a.html", content)) == [
        "is a page of a Telegram export without texts: leave it out"
    ]
