"""Words before a known name that are part of somebody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...text.normalize import POSSESSIVES
from ...text.patterns import regex
from ..matcher import Found
from ..rules.capitalized import is_contraction
from ..rules.cue_words import common_words, cue_words, name_parts
from .bearers import PREFIXES
from .words import namesake_words

MAX_WORDS = 4
_GAP = " \n\xa0\u200b\u200c\u200d"
"""The characters between two words of a name, three at most."""
_WORD = regex(r"(?<![^\W_])[^\W\d_][\w’'ʼʿ.‐‑-]*\Z")
_NEXT = regex(r"[ \n\xa0]((?:[aAeE]l[- ])?)([A-Z][^\W\d_](?:[^\W_]|[-’'ʼ](?=[^\W_]))*)")
_INITIAL = regex(r"(?:[A-Z]\.)+")
_POSSESSIVE = regex(rf"[{POSSESSIVES}ʼ]s?\Z")
_GLUED = regex(r"[a-z][A-Z]")
_SCOTTISH = regex(r"(?:Ma?c|De|La|Le|Di|Al|El|Fitz)[A-Z][a-z]+\Z")
_ENGLISH = regex(
    r"(?:ing|[^aeiouh]{2}ed|[^aeiou]ly|ists?|isms?|tion|ness|ment|ers|i?ans?|ese|ish|ful|less|ible|able"
    r"|ous|izes?|care|based|backed|led|affiliated)\Z"
)
_AFFIXED = regex(
    r"(?:anti|co|ex|mid|non|post|pre|pro|self|then|vice)-|-(?:designate|elect|\w*ed)\Z"
)
_PARTICLES = PREFIXES | frozenset("al bani ben beni bint de del der el ibn ould van von".split())

_ARTICLE_ENDS = frozenset("ldnrsthz")
_ARTICLE = regex(r"(?<![^\W_])(?:[AaEe]l[- ]|(?:[Aa][dnrstz]|[Aa]sh)-)\Z")


class NameWord(NamedTuple):
    """A word of a name, at `start` in a text."""

    start: int
    text: str
    low: str
    """The word in lower case, without full stops."""
    known: bool
    """Whether lists of parts of names have it."""


def last_word(text: str, at: int) -> str:
    """Return the text between the last two spaces before a place, "" if no space is before it."""
    before = text[max(0, at - 40) : at]
    stripped = before.rstrip(_GAP)
    if not 0 < len(before) - len(stripped) <= 3:
        return ""
    return stripped.rsplit(None, 1)[-1] if stripped else ""


def with_article(text: str, start: int) -> int:
    """Return the start of a name with the article before it."""
    if text[start - 2 : start - 1] not in _ARTICLE_ENDS:
        return start
    article = _ARTICLE.search(text, max(0, start - 5), start)
    return article.start() if article else start


def words_before(text: str, start: int, found: Sequence[Found]) -> list[NameWord]:
    """Return the words directly before a name that may be parts of a longer one, in order.

    `found` are the matches of the gazetteer before it, of which only given names can be such words.
    """
    words: list[NameWord] = []
    at, index = start, len(found) - 1
    capitals = text[start : start + 40].split(" ")[0].isupper()
    while len(words) < MAX_WORDS:
        token = last_word(text, at)
        if not token or (token[0].islower() and token not in _PARTICLES and token[0] not in "ae"):
            break
        match = _WORD.search(token)
        if match is None:
            break
        word = match.group()
        begin = text.rindex(word, 0, at)
        while index >= 0 and found[index].start >= at:
            index -= 1
        known = None
        if index >= 0 and found[index].end > begin:
            if not _is_given(found[index]):
                break
            known = True
            word, begin = text[found[index].start : found[index].end], found[index].start
        low = word.lower().rstrip(".")
        if known is None:
            known = _is_part(word, low, capitals=capitals)
        if known is None:
            break
        words.insert(0, NameWord(begin, word, low.replace(".", " ").strip(), known))
        at = begin
    while words and words[0].text[0].islower() and words[0].low not in PREFIXES:
        del words[0]
    return words


def word_after(text: str, end: int) -> NameWord | None:
    """Return the capitalized word directly after a name that may be part of a longer one."""
    match = _NEXT.match(text, end)
    if match is None:
        return None
    low = match[2].lower()
    known = _is_part(match[2], low, capitals=False)
    return None if known is None else NameWord(match.start(1), match[1] + match[2], low, known)


def _is_given(match: Found) -> bool:
    """Return whether a match is the given name of a known person: Saddam, Bashar."""
    entity = match.names[0].entity
    alias = match.names[0].alias
    return (
        entity.type == "person"
        and " " not in alias
        and "-" not in alias
        and entity.name.startswith(alias)
        and entity.name != alias
    )


def _is_part(word: str, low: str, *, capitals: bool) -> bool | None:
    """Return whether a word is part of a name: True by a list, False by its looks, else None."""
    words, cues = namesake_words(), cue_words()
    if low in _PARTICLES:
        return True
    if is_contraction(word):
        return None
    if word.endswith(".") and not _INITIAL.fullmatch(word):
        return None
    if low.startswith(("al-", "el-")) and word[3:4].isupper():
        return low[3:] in name_parts()
    if not word[0].isupper() or _POSSESSIVE.search(word):
        return None
    if _INITIAL.fullmatch(word):
        return True
    if len(low) < 2:
        return None
    if low in words.given_words:
        return True
    if (
        low in cues.titles
        or low in cues.ranks
        or low in cues.nobody
        or low in cues.heads
        or low in cues.small
        or low in words.not_given
        or low in words.things
        or low in words.begins
        or low in words.ordinary
        or low in words.learned
        or low in common_words()
        or _AFFIXED.search(low)
    ):
        return None
    if word.isupper() and len(word) > 1 and not capitals:
        return None
    parts = name_parts()
    if low in parts or low.replace("’", "").replace("'", "") in parts:
        return True
    if "-" in low and all(part in parts or part in _PARTICLES for part in low.split("-")):
        return True
    if capitals or _ENGLISH.search(low) or (_GLUED.search(word) and not _SCOTTISH.match(word)):
        return None
    if any(each.isdigit() for each in word) or "." in word or "-" in word:
        return None
    return False
