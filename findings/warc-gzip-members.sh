#!/bin/sh
# A page that its server packed piece by piece is cut off after the first piece by warcio, and empty to
# warcio and FastWARC if that piece is empty.
#
# Versions: warcio 1.8.1, FastWARC 2.0.1 (with `auto_decode="all"`) and urllib3 2.8.0 from PyPI (seen
# with CPython 3.11).
#
# Behaviour: gzip's data are a series of members (RFC 1952, 2.2), which a server writes that packs each
# part of a response when it has it. warcio's content_stream() ends after the first member, without an
# error, and its check of the digests passes. FastWARC reads on, but not behind a first member without
# contents, as a server writes that flushes before it has a page. "x-gzip", which RFC 9110 (8.4.1.3) has
# as another name of gzip, is packed data to warcio, and an error to FastWARC.
#
# Expected: what urllib3, and so a crawler with requests, has seen: the whole page in all cases.
#
# Known: of web archives that are packed as a whole (iipc/warc-specifications#47), and of curl and
# browsers (curl/curl#22156 of 2026). Of bodies within web archives no thread was found.
#
# The package left gzip to warcio, and lost text by it; it unpacks bodies itself now
# (tests/ingest/test_warc.py).
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

"$python" -m pip install --quiet --disable-pip-version-check --target "$folder/packages" \
    warcio==1.8.1 FastWARC==2.0.1 urllib3==2.8.0 >&2

cat > "$folder/show.py" <<'END_OF_PYTHON'
import io
from gzip import compress

import fastwarc
import urllib3
import warcio
from warcio.statusandheaders import StatusAndHeaders

PAGE = b"<p>" + b"The convoy reached the town. " * 40 + b"</p>"


def archive(body, encoding):
    out = io.BytesIO()
    writer = warcio.WARCWriter(out, gzip=False)
    http = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", encoding)], "", "HTTP/1.1"
    )
    address = "https://news.example.org/1"
    writer.write_record(
        writer.create_warc_record(address, "response", io.BytesIO(body), len(body), http_headers=http)
    )
    return out.getvalue()


def by_urllib3(body, encoding):
    headers = {"Content-Encoding": encoding}
    return urllib3.HTTPResponse(io.BytesIO(body), headers, preload_content=False).read()


def by_warcio(body, encoding):
    for record in warcio.ArchiveIterator(io.BytesIO(archive(body, encoding)), check_digests="raise"):
        return record.content_stream().read()


def by_fastwarc(body, encoding):
    source = io.BytesIO(archive(body, encoding))
    for record in fastwarc.ArchiveIterator(source, parse_http=True, auto_decode="all"):
        return record.reader.read()


def seen(reader, body, encoding):
    try:
        found = reader(body, encoding)
    except Exception as error:
        return type(error).__name__
    if found == PAGE:
        return "whole"
    return f"{len(found)} bytes of the page" if PAGE.startswith(found) else "packed data"


CASES = {
    "one member": (compress(PAGE), "gzip"),
    "two members": (compress(PAGE[:400]) + compress(PAGE[400:]), "gzip"),
    "the first is empty": (compress(b"") + compress(PAGE), "gzip"),
    "x-gzip": (compress(PAGE), "x-gzip"),
}

for name, case in CASES.items():
    print(name, *(seen(reader, *case) for reader in (by_urllib3, by_warcio, by_fastwarc)), sep=" | ")
END_OF_PYTHON

expected='one member | whole | whole | whole
two members | whole | 400 bytes of the page | whole
the first is empty | whole | 0 bytes of the page | 0 bytes of the page
x-gzip | whole | packed data | OSError'

seen=$(PYTHONPATH="$folder/packages" "$python" "$folder/show.py")

echo "gzip | urllib3 | warcio | FastWARC"
echo "$seen"
[ "$seen" = "$expected" ]
