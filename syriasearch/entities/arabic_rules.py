"""Rules that find names in Arabic script that are not in the gazetteer.

Arabic has no capitals: words are told apart by what they are (`arabic_words`) and by the words next
to them. Names of persons are runs of words that are parts of names or in no list,

- after a title, an office or an adjective of a state (الرئيس الفرنسي فلان), or a verb of saying;
- of several parts: a given name and those of the father and the family, بن, عبد, the kunya أبو;
- alone, where the article has such evidence for the same word elsewhere.

`arabic_bodies` finds the names of bodies and places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..text.arabic import ARTICLE
from .arabic_bodies import find_bodies, find_settlements, find_world_places, is_adjective
from .arabic_text import Token, clean_name, read_tokens
from .arabic_words import Kind
from .matcher import Found
from .rules import Guess

MAX_PERSON = 7
"""Maximum number of words in a person's name."""
import os
APPO = int(os.environ.get("APPO", "1"))
LONE = int(os.environ.get("LONE", "0"))
MOSTLY = float(os.environ.get("MOSTLY", "0.3"))
MAX_OFFICE = 7
"""Maximum number of words between the beginning of an office and the name of who holds it."""
_NAMES = (Kind.NAME | Kind.WEAK)
_QUALIFIERS = (Kind.NATION | Kind.ADJECTIVE)
_TITLES = (Kind.TITLE | Kind.OFFICE)
_CUES = int(
    Kind.TITLE
    | Kind.OFFICE
    | Kind.RELATION
    | Kind.SPEECH
    | Kind.HEAD
    | Kind.PLACED
    | Kind.FUNCTION
    | _QUALIFIERS
)
"""Kinds of words that are not part of a person's name."""


class Chain(NamedTuple):
    """Words [first, end) of a text that may be a person's name."""

    first: int
    end: int
    strong: int
    """Number of words that are hardly ever anything but names."""
    weak: int
    unknown: int
    """Number of words that are in no list."""
    linked: bool
    """Whether it has a link: بن, or أبو or عبد in front."""


class ArabicFinder:
    """A finder of names in Arabic script, one article at a time."""

    def find(self, paragraphs: Sequence[str], known: Sequence[Sequence[Found]]) -> list[list[Guess]]:
        """Return the names in each paragraph, by offset, given the matches of the gazetteer."""
        texts = [read_tokens(text, found) for text, found in zip(paragraphs, known, strict=True)]
        places = [list(find_world_places(tokens)) for tokens in texts]
        counts = Counter(token.bare for tokens in texts for token in tokens)
        persons = [
            list(_persons(tokens, world, counts))
            for tokens, world in zip(texts, places, strict=True)
        ]
        guesses: list[list[Guess]] = []
        found: list[list[Span]] = []
        alone = _Alone(texts, persons, counts)
        for tokens, chains, world in zip(texts, persons, places, strict=True):
            spans: list[Span] = [(chain.first, chain.end, "person", rule, "") for chain, rule in chains]
            _add(spans, world, len(tokens))
            for find in (find_bodies, find_settlements):
                _add(spans, find(tokens), len(tokens))
            _add(spans, alone.find(tokens), len(tokens))
            found.append(spans)
        again = {
            tokens[first].bare
            for tokens, spans in zip(texts, found, strict=True)
            for first, end, kind, _, name in spans
            if kind == "place" and not name and end == first + 1
            and not tokens[first].kind & ~(Kind.NAME)
        }
        for text, tokens, spans in zip(paragraphs, texts, found, strict=True):
            if again:
                lone = (
                    (index, index + 1, "place", "settlements", "")
                    for index, token in enumerate(tokens)
                    if token.bare in again and token.known is None
                )
                _add(spans, lone, len(tokens))
            guesses.append([_guess(text, tokens, *span) for span in sorted(spans)])
        return guesses


Span = tuple[int, int, str, str, str]
"""First word, end, entity type, rule, and the entity's name if it is not as written."""


def _add(spans: list[Span], more: Iterable[Span], count: int) -> None:
    """Add spans that do not overlap those that are there, unless they contain them."""
    taken = bytearray(count)
    for first, end, *_ in spans:
        taken[first:end] = b"\1" * (end - first)
    for span in more:
        first, end = span[:2]
        if not any(taken[first:end]):
            taken[first:end] = b"\1" * (end - first)
            spans.append(span)
        elif span[2] not in ("person", ""):
            inside = [each for each in spans if each[0] < end and each[1] > first]
            if all(first <= each[0] and each[1] <= end for each in inside):
                spans[:] = [each for each in spans if each not in inside]
                taken[first:end] = b"\1" * (end - first)
                spans.append(span)


def _guess(
    text: str, tokens: Sequence[Token], first: int, end: int, kind: str, rule: str, name: str
) -> Guess:
    start, stop = tokens[first].start, tokens[end - 1].end
    if not name:
        name = clean_name(text[tokens[first].end : stop])
        name = f"{tokens[first].written}{name}"
    return Guess(start, stop, kind, rule, None, name)


def _persons(
    tokens: Sequence[Token], world: Sequence[Span], counts: Mapping[str, int]
) -> Iterator[tuple[Chain, str]]:
    """Yield the chains that are persons' names by their own words or those before them.

    `world` are the names of the world's places among the words, and `counts` tells how often the
    article has each word.
    """
    index, count, ended = 0, len(tokens), -1
    ends = {first: end for first, end, *_ in world}
    while index < count:
        if index in ends and not (ends[index] == index + 1 and tokens[index].kind & Kind.NAME):
            index = ends[index]
            continue
        token = tokens[index]
        kind = token.kind
        if kind & _CUES or (kind & Kind.COMMON and not kind & (_NAMES | Kind.KUNYA)):
            index += 1
            continue
        if kind == 0 and token.known is None and not token.joined:
            index += 1
            continue
        cue = _cue(tokens, index)
        if not cue and index and token.joined and token.prefix == "و":
            before = tokens[index - 1].known
            if ended == index or (before and before.names[0].entity.type == "person"):
                cue = "list"
        if cue and token.article and _precedes_name(tokens, index):
            # An adjective between a title and the name: the Islamic researcher Ahmad.
            index += 1
            continue
        chain = _chain(tokens, index, cued=cue != "")
        if not cue and APPO:
            longer = chain or _chain(tokens, index, cued=True)
            if longer is not None and longer.end < count:
                following = tokens[longer.end]
                if following.joined and (following.kind & Kind.OFFICE or (following.kind & Kind.SPEECH and not following.particle and not following.kind&Kind.WEAK)) and (longer.strong or longer.unknown>1):
                    chain = longer
                    cue = "office"
        if chain is None:
            index += 1
            continue
        if _is_named_after(tokens, index) or _goes_on(tokens, index):
            index = chain.end
            continue
        rule = _rule(tokens, chain, cue, counts)
        if rule:
            yield chain, rule
            ended = chain.end
        index = chain.end if rule else index + 1


def _chain(tokens: Sequence[Token], first: int, *, cued: bool) -> Chain | None:
    """Return the words from `first` on that may be one person's name."""
    strong = weak = unknown = 0
    linked = pending = new = False
    kunya = bool(tokens[first].kind & Kind.KUNYA)
    end = index = first
    while index < len(tokens) and index - first < MAX_PERSON:
        token = tokens[index]
        kind = token.kind
        after = index > first
        if after and (not token.joined or token.particle):
            break
        if token.known is None:
            new = True
        elif not _may_continue(token, after):
            break
        if kind & Kind.SON and after:
            linked = pending = True
            index += 1
            continue
        elif kind & (Kind.LINK | Kind.KUNYA):
            if not after and not kunya and token.bare != "عبد":
                break
            linked = linked or kunya or not after
            pending = True
            index += 1
            continue
        elif pending and (kind & _NAMES or not kind & (_CUES | Kind.LINK)):
            pending = False
            strong += bool(kind & Kind.NAME)
            weak += not kind & Kind.NAME
        elif kind & Kind.SUFFIX and after:
            # Salah al-Din is a name, whatever Salah is alone.
            strong += bool(weak and end == index)
            weak += 1
        elif kind & Kind.ORDINAL and after:
            if index <= first + 2:
                end = index + 1
            break
        elif (
            after
            and kind & Kind.SURNAME
            and not kind & _TITLES
            and (strong or (weak and tokens[first].kind & Kind.GIVEN))
        ):
            if kind & Kind.NATION and not kunya:
                break
            weak += 1
        elif after and kind & Kind.GIVEN and kind & _CUES and strong + weak == 1:
            # A family name that is a word, too, if an office follows: Majid Najm, head of the body.
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if following is None or not following.joined or not following.kind & Kind.OFFICE:
                break
            weak += 1
        elif kind & _CUES:
            break
        elif kind & Kind.NAME:
            strong += 1
        elif kind & Kind.WEAK:
            if not after and not cued and not kind & Kind.GIVEN:
                break
            weak += 1
        elif kind & Kind.ENDING and after and not token.article:
            unknown += 1
        elif kind & (Kind.COMMON | Kind.FORM | Kind.ENDING):
            # A family name may have the form of a word with the article.
            given = strong or (weak and tokens[first].kind & Kind.GIVEN)
            if not (after and given and _may_be_surname(token)):
                if after or not cued or kind & Kind.COMMON or not token.article:
                    break
            weak += 1
        elif not after and not cued and not _precedes_son(tokens, index):
            break
        else:
            unknown += 1
        index += 1
        end = index
    if end == first or not new:
        return None
    return Chain(first, end, strong, weak, unknown, linked)


def _precedes_name(tokens: Sequence[Token], index: int) -> bool:
    """Return whether words with the article, and then a name without, are after a word."""
    for following in tokens[index + 1 : index + 4]:
        if not following.joined or following.particle:
            return False
        if not following.article:
            return bool(following.kind & (Kind.NAME | Kind.GIVEN))
    return False


def _may_be_surname(token: Token) -> bool:
    """Return whether a word with the article may be a family name: a nisba, or no known word."""
    bare = token.bare
    return (
        token.article
        and len(bare) > 4
        and (bare.endswith("ي") or bool(token.kind & (Kind.FORM | Kind.ENDING)))
    )


def _precedes_son(tokens: Sequence[Token], index: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is not None and following.joined and bool(following.kind & Kind.SON)


def _may_continue(token: Token, after: bool) -> bool:
    """Return whether a match of the gazetteer may be part of another person's name."""
    found = token.known
    assert found is not None
    if found.end - found.start > token.end - token.start + token.particle:
        return False
    kind = found.names[0].entity.type
    if kind == "person":
        return after
    return kind == "place" and bool(token.kind & _NAMES) and after


def _cue(tokens: Sequence[Token], index: int) -> str:
    """Return what before a word shows that it begins a person's name, if anything does."""
    adjective = False
    following = tokens[index]
    if following.particle and not following.kind & Kind.NAME:
        return ""
    for back in range(index - 1, max(-1, index - 5), -1):
        if not following.joined:
            return ""
        following = tokens[back]
        kind = following.kind
        if kind & Kind.TITLE:
            return "ambiguous" if kind & Kind.AMBIGUOUS or adjective else "title"
        if kind & Kind.SPEECH and not adjective:
            return "speech"
        if kind & Kind.RELATION and not adjective:
            return "relation"
        if not kind & _QUALIFIERS and not is_adjective(following):
            break
        adjective = adjective or bool(kind & _QUALIFIERS)
    else:
        return "adjective" if adjective else ""
    following = tokens[index]
    for back in range(index - 1, max(-1, index - MAX_OFFICE - 1), -1):
        if not following.joined or following.kind & Kind.SPEECH:
            break
        following = tokens[back]
        if following.kind & Kind.OFFICE and back < index - 1:
            return "office"
    return "adjective" if adjective else ""


def _rule(tokens: Sequence[Token], chain: Chain, cue: str, counts: Mapping[str, int]) -> str:
    """Return the rule by which a chain is a person's name, empty if none."""
    first = tokens[chain.first]
    count = chain.end - chain.first
    article = first.article
    repeated = counts[first.bare] > 1
    if cue == "title":
        return "titles" if repeated or not first.kind & (Kind.FORM | Kind.ENDING) or count > 1 else ""
    if cue and count == 1 and not chain.strong:
        return "titles" if chain.unknown and not article and repeated else ""
    if cue in ("list", "ambiguous", "speech", "office", "relation", "adjective"):
        if chain.strong or chain.linked or (chain.unknown and not article):
            return "speech" if cue == "speech" else "titles"
        if chain.weak > 1 and first.kind & Kind.GIVEN:
            return "titles"
        return ""
    if chain.linked and count > 1 and (chain.strong or chain.weak):
        return "particles"
    if count > 1 and chain.strong and first.kind & (Kind.NAME | Kind.GIVEN):
        return "parts"
    if LONE and count == 1 and first.kind & Kind.NAME and not article and counts[first.bare] > LONE:
        return "parts"
    return ""


def _goes_on(tokens: Sequence[Token], first: int) -> bool:
    """Return whether a link is before a word, which goes on a name that the gazetteer knows."""
    before = tokens[first - 1] if first else None
    return before is not None and tokens[first].joined and bool(before.kind & Kind.SON)


def _is_named_after(tokens: Sequence[Token], first: int) -> bool:
    """Return whether the word before a name, or before its title, is one like mosque or street."""
    for back in range(first - 1, max(-1, first - 3), -1):
        if not tokens[back + 1].joined:
            return False
        if tokens[back].kind & Kind.NAMED_AFTER:
            return True
        if not tokens[back].kind & Kind.TITLE:
            return False
    return False


class _Alone:
    """The lone words of an article that are short for a person's name elsewhere in it."""

    def __init__(
        self,
        texts: Sequence[Sequence[Token]],
        persons: Sequence[Sequence[tuple[Chain, str]]],
        counts: Mapping[str, int],
    ) -> None:
        self._singles: set[str] = set()
        self._lasts: set[str] = set()
        self._placed: set[str] = set()
        named: Counter[str] = Counter()
        known_lasts: set[str] = set()
        for tokens, chains in zip(texts, persons, strict=True):
            for chain, _ in chains:
                named.update(token.bare for token in tokens[chain.first : chain.end])
                last = tokens[chain.end - 1]
                if chain.end - chain.first == 1:
                    self._singles.add(last.bare)
                elif not last.kind & (Kind.ORDINAL | Kind.SUFFIX):
                    self._lasts.add(last.bare)
            before = None
            for index, token in enumerate(tokens):
                if index and tokens[index - 1].bare == "في" and token.joined:
                    self._placed.add(token.bare)
                found = token.known
                if found is not None and found is before and found.names[0].entity.type == "person":
                    if found.end == token.end:
                        self._lasts.add(token.bare)
                        if token.bare != "علي":
                            known_lasts.add(token.bare)
                before = found
        self._mostly = {word for word, count in named.items() if count >= MOSTLY * counts[word]}
        self._mostly |= known_lasts
        # What is somewhere in the article after in is a place.
        self._singles -= self._placed

    def find(self, tokens: list[Token]) -> Iterator[Span]:
        """Yield the lone words of a paragraph that may be short for a name."""
        for index, token in enumerate(tokens):
            kind = token.kind
            if token.known is not None or kind & _CUES:
                continue
            if kind & (Kind.COMMON | Kind.FORM) and not kind & (_NAMES | Kind.SURNAME):
                continue
            if not kind and token.bare[0] in "بلكف" and token.bare not in self._singles:
                rest = token.bare[1:]
                if rest in self._lasts or rest in self._singles:
                    tokens[index] = token = token._replace(
                        start=token.start + 1, bare=rest, written=token.written[1:]
                    )
            if (
                kind & ~(Kind.NAME | Kind.ENDING)
                and token.bare not in self._mostly
                and not _cue(tokens, index)
            ):
                # A word that is a name only sometimes needs a cue each time.
                continue
            if token.bare in self._lasts:
                yield index, index + 1, "", "lone", ""
            elif token.bare in self._singles:
                yield index, index + 1, "person", "speech", ""


def add_arabic(
    guesses: Sequence[list[Guess]], paragraphs: Sequence[str], known: Sequence[Sequence[Found]]
) -> None:
    """Add the names in Arabic script of an article to those of other rules in each paragraph."""
    for have, more in zip(guesses, ArabicFinder().find(paragraphs, known), strict=True):
        if have:
            have.extend(more)
            have.sort()
        else:
            have[:] = more
