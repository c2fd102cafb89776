"""Which text do bytes stand for?"""

from __future__ import annotations

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CANDIDATES = ["cp1252", "cp1256", "utf_16_le", "utf_16_be", "iso8859_6", "cp1251"]
_SAMPLE = 200_000
_CONTROLS = bytes(range(1, 9)) + bytes(range(14, 32))


class UndecodableError(ValueError):
    """Bytes that are no text; the message is a line for a problem."""


def decode(data: bytes) -> tuple[str, str | None]:
    """Return the text that bytes stand for, and a note where that was not certain.

    They are UTF-8, what a byte order mark says, or a best guess. Raises UndecodableError for binary
    data and for bytes of no encoding that is known.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), None
            except UnicodeDecodeError as error:
                raise UndecodableError(
                    f"is marked as {encoding}, but byte {error.start} is not: save it as UTF-8"
                ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        wrong = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
        right = sum(character > "\x7f" for character in text) - wrong
        if right >= 4 * wrong:
            return text, (
                f"has {wrong} bytes that are not UTF-8, shown as \ufffd: mend them, or leave it"
            )
        return _guess(data)
    if "\0" in text[:_SAMPLE]:
        return _guess(data)
    return text, None


def _guess(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    zeros = sample.count(0) / len(sample)
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    # Half of the bytes are zero in UTF-16 of Latin letters.
    if not (zeros == 0 or 0.2 < zeros < 0.6) or controls > 0.02 * len(sample):
        raise UndecodableError("is a binary file, not a text: leave it out")
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    if best is None:
        raise UndecodableError("is in no encoding that is recognized: save it as UTF-8")
    try:
        text = data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise UndecodableError(
            f"looks like {best.encoding}, but byte {error.start} is not: save it as UTF-8"
        ) from error
    return text, f"is not UTF-8 and was read as {best.encoding}: check its letters"
