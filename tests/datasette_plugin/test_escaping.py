"""Scraped text as HTML: escaped, marked, cut, and with safe addresses."""

import html as escapes
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Entity, Mention, Snippet

pytest.importorskip("datasette.app", reason="Datasette is not installed")
from syriasearch.datasette_plugin.escaping import (
    cut,
    host,
    isolated,
    language,
    marked,
    passage,
    shown,
    web_address,
)

SOCHI = Entity("sochi", "Sochi", "place")
ALEPPO = Entity("aleppo", "Aleppo", "place")
HOMS = Entity("homs", "Homs", "place")
LAVROV = Entity("lavrov", "Sergei <Lavrov>", "person")


def mention(text: str, surface: str, entity: Entity = LAVROV) -> Mention:
    start = text.index(surface)
    return Mention(start, start + len(surface), surface, entity, "test", "named here")


def test_what_is_marked_is_escaped() -> None:
    text = "<b>Lavrov & others</b> in Sochi"
    html = marked(
        text, [(3, 9), (26, 31)], [mention(text, "Lavrov")], lambda entity: f"/{entity.slug}"
    )
    assert html == (
        "&lt;b&gt;"
        '<a class="name person" href="/lavrov" title="Sergei &lt;Lavrov&gt; (person): named here">'
        "<mark>Lavrov</mark></a>"
        " &amp; others&lt;/b&gt; in <mark>Sochi</mark>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Aleppo <city>", "<bdi>Aleppo &lt;city&gt;</bdi>"),
        ("حلب", '<bdi lang="ar">حلب</bdi>'),
        ("a" * 9, "<bdi>aaaa…</bdi>"),
        (None, "<bdi></bdi>"),
    ],
)
def test_a_name_says_if_it_is_in_arabic(text: str | None, html: str) -> None:
    assert isolated(text, 4 if text == "a" * 9 else 300) == html


def test_the_title_of_a_shared_name_has_all_who_may_be_meant() -> None:
    html = marked("Homs", (), [mention("Homs", "Homs", HOMS), mention("Homs", "Homs", ALEPPO)])
    assert 'title="Homs (place) or Aleppo (place): named here"' in html


def test_a_highlight_goes_on_behind_a_mention() -> None:
    text = "Sergei Lavrov said"
    html = marked(text, [(7, 18)], [mention(text, "Sergei Lavrov")])
    assert html.count("<mark>") == 2
    assert html.endswith("<mark>Lavrov</mark></a><mark> said</mark>")


def test_of_mentions_that_overlap_the_longest_counts() -> None:
    text = "Idlib Governorate"
    html = marked(text, (), [mention(text, "Idlib", HOMS), mention(text, text, ALEPPO)])
    assert html.count("<a ") == 1
    assert "Aleppo" in html


ranges = st.lists(st.integers(0, 40), max_size=8).map(
    lambda ends: [
        (one, two)
        for one, two in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)
        if one < two
    ]
)


@given(st.text(max_size=40), ranges, ranges)
def test_marks_change_no_text(
    text: str, highlights: list[tuple[int, int]], named: list[tuple[int, int]]
) -> None:
    mentions = [Mention(start, end, text[start:end], SOCHI, "test") for start, end in named]
    html = marked(text, highlights, mentions)
    without = re.sub(r"</?(?:mark|a)\b[^>]*>", "", str(html))
    assert escapes.unescape(without) == shown(text)
    assert html.count("<mark>") == html.count("</mark>")


def test_a_passage_tells_that_it_goes_on() -> None:
    assert passage(Snippet("a b", ((0, 1),), True, True)) == "…<mark>a</mark> b…"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202eb\u2069c", "a b c"),
        ("a\u200bb\u00adc\ufeff", "a b c "),
        ("a\nb\x1b[0m\x9b", "a b [0m "),
        ("\U000e0041a", " a"),
        ("حلب", "حلب"),
        (None, ""),
    ],
)
def test_what_nobody_sees_is_a_space(text: str | None, seen: str) -> None:
    assert shown(text) == seen


def test_a_long_text_is_cut() -> None:
    assert cut("ab " * 10, 5) == "ab ab…"
    assert cut("ab", 5) == "ab"


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://example.org", True),
        ("https://example.org:8080/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0aalert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,a", False),
        ("//example.org", False),
        ("/relative", False),
        ("https://", False),
        ("https://user@example.org", False),
        ("https://example.org\u202e/", False),
        ("https://example.org:99999/", False),
        ("https://[::1", False),
        ("https://example.org/" + "a" * 3000, False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_webs_addresses_are_followed(url: str | None, followed: bool) -> None:
    assert web_address(url) == (url if followed else None)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://аpple.example/", "xn--pple-43d.example"),
        ("https://حلب.example/", "xn--ngbj3e.example"),
        ("https://" + "ä" * 100 + ".example/", "?" * 100 + ".example"),
    ],
)
def test_a_host_is_told_as_it_is_asked_for(url: str, told: str) -> None:
    assert host(url) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("ar", "ar"),
        ("en-GB", "en-GB"),
        ("", None),
        (None, None),
        ('en" x="', None),
        ("x" * 9, None),
    ],
)
def test_a_language_is_a_code(code: str | None, told: str | None) -> None:
    assert language(code) == told
