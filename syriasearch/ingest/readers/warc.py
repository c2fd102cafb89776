"""Reader of web archives: WARC, also with extracted texts (WET), and ARC."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...errors.faults import is_installation
from ...text.patterns import regex
from .base import Document, Problem, SourceFile, free_anchor
from .charset import decode, noted
from .compression import HEAD, unpacked
from .html import MAX_PAGE_BYTES, page_document
from .html import claims as is_page

_CHARSET = regex(r"charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_ENCODINGS = {"gzip": "gz", "x-gzip": "gz", "br": "br", "zstd": "zst"}
"""Kinds of compression by their names in Content-Encoding."""
_COMPLETE = ("200", "203")
"""Status codes of complete responses; 203 is that of one that a proxy has changed."""
_PAGES = ("text/html", "application/xhtml+xml")
_DOCUMENTS = regex(
    r"application/(?:pdf|rtf|msword|epub\+zip|vnd\.(?:openxmlformats-officedocument|oasis)[\w.-]*)"
)
"""Types of documents that are no pages, and may hold articles."""


def claims(head: bytes) -> bool:
    """Return whether a file begins with a record."""
    return head.startswith((b"WARC/1.", b"WARC/0.", b"filedesc://"))


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the pages of an archive, record by record, in constant memory."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    class Records(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # the message that it would print about a record with a wrong length
        is_cut_off = False

        def _next_record(self, next_line: bytes | None) -> Any:
            try:
                return super()._next_record(next_line)
            except EOFError:
                # A record whose first line is there; without it, this is the end of the file.
                self.is_cut_off = bool(next_line)
                raise

    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    anchors: dict[str, int] = {}
    seen: set[tuple[str | None, str | None]] = set()
    left_out: Counter[str] = Counter()
    count = 0
    is_damaged = False
    with file.open() as stream:
        records = Records(stream, no_record_parse=False, arc2warc=True)
        record = None
        while True:
            try:
                before, record = record, None
                record = next(records)
                count += 1
                yield from _page(record, count, anchors, seen)
                left_out.update(_document_type(record))
            except StopIteration:
                if records.is_cut_off or (before and _is_cut_off(before)):
                    is_damaged = True
                    count += records.is_cut_off
                    yield Problem(
                        f"ends within record {count}: download it again, or the rest is lost"
                    )
                break
            except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError) as error:
                is_damaged = True
                reason = " ".join(str(error).split())[:100] or type(error).__name__
                yield Problem(f"is damaged behind record {count} ({reason}): the rest is lost")
                break
    if left_out:
        shown = ", ".join(f"{number} {kind}" for kind, number in sorted(left_out.items()))
        yield Problem(f"left out documents that are no pages ({shown}): extract them", lost=False)
    elif not (anchors or is_damaged):
        yield Problem("is a web archive without pages: leave it out", lost=False)


def _is_cut_off(record: Any) -> bool:
    """Return whether a record, after all of it was read, lacks bytes, or a part of its headers."""
    is_whole = record.rec_headers.get_header("Content-Length") is not None
    return not is_whole or getattr(record.raw_stream, "limit", 0) > 0


def _document_type(record: Any) -> Iterator[str]:
    """Yield the type of a document that is no page, if a record holds one."""
    headers = record.http_headers
    if record.rec_type == "resource" or (
        record.rec_type == "response" and headers and headers.get_statuscode() in _COMPLETE
    ):
        kind = (headers or record.rec_headers).get_header("Content-Type") or ""
        if found := _DOCUMENTS.match(kind.lower()):
            yield found[0]


def _page(
    record: Any, number: int, anchors: dict[str, int], seen: set[tuple[str | None, str | None]]
) -> Iterator[Document | Problem]:
    """Yield the page of a record; requests, images and redirections are skipped.

    So is a page that was archived again, and had not changed.
    """
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    url = url.strip("<> ")
    if record.rec_type == "conversion":
        yield from _text(record, url, anchors, number)
        return
    if record.rec_type not in ("response", "resource"):
        return
    headers = record.http_headers
    kind = (headers or record.rec_headers).get_header("Content-Type") or ""
    status = headers.get_statuscode() if headers else "200"
    if (kind and not kind.lower().startswith(_PAGES)) or status not in _COMPLETE:
        return
    place = url or str(number)
    try:
        data, failure = _body(record)
    except Exception as error:
        if is_installation(error):
            raise
        message = f"record {number} cannot be unpacked ({type(error).__name__})"
        yield Problem(message, free_anchor(place, anchors))
        return
    if not kind and not is_page(data[:HEAD]):
        return
    charset = _CHARSET.search(kind)
    page = page_document(data, url=url or None, charset=charset[1] if charset else None)
    if (page.url, page.origin) in seen:
        return
    seen.add((page.url, page.origin))
    anchor = free_anchor(place, anchors)
    if failure:
        yield Problem(f"record {number} {failure}: what precedes was read", anchor, lost=False)
    if record.rec_headers.get_header("WARC-Truncated"):
        yield Problem(f"record {number} was cut when it was archived", anchor, lost=False)
    yield replace(page, anchor=anchor)


def _text(
    record: Any, url: str, anchors: dict[str, int], number: int
) -> Iterator[Document | Problem]:
    """Yield the text that a program has extracted from a page; its first line is the title."""
    kind = record.rec_headers.get_header("Content-Type") or ""
    if not kind.lower().startswith("text/plain"):
        return
    data = record.content_stream().read(MAX_PAGE_BYTES + 1)
    anchor = free_anchor(url or str(number), anchors)
    if len(data) > MAX_PAGE_BYTES:
        yield Problem(f"record {number} is a text of over {MAX_PAGE_BYTES // 2**20} MiB", anchor)
        return
    text = yield from noted(decode(data), f"record {number} ", anchor)
    title, _, body = text.strip().partition("\n")
    languages = record.rec_headers.get_header("WARC-Identified-Content-Language") or ""
    yield Document(
        body if body.strip() else title,
        title=title if body.strip() else None,
        url=url or None,
        lang=languages.split(",")[0] or None,
        anchor=anchor,
        scraped=True,
    )


def _body(record: Any) -> tuple[bytes, str | None]:
    """Return the body of a record, unpacked if it was sent packed, and why it is incomplete.

    warcio unpacks deflate, and of gzip only the first member, without notice of a body that is cut
    off; for Brotli it needs another package than brotli, and sets no limit (warcio 1.8.1). Many
    programs keep the header and store the body unpacked.
    """
    from warcio.bufferedreaders import ChunkedDataReader

    headers = record.http_headers
    packing = _ENCODINGS.get(((headers and headers.get_header("Content-Encoding")) or "").lower())
    if packing is None:
        return record.content_stream().read(MAX_PAGE_BYTES + 1), None
    source = record.raw_stream
    if (headers.get_header("Transfer-Encoding") or "").lower() == "chunked":
        source = ChunkedDataReader(source)
    packed = source.read(MAX_PAGE_BYTES + 1)
    stream = unpacked(packing, io.BytesIO(packed))
    data = stream.buffered().read(MAX_PAGE_BYTES + 1)
    return (data, stream.failure) if data or not stream.failure else (packed, None)
