"""Cleaning of texts: garbled letters, and lines that belong to a site.

Each step changes only clear cases, and leaves everything else as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from ...text.normalize import fold
from ...text.patterns import regex
from ...text.sentences import sentences
from ...text.word_lists import read_sections
from .plain_text import Block

SITE_LINE = 160
"""The maximum length of a site's line, in characters."""
COOKIE_LINE = 400
"""The maximum length of a notice about cookies or comments, in characters."""
LONG = 1500
"""The length from which a paragraph is split at sentences, in characters."""
READABLE = 600
"""The approximate length of the pieces of a long paragraph, in characters."""

# Bytes of UTF-8 that were decoded as Windows-1252 or Latin-1.
_CP1252_TAILS = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_AS_CP1252 = regex(f"[ÂÃÄÅÎÏÐÑØÙÚÛâ][{_CP1252_TAILS}]")
# Bytes of UTF-8 decoded as Windows-1256: each letter becomes ط, ظ, ع or غ followed by a sign.
_CP1256_TAILS = "".join(bytes([byte]).decode("cp1256") for byte in range(0x80, 0xC0))
_AS_CP1256 = regex(f"(?:[طظعغ][{re.escape(_CP1256_TAILS)}]){{3}}")
# Arabic in Windows-1256 that was decoded as Windows-1252: words of accented letters only.
_ACCENTED = regex(r"[À-ÿ]{3}")
# All of these contain a run of characters beyond ASCII, which are few in most texts.
_FOREIGN = regex(r"[^\x00-\x7f]{2,}")
_LETTER = regex(r"[^\W\d_]")
_ARABIC = regex("[\u0620-\u064a]")


def fix_encoding(text: str) -> tuple[str, int]:
    """Return a text with its garbled lines repaired, and their number.

    A line is garbled if its bytes were clearly decoded with the wrong encoding.
    """
    if text.isascii():
        return text, 0
    foreign = " ".join(_FOREIGN.findall(text))
    if not (_AS_CP1252.search(foreign) or _ACCENTED.search(foreign) or _AS_CP1256.search(foreign)):
        return text, 0
    lines = text.split("\n")
    fixed = [_fix_line(line) for line in lines]
    return "\n".join(fixed), sum(one != other for one, other in zip(lines, fixed, strict=True))


def _fix_line(line: str) -> str:
    if _AS_CP1256.search(line):
        return _recode(line, "cp1256", "utf-8")
    if _ACCENTED.search(line):
        letters = _LETTER.findall(line)
        accented = sum("À" <= letter <= "ÿ" for letter in letters)
        if len(letters) >= 8 and accented >= 0.7 * len(letters) and not _AS_CP1252.search(line):
            return _recode(line, "cp1252", "cp1256")
    if _AS_CP1252.search(line):
        from ftfy import TextFixerConfig, fix_encoding

        return fix_encoding(line, TextFixerConfig(unescape_html=False))
    return line


def _recode(line: str, wrong: str, right: str) -> str:
    """Return a line decoded with the right encoding, if that makes it Arabic."""
    try:
        recoded = line.encode(wrong).decode(right)
    except UnicodeError:
        return line
    letters = _LETTER.findall(recoded)
    arabic = sum(map(bool, map(_ARABIC.match, letters)))
    return recoded if letters and arabic >= 0.6 * len(letters) else line


@lru_cache(maxsize=1)
def _site_lines() -> dict[str, re.Pattern[str]]:
    """Return the patterns that match a site's line and longer notices, by name."""
    kinds = read_sections(Path(__file__).parent / "data" / "site_lines.txt")
    service = "|".join(kinds.pop("services"))
    return {
        name: re.compile(
            "(?:" + "|".join(patterns).replace("{service}", service) + r")[\s.!:>»…←→|-]*",
            re.IGNORECASE | re.DOTALL,
        )
        for name, patterns in kinds.items()
    }


_EDGES = " \t-–—•·*|>»«<[]()#←→▶►"


_NAMED = {
    **dict.fromkeys(("ookie", "ارتباط", "كوكيز"), "cookies"),
    **dict.fromkeys(("omment", "expressed", "تعبر", "النقاش", "التعليق", "تعليقات"), "policies"),
}
"""Parts of words of which each longer line of a kind has one: most lines have none."""


def is_site_line(line: str, named: Mapping[str, str] = _NAMED) -> bool:
    """Return whether a line belongs only to the site: a button, an advertisement, a link.

    `named` are those of `_NAMED` that may be in the line.
    """
    line = line.strip(_EDGES + "\n")
    if not line or len(line) > COOKIE_LINE:
        return False
    if len(line) <= SITE_LINE and _site_lines()["lines"].fullmatch(fold(line)):
        return True
    kinds = {kind for word, kind in named.items() if word in line}
    return any(_site_lines()[kind].fullmatch(fold(line)) for kind in kinds)


def without_site_lines(blocks: Iterable[Block]) -> tuple[list[Block], list[str]]:
    """Return paragraphs without the lines that belong to the site, and these lines."""
    kept: list[Block] = []
    dropped: list[str] = []
    blocks = list(blocks)
    text = "\n".join([block.text for block in blocks])
    named = {word: kind for word, kind in _NAMED.items() if word in text}
    for block in blocks:
        if "\n" not in block.text and len(block.text) > COOKIE_LINE:
            kept.append(block)
            continue
        lines = block.text.split("\n")
        own = [line for line in lines if not is_site_line(line, named)]
        if len(own) < len(lines):
            dropped += [line.strip() for line in lines if is_site_line(line)]
            if any(line.strip() for line in own):
                kept.append(Block(block.kind, "\n".join(own)))
        else:
            kept.append(block)
    return kept, dropped


_CLAUSE_END = regex(r"[;؛،](?=\s)")


def split_long_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield paragraphs, with those that are too long to read split at the ends of sentences.

    Some scrapes lose line ends, so that an article is a single block. Its original paragraphs
    cannot be recovered, but its passages should have a size that can be shown.
    """
    for block in blocks:
        if block.kind != "body" or len(block.text) <= LONG:
            yield block
        else:
            for start, end in _cuts(block.text):
                yield Block("body", block.text[start:end])


def _cuts(text: str) -> list[tuple[int, int]]:
    spans = [
        piece
        for start, end in sentences(text)
        for piece in ([(start, end)] if end - start <= LONG else _clauses(text, start, end))
    ]
    left = sum(end - start for start, end in spans)
    pieces: list[tuple[int, int]] = []
    begin: int | None = None
    for start, end in spans:
        begin = start if begin is None else begin
        left -= end - start
        # The rest should be more than a single sentence.
        if end - begin >= READABLE and left >= READABLE / 2:
            pieces.append((begin, end))
            begin = None
    if begin is not None:
        pieces.append((begin, spans[-1][1]))
    return pieces


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the pieces of an overlong sentence, split after semicolons and Arabic commas."""
    for match in _CLAUSE_END.finditer(text, start + READABLE, end):
        if match.end() - start >= READABLE and end - match.end() >= READABLE / 2:
            yield start, match.end()
            start = match.end() + 1
    yield start, end
