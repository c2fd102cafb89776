"""Sentence boundaries, by punctuation, in English and Arabic texts."""

from __future__ import annotations

from collections.abc import Iterator

from .patterns import regex

_SENTENCE_END = regex(r"[.!?؟…][”\"’»)\]]*(?=\s+[^\sa-z])|[.!?؟…][”\"’»)\]]*\s*$")
_ABBREVIATION = regex(
    r"(?:^|[\s(“\"‘])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Lt|Col|Maj|Capt|Sgt|Brig|Adm|Rep|Sen|Gov|Prof|Rev|"
    r"Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|vs|No|U\.S|U\.N|U\.K|E\.U|a\.m|p\.m|Jr|Sr|Inc|Ltd|Co)\.$"
)


BLANK_LINE = regex(r"\n[^\S\n]*\n\s*")
"""The end of a paragraph in plain text."""
_SPACE = regex(r"\s*")
_LONGEST_ABBREVIATION = 8


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the ranges [start, end) of a text's sentences, in code points and in order."""
    return [*each_sentence(text)]


def each_sentence(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a text's sentences, as `sentences` returns them."""
    start = _skip_space(text, 0)
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if _ABBREVIATION.search(text[max(start, end - _LONGEST_ABBREVIATION) : end]):
            continue
        yield start, end
        start = _skip_space(text, end)
    if start < len(text):
        yield start, len(text)


def _skip_space(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() if match else offset
