"""Feeds, RSS and Atom."""

import pytest
from formats import RSS, documents, messages

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
