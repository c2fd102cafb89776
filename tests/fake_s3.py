"""A server on this machine that speaks as much of S3 as a listing and a download take."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from syriasearch.ingest.s3 import _client

MODIFIED = "2018-02-01T10:00:00.000Z"
PAGE = 2
"""So many objects a listing tells at a time."""


class Bucket:
    """What the server holds: the content of each key, and what it is asked."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.broken: set[str] = set()
        """Keys that are listed, and then cannot be had whole."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    held = Bucket()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            name, _, key = unquote(address.path).lstrip("/").partition("/")
            if name != "news":
                self._answer(
                    404, b"<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>"
                )
            elif not key:
                self._list(parse_qs(address.query, keep_blank_values=True))
            elif key not in held.held:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            else:
                held.asked.append(key)
                content = held.held[key]
                self._answer(200, content, len(content) + 9 * (key in held.broken))

        def _list(self, asked: dict[str, list[str]]) -> None:
            (prefix,) = asked.get("prefix", [""])
            after = asked.get("continuation-token", [""])[0]
            keys = [e for e in sorted(held.held) if e.startswith(prefix) and e > after]
            told = "".join(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{MODIFIED}</LastModified>"
                f"<ETag>&quot;{hashlib.md5(held.held[key]).hexdigest()}&quot;</ETag>"
                f"<Size>{len(held.held[key])}</Size></Contents>"
                for key in keys[:PAGE]
            )
            more = len(keys) > PAGE
            told += f"<IsTruncated>{str(more).lower()}</IsTruncated>"
            if more:
                told += f"<NextContinuationToken>{escape(keys[PAGE - 1])}</NextContinuationToken>"
            space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
            self._answer(200, f"<ListBucketResult {space}>{told}</ListBucketResult>".encode())

        def _answer(self, status: int, content: bytes, length: int | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) if length is None else length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    _client.cache_clear()
    yield held
    _client.cache_clear()
    server.shutdown()
    thread.join()
    server.server_close()
