"""Feeds, RSS and Atom."""

import pytest
from formats import RSS, documents, messages

from syriasearch.ingest.readers import feed as reader
from syriasearch.ingest.readers import feed_parts

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Sample Wire</title><entry><title>Truce holds</title><id>urn:7</id>
<link href="https://example.org/7"/><published>2018-06-03T00:00:00Z</published>
<author><name>Mara Lind</name></author><summary>Short.</summary>
<content type="html">&lt;p&gt;The truce holds for a third day.&lt;/p&gt;</content></entry></feed>"""


def test_an_entry_of_rss_is_an_article(made) -> None:
    entry, problem = made("a.rss", RSS)
    assert (entry.title, entry.url, entry.anchor) == (
        "Road & rail reopen",
        "https://example.org/1",
        "tag:1",
    )
    assert (entry.source, entry.lang, entry.date) == (
        "Sample Wire",
        "en",
        "Sat, 02 Jun 2018 09:00:00 GMT",
    )
    assert entry.markup == "html"
    assert (problem.message, problem.anchor) == (
        "entry 2 has no text: it may have to be fetched",
        "tag:2",
    )


def test_the_language_of_an_entry_is_not_that_of_its_channel(made) -> None:
    text = "أعلنت هيئة التفاوض السورية يوم السبت أنها قررت مقاطعة مؤتمر الحوار"
    assert made("a.rss", RSS.replace("The road is open.", text))[0].lang == "ar"


def test_an_entry_of_atom_has_its_content_rather_than_its_summary(made) -> None:
    (entry,) = made("a.xml", ATOM)
    assert (entry.title, entry.author, entry.date) == (
        "Truce holds",
        "Mara Lind",
        "2018-06-03T00:00:00Z",
    )
    assert "third day" in entry.text


@pytest.mark.parametrize(
    "author",
    [
        "<author>@</author>",
        "<dc:creator><![CDATA[@]]></dc:creator>",
        "<author><b>@</b> &amp; co.</author>",
    ],
)
def test_an_author_of_many_letters_is_cut(made, author: str) -> None:
    written = author.replace("@", "é" * 30_000)
    content = RSS.replace("<item>", f"<item xmlns:dc='urn:dc'>{written}", 1)
    first = documents(made("a.rss", content))[0]
    assert first.title == "Road & rail reopen"
    assert "Omar" in (first.author or "")
    assert (first.author or "").count("é") <= feed_parts.MAX_NAME // 2


def test_a_feed_that_is_cut_off_keeps_what_stands_before(made) -> None:
    note, entry = made("a.rss", RSS[: RSS.index("<item><title>Nothing")])
    assert "is not valid XML" in note.message
    assert not note.lost
    assert entry.title == "Road & rail reopen"


def test_a_feed_that_defines_entities_is_not_read(made) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><rss><item><title>&l11;</title></item></rss>'
    )
    assert "defines entities" in messages(made("a.xml", feed))[0]


@pytest.mark.parametrize("hidden", ["comment", "utf-16"])
def test_no_entities_are_read_wherever_they_are_defined(made, hidden: str) -> None:
    comment = "<!--" + "x" * 70_000 + "-->" if hidden == "comment" else ""
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [{comment}<!ENTITY a "aa">]>'
        "<rss><channel><item><description>&a;</description></item></channel></rss>"
    )
    encoding = "utf-16" if hidden == "utf-16" else "utf-8"
    assert "defines entities" in messages(made("a.rss", feed.encode(encoding)))[0]


def test_a_damaged_name_of_an_encoding_is_a_problem(made) -> None:
    content = RSS.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="@"?>').encode()
    items = made("a.rss", content.replace(b"@", b"\x87tf-8"))
    assert documents(items) or messages(items) == ["is XML in an encoding that is damaged: mend it"]


ITEMS = "".join(
    f"<item><title>Talks {n}</title><guid>tag:{n}</guid>"
    f"<description>Day {n} of talks.</description></item>"
    for n in range(1, 5)
)
FOUR = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f"<rss><channel><title>Wire</title>{ITEMS}</channel></rss>"
)


@pytest.mark.parametrize("reference", ["&#xD800;", "&#99999999999;"])
def test_a_character_that_does_not_exist_costs_no_entry(made, reference: str) -> None:
    items = documents(made("a.rss", FOUR.replace("Day 2", f"Day {reference}2")))
    assert [item.anchor for item in items] == ["tag:1", "tag:2", "tag:3", "tag:4"]
    assert items[1].text == "Day \ufffd2 of talks."


def test_a_few_damaged_bytes_leave_the_letters_of_the_others(made) -> None:
    text = FOUR.replace("talks.", "محادثات جنيف.").encode().replace(b"Day 2", b"Day \xff2")
    note, *items = made("a.rss", text)
    assert (note.message[:16], note.lost) == ("has 1 bytes that", False)
    assert items[3].text == "Day 4 of محادثات جنيف."


@pytest.mark.parametrize(
    "feed",
    [
        FOUR,
        FOUR.encode("utf-16"),
        FOUR.replace("Day 2", "<![CDATA[<item> of day 2]]>").replace("Talks 3", "&nbsp;"),
        FOUR.replace("</channel>", "<language>ar</language></channel>"),
        FOUR.replace("<item>", "<!-- <item> --><item>"),
        FOUR[:-60],
        ATOM,
        RSS,
    ],
)
def test_a_large_feed_is_read_in_parts_as_a_small_one_is_at_once(
    made, feed: str | bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = made("a.xml", feed)
    monkeypatch.setattr(reader, "MAX_AT_ONCE", 10)
    assert documents(made("a.xml", feed)) == documents(at_once)
    monkeypatch.setattr(feed_parts, "PART", 10)
    assert documents(made("a.xml", feed)) == documents(at_once)
