"""Names by a word in them for what they are of: Syrian Observatory, Mosul Dam, Mount Sinjar."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from ...text.patterns import regex
from ..matcher import Found
from .capitalized import WORD, Run
from .cue_words import common_words, cue_words, name_parts

_LINK = regex(r"\s(?:of|for|on)(?:\sthe)?\s")
_AND = regex(r"\s(?:and|&)\s")
_ORDINAL = regex(r"\b\d+(?:st|nd|rd|th)\s$")


class Guess(NamedTuple):
    """A name that a rule has found, at [start, end) in a text, in code points."""

    start: int
    end: int
    type: str
    """The entity type; empty if `known` has it, or if only the rest of the article can show it."""
    rule: str
    """The rule, or `lone` for a word that may be short for a person's name, or `head` for one that
    may be short for an organization's."""
    known: Found | None = None
    """The match of the gazetteer, if the guess only extends it."""
    name: str = ""
    """The entity's name, if it is not the text itself."""
    reason: str = ""
    """The reason to show, if it does not follow from the rule."""


class HeadRule:
    """A finder of such names in runs of capitalized words."""

    def __init__(self, rules: frozenset[str]) -> None:
        self._rules = rules
        self._words = cue_words()
        self._common = common_words()
        self._parts = name_parts()

    def find(self, text: str, run: Run, following: Run) -> Guess | None:
        """Return a name that ends in a head."""
        words = self._words
        last = self._last_head(run)
        if last is None or "heads" not in self._rules:
            return None
        known, low, end = run[last].known, run[last].low, run[last].end
        if known:
            return Guess(run[last - 1].start, end, "", "heads", known)
        start = 0
        while start < last and run[start].known is None and run[start].low in words.titles:
            start += 1
        if "extension" in self._rules and last == len(run) - 1 and following:
            end = self._extended(text, end, following)
        if start == last and end == run[last].end:
            return None
        if run[start].is_known("person") and low in words.led:
            return None
        kind = "place" if low in words.sites else "group" if low in words.armed else "organization"
        begin = run[start].start
        numbered = _ORDINAL.search(text, max(0, begin - 8), begin)
        return Guess(numbered.start() if numbered else begin, end, kind, "heads")

    def _last_head(self, run: Run) -> int | None:
        """Return the index of the last head in a run."""
        heads = self._words.heads
        for index in range(len(run) - 1, -1, -1):
            word = run[index]
            if word.low in heads if word.known is None else self._is_led(run, index):
                return index
        return None

    def _is_led(self, run: Run, index: int) -> bool:
        """Return whether a known body belongs to the country or people before it.

        Central Command is such a body.
        """
        word = run[index]
        return (
            index > 0
            and word.is_known("organization", "group")
            and word.text.lower().rpartition(" ")[2] in self._words.bodies
            and (run[index - 1].is_known("place") or run[index - 1].low in self._words.demonyms)
        )

    def _extended(self, text: str, end: int, following: Run) -> int:
        """Return the end of an organization's name, including words after `of`, `for` or `on`."""
        if not _LINK.fullmatch(text, end, following[0].start):
            return end
        last = following[0]
        if last.low in self._words.not_names or last.is_known("person", "event"):
            return end
        for word in following:
            title = word.known is None and word.low in self._words.titles
            if title or word.is_known("person"):
                break
            last = word
        and_more = _AND.match(text, last.end)
        if and_more and last.known is None:
            more = WORD.match(text, and_more.end())
            while more and (further := WORD.match(text, more.end() + 1)):
                if text[more.end()] != " ":
                    break
                more = further
            low = more.group().lower() if more else ""
            if more and ({last.low, low} & self._common or low not in self._parts):
                return more.end()
        return last.end

    def find_first(self, run: Run) -> Guess | None:
        """Return a name that begins with a word for its type: Mount Sinjar, Jaysh al-Islam."""
        if "heads" not in self._rules:
            return None
        placed, troops = self._words.placed, self._words.troops
        for word, following in pairwise(run):
            if word.known is None and word.low in placed:
                return Guess(word.start, following.end, "place", "heads")
            if word.known is None and word.low in troops:
                return Guess(word.start, run[-1].end, "group", "heads")
        return None
