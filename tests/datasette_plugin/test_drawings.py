"""What the pages of an archive are made of: bars, circles, maps, marked text, parts, addresses."""

import html as escapes
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import (
    Bucket,
    Edge,
    Entity,
    EntityCount,
    Mention,
    Neighbour,
    Paragraph,
    Snippet,
    Suggestion,
    Timeline,
)

pytest.importorskip("datasette.app", reason="Datasette is not installed")
from syriasearch.datasette_plugin.drawings import histogram
from syriasearch.datasette_plugin.drawings import map as maps
from syriasearch.datasette_plugin.drawings import neighbours as circle
from syriasearch.datasette_plugin.escaping import (
    cut,
    host,
    language,
    marked,
    passage,
    shown,
    web_address,
)
from syriasearch.datasette_plugin.pagination import ROOM, part_of, split_into_parts
from syriasearch.datasette_plugin.search_form import SearchForm, whole_number

SOCHI = Entity("sochi", "Sochi", "place", latitude=43.6, longitude=39.7)
ALEPPO = Entity("aleppo", "Aleppo", "place", latitude=36.2, longitude=37.2)
HOMS = Entity("homs", "Homs", "place", latitude=34.7, longitude=36.7)
LONDON = Entity("london", "London", "place", latitude=51.5, longitude=-0.1)
LAVROV = Entity("lavrov", "Sergei <Lavrov>", "person")


def timeline(by: str, counts: dict[str, int]) -> Timeline:
    buckets = tuple(Bucket(start, (count,)) for start, count in counts.items())
    return Timeline(by, ("q",), buckets, (3,))


# Bars


@pytest.mark.parametrize(
    ("start", "by", "end", "name"),
    [
        ("2018", "year", "2019", "2018"),
        ("2018-01", "month", "2018-02", "Jan 2018"),
        ("2018-12", "month", "2019-01", "Dec 2018"),
        ("2018-02-26", "week", "2018-03-05", "week of 26 Feb 2018"),
        ("2016-02-28", "day", "2016-02-29", "28 Feb 2016"),
        ("2016-12-31", "day", "2017-01-01", "31 Dec 2016"),
        ("9999-12-31", "day", "9999-12-31", "31 Dec 9999"),
    ],
)
def test_a_span_ends_where_the_next_begins(start: str, by: str, end: str, name: str) -> None:
    assert histogram.next_start(start, by) == end
    assert histogram.name_of(start, by) == name


def test_bars_are_as_high_as_they_count() -> None:
    drawn = histogram.draw(timeline("year", {"2016": 10, "2017": 0, "2018": 5, "2019": 1}))
    assert [bar.height for bar in drawn.bars] == [64, 0, 32, 6.4]
    assert all(
        one.x + one.width < two.x for one, two in zip(drawn.bars, drawn.bars[1:], strict=False)
    )
    assert drawn.undated == 3


def test_a_small_count_is_seen() -> None:
    drawn = histogram.draw(timeline("year", {"2016": 100_000, "2017": 1}))
    assert drawn.bars[1].height == 2


def test_many_bars_are_listed_by_year() -> None:
    months = {f"{2010 + each // 12}-{each % 12 + 1:02}": each % 2 for each in range(48)}
    drawn = histogram.draw(timeline("month", months))
    assert drawn.listed == tuple(
        (str(year), str(year + 1), str(year), 6) for year in range(2010, 2014)
    )


# The circle


def neighbour(entity: Entity, articles: int) -> Neighbour:
    return Neighbour(entity, articles, articles, 1.0)


def test_neighbours_stand_apart_on_a_circle() -> None:
    many = [neighbour(replace(SOCHI, slug=str(each)), 12 - each) for each in range(12)]
    drawn = circle.draw(LAVROV, many, [])
    places = [(node.x, node.y) for node in drawn.nodes]
    assert len(set(places)) == 12
    assert all(0 < x < circle.WIDTH and 0 < y < circle.HEIGHT for x, y in places)
    assert drawn.nodes[0].radius > drawn.nodes[-1].radius
    assert len(drawn.lines) == 12


def test_lines_join_neighbours_only() -> None:
    edges = [Edge("aleppo", "homs", 5, 5, 9.0), Edge("aleppo", "lavrov", 5, 5, 9.0)]
    drawn = circle.draw(LAVROV, [neighbour(ALEPPO, 3), neighbour(HOMS, 2)], edges)
    assert [line.inner for line in drawn.lines] == [True, False, False]


def test_nobody_is_no_circle() -> None:
    assert circle.draw(LAVROV, [], []).nodes == ()


# The map


def count(entity: Entity, articles: int) -> EntityCount:
    return EntityCount(entity, articles, articles)


def test_a_map_has_north_above_and_east_to_the_right() -> None:
    drawn = maps.draw([count(ALEPPO, 5), count(HOMS, 4)], [])
    assert drawn is not None
    by_slug = {spot.entity.slug: spot for spot in drawn.spots}
    assert by_slug["aleppo"].y < by_slug["homs"].y
    assert by_slug["aleppo"].x > by_slug["homs"].x
    assert [spot.label for spot in drawn.spots] == ["Aleppo", "Homs"]


def test_a_place_far_off_is_told_beside_the_map() -> None:
    drawn = maps.draw([count(ALEPPO, 50), count(HOMS, 40), count(LONDON, 1)], [])
    assert drawn is not None
    assert [spot.entity.slug for spot in drawn.spots] == ["aleppo", "homs"]
    assert [each.entity.slug for each in drawn.outside] == ["london"]


def test_a_place_is_on_its_own_map() -> None:
    drawn = maps.draw([count(ALEPPO, 50), count(HOMS, 40)], [], around=LONDON)
    assert drawn is not None
    assert "london" in {spot.entity.slug for spot in drawn.spots}


def test_without_coordinates_there_is_no_map() -> None:
    nowhere = replace(SOCHI, latitude=None)
    pole = replace(SOCHI, latitude=90.0)
    assert maps.draw([count(nowhere, 5), count(LAVROV, 4), count(pole, 1)], []) is None


def test_all_places_lie_under_the_map() -> None:
    drawn = maps.draw([count(ALEPPO, 5)], [count(HOMS, 1), count(LONDON, 1), count(LAVROV, 9)])
    assert drawn is not None
    assert drawn.background.count("M") == 1


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 10**6))


@given(st.lists(coordinates, min_size=1, max_size=30))
def test_spots_stand_on_the_map(places: list[tuple[float, float, int]]) -> None:
    counts = [
        count(replace(SOCHI, slug=str(each), latitude=y, longitude=x), weight)
        for each, (y, x, weight) in enumerate(places)
    ]
    drawn = maps.draw(counts, counts)
    located = [each for each in counts if maps.is_located(each.entity)]
    assert (drawn is None) == (not located)
    if drawn:
        assert len(drawn.spots) + len(drawn.outside) == len(located)
        assert drawn.spots
        assert all(0 <= spot.x <= maps.WIDTH for spot in drawn.spots)
        assert all(0 <= spot.y <= maps.HEIGHT for spot in drawn.spots)


# Text


def mention(text: str, surface: str, entity: Entity = LAVROV) -> Mention:
    start = text.index(surface)
    return Mention(start, start + len(surface), surface, entity, "test")


def test_what_is_marked_is_escaped() -> None:
    text = "<b>Lavrov & others</b> in Sochi"
    html = marked(
        text, [(3, 9), (26, 31)], [mention(text, "Lavrov")], lambda entity: f"/{entity.slug}"
    )
    assert html == (
        "&lt;b&gt;"
        '<a class="name person" href="/lavrov" title="Sergei &lt;Lavrov&gt; (person)">'
        "<mark>Lavrov</mark></a>"
        " &amp; others&lt;/b&gt; in <mark>Sochi</mark>"
    )


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


# Parts of an article


def paragraph(position: int, text: str, **options: object) -> Paragraph:
    return Paragraph(position, position, "body", text, **options)  # type: ignore[arg-type]


def test_a_short_article_is_one_part() -> None:
    (part,) = split_into_parts([paragraph(1, "One."), paragraph(2, "Two.")])
    assert [each.text for each in part.paragraphs] == ["One.", "Two."]
    (nothing,) = split_into_parts([])
    assert nothing.paragraphs == ()


@given(st.lists(st.integers(0, 3 * ROOM), max_size=6), st.sampled_from(["ab ", "ab", "حلب "]))
def test_parts_have_all_of_an_article(lengths: list[int], word: str) -> None:
    texts = [(word * length)[:length] for length in lengths]
    paragraphs = [
        paragraph(at, text, highlights=((0, len(text)),) if text else ())
        for at, text in enumerate(texts)
    ]
    found = split_into_parts(paragraphs)
    for at, text in enumerate(texts):
        pieces = [each for part in found for each in part.paragraphs if each.position == at]
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.highlights == ((0, len(piece.text)),) for piece in pieces if text)
    assert all(sum(len(each.text.encode()) for each in part.paragraphs) <= ROOM for part in found)
    assert [part.number for part in found] == list(range(1, len(found) + 1))


def test_a_mention_stays_where_it_is() -> None:
    text = "word " * 20_000 + "Lavrov " + "word " * 20_000
    found = split_into_parts([paragraph(1, text, mentions=(mention(text, "Lavrov"),))])
    ((piece, named),) = [
        (each, each.mentions[0]) for part in found for each in part.paragraphs if each.mentions
    ]
    assert piece.text[named.start : named.end] == "Lavrov"


def test_a_position_is_in_the_part_where_it_begins() -> None:
    long = "word " * 10_000
    found = split_into_parts([paragraph(1, long), paragraph(2, long), paragraph(3, "End.")])
    assert part_of(found, 1) == 1
    assert part_of(found, 3) == len(found)
    assert part_of(found, 99) == 1


# Addresses


def test_an_address_says_what_is_asked_and_nothing_else() -> None:
    asked = SearchForm(q="Sochi & <b>", after="2018", entity=("sochi", "homs"), exact=True, page=3)
    assert asked.address() == "?q=Sochi+%26+%3Cb%3E&after=2018&entity=sochi&entity=homs&exact=1"
    assert asked.address(page=4, after="", entity=()) == "?q=Sochi+%26+%3Cb%3E&exact=1&page=4"
    assert SearchForm().address() == "?"


@pytest.mark.parametrize(
    ("suggestion", "leads_to"),
    [
        (Suggestion("boycot", "boycott", 3), "?q=the+boycott+of+x&source=Wire&entity=homs"),
        (
            Suggestion("source:Wire", 'source:"Other Wire"', 3),
            "?q=the+boycot+of+x&source=Other+Wire&entity=homs",
        ),
        (Suggestion("source:Wire", "", 3), "?q=the+boycot+of+x&entity=homs"),
        (Suggestion("entity:homs", "entity:hama", 3), "?q=the+boycot+of+x&source=Wire&entity=hama"),
        (Suggestion("entity:homs", "", 3), "?q=the+boycot+of+x&source=Wire"),
        (Suggestion("x:y", "", 3), "?q=the+boycot+of+x&source=Wire&entity=homs"),
    ],
)
def test_a_suggestion_is_taken(suggestion: Suggestion, leads_to: str) -> None:
    asked = SearchForm(q="the boycot of x", source="Wire", entity=("homs",), page=2)
    assert asked.accepting(suggestion) == leads_to


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("", 0), (None, 0), ("-1", 0), ("x", 0), ("٣", 0), ("9" * 99, 10**9), ("1e3", 0)],
)
def test_a_page_number(text: str | None, number: int) -> None:
    assert whole_number(text) == number
