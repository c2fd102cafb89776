"""Web archives: an article in each page."""

import gzip

import pytest
from formats import PAGE, documents, messages


def warc(*pages: tuple[str, str, str], gz: bool = False) -> bytes:
    out = b""
    for url, kind, content in pages:
        http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{content}".encode()
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2018-06-02T00:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{len(out)}>\r\nWARC-Target-URI: {url}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        record = head.encode() + http + b"\r\n\r\n"
        out += gzip.compress(record) if gz else record
    return out


PAGES = (
    ("https://example.org/a", "text/html; charset=utf-8", PAGE),
    ("https://example.org/a.png", "image/png", "no page"),
    ("https://example.org/b", "text/html", PAGE.replace("Dara", "Busra")),
)


@pytest.mark.parametrize(("name", "gz"), [("a.warc", False), ("a.warc.gz", True)])
def test_the_pages_of_a_web_archive_are_articles(made, name: str, gz: bool) -> None:
    found = documents(made(name, warc(*PAGES, gz=gz)))
    assert [(page.anchor, page.url, page.title) for page in found] == [
        ("https://example.org/a", "https://example.org/a", "Convoy reaches Dara"),
        ("https://example.org/b", "https://example.org/b", "Convoy reaches Busra"),
    ]


def test_a_web_archive_that_is_cut_off_keeps_what_stands_before(made) -> None:
    data = warc(*PAGES, gz=True)
    items = made("a.warc.gz", data[: len(data) - 300])
    assert documents(items)[0].title == "Convoy reaches Dara"
    assert any("is damaged behind" in message for message in messages(items))


@pytest.mark.parametrize("left", [-300, -10])
def test_a_record_that_is_not_whole_is_told(made, left: int) -> None:
    items = made("a.warc", warc(*PAGES)[:left])
    assert [message for message in messages(items) if "ends within record 3" in message]


def test_nothing_is_printed_of_a_record_of_another_length_than_it_says(made, capfd) -> None:
    made("a.warc", warc(*PAGES).replace(b"Content-Length: ", b"Content-Length: 1"))
    made("a.warc", b"WARC/1.0\r\nContent-Length: 3\r\n\r\nfoobar\r\n")
    assert capfd.readouterr().err == ""
