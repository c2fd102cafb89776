"""Folders of a bucket: what a run reads there, from a server of this machine that speaks S3."""

import sys
from pathlib import Path

import pytest
from conftest import counts
from fake_s3 import Bucket

from syriasearch import Archive, OptionError, SourceError
from syriasearch.ingest.s3 import BucketPath, _client, find_objects
from syriasearch.ingest.sources import root_key


def fill(bucket: Bucket) -> None:
    bucket.held |= {
        "wire/": b"",
        "wire/a.txt": b"Talks in Sochi\n\nThey went on.",
        "wire/2018/b.jsonl": b'{"id": 1, "text": "On Idlib."}\n{"id": 2, "text": "On Homs."}\n',
        "wire/c d+e.txt": "Über Aleppo\n\nText.".encode(),
        "wire/README.md": b"What this is",
        "wire/.hidden.txt": b"no",
        "wire/d.xyz": b"?",
        "wireless.txt": b"Another",
    }


def test_a_folder_of_a_bucket_is_read_as_a_folder_is(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket)
    folder = tmp_path / "wire"
    for key, content in bucket.held.items():
        if key.startswith("wire/") and not key.endswith("/"):
            (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / key).write_bytes(content)
    reports = []
    for name, source in (("a.db", "s3://news/wire"), ("b.db", folder)):
        with Archive(tmp_path / name) as archive:
            reports.append(archive.ingest(source, processes=0))
    assert counts(reports[0]) == counts(reports[1]) == {"added": 4}
    assert reports[0].skipped == reports[1].skipped == {".xyz": 1}
    with Archive(tmp_path / "a.db") as one, Archive(tmp_path / "b.db") as other:
        pages = [each.search("", sort="newest", limit=9) for each in (one, other)]
        found = [[(hit.article.slug, hit.article.path) for hit in page.hits] for page in pages]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("source", "added"),
    [
        ("s3://news/wire/", 4),
        ("s3://news", 5),
        ("s3://news/wire/a.txt", 1),
        ("s3://news/wire/d.xyz", 1),
        ("s3://news/wire/*.txt", 2),
        ("s3://news/wire/20??/*", 2),
    ],
)
def test_what_a_source_names(bucket: Bucket, tmp_path: Path, source: str, added: int) -> None:
    fill(bucket)
    with Archive(tmp_path / "a.db") as archive:
        assert archive.ingest(source).added == added


def test_what_has_not_changed_is_not_read_again(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket)
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest("s3://news/wire")
        bucket.asked.clear()
        assert counts(archive.ingest("s3://news/wire")) == {"unchanged": 4}
        assert bucket.asked == []
        bucket.held["wire/a.txt"] = b"Talks in Astana\n\nNow there."
        assert counts(archive.ingest("s3://news/wire")) == {"updated": 1, "unchanged": 3}
        assert bucket.asked == ["wire/a.txt"]


def test_what_is_gone_from_a_bucket_can_be_removed(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket)
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest("s3://news/wire")
        del bucket.held["wire/a.txt"]
        report = archive.ingest("s3://news/wire", prune=True)
        assert counts(report) == {"unchanged": 3, "removed": 1}


def test_a_folder_above_or_inside_finds_the_same_articles(bucket: Bucket, tmp_path: Path) -> None:
    fill(bucket)
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest("s3://news/wire")
        assert counts(archive.ingest("s3://news")) == {"added": 1, "unchanged": 4}
        assert counts(archive.ingest("s3://news/wire/2018")) == {"unchanged": 2}
        assert counts(archive.ingest("s3://news/wire/a.txt")) == {"unchanged": 1}


def test_two_folders_of_the_same_files_are_two(bucket: Bucket, tmp_path: Path) -> None:
    bucket.held |= {"a/x.txt": b"Talks in Sochi.", "b/x.txt": b"Talks in Sochi."}
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest("s3://news/a")
        assert counts(archive.ingest("s3://news/b")) == {"added": 1}


def test_an_object_that_breaks_off_is_a_problem_and_read_again(
    bucket: Bucket, tmp_path: Path
) -> None:
    fill(bucket)
    bucket.broken = {"wire/2018/b.jsonl"}
    with Archive(tmp_path / "a.db") as archive:
        report = archive.ingest("s3://news/wire")
        assert [each.lost for each in report.problems] == [True]
        bucket.broken.clear()
        assert archive.ingest("s3://news/wire", retry=True).failed == 0
        assert archive.search("Homs").total == 1


def test_a_key_that_is_no_path_is_told(bucket: Bucket, tmp_path: Path) -> None:
    odd = ["a//b.txt", "a/./b.txt", "/abs.txt", "a/../c.txt"]
    bucket.held |= dict.fromkeys([*odd, "a/b.txt"], b"Talks in Sochi.")
    with Archive(tmp_path / "a.db") as archive:
        report = archive.ingest("s3://news")
        assert (report.added, report.failed) == (1, 4)
        assert sorted(each.path for each in report.problems) == sorted(odd)
        assert archive.ingest("s3://news/*.txt").unchanged == 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("s3://", "names no bucket"),
        ("s3://news/nothing", "there is no"),
        ("s3://news/*.pdf", "there is no"),
        ("s3://none/wire", "NoSuchBucket"),
    ],
)
def test_what_is_not_there_is_told(bucket: Bucket, source: str, message: str) -> None:
    fill(bucket)
    with pytest.raises(SourceError, match=message):
        find_objects(source)


def test_without_boto3_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("botocore")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "botocore", None)
    monkeypatch.setitem(sys.modules, "boto3", None)
    _client.cache_clear()
    with pytest.raises(OptionError, match=r"pip install 'boto3>=1\.34'"):
        find_objects("s3://news/wire")


def test_a_bucket_is_known_by_its_address() -> None:
    assert BucketPath("news/wire").address == "s3://news/wire"
    assert root_key(BucketPath("news")) != root_key(Path("news"))
