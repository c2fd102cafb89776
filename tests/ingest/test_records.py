"""Records that a program hands over: mappings, dataclasses, rows of tables."""

import dataclasses
import pickle
import sqlite3
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from conftest import assert_sound, counts, everything
from hypothesis import given, settings
from hypothesis import strategies as st

from syriasearch import (
    Archive,
    Cluster,
    EmptySourceError,
    IngestReport,
    OptionError,
    SourceError,
    SyriaSearchError,
)
from syriasearch.ingest.record_values import plain_record

Sql = Callable[..., list[tuple]]

RECORDS = [
    {
        "id": number,
        "headline": f"Talks in Geneva, round {number}",
        "body": f"Round {number} of the talks ended without a result.\n\nThe envoy left for Homs.",
        "published": date(2018, 1, number),
        "author": "Mara Lindqvist" if number > 1 else None,
    }
    for number in range(1, 4)
]


def lines(report: IngestReport) -> list[str]:
    return [str(problem) for problem in report.problems]


# Kinds of records

Row = namedtuple("Row", list(RECORDS[0]))  # type: ignore[misc]
Story = dataclasses.make_dataclass("Story", list(RECORDS[0]))


class Attributed:
    """An instance as attrs makes them."""

    __attrs_attrs__ = tuple(namedtuple("Attribute", "name")(name) for name in RECORDS[0])

    def __init__(self, **values: object) -> None:
        self.__dict__ |= values


class Model:
    """An instance as pydantic makes them."""

    def __init__(self, **values: object) -> None:
        self._values = values

    def model_dump(self) -> dict[str, object]:
        return self._values


class KeyedRow:
    """A row of a database: keys and values, but no mapping."""

    def __init__(self, **values: object) -> None:
        self._values = values

    def keys(self) -> list[str]:
        return list(self._values)

    def __getitem__(self, key: str) -> object:
        return self._values[key]


class Frame:
    """A table with the methods that pandas and polars have."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.columns = list(records[0])
        self._rows = [tuple(record.values()) for record in records]

    def iter_rows(self) -> Iterator[tuple]:
        return iter(self._rows)


def cursor() -> sqlite3.Cursor:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE news (id, headline, body, published, author)")
    connection.executemany(
        "INSERT INTO news VALUES (?, ?, ?, ?, ?)",
        [[str(v) if isinstance(v, date) else v for v in each.values()] for each in RECORDS],
    )
    return connection.execute("SELECT * FROM news")


def pandas_index() -> object:
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(RECORDS).set_index("id")


def pandas_levels() -> object:
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(RECORDS).set_index(["id", "headline"])


def pandas_rows() -> object:
    pandas = pytest.importorskip("pandas")
    return [row for _, row in pandas.DataFrame(RECORDS).iterrows()]


KINDS: dict[str, Callable[[], object]] = {
    "list": lambda: RECORDS,
    "tuple": lambda: tuple(RECORDS),
    "generator": lambda: (each for each in RECORDS),
    "dataclasses": lambda: [Story(**each) for each in RECORDS],
    "named tuples": lambda: [Row(**each) for each in RECORDS],
    "attrs": lambda: [Attributed(**each) for each in RECORDS],
    "pydantic": lambda: [Model(**each) for each in RECORDS],
    "rows": lambda: [KeyedRow(**each) for each in RECORDS],
    "cursor": cursor,
    "table": lambda: Frame(RECORDS),
    "parts of a table": lambda: iter([Frame(RECORDS[:1]), Frame(RECORDS[1:])]),
    "pandas": lambda: pytest.importorskip("pandas").DataFrame(RECORDS),
    "pandas with an index": pandas_index,
    "pandas with an index of two levels": pandas_levels,
    "rows of pandas": pandas_rows,
    "parts of a file": lambda: iter([KINDS["pandas"]()]),
    "polars": lambda: pytest.importorskip("polars").DataFrame(RECORDS),
    "a query of polars": lambda: pytest.importorskip("polars").DataFrame(RECORDS).lazy(),
    "pyarrow": lambda: pytest.importorskip("pyarrow").Table.from_pylist(RECORDS),
    "a batch": lambda: pytest.importorskip("pyarrow").RecordBatch.from_pylist(RECORDS),
    "a stream": lambda: pytest.importorskip("pyarrow").Table.from_pylist(RECORDS).to_reader(),
}


class ArrowOnly:
    """A table that can only be read as a stream of Arrow."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


KINDS["a table of another library"] = lambda: ArrowOnly(KINDS["pyarrow"]())


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    path = tmp_path_factory.mktemp("records") / "expected.db"
    with Archive(path) as archive:
        archive.ingest(RECORDS)
    return everything(path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_gives_the_same_archive(
    archive: Archive, expected: dict[str, list[tuple]], kind: str
) -> None:
    assert counts(archive.ingest(KINDS[kind]())) == {"added": 3}
    assert everything(archive.path) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_records_again_are_unchanged(archive: Archive, kind: str) -> None:
    archive.ingest(KINDS[kind]())
    assert counts(archive.ingest(KINDS[kind]())) == {"unchanged": 3}


def test_records_have_the_fields_of_objects_in_json(archive: Archive) -> None:
    archive.ingest(RECORDS)
    article = archive.article("2018-01-02")
    assert article.article.title == "Talks in Geneva, round 2"
    assert article.article.author == "Mara Lindqvist"
    assert [each.text for each in article.paragraphs[1:]] == [
        "Round 2 of the talks ended without a result.",
        "The envoy left for Homs.",
    ]


def test_columns_name_other_fields(archive: Archive) -> None:
    record = {"Überschrift": "Ein Titel", "Inhalt": {"Text": "Ein Text aus Homs."}}
    archive.ingest([record], columns={"title": "Überschrift", "text": "Inhalt.Text"})
    assert archive.search("Homs").hits[0].article.title == "Ein Titel"


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([{"head": "A", "body": "One."}, {"head": "B", "body": "Two."}], True),
        ([{"head": "A", "body": "One."}, {"Head line": "B", "body": "Two."}], False),
        ([{"head": "A", "body": "One."}], False),
    ],
)
def test_a_column_that_no_record_has_is_told(archive: Archive, records, told: bool) -> None:
    report = archive.ingest(records, columns={"title": "Head line", "text": "body"})
    line = "has no 'Head line' in any record to be the title"
    assert [each.message for each in report.problems] == [line] * told
    assert not report.failed


def test_a_changed_record_replaces_its_article(archive: Archive) -> None:
    archive.ingest(RECORDS)
    changed = [{**RECORDS[0], "body": "Round 1 was cut short."}, *RECORDS[1:]]
    assert counts(archive.ingest(changed)) == {"updated": 1, "unchanged": 2}
    assert_sound(archive.path)


def test_paths_and_records_go_together(archive: Archive, folder) -> None:
    news = folder({"a.txt": "One about Homs."})
    assert counts(archive.ingest(news, RECORDS, name="talks")) == {"added": 4}


def test_a_generator_is_read_as_it_goes(archive: Archive) -> None:
    read = []

    def records() -> Iterator[dict]:
        for number in range(1000):
            read.append(number)
            yield {"id": number, "text": f"Report number {number} from Homs."}

    told: list[int] = []
    archive.ingest(records(), processes=0, progress=lambda *_: told.append(len(read)))
    assert len(read) == 1000 and told[0] <= 1


def test_a_column_alone_is_refused(archive: Archive) -> None:
    column = pytest.importorskip("polars").Series(["One."])
    with pytest.raises(OptionError, match="sources takes tables with columns, not Series"):
        archive.ingest(column)


def test_without_pyarrow_a_stream_says_what_to_install(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OptionError, match="type ArrowOnly with pyarrow: pip install pyarrow"):
        archive.ingest(ArrowOnly(None))


def test_a_second_ingest_imports_no_library_of_tables(archive: Archive) -> None:
    archive.ingest(RECORDS)
    code = (
        "import sys; from syriasearch import Archive;"
        f"Archive({str(archive.path)!r}).ingest([{{'id': 9, 'text': 'One.'}}]);"
        "print(*sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # The first one makes the archive with sqlite-utils, which imports pandas if that is there.
    loaded = set(found.stdout.split())
    assert not {"pandas", "polars", "pyarrow", "sqlite_utils"} & loaded


# Identity


@pytest.mark.parametrize(
    ("records", "paths"),
    [
        ([{"id": "a", "text": "One."}], ["records#a"]),
        ([{"id": 7.0, "text": "One."}], ["records#7"]),
        ([{"url": "https://a.example/1", "text": "One."}], ["records#https://a.example/1"]),
        ([{"id": "a", "text": "One."}, {"id": "a", "text": "Two."}], ["records#a", "records#a~2"]),
    ],
)
def test_a_record_is_known_by_its_id_or_its_address(
    archive: Archive, sql: Sql, records: list[dict], paths: list[str]
) -> None:
    archive.ingest(records)
    assert sql(archive, "SELECT path FROM articles ORDER BY path") == [(path,) for path in paths]


def test_a_record_without_either_is_known_by_its_content(archive: Archive) -> None:
    records = [{"text": "One from Homs."}, {"text": "Two from Idlib."}]
    archive.ingest(records)
    assert counts(archive.ingest([{"text": "Three."}, *records])) == {"added": 1, "unchanged": 2}


def test_two_records_of_an_address_are_two_articles(archive: Archive) -> None:
    records = [{"url": "https://a.example/", "text": text} for text in ("One.", "Two.", "One.")]
    assert counts(archive.ingest(records)) == {"added": 2, "unchanged": 1}


def test_a_name_keeps_sets_apart(archive: Archive) -> None:
    archive.ingest([{"id": 1, "text": "One from Homs."}], name="wire")
    report = archive.ingest([{"id": 1, "text": "Another from Idlib."}], name="blog")
    assert counts(report) == {"added": 1}


@pytest.mark.parametrize(("name", "expected"), [("wire", "updated"), (None, "added")])
def test_only_within_a_name_an_id_alone_tells_which_article_it_is(
    archive: Archive, name: str | None, expected: str
) -> None:
    archive.ingest([{"id": 1, "text": "One from Homs."}], name=name)
    report = archive.ingest([{"id": 1, "text": "Another about Idlib."}], name=name)
    assert counts(report) == {expected: 1}


def test_the_record_of_a_run_has_the_name(archive: Archive) -> None:
    archive.ingest(RECORDS, name="wire")
    assert archive.runs()[0].sources == ("records:wire",)


def test_a_file_of_the_name_of_a_set_is_another(archive: Archive, folder) -> None:
    archive.ingest([{"id": "x", "text": "One from Homs."}], name="wire.jsonl")
    news = folder({"wire.jsonl": '{"id": "x", "text": "One from Homs."}\n'})
    assert counts(archive.ingest(news)) == {"added": 1}
    report = archive.ingest([{"id": "x", "text": "One from Homs."}], name="wire.jsonl")
    assert counts(report) == {"unchanged": 1}


# Values


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (float("nan"), None),
        (3.0, 3),
        (2.5, 2.5),
        (float("inf"), "inf"),
        ("\ufeffa", "\ufeffa"),
        (b"Aleppo", "Aleppo"),
        (date(2018, 1, 27), "2018-01-27"),
        (datetime(2018, 1, 27, 9, 30, tzinfo=timezone.utc), "2018-01-27T09:30:00+00:00"),
        (Colour.RED, "red"),
        (Path("a/b"), "a/b"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (("a", None), ["a", None]),
        ({"name": ("a",)}, {"name": ["a"]}),
        (Row(1, 2, 3, 4, 5), dict(zip(RECORDS[0], (1, 2, 3, 4, 5), strict=True))),
        (object(), None),
        (len, None),
    ],
)
def test_a_value_as_plain_data(value: object, plain: object) -> None:
    found = plain_record({"x": value})["x"]
    assert (str(found) if plain == "inf" else found) == plain


def test_missing_values_of_pandas_are_nothing(archive: Archive, sql: Sql) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(
        {
            "id": [1, None],
            "title": ["One", float("nan")],
            "text": ["The first is from Homs.", "The second is from Idlib."],
            "date": [pandas.Timestamp("2018-01-27"), pandas.NaT],
            "author": pandas.array(["Mara Lindqvist", pandas.NA], dtype="string"),
            "source": pandas.Categorical(["The Daily Example", None]),
        }
    )
    archive.ingest(table)
    assert sql(archive, "SELECT title, published, author, source FROM articles ORDER BY id") == [
        ("One", "2018-01-27", "Mara Lindqvist", "The Daily Example"),
        ("The second is from Idlib", None, None, None),
    ]


def test_arrays_of_numpy(archive: Archive) -> None:
    numpy = pytest.importorskip("numpy")
    found = plain_record(
        {
            "id": numpy.int64(7),
            "date": numpy.datetime64("2018-01-27T10:00", "ns"),
            "text": numpy.array(["One.", "Two."], dtype=object),
            "missing": numpy.datetime64("NaT"),
        }
    )
    assert found["date"].startswith("2018-01-27T10:00:00")
    assert {**found, "date": ""} == {
        "id": 7,
        "date": "",
        "text": ["One.", "Two."],
        "missing": None,
    }


def test_a_record_in_itself_ends_somewhere(archive: Archive) -> None:
    record: dict[str, object] = {"id": 1, "text": "One from Homs."}
    record["parent"] = record
    assert counts(archive.ingest([record])) == {"added": 1}


# Problems


def test_a_bad_record_is_named_and_the_others_come_in(archive: Archive) -> None:
    report = archive.ingest([RECORDS[0], {"headline": "No text"}, 17, RECORDS[1]])
    assert counts(report) == {"added": 2, "failed": 2}
    assert lines(report) == [
        "records#2: record 2 has no text: give it a `text`",
        "records#3: record 3 has the type int, without names of fields: give a mapping",
    ]


class Broken:
    """A record whose values cannot be read."""

    def keys(self) -> list[str]:
        raise RuntimeError("the connection\nwas closed")

    def __getitem__(self, key: str) -> object:
        return None


def test_a_record_that_raises_is_a_problem(archive: Archive) -> None:
    report = archive.ingest([Broken(), RECORDS[0]])
    assert lines(report) == [
        "records#1: record 1 cannot be read (RuntimeError: the connection was closed): mend it"
    ]


def test_a_record_may_have_the_size_of_an_article(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syriasearch.ingest.records.MAX_ARTICLE_BYTES", 100)
    report = archive.ingest([{"id": 1, "text": "word " * 30}, {"id": 2, "text": "One."}])
    assert counts(report) == {"added": 1, "failed": 1}
    assert "record 1 has more than" in lines(report)[0]


def test_what_was_read_before_an_exception_is_kept(archive: Archive) -> None:
    def records() -> Iterator[dict]:
        yield from RECORDS
        raise ConnectionError("the database has gone")

    with pytest.raises(SourceError, match="after record 3"):
        archive.ingest(records(), processes=0)
    assert archive.search("").total == 3
    assert_sound(archive.path)
    assert counts(archive.ingest(RECORDS)) == {"unchanged": 3}


def test_the_exception_is_the_cause(archive: Archive) -> None:
    def records() -> Iterator[dict]:
        yield from ()
        raise ConnectionError

    with pytest.raises(SourceError) as caught:
        archive.ingest(records())
    assert isinstance(caught.value.__cause__, ConnectionError)
    assert not archive.path.exists()


def test_no_records_are_told(archive: Archive) -> None:
    report = archive.ingest([], name="wire")
    assert counts(report) == {}
    assert lines(report) == ["wire: holds no records: nothing was ingested of it"]


@pytest.mark.parametrize(
    ("sources", "options", "message"),
    [
        ([17], {}, "sources takes paths, or records .mappings, dataclasses, a table., not int"),
        ([None], {}, "sources takes .* not NoneType"),
        ([{"text": "One."}], {}, "sources takes records in a list"),
        ([["a.txt", "b.txt"]], {}, "sources takes paths one by one"),
        ([Story], {}, "sources takes .* not type"),
        ([RECORDS], {"name": "a#b"}, "name takes a name of the records"),
        ([RECORDS], {"name": " "}, "name takes a name of the records"),
        ([RECORDS], {"name": 3}, "name takes a text, not 3"),
        (["x"], {"name": "wire"}, "there is no 'x'|name is the name of records"),
        ([RECORDS], {"retry": True}, "retry is for files"),
        ([RECORDS], {"format": "csv"}, "format is for files and standard input"),
        ([RECORDS], {"columns": {"titel": "x"}}, "there is no field 'titel' to map"),
        ([RECORDS], {"columns": ["title"]}, "columns takes a mapping, {field: column}, not"),
        ([RECORDS], {"columns": {"text": 5}}, "columns takes the name of a column for text, not 5"),
        ([RECORDS], {"prune": "no"}, "prune takes True or False, not 'no'"),
        ([RECORDS], {"dry_run": None}, "dry_run takes True or False, not None"),
        ([RECORDS], {"progress": 5}, "progress takes a function, not 5"),
        ([RECORDS], {"gazetteer": 5}, "gazetteer takes paths of files, not 5"),
        ([RECORDS], {"gazetteer": ["a.csv", None]}, "gazetteer takes paths of files, not None"),
    ],
)
def test_a_wrong_argument_is_named(
    archive: Archive, sources: list[Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(SyriaSearchError, match=message):
        archive.ingest(*sources, **options)
    assert not archive.path.exists()


def test_a_name_without_records_is_refused(archive: Archive, folder) -> None:
    with pytest.raises(OptionError, match="name is the name of records, and there are none"):
        archive.ingest(folder({"a.txt": "One."}), name="wire")


def test_a_cluster_takes_no_records(tmp_path: Path) -> None:
    class Ray:
        exceptions = type("", (), {"RayTaskError": KeyError, "RayError": KeyError})

    from syriasearch.cluster.filling.run import ingest
    from syriasearch.ingest.sources import find_sources

    with pytest.raises(OptionError, match="records cannot be shared out to a cluster"):
        ingest(
            Ray(),
            [],
            tmp_path,
            find_sources([RECORDS]),
            options=None,
            prune=False,
            force=False,
            retry=False,
            restore=False,
            progress=None,
            reading=None,
        )
    assert Cluster.ingest.__doc__ and "records" in Cluster.ingest.__doc__


# Runs


def test_a_dry_run_writes_nothing(archive: Archive) -> None:
    assert counts(archive.ingest(RECORDS, dry_run=True)) == {"added": 3}
    assert not archive.path.exists()


def test_pruning_removes_what_the_set_no_longer_has(archive: Archive, folder) -> None:
    archive.ingest(folder({"a.txt": "One about Homs."}), [{"id": 1, "text": "Two."}])
    archive.ingest(RECORDS, name="talks")
    report = archive.ingest(RECORDS[:1], name="talks", prune=True)
    assert counts(report) == {"unchanged": 1, "removed": 2}
    assert archive.search("").total == 3
    assert_sound(archive.path)


def test_a_set_with_a_bad_record_is_not_pruned(archive: Archive) -> None:
    archive.ingest(RECORDS)
    assert counts(archive.ingest([RECORDS[0], 17], prune=True)) == {"unchanged": 1, "failed": 1}


def test_an_empty_set_is_pruned_only_with_force(archive: Archive) -> None:
    archive.ingest(RECORDS)
    with pytest.raises(EmptySourceError, match="records:records has no records any more, but 3"):
        archive.ingest([], prune=True)
    assert counts(archive.ingest([], prune=True, force=True)) == {"removed": 3}


def test_the_error_can_be_pickled() -> None:
    error = EmptySourceError({"records:a": 2})
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_processes_prepare_records(archive: Archive, tmp_path: Path) -> None:
    records = [{"id": number, "text": f"Report {number}. " * 200} for number in range(200)]
    assert counts(archive.ingest(iter(records), processes=2)) == {"added": 200}
    with Archive(tmp_path / "other.db") as other:
        other.ingest(records, processes=0)
        assert everything(archive.path) == everything(other.path)


# Properties

VALUES = st.none() | st.text(max_size=40) | st.integers() | st.floats() | st.booleans()
NAMES = st.sampled_from(["id", "title", "text", "body", "url", "date", "author", "lang", "source"])
MAPPINGS = st.dictionaries(NAMES | st.text(max_size=8), VALUES, max_size=8)


@given(st.lists(MAPPINGS, max_size=4))
@settings(max_examples=60)
def test_any_mappings_are_read_without_a_traceback_and_again_the_same(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict]
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.db"
    with Archive(path) as archive:
        first = archive.ingest(records)
        rows = everything(path)
        second = archive.ingest(records)
        assert first.fault is None and archive.check() == ()
        assert (second.added, second.updated) == (0, 0)
        assert second.unchanged + second.failed >= first.added
    assert everything(path) == rows


NESTED = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(NAMES, NESTED, max_size=6))
@settings(max_examples=60)
def test_any_nested_record_is_read_without_a_fault(
    tmp_path_factory: pytest.TempPathFactory, record: dict
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.db"
    with Archive(path) as archive:
        assert archive.ingest([record]).fault is None
