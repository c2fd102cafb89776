"""Namesakes in Arabic text: whether a match is the known person, by the words next to it.

The evidence is that of `namesakes`. Words are compared folded. Arabic has no capitals, so a word
before a family name is another given name only if a list, or the gazetteer, has it as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ...models.entity import Entity
from ...text.arabic import has_arabic
from ...text.patterns import regex
from ...text.tokenize import joined_terms
from ..arabic.words import Kind, lexicon
from ..matcher import Found
from ..rules.rule_finder import Guess
from .bearers import SONS, Bearers, key_of
from .countries import countries_of, country_named
from .listed_names import listed_name
from .review import ANOTHER, taken_for
from .words import namesake_words

MAX_WORDS = 4
_PREVIOUS = regex(r"(?<!\w)([\w\u064b-\u0652\u0640]+)(\s{1,2})\Z")
_NEXT = regex(r"\s([\w\u064b-\u0652\u0640]{1,40})")
_PARTICLE = regex("^(?:[وف]?[بلك]|[وف])(?=..)")
_NAMES = Kind.NAME | Kind.WEAK | Kind.GIVEN
_SERVANT = "عبد"
_WRITTEN = regex(r"\S{1,40}")
_fold = lru_cache(maxsize=1 << 14)(joined_terms)
_HONORIFICS = frozenset(("محمد", "احمد", "سيد"))


class _Word(NamedTuple):
    start: int
    folded: str


class _Words(NamedTuple):
    """The lists, folded."""

    things: frozenset[str]
    families: frozenset[str]
    kin: frozenset[str]
    ranks: frozenset[str]
    offices: frozenset[str]
    affixes: frozenset[str]
    fathers: frozenset[str]
    compounds: frozenset[str]
    strangers: frozenset[str]
    callings: frozenset[str]
    before_verbs: frozenset[str]
    states: frozenset[str]
    nouns: frozenset[str]
    given: frozenset[str]


@cache
def _words() -> _Words:
    words = namesake_words()
    lists = (
        *(words.places_ar, words.families_ar, words.kin_ar, words.ranks_ar, words.offices_ar),
        *(
            words.affixes_ar,
            words.fathers,
            words.compounds_ar,
            words.strangers_ar,
            words.callings_ar,
            words.before_verbs_ar,
            words.states_ar,
            words.nouns_ar,
            words.given_ar,
        ),
    )
    return _Words(*(frozenset(map(joined_terms, each)) for each in lists))


class Outcome(NamedTuple):
    """What a match is."""

    found: Found | None = None
    other: Guess | None = None


class ArabicEvidence:
    """A reviewer of matches in Arabic script."""

    def __init__(self, bearers: Bearers) -> None:
        self._bearers = bearers

    def review(self, text: str, match: Found, found: Sequence[Found] = ()) -> Outcome:
        """Return the match that is left, the name of another person, or nothing."""
        key = key_of(text[match.start : match.end]).split()
        listed = listed_name(text, match, found, self._bearers)
        if isinstance(listed, Guess):
            return Outcome(other=listed)
        if listed is not None:
            return Outcome(listed)
        persons = [name.entity for name in match.names if name.entity.type == "person"]
        following = _NEXT.match(text, match.end)
        after = _fold(following[1]) if following else ""
        words = _words()
        if len(key) == 1 and after in words.affixes:
            father = self._bearers.father(key[0]) if after in words.fathers else None
            if father is None:
                return Outcome()
            return Outcome(taken_for(father, text, match.start, match.end))
        if is_compound(text, match):
            return Outcome()
        if after in words.callings and len(key) > 1 and self._are_children(persons):
            return Outcome(other=Guess(match.start, match.end, "person", ANOTHER, match))
        attached = match.start > 0 and text[match.start - 1].isalpha()
        previous = None if attached else _previous(text, match.start)
        if previous is None:
            return Outcome(match)
        if _is_in(previous.folded, words.things):
            return Outcome()
        if len(key) > 1 and previous.folded in words.strangers and not self._are_children(persons):
            return Outcome(other=Guess(match.start, match.end, "person", ANOTHER, match))
        is_family = all(self._bearers.bearer(person).is_family_name(key) for person in persons)
        if is_family and _is_in(previous.folded, words.families):
            return Outcome()
        given = self._given(text, match.start, persons, previous)
        if not given and len(key) == 1:
            given = self._around_middle(text, persons, previous)
        if given:
            return self._longer(text, match, persons, key, given)
        if len(key) > 1:
            first = _previous(text, previous.start) if previous.folded == "بن" else None
            if first is None:
                return Outcome(match)
            return Outcome(other=Guess(first.start, match.end, "person", "neighbours"))
        if _is_in(previous.folded, words.kin):
            if previous.folded[-2:] in ("بو", "بي", "با", "بن", "ام"):
                return Outcome(other=Guess(previous.start, match.end, "person", "neighbours"))
            return Outcome()
        if previous.folded in words.before_verbs or previous.folded in words.ranks:
            return Outcome()
        return Outcome(self._of_country(text, match, key, previous))

    def may_be_short(self, text: str, start: int, end: int, full: Entity) -> bool:
        """Return whether no word next to a lone family name makes it other than a person's.

        `full` is the person of whose full name it may be the last word.
        """
        words = _words()
        following = _NEXT.match(text, end)
        if following and _fold(following[1]) in SONS:
            return False
        previous = _previous(text, start)
        if self._bearers.bearer(full).is_son_of(key_of(text[start:end])):
            if previous is None or previous.folded not in SONS:
                return False
            first = _previous(text, previous.start)
            return first is None or not lexicon().look_up(first.folded).kind & _NAMES
        while previous is not None and _is_in(previous.folded, words.offices):
            previous = _previous(text, previous.start)
        if previous is None:
            return True
        refused = words.things | words.families | words.kin | words.ranks | SONS
        if _is_in(previous.folded, refused):
            return False
        own = self._bearers.bearer(full).own
        return previous.folded in own or not self._is_given(previous.folded)

    def _are_children(self, persons: Sequence[Entity]) -> bool:
        children = namesake_words().children
        return bool(persons) and not any(
            self._bearers.bearer(person).description.isdisjoint(children) for person in persons
        )

    def _given(
        self, text: str, start: int, persons: Sequence[Entity], previous: _Word
    ) -> list[_Word]:
        """Return the words directly before a name that are given names, in order."""
        own = {_SERVANT}.union(*(self._bearers.bearer(person).own for person in persons))
        words: list[_Word] = []
        word: _Word | None = previous
        while word is not None and len(words) < MAX_WORDS:
            plain = _PARTICLE.sub("", word.folded)
            if word.folded in SONS or word.folded in own or self._is_given(word.folded):
                words.insert(0, word)
            elif plain != word.folded and (self._is_given(plain) or plain in own):
                words.insert(0, _Word(word.start + len(word.folded) - len(plain), plain))
                break
            else:
                break
            word = _previous(text, word.start)
        while words and words[0].folded in SONS:
            del words[0]
        return words if any(each.folded not in SONS for each in words) else []

    def _around_middle(self, text: str, persons: Sequence[Entity], middle: _Word) -> list[_Word]:
        """Return a given name and the unknown word between it and the family name of a person."""
        first = _previous(text, middle.start)
        if first is None or len(persons) != 1:
            return []
        bare = _PARTICLE.sub("", first.folded)
        plain = _Word(first.start + len(first.folded) - len(bare), bare)
        for word in (first, plain):
            if self._bearers.bearer(persons[0]).has_given([word.folded]):
                return [word, middle]
        written = _WRITTEN.match(text, middle.start)
        for word in (first, plain):
            if written and self._is_given(word.folded) and not lexicon().look_up(written[0]).kind:
                return [word, middle]
        return []

    def _is_given(self, word: str) -> bool:
        return word in _words().given

    def _longer(
        self,
        text: str,
        match: Found,
        persons: Sequence[Entity],
        key: list[str],
        given: list[_Word],
    ) -> Outcome:
        """Return what a name with other names before it is."""
        lows = [each.folded for each in given if each.folded not in SONS]
        if given[-1].folded in SONS and len(key) > 1:
            son, start = self._bearers.son(lows, key), given[0].start
            if son is not None:
                return Outcome(taken_for(son, text, start, match.end))
            return Outcome(other=Guess(start, match.end, "person", "neighbours"))
        while len(lows) > 1 and lows[0] in _HONORIFICS and len(key) > 1:
            del lows[0]
        bearers = [self._bearers.bearer(person) for person in persons]
        is_family = all(each.is_family_name(key) for each in bearers)
        if len(key) > 1 and (
            (not is_family and all(low in _HONORIFICS for low in lows))
            or (len(lows) == 1 and lows[0] in _words().nouns)
            or (
                all(low in bearers[0].own for low in lows)
                and not any(
                    each.has_given(lows) and each.entity not in persons
                    for each in self._bearers.of_family(key[-1])
                )
            )
        ):
            return Outcome(match)
        start = given[0].start
        if is_family and len(key) > 1:
            owners = [each for each in bearers if each.has_given(lows)]
            full = owners[0].entity if len(owners) == 1 else None
        else:
            full = self._bearers.full([*lows, *key[:-1]], key[-1], persons)
        if full is None and len(key) == 1:
            owners = [each for each in bearers if all(low in each.own for low in lows)]
            full = owners[0].entity if len(owners) == 1 else None
        if full is not None:
            return Outcome(taken_for(full, text, start, match.end))
        return Outcome(other=Guess(start, match.end, "person", "neighbours"))

    def _of_country(self, text: str, match: Found, key: list[str], previous: _Word) -> Found | None:
        """Return the match without persons whose country an office before it does not name."""
        country = country_named(previous.folded)
        if country is None:
            return match
        before = joined_terms(text[max(0, previous.start - 40) : previous.start]).split()[-4:]
        if not any(_is_in(word, _words().states) for word in before):
            return match
        left = tuple(
            name
            for name in match.names
            if name.entity.type != "person"
            or not countries_of(name.entity)
            or country in countries_of(name.entity)
        )
        if not left:
            others = [
                each.entity
                for each in self._bearers.of_family(key[0])
                if country in countries_of(each.entity)
            ]
            if len(others) == 1:
                left = taken_for(others[0], text, match.start, match.end).names
        return match._replace(names=left) if left else None


def is_compound(text: str, match: Found) -> bool:
    """Return whether a name means something else together with the word after it."""
    surface = text[match.start : match.end]
    following = _NEXT.match(text, match.end) if has_arabic(surface) else None
    if following is None:
        return False
    return f"{joined_terms(surface)} {_fold(following[1])}" in _words().compounds


def _previous(text: str, at: int) -> _Word | None:
    match = _PREVIOUS.search(text, max(0, at - 40), at)
    return _Word(match.start(1), _fold(match[1])) if match else None


def _is_in(word: str, words: frozenset[str]) -> bool:
    """Return whether a word is in a list, also with a particle attached to it."""
    return word in words or _PARTICLE.sub("", word) in words
