"""Output of what else an answer says: what it lacks, how words were read, what may be meant."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from .app import MODULES
from .output import counted, found, hinted, plain

if TYPE_CHECKING:
    from .. import Page, ReadAs, Suggestion


_MAX_NAMES = 3
_LIKE_COMMAND = 0.8
"""The similarity (difflib's ratio) from which on a word may be a command's name."""


def print_notes(page: Page) -> None:
    """Print what an answer says besides its hits, on standard error."""
    for line in _notes(page):
        click.echo(line, err=True)


def _notes(page: Page) -> Iterator[str]:
    if not found(page):
        yield f"No article matches {plain(page.query)!r}."
    for text in page.unknown:
        if text != page.query:
            yield f"No article has {plain(text)!r}."
    if not page.total and (name := _command_like(page.query.partition(" ")[0])):
        yield f"This was a search: the command is {hinted(f'`syriasearch {name}`')}."
    if page.missing:
        parts = " and ".join(repr(plain(part)) for part in page.missing)
        hits = "The hits lack" if all(hit.partial for hit in page.hits) else "The first hits lack"
        none = "" if page.total else "No article has all of it. "
        yield f"{none}{hits} {parts}."
    yield from map(_reading, page.read_as)
    yield from map(_suggestion, page.suggestions)


def _command_like(word: str) -> str | None:
    """Return the command whose name a word may be, misspelt."""
    return next(iter(get_close_matches(word, MODULES, 1, _LIKE_COMMAND)), None)


def _reading(read: ReadAs) -> str:
    """Return what a part of a query was taken for, and how to search for its words instead."""
    counts = Counter(entity.name for entity in read.entities)
    names = " or ".join(
        # Namesakes are told apart by their slugs.
        plain(entity.name if counts[entity.name] == 1 else f"{entity.name} ({entity.slug})")
        for entity in read.entities[:_MAX_NAMES]
    )
    line = f"Showing {names or repr(plain(read.correction))} for {plain(read.word)!r}"
    if not read.query:
        return f"{line}."
    what = "words themselves" if " " in read.word else "word itself"
    articles = counted(read.articles, "article") if read.articles else "no article"
    return f"{line}; search for the {what}, in {articles}: {_command(read.query)}"


def _suggestion(suggestion: Suggestion) -> str:
    word, other = plain(suggestion.word), plain(suggestion.suggestion)
    articles = counted(suggestion.articles, "article")
    are = "is" if suggestion.articles == 1 else "are"
    if suggestion.is_unquoted:
        command = _command(suggestion.query)
        return f"Without quotation marks there {are} {articles} for {other!r}: {command}"
    if other:
        return f"Did you mean {other!r} for {word!r}? It is in {articles}."
    query = suggestion.query or click.get_current_context().params.get("query", "")
    return f"Without {word!r} there {are} {articles}: {_command(query, without=word)}"


def _command(query: str, *, without: str = "") -> str:
    """Return the command that was given, with another query.

    It is `without` those options that this text has, in the form of fields.
    """
    context = click.get_current_context()
    words = ["syriasearch"]
    for option in context.command.params if context.info_name == "search" else ():
        name = option.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or name == "db" or not isinstance(option, click.Option):
            continue
        values = context.params[name]
        for each in values if isinstance(values, tuple) else (values,):
            value = plain(str(each)).replace('"', " ")
            if f"{name}:{value}" not in without and f'{name}:"{value}"' not in without:
                words += [option.opts[0]] if option.is_flag else [option.opts[0], str(each)]
    return hinted(f"`{shlex.join(plain(word) for word in (*words, query))}`")
