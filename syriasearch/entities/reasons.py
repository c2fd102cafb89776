"""Reasons: why a name in a text is taken for an entity, as phrases for readers.

A mention whose name alone decides it has no reason of its own: `Mention.why` then says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from ..models.entity import Entity
from ..text.arabic import name_key
from ..text.patterns import regex
from .rules.cue_words import cue_words

BY_RULE = {
    "heads": "{kind}: the word {cue} in its name says so",
    "titles": "a person: the title {cue} is before the name",
    "parts": "a person: each word of it is a first name or a family name",
    "neighbours": "a person: the family name is known, but not with the first name {cue}",
    "listed": "a person: the family name is known, but not with the first name {cue}",
    "particles": "a person: the word {cue} in it is usual in names of persons",
    "speech": "a person: the word {cue} is after the name",
    "settlements": "a place: the word {cue} is next to the name",
    "acronyms": "an organization: it is written in capitals, and is not a common word",
    "roles": "a person: the word {cue} is next to the name",
    "kinds": "{kind}: the word {cue} is next to the name",
    "addresses": "a place: a place, a direction or a distance is next to the name",
    "cities": "a place: it is the name of a city",
}
"""The reason of a name outside the gazetteer, by the rule that found it."""
BY_ARABIC_RULE = {
    "titles": "a person: the title {cue} is next to the name",
    "relations": "a person: the word {cue} is before the name",
    "speech": "a person: the verb {cue} is before the name",
    "list": "a person: it is joined to the name of another",
    "parts": "a person: its words are first names and family names",
    "particles": "a person: it is made as names of persons are",
    "heads": "{kind}: the word {cue} says so",
    "settlements": "a place: the word {cue} is before the name",
    "world": "{kind}: the Arabic name of {name}",
    "again": "{kind}: the article names it so elsewhere",
}
"""The same for a name in Arabic script."""
ONE_OF = "one of {count} that have this name; the article does not say which"
OTHERWISE = "of {count} that have this name, the one that the article names in another way too"
OF_ITS_TIME = "of {count} that have this name, the one of the time when the article was published"
OF_ITS_YEAR = "of {count} that have this name, the one of the year in the text"
WEAK = "a short name, which counts because the article names {name} in another way too"
SHORT = "short for {name}, named in full in the article"
REPEATED = "{name}, of which the article says elsewhere what it is"
IN_BRACKETS = "short for {name}: the article has it in brackets after that name"
NAMESAKE = "called like {name}, whom the words next to the name exclude"
TITLED = "{name}, whose title is before the family name"
UNDECIDED = "{names}; the article does not say which"
FURTHER = "the name of {name}, with further names or initials"
EXTENDED = "{name}, with the words before it"
SPELLING = "a spelling of the name of {name}"
WITHOUT_INITIALS = "the name of {name}, but for initials or a suffix"
WITH_INITIAL = "the name of {name}, with an initial for a name"
FAMILY_FIRST = "the name of {name}, with the family name first"
NEXT_TO = "{name}, as the words next to the name say"
PLACE_NAMED = "a place: a word next to the name says what kind of place it is"
PLACE_WITHIN = "a place: what it is in is named next to it"
PLACE_AGREES = "a place in a province that the article names"
PLACE_AGAIN = "a place: the article says so where it names it elsewhere"
PLACE_ALONE = "a place: the text is nothing but its name"
PIPELINE = "found by the pipeline {name}"

_KINDS = {"organization": "an organization", "event": "an event"}
_WORD = regex(r"[^\W\d_]+(?:[-’'.][^\W\d_]+)*\.?")
_BEFORE = 60
"""The number of characters before a name in which its title is looked for."""
_JOINED = frozenset({"of", "the", "for"})


def name_reason(surface: str, entity: Entity) -> str:
    """Return why a name that is not in the gazetteer is that of an entity, by its words."""
    return _name_phrase(surface, entity.name, entity.aliases).format(name=entity.name)


@lru_cache(maxsize=1 << 12)
def _name_phrase(surface: str, name: str, aliases: Sequence[str]) -> str:
    words = name_key(surface).split()
    names = [name_key(each).split() for each in (name, *aliases)]
    if words in names:
        # Only the article or a hyphen differs.
        phrase = SPELLING
    elif len(words) == 1:
        phrase = NEXT_TO
    elif words[::-1] in names and len(words) == 2:
        phrase = FAMILY_FIRST
    elif min(map(len, words)) == 1 and len(words) <= max(map(len, names)):
        phrase = WITH_INITIAL
    else:
        phrase = FURTHER
    return phrase


def rule_reason(rule: str, kind: str, text: str, start: int, end: int) -> str:
    """Return the reason of a name that a rule has found at [start, end) in a text.

    It quotes the word that shows what it is, where there is one; `kind` is the entity type.
    """
    phrase = BY_RULE.get(rule, "{kind}: the words around the name say so")
    words = _cue(rule, text, start, end) if "{cue}" in phrase else ""
    if words:
        cue = f"‘{words}’"
    else:
        phrase, cue = phrase.replace("the word {cue}", "a word").replace(" {cue}", ""), ""
    return phrase.format(kind=_KINDS.get(kind, f"a {kind}"), cue=cue)


def arabic_reason(rule: str, kind: str, cue: str, name: str) -> str:
    """Return the reason of a name in Arabic script that a rule has found.

    `cue` is the word that shows what it is, and `name` the English name of a
    place or a body.
    """
    phrase = BY_ARABIC_RULE.get(rule, "")
    if not cue:
        phrase = phrase.replace("the word {cue}", "a word").replace("{cue} ", "")
    return phrase.format(kind=_KINDS.get(kind, f"a {kind}"), cue=f"‘{cue}’", name=name)


def _cue(rule: str, text: str, start: int, end: int) -> str:
    """Return the word or words by which a rule has found a name; empty if it is not plain."""
    words = cue_words()
    if rule == "titles":
        return _title(text[max(0, start - _BEFORE) : start])
    inside = [match.group() for match in _WORD.finditer(text, start, end)]
    if rule == "heads":
        return next((word for word in reversed(inside) if word.lower() in _heads()), "")
    if rule == "neighbours":
        return inside[0] if len(inside) > 1 else ""
    if rule == "listed":
        return inside[1] if len(inside) > 1 else ""
    if rule == "particles":
        return next((word for word in inside if _is_particle(word.lower())), "")
    after = _WORD.search(text, end, end + _BEFORE)
    if rule == "speech":
        return after.group().rstrip(".") if after else ""
    cues = words.roles if rule == "roles" else _kinds() if rule == "kinds" else words.settlements
    if after and after.group() in cues:
        return after.group()
    before = _WORD.findall(text[max(0, start - _BEFORE) : start])
    if before and before[-1].removesuffix("s") in cues:
        return str(before[-1])
    if rule == "settlements":
        return next((word for word in reversed(before) if word in cues), "")
    behind = _WORD.findall(text[end : end + _BEFORE])
    return next((str(word) for word in behind if word in cues), "")


def _is_particle(low: str) -> bool:
    return low in cue_words().particles or low.startswith("al-")


@cache
def _heads() -> frozenset[str]:
    words = cue_words()
    return words.heads | words.placed | words.troops


@cache
def _kinds() -> frozenset[str]:
    return cue_words().kinds | cue_words().holdings


@cache
def _titles() -> frozenset[str]:
    words = cue_words()
    return words.titles | words.ranks | words.demonyms


def _title(before: str) -> str:
    """Return the title at the end of a text: Deputy Prime Minister, Secretary of Defense."""
    begin = end = following = len(before)
    for match in reversed(list(_WORD.finditer(before))):
        low = match.group().lower().rstrip(".")
        if not (low in _titles() or (low in _JOINED and begin < end)):
            break
        if before[match.end() : following].strip(" ,-\u00a0"):
            break
        following = match.start()
        if begin == end:
            end = match.end()
        if low not in _JOINED:
            begin = following
    return " ".join(before[begin:end].split())
