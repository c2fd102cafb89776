"""Rules that find names in a text that are not in the gazetteer.

Runs of capitalized words are read from left to right. A match of the gazetteer in them is kept
unless it is part of a longer name; other words are a name if a cue shows it:

- heads: the run ends in a word for an organization or a site (Syrian Observatory, Mosul Dam);
- extension: the name with such a head continues after `of` or `for` (Observatory for Human Rights);
- titles: a word for a person's office precedes it (Colonel Ryan Dillon);
- parts: all its words are parts of names (Ryan Dillon);
- particles: it contains a particle of names (Abu Jandal al-Kuwaiti);
- neighbours: a lone known surname follows another first name (Asma Assad);
- speech: a verb of saying follows a capitalized word (Dillon said);
- settlements: a word for a settlement is next to it (the town of Marea);
- acronyms: it is in capitals and not a common word (SRTF).

No other names are guessed: a capital alone does not make a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from . import cue_words as words
from .capitalized import WORD, Run, Word, has_title_case, read_runs
from .matcher import Found

RULES = frozenset(
    {
        "heads",
        "extension",
        "titles",
        "parts",
        "particles",
        "neighbours",
        "speech",
        "settlements",
        "acronyms",
    }
)
"""The rules that find names; each may be left out."""

_LINK = re.compile(r"\s(?:of|for|on)(?:\sthe)?\s")
_AND = re.compile(r"\s(?:and|&)\s")
_SAID = re.compile(rf"\s{words.SPOKE}\b")
_OFFICE = re.compile(r"\b(?:[Ss]ecretary|[Mm]inister)\sof\s(?:the\s)?$")
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th)\s$")
_THE = re.compile(r"\b[Tt]he\s$")
_SETTLED = re.compile(rf"\b(?:{'|'.join(sorted(words.SETTLEMENTS))})\sof\s(?:the\s)?$")
_ADJECTIVE = re.compile(r"(?:ian|ese|ish|can)$")
_SETTLING = re.compile(rf"\s(?:{'|'.join(sorted(words.SETTLEMENTS))})\b")
_HEADS = words.BODIES | words.SITES
LONGEST_RUN = 8
"""Maximum number of words in a run; longer runs are lists."""
LONGEST_NAME = 5
"""Maximum number of words in a person's name."""


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


class RuleFinder:
    """A finder of names by rules, one paragraph at a time."""

    def __init__(self, rules: frozenset[str] = RULES) -> None:
        self._rules = rules
        self._parts = words.name_parts()
        self._common = words.common_words()

    def find(self, text: str, known: Sequence[Found]) -> Iterator[Guess]:
        """Yield names, by offset, given the matches of the gazetteer.

        A guess that contains a match is longer than it.
        """
        if has_title_case(text):
            return
        runs = list(read_runs(text, known))
        behind = 0
        for number, run in enumerate(runs):
            following = runs[number + 1] if number + 1 < len(runs) else []
            if len(run) > LONGEST_RUN:
                # A list on a page, and not a name.
                continue
            if run[0].start < behind:
                run = [word for word in run if word.start >= behind]
            if len(run) == 1 and run[0].low not in _HEADS:
                guess = None if run[0].known else self._lone(text, run[0], alone=True)
                if guess:
                    behind = guess.end
                    yield guess
                continue
            for guess in self._in_run(text, run, following):
                behind = max(behind, guess.end)
                yield guess

    def _in_run(self, text: str, run: Run, following: Run) -> Iterator[Guess]:
        while run:
            guess, used = self._head(text, run, following)
            if guess is None:
                yield from self._persons(text, run)
                return
            first = next(at for at, word in enumerate(run) if word.end > guess.start)
            yield from self._persons(text, run[:first])
            yield guess
            run = run[used:]

    def _head(self, text: str, run: Run, following: Run) -> tuple[Guess | None, int]:
        """Return a name that ends in a head, and the number of words of the run up to its end.

        Without a head it is a name that begins with a word for a place or an armed group.
        """
        if "heads" not in self._rules:
            return None, 0
        last = next(
            (at for at in range(len(run) - 1, -1, -1) if self._is_head(run, at)),
            None,
        )
        if last is None:
            return self._site(run)
        known = run[last].known
        if known:
            return Guess(run[last - 1].start, known.end, "", "heads", known), last + 1
        low = run[last].low
        start = 0
        while start < last and run[start].known is None and run[start].low in words.TITLES:
            start += 1
        end = run[last].end
        if "extension" in self._rules and last == len(run) - 1 and following:
            end = self._extended(text, end, following)
        longer = end > run[last].end
        if start == last and not longer:
            return self._site(run)
        if run[start].is_known("person") and low in words.LED:
            return self._site(run)
        kind = "place" if low in words.SITES else "group" if low in words.ARMED else "organization"
        begin = run[start].start
        numbered = _ORDINAL.search(text, max(0, begin - 8), begin)
        return Guess(numbered.start() if numbered else begin, end, kind, "heads"), last + 1

    def _is_head(self, run: Run, at: int) -> bool:
        word = run[at]
        if word.known is None:
            return word.low in _HEADS
        # Central Command belongs to the country or people named before it.
        return (
            at > 0
            and word.is_known("organization", "group")
            and word.text.lower().rpartition(" ")[2] in words.BODIES
            and (run[at - 1].is_known("place") or run[at - 1].low in words.DEMONYMS)
        )

    def _extended(self, text: str, end: int, following: Run) -> int:
        """Return the end of an organization's name, including words after `of`, `for` or `on`."""
        link = _LINK.fullmatch(text, end, following[0].start)
        if not link:
            return end
        whole = following[0]
        if whole.low in words.NOT_NAMES or whole.is_known("person", "event"):
            return end
        for word in following:
            if word.known is None and word.low in words.TITLES:
                break
            if word.is_known("person"):
                break
            whole = word
        and_more = _AND.match(text, whole.end)
        if and_more and whole.known is None:
            more = WORD.match(text, and_more.end())
            while more and (further := WORD.match(text, more.end() + 1)):
                if text[more.end()] != " ":
                    break
                more = further
            last = more.group().lower() if more else ""
            if more and ({whole.low, last} & self._common or last not in self._parts):
                return more.end()
        return whole.end

    def _site(self, run: Run) -> tuple[Guess | None, int]:
        """Return a name that begins with a word for its type: Mount Sinjar, Jaysh al-Islam.

        The second value is the number of words of the run up to its end.
        """
        for at, word in enumerate(run[:-1]):
            if word.known is None and word.low in words.PLACED:
                return Guess(word.start, run[at + 1].end, "place", "heads"), at + 2
            if word.known is None and word.low in words.TROOPS:
                return Guess(word.start, run[-1].end, "group", "heads"), len(run)
        return None, 0

    def _persons(self, text: str, run: Run) -> Iterator[Guess]:
        """Yield the names of persons, and other names of one word, in a run without heads."""
        at = 0
        while at < len(run):
            if run[at].known is not None and not self._has_neighbour(run, at):
                at += 1
                continue
            first, titled = self._behind_titles(text, run, at)
            if first == len(run):
                return
            end = first
            while end < len(run) and self._continues(run, first, end):
                end += 1
            name = run[first:end]
            guess = self._person(text, name, titled) if name else None
            if guess is None and run[first].known is None:
                guess = self._lone(text, run[first], alone=len(run) == 1)
            if guess:
                yield guess
            at = max(end, first + 1)

    def _behind_titles(self, text: str, run: Run, at: int) -> tuple[int, bool]:
        """Return the index of the first word after the titles of a name, and whether it has any."""
        end = titles = at
        office = at == 0 and _OFFICE.search(text, max(0, run[0].start - 30), run[0].start)
        while end < len(run) and run[end].known is None:
            low = run[end].low
            if low in words.TITLES or (office and low in words.RANKS):
                titles = end + 1
            elif low not in words.RANKS and low not in words.DEMONYMS:
                break
            end += 1
        return titles, titles > at

    def _continues(self, run: Run, first: int, at: int) -> bool:
        word = run[at]
        if at > first and word.low in words.TITLES - words.NAMELIKE_TITLES:
            return False
        if word.known is not None:
            return self._has_neighbour(run, at) and at - first < LONGEST_NAME
        if word.low in words.NOBODY:
            return False
        return at - first < LONGEST_NAME

    def _has_neighbour(self, run: Run, at: int) -> bool:
        """Return whether a known name of one word is only part of a longer person's name."""
        if "neighbours" not in self._rules:
            return False
        word = run[at]
        if " " in word.text or not (
            word.is_known("person") or (word.is_known("place") and word.low in self._parts)
        ):
            return False
        beside = [run[each] for each in (at - 1, at + 1) if 0 <= each < len(run)]
        return any(
            each.known is None
            and self._is_part(each)
            and each.low not in words.TITLES | words.RANKS | words.NOBODY
            and each.low not in self._common
            for each in beside
        )

    def _is_part(self, word: Word) -> bool:
        """Return whether a word may be part of a person's name."""
        low = word.low
        return (
            low in self._parts
            or low in words.PARTICLES
            or (len(low) == 1 and word.text.endswith("."))
            or (low[:3] in ("al-", "el-") and low[3:] not in self._common)
            or ("-" in low and all(part in self._parts for part in low.split("-")))
            or low.replace("’", "").replace("'", "") in self._parts
        )

    def _person(self, text: str, name: Run, titled: bool) -> Guess | None:
        start, end = name[0].start, name[-1].end
        plain = [word for word in name if word.known is None]
        if not plain or any(word.low in _HEADS for word in plain):
            return None
        if all(len(word.low) == 1 or "." in word.low for word in plain):
            return None
        if titled and "titles" in self._rules:
            if all(word.low not in self._common or self._is_part(word) for word in plain):
                return Guess(start, end, "person", "titles")
            return None
        if len(name) < 2 or "parts" not in self._rules:
            return None
        if plain[0].low in self._common or plain[-1].low in self._common:
            return None
        parts = [self._is_part(word) for word in plain]
        if "particles" in self._rules and not any(word.low in self._common for word in plain):
            # Words connected by particles are one name: Abu Jandal al-Kuwaiti.
            hung = [word for word in plain if word.low in words.PARTICLES or word.low[:3] == "al-"]
            if hung and plain[0].low not in words.ROMANCE and self._is_part(plain[0]):
                return Guess(start, end, "person", "particles")
        if all(parts) or (parts[0] and len(name) == 2):
            return Guess(start, end, "person", "parts")
        return None

    def _lone(self, text: str, word: Word, *, alone: bool) -> Guess | None:
        """Return a name of one word, by the words next to it, or a guess that it may be one.

        `alone` is whether the word is a run of its own.
        """
        low = word.low
        if low in words.BODIES:
            the = _THE.search(text, max(0, word.start - 5), word.start)
            return Guess(word.start, word.end, "", "head") if the else None
        if low in words.NOBODY or low in words.TITLES:
            return None
        if "acronyms" in self._rules and _is_acronym(word.text, self._common):
            return Guess(word.start, word.end, "organization", "acronyms")
        if not alone or low in self._common:
            return None
        if "settlements" in self._rules and (
            _SETTLED.search(text, max(0, word.start - 30), word.start)
            or (_SETTLING.match(text, word.end) and not _ADJECTIVE.search(low))
        ):
            return Guess(word.start, word.end, "place", "settlements")
        if "speech" in self._rules and self._is_part(word) and _SAID.match(text, word.end):
            return Guess(word.start, word.end, "person", "speech")
        return Guess(word.start, word.end, "", "lone")


def _is_acronym(text: str, common: frozenset[str]) -> bool:
    letters = text.replace(".", "")
    return (
        3 <= len(letters) <= 7
        and letters.isalpha()
        and letters.isupper()
        and letters not in words.NO_ACRONYMS
        and letters.lower() not in common
    )
