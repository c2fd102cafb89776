"""Rules that find the names of persons in Arabic script.

A chain of words is a person's name if a cue is before it (a title, an office, an adjective of a
state, a verb of saying, another person and و), if an office or a verb is after it, or by its own
words: several parts of names, the first of them certain. A lone word is short for a name that the
article has in full elsewhere, or has the same cues there.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .chains import CUES, MAX_PERSON, NAMES, Chain, adjoins, read_chain
from .tokens import Span, Token
from .words import Kind

MAX_OFFICE = 7
"""Maximum number of words between the beginning of an office and the name of who holds it."""
MAX_ADJECTIVES = 4
"""Maximum number of adjectives between a title and a name."""
LONE = 3
"""A certain name is a person's, even without a cue, in an article that has it so often."""
MOSTLY = 0.3
"""Share of the occurrences of a word within names, from which it is one alone, too."""
_IN = "في"
_IN_OFFICES = frozenset(("في", "لدي", "الي", "هو", "هي"))
"""Function words that may be between an office and who holds it, as the index folds them."""
MAX_NOUN = 4
"""Maximum length of a word in no list that is rather a noun; foreign names are longer."""
_AND = "و"
_GOD = "الله"
_ALI = "علي"
"""The name Ali, which is folded as the preposition is."""
_QUALIFIERS = Kind.NATION | Kind.ADJECTIVE
_GIVEN = Kind.NAME | Kind.GIVEN | Kind.SURE_GIVEN
_FORMS = Kind.FORM | Kind.ENDING
_AFTER_NAME = (
    Kind.TITLE
    | Kind.OFFICE
    | Kind.ADJECTIVE
    | Kind.NATION
    | Kind.FUNCTION
    | Kind.NAME
    | Kind.SURNAME
)
_BODIES = ("place", "organization", "group")
_DAYS = frozenset(
    "السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه اليوم الليله البارحه الان".split()
)
"""Words for when somebody did what a verb before the name says, as the index folds them."""
_AFTER = Kind.OFFICE | Kind.SPEECH
"""Kinds of words that show the name of a person before them."""


class Cue(NamedTuple):
    """What shows that a person's name begins at a word."""

    kind: str
    """title, ambiguous, speech, relation, office, adjective or list."""
    word: str


def find_persons(
    tokens: Sequence[Token], world: Sequence[Span], counts: Mapping[str, int]
) -> Iterator[tuple[Chain, Span]]:
    """Yield the names of persons in a paragraph, each also as the chain of its words.

    `world` are the names of the world's places and bodies in it, and `counts` tells how often the
    article has each word.
    """
    index, count, ended = 0, len(tokens), -1
    ends = {name.first: name.end for name in world}
    while index < count:
        token = tokens[index]
        kind = token.kind
        if index in ends and not _is_first_name(tokens, index, ends[index]):
            index = ends[index]
            continue
        if kind & CUES or (kind & Kind.COMMON and not kind & (NAMES | Kind.KUNYA)):
            index += 1
            continue
        cue = cue_before(tokens, index) or _listed(tokens, index, ended)
        if cue and token.article and _precedes_name(tokens, index):
            # An adjective between a title and the name: the Islamic researcher Ahmad.
            index += 1
            continue
        chain = read_chain(tokens, index, cued=cue is not None)
        if cue is None:
            chain, cue = _with_cue_after(tokens, index, chain)
        if chain is None:
            index += 1
            continue
        if _is_part_of_other(tokens, index):
            index = chain.end
            continue
        rule = _rule(tokens, chain, cue.kind if cue else "", counts)
        if rule and not _is_noun(tokens, chain):
            yield chain, Span(index, chain.end, "person", rule, cue.word if cue else "")
            index = ended = chain.end
        else:
            index += 1


def cue_before(tokens: Sequence[Token], index: int) -> Cue | None:
    """Return what before a word shows that it begins a person's name, if anything does."""
    following = tokens[index]
    if following.prefix and not following.kind & Kind.NAME:
        return None
    adjective: Cue | None = None
    for back in range(index - 1, max(-1, index - MAX_ADJECTIVES - 1), -1):
        if not following.joined:
            return None
        following = tokens[back]
        kind = following.kind
        if kind & Kind.TITLE:
            unsure = kind & Kind.AMBIGUOUS or adjective
            return Cue("ambiguous" if unsure else "title", following.written)
        if kind & Kind.SPEECH and not adjective:
            return Cue("speech", following.written)
        if kind & Kind.RELATION and not adjective:
            return Cue("relation", following.written)
        if not kind & _QUALIFIERS and not following.is_adjective:
            return _office(tokens, index) or adjective
        if kind & _QUALIFIERS and not adjective:
            adjective = Cue("adjective", following.written)
    return adjective


def _office(tokens: Sequence[Token], index: int) -> Cue | None:
    """Return an office, with its complement before a word."""
    following = tokens[index]
    for back in range(index - 1, max(-1, index - MAX_OFFICE - 1), -1):
        if not following.joined or following.kind & Kind.SPEECH:
            return None
        following = tokens[back]
        if _ends_office(following):
            return None
        if following.kind & Kind.OFFICE and back < index - 1:
            return Cue("office", following.written)
    return None


def _ends_office(token: Token) -> bool:
    """Return whether a word is not of an office: the name of who holds it, or what follows it."""
    person = token.known_type == "person" and not token.kind & (Kind.TITLE | Kind.OFFICE)
    return person or bool(token.kind & Kind.FUNCTION and token.bare not in _IN_OFFICES)


def _listed(tokens: Sequence[Token], index: int, ended: int) -> Cue | None:
    """Return the name of another person before a word, to which it is joined by and."""
    token = tokens[index]
    if not (index and token.joined and token.prefix == _AND):
        return None
    if ended == index or tokens[index - 1].known_type == "person":
        return Cue("list", _AND)
    return None


def _with_cue_after(
    tokens: Sequence[Token], index: int, chain: Chain | None
) -> tuple[Chain | None, Cue | None]:
    """Return a chain, and the office or the verb that is after it, if one is."""
    after = tokens[index + 1 : index + MAX_PERSON + 1]
    if chain is None and not any(token.kind & _AFTER for token in after):
        return None, None
    longer = chain or read_chain(tokens, index, cued=True)
    if longer is None or not (longer.strong or longer.unknown > 1):
        return chain, None
    if not adjoins(tokens, longer.end, _AFTER):
        return chain, None
    following = tokens[longer.end]
    if following.kind & Kind.OFFICE or not (following.prefix or following.kind & Kind.WEAK):
        return longer, Cue("office", following.written)
    return chain, None


def _precedes_name(tokens: Sequence[Token], index: int) -> bool:
    """Return whether words with the article, and then a name without, are after a word."""
    for following in tokens[index + 1 : index + 4]:
        if not following.joined or following.prefix:
            return False
        if not following.article:
            return bool(following.kind & (Kind.NAME | Kind.GIVEN))
    return False


def _is_first_name(tokens: Sequence[Token], first: int, end: int) -> bool:
    """Return whether a place of the world is rather a first name: Georgia O'Keeffe."""
    return (
        end == first + 1
        and bool(tokens[first].kind & Kind.NAME)
        and adjoins(tokens, end, Kind.NAME)
        and not tokens[end].prefix
    )


def _is_noun(tokens: Sequence[Token], chain: Chain) -> bool:
    """Return whether a lone word in no list is a noun with a complement: the care of the kingdom.

    The article of the complement is no sign of one if it is an adjective, a title or a day.
    """
    first, end = tokens[chain.first], chain.end
    if end - chain.first > 1 or first.kind or end == len(tokens) or not tokens[end].joined:
        return False
    following = tokens[end]
    if len(first.bare) > MAX_NOUN or following.prefix or following.kind & _AFTER_NAME:
        return False
    if following.is_adjective:
        return False
    return following.known_type in _BODIES or (
        following.article and bool(following.kind & Kind.COMMON) and following.bare not in _DAYS
    )


def _is_part_of_other(tokens: Sequence[Token], first: int) -> bool:
    """Return whether a name at a word is part of another: of a mosque or street, or behind بن."""
    if tokens[first].joined and first and tokens[first - 1].kind & Kind.SON:
        return True
    for back in range(first - 1, max(-1, first - 3), -1):
        if not tokens[back + 1].joined:
            return False
        if tokens[back].kind & Kind.NAMED_AFTER:
            return True
        if not tokens[back].kind & Kind.TITLE:
            return False
    return False


def _rule(tokens: Sequence[Token], chain: Chain, cue: str, counts: Mapping[str, int]) -> str:
    """Return the rule by which a chain is a person's name, empty if none."""
    first, last = tokens[chain.first], tokens[chain.end - 1]
    count = chain.end - chain.first
    often = counts[first.bare]
    if cue == "title" and count == 1 and first.kind & _GIVEN == Kind.GIVEN:
        # A common noun: the Lord.
        return ""
    if cue == "title":
        return "titles" if often > 1 or count > 1 or not first.kind & _FORMS else ""
    if cue and count == 1 and not chain.strong:
        unknown = chain.unknown and not first.article and cue != "adjective"
        return _BY_CUE[cue] if unknown and often > 1 else ""
    if cue:
        certain = chain.strong or chain.linked or (chain.unknown and not first.article)
        certain = certain and not (cue == "adjective" and _is_rather_verb(first))
        given = chain.weak > 1 and first.kind & Kind.GIVEN
        return _BY_CUE[cue] if certain or given else ""
    if chain.linked and count > 1 and (chain.strong or chain.weak):
        return "particles"
    if count == 2 and last.bare == _GOD:
        # Praise of God, rather than Hamdallah.
        return ""
    if count > 1:
        given = chain.strong and first.kind & (Kind.NAME | Kind.GIVEN)
        return "parts" if given or chain.sure > 1 else ""
    return "again" if first.kind & Kind.NAME and not first.article and often >= LONE else ""


def _is_rather_verb(token: Token) -> bool:
    """Return whether a word in no list may be a verb, or and with another word."""
    return not token.kind & NAMES and token.bare[0] in "يو"


_BY_CUE = {
    "ambiguous": "titles",
    "office": "titles",
    "adjective": "titles",
    "speech": "speech",
    "relation": "relations",
    "list": "list",
}


class LoneNames:
    """The lone words of an article that are short for a person's name elsewhere in it."""

    def __init__(
        self,
        texts: Sequence[Sequence[Token]],
        persons: Sequence[Sequence[Chain]],
        counts: Mapping[str, int],
    ) -> None:
        self._singles: set[str] = set()
        """The words that are names alone, where they have a cue."""
        self._lasts: set[str] = set()
        """The last words of names."""
        known: set[str] = set()
        placed: set[str] = set()
        named: Counter[str] = Counter()
        for tokens, chains in zip(texts, persons, strict=True):
            for chain in chains:
                named.update(token.bare for token in tokens[chain.first : chain.end])
                last = tokens[chain.end - 1]
                if chain.end - chain.first == 1:
                    if chain.strong:
                        self._singles.add(last.bare)
                elif not last.kind & (Kind.ORDINAL | Kind.SUFFIX):
                    self._lasts.add(last.bare)
            for before, token in itertools.pairwise(tokens):
                if before.bare == _IN and token.joined:
                    placed.add(token.bare)
                found = token.known
                if found is None or found is not before.known or found.end != token.end:
                    continue
                if token.known_type == "person":
                    known.add(token.bare)
        # What is somewhere in the article after in is a place.
        self._singles -= placed
        self._lasts |= known
        self._mostly = {word for word, count in named.items() if count >= MOSTLY * counts[word]}
        self._mostly |= known - {_ALI}

    def find(self, tokens: list[Token]) -> Iterator[Span]:
        """Yield the lone words of a paragraph that may be short for a name.

        A word that the particle of another was taken for is replaced in `tokens`.
        """
        if not self._lasts and not self._singles:
            return
        names = self._lasts | self._singles
        for index, token in enumerate(tokens):
            kind = token.kind
            if kind and token.bare not in names:
                continue
            if token.known is not None or kind & CUES:
                continue
            if kind & (Kind.COMMON | Kind.FORM) and not kind & (NAMES | Kind.SURNAME):
                continue
            if not kind and token.bare[0] in "بلكف" and not self._has(token.bare):
                if not self._has(token.bare[1:]):
                    continue
                token = tokens[index] = token._replace(
                    start=token.start + 1, bare=token.bare[1:], written=token.written[1:]
                )
            if not self._has(token.bare):
                continue
            unsure = kind & ~(Kind.NAME | Kind.ENDING) and token.bare not in self._mostly
            if unsure and not cue_before(tokens, index):
                continue
            if token.bare in self._lasts:
                yield Span(index, index + 1, "", "lone")
            else:
                yield Span(index, index + 1, "person", "again")

    def _has(self, word: str) -> bool:
        return word in self._lasts or word in self._singles
