"""How do hits look as data: in JSON, in a spreadsheet, to a reference manager?"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields

import click

from .. import Article, ArticleText, Hit, Page, cite
from .output import plain, print_plain

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|]")
_Export = Callable[[Iterable[Hit], int], int]


def print_json(shown: Page | ArticleText) -> None:
    """Print a page or an article as JSON."""
    click.echo(json.dumps(shown.to_dict(), ensure_ascii=False, indent=2))


def export(hits: Iterable[Hit], output: str, first: int = 1) -> int:
    """Print hits, the first of which has that rank; return how many there were."""
    return _EXPORTS[output](hits, first)


def _export_jsonl(hits: Iterable[Hit], first: int) -> int:
    printed = 0
    for printed, hit in enumerate(hits, start=1):
        click.echo(json.dumps(hit.to_dict(first + printed - 1), ensure_ascii=False))
    return printed


def _export_csv(hits: Iterable[Hit], first: int) -> int:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    article_columns = [field.name for field in fields(Article)]
    writer.writerow(
        ["rank", "score", "partial", *article_columns, "passages", "entities", "copies"]
    )
    printed = 0
    for printed, hit in enumerate(hits, start=1):
        writer.writerow(
            [
                first + printed - 1,
                f"{hit.score:.6f}",
                int(hit.partial),
                *hit.article.to_dict().values(),
                "\n".join(passage.snippet.to_text() for passage in hit.passages),
                "; ".join(entity.name for entity in hit.entities),
                "; ".join(copy.slug for copy in hit.copies),
            ]
        )
    return printed


def _export_markdown(hits: Iterable[Hit], first: int) -> int:
    printed = 0
    for hit in hits:
        lines = [f"## {_marked_down(hit.article.title)}", ""]
        lines += [_marked_down(cite(hit.article)), ""]
        for passage in hit.passages:
            lines += [f"> {_marked_down(passage.snippet.to_text())}", ""]
        click.echo("\n".join(lines))
        printed += 1
    return printed


def _references(style: str) -> _Export:
    """Return what prints hits as entries of a reference manager."""

    def export(hits: Iterable[Hit], first: int) -> int:
        printed = 0
        for hit in hits:
            print_plain(reference(hit, style))
            if style != "ris":
                click.echo()
            printed += 1
        return printed

    return export


def _export_csl(hits: Iterable[Hit], first: int) -> int:
    """Print one array, as reference managers import it."""
    printed = 0
    for printed, hit in enumerate(hits, start=1):
        click.echo("[" if printed == 1 else ",")
        click.echo(reference(hit, "csl"), nl=False)
    click.echo("\n]" if printed else "[]")
    return printed


def reference(hit: Hit, style: str) -> str:
    """Return a hit's citation, with its best passage quoted where one has what was asked."""
    answers = (each.snippet for each in hit.passages if each.snippet.highlights)
    return cite(hit.article, style, quote=next((best.to_text() for best in answers), None))


def _marked_down(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\g<0>", plain(text))


_EXPORTS: dict[str, _Export] = {
    "jsonl": _export_jsonl,
    "csv": _export_csv,
    "markdown": _export_markdown,
    "bibtex": _references("bibtex"),
    "csl": _export_csl,
    "ris": _references("ris"),
}
