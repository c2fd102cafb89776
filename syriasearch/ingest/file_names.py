"""Names of files in an archive: a text for each path of a file system, and back.

Two files never have the same name. A hash sign, which in the path of an article comes before its
anchor, is written `%23`, and a byte that is not UTF-8 as `\\xff`. Where a path itself has such a
text, its first character is written `%25` or `\\x5c`. Every other path is its own name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from ..text.patterns import regex

_LIKE_ESCAPES = regex(r"\\(?=x[0-9a-f]{2})|%(?=(?:25)*23)")
_ESCAPES = regex(rb"\\x([0-9a-f]{2})|%(?:23|25(?=(?:25)*23))")


def name_of(path: str, encode: Callable[[str], bytes] = os.fsencode) -> str:
    """Return the name of a path.

    >>> name_of("a#1.txt"), name_of("a%231.txt"), name_of("a%20b.txt")
    ('a%231.txt', 'a%25231.txt', 'a%20b.txt')
    """
    path = _LIKE_ESCAPES.sub(lambda sign: "%25" if sign[0] == "%" else r"\x5c", path)
    name = encode(path).decode("utf-8", "backslashreplace")
    return name.replace("#", "%23")


def path_of(name: str) -> str:
    """Return the path with a name.

    >>> path_of("a%231.txt"), path_of("a%25231.txt"), path_of("a%20b.txt")
    ('a#1.txt', 'a%231.txt', 'a%20b.txt')
    """
    return os.fsdecode(_ESCAPES.sub(_meant, os.fsencode(name)))


def _meant(escape: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escape[1].decode()) if escape[1] else unquote_to_bytes(escape[0])


def outer_of(path: str) -> Iterator[str]:
    """Yield the names of the files that may contain the article with a path."""
    return (path[: match.start()] for match in re.finditer("#", path))
