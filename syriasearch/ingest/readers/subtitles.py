"""Reader of subtitles (WebVTT, SRT, SBV): one text of what is said in a film."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, UnreadableError, read_whole
from .charset import decode, head_text, noted, unix_lines

MAX_GAP = 2.0
"""Maximum silence within a paragraph in seconds."""
MAX_PARAGRAPH = 1500
"""Number of characters after which a paragraph ends with a sentence, or after as many again."""
_ROLLING = 0.05
"""Maximum time in seconds between two cues of which the later still shows lines of the earlier."""
_TIME = r"(?:(\d{1,3}):)?(\d\d):(\d\d)[.,](\d{1,3})"
_TIMES = regex(
    rf"^[ \t]*{_TIME}(?:[ \t]+-->[ \t]+|,(?=\d+:\d\d:)){_TIME}(?:[ \t].*)?$", re.MULTILINE
)
_SRT = regex(rf"\s*(?:\d{{1,6}}[ \t]*\n[ \t]*{_TIME}[ \t]+-->|{_TIME},{_TIME}[ \t]*\n)")
"""The beginning of SRT, or of YouTube's own format (SBV)."""
_TAG = regex(r"</?(?:[a-z]{1,4}|\d\d)\b[^<>\n]{0,200}>|\{\\?[a-z][^{}\n]{0,40}\}", re.IGNORECASE)
_SENTENCE_END = regex(r"[.!?؟…][”\"')\]]?$")
_CUT_OFF = regex(r"\n[ \t]*\n\d{1,6}[ \t]*(?:\n[\d:.,> \t-]{0,40})?\Z")
"""The number and the time of a cue in which a file ends."""
_LANGUAGE = regex(r"^Language:[ \t]*([A-Za-z-]{2,12})[ \t]*$", re.MULTILINE)


class Cue(NamedTuple):
    """The words said at a time, in seconds."""

    start: float
    end: float
    lines: list[str]


def claims(head: bytes) -> bool:
    """Return whether a file begins like subtitles."""
    text = unix_lines(head_text(head))
    return re.match(r"WEBVTT(?:[ \t].*)?\n", text) is not None or _SRT.match(text) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the file's text, in paragraphs that end where nobody speaks."""
    text = unix_lines((yield from noted(decode(read_whole(file)))))
    paragraphs = list(paragraphs_of(_cues(text)))
    if not paragraphs:
        raise UnreadableError("has no subtitles: leave it out")
    header = text.partition("\n\n")[0]
    language = _LANGUAGE.search(header) if header.startswith("WEBVTT") else None
    yield Document("\n\n".join(paragraphs), lang=language[1] if language else None)


def _cues(text: str) -> Iterator[Cue]:
    """Yield the cues with text, without the lines that are still shown from the cue before."""
    shown: list[str] = []
    last = 0.0
    found = list(_TIMES.finditer(text))
    ends = [each.start() for each in found[1:]] + [len(text)] * bool(found)
    for cue, stop in zip(found, ends, strict=True):
        payload = text[cue.end() : stop].strip("\n")
        is_followed = ""
        if text.startswith("WEBVTT"):
            # A note, or the name of the next cue; elsewhere only its number.
            payload, is_followed, _ = payload.partition("\n\n")
        elif stop == len(text):
            payload = _CUT_OFF.sub("", payload)
        lines = payload.split("\n")
        if not is_followed and stop < len(text) and lines[-1].strip().isdigit():
            del lines[-1]  # the number of the next cue, without a blank line before it
        start, end = (_seconds(cue.groups()[first : first + 4]) for first in (0, 4))
        before = shown if start - last < _ROLLING else []
        lines = [" ".join(unescape(_TAG.sub("", line)).split()) for line in lines]
        shown, last = [line for line in lines if line] or shown, end
        if new := [line for line in lines if line and line not in before]:
            yield Cue(start, end, new)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + float(f"{seconds}.{fraction}")


def paragraphs_of(cues: Iterator[Cue]) -> Iterator[str]:
    """Yield what is said, in paragraphs that end where nobody speaks."""
    words: list[str] = []
    size, last = 0, 0.0
    for cue in cues:
        is_full = size > 2 * MAX_PARAGRAPH or (
            size > MAX_PARAGRAPH and _SENTENCE_END.search(words[-1])
        )
        if words and (cue.start - last > MAX_GAP or is_full):
            yield " ".join(words)
            words, size = [], 0
        words += cue.lines
        size += sum(map(len, cue.lines))
        last = cue.end
    if words:
        yield " ".join(words)
