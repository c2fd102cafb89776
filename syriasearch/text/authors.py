"""Names of authors: where a line of several parts, and what is family name and given name.

A line is written in many ways: "Omar Haddad, Mara Lindqvist", "Haddad, Omar; Lindqvist, Mara",
with "and", "&", ، or و between names. A body, such as an agency or a ministry, is one name whatever
words it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .arabic import has_arabic
from .patterns import regex
from .word_lists import DATA, read_word_lists

_SUFFIX = regex(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_PARTICLES = frozenset(
    "abu al bin bint ben ibn el von van der den de del della di da dos du la le af zu ter".split()
)
_LIST_END = regex(
    r"(?:,|(?<!\s))\s+(?:and|et|und)\s+|(?<!\s)\s+&\s+|(?:،|(?<!\s))\s+و\s+", re.IGNORECASE
)
_COMMA = regex(r"(?:(?<!\s)\s+)?[,،]\s*")
_WAW = regex(r"(?<!\s)\s+و(?=\w{2})")
_QUOTED = regex(r'["“«](.+)["”»]')


@dataclass(frozen=True, slots=True)
class AuthorName:
    """The name of an author in its parts."""

    literal: str
    """The name as it is written."""
    family: str | None = None
    """The family name; None for a body, and for a name that is not split."""
    given: str | None = None
    particle: str | None = None
    """What belongs to the family name but does not begin it when sorted: von, bin."""
    suffix: str | None = None
    is_body: bool = False
    """Whether it is an organization, and not a person."""

    @property
    def sort_name(self) -> str:
        """The name with the family name first: `von Berg, Ida`, `Haddad, Omar, Jr.`."""
        if not self.family or not self.given:
            return self.literal
        family = " ".join(filter(None, (self.particle, self.family)))
        return ", ".join(filter(None, (family, self.given, self.suffix)))


@lru_cache(maxsize=1)
def author_words() -> dict[str, frozenset[str]]:
    """Return the outlets and the words that tell authors apart, by section of the data file."""
    lists = read_word_lists(DATA / "authors.txt")
    words = {name: frozenset(listed) for name, listed in lists.items()}
    # A desk is a body alone, and an office after a name.
    for name in ("body words", "role words"):
        words[name] |= words["desk words"]
    return words


def is_outlet(name: str) -> bool:
    """Return whether a name is that of a known outlet or agency."""
    name = " ".join(name.casefold().strip(' .«»"“”()').split())
    outlets = author_words()["outlets"]
    return name in outlets or name.removeprefix("the ") in outlets or _dotless(name) in outlets


def _dotless(name: str) -> str:
    return " ".join(name.replace(".", " ").split()) if has_arabic(name) else name.replace(".", "")


def is_body(name: str) -> bool:
    """Return whether an author is an organization.

    >>> [is_body(name) for name in ("The Associated Press", "Ministry of Health", "Omar Haddad")]
    [True, True, False]
    """
    words = [word.strip('.,«»"“”()') for word in name.casefold().split()]
    # Family names such as Press, Cross and Post are words of bodies too, but rarely after initials.
    is_person = len(words) in (2, 3) and bool(re.match(r"\S\.|(?i:dr|mr|ms|mrs|prof)\b", name))
    return is_outlet(name) or (
        len(words) > 1
        and not is_person
        and (words[0] == "the" or not author_words()["body words"].isdisjoint(words))
    )


def split_authors(line: str) -> list[AuthorName]:
    """Return the authors that a line names.

    >>> [name.sort_name for name in split_authors("Haddad, Omar; Lindqvist, Mara")]
    ['Haddad, Omar', 'Lindqvist, Mara']
    >>> [name.literal for name in split_authors("Omar Haddad, Mara Lindqvist and Reuters")]
    ['Omar Haddad', 'Mara Lindqvist', 'Reuters']
    """
    line = " ".join(line.split())
    names = []
    for part in re.split(r"(?:(?<!\s)\s+)?[;؛|]\s*", line):
        names += [author_name(piece) for piece in split_names(part) if piece]
    return list(dict.fromkeys(names))


def split_names(part: str) -> list[str]:
    """Return the names of a list without semicolons; a name in catalogue order stays whole."""
    pieces: list[str] = []
    for piece in _split_and(part.strip(" ,،")):
        pieces += _split_commas(piece)
    return pieces


def _split_and(part: str) -> list[str]:
    if _inverted(part):
        return [part]
    whole = _LIST_END.split(part)
    if len(whole) > 1 and is_body(part):
        # Ministry of Health and Population is one body, AP and Reuters are two.
        tails = [_COMMA.split(piece)[0] for piece in whole[1:]]
        if not all(is_outlet(tail) or len(tail.split()) > 1 for tail in tails):
            whole = [part]
    return [name for piece in whole for name in _split_waw(piece)]


def _split_waw(piece: str) -> list[str]:
    """Split Arabic names at the و that is written to the next: عمر حداد وسارة قاسم."""
    pieces: list[str] = []
    start = 0
    known = author_words()["names in waw"]
    for found in _WAW.finditer(piece):
        before, after = piece[start : found.start()], piece[found.end() - 1 :].split()
        is_name = after[0] in known
        if len(before.split()) > 1 and len(after) > 1 and not is_name and not is_body(piece):
            pieces.append(before)
            start = found.end()
    return [*pieces, piece[start:]]


def _split_commas(piece: str) -> list[str]:
    if _inverted(piece):
        return [piece]
    parts = list(filter(None, _COMMA.split(piece)))
    if len(parts) > 3 and len(parts) % 2 == 0:
        pairs = [", ".join(parts[at : at + 2]) for at in range(0, len(parts), 2)]
        if all(map(_inverted, pairs)):
            return pairs
    names: list[str] = []
    for part in parts:
        if names and _SUFFIX.fullmatch(part):
            names[-1] += f" {part}"
        else:
            names.append(part)
    return names


def _inverted(text: str) -> bool:
    """Return whether a text is a single name in the order of a catalogue: Haddad, Omar."""
    parts = _COMMA.split(text)
    if len(parts) == 3 and any(map(_SUFFIX.fullmatch, parts[1:])):
        parts = [part for part in parts if not _SUFFIX.fullmatch(part)]
    if len(parts) != 2 or not all(parts):
        return False
    family, given = (part.split() for part in parts)
    if is_outlet(parts[0]) or is_outlet(parts[1]) or is_body(parts[0]) or is_body(parts[1]):
        return False
    if not _roles().isdisjoint(word.casefold() for word in given) or _SUFFIX.fullmatch(parts[1]):
        return False
    lone = len(family) == 1 or family[0].casefold() in _PARTICLES
    return lone and len(family) < 4 and len(given) < 4 and not _LIST_END.search(text)


def _roles() -> frozenset[str]:
    return author_words()["role words"]


def author_name(name: str) -> AuthorName:
    """Return the parts of one name; one in Arabic script is split only where a comma splits it.

    >>> author_name("Omar Haddad Jr.")
    AuthorName(literal='Omar Haddad Jr.', family='Haddad', given='Omar', particle=None, \
suffix='Jr.', is_body=False)
    """
    quoted = _QUOTED.fullmatch(name)
    name = quoted[1].strip() if quoted else name
    if is_body(name):
        return AuthorName(name, is_body=True)
    parts = _COMMA.split(name)
    suffix = None
    if len(parts) == 3:
        suffix = next(filter(_SUFFIX.fullmatch, parts[1:]), None)
        parts = [part for part in parts if part != suffix]
    if len(parts) == 2 and _inverted(", ".join(parts)):
        particle, family = _particle(parts[0].split())
        return AuthorName(name, family, parts[1], particle, suffix)
    words = name.split()
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1].strip(",")):
        suffix = words.pop()
        words[-1] = words[-1].rstrip(",")
    if len(words) < 2 or has_arabic(name):
        return AuthorName(name)
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in _PARTICLES:
        at -= 1
    particle, family = _particle(words[at:])
    return AuthorName(name, family, " ".join(words[:at]), particle, suffix)


def _particle(words: list[str]) -> tuple[str | None, str]:
    """Split particles in small letters from a family name; those in capitals are part of it."""
    at = 0
    while at < len(words) - 1 and words[at].islower() and words[at] in _PARTICLES:
        at += 1
    return " ".join(words[:at]) or None, " ".join(words[at:])
