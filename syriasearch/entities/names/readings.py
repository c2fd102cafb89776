"""Readings of a name: other ways of writing it, turned into the usual one.

Lists write the family name first, with a comma or in capitals (Assad, Bashar; AL-ASSAD Bashar), and
news writes the Arabic article as part of the word (Alassad, AlJubeir). A name is looked up as it is
written first; what another reading of it finds counts only if nothing has the name as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...text.arabic import LATIN_ARTICLES, has_arabic, is_article, name_key, without_articles
from ...text.patterns import regex
from ...text.tokenize import terms

MAX_ACRONYM = 8
"""Maximum length of an acronym of one word; longer words in capitals are names."""
MAX_ACRONYM_WORD = 5
"""Maximum length of the words of an acronym of several (UNSCR 2254), in characters."""
MAX_INITIALS = 4
"""Maximum length of a word in capitals that abbreviates a person's name: MBS, but not HASAN."""
SURE_ATTACHED = 6
"""Minimum length of a name after an article that is written as part of the word, if no alias of its
entity has the article: Alerdogan."""
MAX_TURNED = 4
"""Maximum number of words in a name whose family name comes first, without a comma."""

COMMAS = (",", "،")
"""The commas of both scripts."""

_COMMA = regex(rf"(?:(?<!\s)\s+)?[{''.join(COMMAS)}]\s*")
_SUFFIX = regex(r"(?:jr|sr|inc|ltd|llc|co|ii|iii|iv|phd|md)\.?$", re.IGNORECASE)
_HONORIFICS = regex(
    r"(?:(?:dr|mr|mrs|ms|prof|eng|gen|col|maj|lt|brig|sheikh|shaykh|haji|hajji|mullah|mulla|maulavi"
    r"|sayyid|sayed|ayatollah)\.?\s+)+(?=\S)",
    re.IGNORECASE,
)
_CAMEL_ARTICLE = regex(r"(?<![^\W_])([AEUaeu][a-z]{1,2})(?=[A-Z][a-z'’])")
_MAY_BE_ATTACHED = regex(r"(?<![^\W_])(?:[AEae]l\w{4}|[AEUaeu][a-z]{1,2}[A-Z])")
_ATTACHED = regex(r"(?:al|el)(?=\w{4})")


def given_first(name: str) -> str:
    """Return a person's name with the given name first, if it is written otherwise.

    The family name is recognized by a comma after it, or by capitals.

    >>> given_first("Assad, Bashar"), given_first("AL-ASSAD Bashar"), given_first("Bashar al-Assad")
    ('Bashar Assad', 'Bashar AL-ASSAD', 'Bashar al-Assad')
    """
    parts = [part for part in _COMMA.split(name.strip()) if part]
    if len(parts) > 1 and _SUFFIX.match(parts[-1]):
        # John Smith, Jr, or Smith, John, Jr.
        parts = [*parts[:-2], f"{parts[-2]}, {parts[-1]}"] if len(parts) == 2 else parts[:-1]
    if len(parts) == 2 and not _SUFFIX.search(parts[1]):
        family, given = parts
        return f"{_HONORIFICS.sub('', given, count=1)} {family}"
    if len(parts) != 1:
        return name
    words = parts[0].split()
    first = next((at for at, word in enumerate(words) if not _in_capitals(word)), len(words))
    letters = sum(map(len, words[:first]))
    # JK Rowling has initials.
    if 0 < first < len(words) and letters > 2 and not any(map(_in_capitals, words[first:])):
        return " ".join((*words[first:], *words[:first]))
    return parts[0]


def _in_capitals(word: str) -> bool:
    return word.isupper() and sum(map(str.isalpha, word)) > 1 and "." not in word


def is_acronym(alias: str, *, person: bool = False) -> bool:
    """Return whether an alias in capitals is an acronym, which has no other spellings.

    >>> [is_acronym(alias) for alias in ("SNC", "UNSCR 2254", "FREE SYRIAN ARMY", "AL QAIDA")]
    [True, True, False, False]
    """
    if not alias.isupper():
        return False
    words = terms(alias)
    if person:
        return len(words) == 1 and len(words[0]) <= MAX_INITIALS
    if len(words) == 1:
        return len(words[0]) <= MAX_ACRONYM
    return words[0] not in LATIN_ARTICLES and max(map(len, words)) <= MAX_ACRONYM_WORD


def detached(name: str) -> str:
    """Return a name with the articles that are written as part of a word, by its capitals, apart.

    >>> detached("Bashar AlAssad"), detached("AsSisi"), detached("Alassad")
    ('Bashar Al-Assad', 'As-Sisi', 'Alassad')
    """
    return _CAMEL_ARTICLE.sub(_apart, name)


def _apart(match: re.Match[str]) -> str:
    article, following = match[1], match.string[match.end() :].lower()
    return f"{article}-" if is_article(article.lower(), following) else article


def is_unusual(name: str) -> bool:
    """Return whether a name has a comma, or a word that may have an article as part of it."""
    return any(comma in name for comma in COMMAS) or _MAY_BE_ATTACHED.search(name) is not None


def attached(name: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of a name without the articles that may be part of its words, and the word.

    The first key lacks that of the last word that may have one, the next that of the one before it.
    """
    words = name_key(name).split()
    for index in reversed(range(len(words))):
        article = _ATTACHED.match(words[index])
        if article and not has_arabic(words[index]):
            words[index] = words[index][article.end() :]
            yield " ".join(words), words[index]


def turned(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield names with the first words, as a family name, at the end: key, family, given.

    >>> list(turned(["al", "Sisi", "Abdel", "Fattah"]))[0]
    ('abdel fattah sisi', 'sisi', 'abdel fattah')
    """
    bare = name_key(" ".join(words)).split()
    if 1 < len(bare) <= MAX_TURNED:
        for number in range(1, len(bare)):
            family, given = " ".join(bare[:number]), " ".join(bare[number:])
            yield f"{given} {family}", family, given


def begins_with_article(first: str, following: str) -> bool:
    """Return whether a word is only the article of the next one: al Jubeir, El Sisi."""
    before, after = terms(first), terms(following)
    return bool(before and after) and not without_articles((*before, after[0]))[:-1]
