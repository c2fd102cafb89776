"""Rules that find the names of settlements in Arabic script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .bodies import BREAK
from .tokens import Span, Token
from .words import Kind, read_cues

MAX_SETTLEMENT = 2
"""Maximum number of words in the name of a settlement in no list."""


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
