"""Reader of office documents that cannot be read: it says what a file is, and what to do.

These are files in the format of Office 97 (OLE2), encrypted ones, presentations, and documents of
Apple's programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from zipfile import ZipFile

from .base import MAX_ARTICLE_BYTES, Document, Problem, SourceFile, UnreadableError
from .containers import BROKEN_ZIP, held

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {
    "EncryptedPackage": "is an encrypted office document: save it without a password",
    "WordDocument": "is a document of Word 97 (.doc): save it as .docx",
    "Workbook": "is a workbook of Excel 97 (.xls): save it as .xlsx",
    "Book": "is a workbook of Excel 95 (.xls): save it as .xlsx",
    "PowerPoint Document": "is a presentation (.ppt): save its text, or print it to PDF",
    "__properties_version1.0": "is a message of Outlook (.msg): save it as .eml",
}
"""What to do about a file that has a stream of this name."""
_PARTS = {
    "xl/workbook.bin": "is a binary workbook (.xlsb): save it as .xlsx",
    "ppt/": "is a presentation (.pptx): save its text, or print it to PDF",
    "Index/": "is a document of Pages, Numbers or Keynote: export it as .docx or .xlsx",
    "content.xml": "is a presentation or a drawing: save its text, or print it to PDF",
}


def claims(head: bytes) -> bool:
    """Return whether a file begins like an office document of one of these programs."""
    return head.startswith(_MAGIC) and bool(_found(head))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the problem that a file is."""
    with file.open() as opened:
        stream = held(opened)
        stream.seek(0)
        data = stream.read(MAX_ARTICLE_BYTES)
        if not data:
            raise UnreadableError("is empty: leave it out")
        found = _found(data)
        if not data.startswith(_MAGIC):
            try:
                with ZipFile(stream) as package:
                    names = package.namelist()
            except BROKEN_ZIP:
                names = []
            found = [
                message
                for part, message in _PARTS.items()
                if any(name.startswith(part) for name in names)
            ]
    unknown = (
        "is an office document, which no reader reads: save it as text or PDF"
        if data.startswith((_MAGIC, b"PK"))
        else f"is called {file.suffix}, but is no office document: rename it to what it is"
    )
    raise UnreadableError(found[0] if found else unknown)
    yield


def _found(data: bytes) -> list[str]:
    lower = data.lower()
    return [message for name, message in _STREAMS.items() if _stream_name(name) in lower]


def _stream_name(name: str) -> bytes:
    """Return the name of a stream as a directory has it, after the end of the one before."""
    return b"\0" + name.lower().encode("utf-16-le") + b"\0\0"
