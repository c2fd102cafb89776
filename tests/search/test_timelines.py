"""Timelines of what a query finds."""

import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Archive, OptionError
from syriasearch.cli import main
from syriasearch.models.timeline import make_timeline

DAYS = ["2017-11-30", "2018-01-01", "2018-01-07", None]


@pytest.mark.parametrize(
    ("by", "days", "buckets"),
    [
        ("year", DAYS, {"2017": 1, "2018": 2}),
        ("month", DAYS, {"2017-11": 1, "2017-12": 0, "2018-01": 2}),
        ("day", DAYS[1:], {f"2018-01-0{day}": int(day in (1, 7)) for day in range(1, 8)}),
        (
            "week",  # a week begins on Monday
            ["2017-12-03", "2017-12-11", None],
            {"2017-11-27": 1, "2017-12-04": 0, "2017-12-11": 1},
        ),
    ],
)
def test_buckets_follow_each_other_without_gaps(
    by: str, days: list[str | None], buckets: dict[str, int]
) -> None:
    timeline = make_timeline(by, ["q"], [Counter(days)])  # type: ignore[arg-type]
    assert {bucket.start: bucket.counts[0] for bucket in timeline.buckets} == buckets
    assert timeline.undated == (1,)


def test_a_century_of_empty_days_is_left_out() -> None:
    timeline = make_timeline("day", ["q"], [Counter(["1918-01-01", "2018-01-01"])])
    assert [bucket.start for bucket in timeline.buckets] == ["1918-01-01", "2018-01-01"]


@given(
    st.lists(st.lists(st.dates().map(str) | st.none(), max_size=8), min_size=1, max_size=3),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_every_article_is_counted_once(days: list[list[str | None]], by: str) -> None:
    timeline = make_timeline(by, ["q"] * len(days), list(map(Counter, days)))  # type: ignore[arg-type]
    for index, each in enumerate(days):
        counted = sum(bucket.counts[index] for bucket in timeline.buckets)
        assert counted + timeline.undated[index] == len(each)
    starts = [bucket.start for bucket in timeline.buckets]
    assert starts == sorted(set(starts))


def test_a_timeline_counts_the_articles_that_a_search_finds(corpus: Archive) -> None:
    timeline = corpus.timeline("Sochi", "talks", by="day", lang="en")
    for index, query in enumerate(timeline.queries):
        counted = sum(bucket.counts[index] for bucket in timeline.buckets)
        assert counted + timeline.undated[index] == corpus.search(query, lang="en").total


def test_a_span_that_there_is_not(corpus: Archive) -> None:
    with pytest.raises(OptionError, match="by takes day, week, month, year, auto, not 'decade'"):
        corpus.timeline("Sochi", by="decade")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("most", "by", "bars"), [(60, "day", 6), (6, "day", 6), (5, "week", 2), (0, "year", 1)]
)
def test_a_span_can_be_the_finest_that_there_is_room_for(
    corpus: Archive, most: int, by: str, bars: int
) -> None:
    timeline = corpus.timeline("", by="auto", most=most)
    assert (timeline.by, len(timeline.buckets)) == (by, bars)


def test_a_survey_is_a_search_and_its_timeline(corpus: Archive) -> None:
    options = {"lang": "en", "entity": ["sochi"]}
    page, timeline = corpus.survey("Sochi talks", by="day", limit=2, facets=["source"], **options)
    expected = corpus.search("Sochi talks", limit=2, facets=["source"], **options)  # type: ignore
    assert replace(page, took_ms=0) == replace(expected, took_ms=0)
    assert timeline == corpus.timeline("Sochi talks", by="day", **options)  # type: ignore
    with pytest.raises(OptionError, match="not 'decade'"):
        corpus.survey("Sochi", by="decade")  # type: ignore[arg-type]


def run(corpus_path: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["timeline", *arguments, "--db", str(corpus_path)])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_bars_on_a_terminal(corpus_path: Path) -> None:
    lines = run(corpus_path, "Sochi", "--by", "month").splitlines()
    assert lines == ["Sochi: 3 articles by month", f"   2018-03  {'█' * 58} 3"]


def test_tables(corpus_path: Path) -> None:
    table = run(corpus_path, "Sochi", "--and", "Idlib", "--by", "year", "--format", "csv")
    assert table == "year,Sochi,Idlib\n2018,3,1\n"
    page = json.loads(run(corpus_path, "Sochi", "--by", "month", "--format", "json"))
    assert page["buckets"] == [{"start": "2018-03", "counts": [3]}]


def test_a_picture_is_well_formed_and_says_what_it_shows(corpus_path: Path) -> None:
    picture = run(corpus_path, "Sochi OR <b>", "--and", "Idlib", "--by", "day", "--format", "svg")
    root = ElementTree.fromstring(picture)
    assert root.tag.endswith("svg")
    texts = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert "Sochi OR <b>" in texts
    assert "2018-03-03" in texts


def test_a_picture_is_svg_alone(corpus_path: Path) -> None:
    arguments = ["timeline", "Sochi", "--format", "png", "--db", str(corpus_path)]
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'png' is not one of 'text', 'json', 'csv', 'spreadsheet', 'svg'" in result.stderr
