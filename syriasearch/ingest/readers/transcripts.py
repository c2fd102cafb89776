"""Transcripts in JSON and tables: pieces of speech with their times, which together are one text.

The times are seconds (YouTube, Whisper) or milliseconds (YouTube's json3, whisper.cpp).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from ...text.patterns import regex
from .subtitles import Cue, paragraphs_of

_LISTS = (
    *("segments", "transcript", "transcription", "snippets", "events", "utterances", "cues"),
    "captions",
)
"""The keys under which a transcript has its pieces."""
_DERIVED = frozenset((*_LISTS, "word_segments", "words", "text", "wireMagic", "pens"))
"""The keys that say the same again, or nothing of the text."""
_BODIES = ("body", "content", "article")
"""The keys of the text of an article that has a film with a transcript."""
_SLACK = 40
"""The number of characters by which a text may exceed the pieces in any case."""
_SECONDS = (("start", "end", "duration"), ("startTime", "endTime", "dur"))
_MILLISECONDS = (("tStartMs", "", "dDurationMs"), ("start_ms", "end_ms", "duration_ms"))
_LONG = 1000
"""A piece of more seconds is one of milliseconds."""
_CLOCK = regex(r"(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)")
_OTHER = regex(r"title|url|link|date|author|source|video|file|name", re.IGNORECASE)
"""A key of a record that is an article of its own, or of one of many films."""


def transcript_of(value: Any) -> dict[str, Any] | None:
    """Return the record of a transcript with its text in paragraphs, None for anything else."""
    if isinstance(value, list):
        return {"text": text, "lang": value[0].get("lang")} if (text := _text(value)) else None
    if not isinstance(value, dict):
        return None
    for key in _LISTS:
        pieces = value.get(key)
        if isinstance(pieces, list) and (text := _text(pieces)) and not _is_longer(value, text):
            kept = {name: inner for name, inner in value.items() if name not in _DERIVED}
            result = value.get("result")
            lang = result.get("language") if isinstance(result, dict) else None
            lang = value.get("language_code") or value.get("language") or lang
            return {**kept, "text": text, "lang": lang}
    return None


def _is_longer(values: Mapping[Any, Any], transcript: str) -> bool:
    """Return whether a record has a text of its own, and not that of its pieces again."""
    own, limit = values.get("text"), 1.5 * len(transcript) + _SLACK
    has_body = any(isinstance(values.get(key), str) and values[key] for key in _BODIES)
    return has_body or (isinstance(own, str) and len(" ".join(own.split())) > limit)


def is_piece(values: Mapping[Any, Any]) -> bool:
    """Return whether a record is a piece of a transcript, and nothing else.

    >>> is_piece({"text": "Good evening", "start": 0.5, "duration": 2})
    True
    """
    return (
        "text" in values
        and not any(map(_OTHER.search, map(str, values)))
        and _cue(values) is not None
    )


def _text(pieces: list[Any]) -> str:
    """Return the text of timed pieces; empty if they are something else."""
    is_timed = pieces and all(_cue(piece) is not None for piece in pieces)
    return "\n\n".join(paragraphs_of(_cues(pieces))) if is_timed else ""


def _cues(pieces: list[Any]) -> Iterator[Cue]:
    cues = [cue for piece in pieces if (cue := _cue(piece))]
    scale = 0.001 if any(cue.end - cue.start > _LONG for cue in cues) else 1.0
    shown: list[str] = []
    for cue in cues:
        if cue.lines and cue.lines != shown:
            yield Cue(cue.start * scale, cue.end * scale, cue.lines)
            shown = cue.lines


def _cue(piece: Any) -> Cue | None:
    """Return a piece with its times, None if it has none."""
    if not isinstance(piece, Mapping) or "title" in piece:
        return None
    text, times = piece.get("text"), _times(piece)
    if isinstance(segments := piece.get("segs"), list):
        text = "".join(str(each.get("utf8", "")) for each in segments if isinstance(each, dict))
    elif "tStartMs" in piece:
        text = ""  # an event of json3 that only places the text
    if times is None or not isinstance(text, str):
        return None
    line = " ".join(unescape(text).split())
    return Cue(*times, [line] if line else [])


def _times(piece: Mapping[Any, Any]) -> tuple[float, float] | None:
    offsets = piece.get("offsets")
    if isinstance(offsets, dict):  # of whisper.cpp
        first, last = _seconds(offsets.get("from")), _seconds(offsets.get("to"))
        return None if first is None or last is None else (first / 1000, last / 1000)
    for names, scale in ((_SECONDS, 1.0), (_MILLISECONDS, 0.001)):
        for start_name, end_name, duration_name in names:
            start = _seconds(piece.get(start_name))
            if start is not None:
                end = _seconds(piece.get(end_name))
                end = start + (_seconds(piece.get(duration_name)) or 0.0) if end is None else end
                return start * scale, end * scale
    start = _seconds(piece.get("offset"))
    duration = _seconds(piece.get("duration"))
    return None if start is None or duration is None else (start, start + duration)


def _seconds(value: object) -> float | None:
    """Return a time in the unit in which it is given; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and (clock := _CLOCK.fullmatch(value.strip())):
        hours, minutes, seconds = (
            float((part or "0").replace(",", ".")) for part in clock.groups()
        )
        return hours * 3600 + minutes * 60 + seconds
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
