"""The world's places and bodies that the gazetteer does not have, by their Arabic names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ...text.normalize import fold
from ..gazetteer import DATA
from .tokens import Span, Token
from .words import Kind, read_cues, read_lines

_UNSURE = "~"
_SURE = "+"


class WorldName(NamedTuple):
    """A name of a place or a body."""

    words: tuple[str, ...]
    """The words of the Arabic name, folded."""
    name: str
    """The English name."""
    type: str
    """place or organization."""
    sure: bool = False
    """Whether it is rather this than a person."""
    unsure: bool = False
    """Whether it is too short, or a word: it counts only after a word like town."""


class WorldNames:
    """The names by their first word, each line of which is read when a text has the word."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        for line in read_lines("arabic_places.txt.gz"):
            first = line.partition("|")[0].partition(" ")[0].removesuffix(_UNSURE)
            self._places.setdefault(first, []).append(line)
        self._bodies: dict[str, list[WorldName]] = {}
        for line in (DATA / "arabic_world_bodies.txt").read_text(encoding="utf-8").splitlines():
            english, colon, forms = line.partition(": ")
            for form in forms.split(", ") if colon and line[0] != "#" else ():
                words = tuple(fold(form).split())
                body = WorldName(words, english, "organization", sure=True)
                self._bodies.setdefault(words[0], []).append(body)
        self._read: dict[str, list[WorldName]] = {}

    def get(self, first: str) -> list[WorldName]:
        """Return the names that begin with a word, the longest first."""
        found = self._read.get(first)
        if found is None:
            if first not in self._places and first not in self._bodies:
                return []
            found = [*map(_place, self._places.get(first, ())), *self._bodies.get(first, ())]
            found.sort(key=lambda name: (-len(name.words), name.type))
            self._read[first] = found
        return found


def _place(line: str) -> WorldName:
    arabic, _, english = line.partition("|")
    key = arabic.removesuffix(_UNSURE)
    unsure = key != arabic or key in read_cues()["not_places"]
    sure = english[0] == _SURE
    return WorldName(tuple(key.split()), english.removeprefix(_SURE), "place", sure, unsure)


@cache
def world_names() -> WorldNames:
    """Return the names."""
    return WorldNames()


def find_world_names(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of the world's places and bodies among the words of a text."""
    names = world_names()
    end, count = 0, len(tokens)
    for index, token in enumerate(tokens):
        if index < end or not (named := names.get(token.bare)):
            continue
        before = tokens[index - 1] if index and token.joined else None
        placed = before is not None and bool(before.kind & Kind.PLACED)
        for name in named:
            size = len(name.words)
            if size > 1 and (index + 1 == count or tokens[index + 1].bare != name.words[1]):
                continue
            these = tokens[index : index + size]
            if size > 1 and not _matches(these, name.words):
                continue
            if any(each.known for each in these) and not _extends(these, name):
                continue
            other = token.kind & ~(Kind.ENDING | (Kind.NAME if name.sure else 0))
            if not placed and (name.unsure or (size == 1 and other)):
                continue
            end = index + size
            # A name of a place that is a word, too, may be that of another place.
            certain = not name.unsure and (size > 1 or not other)
            rule, english = ("world", name.name) if certain else ("settlements", "")
            yield Span(index, end, name.type, rule, "", english)
            break


def _matches(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    """Return whether tokens are these words, adjoining each other."""
    return len(tokens) == len(words) and all(
        token.bare == word and (number == 0 or (token.joined and not token.prefix))
        for number, (token, word) in enumerate(zip(tokens, words, strict=True))
    )


def _extends(tokens: Sequence[Token], name: WorldName) -> bool:
    """Return whether a body's name is longer than the known places in it: Real Madrid."""
    return (
        name.type == "organization"
        and len(tokens) > 1
        and any(token.known is None for token in tokens)
        and all(token.known_type in ("", "place") for token in tokens)
    )
