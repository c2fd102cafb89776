"""Printing of hits as data."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from .. import ArticleText, Hit, Page
from .. import export as exported


def print_json(shown: Page | ArticleText) -> None:
    """Print a page or an article as JSON."""
    click.echo(json.dumps(shown.to_dict(), ensure_ascii=False, indent=2))


def export(hits: Iterable[Hit], output: str, first: int = 1) -> int:
    """Print hits, ranked from `first` on; return how many there were."""
    printed = 0

    def counted() -> Iterable[Hit]:
        nonlocal printed
        for hit in hits:
            printed += 1
            yield hit

    for piece in exported(counted(), output, first=first):
        click.echo(piece, nl=False)
    return printed
