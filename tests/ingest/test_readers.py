"""The registry of readers, and what holds of all of them."""

import sys
from pathlib import Path

import pytest
from formats import PAGE, RSS, documents, messages, read, write
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.ingest.readers import Document, PassedOver, Problem, Reader, SourceFile, registry
from syriasearch.ingest.readers.base import readable
from syriasearch.ingest.readers.registry import all_readers

HEADS = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd",
         b"%PDF-1.4\n", b"WARC/1.0\r\n", b"<html>", b"<?xml version='1.0'?><rss>", b'[{"text":',
         b'{"text":"x"}\n{', b"title,text\n", b"\xff\xfe", PAGE.encode(), RSS.encode()]  # fmt: skip

ENDINGS = ["txt", "md", "html", "json", "jsonl", "csv", "tsv", "rss", "warc", "pdf", "gz", "bz2",
           "xz", "zst", "zip", "tar", "xml", "bin"]  # fmt: skip


@given(st.sampled_from(HEADS), st.binary(max_size=200), st.sampled_from(ENDINGS))
def test_no_bytes_of_any_format_raise(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, data: bytes, ending: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{ending}"
    path.write_bytes(head + data)
    for item in read(path):
        assert isinstance(item, (Document, Problem, PassedOver))
        assert "report it" not in getattr(item, "message", ""), item


@pytest.mark.parametrize("reader", all_readers(), ids=lambda reader: reader.name)
@given(data=st.sampled_from(HEADS).flatmap(lambda head: st.binary(max_size=100).map(head.__add__)))
def test_no_reader_raises_for_what_it_is_told_to_read(
    tmp_path_factory: pytest.TempPathFactory, reader: Reader, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "forced"
    path.write_bytes(data)
    for item in readable(reader.read(SourceFile(path, "forced"))):
        if isinstance(item, Document):
            assert all(isinstance(each, (Document, Problem)) for each in item.complete())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a package that offers readers, by its folder alone."""
    site = tmp_path / "site"
    about = site / "sample_readers-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-readers\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[syriasearch.readers]\nlog = sample_readers:LogReader\ngone = sample_readers:Nothing\n"
    )
    (site / "sample_readers.py").write_text(
        "from syriasearch import Document\n"
        "class LogReader:\n"
        "    name = 'log'\n"
        "    suffixes = ('.log',)\n"
        "    def claims(self, head): return head[:4] == b'LOG ' or head == b'ODD' and 1 / 0\n"
        "    def read(self, file):\n"
        "        with file.open() as stream:\n"
        "            for number, line in enumerate(stream, start=1):\n"
        "                yield Document(line.decode(), anchor=str(number))\n"
        "        raise KeyError('a fault of its own')\n"
    )
    monkeypatch.syspath_prepend(str(site))
    registry._registry.cache_clear()
    yield
    sys.modules.pop("sample_readers", None)
    registry._registry.cache_clear()


@pytest.mark.parametrize("name", ["a.log", "a.txt"])
def test_another_package_may_add_a_reader(package: None, made, name: str) -> None:
    assert [each.text for each in documents(made(name, "LOG one\nLOG two\n"))] == [
        "LOG one\n",
        "LOG two\n",
    ]


def test_a_fault_of_another_packages_reader_is_said_to_be_its(package: None, made) -> None:
    assert messages(made("a.log", "LOG one\n")) == [
        "a fault in the reader log (KeyError: 'a fault of its own'): report it to its authors"
    ]


def test_a_fault_in_recognizing_a_file_is_a_note(package: None, made) -> None:
    items = made("a.txt", "ODD")
    assert [each.text for each in documents(items)] == ["ODD"]
    (problem,) = (item for item in items if isinstance(item, Problem))
    assert not problem.lost
    assert problem.message == (
        "a fault in the reader log (ZeroDivisionError: division by zero): report it to its authors"
    )


def test_a_reader_that_cannot_be_loaded_is_told(package: None) -> None:
    ((name, problem),) = registry.reader_problems()
    assert name == "syriasearch.readers: gone"
    assert "cannot be used (AttributeError" in problem.message


def test_every_ending_has_one_reader() -> None:
    endings = [suffix for reader in all_readers() for suffix in reader.suffixes]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize(
    "piece",
    ["<!-- a -->", "<!-- a -->\n", "<!--", "<!-- a -- > ", "<!--->", "<?xml a?>", "<?xml ", " \n"],
)
def test_recognizing_a_format_ends_however_often_a_head_repeats_something(piece: str) -> None:
    # In time that grows with the number of ways to read it, this would not end.
    for reader in all_readers():
        assert reader.claims((piece * 2000).encode()) is False


@given(st.binary(max_size=300))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("a.txt", "a.md", "a.jsonl"):
        items = read(write(folder / name, data))
        assert items or not data.strip()
