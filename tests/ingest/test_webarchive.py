"""Web archives of Safari."""

import plistlib

import pytest
from formats import PAGE, messages

from syriasearch.ingest.readers import webarchive


def archived(fmt: plistlib.PlistFormat = plistlib.FMT_BINARY, **fields: object) -> bytes:
    resource = {
        "WebResourceURL": "https://example.org/convoy/1",
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceData": PAGE.encode(),
        **fields,
    }
    picture = {"WebResourceURL": "https://example.org/a.png", "WebResourceData": b"\x89PNG"}
    return plistlib.dumps({"WebMainResource": resource, "WebSubresources": [picture]}, fmt=fmt)


@pytest.mark.parametrize("fmt", list(plistlib.PlistFormat))
@pytest.mark.parametrize("name", ["a.webarchive", "a", "a.txt"])
def test_the_page_is_read_with_its_address(made, fmt: plistlib.PlistFormat, name: str) -> None:
    (article,) = made(name, archived(fmt))
    assert (article.title, article.url) == ("Convoy reaches Dara", "https://example.org/convoy/1")


def test_the_archive_names_the_charset_of_its_page(made) -> None:
    content = PAGE.replace("A convoy", "وصلت قافلة").encode("cp1256")
    data = archived(WebResourceData=content, WebResourceTextEncodingName="windows-1256")
    assert "وصلت قافلة" in made("a.webarchive", data)[0].text


def test_a_page_from_a_disk_has_no_address(made) -> None:
    assert made("a.webarchive", archived(WebResourceURL="file:///index.html"))[0].url is None


def test_a_plain_text_is_read(made) -> None:
    data = archived(WebResourceMIMEType="text/plain", WebResourceData=b"The convoy.")
    assert made("a.webarchive", data)[0].text == "The convoy."


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "b">]>'
    b"<plist><dict><key>WebMainResource</key><string>&a;</string></dict></plist>"
)
NESTED = b"<plist><dict><key>WebMainResource</key>" + b"<array>" * 20_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archived()[:300], "is a damaged web archive"),
        (archived(plistlib.FMT_XML)[:600], "is a damaged web archive"),
        (b"bplist00" + b"\xff" * 200, "is a damaged web archive"),
        (b"", "is a damaged web archive"),
        (ENTITIES, "is a damaged web archive"),
        (NESTED, "is a damaged web archive"),
        (plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), "without a web page"),
        (plistlib.dumps([1]), "without a web page"),
        (archived(WebResourceData="text"), "without a web page"),
        (archived(WebResourceMIMEType="application/pdf"), "holds application/pdf and no page"),
    ],
)
def test_what_cannot_be_read_is_a_problem(made, data: bytes, message: str) -> None:
    (found,) = messages(made("a.webarchive", data))
    assert message in found


def test_an_archive_that_is_too_large_is_refused(made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webarchive, "MAX_BYTES", 2**20)
    data = archived(Other=b"0" * 2**20)
    assert messages(made("a.webarchive", data)) == ["has more than 1 MiB: save the page as HTML"]
