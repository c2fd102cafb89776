"""Known Arabic names that are other words in their context.

القاعدة is al-Qaeda, and the base or the rule (القاعدة الجوية); تدمر is Palmyra, and it destroys
(التي تدمر). The words next to such a name decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...text.normalize import fold
from ...text.patterns import regex
from ..matcher import Found
from .words import read_cues

_PREVIOUS = regex(r"(\w+) \Z")
_NEXT = regex(r" (\w+)")
_REACH = 20
"""Maximum number of letters of the word before a name that are read."""


def without_homographs(text: str, found: Sequence[Found]) -> list[Found]:
    """Return the matches in a text without those that are other words."""
    cues = read_cues()
    nouns, verbs = cues["known_nouns"], cues["known_verbs"]
    kept = []
    for match in found:
        word = text[match.start : match.end]
        if " " not in word:
            folded = fold(word)
            if folded in nouns and _is_noun(text, match):
                continue
            if folded in verbs and _previous(text, match) in cues["before_verbs"]:
                continue
        kept.append(match)
    return kept


def _is_noun(text: str, match: Found) -> bool:
    """Return whether a demonstrative is before a feminine noun, or an adjective after it."""
    cues = read_cues()
    if _previous(text, match) in cues["demonstratives"]:
        return True
    following = _NEXT.match(text, match.end)
    word = fold(following[1]) if following else ""
    return word.startswith("ال") and word.endswith("يه") and word not in cues["of_groups"]


def _previous(text: str, match: Found) -> str:
    before = _PREVIOUS.search(text[max(0, match.start - _REACH) : match.start])
    return fold(before[1]) if before else ""
