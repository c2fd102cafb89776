"""Export formats of hits: JSON lines, CSV, Markdown, and citations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import cast
from urllib.parse import quote

from ..errors import OptionError
from ..models.article import Article, printable
from ..models.options import CitationStyle, ExportFormat, check_known
from ..models.page import Hit
from ..text.patterns import regex
from .citations import cite
from .tables import csv_line

_Form = Callable[[Iterable[Hit], int], Iterator[str]]
_NOT_IN_LINKS = regex(r"[<>\s]")
_MARKDOWN = regex(r"[\\`*_{}\[\]<>#|]")


def export(hits: Iterable[Hit], form: str, *, first: int = 1) -> Iterator[str]:
    """Yield hits as text in a format, one piece for each hit; the first one has the rank `first`.

    `form` is jsonl, csv, spreadsheet (CSV with a byte order mark), markdown, text (plain
    references), bibtex, csl or ris. Raises OptionError for an unknown one.
    """
    check_known("form", form, _FORMS)
    if not isinstance(hits, Iterable):
        raise OptionError(f"hits takes a page or other hits, not {hits!r}")
    return _FORMS[cast("ExportFormat", form)](map(_as_hit, hits), first)


def _as_hit(hit: object) -> Hit:
    if not isinstance(hit, Hit):
        raise OptionError(f"hits takes a page or other hits, not {hit!r}")
    return hit


def _jsonl(hits: Iterable[Hit], first: int) -> Iterator[str]:
    for rank, hit in enumerate(hits, start=first):
        yield json.dumps(hit.to_dict(rank), ensure_ascii=False) + "\n"


def _csv(hits: Iterable[Hit], first: int) -> Iterator[str]:
    yield csv_line(_COLUMNS)
    for rank, hit in enumerate(hits, start=first):
        yield csv_line(_cells(rank, hit))


def _spreadsheet(hits: Iterable[Hit], first: int) -> Iterator[str]:
    yield "\ufeff"
    yield from _csv(hits, first)


_COLUMNS = (
    *("rank", "score", "partial"),
    *(field.name for field in fields(Article)),
    *("passages", "entities", "copies"),
)


def _cells(rank: int, hit: Hit) -> list[object]:
    row = hit.to_row(rank) | {"score": f"{hit.score:.6f}", "partial": int(hit.partial)}
    return [row[column] for column in _COLUMNS]


def _markdown(hits: Iterable[Hit], first: int) -> Iterator[str]:
    for hit in hits:
        lines = [f"## {_marked_down(hit.article.title)}", ""]
        # An address is a link as a whole, and not escaped.
        reference = _marked_down(cite(replace(hit.article, url=None)))
        lines += [f"{reference} {_link(hit.article.url)}".rstrip(), ""]
        for passage in hit.passages:
            lines += [f"> {_marked_down(passage.snippet.to_text())}", ""]
        yield "\n".join([*lines, ""])


def _link(url: str | None) -> str:
    """Return an address between angle brackets, as Markdown links it whatever is in it."""
    if not url:
        return ""
    return f"<{_NOT_IN_LINKS.sub(lambda found: quote(found[0]), printable(url))}>"


def _marked_down(text: str) -> str:
    """Return a text on one line, escaped so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\g<0>", printable(text))


def _references(style: CitationStyle, end: str) -> _Form:
    """Return a function that writes hits as entries for a reference manager."""

    def write(hits: Iterable[Hit], first: int) -> Iterator[str]:
        for hit in hits:
            yield _reference(hit, style) + end

    return write


def _csl(hits: Iterable[Hit], first: int) -> Iterator[str]:
    """Yield one JSON array, the form that reference managers import."""
    before = "[\n"
    for hit in hits:
        yield before + _reference(hit, "csl")
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _reference(hit: Hit, style: CitationStyle) -> str:
    """Return a hit's citation, quoting its best passage if one matches the query."""
    answers = (each.snippet for each in hit.passages if each.snippet.highlights)
    text = cite(hit.article, style, quote=next((best.to_text() for best in answers), None))
    return "\n".join(printable(line) for line in text.splitlines())


_FORMS: dict[ExportFormat, _Form] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "spreadsheet": _spreadsheet,
    "markdown": _markdown,
    "text": _references("text", "\n"),
    "bibtex": _references("bibtex", "\n\n"),
    "csl": _csl,
    "ris": _references("ris", "\n"),
}
