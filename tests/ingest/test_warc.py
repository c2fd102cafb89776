"""Web archives: an article in each page."""

import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import brotli
import pytest
from formats import PAGE, documents, messages, read, write, zstd

HTML = "Content-Type: text/html; charset=utf-8"


def response(body: bytes, *headers: str, status: int = 200) -> bytes:
    """A web archive of one page, with its body as it was sent."""
    lines = (f"HTTP/1.1 {status} OK", *headers)
    http = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2018-06-02T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://example.org/a\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 50] for start in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


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


def test_a_record_that_ends_within_its_headers_is_a_problem(made) -> None:
    whole = warc(*PAGES)
    items = made("a.warc", whole[: whole.rindex(b"Content-Length")])
    assert [document.url for document in documents(items)] == ["https://example.org/a"]
    assert messages(items) == ["ends within record 3: download it again, or the rest is lost"]


def test_nothing_is_printed_of_a_record_of_another_length_than_it_says(made, capfd) -> None:
    made("a.warc", warc(*PAGES).replace(b"Content-Length: ", b"Content-Length: 1"))
    made("a.warc", b"WARC/1.0\r\nContent-Length: 3\r\n\r\nfoobar\r\n")
    assert capfd.readouterr().err == ""


PACKED = {
    "br": brotli.compress(PAGE.encode()),
    "zstd": zstd.compress(PAGE.encode()),
    "gzip": gzip.compress(PAGE.encode()),
}


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_page_is_unpacked(made, encoding: str, is_chunked: bool) -> None:
    body = chunked(PACKED[encoding]) if is_chunked else PACKED[encoding]
    headers = ["Transfer-Encoding: chunked"] if is_chunked else []
    (page,) = made(
        "a.warc", response(body, HTML, f"Content-Encoding: {encoding.upper()}", *headers)
    )
    assert page.title == "Convoy reaches Dara"


@pytest.mark.parametrize("name", ["gzip", "x-gzip"])
def test_a_page_that_was_packed_in_parts_is_whole(made, name: str) -> None:
    middle = len(PAGE) // 2
    body = b"".join(gzip.compress(part.encode()) for part in ("", PAGE[:middle], PAGE[middle:]))
    (page,) = made("a.warc", response(body, HTML, f"Content-Encoding: {name}"))
    (whole,) = made("b.warc", response(PAGE.encode(), HTML))
    assert page.text == whole.text


@pytest.mark.parametrize("encoding", PACKED)
def test_a_page_that_only_says_it_is_packed_is_read(made, encoding: str) -> None:
    (page,) = made("a.warc", response(PAGE.encode(), HTML, f"Content-Encoding: {encoding}"))
    assert page.title == "Convoy reaches Dara"


@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_page_that_is_cut_off_is_read_as_far_as_it_goes(made, encoding: str) -> None:
    long = PAGE + "".join(f"<p>Convoy {each * each} left.</p>" for each in range(20_000))
    pack = {
        "br": lambda data: brotli.compress(data, quality=1),
        "zstd": zstd.compress,
        "gzip": gzip.compress,
    }
    body = pack[encoding](long.encode())
    items = made("a.warc", response(body[: len(body) // 2], HTML, f"Content-Encoding: {encoding}"))
    (message,) = messages(items)
    assert re.match("record 1 is damaged behind .*: what precedes was read", message)
    assert documents(items)[0].title == "Convoy reaches Dara"


def wacz(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container:
        for name, content in members.items():
            container.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


@pytest.mark.parametrize("name", ["a.wacz", "a.zip"])
def test_the_pages_of_a_collection_of_web_archives_are_read_once(made, name: str) -> None:
    listed = {"url": "https://example.org/a", "title": "Convoy", "text": "Convoy reaches Dara."}
    content = wacz(
        archive__data_warc_gz=warc(*PAGES, gz=True),
        pages__pages_jsonl=b'{"format": "json-pages-1.0"}\n' + json.dumps(listed).encode(),
        datapackage_json=b'{"profile": "data-package"}',
        indexes__index_cdx=b"org,example)/a 20180602000000 {}",
    )
    assert [(page.anchor, page.title) for page in made(name, content)] == [
        ("archive/data.warc.gz#https://example.org/a", "Convoy reaches Dara"),
        ("archive/data.warc.gz#https://example.org/b", "Convoy reaches Busra"),
    ]


BARE = b"<!DOCTYPE html><html><body><article><p>A convoy reached Dara on Saturday, after days.</p>\
<p>Drivers slept in their cabins at the last checkpoint, they said.</p></article></body></html>"


def test_the_list_of_pages_gives_the_titles_that_pages_lack(made) -> None:
    listed = {"url": "https://example.org/a", "title": "Convoy at last"}
    content = wacz(
        archive__data_warc=response(BARE, HTML),
        pages__pages_jsonl=b'{"format": "json-pages-1.0"}\nbroken\n' + json.dumps(listed).encode(),
        datapackage_json=b"{}",
    )
    assert [page.title for page in made("a.wacz", content)] == ["Convoy at last"]


def test_a_page_in_two_files_of_a_collection_is_read_once(made) -> None:
    content = wacz(
        archive__a_warc=response(PAGE.encode(), HTML),
        archive__b_warc=response(PAGE.encode(), HTML),
        datapackage_json=b"{}",
    )
    assert [page.anchor for page in made("a.wacz", content)] == [
        "archive/a.warc#https://example.org/a"
    ]


def test_a_page_that_was_archived_again_unchanged_is_read_once(made) -> None:
    again = response(PAGE.replace("flour", "fuel").encode(), HTML)
    content = response(PAGE.encode(), HTML) + response(PAGE.encode(), HTML) + again
    found = made("a.warc", content)
    assert [page.anchor for page in found] == ["https://example.org/a", "https://example.org/a~2"]


def test_a_list_of_titles_that_unpacks_to_too_much_is_a_problem(made, monkeypatch) -> None:
    for name in ("FREE", "RATIO"):
        monkeypatch.setattr(f"syriasearch.ingest.readers.compression.{name}", 2)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("pages/pages.jsonl", b"0" * 2**22)
        container.writestr("archive/a.warc", response(PAGE.encode(), HTML))
        container.writestr("datapackage.json", "{}")
    assert "unpacks to far more" in messages(made("a.wacz", target.getvalue()))[0]


def page_list(*pages: dict[str, str]) -> str:
    header = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    return "\n".join(map(json.dumps, (header, *pages)))


def test_a_list_of_pages_with_their_texts_is_read_alone(made) -> None:
    listed = {"url": "https://example.org/a", "title": "Convoy", "ts": "2018", "text": "It came."}
    (page,) = made("pages.jsonl", page_list(listed))
    assert (page.title, page.url, page.text) == ("Convoy", "https://example.org/a", "It came.")


def test_a_list_of_pages_without_texts_is_refused_in_a_line(made) -> None:
    listed = [{"url": f"https://example.org/{each}", "title": "Convoy"} for each in range(3)]
    assert messages(made("pages.jsonl", page_list(*listed))) == [
        "lists 3 pages without their text: give the web archive itself"
    ]


def test_the_list_of_a_collection_that_was_unpacked_is_left_out(tmp_path: Path) -> None:
    for folder in ("archive", "pages"):
        (tmp_path / folder).mkdir()
    listed = {"url": "https://example.org/a", "text": "It came."}
    path = write(tmp_path / "pages" / "pages.jsonl", page_list(listed))
    assert not documents(read(path))


@pytest.mark.parametrize("pages", [b"", response(PAGE.encode(), HTML)])
def test_documents_that_are_no_pages_are_counted(made, pages: bytes) -> None:
    pdf = response(b"%PDF-1.4", "Content-Type: application/pdf")
    assert messages(made("a.warc", pdf + pages + pdf)) == [
        "left out documents that are no pages (2 application/pdf): extract them"
    ]


def test_warcio_says_nothing_of_its_own(made, capsys) -> None:
    made("a.warc", response(PAGE.encode(), HTML).replace(b"example.org/a", b"example.org/a b"))
    assert capsys.readouterr() == ("", "")


def test_a_folder_called_archive_makes_no_collection_of_web_archives(made) -> None:
    content = wacz(archive__a_txt=b"One.", b_txt=b"Two.")
    assert len(documents(made("a.zip", content))) == 2


def test_a_page_without_a_content_type_is_known_by_its_beginning(made) -> None:
    (page,) = made("a.warc", response(PAGE.encode()))
    assert page.title == "Convoy reaches Dara"


def test_a_picture_without_a_content_type_is_no_page(made) -> None:
    assert not documents(made("a.warc", response(b"GIF89a and more")))


def test_a_response_of_a_proxy_is_complete(made) -> None:
    (page,) = made("a.warc", response(PAGE.encode(), HTML, status=203))
    assert page.title == "Convoy reaches Dara"


def test_a_text_that_was_extracted_has_its_title_in_the_first_line(made) -> None:
    text = "Convoy reaches Dara\nThe convoy reached the town.\nDrivers slept in their cabins."
    content = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://example.org/a\r\n"
        "WARC-Date: 2018-06-02T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "WARC-Identified-Content-Language: eng,ara\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(text)}\r\n\r\n{text}\r\n\r\n"
    )
    (article,) = made("a.warc.wet", content)
    assert (article.title, article.url, article.lang) == (
        "Convoy reaches Dara",
        "https://example.org/a",
        "eng",
    )
    assert article.text == "The convoy reached the town.\nDrivers slept in their cabins."


@pytest.mark.parametrize("name", ["a.arc", "a.arc.gz"])
def test_an_arc_file_is_a_web_archive(made, name: str) -> None:
    fields = "URL IP-address Archive-date Content-type Archive-length"
    about = f"1 0 Sample Archive\n{fields}\n\n"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}"
    records = [
        f"filedesc://a.arc 0.0.0.0 20180602000000 text/plain {len(about)}\n{about}\n",
        f"http://example.org/a 127.0.0.1 20180602000000 text/html {len(http.encode())}\n{http}\n",
    ]
    pack = gzip.compress if name.endswith("gz") else bytes
    (page,) = documents(made(name, b"".join(pack(record.encode()) for record in records)))
    assert (page.title, page.url) == ("Convoy reaches Dara", "http://example.org/a")
