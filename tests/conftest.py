"""The archives that tests share: the small corpus, and the samples that ship with the project."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_s3 import bucket  # noqa: F401 (a fixture)
from faults.fixtures import server  # noqa: F401 (a fixture)
from formats import made  # noqa: F401 (a fixture)
from hypothesis import settings

from syriasearch import Archive
from syriasearch.models.report import IngestReport

# How long an example takes is no property of the program. A check tries the same examples each
# time; at home others are tried, and what they find is kept as a case.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")

MAX_ID = 200
"""The maximum length of a value that stands in the name of a test."""
ROOT = Path(__file__).parent.parent
CORPORA = Path(__file__).parent / "corpora"
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--none-skipped", action="store_true", help="a test that is skipped has failed"
    )


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a file's content by its argument: a packed one has the time in it, others are long."""
    is_content = isinstance(val, bytes) or (isinstance(val, str) and len(val) > MAX_ID)
    return argname if is_content else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("none_skipped"):
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and collector.config.getoption("none_skipped"):
        report.outcome = "failed"
    return report


needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared corpora are not on this machine"
)


@pytest.fixture(scope="session")
def corpus_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of corpora/default, for reading only."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.db"
    with Archive(path) as archive:
        archive.ingest(CORPORA / "default")
    return path


@pytest.fixture(scope="session")
def corpus(corpus_path: Path) -> Iterator[Archive]:
    with Archive(corpus_path, readonly=True) as archive:
        yield archive


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of seeds/, for reading only."""
    path = tmp_path_factory.mktemp("samples") / "syria.db"
    with Archive(path) as archive:
        archive.ingest(ROOT / "seeds")
        yield archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive that is not there yet."""
    with Archive(tmp_path / "archive" / "test.db") as archive:
        yield archive


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[Callable[..., list[tuple]]]:
    """Ask an archive's file, as any SQLite does."""
    connections: list[sqlite3.Connection] = []

    def ask(archive: Archive, statement: str, *parameters: object) -> list[tuple]:
        connection = sqlite3.connect(archive.path)
        connections.append(connection)
        return connection.execute(statement, parameters).fetchall()

    yield ask
    for connection in connections:
        connection.close()


@pytest.fixture
def site_of() -> Iterator[Callable[..., Any]]:
    """Open a Datasette of some databases, as a `browsing.Site`: `site_of(path)`."""
    from browsing import Site, make_datasette

    sites: list[Site] = []

    def make(*paths: Path, **options: Any) -> Site:
        sites.append(Site(make_datasette(*paths, **options)))
        return sites[-1]

    yield make
    for each in sites:
        each.close()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write files into a folder: `folder({"a.txt": "…"})`."""

    def write(files: dict[str, str | bytes], name: str | Path = "news") -> Path:
        path = tmp_path / name
        for file, content in files.items():
            target = path / os.fsdecode(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else content.encode()
            target.write_bytes(data)
        return path

    return write


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a pipeline of spaCy that knows a few names; return its folder."""
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "PERSON", "pattern": "Zed Qux"},
            {"label": "PERSON", "pattern": "Qux"},
            {"label": "PERSON", "pattern": "Sochi Jones"},
            {"label": "ORG", "pattern": "Sochi"},
            {"label": "DATE", "pattern": "Monday"},
        ]
    )
    folder = tmp_path_factory.mktemp("spacy") / "pipeline"
    pipeline.to_disk(folder)
    return str(folder)


def counts(report: IngestReport) -> dict[str, int]:
    """Return what a run did, without what did not occur."""
    names = ("added", "updated", "unchanged", "removed", "failed", "deleted")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def titles(page: object) -> list[str]:
    """Return the titles of a page's hits, in order."""
    return [hit.article.title for hit in page.hits]  # type: ignore[attr-defined]


def content(path: Path) -> list[tuple]:
    """Return everything that an archive holds, by content: no ids, no times."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT a.slug, a.title, a.published, a.path, p.position, p.kind, p.text,"
        " (SELECT group_concat(m.start || m.surface || e.slug) FROM mentions m"
        "  JOIN entities e ON e.id = entity_id WHERE paragraph_id = p.id)"
        " FROM paragraphs p JOIN articles a ON a.id = article_id ORDER BY a.slug, position"
    ).fetchall()
    rows += connection.execute("SELECT word, stem, count FROM words ORDER BY word").fetchall()
    connection.close()
    return rows


TIMES = {
    *("added_at", "updated_at", "read_at", "made_at", "undone_at", "applied_at"),
    *("modified", "run_id"),
}
"""And what hangs on when a run was."""
_BY_CONTENT = (
    "SELECT a.slug, a.title, a.author, a.source, a.url, a.published, a.lang, a.path, a.root,"
    " a.content_hash, a.word_count, b.slug FROM articles a"
    " LEFT JOIN articles b ON b.id = a.duplicate_of",
    "SELECT slug, name, type, description, wikidata, latitude, longitude, since, until, follows,"
    " origin, found_name FROM entities",
    "SELECT e.slug, f.slug, alias, lang, key, correction_id FROM aliases"
    " LEFT JOIN entities e ON e.id = entity_id LEFT JOIN entities f ON f.id = found_id",
    "SELECT alias, skeleton, form, part FROM alias_keys JOIN aliases ON aliases.id = alias_id",
    'SELECT slug, position, start, "end", surface, recognizer, reason, entity_id IS NULL,'
    " found_id IS NULL FROM mentions JOIN paragraphs p ON p.id = paragraph_id"
    " JOIN articles a ON a.id = article_id",
    "SELECT slug, digest, minima FROM signatures JOIN articles USING (id)",
    "SELECT slug, bands.id >> 28 FROM bands JOIN articles ON articles.id = bands.id & 268435455",
)


def everything(path: Path, *, ids: bool = True) -> dict[str, list[tuple]]:
    """Return all rows of an archive, but for runs and times; postings as the terms of articles.

    Without `ids` rows are known by their content.
    """
    from syriasearch.index.posting_rows import decode_chunk
    from syriasearch.index.postings import SEGMENT_BITS, read_segments

    with closing(sqlite3.connect(path)) as connection:
        if ids:
            named = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                " AND name NOT LIKE 'paragraphs_fts%'"
            )
            tables = {name for (name,) in named} - {"segments", "postings"}
            found = {}
            for table in tables - {"ingest_runs", "ingest_problems"}:
                columns = connection.execute(f"SELECT name FROM pragma_table_info('{table}')")
                kept = ", ".join(f'"{name}"' for (name,) in columns if name not in TIMES)
                found[table] = connection.execute(f"SELECT {kept} FROM {table}").fetchall()
        else:
            found = {sql: connection.execute(sql).fetchall() for sql in _BY_CONTENT}
            found["content"] = content(path)
        slugs = dict(connection.execute("SELECT id, slug FROM articles"))
        names = [
            dict(connection.execute(f"SELECT id, {name} FROM {table}"))
            for table, name in (("words", "word"), ("entities", "slug"))
        ]
        postings = found["postings"] = []
        for segment in read_segments(connection):
            gone = set(segment.deleted.tolist())
            postings += [
                (slugs[article], length, day)
                for article, length, day in zip(
                    *(each.tolist() for each in segment[1:4]), strict=True
                )
                if article not in gone
            ]
            base = segment.id << SEGMENT_BITS
            for row in connection.execute(
                "SELECT terms, data FROM postings WHERE id >= ? AND id < ?",
                (base, base + (1 << SEGMENT_BITS)),
            ):
                chunk, start = decode_chunk(*row), 0
                for key, end in zip(chunk.keys.tolist(), chunk.ends.tolist(), strict=True):
                    term = names[key >> 31].get(key & (1 << 30) - 1)
                    postings += [
                        (key >> 30, term, slugs[article], count)
                        for article, count in zip(
                            chunk.articles[start:end].tolist(),
                            chunk.counts[start:end].tolist(),
                            strict=True,
                        )
                        if article not in gone
                    ]
                    start = end
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def assert_sound(path: Path) -> None:
    """Everything that is derived is what the text says, and nothing is left over."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE temp.vocab USING fts5vocab(main, paragraphs_fts, row)")
    vocabulary = connection.execute("SELECT term, cnt FROM temp.vocab ORDER BY term").fetchall()
    words = connection.execute("SELECT word, count FROM words ORDER BY word").fetchall()
    assert words == vocabulary
    connection.execute(
        "INSERT INTO paragraphs_fts(paragraphs_fts, rank) VALUES('integrity-check', 1)"
    )
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    wrong = connection.execute(
        "SELECT count(*) FROM mentions JOIN paragraphs p ON p.id = paragraph_id"
        ' WHERE substr(text, start + 1, "end" - start) != surface'
    ).fetchone()
    assert wrong == (0,)
    apart = connection.execute(
        "SELECT article_id FROM paragraphs GROUP BY article_id"
        " HAVING max(id) - min(id) != count(*) - 1 OR min(position) != 0"
    ).fetchall()
    assert apart == []
    connection.rollback()
    connection.close()


def slugs(counts) -> list[str]:
    return [each.entity.slug for each in counts]


def named(archive: Archive) -> dict[str, dict[str, set[int]]]:
    """Return the articles and the paragraphs that name each entity, from the tables."""
    found: dict[str, dict[str, set[int]]] = {}
    with closing(sqlite3.connect(archive.path)) as connection:
        for slug, article, paragraph in connection.execute(
            "SELECT slug, article_id, paragraph_id FROM mentions"
            " JOIN entities ON entities.id = entity_id"
            " JOIN paragraphs ON paragraphs.id = paragraph_id"
        ):
            places = found.setdefault(slug, {"articles": set(), "paragraphs": set()})
            places["articles"].add(article)
            places["paragraphs"].add(paragraph)
    return found
