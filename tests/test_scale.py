"""What the paper on growth rests on: laws, queues and prices, against what is known of them."""

import json
import sqlite3
import sys
from collections import Counter
from math import exp, inf, log
from pathlib import Path
from random import Random

import numpy as np
import pytest
from conftest import ROOT

from costs import quantile, sizes
from fanout import Draw, Outcome, Setting, empirical, mean, simulate
from growth import LINE, LOGARITHM, POWER, Law, fit
from limits import POSTING_BYTES, SEGMENT_BYTES, SQLiteLimits, of_numbers
from prices import GIB, Prices, Service, need
from scale import MEASURED, put_into
from syriasearch.index.document import IndexedDocument
from syriasearch.index.postings import Chunk, encode
from syriasearch.index.segment_writer import SegmentWriter, _Columns

PLACES = (1e4, 3e4, 1e5, 1e6)


class TestLaws:
    @pytest.mark.parametrize(
        "law", [Law(LINE, 5, 0.01), Law(POWER, 40, 0.6), Law(LOGARITHM, 2, 3)], ids=str
    )
    def test_a_law_is_found_again_from_what_follows_it(self, law: Law) -> None:
        found = fit([(size, law.at(size)) for size in PLACES], (LINE, POWER, LOGARITHM))
        assert found.kind == law.kind
        assert (found.a, found.b) == pytest.approx((law.a, law.b))
        assert found.worst == pytest.approx(0, abs=1e-9)
        assert found.ahead == pytest.approx(0, abs=1e-9)

    @pytest.mark.parametrize(
        "law", [Law(LINE, 5, 0.01), Law(POWER, 40, 0.6), Law(LOGARITHM, 2, 3)], ids=str
    )
    def test_a_cost_is_reached_where_the_law_has_it(self, law: Law) -> None:
        assert law.reaches(law.at(12345)) == pytest.approx(12345)

    def test_what_does_not_grow_never_reaches_more(self) -> None:
        assert Law(LINE, 5, 0).reaches(6) == inf
        assert Law(LINE, 5, 0).reaches(4) == 1

    def test_the_worst_miss_is_the_largest_share_of_what_was_measured(self) -> None:
        points = [(1.0, 10.0), (2.0, 10.0), (3.0, 20.0)]
        law = fit(points, (LINE,))
        assert law.worst == pytest.approx(max(abs(law.at(x) / y - 1) for x, y in points))
        assert law.worst > 0.1

    def test_a_law_is_told_by_how_much_it_misses_what_it_has_not_seen(self) -> None:
        # Of the first two the line is 10 + 10·n; the third would be 40, and is 80.
        assert fit([(1, 20), (2, 30), (3, 80)], (LINE,)).ahead == pytest.approx(0.5)

    def test_no_archive_costs_less_than_nothing(self) -> None:
        assert fit([(1.0, 1.0), (2.0, 3.0)], (LINE,)).a == 0


def exponential(random: Random) -> Draw:
    return lambda: random.expovariate(1)


def constant(random: Random) -> Draw:
    return lambda: 3.0


class TestWaiting:
    @pytest.mark.parametrize("shards", [1, 4, 16])
    def test_without_load_the_slowest_of_many_decides(self, shards: int) -> None:
        outcome = simulate(exponential, Setting(shards, rate=1e-4), number=8000)
        # All of them are at most t with (1 - e^-t)^shards.
        for share in (0.5, 0.95, 0.99):
            theory = -log(1 - share ** (1 / shards))
            assert outcome.quantile(share) == pytest.approx(theory, rel=0.06)

    def test_one_replica_is_the_queue_that_books_tell_of(self) -> None:
        # M/M/1: times are exponential too, with 1 - load in the place of 1.
        outcome = simulate(exponential, Setting(1, rate=0.5), number=40_000)
        assert float(outcome.latencies.mean()) == pytest.approx(2, rel=0.06)
        assert outcome.quantile(0.95) == pytest.approx(-log(0.05) / 0.5, rel=0.08)
        assert outcome.busy == pytest.approx(0.5, rel=0.03)

    def test_replicas_share_the_load(self) -> None:
        outcome = simulate(exponential, Setting(2, 3, rate=1.5), number=10_000)
        assert outcome.busy == pytest.approx(0.5, rel=0.05)
        assert outcome.requests == 20_000

    def test_a_second_request_cuts_the_tail_as_it_must(self) -> None:
        outcome = simulate(exponential, Setting(1, 2, rate=1e-4, hedge=1.0), number=20_000)
        # Behind 1 both must be late: e^-t · e^-(t-1).
        assert outcome.quantile(0.99) == pytest.approx((1 - log(0.01)) / 2, rel=0.04)
        assert outcome.requests / 20_000 == pytest.approx(1 + exp(-1), rel=0.02)

    def test_a_second_request_needs_a_second_replica(self) -> None:
        alone = simulate(exponential, Setting(2, 1, rate=0.1, hedge=0.0), number=500)
        assert alone.requests == 1000

    def test_what_never_varies_makes_no_tail(self) -> None:
        outcome = simulate(constant, Setting(50, rate=1e-4), number=200)
        assert outcome.quantile(0.99) == pytest.approx(outcome.quantile(0.01)) == pytest.approx(3)

    def test_the_share_in_time_counts_what_is_just_in_time(self) -> None:
        outcome = Outcome(np.array([1.0, 2.0, 3.0, 4.0]), 4, 0.1)
        assert outcome.within(3.0) == 0.75

    def test_a_query_costs_alike_on_all_shards(self) -> None:
        queries = empirical([(1.0, [[1.0], [9.0]])])
        outcome = simulate(queries, Setting(30, rate=1e-4), number=2000)
        # Were shards to draw a query each, almost all would wait for a 9.
        assert float((outcome.latencies < 5).mean()) == pytest.approx(0.5, abs=0.05)

    def test_kinds_are_asked_as_often_as_they_weigh(self) -> None:
        kinds = [(3.0, [[1.0]]), (1.0, [[5.0], [9.0]])]
        assert mean(kinds) == pytest.approx((3 * 1 + 7) / 4)
        outcome = simulate(empirical(kinds), Setting(1, rate=1e-4), number=20_000)
        assert float(outcome.latencies.mean()) == pytest.approx(2.5, rel=0.05)

    def test_pauses_come_as_often_as_is_said(self) -> None:
        queries = empirical([(1.0, [[1.0]])], stall=(0.1, 100.0))
        outcome = simulate(queries, Setting(1, rate=1e-6), number=20_000)
        assert outcome.within(50) == pytest.approx(0.9, abs=0.01)


def test_quantiles_are_the_least_value_that_a_share_does_not_exceed() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert [quantile(values, share) for share in (0.01, 0.5, 0.99, 1.0)] == [1, 50, 99, 100]


def test_prices_are_those_computed_by_hand() -> None:
    laws = {
        "file": Law(LINE, 0, GIB / 1000),
        "a thread": Law(LINE, 0, GIB / 2000),
        "a process": Law(LINE, GIB / 4, 0),
        "writer": Law(LINE, 0, 3.6),
        "beside": Law(LINE, 0, 7.2),
        "rare": Law(LINE, 10, 0.01),
    }
    service = Service(rate=5, replicas=2, threads=3, used=0.5, cached=0.25)
    one = need(2000, 1000, laws, {"rare": 1.0}, service)
    assert one.shards == 2
    assert one.ingest_hours == pytest.approx(2 * (1 + 2))
    assert one.writer_hours == pytest.approx(1)
    assert one.disk / GIB == pytest.approx(4)  # 1 a shard, twice
    # Four replicas of three threads of half a GiB, and of a quarter each; a quarter of the disk.
    assert one.memory / GIB == pytest.approx(6 + 1 + 1)
    # 5 a second, on each of 2 shards, 20 ms of a processor that may be half busy.
    assert one.processors == pytest.approx(5 * 2 * 0.020 / 0.5)
    prices = Prices(processor_hour=0.5, disk_month=0.1, memory_month=2, hours=100)
    assert one.ingest_price(prices) == pytest.approx(3)
    assert one.month_price(prices) == pytest.approx(0.4 * 50 + 0.4 + 16)


class TestLimits:
    def test_an_article_takes_as_many_bytes_of_a_segment_as_is_computed(self) -> None:
        entries = [
            IndexedDocument(number, 1, 1, 1, Counter(), frozenset(), Counter(), frozenset())
            for number in range(1, 8)
        ]
        assert sum(map(len, _Columns.of(entries).blobs())) == SEGMENT_BYTES * 7

    def test_an_article_takes_as_many_bytes_of_a_posting_as_is_computed(self) -> None:
        def size(articles: int) -> int:
            return len(
                encode(
                    Chunk(
                        np.array([1], np.uint32),
                        np.array([articles], np.uint32),
                        np.ones(articles, np.int32),
                        np.ones(articles, np.uint8),
                    )
                )
            )

        assert size(1001) - size(1000) == POSTING_BYTES

    @pytest.mark.skipif(sys.version_info < (3, 11), reason="sets a limit of SQLite")
    def test_a_segment_whose_row_is_longer_than_sqlite_takes_is_refused(self) -> None:
        words, names = Counter[str](), Counter[int]()
        columns = _Columns.of(
            [
                IndexedDocument(number, 1, 1, 1, words, frozenset(), names, frozenset())
                for number in range(100)
            ]
        )
        connection = sqlite3.connect(":memory:")
        connection.execute(
            "CREATE TABLE segments (id INTEGER PRIMARY KEY, articles, lengths, days, paragraphs,"
            " deleted)"
        )
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SEGMENT_BYTES * 100 + 64)
        SegmentWriter(connection)._write(columns, [])
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, SEGMENT_BYTES * 100 - 1)
        with pytest.raises(sqlite3.DataError, match="too big"):
            SegmentWriter(connection)._write(columns, [])
        connection.close()

    def test_a_limit_of_articles_is_told_in_paragraphs(self) -> None:
        laws = {name: Law(LINE, 0, 1) for name in ("words", "entities", "file")}
        found = of_numbers(laws, 25.0, SQLiteLimits(row=1000, pages=10))
        told = {limit.what: limit.paragraphs for limit in found}
        assert told["all articles in one segment: its row"] == 1000 / 20 * 25
        assert told["ids of articles in bands of copies"] == 2**28 * 25
        assert told["the file, in pages of 4,096 bytes"] == 40960


def test_parts_of_a_file_add_up_to_all_of_it(corpus_path: Path) -> None:
    parts = sizes(corpus_path)
    if not parts:
        pytest.skip("SQLite was built without dbstat")
    assert sum(parts.values()) == corpus_path.stat().st_size
    assert {"text", "full-text index", "postings", "mentions: indexes"} <= parts.keys()


def test_tables_go_where_comments_tell() -> None:
    page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb"
    assert put_into(page, {"x": "new", "y": "no"}) == page.replace("old", "new")
    assert put_into(put_into(page, {"x": "new"}), {"x": "old"}) == page


@pytest.mark.parametrize("name", ["files", "queries", "work"])
def test_the_page_has_what_was_measured(name: str) -> None:
    import scale

    found = json.loads(MEASURED.read_text())
    printed = getattr(scale, name)(found["fitted"] + found["apart"])
    assert printed in (ROOT / "docs" / "scale.md").read_text()
