"""The address of a page: its own, and not that of an archive that has kept it."""

import pytest

from syriasearch.ingest.readers.page_address import (
    bare_address,
    choose_address,
    is_foreign_host,
    is_front,
    original_address,
    saved_address,
)

PAGE = "http://www.example.org/2018/a.html?b=1"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        f"https://web.archive.org/web/20180127000000/{PAGE}",
        f"https://web.archive.org/web/20180127000000id_/{PAGE}",
        f"http://web.archive.org/web/2018/{PAGE}",
        f"//web.archive.org/web/20180127000000im_/{PAGE}",
        f"/web/20180127000000/{PAGE}",
        "https://web.archive.org/web/20180127000000/http:/www.example.org/2018/a.html?b=1",
        "https://web.archive.org/web/20180127000000/www.example.org/2018/a.html?b=1",
        f"http://archive.today/20180127233000/{PAGE}",
        f"https://archive.ph/2018.01.27-233000/{PAGE}",
        f"https://archive.is/o/AbCdE/{PAGE}",
        f"https://wayback.archive-it.org/1234/20180127000000/{PAGE}",
        f"https://www.webarchive.org.uk/wayback/archive/20180127000000mp_/{PAGE}",
        f"https://arquivo.pt/noFrame/replay/20180127000000/{PAGE}",
    ],
)
def test_an_archived_page_has_the_address_of_the_original(url: str) -> None:
    assert original_address(url) == PAGE


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0028)https://example.org/a -->",
        "<!--\n Page saved with SingleFile \n url: https://example.org/a \n saved date: Wed -->",
        "<!--\r\n Archive processed by SingleFile \r\n url: https://example.org/a \r\n-->",
        "<!-- Page saved with SingleFile\n info: x\n url: https://example.org/a -->",
        '<script>__wm.wombat("https://example.org/a","20180403040000");</script>',
        "<!--\n Page saved with SingleFile \n url: "
        "https://web.archive.org/web/20180403040000/https://example.org/a \n-->",
    ],
)
def test_a_saved_page_says_where_it_was(comment: str) -> None:
    assert saved_address(f"<!DOCTYPE html><html>{comment}<body>") == "https://example.org/a"


def test_a_page_mirrored_by_httrack_says_so_without_a_scheme() -> None:
    comment = "<!-- Mirrored from example.org/a.html by HTTrack Website Copier/3.x -->"
    assert saved_address(comment) == "http://example.org/a.html"


@pytest.mark.parametrize(
    ("url", "saved", "stated", "chosen"),
    [
        ("https://a.org/1", "https://b.org/1", ["https://c.org/1"], "https://a.org/1"),
        (None, "https://b.org/1", ["https://c.org/1"], "https://c.org/1"),
        (None, "https://b.org/1", ["https://b.org/"], "https://b.org/1"),
        (None, None, ["https://b.org/"], "https://b.org/"),
        (None, "https://b.org/1", ["/1", ""], "https://b.org/1"),
        (None, None, ["https://archive.is/AbCdE"], None),
        (None, None, [], None),
    ],
)
def test_the_most_certain_address_counts(
    url: str | None, saved: str | None, stated: list[str], chosen: str | None
) -> None:
    assert choose_address(url, saved, stated) == chosen


@pytest.mark.parametrize(
    ("host", "is_foreign"),
    [
        ("twitter.com", True),
        ("mobile.twitter.com", True),
        ("t.me", True),
        ("web.archive.org", True),
        ("archive.today", True),
        ("example.org", False),
        ("nottwitter.com", False),
    ],
)
def test_networks_and_archives_are_no_publishers(host: str, is_foreign: bool) -> None:
    assert is_foreign_host(host) is is_foreign


def test_addresses_are_compared_without_what_may_differ() -> None:
    assert bare_address("http://www.example.org/a/?b#c") == bare_address("https://example.org/A")


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("https://a.org", True), ("https://a.org/#x", True), ("https://a.org/?p=17", False)],
)
def test_a_front_page_has_no_path(url: str, is_one: bool) -> None:
    assert is_front(url) is is_one


@pytest.mark.parametrize("piece", ["<!-- ", "<!-- Page saved with SingleFile ", "__wm.wombat( "])
def test_a_megabyte_of_anything_is_searched_in_no_time(piece: str) -> None:
    assert saved_address(piece * (10**6 // len(piece))) is None
