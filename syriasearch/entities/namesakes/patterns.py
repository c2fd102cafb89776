"""Patterns of the words next to a known person's name that say who, or what, is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...text.patterns import regex
from ..matcher import Found
from ..rules.cue_words import cue_words
from .arabic import is_compound
from .bearers import PREFIXES, SONS, key_of
from .words import namesake_words

_ARTICLES = ("al-", "Al-", "el-", "El-", "al ", "Al ", "El ")


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


class NamesakePatterns:
    """Patterns of what is next to a name."""

    def __init__(self) -> None:
        words, cues = namesake_words(), cue_words()
        said = _any(cues.speech)
        beginnings = _any(word.title() for word in words.begins)
        things, ordinary, learned = map(_any, (words.things, words.ordinary, words.learned))
        places = _any(words.of_places)
        affixes = [
            word if " " in word else word.upper() if set(word) == {"i"} else word.title()
            for word in words.affixes
        ]
        self.before = frozenset(
            {*words.begins, *words.words, *words.kin, *words.ordinary, *words.learned}
            | {*words.low_ranks, *words.offices, *cues.titles, *PREFIXES, *SONS}
            | {*words.children, "called", "named", "of", "and", "al", "el"}
        )
        """The words one of which is before a name if a pattern for the text before it matches."""
        self.after = frozenset(
            {*words.things, *words.families, *words.bases, *words.heads_of, "camp", "base", "the"}
            | {affix.split()[0] for affix in words.affixes}
            | {"memorial", "international", "military", "national", "public", "children", "a"}
        )
        """The words one of which is after a name if a pattern for the text after it matches."""
        self.thing = regex(
            r"[ -](?i:(?:memorial |international |military |national |children.s |public )?)"
            rf"(?i:{things})\b(?![’']|\s(?:affair|controversy|off|scandal))"
            rf"|[ -](?i:(?:{_any(words.bases)})[ -]?(?:base|bases|academy|camp|airport))\b"
            r"|[ -]Camp\b"
        )
        self.family = regex(rf"[ -](?i:{_any(words.families)})\b(?![’'])")
        brief = _any(each for each in affixes if not each.startswith("the "))
        phrases = _any(each for each in affixes if each.startswith("the "))
        self.affix = regex(
            rf",?\s({brief})(?!\w)"
            rf"|\s({phrases})(?!\w|\s(?:of|statesman|{_any(words.kin)})\b)"
            rf"|,\s({phrases})(?=[,.;:!?)]|\s?[–—]|\Z)"
        )
        begins = regex(rf"(?<![^\W_])(?:{beginnings})[ -](?:[aA]l[- ])?\Z")
        of_place = regex(rf"\b(?i:{places})\sof\s\Z")
        among_places = regex(
            rf"\b(?:{places}|town|village|hill)s\b(?:[^.;A-Z]{{0,40}})"
            r"(?:[A-Z][\w’'ʼ -]{1,25}(?:,(?: and)? | and ))+\Z"
        )
        self.before_places = (begins, of_place, among_places)
        self.ordinary_after = regex(
            rf",\s(?:\d+,\s)?(?:an?|the)?\s?(?:(?!former\b|trained\b)[\w-]+\s){{0,2}}?"
            rf"({ordinary})\b(?![’'-]|\s(?:{_any(words.of_callings)})\b)"
        )
        children = _any(words.children)
        self.stranger_before = regex(
            rf"\b(?i:(?:{children})\s(?:(?:called|named)\s)?"
            rf"|(?:man|woman|teenager|youth|{ordinary})\s(?:called|named)\s)\Z"
        )
        """A child, or somebody who is introduced by the whole name."""
        self.judgement = regex(r"\s(?:an?|the|his|her|their)\b")
        """What follows a name if `called` before it is a verb: he called him a liar."""
        self.learned_after = regex(rf",?\s(?:an?|the)\s(?:[\w-]+\s){{0,2}}?(?:{learned})\b")
        self.head_after = regex(
            rf",?\s(?:\w+\s){{0,2}}(?:{_any(words.heads_of)})\s(?:of|at)\s(?:[\w’'-]+\s){{0,5}}?"
            rf"(?i:{_any(words.local_bodies)})\b"
        )
        self.said = regex(rf"(?:,[^.,]{{0,60}},)?\s(?:{said})\b")
        self.said_now = regex(
            rf"(?:,[^.,]{{0,60}},)?\s(?:{said})\b[^.]{{0,60}}\b(?:[A-Z][a-z]+day|yesterday|today)\b"
        )
        self.person_after = regex(
            rf"[’']s?\b|[’']\s|[.]|\s(?:{said}|was|has|had|is|met|will|also)\b"
        )
        self.office_before = regex(
            rf"\b([A-Z][a-z]+(?:’s|'s)?)\s(?:(?i:{_any(cues.ranks | cues.titles)})\s){{0,3}}?"
            rf"(?i:({_any(words.offices)}))\s\Z"
        )
        self.called = regex(rf"\s(?i:{_any(words.bodies_called)})\b")

    def introduces(self, text: str, start: int, after: str) -> bool:
        """Return whether a stranger is introduced by the whole name at an offset of a text.

        `after` is the text after the name.
        """
        before = self.stranger_before.search(text, max(0, start - 40), start)
        return before is not None and not ("called" in before[0] and self.judgement.match(after))

    def names_thing(self, text: str, match: Found) -> bool:
        """Return whether a place's name is a thing's here: al-Quds hospital, حلب البقرة."""
        name = match.names[0]
        return is_compound(text, match) or (
            name.alias.startswith(_ARTICLES)
            and name.entity.type == "place"
            and key_of(name.alias) != key_of(name.entity.name)
            and self.called.match(text, match.end) is not None
        )
