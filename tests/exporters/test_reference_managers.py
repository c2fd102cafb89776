"""Citations as other programs read them: the same authors, title, date and source."""

import json
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from syriasearch import Article, cite

TITLES = (
    "Truce in Idlib: the UN's {plan} & 50% of $5, #1 a_b",
    "الهدنة في إدلب «تصمد»",
    'The "truce" holds @article, says AFP',
)
AUTHORS: tuple[tuple[str | None, list[tuple[str, ...]]], ...] = (
    ("Omar Haddad Jr., Ida von Berg", [("Omar", "Haddad", "Jr."), ("Ida", "von Berg")]),
    ("عمر حداد وسارة قاسم", [("عمر حداد",), ("سارة قاسم",)]),
    ("Ministry of Health and Population; Reuters", [
        ("Ministry of Health and Population",), ("Reuters",)
    ]),
    ("Juan Carlos de la Cruz", [("Juan Carlos", "de la Cruz")]),
    ("Abd al-Rahman al-Ali", [("Abd al-Rahman", "al-Ali")]),
    (None, []),
)  # fmt: skip
"""Lines of authors, with their names: given name, family name and suffix, or the name of a body."""
ARTICLES = [
    Article(
        number,
        f"2018-01-27-article-{number}",
        title,
        author,
        source,
        "https://example.org/a_b?c=1&d=%D8%A7#e",
        "2018-01-27" if source else None,
        "ar",
        "a.txt",
    )
    for number, (title, (author, _), source) in enumerate(
        (title, names, source)
        for title in TITLES
        for names in AUTHORS
        for source in ("Sample & Wire", "عنب بلدي", None)
    )
]
NAMES = {article.slug: dict(AUTHORS)[article.author] for article in ARTICLES}


def written(style: str) -> str:
    entries = [cite(article, style, quote="The “truce” holds.") for article in ARTICLES]
    return f"[{','.join(entries)}]" if style == "csl" else "\n\n".join(entries) + "\n"


def joined(parts: list[str]) -> str:
    return " ".join(parts)


def name_of(first: list[str], prefix: list[str], last: list[str], suffix: list[str]) -> list[str]:
    return list(filter(None, map(joined, (first, [*prefix, *last], suffix))))


def test_pybtex_reads_every_entry() -> None:
    database = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    from pybtex.richtext import Text

    entries = database.parse_string(written("bibtex"), "bibtex").entries
    assert list(entries) == [article.slug for article in ARTICLES]
    for article in ARTICLES:
        entry = entries[article.slug]
        read = [
            tuple(
                str(Text.from_latex(part))
                for part in name_of(
                    [*each.first_names, *each.middle_names],
                    each.prelast_names,
                    each.last_names,
                    each.lineage_names,
                )
            )
            for each in entry.persons.get("author", [])
        ]
        assert read == NAMES[article.slug]
        shown = str(Text.from_latex(entry.fields["title"]))
        assert shown.replace("\\", "") == article.title.translate({ord(x): None for x in "{}"})
        check_fields(article, entry.type, dict(entry.fields))


def check_fields(article: Article, kind: str, fields: dict[str, str]) -> None:
    is_complete = article.author and article.source
    assert kind == ("article" if is_complete else "misc")
    source = fields.get("journal" if is_complete else "howpublished")
    assert (source and source.replace("\\&", "&")) == article.source
    assert fields.get("date") == article.published
    assert fields.get("year") == (article.published and article.published[:4])
    assert fields.get("month", "jan").lower()[:3] == "jan"
    assert fields["url"] == article.url


def test_bibtexparser_reads_every_entry() -> None:
    """Of whichever version is installed: 1 and 2 have nothing in common but their name."""
    bibtexparser = pytest.importorskip("bibtexparser", reason="bibtexparser is not installed")
    if not hasattr(bibtexparser, "parse_string"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of pyparsing, which it uses
            entries = bibtexparser.loads(written("bibtex")).entries
        read = {each["ID"]: (each["ENTRYTYPE"], each) for each in entries}
    else:
        library = bibtexparser.parse_string(written("bibtex"))
        assert library.failed_blocks == []
        read = {
            each.key: (each.entry_type, {field.key: field.value for field in each.fields})
            for each in library.entries
        }
    assert list(read) == [article.slug for article in ARTICLES]
    for article in ARTICLES:
        kind, fields = read[article.slug]
        check_fields(article, kind, fields)
        assert fields["title"][0] + fields["title"][-1] == "{}"
        assert len(fields.get("author", "").split(" and ")) >= len(NAMES[article.slug])


def test_bibtexparser_2_splits_names() -> None:
    bibtexparser = pytest.importorskip("bibtexparser", reason="bibtexparser is not installed")
    if not hasattr(bibtexparser, "parse_string"):
        return
    from bibtexparser import middlewares

    steps = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    library = bibtexparser.parse_string(written("bibtex"), append_middleware=steps)
    for entry in library.entries:
        read = [
            tuple(part.strip("{}") for part in name_of(each.first, each.von, each.last, each.jr))
            for each in (entry.get("author").value if entry.get("author") else [])
        ]
        assert read == NAMES[entry.key]


def test_rispy_reads_every_record() -> None:
    rispy = pytest.importorskip("rispy", reason="rispy is not installed")
    records = rispy.loads(written("ris"))
    assert len(records) == len(ARTICLES)
    for article, record in zip(ARTICLES, records, strict=True):
        assert record["title"] == article.title
        assert record.get("secondary_title") == article.source
        assert record.get("date", "").replace("/", "-") == (article.published or "")
        assert record["urls"] == [article.url]
        assert [author.split(", ") for author in record.get("authors", [])] == [
            [name[1], name[0], *name[2:]] if len(name) > 1 else [name[0]]
            for name in NAMES[article.slug]
        ]


def test_citeproc_shows_every_item() -> None:
    citeproc = pytest.importorskip("citeproc", reason="citeproc-py is not installed")
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = CiteProcJSON(json.loads(written("csl")))  # it warns of what it does not know
    # The one style that it brings has another name in each version.
    name = min(path.stem for path in Path(citeproc.STYLES_PATH).glob("harvard*.csl"))
    style = CitationStylesStyle(name, validate=False)
    shown = CitationStylesBibliography(style, source, formatter.plain)
    for article in ARTICLES:
        shown.register(Citation([CitationItem(article.slug)]))
    for article, line in zip(ARTICLES, map(str, shown.bibliography()), strict=True):
        assert article.title.rstrip(".") in line
        assert all((name[1] if len(name) > 1 else name[0]) in line for name in NAMES[article.slug])
        assert (article.source or "") in line


@pytest.mark.parametrize("style", ["bibtex", "csl"])
def test_pandoc_reads_every_entry(tmp_path: Path, style: str) -> None:
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    file = tmp_path / "references"
    file.write_text(written(style), encoding="utf-8")
    form = {"bibtex": "bibtex", "csl": "csljson"}[style]
    command = ["pandoc", "-f", form, "-t", "csljson", str(file)]
    items = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    by_id = {item["id"]: item for item in items}
    assert by_id.keys() == NAMES.keys()
    for article in ARTICLES:
        item = by_id[article.slug]
        quotes = str.maketrans("’“”", '\'""')
        assert item["title"].translate(quotes) == article.title
        assert list(map(csl_name, item.get("author", []))) == NAMES[article.slug]
        if style == "csl" or (article.author and article.source):
            assert item["type"] == "article-newspaper"
            assert item.get("container-title") == article.source
        assert item["URL"] == article.url
        if article.published:
            assert item["issued"]["date-parts"] == [[2018, 1, 27]]


def csl_name(name: dict[str, str]) -> tuple[str, ...]:
    if "literal" in name:
        return (name["literal"],)
    particle = name.get("non-dropping-particle", name.get("dropping-particle", ""))
    family = f"{particle}{'' if particle.endswith('-') else ' '}{name['family']}".strip()
    return tuple(filter(None, (name["given"], family, name.get("suffix"))))
