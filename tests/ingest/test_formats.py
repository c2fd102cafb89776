"""A sample of each format in docs/formats.md, and what is read from it."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from pathlib import Path

import pytest
from conftest import CORPORA, ROOT

from syriasearch import Archive

SAMPLES = sorted(path for path in (CORPORA / "formats").iterdir() if path.is_dir())
NAMES = [sample.name for sample in SAMPLES]
PAGE = ROOT / "docs" / "formats.md"
FIELDS = ("title", "author", "published", "source", "url", "lang")


def sample_file(sample: Path) -> Path:
    (file,) = (path for path in sample.iterdir() if path.name != "expected.json")
    return file


def read(source: Path, path: Path) -> dict[str, list[object]]:
    """Ingest a file into a new archive; return its articles and the messages of its problems."""
    with Archive(path) as archive:
        report = archive.ingest(source)
        texts = [archive.article(hit.article.slug) for hit in archive.search("", limit=100).hits]
    articles = []
    for text in texts:
        fields = {name: getattr(text.article, name) for name in FIELDS}
        fields["date"] = fields.pop("published")
        paragraphs = [paragraph.text for paragraph in text.paragraphs[1:]]
        kept = {name: value for name, value in fields.items() if value is not None}
        articles.append({**kept, "paragraphs": paragraphs})
    return {
        "articles": sorted(articles, key=lambda each: (each["title"], each["paragraphs"])),
        "problems": sorted(problem.message for problem in report.problems),
    }


def expected(sample: Path) -> dict[str, list[object]]:
    content = json.loads((sample / "expected.json").read_text(encoding="utf-8"))
    articles = content["articles"]
    return {
        "articles": sorted(articles, key=lambda each: (each["title"], each["paragraphs"])),
        "problems": sorted(content.get("problems", [])),
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_sample_is_read_as_its_format(sample: Path, tmp_path: Path) -> None:
    assert read(sample_file(sample), tmp_path / "a.db") == expected(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_format_is_known_by_its_content_within_a_compressed_file(
    sample: Path, tmp_path: Path
) -> None:
    file = sample_file(sample)
    packed = tmp_path / f"{file.name}.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert read(packed, tmp_path / "a.db") == expected(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_format_is_known_within_a_zip_file(sample: Path, tmp_path: Path) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as container:
        container.write(sample_file(sample), f"inner/{sample_file(sample).name}")
    assert read(packed, tmp_path / "a.db") == expected(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_file_that_is_cut_off_is_read_or_reported(sample: Path, tmp_path: Path) -> None:
    content = sample_file(sample).read_bytes()
    cut = tmp_path / sample_file(sample).name
    cut.write_bytes(content[: len(content) // 2])
    found = read(cut, tmp_path / "a.db")
    assert found["articles"] or found["problems"]
    assert not [each for each in found["problems"] if "a fault in syriasearch" in str(each)]


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_reading_again_changes_nothing(sample: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy" / sample_file(sample).name
    copied.parent.mkdir()
    with Archive(tmp_path / "a.db") as archive:
        copied.write_bytes(sample_file(sample).read_bytes())
        first = archive.ingest(copied)
        copied.write_bytes(sample_file(sample).read_bytes())
        again = archive.ingest(copied)
    assert (again.added, again.updated) == (0, 0)
    assert again.unchanged == first.added


def test_each_row_of_the_page_has_a_sample_and_each_sample_a_row() -> None:
    links = re.findall(r"\]\(\.\./tests/corpora/formats/([^/)]+)/\)", PAGE.read_text("utf-8"))
    assert sorted(links) == NAMES
