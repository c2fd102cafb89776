"""Drawings on the pages of an archive: bars, circles, maps."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import (
    Bucket,
    Edge,
    Entity,
    EntityCount,
    Neighbour,
    Timeline,
)

pytest.importorskip("datasette.app", reason="Datasette is not installed")
from syriasearch.datasette_plugin.drawings import arcs, histogram, land
from syriasearch.datasette_plugin.drawings import map as maps
from syriasearch.datasette_plugin.drawings import neighbours as circle
from syriasearch.datasette_plugin.drawings.ring import place_on_ring

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
    assert Bucket(start, ()).end(by) == end
    assert histogram.name_of(start, by) == name


def test_bars_are_as_high_as_they_count() -> None:
    drawn = histogram.draw_histogram(
        timeline("year", {"2016": 10, "2017": 0, "2018": 5, "2019": 1})
    )
    assert [bar.height for bar in drawn.bars] == [64, 0, 32, 6.4]
    assert all(
        one.x + one.width < two.x for one, two in zip(drawn.bars, drawn.bars[1:], strict=False)
    )
    assert drawn.undated == 3


def test_a_small_count_is_seen() -> None:
    drawn = histogram.draw_histogram(timeline("year", {"2016": 100_000, "2017": 1}))
    assert drawn.bars[1].height == 2


def test_many_bars_are_listed_by_year() -> None:
    months = {f"{2010 + each // 12}-{each % 12 + 1:02}": each % 2 for each in range(48)}
    drawn = histogram.draw_histogram(timeline("month", months))
    assert drawn.listed == tuple(
        (str(year), str(year + 1), str(year), 6) for year in range(2010, 2014)
    )


@pytest.mark.parametrize("number", range(3, 21))
def test_names_above_and_below_a_ring_begin_or_end_where_others_do(number: int) -> None:
    named = [EntityCount(replace(SOCHI, slug=str(each)), 4, 4) for each in range(number)]
    nodes = place_on_ring(named, (0, 0), (155, 150)).values()
    for below in (False, True):
        middle = [each for each in nodes if each.anchor == "middle" and (each.y > 0) is below]
        assert len(middle) <= 1


# Arcs


def test_names_one_below_the_other_are_joined_by_arcs() -> None:
    nodes = place_on_ring(
        [EntityCount(each, 4, 4) for each in (SOCHI, ALEPPO, HOMS)], (0, 0), (1, 1)
    )
    drawn = arcs.draw_arcs(
        nodes, [Edge("homs", "sochi", 8, 9, 1.0), Edge("aleppo", "homs", 2, 3, 1.0)]
    )
    assert [(row.label, row.y) for row in drawn.rows] == [
        ("Sochi", 14.0),
        ("Aleppo", 42.0),
        ("Homs", 70.0),
    ]
    assert [(arc.shape, arc.width) for arc in drawn.arcs] == [
        ("M208 14A28 28 0 0 1 208 70", 4.0),
        ("M208 42A14 14 0 0 1 208 70", 2.0),
    ]
    assert drawn.arcs[0].title == "Homs and Sochi: 8 articles and 9 paragraphs with both"


# The circle


def neighbour(entity: Entity, articles: int) -> Neighbour:
    return Neighbour(entity, articles, articles, 1.0)


def test_neighbours_stand_apart_on_a_circle() -> None:
    many = [neighbour(replace(SOCHI, slug=str(each)), 12 - each) for each in range(12)]
    drawn = circle.draw_neighbours(LAVROV, many, [])
    places = [(node.x, node.y) for node in drawn.nodes]
    assert len(set(places)) == 12
    assert all(0 < x < circle.WIDTH and 0 < y < circle.HEIGHT for x, y in places)
    assert drawn.nodes[0].radius > drawn.nodes[-1].radius
    assert len(drawn.lines) == 12


def test_lines_join_neighbours_only() -> None:
    edges = [Edge("aleppo", "homs", 5, 5, 9.0), Edge("aleppo", "lavrov", 5, 5, 9.0)]
    drawn = circle.draw_neighbours(LAVROV, [neighbour(ALEPPO, 3), neighbour(HOMS, 2)], edges)
    assert [line.inner for line in drawn.lines] == [True, False, False]


def test_nobody_is_no_circle() -> None:
    assert circle.draw_neighbours(LAVROV, [], []).nodes == ()


def test_a_line_says_what_it_stands_for() -> None:
    drawn = circle.draw_neighbours(SOCHI, [neighbour(ALEPPO, 1)], [])
    assert drawn.lines[0].title == "Sochi and Aleppo: 1 article and 1 paragraph with both"


# The map


def count(entity: Entity, articles: int) -> EntityCount:
    return EntityCount(entity, articles, articles)


def test_a_map_has_north_above_and_east_to_the_right() -> None:
    drawn = maps.draw_map([count(ALEPPO, 5), count(HOMS, 4)])
    assert drawn is not None
    by_slug = {spot.entity.slug: spot for spot in drawn.spots}
    assert by_slug["aleppo"].y < by_slug["homs"].y
    assert by_slug["aleppo"].x > by_slug["homs"].x
    assert [spot.label for spot in drawn.spots] == ["Aleppo", "Homs"]


def test_a_place_far_off_is_told_beside_the_map() -> None:
    drawn = maps.draw_map([count(ALEPPO, 50), count(HOMS, 40), count(LONDON, 1)])
    assert drawn is not None
    assert [spot.entity.slug for spot in drawn.spots] == ["aleppo", "homs"]
    assert [each.entity.slug for each in drawn.outside] == ["london"]


def test_a_place_is_on_its_own_map() -> None:
    drawn = maps.draw_map([count(ALEPPO, 50), count(HOMS, 40)], around=LONDON)
    assert drawn is not None
    assert "london" in {spot.entity.slug for spot in drawn.spots}


def test_without_coordinates_there_is_no_map() -> None:
    nowhere = replace(SOCHI, latitude=None)
    pole = replace(SOCHI, latitude=90.0)
    assert maps.draw_map([count(nowhere, 5), count(LAVROV, 4), count(pole, 1)]) is None


def test_land_borders_and_rivers_lie_under_the_map() -> None:
    drawn = maps.draw_map([count(ALEPPO, 5), count(HOMS, 4)])
    assert drawn is not None
    assert all(path.startswith("M") for path in drawn.land)


@pytest.mark.parametrize("place", [SOCHI, LONDON])
def test_the_world_has_land_too(place: Entity) -> None:
    drawn = maps.draw_map([count(place, 1)])
    assert drawn is not None
    assert drawn.land.land


def test_the_lines_of_a_map_stay_within_it_and_are_short() -> None:
    drawn = maps.draw_map([count(LONDON, 1), count(ALEPPO, 1)], box=(-180.0, -60.0, 180.0, 80.0))
    assert drawn is not None
    assert len("".join(drawn.land)) < 25_000


def test_places_near_each_other_are_one_spot_that_opens() -> None:
    quarter = replace(ALEPPO, slug="quarter", name="Salahuddin", latitude=36.21, longitude=37.13)
    places = [count(ALEPPO, 50), count(quarter, 3), count(HOMS, 40)]
    drawn = maps.draw_map(places)
    assert drawn is not None
    cluster = drawn.spots[0]
    assert [each.entity.slug for each in cluster.others] == ["quarter"]
    assert cluster.label == "Aleppo +1"
    opened = maps.draw_map(places, box=maps.read_box(cluster.box))
    assert opened is not None
    assert [(each.entity.slug, each.others) for each in opened.spots] == [
        ("aleppo", ()),
        ("quarter", ()),
    ]
    assert [each.entity.slug for each in opened.outside] == ["homs"]


def test_the_subject_of_a_map_is_never_in_a_cluster() -> None:
    quarter = replace(ALEPPO, slug="quarter", latitude=36.21)
    drawn = maps.draw_map([count(ALEPPO, 50), count(quarter, 3)], around=quarter)
    assert drawn is not None
    assert {spot.entity.slug for spot in drawn.spots} == {"aleppo", "quarter"}


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "5,0,1,9", "0,0,999,1", "0,-89,1,1", "1,1,1,1e9", "٣,1,4,5"]
)
def test_what_is_no_box_is_ignored(text: str) -> None:
    assert maps.read_box(text) is None


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 10**6))


@given(st.lists(coordinates, min_size=1, max_size=30))
def test_spots_stand_on_the_map(places: list[tuple[float, float, int]]) -> None:
    counts = [
        count(replace(SOCHI, slug=str(each), latitude=y, longitude=x), weight)
        for each, (y, x, weight) in enumerate(places)
    ]
    drawn = maps.draw_map(counts)
    located = [each for each in counts if maps.is_located(each.entity)]
    assert (drawn is None) == (not located)
    if drawn:
        assert len(drawn.inside) + len(drawn.outside) == len(located)
        whole = maps.draw_map(counts, box=maps.read_box(drawn.whole))
        assert whole is not None
        assert len(whole.inside) == len(located)
        assert drawn.spots
        assert all(0 <= spot.x <= maps.WIDTH for spot in drawn.spots)
        assert all(0 <= spot.y <= maps.HEIGHT for spot in drawn.spots)


def test_the_lines_of_maps_are_small_and_on_the_earth() -> None:
    path = Path(land.__file__).with_name("map_lines.txt")
    assert path.stat().st_size < 40_000
    points = [
        point
        for kinds in land.read_lines().values()
        for each in kinds.values()
        for line in each
        for point in line
    ]
    assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in points)
    assert all(kinds["land"] and kinds["border"] for kinds in land.read_lines().values())
