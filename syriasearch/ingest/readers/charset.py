"""Decoding of bytes: byte order marks, UTF-8, and charset detection."""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import BinaryIO

from .base import LIMIT, MAX_ARTICLE_BYTES, Problem, UnreadableError
from .compression import RawStream

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CANDIDATES = ["cp1252", "cp1256", "utf_16_le", "utf_16_be", "iso8859_6", "cp1251"]
_SAMPLE = 200_000
"""The number of bytes from which the charset is guessed."""
_CHUNK = 2**16
_FEW = 4096
"""The number of bytes of UTF-16 that are sure to include a zero."""
_CONTROLS = bytes(range(1, 9)) + bytes(range(14, 32))
_CP1256_LETTERS = bytes(
    byte for byte in range(0x80, 0x100) if bytes([byte]).decode("cp1256").isalpha()
)
_CP1256_ARABIC = bytes(
    byte for byte in _CP1256_LETTERS if "\u0620" <= bytes([byte]).decode("cp1256") <= "\u06ff"
)


def decode(data: bytes) -> tuple[str, str | None]:
    """Decode bytes, and return a note if the charset was uncertain.

    The charset is UTF-8, the one of a byte order mark, or a best guess. Raises UnreadableError for
    binary data and for bytes in no known charset.
    """
    marked = _marked_encoding(data)
    if marked:
        return _decoded(data, marked, "is marked as"), None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        if note := _damage_note(data, text):
            return text, note
    else:
        if "\0" not in text[:_SAMPLE]:
            return text, None
    encoding = _guess(data[:_SAMPLE])
    text = _decoded(data, encoding, "looks like")
    return text, guess_note(encoding)


def encoding_of(data: bytes) -> tuple[str, str | None]:
    """Return the charset of a file with this beginning, and a note if it was uncertain.

    Raises UnreadableError as `decode` does.
    """
    if marked := _marked_encoding(data):
        return marked, None
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)
    note = _damage_note(data, text)
    if note is not None:
        return "utf-8", note or None
    encoding = _guess(data[:_SAMPLE])
    return encoding, guess_note(encoding)


def mend_utf8(data: bytes) -> tuple[bytes, str | None]:
    """Return UTF-8 that has a few other bytes with these shown, and a note; other data as it is."""
    if _marked_encoding(data) not in (None, "utf-8-sig"):
        return data, None
    text = data.decode("utf-8", "replace")
    note = _damage_note(data, text)
    return (text.encode(), note) if note else (data, None)


def _damage_note(data: bytes, text: str) -> str | None:
    """Return a note on bytes that are not UTF-8 in a text that is; None if it is another charset.

    The note is empty if there are none.
    """
    wrong = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    if not wrong:
        return ""
    right = sum(character > "\x7f" for character in text) - wrong
    if right < 4 * wrong:
        return None
    return f"has {wrong} bytes that are not UTF-8, shown as \ufffd: mend them, or leave it"


def guess_note(encoding: str) -> str:
    """Return the note for a charset that was guessed."""
    return f"is not UTF-8 and was read as {encoding}: check its letters"


def legacy_encoding(head: bytes) -> str | None:
    """Return the charset of a file that begins like this; None for UTF-8 or a byte order mark.

    Raises UnreadableError for binary data and for bytes in no known charset.
    """
    if _marked_encoding(head):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _guess(head)
    return None


def _marked_encoding(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)


def _decoded(data: bytes, encoding: str, claim: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"{claim} {encoding}, but byte {error.start} is not: save it as UTF-8"
        ) from error


def _guess(sample: bytes) -> str:
    zeros = sample.count(0) / len(sample)
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    # In UTF-16 of Latin letters, half of the bytes are zero.
    if not (zeros == 0 or 0.2 < zeros < 0.6) or controls > 0.02 * len(sample):
        if wide := _unmarked_utf16(sample):
            return wide
        raise UnreadableError("is a binary file, not a text: leave it out")
    if zeros == 0 and _is_windows_arabic(sample):
        return "cp1256"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    # Detection may fail for a short text; this is the most common charset besides UTF-8.
    return best.encoding if best else "cp1252"


def _is_windows_arabic(sample: bytes) -> bool:
    """Return whether bytes are Arabic in Windows-1256: most letters are in words of Arabic letters.

    In a Latin script, letters beyond ASCII occur one by one among others; in Cyrillic and Greek,
    many bytes would be Latin letters in Windows-1256.
    """
    high = len(sample) - len(sample.translate(None, _CP1256_LETTERS))
    arabic = len(sample) - len(sample.translate(None, _CP1256_ARABIC))
    latin = sum(byte < 0x80 and chr(byte).isalpha() for byte in sample)
    words = [word for word in sample.split() if word[0] >= 0x80 and word[-1] >= 0x80]
    whole = sum(len(word) for word in words)
    # The Arabic article in Windows-1256; in Windows-1252 it would be a capital and an accented a.
    article = sum(word.startswith((b"\xc7\xe1", b"\xe6", b"\xc8\xc7\xe1")) for word in words)
    return (
        high > latin
        and arabic >= 0.9 * high
        and whole >= 0.6 * high
        and (article >= 1 or high >= 20)
    )


def _unmarked_utf16(sample: bytes) -> str | None:
    """Return the name of UTF-16 if every other byte is of one block, as in unspaced Arabic."""
    even = len(sample) // 2 * 2
    for encoding, high in (("utf_16_le", sample[1:even:2]), ("utf_16_be", sample[0:even:2])):
        letters = sum(map(high.count, (b"\x00", b"\x06", b"\x20", b"\x04")))
        if letters < 0.98 * len(high) or len(high) < 4:
            continue
        try:
            text = sample[:even].decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(letter.isprintable() or letter.isspace() for letter in text) >= 0.98 * len(text):
            return encoding
    return None


@lru_cache(maxsize=4)
def unix_lines(text: str) -> str:
    """Return a text without a byte order mark, with a line feed after each line."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def noted(
    decoded: tuple[str, str | None], place: str = "", anchor: str | None = None
) -> Generator[Problem, None, str]:
    """Return a decoded text, after yielding the note on its charset, if there is one."""
    text, note = decoded
    if note:
        yield Problem(f"{place}{note}", anchor, lost=False)
    return text


def head_text(head: bytes) -> str:
    """Return a file's first bytes as text good enough to recognize its format, without a mark."""
    return head.decode(_marked_encoding(head) or "latin-1", "replace").lstrip("\ufeff")


class _Utf8Stream(RawStream):
    """A stream, recoded to UTF-8 if it has a byte order mark, or is UTF-16 by every other byte."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        chunk = stream.read(_CHUNK)
        encoding = _marked_encoding(chunk)
        if encoding is None and b"\0" in chunk[:_FEW]:
            encoding = _unmarked_utf16(chunk[: len(chunk) // 2 * 2])
        self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._held = self._recode(chunk)

    def read_next(self, size: int) -> bytes:
        while not self._held and (chunk := self._stream.read(_CHUNK)):
            self._held = self._recode(chunk)
        data = self._held[:size] or self._recode(b"", final=True)
        self._held = self._held[size:]
        return data

    def _recode(self, chunk: bytes, *, final: bool = False) -> bytes:
        if self._decoder is None:
            return chunk
        return self._decoder.decode(chunk, final=final).encode("utf-8", "replace")


def as_utf8(stream: BinaryIO) -> BinaryIO:
    """Return a stream recoded from UTF-16 or UTF-32, without a byte order mark."""
    return _Utf8Stream(stream).buffered()


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | Problem]]:
    """Yield numbered lines in UTF-8 with their ends, and a problem for each that is too long.

    A stream is recoded from UTF-16 and UTF-32; its lines may be in another charset.
    """
    source = as_utf8(stream)
    number = 0
    while line := source.readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        size = len(line)
        if size <= MAX_ARTICLE_BYTES:
            yield number, line
            continue
        while not line.endswith(b"\n") and (line := source.readline(_CHUNK)):
            size += len(line)
        message = f"line {number} has {size / 2**20:,.0f} MiB, over {LIMIT}"
        yield number, Problem(f"{message}: split it", str(number))
