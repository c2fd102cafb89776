"""The words of date lines: labels of dates, hours and time zones, and what is neither.

A label says what a date is of: of the publication, of an update, or of something else, such as an
event or a deadline.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ...text.dates import plain_digits, spelling_pattern
from ...text.word_lists import read_word_lists

MAX_LABEL = 40
"""The maximum length of a line that is only a label, in characters."""

CLOCK = (
    r"T?(?<!\d)\d{1,2}\s?[:.]\s?\d\d(?:[:.]\d\d)?(?:[.,]\d{1,9})?Z?(?!\d)\s*(?:[ap]\.?\s?m\b\.?"
    r"|hrs?\b|hours?\b|h\b)?|\b\d{1,2}\s*[ap]\.?\s?m\b\.?|\b\d{1,2}h\d\d\b"
    r"|\b\d{3,4}\s*(?:hrs|hours|h|GMT|UTC)\b"
)
ZONE = (
    r"(?:\b(?:GMT|UTC)\s?)?[+-]\s?\d{1,2}(?::?\d\d)?(?!\d)"
    r"|\b(?:GMT|UTC|BST|[ECMPAI][SD]?T|CES?T|EES?T|AST|MSK|TRT|IRST|Z)\b"
    r"|\b(?:\w+\s)?(?:daylight|standard)?\s?time\b|بتوقيت\s+\w+(?:\s+المكرمة)?"
)
_MARKS = r"[\s|•·‧∙●▪■◆,،;؛:()\[\]{}<>«»\"“”'‘’*_~#/\\=.!—–―-]+"


@cache
def label_words() -> dict[str, list[str]]:
    """Return the words of date lines by their kind."""
    return read_word_lists(Path(__file__).parent / "data" / "date_lines.txt")


def spellings(*kinds: str) -> str:
    """Return a pattern of the words of some kinds."""
    return spelling_pattern(word for kind in kinds for word in label_words()[kind])


@cache
def label_pattern() -> re.Pattern[str]:
    """Return the pattern of a label, in the group `published` or `updated`."""
    return re.compile(
        rf"(?<!\w)(?:(?P<updated>{spellings('updated')})|(?P<published>{spellings('published')}))"
        r"(?!\w)",
        re.IGNORECASE,
    )


@cache
def known_pattern() -> re.Pattern[str]:
    """Return the pattern of everything that is no word of an author or a place."""
    hijri = rf"\d{{1,2}}\s+(?:من\s+)?(?:{spellings('hijri')}),?\s+\d{{3,4}}\s?(?:هـ?|A\.?H\.?)?"
    numbers = r"\d{1,4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,4}\s?(?:ه|A\.?H|H)"
    words = spellings("published", "updated", "weekdays", "other")
    return re.compile(
        rf"{CLOCK}|{ZONE}|(?<!\w)(?:{hijri}|{numbers}|(?:\d{{1,3}}[\s-])?(?:{words}))(?!\w)"
        rf"|(?<=\d)م(?!\w)|{_MARKS}",
        re.IGNORECASE,
    )


@cache
def by_pattern() -> re.Pattern[str]:
    """Return the pattern of what stands before an author."""
    return re.compile(rf"(?<!\w)(?:{spellings('by')})(?!\w)\s*:?\s*", re.IGNORECASE)


def last_label(text: str) -> str | None:
    """Return the label at the end of a text, published or updated, of the date that follows it."""
    labels = list(label_pattern().finditer(plain_digits(text)))
    if not labels or stripped(plain_digits(text)[labels[-1].end() :]):
        return None
    return labels[-1].lastgroup


def stripped(part: str) -> str:
    """Return the words of a part of a line that say neither when nor what the date is."""
    return known_pattern().sub(" ", part).strip()


@cache
def _foreign() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{spellings('of something else')})(?!\w)", re.IGNORECASE)


def is_of_something_else(text: str) -> bool:
    """Return whether a text labels a date as that of something else: of an event, of a birth.

    >>> [is_of_something_else(text) for text in ("Event date:", "Deadline", "Release date:")]
    [True, True, False]
    """
    return len(text) <= MAX_LABEL and bool(_foreign().search(plain_digits(text)))


def is_update(written: str) -> bool:
    """Return whether a value that should be a date of publication says that it is of an update."""
    labels = [found.lastgroup for found in label_pattern().finditer(plain_digits(written[:200]))]
    return labels[:1] == ["updated"]
