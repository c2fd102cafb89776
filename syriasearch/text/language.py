"""The language of a text, and the code of a language that metadata names."""

from __future__ import annotations

import re
from functools import lru_cache

from .arabic import has_arabic
from .normalize import fold
from .patterns import regex
from .tokenize import folded_terms
from .word_lists import DATA, read_word_lists

_ENGLISH = frozenset("the of and to in a that is was for on with said by as at has have".split())
_NOT_ARABIC = regex("[پچژگڤہھےں]")
_BEGINNING = 4000
"""The number of characters of a text that show its language."""


def detect_language(text: str, folded: str | None = None) -> str | None:
    """Return `ar` or `en` if the script or the most common words show it, else None.

    `folded` is the folded text, if it is at hand.
    """
    text = text[:_BEGINNING]
    words = folded_terms(fold(text) if folded is None else folded[:_BEGINNING])
    if not words:
        return None
    arabic = sum(map(has_arabic, words)) if has_arabic(text) else 0
    if arabic * 2 > len(words):
        return None if _NOT_ARABIC.search(text) else "ar"
    common = sum(map(_ENGLISH.__contains__, words))
    return "en" if common >= 0.12 * len(words) and len(words) >= 8 else None


def language_of(text: str, named: str | None) -> str | None:
    """Return the language that metadata names for a text, unless the text is clearly in another.

    Many pages and feeds in Arabic are made with an English template.
    """
    found = detect_language(text)
    code = (named or "")[:2].lower()
    return found if named and code in ("ar", "en") and found not in (None, code) else named


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Return the code of each name of a language."""
    languages = read_word_lists(DATA / "languages.txt")
    return {name: code for code, names in languages.items() for name in names}


def language_code(given: str | None) -> str | None:
    """Return the code of a language that a field names: `ar` for `ar-SY`, `ara` and Arabic.

    Codes have two letters for the languages in `data/languages.txt`. A value that is neither a
    code nor a known name is returned as it is.
    """
    if not given:
        return None
    bare = re.split(r"[-_]", given.strip().lower(), maxsplit=1)[0]
    known = _codes().get(given.lower()) or _codes().get(bare)
    return known or (bare if re.fullmatch("[a-z]{2,3}", bare) else given)
