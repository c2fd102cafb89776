"""What is written through a cluster: as into one archive, into all of its shards."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_cluster import outcome

from syriasearch import (
    Archive,
    ArchiveError,
    ArchiveLockedError,
    ArchiveReadOnlyError,
    Cluster,
    OptionError,
)
from syriasearch.cluster.shard_files import locked

NOW = "2018-02-01T10:00:00Z"
Pair = tuple[Archive, Archive]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeds") / "one.db"
    with Archive(path) as archive:
        archive.ingest(ROOT / "seeds", processes=0)
    return path


@pytest.fixture
def pair(seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """An archive, and a cluster of the same articles."""
    for module in ("entities.editing.editor", "search.saved_searches"):
        monkeypatch.setattr(f"syriasearch.{module}.now", lambda: NOW)
    one = tmp_path / "one.db"
    shutil.copy(seeds, one)
    Cluster(tmp_path / "many.toml").split(one, 3)
    return Archive(one), Archive(tmp_path / "many.toml")


def same(pair: Pair, ask: Callable[[Archive], Any]) -> Any:
    one, many = (outcome(lambda archive=archive: ask(archive)) for archive in pair)
    assert one == many
    return one


ASKED = [
    lambda archive: archive.search("Sochi boycott", facets=["entity", "source"]),
    lambda archive: archive.search("person:Assad", limit=50),
    lambda archive: archive.entities(limit=500),
    lambda archive: archive.entity("Sochi"),
    lambda archive: archive.network(limit=20),
    lambda archive: archive.corrections.history(),
]
CORRECTIONS = {
    "merge": lambda archive: archive.corrections.merge("turkey", into="russia"),
    "split": lambda archive: archive.corrections.split(
        "russia", "Moscow", to="Moscow City", type="place"
    ),
    "split to another": lambda archive: archive.corrections.split("russia", "Russia", to="iran"),
    "rename": lambda archive: archive.corrections.rename("sochi", "Sotchi"),
    "hide": lambda archive: archive.corrections.hide("russia"),
    "alias": lambda archive: archive.corrections.add_alias("sochi", "congress"),
    "not in an article": lambda archive: archive.corrections.is_not(
        "russia", article="2017-11-24-opposition"
    ),
    "not one mention": lambda archive: archive.corrections.is_not(
        "russia", "Russia", article="2018-01-27-syrian", occurrence=2, to="Red Army", type="group"
    ),
    "not in a source": lambda archive: archive.corrections.is_not(
        "russia", "Russia", source="syriasearch wires"
    ),
    "alias that no article has": lambda archive: archive.corrections.add_alias("sochi", "Qwerty"),
    "of nobody": lambda archive: archive.corrections.hide("nobody at all"),
    "not in an article that is not there": lambda archive: archive.corrections.is_not(
        "russia", article="nothing"
    ),
    "not in an article that does not name it": lambda archive: archive.corrections.is_not(
        "kremlin", article="2017-12-14-eighth"
    ),
    "of what is not spelt so": lambda archive: archive.corrections.split(
        "russia", "Atlantis", to="iran"
    ),
}


@pytest.mark.parametrize("correct", CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_correction_does_what_it_does_in_one_archive(
    pair: Pair, correct: Callable[[Archive], Any]
) -> None:
    same(pair, correct)
    for ask in ASKED:
        same(pair, ask)


@pytest.mark.parametrize("correct", list(CORRECTIONS.values())[:10], ids=list(CORRECTIONS)[:10])
def test_a_correction_is_undone_everywhere(pair: Pair, correct: Callable[[Archive], Any]) -> None:
    before = [same(pair, ask) for ask in ASKED[:-1]]
    same(pair, correct)
    same(pair, lambda archive: archive.corrections.undo())
    assert [same(pair, ask) for ask in ASKED[:-1]] == before


def test_each_shard_stays_sound(pair: Pair) -> None:
    for correct in (CORRECTIONS["merge"], CORRECTIONS["split"], CORRECTIONS["alias"]):
        same(pair, correct)
    assert pair[1].check() == ()


def test_what_is_told_of_a_shard_that_is_not_sound_names_it(pair: Pair) -> None:
    name = Cluster(pair[1].path).status().shards[1].name
    with Archive(pair[1].path.parent / name) as shard, shard._batch() as (store,):
        store.naming.connection.execute(
            "UPDATE words SET count = count + 1 WHERE id IN (SELECT min(id) FROM words)"
        )
    assert all(each.startswith(f"{name}: ") for each in pair[1].check())
    assert pair[1].check()


def test_a_saved_search_tells_what_has_come_since(pair: Pair) -> None:
    same(pair, lambda archive: archive.save("talks", "Sochi"))
    same(pair, lambda archive: archive.saved())
    assert same(pair, lambda archive: archive.new("talks"))[0].hits == ()
    same(pair, lambda archive: archive.forget("talks"))
    assert same(pair, lambda archive: archive.saved()) == []


def test_a_saved_search_of_an_archive_goes_on_in_its_shards(pair: Pair, tmp_path: Path) -> None:
    one = pair[0]
    one.save("talks", "Sochi", before="2018-01-27")
    with one._batch() as (store,):
        store.naming.connection.execute("DELETE FROM saved_hits WHERE id % 2")
    Cluster(tmp_path / "later.toml").split(one.path, 2)
    pair = (one, Archive(tmp_path / "later.toml"))
    same(pair, lambda archive: archive.new("talks", limit=2))
    same(pair, lambda archive: archive.feed("talks"))
    same(pair, lambda archive: archive.new("talks"))
    same(pair, lambda archive: archive.feed("talks"))


def test_a_name_that_is_taken_is_told(pair: Pair) -> None:
    same(pair, lambda archive: archive.save("talks", "Sochi"))
    assert "already" in same(pair, lambda archive: archive.save("talks", "Sochi"))


@pytest.mark.slow
def test_names_of_a_users_own_are_found_in_all_shards(pair: Pair, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("slug,name,type\nred-sea-resort,resort,place\ntalks-x,talks,event\n")
    reports = [archive.reindex(gazetteer=[names]) for archive in pair]
    assert reports[0].read == reports[1].read
    assert reports[0].changed == reports[1].changed > 0
    for ask in ASKED:
        same(pair, ask)
    same(pair, lambda archive: archive.entity("talks-x"))
    for archive in pair:
        archive.reindex(gazetteer=[])
    for ask in ASKED:
        same(pair, ask)


def test_runs_and_problems_are_told_once(pair: Pair) -> None:
    assert len(same(pair, lambda archive: archive.runs())) == 1
    same(pair, lambda archive: archive.problems())


def test_a_cluster_is_written_without_gaps(pair: Pair) -> None:
    for archive in pair:
        archive.optimize()
    for ask in ASKED:
        same(pair, ask)


def test_a_shard_that_cannot_be_written_leaves_all_as_they_were(pair: Pair) -> None:
    last = pair[1].path.parent / Cluster(pair[1].path).status().shards[-1].name
    with Archive(last) as shard, shard._batch() as (store,):
        store.naming.connection.execute(
            "CREATE TRIGGER no BEFORE INSERT ON corrections"
            " BEGIN SELECT RAISE(ABORT, 'it is not to be'); END"
        )
    with pytest.raises(ArchiveError, match="the trigger no"):
        pair[1].corrections.hide("russia")
    assert pair[1].corrections.history() == ()
    assert pair[1].entity("russia").entity.slug == "russia"


@pytest.mark.parametrize(
    "write",
    [
        lambda cluster: cluster.ingest(ROOT / "seeds"),
        lambda cluster: cluster.corrections.hide("russia"),
        lambda cluster: Cluster(cluster.path).move("one-0-of-3.db", "elsewhere.db"),
        lambda cluster: Cluster(cluster.path).split(cluster.path.with_name("one.db"), 2),
    ],
)
def test_one_process_writes_at_a_time(
    pair: Pair, write: Callable[[Archive], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = pair[1]
    monkeypatch.setattr("syriasearch.cluster.shard_files.PATIENCE_S", 0.1)
    with locked(cluster.path), pytest.raises(ArchiveLockedError, match="try again"):
        write(cluster)
    assert cluster.search("Sochi").total == pair[0].search("Sochi").total


def test_mentions_have_ids_of_their_own_in_all_shards(pair: Pair, tmp_path: Path) -> None:
    same(pair, CORRECTIONS["alias"])
    Cluster(pair[1].path).merge(tmp_path / "merged.db")
    with Archive(tmp_path / "merged.db") as merged:
        assert merged.check() == ()
        assert same((pair[0], merged), ASKED[2])


def test_runs_are_told_as_the_archive_told_them(pair: Pair) -> None:
    assert same(pair, lambda archive: archive.runs())[0].added == 21


def test_shards_that_do_not_belong_together_are_told_by_the_status(pair: Pair) -> None:
    name = Cluster(pair[1].path).status().shards[1].name
    with Archive(pair[1].path.parent / name) as shard:
        shard.corrections.hide("russia")
    assert "has other entities" in (Cluster(pair[1].path).status().problem or "")


def test_what_is_opened_to_read_is_not_written(pair: Pair) -> None:
    with (
        Archive(pair[1].path, readonly=True) as archive,
        pytest.raises(ArchiveReadOnlyError, match="opened to read"),
    ):
        archive.corrections.hide("russia")


def test_a_cluster_is_mended_shard_by_shard(pair: Pair) -> None:
    with pytest.raises(ArchiveError, match="a shard is mended for itself"):
        pair[1].repair()


def test_what_is_for_one_archive_is_told(pair: Pair) -> None:
    with pytest.raises(OptionError, match="for one archive"):
        pair[1].ingest(ROOT / "seeds", dry_run=True)
