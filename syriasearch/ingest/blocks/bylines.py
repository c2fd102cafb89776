"""Bylines: the authors in a line such as "By Omar Haddad in Beirut and Mara Lindqvist, Reuters".

Names stay as they are written, with their initials and titles. What is cut is the word before them,
and after them places, roles, outlets, addresses, and those who only helped.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ...text.arabic import has_arabic
from ...text.authors import (
    author_words,
    is_body,
    is_outlet,
    split_names,
)
from ...text.dates import written_date
from ...text.patterns import regex

MAX_BYLINE = 2000
"""The maximum number of characters of a byline that are read."""

_BY = regex(
    r"(?:(?:written|words|story|reported|reporting|posted|published|text|analysis|opinion|report)"
    r"\s+by|by|authors?(?=\s*:)|بقلم|كتب|كتبت|كتبه|تقرير|إعداد|اعداد|تحرير)(?:\s*:\s*|\s+[–—-]\s+|\s+|$)",
    re.IGNORECASE,
)
"""The words before the names; to be matched at the beginning."""
_HELP = regex(
    r"[\s;.,|(–—-]*\b(?:with\s+)?(?:(?:additional|further|extra|other)\s+)?"
    r"(?:reporting|writing|research|contributions?|edit(?:ing|ed)|compiled|translat(?:ed|ion)"
    r"|photo(?:graph)?(?:s|y)?|pictures?|illustrations?|graphics?|video|contributed)"
    r"\s+(?:by|from|to this)\b.*|[\s;.,|(–—-]*\b(?:شارك|ساهم|أسهم|ترجمة|تصوير)(?:ت|وا)?\s.*",
    re.IGNORECASE | re.DOTALL,
)
"""Those who helped, and all after them."""
_ADDRESS = regex(
    r"<[^<>\s@]{0,64}@[^<>\s@]{0,255}>|\(?\bmailto:\S+|[^\s@]{1,64}@[^\s@]{1,255}\.\w+\)?|(?<!\S)@\w+|https?://\S+"
)
_REMARK = regex(r"\s*[(\[]([^()\[\]]*)[)\]]")
_PARTS = regex(r"\s*[|•·\n]\s*|\s+[–—ـ-]+\s+|\s*/\s+")
_PLACE = r"[^\W\d_a-z][\w’'.-]*(?:\s+(?:al-|el-)?[^\W\d_a-z][\w’'.-]*){0,3}"
_WHERE = regex(
    rf"\s+(?:in|near|from|at|on|reporting\s+from)\s+(?:the\s+)?{_PLACE}"
    r"(?:,\s*[^\W\d_a-z][\w’'.-]*(?=\s*(?:,|;|$|\s(?:and|&)\s)))?"
)
_ARABIC_WHERE = regex(r"\s+(?:في|من)\s+\w+(?:\s+\w+)?$")
_FOR = regex(rf"\s+(?:for|of|at|with|from|via)\s+(?:the\s+)?{_PLACE}")
_CUTS = regex(r"\s+[–—-]+\s+|\s*—\s*|\s*[|·\n]\s*|,\s+|\s*$")
_DATE_LABEL = regex(r"(?:published|updated|posted)\b", re.IGNORECASE)
_DIGIT = regex(r"\d")
_HEAD = regex(r",|\s(?:and|in|near|from|at|on|for|of|with|via)\s")
_LATEST = regex(r"\b(?:updated|published|posted|last modified|\d{4}|\d{1,2}:\d\d)\b", re.I)
_NOTICE = regex(
    r"(?:(?:corrections?|clarifications?|updates?|editor[’'s]*\s+notes?|notes?)\s+(?:appended|added|below)"
    r"|(?:this|the)\s+(?:article|story|report|version|post|piece)\s+(?:has\s+been|was|is)\s+(?:since\s+)?"
    r"(?:corrected|updated|amended|clarified|revised)\b.{0,200}"
    r"|corrected(?:\s+version)?|corrections?|clarifications?|تصحيح|تنويه|استدراك|توضيح)[.:]?"
    r"|(?:corrections?|clarifications?|editor[’'s]*\s+note|تصحيح|تنويه|استدراك)\s*[:–—-].*[.!]",
    re.IGNORECASE | re.DOTALL,
)
MAX_NOTICE = 500
"""The maximum number of characters of a notice about a correction."""
_SMALL = frozenset(
    "and in of for at the from near on with by et und al el bin ibn bint ben abu von van der den de"
    " del della di da dos du la le to".split()
)


def parse_byline(line: str) -> tuple[list[str], bool]:
    """Return the names of the authors in a byline, and whether anything else was cut from it.

    >>> parse_byline("By Omar Haddad in Beirut and Mara Lindqvist in Amman")
    (['Omar Haddad', 'Mara Lindqvist'], True)
    >>> parse_byline("Mara Lindqvist, Reuters correspondent")
    (['Mara Lindqvist'], True)
    """
    text = " ".join(line[:MAX_BYLINE].split(" ")).strip()
    by = _BY.match(text)
    text = text[by.end() :] if by else text
    plain = _ADDRESS.sub("", text)
    whole = _REMARK.fullmatch(plain.strip())
    plain = whole[1] if whole else plain
    helped = _HELP.search(plain)
    plain = plain[: helped.start()] if helped else plain
    names: list[str] = []
    is_cut = plain != text
    for group in re.split(r"\s*[;؛]\s*", plain):
        found, is_cut_here = _group(group, placed=by is not None)
        is_cut |= is_cut_here
        names += [name for name in found if name not in names]
    return names, is_cut


def _group(group: str, *, placed: bool) -> tuple[list[str], bool]:
    """Return the names between two semicolons, and whether anything else was cut from them."""
    names: list[str] = []
    is_cut = False
    parts = list(filter(None, map(str.strip, _PARTS.split(group))))
    if len(parts) > 1 and has_arabic(group):
        # Arabic papers write the place before the name or the agency, in either order.
        return [name for part in parts for name in split_names(part)], False
    for part in parts:
        if _LATEST.search(part) and names:
            is_cut = True
            continue
        day = written_date().search(part)
        without = _without_place(part[: day.start()] if day else part)
        is_cut |= without != part
        for name in split_names(without):
            point = "." if re.search(r"\b\w{1,2}\.$", name) else ""
            name = name.strip(" ,:.–—-") + point
            if _is_person(names) and _is_office(name, without, placed=placed):
                is_cut = True
            elif name and name not in names:
                names.append(name)
    return names, is_cut


def _without_place(part: str) -> str:
    """Return a part of a byline without places, outlets in brackets and the like."""
    for remark in list(_REMARK.finditer(part)):
        is_office = is_outlet(remark[1]) or _is_role(remark[1])
        if is_office and _is_person([part[: remark.start()].strip()]):
            part = part.replace(remark[0], "")
    head = _HEAD.split(part)[0]
    if len(head.split()) < 2 or is_body(head):
        return part
    part = _ARABIC_WHERE.sub("", _WHERE.sub("", part))
    found = _FOR.search(part)
    if found and len(part[: found.start()].split()) > 1 and not is_body(part[: found.start()]):
        part = part[: found.start()] + part[found.end() :]
    return part


def _is_person(names: list[str]) -> bool:
    """Return whether the first of some names may be a person's: `Beirut` is none."""
    return bool(names) and " " in names[0] and ":" not in names[0] and not is_body(names[0])


def _is_office(name: str, part: str, *, placed: bool) -> bool:
    """Return whether what follows a name is its role, its outlet, or with `placed` its place."""
    if re.search(rf"(?:\b(?:and|et|und)\s+|&\s*)(?:the\s+)?{re.escape(name)}", part, re.IGNORECASE):
        return False
    is_place = placed and " " not in name and name[:1].isupper()
    return name[:1].islower() or _is_role(name) or is_body(name) or is_place


def _is_role(name: str) -> bool:
    """Return whether a part of a byline is an office: `Cnn Contributor`, `Special to the Times`."""
    words = [word.strip(".,") for word in name.casefold().split()]
    roles = author_words()["role words"]
    if not words:
        return False
    return words[-1] in roles or words[0] in roles or not roles.isdisjoint(words[:-1])


@lru_cache(maxsize=4096)
def clean_author(line: str) -> str | None:
    """Return the authors as a source writes them, without what is not their names.

    A line of names only stays as it is, but for a `By`.
    """
    line = line.strip()
    by = _BY.match(line)
    bare = line[by.end() :].rstrip(" :") if by else line
    names, is_cut = parse_byline(line)
    if not is_cut or not any(map(str.isalpha, "".join(names))):
        return bare or None
    return ("; " if any("," in name for name in names) else ", ").join(names)


def is_notice(line: str) -> bool:
    """Return whether a line only says that an article was corrected or changed.

    >>> [is_notice(line) for line in ("Correction Appended", "Correction of borders rejected")]
    [True, False]
    """
    return len(line) <= MAX_NOTICE and bool(_NOTICE.fullmatch(line.strip("*[]() \n")))


class Byline(NamedTuple):
    """A byline at the head of a text."""

    author: str
    end: int
    """The offset after it, and after the separator that follows."""


def match_byline(text: str, start: int = 0) -> Byline | None:
    """Return the byline that begins at an offset of a text.

    It ends with the text, or at a dash or bar that a date or a sentence follows, or at a comma
    that a date follows.
    """
    if not _BY.match(text, start):
        return None
    for cut in _CUTS.finditer(text, start):
        line, rest = text[start : cut.start()].strip(), text[cut.end() :]
        is_dated = bool(_DATE_LABEL.match(rest) or written_date().match(rest))
        follows = is_dated if "," in cut[0] else is_dated or not rest[:1].islower()
        if follows and not _DIGIT.search(line) and is_byline(line) and (by := clean_author(line)):
            return Byline(by, cut.end())
        if "," not in cut[0]:
            return None
    return None


def is_byline(line: str) -> bool:
    """Return whether a whole line is a byline: `By` with names, and nothing that is a sentence.

    >>> [is_byline(line) for line in ("By Mara Lindqvist, Reuters correspondent", "By that he won")]
    [True, False]
    """
    by = _BY.match(line)
    if not by or len(line) > 300:
        return False
    roles = author_words()["role words"]
    words = re.findall(r"[^\s,;|/&–—-][^\s,;|/&]*", _ADDRESS.sub("", line[by.end() :]))
    names, _ = parse_byline(line)
    return (
        0 < len(words) <= 24
        and bool(names)
        and all(is_author(name) for name in names)
        and all(_may_stand_in_byline(word, roles) for word in words)
    )


def _may_stand_in_byline(word: str, roles: frozenset[str]) -> bool:
    bare = word.strip(".:()[]")
    return not bare[:1].islower() or bare in _SMALL or bare in roles or "-" in bare


def has_name_case(name: str) -> bool:
    """Return whether a name is written as one: its words have capitals, or none of them has.

    >>> [has_name_case(name) for name in ("Ida von Berg", "ida berg", "Ida Berg is a reporter")]
    [True, True, False]
    """
    small = [word for word in name.split() if word[:1].islower() and "-" not in word]
    return len(small) == len(name.split()) <= 3 or all(word in _SMALL for word in small)


def is_author(name: str) -> bool:
    """Return whether words after `By` can be a name: not a time, a place or a common word."""
    words = [word.strip(".,’'") for word in name.casefold().split()]
    others = author_words()["not names"]
    if is_outlet(name) or not words:
        return bool(words)
    if words[0] == "the" and is_body(" ".join(words[1:])):
        return True
    # April and May are given names too.
    common = [word for word in words if word in others]
    return (
        1 < len(words) < 7
        and not any(map(str.isdigit, words))
        and (not common or (common == words[:1] and words[0] in ("april", "may", "june", "august")))
    )
