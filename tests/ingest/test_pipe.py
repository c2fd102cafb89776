"""Standard input: every format that is read from a file is read from a pipe."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import CORPORA
from formats import PAGE, RSS, zstd
from test_pdf import pdf
from test_warc import warc

from syriasearch import Archive
from syriasearch.ingest.readers.registry import reader_named

MAIL = (
    "From: Sample Wire <desk@wire.example>\nSubject: Convoy reaches Dara\n"
    "Date: Sat, 02 Jun 2018 09:00:00 +0000\nMessage-ID: <1@wire.example>\n\n"
    "A convoy with flour reached the town on Saturday.\n"
)
SAMPLES: dict[str, bytes] = {
    "text": b"Convoy reaches Dara\n\nA convoy with flour reached the town.",
    "markdown": b"# Convoy reaches Dara\n\nA convoy with *flour* reached the town.",
    "html": PAGE.encode(),
    "json": b'[{"id": 1, "text": "One from Dara."}, {"id": 2, "text": "Two from Homs."}]',
    "jsonl": b'{"id": 1, "text": "One from Dara."}\n{"id": 2, "text": "Two from Homs."}\n',
    "csv": b"id,title,text\n1,One,A convoy with flour.\n2,Two,It rained.\n",
    "tsv": b"id\ttitle\ttext\n1\tOne\tA convoy with flour.\n2\tTwo\tIt rained.\n",
    "feed": RSS.encode(),
    "mail": MAIL.encode(),
    "pdf": pdf("A convoy with flour reached the town on Saturday."),
    "warc": warc(("https://a.example/1", "text/html", PAGE)),
}
FILES = {
    folder.name: file
    for folder in sorted((CORPORA / "formats").iterdir())
    if folder.is_dir()
    for file in folder.iterdir()
    if file.name != "expected.json"
}


def zipped(data: bytes, name: str = "inner/a.jsonl") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(name, data)
    return target.getvalue()


def tarred(data: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as container:
        info = tarfile.TarInfo("inner/a.jsonl")
        info.size = len(data)
        container.addfile(info, io.BytesIO(data))
    return target.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda data: gzip.compress(tarred(data)),
    "zip in a zip": lambda data: zipped(zipped(data), "a.zip"),
}


@contextmanager
def piped(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let standard input be a pipe, which another thread fills."""
    source, target = os.pipe()

    def fill() -> None:
        with os.fdopen(target, "wb") as stream:
            stream.write(data)

    thread = threading.Thread(target=fill)
    thread.start()
    with os.fdopen(source, "r") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        yield
    thread.join()


def content(archive: Archive) -> list[tuple]:
    """Return what was read, without what depends on the place of it."""
    hits = archive.search("", limit=100, all_copies=True).hits
    texts = [archive.article(hit.article.slug) for hit in hits]
    return sorted(
        (
            text.article.title,
            text.article.author or "",
            text.article.published or "",
            text.article.url or "",
            *(paragraph.text for paragraph in text.paragraphs),
        )
        for text in texts
    )


def from_file(path: Path, folder: Path, **options: str) -> list[tuple]:
    with Archive(folder / "file.db") as archive:
        archive.ingest(path, **options)
        return content(archive)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_pipe_gives_what_a_file_gives(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "sample"
    path.write_bytes(SAMPLES[name])
    with piped(SAMPLES[name], monkeypatch):
        report = archive.ingest("-", format=name)
    assert report.fault is None and report.added > 0
    assert content(archive) == from_file(path, tmp_path, format=name)


@pytest.mark.parametrize("name", FILES)
def test_a_sample_of_a_format_from_a_pipe(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = FILES[name]
    expected = from_file(file, tmp_path)
    formats = [None, name] if reader_named(name) else [None]
    for form in formats:
        with piped(file.read_bytes(), monkeypatch):
            archive.ingest("-", format=form)
        assert content(archive) == expected


@pytest.mark.parametrize("packing", PACKINGS)
def test_packed_files_from_a_pipe(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    with piped(PACKINGS[packing](SAMPLES["jsonl"]), monkeypatch):
        report = archive.ingest("-")
    assert (report.added, report.failed) == (2, 0)


def test_a_zip_file_that_is_too_large_for_memory_is_held_in_a_file(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.spool.IN_MEMORY", 50)
    with piped(zipped(SAMPLES["jsonl"]), monkeypatch):
        assert archive.ingest("-").added == 2


def test_one_that_is_too_large_for_that_is_a_problem(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.spool.IN_MEMORY", 50)
    monkeypatch.setattr("syriasearch.ingest.readers.spool.MAX_SPOOLED", 100)
    with piped(zipped(SAMPLES["jsonl"]), monkeypatch):
        report = archive.ingest("-")
    assert [str(each) for each in report.problems] == [
        "-: is a zip file of over 0 GiB: name the file itself"
    ]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("part", [0, 1, 60])
def test_a_pipe_that_breaks_is_read_or_reported(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, name: str, part: int
) -> None:
    with piped(SAMPLES[name][:part], monkeypatch):
        report = archive.ingest("-", format=name)
    assert report.fault is None
    assert report.added or report.problems


def test_no_standard_input_is_a_problem(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    report = archive.ingest("-")
    assert [str(each) for each in report.problems] == [
        "-: cannot be read: there is no standard input"
    ]


def test_an_address_identifies_an_article_without_an_id(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text, outcome in (("One.", (1, 0)), ("One, corrected.", (0, 1))):
        with piped(b'{"url": "https://a.example/1", "text": "%s"}\n' % text.encode(), monkeypatch):
            report = archive.ingest("-", format="jsonl")
        assert (report.added, report.updated) == outcome


def test_much_on_a_pipe_is_prepared_in_other_processes(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from syriasearch.ingest import workers

    started: list[int] = []
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(workers, "WORTH", 100)
    make = workers._Worker.__init__

    def begin(self: object) -> None:
        started.append(1)
        make(self)  # type: ignore[arg-type]

    monkeypatch.setattr(workers._Worker, "__init__", begin)
    lines = b"".join(b'{"id": %d, "text": "Report %d from Homs."}\n' % (n, n) for n in range(60))
    with piped(lines, monkeypatch):
        assert archive.ingest("-", format="jsonl").added == 60
    assert started
