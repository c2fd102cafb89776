"""BibTeX: entries with their abstracts."""

import pytest
from formats import documents, messages

from syriasearch import Archive, export

ENTRY = r"""@article{a1,
  author = {Karim, Nadia and Tahan, Jr., Omar and {Ministry of Health and Population}},
  title = "A {Convoy}",
  journal = {Sample Wire}, year = 2018, month = jan, day = 27,
  url = {https://example.org/a}, language = {en},
  abstract = {The convoy arrived.

It left again.}
}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "% Encoding: UTF-8\n\n", "@comment{jabref}\n"])
def test_the_fields_of_an_entry(made, end: str, mark: str) -> None:
    (document,) = documents(made("a", mark + ENTRY.replace("\n", end)))
    assert document.text == "The convoy arrived.\n\nIt left again."
    assert (document.title, document.author, document.source, document.lang, document.url) == (
        "A Convoy",
        "Nadia Karim; Omar Tahan Jr.; Ministry of Health and Population",
        "Sample Wire",
        "en",
        "https://example.org/a",
    )


def test_each_entry_is_an_article(made) -> None:
    assert [
        each.anchor for each in documents(made("a.bib", ENTRY + ENTRY.replace("a1", "a2")))
    ] == [
        "a1",
        "a2",
    ]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = 2018, month = 1, day = 7", "2018-01-07"),
        ("year = {2018}, month = jan, day = {7}", "7 jan 2018"),
        ('year = 2018, month = "7~" # jan', "7 jan 2018"),
        ("year = 2017, date = {2018-01-07}", "2018-01-07"),
        ("year = 2018", "2018"),
    ],
)
def test_dates(made, fields: str, date: str) -> None:
    (document,) = documents(made("a.bib", f"@misc{{a, abstract = {{A.}}, {fields}}}"))
    assert document.date == date


@pytest.mark.parametrize(
    ("fields", "source", "url"),
    [
        ("howpublished = {Sample Wire}", "Sample Wire", None),
        (r"howpublished = {\url{https://example.org/a}}", None, "https://example.org/a"),
        (r"url = {https://example.org/a\_b?c\&d}", None, "https://example.org/a_b?c&d"),
        ("journal = wire # { Service}", "Sample Wire Service", None),
        ("publisher = {Press}, journaltitle = {Sample Wire}", "Sample Wire", None),
    ],
)
def test_sources_and_addresses(made, fields: str, source: str | None, url: str | None) -> None:
    text = f'@string{{wire = "Sample Wire"}}\n@misc{{a, abstract = {{A.}}, {fields}}}'
    (document,) = documents(made("a.bib", text))
    assert (document.source, document.url) == (source, url)


@pytest.mark.parametrize(
    "value",
    [
        r"{A \{ brace}",  # BibTeX counts it, and some that write files do not
        r'"A {"}quote{"}"',
        "{A (bracket}",
        "{An @ a, b = c}",
    ],
)
def test_what_is_in_a_value_ends_no_entry(made, value: str) -> None:
    text = f"@misc{{a, title = {value}, abstract = {{The text.}}}}\n{ENTRY}"
    assert [each.text.splitlines()[0] for each in documents(made("a.bib", text))] == [
        "The text.",
        "The convoy arrived.",
    ]


def test_a_value_without_an_end_is_reported(made) -> None:
    path = made("a.bib", f"@misc{{a, title = {{A, abstract = {{The text.}}}}\n{ENTRY}")
    assert [each.title for each in documents(path)] == ["A", "A Convoy"]
    assert "entry a has a value without an end: look at it" in messages(path)


def test_many_values_without_an_end_are_read_in_no_time(made) -> None:
    assert len(messages(made("a.bib", "@misc{a, " + "b = {, " * 30_000))) == 1


def test_entries_without_abstracts_are_reported(made) -> None:
    entries = "@misc{a,\n title = {A}}\n@misc{b,\n title = {B}}\n"
    assert "is a list of 2 records" in messages(made("a.bib", entries))[0]


@pytest.mark.parametrize("form", ["bibtex", "csl", "ris", "jsonl", "csv"])
@pytest.mark.parametrize(
    "author",
    [
        "Nadia Karim, Omar Tahan Jr.",
        "Ida von Berg",
        "The Associated Press",
        "Ministry of Health and Population",
        "عمر حداد, سارة قاسم",
        None,
    ],
)
@pytest.mark.parametrize("title", ["A {convoy}: 10% & ~$5_^#\\", "A } convoy", "قافلة «convoy»"])
def test_what_the_program_exports_is_read_back(
    tmp_path, archive: Archive, form: str, author: str | None, title: str
) -> None:
    record = {"author": author, "title": title, "source": "Sample & Wire", "date": "2018-01-27"}
    record |= {"url": "https://example.org/a_b?c=1&d=%20", "text": "The convoy arrived."}
    archive.ingest([record], name="records")
    (before,) = archive.search("convoy").hits
    exported = tmp_path / "export"
    exported.write_text("".join(export([before], form)))
    with Archive(tmp_path / "other.db") as other:
        other.ingest(exported)
        (hit,) = other.search("convoy").hits
    for name in ("title", "author", "source", "published", "url"):
        assert getattr(hit.article, name) == getattr(before.article, name)
