"""Gazetteer matcher: finds the names of a gazetteer in a text.

A text is folded and mapped, character by character, to lower case, with a space for everything that
is not a letter or digit. All names, mapped in the same way and enclosed in spaces, are searched in
it (see `name_index`). Of overlapping names the longest wins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from ..text.arabic import HAMZA, LATIN_ARTICLES
from ..text.normalize import Folded, fold_aligned
from ..text.patterns import regex
from ..text.tokenize import TermTable, all_in_terms
from .event_dates import decide
from .name_index import Name as Name
from .name_index import NameIndex
from .rules.cue_words import common_words, cue_words

_FIRST_WORD = regex(rf"(?:(?:{'|'.join(LATIN_ARTICLES)}|the)[-‐‑ ]+)?[{HAMZA}ʾ`]?(\w)")
_CAPITALS_BEFORE = regex(r"(?<![^\W_])([A-Z]{2,})\W{1,2}$")
_CAPITALS_AFTER = regex(r"\W{1,2}([A-Z]{2,})(?![^\W_])")
_TERM = regex(r"\S+")
MIN_POSSESSED = 4
"""Minimum length of a name that may be followed by an s whose apostrophe was lost: Assads."""
MAX_POSSESSED = 4
"""Maximum number of words of such a name: Bashar al-Assads."""


class Mapped(NamedTuple):
    """A mapped text, in which names are searched, and its offsets."""

    haystack: str
    """The text with a space at each end."""
    folded: Folded

    def start(self, offset: int) -> int:
        """Return the offset in the original text of a character of the haystack."""
        return self.folded.start(offset - 1)

    def end(self, offset: int) -> int:
        """Return the original end of a range that ends at `offset` in the haystack."""
        return self.folded.end(offset - 1)


def map_texts(texts: Sequence[str]) -> list[Mapped]:
    """Return each of several texts as it is searched for names."""
    folds = [fold_aligned(text, one_space=True) for text in texts]
    lines = all_in_terms([folded.text for folded in folds])
    return [
        Mapped(f" {line.replace(TermTable.DROPPED, ' ')} ", folded)
        for line, folded in zip(lines, folds, strict=True)
    ]


class Found(NamedTuple):
    """A match at [start, end) in a text, in code points, with the aliases that fit it."""

    start: int
    end: int
    names: tuple[Name, ...]
    reason: str | None = None
    """Why these are meant, if more names fit."""


def overlapping(found: Sequence[Found], start: int, end: int) -> Iterator[Found]:
    """Yield the matches that overlap [start, end), the last first.

    The matches are by offset, and do not overlap each other.
    """
    index = bisect_left(found, (end,)) - 1
    while index >= 0 and found[index].end > start:
        yield found[index]
        index -= 1


class _Denied:
    """The names that are no events, the longest first."""

    def __init__(self) -> None:
        self._longest = 1
        self._ends: dict[int, int] = {}
        """The last end of those that begin at an offset."""

    def add(self, start: int, end: int) -> None:
        self._longest = max(self._longest, end - start)
        self._ends[start] = max(end, self._ends.get(start, 0))

    def contains(self, start: int, end: int) -> bool:
        """Return whether one of them contains [start, end)."""
        first = max(0, end - self._longest)
        return bool(self._ends) and any(
            self._ends.get(each, 0) >= end for each in range(first, start + 1)
        )


class Matcher:
    """A matcher for the names of a gazetteer."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._common = common_words() | cue_words().small

    def find(
        self,
        mapped: Mapped,
        *,
        bare: bool = False,
        certain: AbstractSet[str] = frozenset(),
        weak: set[str] | None = None,
        published: str | None = None,
    ) -> list[Found]:
        """Return the longest matches in a text, by offset.

        `bare` is for a text that has lost its apostrophes, in which a name may be followed by a
        possessive s. Weak aliases match only for entities whose slugs are in `certain`; the slugs
        of other entities whose weak aliases occur are added to `weak`. Dates decide which events
        are meant (see `event_dates`), that of the text among them: `published`.
        """
        haystack, text = mapped.haystack, mapped.folded.written
        # Longer matches come first.
        matches = [
            (start - end, start, end, number, 0)
            for number, start, end in self._index.find(haystack)
        ]
        if bare:
            matches.extend(self._possessives(haystack))
        found: list[Found] = []
        if not matches:
            return found
        matches.sort()
        denied = _Denied()
        taken = bytearray(len(haystack))
        find_names, find_start, find_end = self._index.names, mapped.start, mapped.end
        for _, first, last, number, suffix in matches:
            # The key begins with a space. A match that overlaps a longer one has one of its ends
            # inside it.
            if taken[first] or taken[last - 3]:
                continue
            fitting, reason, is_event = [], None, False
            end = -1
            for name in find_names(number):
                if name.weak and name.entity.slug not in certain:
                    if weak is not None:
                        weak.add(name.entity.slug)
                    continue
                if end < 0:
                    end = find_end(last - 1 - suffix)
                start = find_start(first + 1 + name.particle)
                if (text[start].isupper() and not name.acronym) or self._fits(
                    name, text, start, end
                ):
                    fitting.append(name)
                    is_event = is_event or name.entity.type == "event"
            if is_event:
                span = start, end
                if denied.contains(*span):
                    fitting = [name for name in fitting if name.entity.type != "event"]
                else:
                    fitting, reason = decide(fitting, text, span, published, certain, weak)
                    if not fitting:
                        denied.add(*span)
            if fitting:
                taken[first : last - 2] = b"\1" * (last - 2 - first)
                found.append(Found(start, end, tuple(fitting), reason))
        found.sort()
        return found

    def _possessives(self, haystack: str) -> Iterable[tuple[int, int, int, int, int]]:
        """Yield names followed by an s: negative length, start, end, the name's number, and 1."""
        if "s " not in haystack:
            return
        words = list(_TERM.finditer(haystack))
        for index, last in enumerate(words):
            if haystack[last.end() - 1] != "s":
                continue
            for first in words[max(0, index - MAX_POSSESSED + 1) : index + 1]:
                key = haystack[first.start() : last.end() - 1]
                if len(key) < MIN_POSSESSED or not key.isascii() or key[-1] in "s ":
                    continue
                number = self._index.number(key)
                if number is not None:
                    start, end = first.start() - 1, last.end() + 1
                    yield start - end, start, end, number, 1

    def _fits(self, name: Name, text: str, start: int, end: int) -> bool:
        """Return whether the case of a match fits a name, and it is no word among capitals."""
        if not _case_fits(name, text[start:end]):
            return False
        if not (name.acronym and name.alias.replace(".", "").lower() in self._common):
            return True
        adjacent = (
            _CAPITALS_BEFORE.search(text, max(0, start - 30), start),
            _CAPITALS_AFTER.match(text, end),
        )
        return not any(word and word[1].lower() in self._common for word in adjacent)


def _case_fits(name: Name, surface: str) -> bool:
    """Return whether the case of a surface fits a name: acronyms in capitals, others capitalized.

    An event named by three words or more may be in lower case: the siege of Kobani.
    """
    alias = name.alias
    if name.entity.type == "event" and alias.count(" ") > 1:
        return True
    if name.acronym:
        return surface.isupper()
    if not _is_capitalized(alias):
        return True
    first = _FIRST_WORD.match(surface)
    return first is not None and not first[1].islower()


@lru_cache(maxsize=1 << 12)
def _is_capitalized(alias: str) -> bool:
    """Return whether the first word of an alias begins with a capital."""
    first = _FIRST_WORD.match(alias)
    return first is not None and first[1].isupper()
