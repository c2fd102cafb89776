"""Date lines: the lines around a title that say when an article was published, and when updated.

A date line holds nothing but a date with its hour and label, and perhaps an author or a place. What
else its words are does not matter, as long as they are not those of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from ...text.dates import dates_in, parse_day, plain_digits
from ...text.patterns import regex
from .date_labels import (
    CLOCK,
    MAX_LABEL,
    ZONE,
    by_pattern,
    is_of_something_else,
    label_pattern,
    label_words,
    spellings,
    stripped,
)

LINE_LENGTH = 200
"""The maximum length of a date line, in characters."""
HEAD_LINES = 10
"""The number of pieces of an article among which its date lines are."""
_HEAD_LENGTH = 300
"""The maximum length of the text before a date line, besides the title: of a standfirst."""
_DIGIT = regex(r"\d")
_MAX_WORDS = 24
_MAX_NAME = 10
"""The maximum number of words of what a date line may hold besides its date, and of a name."""

_SEPARATORS = "|•·‧∙●▪—–―-,،;؛:()[]/"
_STRONG_SEPARATORS = frozenset("|•·‧∙●▪")
_SENTENCE_END = regex(r"(?:[^\W\d_]{4,}|[”\"’»)])[.!?؟…]\s*$")
_CAPITALS = regex(r"[^\W\d_a-z]+(?:[\s/’'.-]+[^\W\d_a-z]+){0,3}[\s,،:.–—-]*")
_IN_PROSE = regex(r"(?:on|in|since|after|before|until|في|منذ|بعد|قبل|حتى)\s+\d", re.IGNORECASE)
"""The beginning of a sentence with a date; to be matched at the beginning."""
_DATED_START = regex(r"[\s(\[]*(?!on\b|في\b|يوم\b)[^\W\d_]", re.IGNORECASE)
_NEXT_SENTENCE = regex(r"\s+(?=[A-ZÀ-Þ]\w* \w)")
_CASED = regex(r"[A-Za-zÀ-ÿ]")


@cache
def _day_at_start() -> re.Pattern[str]:
    """Return the pattern of what may stand before a date at the beginning of a paragraph."""
    return re.compile(
        rf"[\s(\[]*(?:(?:(?:{spellings('published')})(?!\w)|on\b|يوم\b|في\b|(?:{spellings('weekdays')})(?!\w)\.?)"
        r"[\s:,،]*)*",
        re.IGNORECASE,
    )


@cache
def _day_at_end() -> re.Pattern[str]:
    """Return the pattern of what may stand between a date and the prose after it."""
    return re.compile(
        rf"م?[\s,،]*(?:(?:at\s+|الساعة\s+)?(?:{CLOCK})[\s,،]*(?:(?:{ZONE})[\s,،]*)?)?"
        r"[)\]]?\s*(?:[|•·–—―]|-+)\s*(?=\S)",
        re.IGNORECASE,
    )


_FIRST_OF_RANGE = regex(r"(?<![:.\d])\d{1,2}\s*[-–—/]\s*$")
_WIRE_PLACE = regex(
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.,/ '’-]{1,40}|(?P<mixed>[^\W\d_][^\d.:()]{1,40}))[\s,،]*(?:\()?"
)
_WIRE_END = regex(r"م?\)?[\s,،]*(?P<wire>\([^()]{2,30}\))?\s*(?:[–—―]|-+)\s*(?=\S)")


class DateLine(NamedTuple):
    """What a date line says."""

    published: str | None
    """The date of publication as it is written."""
    is_labelled: bool
    """Whether the line calls it the date of publication."""
    byline: str
    """What the line says from `By` on, without dates, or nothing."""
    is_bare: bool
    """Whether it says nothing but a date, with its hour and label."""
    is_certain: bool
    """Whether the line can be nothing else, even where a title may stand."""
    label: str | None = None
    """The label of a date on the next line: published or updated."""


def read_date_line(text: str, *, label: str | None = None) -> DateLine | None:
    """Return what a line says if it is a date line, else None; `label` is of the line before.

    >>> read_date_line("By Mara Lindqvist | Sunday, 4 March 2018 10:30 GMT").published
    '4 March 2018'
    >>> read_date_line("Updated 4 March 2018").published is None
    True
    >>> read_date_line("The attack of 4 March 2018") is None
    True
    """
    has_date = len(text) < MAX_LABEL or _DIGIT.search(text)
    if not has_date or len(text) > LINE_LENGTH or "\n" in text.strip():
        return None
    line = plain_digits(text).strip()
    if not (dates := list(dates_in(line))):
        return _label_line(line)
    if len(dates) > 4 or _SENTENCE_END.search(line) or _follows_by(line, dates[0][0]):
        return None
    if label == "other" or is_of_something_else(line[: dates[0][0]]):
        return None
    starts = [0, *(end for _, end, _ in dates)]
    ends = [*(start for start, _, _ in dates), len(line)]
    between = [line[start:end] for start, end in zip(starts, ends, strict=True)]
    published, is_labelled = _published(between, [written for _, _, written in dates], label)
    parts = [stripped(part) for part in between]
    rest = " ".join(filter(None, parts))
    if (
        any(map(_FIRST_OF_RANGE.search, between[:-1]))
        or (rest and _IN_PROSE.match(line))
        or (parts[-1] and (between[-1][0] == "." or line.endswith((".", "!", "?", "؟", "…"))))
    ):
        return None
    is_certain = _is_certain(line, rest, between)
    if not is_certain and not all(map(_may_be_name, parts, _edges(between))):
        return None
    return DateLine(published, is_labelled, _byline(line, dates), not rest, is_certain)


def _label_line(line: str) -> DateLine | None:
    """Return a line that is only a label, whose date is on the next one."""
    found = label_pattern().search(line) if len(line) < MAX_LABEL else None
    if found and not stripped(line):
        return DateLine(None, False, "", True, False, str(found.lastgroup))
    return None


def _follows_by(line: str, start: int) -> bool:
    """Return whether a date is what follows `By`: a term, not the date of a byline."""
    found = by_pattern().match(line)
    return bool(found and not stripped(line[found.end() : start]) and found.end() <= start)


def _published(
    between: Sequence[str], dates: Sequence[str], label: str | None
) -> tuple[str | None, bool]:
    """Return the date of publication among those of a line, and whether it is called so."""
    plain: list[str] = []
    for before, written in zip(between, dates, strict=False):
        labels = [found.lastgroup for found in label_pattern().finditer(before)]
        label = labels[-1] if labels else label
        if label == "published":
            return written, True
        if label is None:
            plain.append(written)
        label = None
    days = {parse_day(written) or written for written in plain}
    return (plain[0], False) if len(days) == 1 else (None, False)


def _edges(between: Sequence[str]) -> Iterator[str]:
    """Yield for each part of a line the text between its words and the dates next to it."""
    for number, part in enumerate(between):
        words = stripped(part).split()
        if not words:
            yield ""
            continue
        first, last = part.find(words[0]), part.rfind(words[-1]) + len(words[-1])
        before = part[:first] if number else ""
        after = part[last:] if number < len(between) - 1 else ""
        yield max(before, after, key=lambda edge: any(mark in edge for mark in _SEPARATORS))


def _is_certain(line: str, rest: str, between: Sequence[str]) -> bool:
    if not rest:
        return True
    words = rest.split()
    by = (part[: found.start()] for part in between if (found := by_pattern().search(part)))
    if any(not stripped(before) for before in by):
        named = [word for word in words if word.casefold() not in label_words()["by"]]
        return 0 < len(named) <= _MAX_WORDS and (
            all(map(_is_name_word, named)) or not _STRONG_SEPARATORS.isdisjoint(line)
        )
    place = between[0].rstrip()
    return (
        bool(_CAPITALS.fullmatch(place))
        and place.upper() == place != place.lower()
        and not any(map(stripped, between[1:]))
        and not line.isupper()
    )


def _may_be_name(part: str, edge: str) -> bool:
    """Return whether the words of a part may be an author or a place; `edge` parts them from dates.

    Words in small letters need a stronger mark than a comma before the date.
    """
    words = part.split()
    if not words:
        return True
    if not any(mark in edge for mark in _SEPARATORS) or len(words) > _MAX_NAME:
        return False
    if not any(map(_CASED.search, words)):
        return len(words) <= (_MAX_NAME if not _STRONG_SEPARATORS.isdisjoint(edge) else 4)
    return all(map(_is_name_word, words)) or not _STRONG_SEPARATORS.isdisjoint(edge)


def _is_name_word(word: str) -> bool:
    bare = word.strip(".,:'’&@")
    return (
        not bare[:1].islower()
        or bare in _small_words()
        or any(letter.isupper() for letter in bare)
        or "@" in word
    )


@cache
def _small_words() -> frozenset[str]:
    return frozenset(label_words()["small"])


def _byline(line: str, dates: Iterable[tuple[int, int, str]]) -> str:
    by = by_pattern().search(line)
    if not by:
        return ""
    end = next((start for start, _, _ in dates if start > by.start()), len(line))
    return re.sub(r"(?:\s+on|\s+في)?[\s|•·,،(\[–—-]*$", "", line[by.start() : end])


@dataclass
class HeadDates:
    """The date lines at the head of an article."""

    lines: dict[int, DateLine] = field(default_factory=dict)
    """Them, by the number of their piece."""
    published: date | None = None
    written: str | None = None
    """The date of publication, or how it is written if that is not a single day."""

    def add(self, number: int, line: DateLine, *, replaces: bool) -> None:
        """Add a line; its date counts if there is none so far, or if it is labelled."""
        self.lines[number] = line
        if line.published and (replaces or not (self.published or self.written)):
            self.published = parse_day(line.published)
            self.written = None if self.published else line.published


def find_date_lines(texts: Sequence[str], *, has_title: bool) -> HeadDates:
    """Return the date lines at the head of an article; without a title, the first piece may be it.

    Pieces that are neither, such as captions, are given as empty texts. The dates of a chronology,
    of which each begins a section, are no date lines.
    """
    head = HeadDates()
    label: str | None = None
    is_labelled = False
    length = 0
    first = next((number for number, text in enumerate(texts) if text), 0)
    for number, text in enumerate(texts[:HEAD_LINES]):
        line = read_date_line(text, label=label)
        is_title = number == first and not has_title
        if line and line.label and not _is_dated(texts[number + 1 : number + 2]):
            line = None
        if line and (line.is_certain or not (is_title or length)):
            label = line.label
            head.add(number, line, replaces=line.is_labelled and not is_labelled)
            is_labelled |= line.is_labelled
            continue
        label = None
        length += 0 if is_title else len(text)
        if length > _HEAD_LENGTH:
            break
    if head.lines and not is_labelled and _is_chronology(texts[min(head.lines) :]):
        return HeadDates()
    return head


def _is_dated(texts: Sequence[str]) -> bool:
    return any(line and not line.label for line in map(read_date_line, texts))


def _is_chronology(texts: Sequence[str]) -> bool:
    """Return whether several pieces are only a date without a label, and not all the same day."""
    lines = (read_date_line(text) for text in texts if len(text) < 60)
    bare = (line for line in lines if line and line.is_bare and not line.is_labelled)
    return len({parse_day(line.published) for line in bare if line.published}) > 1


def date_at_start(text: str, start: int = 0) -> tuple[str, int] | None:
    """Return the date at the beginning of a paragraph, parted from its prose, and where that is.

    >>> date_at_start("Sunday, 4 March 2018 – The talks ended.")
    ('4 March 2018', 23)
    """
    if not _DIGIT.search(text, start, start + LINE_LENGTH):
        return None
    line = _same_length(text[start : start + LINE_LENGTH])
    before = _day_at_start().match(line)
    for first, last, written in dates_in(line):
        after = _day_at_end().match(line, last) or _glued(line, start=first, end=last)
        if before and first == before.end() and after:
            return written, start + after.end()
        break
    return None


def _glued(line: str, *, start: int, end: int) -> re.Match[str] | None:
    """Match the space between a date with its weekday and a sentence: `Sun 4 Mar 2018 He said`."""
    return _NEXT_SENTENCE.match(line, end) if _DATED_START.match(line[:start]) else None


def date_of_dateline(text: str) -> str | None:
    """Return the date of a wire's dateline with a year: `GENEVA, March 4, 2018 (Reuters) -`."""
    if not _DIGIT.search(text, 0, LINE_LENGTH):
        return None
    line = _same_length(text[:LINE_LENGTH])
    place = _WIRE_PLACE.match(line)
    for first, last, written in dates_in(line) if place else ():
        after = _WIRE_END.match(line, last)
        place = _WIRE_PLACE.fullmatch(line[:first])
        if place and after and (after["wire"] or not place["mixed"]):
            return written
        break
    return None


def _same_length(text: str) -> str:
    """Return a text in the digits 0 to 9 with all its offsets as they were."""
    return "".join(plain_digits(letter) or " " for letter in text) if not text.isascii() else text


def head_lines(block: str) -> tuple[list[str], str]:
    """Return the lines of a block up to its last date line, and the rest of the block.

    In a block of lines that are wrapped, a date line still is a line of its own.
    """
    lines = block.split("\n")
    dated = [
        number
        for number, line in enumerate(lines[:6])
        if (read := read_date_line(line)) and read.is_certain and not read.label
    ]
    last = max(dated, default=-1) + 1
    return [line for line in lines[:last] if line.strip()], "\n".join(lines[last:])
