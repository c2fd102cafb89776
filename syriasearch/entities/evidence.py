"""Evidence next to a name: a noun in lower case, or a known place, that says what the name is of.

- roles: a noun for a person before the name (the activist Mostafa Baly) or in apposition after it
  (Ned Price, a spokesman for), an age, or `who`;
- kinds: a noun for an organization in the same places (the French company Total; Crane, a maker
  of), right after the name (the Al Masdar broadcaster), or what companies have (Nashua shares);
- addresses: a known place after a comma (in Hammond, Indiana), a direction or a distance before
  the name (south of Talbiseh).
"""

from __future__ import annotations

import re

from .cue_words import CueWords

MAX_BEFORE = 40
"""Maximum number of characters before a name in which evidence is searched."""
MAX_APPOSITION = 80
"""Maximum number of characters of an apposition after a name."""
MAX_MODIFIERS = 6
"""Maximum number of words of an apposition up to its noun."""

_WHO = re.compile(r", (?:who\b|(?:1[5-9]|[2-9]\d)(?:,| and\b|\.))")
_LOCATIVE = re.compile(
    r"(?<![^\W_])(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]t|[Ff]rom|[Oo]f|[Aa]round|[Tt]o)\s$"
)
_INSIDE = re.compile(
    r"(?<![^\W_])(?:[Ii]n|[Nn]ear|[Aa]t|[Oo]utside|[Aa]round|[Dd]uring|[Ii]nto)\s(?:the\s)?$"
)
_DISTANCE = re.compile(
    r"(?<![^\W_])(?:(?:km|kms|kilometers|kilometres|miles)\s(?:away\s)?from|[Nn]ear|[Oo]utskirts of"
    r"|[Cc]ountryside of)\s$"
)
_AFTER_PLACE = re.compile(r"[,.)]|-based|\s?\(|$")
_APPOSITION = re.compile(r", ((?:an?|the|one of the) )?([^,.;:()\[\]“”\"\n]+)")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_LINKS = frozenset("of for at with from in who that which based on to and behind known".split())
"""Words after the noun of an apposition."""
_NEVER_BARE = _LINKS | {"a", "an", "the", "his", "her", "its", "their", "said", "has", "was", "is"}
"""Words that do not occur in an apposition without an article: professor of law."""
_ADJECTIVE = re.compile(r"(?:[ei]ans?|ese|ish|can|ists?|ites?|ic)(?![^\W_])")


class EvidenceFinder:
    """A finder of the words next to a name that say what it is of."""

    def __init__(self, words: CueWords) -> None:
        self._words = words
        self._nouns = words.roles | words.kinds
        self._apposed = self._nouns | words.settlements

    def of_person(self, text: str, start: int, end: int) -> bool:
        """Return whether the words next to a name show a person."""
        _, word, comma = _words_before(text, start)
        if _singular(word) in self._words.roles and (not comma or text[end : end + 1] == ","):
            return True
        if text[end : end + 2] != ", " or _INSIDE.search(text, max(0, start - 15), start):
            return False
        noun = self._apposition(text, end)
        return noun in self._words.roles if noun else _WHO.match(text, end) is not None

    def of_organization(self, text: str, start: int, end: int) -> str | None:
        """Return the type of an organization or a group that the words next to a name show."""
        kinds = self._words.kinds
        adjective, word, comma = _words_before(text, start)
        noun = _singular(word)
        if not comma and (noun in kinds or f"{adjective} {noun}" in kinds):
            return self._type(adjective, noun)
        adjacent = text[end : end + 2]
        if adjacent == ", ":
            noun = self._apposition(text, end)
            if noun in kinds and not _INSIDE.search(text, max(0, start - 15), start):
                return self._type(text[end : end + MAX_APPOSITION].partition(noun)[0], noun)
        elif (
            adjacent[:1] == " "
            and adjacent[1:].islower()
            and not _ADJECTIVE.search(text, start, end)
        ):
            first = _WORD.match(text, end + 1)
            low = first.group() if first else ""
            if low in self._words.holdings:
                return "organization"
            second = _WORD.match(text, first.end() + 1) if first else None
            both = f"{low} {second.group()}" if second else ""
            if both in kinds or (low in kinds and not self._is_noun(second)):
                return self._type("", low)
        return None

    def of_place(
        self, text: str, start: int, end: int, address: int | None, *, strict: bool
    ) -> bool:
        """Return whether the words next to a name show a place.

        `address` is the end of a known place that comes after a comma, if there is one; `strict`
        is for a name that may be a person's: the death of George Floyd, Minneapolis.
        """
        if address is not None and _AFTER_PLACE.match(text, address):
            if text.startswith(("-based", ".,", ".)"), address) and not strict:
                return True
            locative = _INSIDE if strict else _LOCATIVE
            if locative.search(text, max(0, start - 10), start):
                return not text.endswith("ccording to ", 0, start)
        if _DISTANCE.search(text, max(0, start - MAX_BEFORE), start):
            return True
        before = text[max(0, start - MAX_BEFORE) : start].split()
        if len(before) > 1 and before[-1] == "of" and before[-2].lower() in self._words.directions:
            return True
        return (
            text[end : end + 2] == ", " and self._apposition(text, end) in self._words.settlements
        )

    def _apposition(self, text: str, end: int) -> str:
        """Return the noun of an apposition after a name, if it is one that shows its type."""
        match = _APPOSITION.match(text, end, end + MAX_APPOSITION)
        if match is None:
            return ""
        words = _WORD.findall(match[2])[: MAX_MODIFIERS + 1]
        owned = words and words[0].endswith(("’s", "'s", "s’", "s'"))
        for number, word in enumerate(words):
            following = words[number + 1] if number + 1 < len(words) else ""
            if not (match[1] or owned) and (word in _NEVER_BARE or not word.islower()):
                return ""
            if following and following not in _LINKS:
                continue
            noun = word if number == 0 else f"{words[number - 1]} {word}"
            if noun not in self._apposed:
                noun = word
            if noun in self._words.roles or (noun in self._apposed and (match[1] or owned)):
                return noun
            return ""
        return ""

    def _is_noun(self, match: re.Match[str] | None) -> bool:
        return match is not None and match.group() in self._nouns

    def _type(self, before: str, noun: str) -> str:
        armed = self._words.armed_kinds
        found = noun in armed or not armed.isdisjoint(before.lower().split())
        return "group" if found else "organization"


def _words_before(text: str, start: int) -> tuple[str, str, bool]:
    """Return the two words before an offset, and whether a comma is between them and it.

    The last is empty if it is not in lower case.
    """
    if start < 2 or text[start - 1] != " ":
        return "", "", False
    words = text[max(0, start - MAX_BEFORE) : start - 1].rsplit(" ", 2)
    last = words[-1].lstrip("(“\"'‘")
    word = last.rstrip(",").rpartition("-")[2]
    adjective = words[-2].lower() if len(words) > 1 else ""
    return adjective, word if last.islower() else "", last.endswith(",")


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
