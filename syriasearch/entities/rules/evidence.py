"""Evidence next to a name: a noun in lower case, or a known place, that says what the name is of.

- roles: a noun for a person before the name (the activist Mostafa Baly) or in apposition after it
  (Ned Price, a spokesman for), an age, or `who`;
- kinds: a noun for an organization in the same places (the French company Total; Crane, a maker
  of), right after the name (the Al Masdar broadcaster), or what companies have (Nashua shares);
- addresses: a known place after a comma (in Hammond, Indiana), a direction or a distance before
  the name (south of Talbiseh).
"""

from __future__ import annotations

from typing import NamedTuple

from ...text.patterns import regex
from .cue_words import CueWords

MAX_BEFORE = 40
"""Maximum number of characters before a name in which evidence is searched."""
MAX_APPOSITION = 80
"""Maximum number of characters of an apposition after a name."""
MAX_MODIFIERS = 6
"""Maximum number of words of an apposition up to its noun."""

_WHO = regex(r", (?:who\b|(?:1[5-9]|[2-9]\d)(?:,| and\b|\.))")
_LOCATIVE = frozenset("in near outside at from of around to".split())
_INSIDE = frozenset("in near at outside around during into".split())
_DISTANCES = frozenset("km kms kilometers kilometres miles away".split())
_OUTER = frozenset("outskirts countryside".split())
_AFTER_PLACE = regex(r"[,.)]|-based|\s?\(|$")
_APPOSITION = regex(r", ((?:an?|the|one of the) )?([^,.;:()\[\]“”\"\n]+)")
_APPOSED = regex(r", (?:an?|the|one|[^\W_]+[’']s?)\s")
_WORD = regex(r"[^\W_][\w’'-]*")
_NEVER = regex(r"(?!)")
_LOW_AFTER = regex(r"\s[a-z]")
_SAID = regex(r"\s(?:said|told|says|tells|added)\b")
_SHARES = {"shares", "stock"}
_LINKS = frozenset("of for at with from in who that which based on to and behind known".split())
"""Words after the noun of an apposition."""
_NEVER_BARE = _LINKS | {"a", "an", "the", "his", "her", "its", "their", "said", "has", "was", "is"}
"""Words that do not occur in an apposition without an article: professor of law."""
_ADJECTIVE = regex(r"(?:[ei]ans?|ese|ish|can|ists?|ites?|ic)(?![^\W_])")


class Setting(NamedTuple):
    """The words around a name at [start, end) of a text."""

    text: str
    start: int
    end: int
    before: list[str]
    """The last words before the name, separated from it by a space only."""
    comma: bool
    """Whether a comma comes between them and the name."""
    noun: str
    """The noun right before the name, in the singular and in lower case, if it may be one."""

    @property
    def is_inside(self) -> bool:
        """Whether a preposition of place or time comes before the name."""
        before = self.before
        preposition = before[-1] if before else ""
        if preposition == "the" and len(before) > 1:
            preposition = before[-2]
        return preposition.lower() in _INSIDE


class EvidenceFinder:
    """A finder of the words next to a name that say what it is of."""

    def __init__(self, words: CueWords) -> None:
        self._words = words
        self._nouns = words.roles | words.kinds
        self._apposed = self._nouns | words.settlements
        last = {kind.rpartition(" ")[2] for kind in words.kinds}
        first = {kind.partition(" ")[0] for kind in words.kinds}
        nouns = last | {f"{noun}s" for noun in last}
        self._hints_before = nouns | _LOCATIVE | {each.title() for each in _LOCATIVE}
        self._hints_after = first | words.holdings

    def setting(self, text: str, start: int, end: int) -> Setting:
        """Return the words around a name."""
        before: list[str] = []
        if start > 1 and text[start - 1] == " ":
            before = text[max(0, start - MAX_BEFORE) : start].split()[-3:]
        last = before[-1].lstrip("(“\"'‘") if before else ""
        noun = last.rstrip(",").rpartition("-")[2] if last.islower() else ""
        return Setting(text, start, end, before, last.endswith(","), _singular(noun))

    def has_hint(self, text: str, start: int, end: int) -> bool:
        """Return whether there may be evidence of a place or an organization next to a name."""
        if text[start - 1 : start] == " ":
            before = text[text.rfind(" ", max(0, start - MAX_BEFORE), start - 1) + 1 : start - 1]
            if before in self._hints_before:
                return True
        adjacent = text[end : end + 1]
        if adjacent == ",":
            return _APPOSED.match(text, end) is not None
        if adjacent != " ":
            return False
        match = _WORD.match(text, end + 1)
        return match is not None and match.group() in self._hints_after

    def of_person(self, setting: Setting) -> bool:
        """Return whether the words next to a name show a person."""
        text, end = setting.text, setting.end
        if setting.noun in self._words.roles and (not setting.comma or text[end : end + 1] == ","):
            return True
        if text[end : end + 2] != ", " or setting.is_inside:
            return False
        noun = self._apposition(text, end)
        return noun in self._words.roles if noun else _WHO.match(text, end) is not None

    def of_organization(self, setting: Setting, *, strict: bool, common: bool) -> str | None:
        """Return the type of an organization or a group that the words next to a name show.

        `strict` is for a name that may be a person's, `common` for one that begins with a word.
        """
        kinds = self._words.kinds
        text, end, noun = setting.text, setting.end, setting.noun
        adjective = setting.before[-2].lower() if len(setting.before) > 1 else ""
        if not setting.comma and (noun in kinds or f"{adjective} {noun}" in kinds):
            # The company Total, but not: our newsletter Sign up; the service Taysir Hammoud said.
            is_word = common and " " not in text[setting.start : end]
            against = _LOW_AFTER if is_word else _SAID if strict else _NEVER
            if not against.match(text, end):
                return self._type(adjective, noun)
        following = text[end : end + 2]
        if common:
            return None
        if following == ", ":
            noun = self._apposition(text, end)
            if noun in kinds and not setting.is_inside:
                return self._type(text[end : end + MAX_APPOSITION].partition(noun)[0], noun)
        elif following[:1] == " " and following[1:].islower():
            return self._owner(setting, strict=strict)
        return None

    def _owner(self, setting: Setting, *, strict: bool) -> str | None:
        """Return the type of an organization by the word after it."""
        text, end, kinds = setting.text, setting.end, self._words.kinds
        if _ADJECTIVE.search(text, setting.start, end):
            return None
        first = _WORD.match(text, end + 1)
        low = first.group() if first else ""
        if low in self._words.holdings:
            return None if strict and low not in _SHARES else "organization"
        second = _WORD.match(text, first.end() + 1) if first else None
        following = second.group() if second else ""
        if f"{low} {following}" in kinds or (low in kinds and following not in self._nouns):
            return self._type("", low)
        return None

    def of_place(self, setting: Setting, address: int | None, *, strict: bool) -> bool:
        """Return whether the words next to a name show a place.

        `address` is the end of a known place that comes after a comma, if there is one; `strict`
        is for a name that may be a person's: the death of George Floyd, Minneapolis.
        """
        text, end = setting.text, setting.end
        before = [word.lower() for word in setting.before]
        last, other = (before[-1:] or [""])[0], (before[-2:-1] or [""])[0]
        if address is not None and _AFTER_PLACE.match(text, address):
            if text.startswith(("-based", ".,", ".)"), address) and not strict:
                return True
            if last in (_INSIDE if strict else _LOCATIVE) and other != "according":
                return True
        if (
            last == "near"
            or (last == "from" and other in _DISTANCES)
            or (last == "of" and (other in _OUTER or other in self._words.directions))
        ):
            return True
        if text[end : end + 2] != ", ":
            return False
        return self._apposition(text, end) in self._words.settlements

    def of_settlement(self, setting: Setting) -> bool:
        """Return whether a word for a settlement comes before a name: the town of Marea."""
        before = setting.before[-3:]
        if before and before[-1] == "the":
            del before[-1]
        return len(before) > 1 and before[-1] == "of" and before[-2] in self._words.settlements

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

    def _type(self, before: str, noun: str) -> str:
        armed = self._words.armed_kinds
        found = noun in armed or not armed.isdisjoint(before.lower().split())
        return "group" if found else "organization"


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
