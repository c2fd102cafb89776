"""Articles of documents that Nexis Uni and Lexis Advance export.

Each article has its title, source and date in lines of their own, labelled lines, a line `Body`,
its text and what it is classified by; it ends with the line `End of Document`. A list of the
articles may precede the first one. An article has no id: it is known by its title, source and date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...text.patterns import regex
from .base import LIMIT, MAX_ARTICLE_BYTES, Document, Problem, free_anchor, record_hash, word_sets
from .press_dates import YEAR, is_date, readable_date
from .press_fields import label_key, labels

_LABEL = regex(r"([^\W\d_][\w/ -]{1,30}):(\xa0|\s|$)\s*")
_COPYRIGHT = regex(
    r"(?:Copyright|©|\(c\))\s*(?:©\s*)?(?:\d{4}|\(c\))|All Rights Reserved", re.IGNORECASE
)
_CORRECTED = regex(r"(?:(?<!\s)\s+)?-\s*Correction Appended$")
_COVER = regex(r"1\.\s")
"""The beginning of the list of the articles."""


def _lines() -> dict[str, frozenset[str]]:
    return word_sets("nexis_labels")


def is_end(paragraph: str) -> bool:
    """Return whether the last line of a paragraph is the end of an article."""
    last = paragraph[-40:].rstrip().rpartition("\n")[2]
    return last.strip().casefold() in _lines()["separator"]


def documents(paragraphs: Iterable[str]) -> Iterator[Document | Problem]:
    """Yield the article that each separator ends, in constant memory."""
    anchors: dict[str, int] = {}
    lines: list[str] = []
    number = size = 0
    for paragraph in paragraphs:
        if not is_end(paragraph):
            size += len(paragraph)
            if size <= MAX_ARTICLE_BYTES:
                lines.append(paragraph)
            continue
        lines.append(paragraph.rstrip().rpartition("\n")[0])
        number += 1
        if size > MAX_ARTICLE_BYTES:
            yield Problem(f"article {number} has more than {LIMIT}", str(number))
        else:
            yield _article(_stripped(lines), number, anchors)
        lines, size = [], 0
    rest = _stripped(lines)
    if _body_start(rest) is not None:
        message = f"ends within article {number + 1}: download it again"
        yield Problem(message, str(number + 1), lost=False)
        yield _article(rest, number + 1, anchors)


def _stripped(paragraphs: Iterable[str]) -> list[str]:
    dropped = _lines()["dropped"]
    stripped = (paragraph.strip("\n\t \xa0") for paragraph in paragraphs)
    return [line for line in stripped if line and line.casefold() not in dropped]


def _label(line: str) -> str | None:
    """Return the field of a line with a label, or the label if it is unknown; else None.

    An unknown one is a label if the space after it is one that Nexis writes there.
    """
    found = _LABEL.match(line)
    if found is None:
        return None
    field = labels("nexis").get(label_key(found[1]))
    return field or (found[1] if found[2] == "\xa0" else None)


def _body_start(lines: Sequence[str]) -> int | None:
    """Return the index of the first line of the text, after `Body`, else after the labels."""
    bodies = _lines()["body"]
    for number, line in enumerate(lines):
        if len(line) < 30 and line.casefold() in bodies:
            return number + 1
    start = next((number for number, line in enumerate(lines) if number and _label(line)), None)
    if start is None:
        return None
    while start < len(lines) and _label(lines[start]):
        start += 1
    return start


def _article(lines: list[str], number: int, anchors: dict[str, int]) -> Document | Problem:
    start = _body_start(lines)
    above = lines[: len(lines) if start is None else start]
    header = [line.strip() for lines_of in above for line in lines_of.split("\n") if line.strip()]
    head, labelled = _parts(header)
    fields = {label: line for line in reversed(labelled) if (label := _label(line))}
    title, source, date = _title_source_date(head)
    anchor = free_anchor(record_hash("\n".join(head).encode())[:16], anchors)
    body, ends = _text(lines[start:] if start is not None else [])
    if not body:
        undelivered = any(line.casefold() in _lines()["undelivered"] for line in lines)
        reason = "was not delivered by Nexis" if undelivered else "has no text"
        return Problem(f"article {number} {reason}: it may have to be downloaded", anchor)
    summary = _value(fields.get("summary"))
    return Document(
        "\n\n".join([summary, *body] if summary else body),
        title=title,
        author=_value(fields.get("author")),
        source=source,
        date=readable_date(date) if date else None,
        lang=_value(ends.get("language")),
        anchor=anchor,
    )


def _parts(header: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of the title, source and date, and those after them, without the cover."""
    listed = (n for n, line in enumerate(header) if _COVER.match(line) and not is_date(line))
    cover = next(listed, None)
    if cover is None:
        at = next((n for n, line in enumerate(header) if n and _is_labelled(line)), len(header))
        return header[:at], header[at:]
    # The title of the first article is in the list, and above its text.
    wanted = _letters(_COVER.sub("", header[cover], count=1))
    titles = [n for n, line in enumerate(header) if n > cover and _letters(line) == wanted]
    at = len(header)
    while at > cover and not (YEAR.search(header[at - 1]) and not _is_labelled(header[at - 1])):
        at -= 1
    return header[titles[-1] if titles else max(at - 3, 0) : at], header[at:]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _title_source_date(head: list[str]) -> tuple[str | None, str | None, str | None]:
    dated = max((n for n, line in enumerate(head) if n and YEAR.search(line)), default=None)
    names = head[:dated]
    source = [names.pop()] if len(names) > 1 else []
    if source and source[0].startswith("(") and len(names) > 1:
        source.insert(0, names.pop())  # the name of a blog is below that of its paper
    title = _CORRECTED.sub("", " ".join(" ".join(names).split()))
    return title or None, " ".join(source) or None, None if dated is None else head[dated]


def _is_labelled(line: str) -> bool:
    return _label(line) is not None or _COPYRIGHT.search(line) is not None


def _value(line: str | None) -> str | None:
    """Return the value after the label of a line."""
    found = _LABEL.match(line) if line else None
    return line[found.end() :].strip() or None if line and found else None


def _text(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the text of an article, and the labelled lines after it."""
    classified = [
        n for n, line in enumerate(lines) if line.casefold() in _lines()["classification"]
    ]
    end = classified[-1] if classified else len(lines)
    while end > 0 and _is_below(lines[end - 1]):
        end -= 1
    ends = {label: line for line in reversed(lines[end:]) if (label := _label(line))}
    return lines[:end], ends


def _is_below(line: str) -> bool:
    """Return whether a line is below the text: its label could not begin a paragraph of it."""
    found = _LABEL.match(line)
    return found is not None and (
        found[2] == "\xa0" or labels("nexis").get(label_key(found[1])) in ("end", "language")
    )
