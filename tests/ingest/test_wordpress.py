"""Exports of WordPress: an article in each post that the site shows."""

import gzip

import pytest
from formats import RSS, documents, messages

from syriasearch import Archive
from syriasearch.ingest.readers import wordpress
from syriasearch.ingest.readers.wordpress import shown_html

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- generator="WordPress/6.5" created="2024-01-01" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Sample Wire &amp; Sons</title><link>https://example.org</link>
<language>en-GB</language><wp:author><wp:author_login><![CDATA[omar]]></wp:author_login>
<wp:author_display_name><![CDATA[Omar Haddad]]></wp:author_display_name></wp:author>
"""
POST = {
    "title": "Convoy reaches Dara",
    "link": "https://example.org/7",
    "pubDate": "Fri, 26 Jan 2018 22:30:00 +0000",
    "dc:creator": "omar",
    "content:encoded": "<![CDATA[The convoy arrived.]]>",
    "wp:post_id": "7",
    "wp:post_date": "2018-01-27 00:30:00",
    "wp:status": "publish",
    "wp:post_type": "post",
}


def export(*posts: dict[str, str]) -> str:
    items = (
        "".join(f"<{name}>{value}</{name}>" for name, value in {**POST, **post}.items())
        for post in posts or ({},)
    )
    return f"{HEAD}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


def test_a_post_has_the_fields_that_the_site_shows(made) -> None:
    (post,) = made("a.xml", export())
    assert (post.title, post.author, post.source, post.url, post.date, post.lang, post.anchor) == (
        "Convoy reaches Dara", "Omar Haddad", "Sample Wire & Sons", "https://example.org/7",
        "2018-01-27 00:30:00", "en-GB", "7",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ({"dc:creator": "lina"}, "author", "lina"),
        ({"dc:creator": "admin"}, "author", None),
        ({"wp:post_date": ""}, "date", "Fri, 26 Jan 2018 22:30:00 +0000"),
        ({"wp:post_date": "0000-00-00 00:00:00"}, "date", "Fri, 26 Jan 2018 22:30:00 +0000"),
        ({"title": "Road &amp;amp; rail"}, "title", "Road & rail"),
        ({"title": "<![CDATA[قافلة]]>"}, "title", "قافلة"),
        ({"title": ""}, "title", None),
        ({"link": "?p=7"}, "url", None),
        ({"wp:post_id": "", "guid": "https://example.org/?p=7"}, "anchor", "https://example.org/?p=7"),
        ({"wp:post_type": "page"}, "anchor", "7"),
        ({"wp:post_type": "report"}, "anchor", "7"),
        ({"wp:post_type": "", "wp:status": ""}, "anchor", "7"),
    ],
)  # fmt: skip
def test_fields_that_are_missing_or_other(made, fields, field, value) -> None:
    assert getattr(made("a.xml", export(fields))[0], field) == value


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"wp:status": "draft", "pubDate": "Mon, 30 Nov -0001 00:00:00 +0000"}, "1 draft"),
        ({"wp:status": "future"}, "1 future"),
        ({"wp:status": "private"}, "1 private"),
        ({"wp:post_password": "secret"}, "1 with a password"),
        ({"content:encoded": "<![CDATA[[gallery ids='1,2']]]>"}, "1 without text"),
    ],
)
def test_what_is_not_published_is_left_out_and_told(made, fields, what) -> None:
    items = made("a.xml", export(fields, {"wp:post_id": "8"}))
    assert [post.anchor for post in documents(items)] == ["8"]
    assert messages(items) == [f"left out what the site does not show as an article: {what}"]


@pytest.mark.parametrize("kind", ["attachment", "nav_menu_item", "revision", "wp_block"])
def test_menus_and_attachments_are_no_articles(made, kind: str) -> None:
    (post,) = made("a.xml", export({"wp:post_type": kind, "wp:status": "inherit"}, {}))
    assert post.anchor == "7"


def test_an_export_without_posts_says_so(made) -> None:
    assert messages(made("a.xml", export({"wp:post_type": "attachment"}))) == [
        "is an export of WordPress without posts: leave it out"
    ]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("One.\n\nTwo.", "One.<br>Two."),
        ("One.\nTwo.", "One.<br>Two."),
        ("One.\r\n\r\nTwo.", "One.<br>Two."),
        ("A <b>bold</b> word\nand <i>more</i>.", "A <b>bold</b> word<br>and <i>more</i>."),
        ("<a\nhref='x'>a</a>", "<a\nhref='x'>a</a>"),
        ("<ul>\n<li>a</li>\n</ul>\nb", "<ul><li>a</li></ul>b"),
        ("<!-- wp:paragraph -->\n<p>One\nline</p>\n<!-- /wp:paragraph -->", "\n<p>One\nline</p>\n"),
        ("<!-- wp:more /-->One.\nTwo.", "One.<br>Two."),
        ("<!--more-->One.\nTwo.", "One.<br>Two."),
        ("[caption id='a' width='3']<img src='a'/> A chair.[/caption]",
         "<figcaption><img src='a'/> A chair.</figcaption>"),
        ('[caption caption="A chair."]<img/>[/caption]', "<figcaption>A chair.</figcaption>"),
        ("[gallery ids='8,9']One.", "One."),
        ("[gallery]One.", "One."),
        ("[youtube https://example.org/v]One.", "One."),
        ("[vc_row][vc_column width='1/2']One.[/vc_column][/vc_row]", "One."),
        ("[quote]One.[/quote]", "One."),
        ("[embed width='1']https://example.org/v[/embed]One.", "One."),
        ("[video mp4='a.mp4'][/video]One.", "One."),
        ('<!-- wp:embed {"a": 1} --><div class="e__wrapper">\nhttps://example.org/v\n</div>'
         "<!-- /wp:embed -->", '<div class="e__wrapper">\n</div>'),
        ("He said [sic] that [the town] fell [1].", "He said [sic] that [the town] fell [1]."),
        ("[the envoy's office]", "[the envoy's office]"),
        ("Write [[gallery]] in brackets.", "Write [gallery] in brackets."),
        ("[مدينة]", "[مدينة]"),
    ],
)  # fmt: skip
def test_the_text_is_what_the_site_shows(content: str, shown: str) -> None:
    assert shown_html(content) == shown


@pytest.mark.parametrize(
    "hostile", ["[a " * 20_000, "[a='" * 20_000, "[caption]" * 5_000, "<!-- wp:" * 9_000]
)
def test_brackets_without_end_take_no_time(hostile: str) -> None:
    assert isinstance(shown_html(hostile), str)


def test_a_summary_is_taken_where_there_is_no_text(made) -> None:
    items = made("a.xml", export({"content:encoded": "", "excerpt:encoded": "A convoy came."}))
    assert documents(items)[0].text == "A convoy came."
    assert messages(items) == ["post 7 has no text, only a summary: that was taken"]


@pytest.mark.parametrize("name", ["a.xml", "a", "a.rss", "a.xml.gz"])
def test_an_export_is_known_by_its_content(made, name: str) -> None:
    content = export().encode()
    (post,) = made(name, gzip.compress(content) if name.endswith("gz") else content)
    assert post.anchor == "7"


@pytest.mark.parametrize(
    ("encoding", "declared", "notes"),
    [
        ("utf-8-sig", "UTF-8", 0), ("utf-16", "utf-16", 0), ("cp1256", "windows-1256", 0),
        ("cp1256", "UTF-8", 1), ("utf-8", "x-none", 0), ("utf-8", "windows-1256", 0),
    ],
)  # fmt: skip
def test_charsets(made, encoding: str, declared: str, notes: int) -> None:
    text = "وصلت القافلة إلى المدينة يوم السبت"
    content = export({"content:encoded": text}).replace("UTF-8", declared, 1)
    items = made("a.xml", content.encode(encoding))
    assert documents(items)[0].text == text
    assert len(messages(items)) == notes


@pytest.mark.parametrize("content", ["One\x0btwo &amp; three.", "<![CDATA[One\x0btwo & three.]]>"])
def test_control_characters_do_not_end_a_text(made, content: str) -> None:
    assert made("a.xml", export({"content:encoded": content}))[0].text == "Onetwo & three."


@pytest.mark.parametrize(
    ("title", "read", "notes"),
    [
        ("A & B", "A & B", []),
        ("A&nbsp;&lt;B", "A <B", []),
        ("A &bomb; B", "A &bomb; B", []),
        ("A </i>B", None, ["post 1 is not valid XML "]),
        ("A <b>B", None, ["post 1 is not valid XML "]),
    ],
)
def test_a_broken_post_costs_no_other(made, title: str, read: str | None, notes) -> None:
    items = made("a.xml", export({"title": title}, {"wp:post_id": "8"}))
    found = documents(items)
    assert found[-1].anchor == "8"
    assert found[-1].source == "Sample Wire & Sons"
    assert read is None or " ".join(found[0].title.split()) == read
    assert [message[:24] for message in messages(items)][: len(notes)] == notes


def test_a_post_that_is_too_long_costs_no_other(made, monkeypatch) -> None:
    for module in ("base", "xml_records"):
        monkeypatch.setattr(f"syriasearch.ingest.readers.{module}.MAX_ARTICLE_BYTES", 200_000)
    long = "A convoy. " * 40_000
    items = made("a.xml", export({"content:encoded": long}, {"wp:post_id": "8"}))
    assert [post.anchor for post in documents(items)] == ["8"]
    assert "record 1 has over" in messages(items)[0]


@pytest.mark.parametrize(
    ("end", "anchors", "message"),
    [
        (-60, ["7"], "ends within record 2: get it again, or the rest is lost"),
        (-16, ["7", "8"], "ends after record 2, not at its end: get it again"),
    ],
)
def test_an_export_that_is_cut_off_keeps_what_is_whole(made, end, anchors, message) -> None:
    items = made("a.xml", export({}, {"wp:post_id": "8"})[:end])
    assert [post.anchor for post in documents(items)] == anchors
    assert messages(items) == [message]


def test_entities_are_not_expanded(made) -> None:
    bomb = export().replace("<rss", '<!DOCTYPE rss [<!ENTITY a "aaaa">]>\n<rss', 1)
    assert "defines entities" in messages(made("a.xml", bomb))[0]


def test_an_export_that_grows_adds_its_new_posts(tmp_path, archive: Archive) -> None:
    path = tmp_path / "site.xml"
    path.write_text(export())
    archive.ingest(path)
    path.write_text(export({"wp:post_id": "9", "title": "New"}, {}))
    report = archive.ingest(path)
    assert (report.added, report.unchanged) == (1, 1)


def test_the_feed_of_a_site_made_with_wordpress_is_a_feed() -> None:
    generator = "<generator>https://wordpress.org/?v=6.4</generator>"
    assert not wordpress.claims(RSS.replace("<language>", f"{generator}<language>").encode())
