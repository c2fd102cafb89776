"""News articles whose names are annotated, read from where they are: the data has no texts.

`annotated_news.csv` has a row for each article, with the number of paragraphs that were annotated,
and then one for each name. Paragraphs are separated by empty lines; number 0 is the title. The
articles were drawn by seed, and annotated before the program was run on them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpora import read_lines
from syriasearch.text.sentences import BLANK_LINE

ANNOTATED = Path(__file__).with_name("annotated_news.csv")
UNCLEAR = "Unclear"
"""The type of a name that is run together with other words: neither right nor wrong."""
_TOKEN = re.compile(r"(?:[A-Z]\.){2,}(?:[A-Z]\b)?|\w+|[^\w\s]")

Mark = tuple[int, int, str]
"""From which offset to which, and of which type."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, its tokens and the names in it."""

    text: str
    marks: tuple[Mark, ...]

    @property
    def tokens(self) -> list[tuple[int, str]]:
        """The tokens, each with its offset."""
        return [(match.start(), match.group()) for match in _TOKEN.finditer(self.text)]


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article, of which the first paragraphs are annotated."""

    path: str
    id: str
    held_out: bool
    """Whether what the program finds in it was looked at only at the end."""
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    id: str
    half: str
    paragraph: int
    surface: str
    occurrence: int
    type: str


def read_annotated(data: Path, annotated: Path = ANNOTATED) -> list[AnnotatedArticle]:
    """Return the annotated articles, with their texts from the data folder."""
    with annotated.open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        rows = [_row(values) for values in csv.DictReader(lines)]
    articles = []
    starts = [number for number, row in enumerate(rows) if not row.surface]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        first, names = rows[start], rows[start + 1 : end]
        paragraphs = _paragraphs(data / first.path, first.id)[: first.paragraph + 1]
        marked = tuple(
            Paragraph(text, tuple(_marks(text, [row for row in names if row.paragraph == number])))
            for number, text in enumerate(paragraphs)
        )
        articles.append(AnnotatedArticle(first.path, first.id, first.half == "held out", marked))
    return articles


def _row(values: dict[str, str]) -> _Row:
    return _Row(
        values["path"],
        values["id"],
        values["half"],
        int(values["paragraph"]),
        values["surface"],
        int(values["occurrence"]),
        values["type"],
    )


def _paragraphs(path: Path, article: str) -> list[str]:
    values = _articles(path)[article]
    return [values.get("title") or "", *BLANK_LINE.split(values["text"])]


@cache
def _articles(path: Path) -> dict[str, dict[str, str]]:
    return {str(values["id"]): values for values in read_lines(path)}


def _marks(text: str, rows: Sequence[_Row]) -> Iterator[Mark]:
    for row in rows:
        places = list(re.finditer(re.escape(row.surface), text))
        place = places[row.occurrence - 1]
        yield place.start(), place.end(), row.type
