"""Reader of web archives of Safari: a property list, binary or XML, with a page and its files.

The page is read; its pictures and frames are not. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

from .base import Document, Problem, SourceFile, UnreadableError
from .charset import decode, head_text
from .html import page_document

MAX_BYTES = 64 * 2**20
"""The maximum size of a file in bytes: it is held in memory, with its pictures."""
_BINARY = b"bplist00"
_MAIN = "WebMainResource"
_PAGES = ("text/html", "application/xhtml+xml", "")


def claims(head: bytes) -> bool:
    """Return whether a file begins like a property list, and names a page if that shows."""
    if head.startswith(_BINARY):
        return True
    text = head_text(head).lstrip("\ufeff")
    return "<plist" in text and f"<key>{_MAIN}</key>" in text


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the page of an archive, to be extracted on demand."""
    with file.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"has more than {MAX_BYTES // 2**20} MiB: save the page as HTML")
    # Slow to import, and rarely needed.
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        resource = plistlib.loads(data)
    except (
        plistlib.InvalidFileException,
        ExpatError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        OverflowError,
        RecursionError,
        MemoryError,
    ) as error:
        raise UnreadableError(
            f"is a damaged web archive ({type(error).__name__}): save the page again"
        ) from error
    resource = resource.get(_MAIN) if isinstance(resource, dict) else None
    content = resource.get("WebResourceData") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or not isinstance(content, bytes):
        raise UnreadableError("is a property list without a web page: leave it out")
    url, kind, charset = (
        value if isinstance(value, str) else ""
        for value in map(
            resource.get, ("WebResourceURL", "WebResourceMIMEType", "WebResourceTextEncodingName")
        )
    )
    address = url if url.startswith(("http://", "https://")) else None
    if kind.lower() in _PAGES:
        yield page_document(content, url=address, charset=charset or None)
    elif kind.lower().startswith("text/"):
        text, note = decode(content)
        if note:
            yield Problem(note, lost=False)
        yield Document(text, url=address)
    else:
        yield Problem(f"holds {kind[:40]} and no page: save that file itself")
