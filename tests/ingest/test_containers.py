"""What is compressed, or holds other files: streamed, bounded, and never a reason to stop."""

import bz2
import gzip
import io
import lzma
import resource
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from formats import documents, messages, read, zstd

from syriasearch.ingest.readers import Document, PassedOver, Problem, SourceFile
from syriasearch.ingest.readers.compression import FREE, RATIO
from syriasearch.ingest.readers.containers import anchor_of, shown_name
from syriasearch.ingest.readers.detect import read_items

LINES = "".join(f'{{"id": "{n}", "text": "Text {n} of {n * n}."}}\n' for n in range(3000)).encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, data in files.items():
            container.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as container:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            container.addfile(member, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture
def made(tmp_path: Path):
    def make(name: str, content: bytes):
        (tmp_path / name).write_bytes(content)
        return read(tmp_path / name)

    return make


def test_what_is_damaged_from_its_beginning_is_one_problem(made) -> None:
    (told,) = messages(made("a.txt.bz2", b"BZh91AY&SY" + b"damaged" * 20))
    assert told.endswith("get it again, or leave it out")


@pytest.mark.parametrize("name", ["gz", "bz2", "xz", "zst"])
def test_a_packed_file_that_is_cut_off_is_told(made, name: str) -> None:
    lines = "\n".join(f"Convoy {each * each} left." for each in range(200_000))
    packed = PACKERS[name](lines.encode())
    items = made(f"a.txt.{name}", packed[: len(packed) // 2])
    assert documents(items)
    assert [message for message in messages(items) if "is damaged behind" in message]


def test_a_member_that_claims_to_be_endless_is_no_reason_to_go_on(made) -> None:
    member = tarfile.TarInfo("a.txt")
    member.size = 2**60
    told = messages(made("a.tar", member.tobuf() + b"A text."))
    assert "is a damaged tar file (it ends before its end): what stands before was read" in told


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (
            1024 + 100,
            "is a damaged tar file (it ends within a header): what stands before was read",
        ),
        (1024, "is a tar file without an end: it may have been cut off"),
        (2048 + 512, ""),
    ],
)
def test_a_tar_file_that_was_cut_off_is_told(made, length: int, told: str) -> None:
    items = made("a.tar", tarred({"a.txt": b"One.", "b.txt": b"Two."})[:length])
    assert messages(items) == ([told] if told else [])


FILES = {"one.txt": b"One.", "deep/two.jsonl": b'{"id": "x", "text": "Two."}\n'}


@pytest.mark.parametrize("ending", PACKERS)
def test_a_compressed_file_is_read_as_what_it_holds(made, ending: str) -> None:
    items = made(f"a.jsonl.{ending}", PACKERS[ending](LINES))
    assert len(documents(items)) == 3000
    assert items[7].anchor == "7"


@pytest.mark.parametrize("ending", PACKERS)
def test_content_tells_that_a_file_is_compressed(made, ending: str) -> None:
    assert len(documents(made("a.jsonl", PACKERS[ending](LINES)))) == 3000


@pytest.mark.parametrize("ending", PACKERS)
def test_compressed_files_may_follow_each_other(made, ending: str) -> None:
    half = len(LINES) // 2
    data = PACKERS[ending](LINES[:half]) + PACKERS[ending](LINES[half:])
    assert len(documents(made(f"a.jsonl.{ending}", data))) == 3000


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz"])
def test_of_a_broken_file_what_was_readable_is_kept_and_told(made, ending: str) -> None:
    lines = LINES * 8  # several blocks of bzip2
    data = PACKERS[ending](lines)
    items = made(f"a.jsonl.{ending}", data[: int(len(data) * 0.9)])
    assert "is damaged behind" in messages(items)[-1]
    assert items[-1].lost
    assert documents(items) or ending == "xz"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped(FILES)),
        ("a.tar", tarred(FILES)),
        ("a.tgz", gzip.compress(tarred(FILES))),
        ("a.tar.xz", lzma.compress(tarred(FILES))),
        ("a.tar.zst", PACKERS["zst"](tarred(FILES))),
        ("a", zipped(FILES)),
    ],
)
def test_the_files_of_a_container_are_read(made, name: str, data: bytes) -> None:
    assert [(each.anchor, each.text) for each in made(name, data)] == [
        ("one.txt", "One."),
        ("deep/two.jsonl#x", "Two."),
    ]


def test_containers_may_lie_in_each_other(made) -> None:
    inner = zipped({"in.txt.gz": gzip.compress(b"One.")})
    (document,) = made("a.tar", tarred({"inner.zip": inner}))
    assert (document.anchor, document.text) == ("inner.zip#in.txt.gz", "One.")


def test_but_not_too_deep(made) -> None:
    data = zipped({"a.txt": b"One."})
    for _ in range(6):
        data = zipped({"in.zip": data})
    assert messages(made("a.zip", data)) == ["lies more than 4 containers deep: unpack it"]


def test_what_no_reader_reads_is_counted_and_hidden_files_are_not_read(made) -> None:
    files = {
        "a.png": b"\x89PNG",
        ".hidden.txt": b"No.",
        "__MACOSX/a.txt": b"No.",
        "README.md": b"No",
    }
    assert made("a.zip", zipped(files)) == [PassedOver(".png")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/etc/a.txt", "etc/a.txt"),
        ("C:\\news\\a.txt", "C:/news/a.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("a\x1b[31m.txt", "a\ufffd[31m.txt"),
        ("..", "unnamed"),
    ],
)
def test_a_member_is_shown_below_its_container(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize(
    ("name", "anchor"),
    [
        ("./b//a.txt", "b/a.txt"),
        ("b\\a.txt", "b/a.txt"),
        ("in.zip#a.txt", "in.zip%23a.txt"),
        ("a\udcff.txt", "a\\xff.txt"),
        ("../a.txt", "a.txt~7255059883ea"),
        ("a\x01.txt", "a\ufffd.txt~2f23834ed396"),
    ],
)
def test_the_anchor_of_a_member_has_all_of_its_path(name: str, anchor: str) -> None:
    assert anchor_of(name) == anchor


def test_nothing_is_written_to_disk(made, tmp_path: Path) -> None:
    made("a.zip", zipped({"../outside.txt": b"One.", "inside.txt": b"Two."}))
    made("a.tar", tarred({"../outside.txt": b"One.", "inside.txt": b"Two."}))
    assert {each.name for each in tmp_path.iterdir()} == {"a.zip", "a.tar"}
    assert not (tmp_path.parent / "outside.txt").exists()


def test_members_of_one_name_are_told_apart(made) -> None:
    data = zipped({"a.txt": b"One.", "./a.txt": b"Two."})
    assert [each.anchor for each in made("a.zip", data)] == ["a.txt", "a.txt~2"]


def test_a_bad_member_does_not_stop_the_others(made) -> None:
    data = bytearray(
        zipped({"a.txt": b"One, and more of it.", "b.txt": b"Two."}, zipfile.ZIP_STORED)
    )
    data[data.index(b"One")] ^= 0xFF
    items = made("a.zip", bytes(data))
    assert [each.text for each in documents(items)] == ["Two."]
    assert any("Bad CRC-32" in message for message in messages(items))


def test_a_tar_file_that_is_cut_off_keeps_what_stands_before(made) -> None:
    data = tarred({"a.txt": b"One.", "b.txt": b"Two." * 500})
    items = made("a.tar", data[:1600])
    assert documents(items)[0].text == "One."
    assert any("is damaged" in message for message in messages(items))


def test_a_member_that_is_too_large_is_a_problem(made) -> None:
    data = zipped({"large.txt": b"word " * 7_000_000, "b.txt": b"Two."})
    items = made("a.zip", data)
    assert messages(items) == ["has more than the 32 MiB of one article: split it"]
    assert documents(items)[0].text == "Two."


def test_a_tar_header_does_not_ask_for_all_memory(made) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 8 * 10**9
    items = made("a.tar", tarred({"a.txt": b"One."})[:1024] + header.tobuf() + bytes(5000))
    assert documents(items)[0].text == "One."
    assert "a header is too long" in messages(items)[0]


@pytest.mark.parametrize("wrap", ["gz", "zip", "tar.gz", "gz.gz"])
@pytest.mark.slow
def test_a_bomb_does_not_go_off(made, wrap: str) -> None:
    size = 4 * FREE
    lines = b"\n"
    data = {
        "gz": lambda: gzip.compress(lines * size, 9),
        "zip": lambda: zipped({f"{n}.jsonl": b"\n" * (size // 8) for n in range(12)}),
        "tar.gz": lambda: gzip.compress(tarred({"a.jsonl": lines * size}), 9),
        "gz.gz": lambda: gzip.compress(gzip.compress(lines * size, 9), 9),
    }[wrap]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = made(f"a.jsonl.{wrap}", data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert any(f"{RATIO} times" in each or "far more" in each for each in messages(items))
    assert grown < 100 * 1024


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_a_container_without_files_is_a_problem(made, name: str) -> None:
    data = zipped({}) if name == "a.zip" else tarred({})
    data = gzip.compress(data) if name.endswith("gz") else data
    assert messages(made(name, data)) == ["holds no files: leave it out"]


def test_an_encrypted_member_is_told(made) -> None:
    data = bytearray(zipped({"a.txt": b"One.", "b.txt": b"Two."}, zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    items = made("a.zip", bytes(data))
    assert messages(items) == ["is encrypted: unpack it"]
    assert documents(items)[0].text == "Two."


def test_a_container_inside_of_another_may_not_be_held_whole(made, monkeypatch) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.spool.IN_MEMORY", 100)
    items = made("a.tar", tarred({"in.zip": zipped({"a.txt": b"x" * 500}), "b.txt": b"Two."}))
    assert "inside of another: unpack it" in messages(items)[0]
    assert documents(items)[0].text == "Two."


@pytest.mark.slow
def test_memory_does_not_grow_with_a_stream(tmp_path: Path) -> None:
    import random

    path = tmp_path / "a.jsonl.gz"
    numbers = random.Random(7)
    with gzip.open(path, "wb", 1) as out:
        for number in range(30_000):
            words = " ".join(str(numbers.random()) for _ in range(40))
            out.write(f'{{"id": "{number}", "text": "{words}"}}\n'.encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(isinstance(each, Document) for each in read_items(SourceFile(path, path.name)))
    assert count == 30_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


@pytest.mark.parametrize("ending", [".zip", ".gz", ".tar.xz", ".zst"])
def test_what_is_called_packed_and_is_not_is_a_problem(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(bytes(range(128, 256)) * 20)
    (problem,) = read_items(SourceFile(path, path.name), named=False)
    assert isinstance(problem, Problem)
    assert f"is called {path.suffix}, but is not" in problem.message


def test_a_name_that_is_not_utf8_costs_no_other_member(made) -> None:
    packed = zipped({"a.txt": b"A text.", "b\u00e9.txt": b"B text.", "c.txt": b"C text."})
    items = documents(made("a.zip", packed.replace("b\u00e9.txt".encode(), b"b\xff\xfe.txt")))
    assert [item.text for item in items] == ["A text.", "B text.", "C text."]
    assert len({item.anchor for item in items}) == 3


def test_a_sparse_member_of_a_tar_file_is_not_read_and_the_others_are(made) -> None:
    sparse = tarfile.TarInfo("holes.txt")
    sparse.type, sparse.size = tarfile.GNUTYPE_SPARSE, 512
    header = bytearray(sparse.tobuf(tarfile.GNU_FORMAT))
    header[386:410] = b"%011o\0%011o\0" % (0, 512)  # one piece, at the beginning
    header[483:495] = b"%011o\0" % 2**32  # of four gigabytes
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))
    rest = tarred({"a.txt": b"A text."})
    problem, document = made("a.tar", bytes(header) + b"x" * 512 + rest)
    assert (problem.message, problem.anchor) == ("is a sparse file: unpack it", "holes.txt")
    assert document.text == "A text."
