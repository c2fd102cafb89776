"""Rules that find the names of bodies and places in Arabic script.

A body's name begins with a word for it and goes on with what that governs: nouns in the construct
state, then adjectives with the article (جامعة الدول العربية). Words like newspaper, company or club
stand before a name that does without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..text.arabic import ARTICLE
from .arabic_text import Token
from .arabic_words import Kind, read_cues, world_places

Span = tuple[int, int, str, str, str]
"""First word, end, entity type, rule, and the entity's name if it is not as written."""

_NAMES = (Kind.NAME | Kind.WEAK)
_BREAK = int(
    Kind.TITLE | Kind.OFFICE | Kind.RELATION | Kind.SPEECH | Kind.HEAD | Kind.PLACED | Kind.SON
)
MAX_BODY = 7
"""Maximum number of words in a body's name."""


def _is_proper(token: Token) -> bool:
    """Return whether a word is in no list, or hardly anything but a name."""
    return not token.kind & ~(Kind.NAME) and not token.article


def is_adjective(token: Token) -> bool:
    """Return whether a word is an adjective with the article, by its form or as a known one."""
    bare = token.bare
    return bool(token.kind & Kind.NATION) or (
        token.article and bare.endswith(("ي", "يه")) and len(bare) > 5
    )


def find_bodies(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of bodies that the words for them show."""
    cues = read_cues()
    for index, token in enumerate(tokens):
        if token.bare in cues["tails"] and index and token.joined and token.known is None:
            before = tokens[index - 1]
            if _is_proper(before) or (before.known and _type(before) == "place"):
                yield index - 1, index + 1, "organization", "heads", ""
        if not token.kind & Kind.HEAD or index + 1 == len(tokens) or token.known is not None:
            continue
        following = tokens[index + 1]
        if not following.joined or following.particle or following.kind & Kind.FUNCTION:
            continue
        if token.bare in cues["labels"]:
            span = _labelled(tokens, index)
            if span:
                yield span
            if span or token.bare not in cues["bodies"]:
                continue
        if token.bare in cues["plain_bodies"]:
            end = _plain(tokens, index)
        else:
            end = _construct(tokens, index)
        if end > index + 1:
            kind = "group" if token.bare in cues["armed"] else "organization"
            yield index, end, kind, "heads", ""


def _type(token: Token) -> str:
    """Return the type of the entity that the gazetteer knows at a word."""
    return token.known.names[0].entity.type if token.known else ""


def _labelled(tokens: Sequence[Token], index: int) -> Span | None:
    """Return the name after a word like newspaper or club."""
    cues = read_cues()
    label = tokens[index].bare
    first = end = index + 1
    while end < len(tokens) and end - first < 3:
        token = tokens[end]
        if end > first and (not token.joined or token.particle):
            break
        if token.known is not None:
            if _type(token) != "place" or label not in cues["clubs"]:
                break
        elif not (_is_proper(token) or (end > first and token.kind == Kind.WEAK) or token.bare in cues["tails"]):
            break
        end += 1
    if end == first:
        token = tokens[first]
        if (
            label not in cues["media"]
            or not token.article
            or token.kind & (Kind.NATION | _BREAK)
            or token.known is not None
        ):
            return None
        end += 1
        while end < len(tokens) and end - first < 3 and _goes_on(tokens[end]) and tokens[end].article and not tokens[end].kind & (Kind.NATION | Kind.ADJECTIVE):
            end += 1
    return first, end, "organization", "heads", ""


def _goes_on(token: Token) -> bool:
    """Return whether a word may be part of the name that the one before is in."""
    return token.joined and not token.particle and not token.kind & (_BREAK | Kind.FUNCTION)


def _construct(tokens: Sequence[Token], index: int) -> int:
    """Return the end of a name that begins with a word in the construct state."""
    cues = read_cues()
    head = tokens[index].bare
    specific = definite = False
    end = index + 1
    while end < len(tokens) and end - index < MAX_BODY:
        token = tokens[end]
        if (
            definite
            and token.joined
            and token.article
            and not token.kind & (_BREAK | Kind.NATION)
            and (
                (token.prefix == "و" and head in cues["states"] and token.known is None)
                or (token.prefix == "ل" and specific and head not in cues["armed"])
            )
        ):
            # The Ministry of Economy and Trade; the Massachusetts Institute of Technology.
            end += 1
            continue
        if not token.joined or token.particle or token.kind & Kind.FUNCTION:
            break
        if token.kind & (_BREAK & ~(Kind.PLACED | Kind.HEAD)):
            break
        if token.known is not None and not token.kind & Kind.NATION:
            if _type(token) not in ("place", "organization", "group") or definite:
                break
            specific = definite = True
            while end + 1 < len(tokens) and tokens[end + 1].known is token.known:
                end += 1
        elif token.kind & Kind.NATION:
            if not definite or specific:
                break
            specific = True
        elif _is_proper(token):
            if definite and not _is_proper(tokens[end - 1]):
                break
            specific = definite = True
        elif token.article:
            if definite and not is_adjective(token):
                break
            if not definite and head in ("حركه", "تنظيم", "جماعه") and token.bare[2:] in cues["movements"]:
                specific = True
            definite = True
        elif definite or end > index + 2 or head in cues["armed"] and token.bare not in cues["movements"]:
            break
        else:
            specific = specific or (head == "حركه" and token.bare in cues["movements"])
        end += 1
    if not definite:
        return index
    if head in cues["states"]:
        return end if specific and end > index + 2 else index
    return end if specific or head in cues["certain"] else index


def _plain(tokens: Sequence[Token], index: int) -> int:
    """Return the end of a name that begins with a word with the article."""
    end = index + 1
    adjectives = 0
    while end < len(tokens) and _goes_on(tokens[end]) and is_adjective(tokens[end]):
        adjectives += 1
        end += 1
    if not adjectives:
        return index
    following = tokens[end] if end < len(tokens) else None
    if following is not None and following.joined and following.prefix == "ل" and not following.kind & _BREAK:
        written = following.bare
        if written.startswith(ARTICLE) or following.kind == Kind.COMMON:
            end += 1
            while end < len(tokens) and tokens[end].joined and not tokens[end].particle and tokens[end].article and not tokens[end].kind & _BREAK and end - index < MAX_BODY:
                end += 1
            return end
    if adjectives > 1 or tokens[index].bare in read_cues()["plain_certain"]:
        return end
    return index


def find_world_places(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of the world's places that the gazetteer does not have."""
    world = world_places()
    index, count = 0, len(tokens)
    while index < count:
        token = tokens[index]
        end, name = index, ""
        if token.known is None and token.bare in world:
            placed = index > 0 and token.joined and tokens[index - 1].kind & Kind.PLACED
            for words, english in world[token.bare].items():
                size = len(words)
                if index + size > count or size <= end - index:
                    continue
                rest = tokens[index + 1 : index + size]
                if tuple(each.bare for each in rest) != words[1:]:
                    continue
                if not all(each.joined and not each.particle for each in rest):
                    continue
                if not placed and (english[0] == "~" or (size == 1 and token.kind & ~(Kind.ENDING))):
                    continue
                # A name that is a word, too, may be that of another place.
                end, name = index + size, "" if english[0] == "~" or token.kind else english
        if end > index:
            yield index, end, "place", "settlements", name
            index = end
        else:
            index += 1


def find_settlements(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield the names of places that are called a town or the like."""
    sites = read_cues()["sites"]
    for index, token in enumerate(tokens):
        if token.kind & Kind.PLACED and index + 1 < len(tokens):
            end = _settlement(tokens, index + 1)
            if end > index + 1:
                first = index if token.bare in sites else index + 1
                yield first, end, "place", "settlements", ""


def _settlement(tokens: Sequence[Token], first: int) -> int:
    """Return the end of the name of a settlement that may begin at `first`."""
    end = first
    while end < len(tokens) and end - first < 2:
        token = tokens[end]
        if not token.joined or token.particle or token.known is not None:
            break
        if token.kind & (_BREAK | Kind.NATION | Kind.ADJECTIVE):
            break
        if end == first and token.bare in read_cues()["not_places"]:
            break
        if end == first:
            proper = not token.kind or token.kind & Kind.NAME
        else:
            proper = not token.kind & ~(Kind.NAME) and not token.article
        if not proper:
            break
        end += 1
    return end
