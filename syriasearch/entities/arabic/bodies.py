"""Rules that find the names of bodies in Arabic script.

A body's name begins with a word for it and goes on with what that governs: nouns in the construct
state, then adjectives with the article (جامعة الدول العربية). Words like newspaper, company or club
are before a name that does without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .tokens import Span, Token
from .words import Kind, read_cues

MAX_BODY = 7
"""Maximum number of words in a body's name."""
MAX_LABELLED = 3
"""Maximum number of words in a name after a word like newspaper."""
BREAK = Kind.TITLE | Kind.OFFICE | Kind.RELATION | Kind.SPEECH | Kind.HEAD | Kind.PLACED | Kind.SON
"""Kinds of words that end the name of a body."""
_OFTEN_COMMON = frozenset({"حركه", "تنظيم", "جماعه"})
"""Words for groups, as the index folds them, that mean a movement or organizing, too."""
_CENTRE = "مركز"
_BODIES = ("place", "organization", "group")


def find_bodies(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of bodies that the words for them show."""
    cues = read_cues()
    tails = cues["tails"]
    for index, token in enumerate(tokens):
        if token.known is not None:
            continue
        if token.bare in tails and index and token.joined:
            before = tokens[index - 1]
            if before.is_proper or before.known_type == "place":
                yield Span(index - 1, index + 1, "organization", "heads", token.written)
        if not token.kind & Kind.HEAD or index + 1 == len(tokens):
            continue
        following = tokens[index + 1]
        if not following.joined or following.prefix or following.kind & Kind.FUNCTION:
            continue
        if token.bare in cues["labels"]:
            end = _labelled(tokens, index)
            if end > index + 1:
                yield Span(index + 1, end, "organization", "heads", token.written)
                continue
            if token.bare not in cues["bodies"]:
                continue
        plain = token.bare in cues["plain_bodies"]
        end = _after_article(tokens, index) if plain else _construct(tokens, index)
        if end > index + 1:
            kind = "group" if token.bare in cues["armed"] else "organization"
            yield Span(index, end, kind, "heads", token.written)


def _labelled(tokens: Sequence[Token], index: int) -> int:
    """Return the end of the name after a word like newspaper or club; `index` + 1 if none."""
    cues = read_cues()
    label = tokens[index].bare
    first = end = index + 1
    limit = min(len(tokens), first + MAX_LABELLED)
    while end < limit and (end == first or _adjoins(tokens[end])):
        token = tokens[end]
        if end == first and token.bare in cues["tails"]:
            break
        if token.known is not None:
            if token.known_type != "place" or label not in cues["clubs"]:
                break
        elif not (
            token.is_proper
            or token.bare in cues["tails"]
            or (end > first and token.kind == Kind.WEAK)
        ):
            break
        end += 1
    if end == first and label in cues["media"] and _is_title(tokens[first]):
        end += 1
        while end < limit and _adjoins(tokens[end]) and _is_title(tokens[end]):
            end += 1
    return end


def _is_title(token: Token) -> bool:
    """Return whether a word with the article may be in the name of a newspaper."""
    other = Kind.NATION | Kind.ADJECTIVE | Kind.FUNCTION | BREAK
    return token.article and token.known is None and not token.kind & other


def _adjoins(token: Token) -> bool:
    return token.joined and not token.prefix


def _construct(tokens: Sequence[Token], index: int) -> int:
    """Return the end of a name that begins with a word in the construct state; `index` if none."""
    cues = read_cues()
    head = tokens[index].bare
    specific = definite = False
    end = index + 1
    if _is_other(head, tokens[end]):
        return index
    while end < len(tokens) and end - index < MAX_BODY:
        token = tokens[end]
        if definite and _has_complement(token, head, specific=specific):
            end += 1
            continue
        kind = token.kind
        if not _adjoins(token) or kind & Kind.FUNCTION:
            break
        if kind & (BREAK & ~(Kind.PLACED | Kind.HEAD)):
            break
        if token.known is not None and not kind & Kind.NATION:
            if token.known_type not in _BODIES or definite:
                break
            specific = definite = True
            while end + 1 < len(tokens) and tokens[end + 1].known is token.known:
                end += 1
        elif kind & Kind.NATION:
            if not definite or specific:
                break
            specific = True
        elif token.is_proper:
            if definite and not tokens[end - 1].is_proper:
                break
            specific = definite = True
        elif token.article:
            if definite and not token.is_adjective:
                break
            if not definite and (
                (head in _OFTEN_COMMON and token.bare[2:] in cues["movements"])
                or (head in cues["followers"] and token.bare[2:] in cues["creeds"])
            ):
                specific = True
            definite = True
        elif definite or end > index + 2 or token.bare.endswith("يه"):
            break
        elif token.bare in cues["movements"]:
            specific = specific or head in _OFTEN_COMMON
        elif head in cues["armed"]:
            break
        end += 1
    if not definite or (head in cues["states"] and end == index + 2):
        return index
    return end if specific or head in cues["certain"] else index


def _is_other(head: str, following: Token) -> bool:
    """Return whether the word after a head shows that no name begins there.

    The centre of a town, an Islamic party, the group of a body that is known.
    """
    if head == _CENTRE and following.kind & Kind.PLACED:
        return True
    if following.bare in read_cues()["nationalities"]:
        return True
    return head in _OFTEN_COMMON and following.known_type in ("group", "organization")


def _has_complement(token: Token, head: str, *, specific: bool) -> bool:
    """Return whether a word is joined to a name by a particle.

    The Ministry of Economy and Trade; the Massachusetts Institute of Technology.
    """
    if not token.joined or not token.article or token.kind & (BREAK | Kind.NATION):
        return False
    cues = read_cues()
    if token.prefix == "و":
        return head in cues["states"] and token.known is None
    return token.prefix == "ل" and specific and head not in cues["armed"]


def _after_article(tokens: Sequence[Token], index: int) -> int:
    """Return the end of a name that begins with a word with the article; `index` if none."""
    end = index + 1
    while end < len(tokens) and _goes_on(tokens[end]) and _agrees(tokens[index], tokens[end]):
        end += 1
    adjectives = end - index - 1
    if not adjectives:
        return index
    if end < len(tokens) and tokens[end].joined and tokens[end].prefix == "ل":
        following = tokens[end]
        if not following.kind & BREAK and (following.article or following.kind == Kind.COMMON):
            end += 1
            while end < min(len(tokens), index + MAX_BODY):
                if not (_goes_on(tokens[end]) and tokens[end].article):
                    break
                end += 1
            return end
    certain = adjectives > 1 or tokens[index].bare in read_cues()["plain_certain"]
    return end if certain else index


def _agrees(noun: Token, token: Token) -> bool:
    """Return whether a word is an adjective of the gender of a noun.

    The others belong to a word before the noun: the capabilities of the party.
    """
    feminine = noun.bare.endswith("ه") or noun.bare in read_cues()["feminine"]
    return token.is_adjective and token.bare.endswith("ه") == feminine


def _goes_on(token: Token) -> bool:
    return _adjoins(token) and not token.kind & (BREAK | Kind.FUNCTION)
