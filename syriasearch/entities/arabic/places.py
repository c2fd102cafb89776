"""Rules that find the names of places in Arabic script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from .bodies import BREAK
from .tokens import Span, Token
from .words import Kind, read_cues, read_lines

MAX_SETTLEMENT = 2
"""Maximum number of words in the name of a settlement in no list."""
_UNSURE = "~"
_SURE = "+"


@cache
def world_places() -> dict[str, dict[tuple[str, ...], str]]:
    """Return the English names of the world's places by the words of their folded Arabic names.

    They are grouped by their first word. A tilde is before the name of a place whose Arabic name
    is too short, or a word; a plus before one that is rather a place than a person.
    """
    words_too = read_cues()["not_places"]
    places: dict[str, dict[tuple[str, ...], str]] = {}
    for line in read_lines("arabic_places.txt.gz"):
        arabic, _, english = line.partition("|")
        if arabic[-1] == _UNSURE or arabic in words_too:
            arabic, english = arabic.removesuffix(_UNSURE), f"{_UNSURE}{english}"
        words = tuple(arabic.split())
        places.setdefault(words[0], {})[words] = english
    return places


def find_world_places(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of the world's places that the gazetteer does not have."""
    world = world_places()
    end = 0
    for index, token in enumerate(tokens):
        if index < end or token.known is not None or token.bare not in world:
            continue
        before = tokens[index - 1] if index and token.joined else None
        placed = before is not None and bool(before.kind & Kind.PLACED)
        found: tuple[int, str] | None = None
        for words, english in world[token.bare].items():
            size = len(words)
            if size > 1 and not _matches(tokens[index + 1 : index + size], words[1:]):
                continue
            unsure = english[0] == _UNSURE
            other = token.kind & ~(Kind.ENDING | (Kind.NAME if english[0] == _SURE else 0))
            if not placed and (unsure or (size == 1 and other)):
                continue
            if found is None or size > found[0]:
                # A name that is a word, too, may be that of another place.
                found = size, "" if unsure or other else english.removeprefix(_SURE)
        if found:
            end = index + found[0]
            yield Span(index, end, "place", "world" if found[1] else "settlements", "", found[1])


def _matches(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    """Return whether tokens, after another, are these words."""
    return len(tokens) == len(words) and all(
        token.bare == word and token.joined and not token.prefix
        for token, word in zip(tokens, words, strict=True)
    )


def find_settlements(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of places that are called a town or the like."""
    sites = read_cues()["sites"]
    for index, token in enumerate(tokens):
        if token.kind & Kind.PLACED and index + 1 < len(tokens):
            end = _settlement(tokens, index + 1)
            if end > index + 1:
                first = index if token.bare in sites else index + 1
                yield Span(first, end, "place", "settlements", token.written)


def _settlement(tokens: Sequence[Token], first: int) -> int:
    """Return the end of the name of a settlement that may begin at a word."""
    cues = read_cues()
    if tokens[first].bare in cues["not_places"]:
        return first
    if tokens[first - 1].bare in cues["vague"] and tokens[first].kind:
        return first
    end = first
    while end < min(len(tokens), first + MAX_SETTLEMENT):
        token = tokens[end]
        if not token.joined or token.prefix or token.known is not None:
            break
        if token.kind & (BREAK | Kind.NATION | Kind.ADJECTIVE):
            break
        if not (token.is_proper or (end == first and (not token.kind or token.kind & Kind.NAME))):
            break
        end += 1
    return end
