"""Reader of PDF files with a text layer."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import Any

from ...errors import OptionError
from ...errors.faults import EXTRAS, import_extra, is_installation
from ...text.patterns import regex
from . import several
from .base import Document, Problem, SourceFile, UnreadableError, read_whole, record_hash
from .nulls import is_program_name
from .pdf_text import page_text

MAX_PAGES = 500
"""The maximum number of pages that are read."""
_HYPHEN = regex(r"[a-zà-ÿ][-\u00ad]$")


def claims(head: bytes) -> bool:
    """Return whether a file begins like a PDF."""
    return b"%PDF-" in head[:1024]


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the file's article, to be extracted on demand."""
    data = read_whole(file)
    read = partial(_read_pdf, data)
    yield Document("", origin=record_hash(data), pending=read, weight=len(data))


def is_installed() -> bool:
    """Return whether pypdf is installed."""
    return find_spec("pypdf") is not None


def _read_pdf(data: bytes) -> Iterator[Document | Problem]:
    try:
        pypdf = import_extra("pypdf", "is a PDF, which pypdf reads")
    except OptionError as error:
        raise UnreadableError(str(error)) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    unread = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader: Any = pypdf.PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise UnreadableError("is an encrypted PDF: save it without a password")
            count = len(reader.pages)
            metadata = reader.metadata or {}
            title, author = map(_metadata_line, map(metadata.get, ("/Title", "/Author")))
        except UnreadableError:
            raise
        except pypdf.errors.DependencyError as error:
            needed = f"pip install '{EXTRAS['pypdf']}'"
            raise UnreadableError(f"is an encrypted PDF, which needs more: {needed}") from error
        except Exception as error:
            if is_installation(error):
                raise
            name = type(error).__name__
            raise UnreadableError(f"is a damaged PDF ({name}): save its text") from error
        for number in range(min(count, MAX_PAGES)):
            try:
                pages.append(page_text(reader.pages[number]))
            except Exception as error:
                if is_installation(error):
                    raise
                unread += 1
                message = f"page {number + 1} cannot be read ({type(error).__name__})"
                yield Problem(message, lost=False)
    if count > MAX_PAGES:
        yield Problem(f"has {count} pages, of which {MAX_PAGES} were read: split it", lost=False)
    text = paragraphs(pages)
    if not text and unread:
        raise UnreadableError("is a PDF of which no page can be read: save its text")
    if not text:
        raise UnreadableError("is a PDF without a text layer: recognize its text first (OCR)")
    if note := several.note_on(text):
        yield note
    yield Document(text, title=title, author=author)


def _metadata_line(value: object) -> str | None:
    """Return a metadata field of a PDF, unless it is just the name of a file or a program."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if text and not is_program_name(text) else None


def paragraphs(pages: list[str]) -> str:
    """Return the text of pages with a blank line after each paragraph, its lines joined.

    A line ends a paragraph if it ends a sentence and is shorter than most.
    """
    lines = [" ".join(line.split()) for line in "\n".join(pages).split("\n")]
    long = [len(line) for line in lines if len(line) > 20]
    usual = median(long) if long else 0
    out: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line:
            out.append("\n\n")
        elif _HYPHEN.search(line) and following[:1].islower():
            out.append(line[:-1])
        else:
            ends = line.endswith((".", "!", "?", "؟", ".”", '."', ":")) and len(line) < 0.85 * usual
            out.append(line + ("\n\n" if ends or len(line) < 0.4 * usual else " "))
    return re.sub(r"(?:(?<!\s)\s+)?\n\n\s*", "\n\n", "".join(out)).strip()
