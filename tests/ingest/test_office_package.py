"""Packages of office documents and books: bombs, entities, links and damage."""

import resource
import subprocess
import sys
import zipfile

import pytest
from formats import documents, messages
from office import docx_parts, epub_parts, odf_parts, p, package, row, xlsx_parts

from syriasearch.ingest.readers import base
from syriasearch.ingest.readers.compression import FREE

LEDE = "A convoy with flour reached the town on Saturday."


def word(document: str | bytes) -> bytes:
    return package(docx_parts() | {"word/document.xml": document})


BODY = f'<w:document xmlns:w="x"><w:body>{p(LEDE)}'


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            '<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><w:document>&b;</w:document>',
            "declares entities, which no office program does: leave it out",
        ),
        (
            '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document>&a;</w:document>',
            "declares entities, which no office program does: leave it out",
        ),
        (
            "<w:document>" + "<w:p>" * 5000,
            "has over 1,000 elements in each other: leave it out",
        ),
    ],
)
def test_a_hostile_document_is_refused(made, document: str, message: str) -> None:
    assert messages(made("a.docx", word(document))) == [message]


@pytest.mark.parametrize(
    "rest",
    [
        f'<w:t a="{"x" * 9_000_000}"/>',
        "".join(f"<n{number}/>" for number in range(200_000)),
    ],
)
def test_what_a_parser_would_hold_in_memory_is_limited(made, rest: str) -> None:
    items = made("a.docx", word(BODY + rest))
    assert LEDE in documents(items)[0].text
    assert (
        "has a tag of over 4 MiB, or far too many names: what precedes was read"
        in (messages(items)[0])
    )


def test_a_dtd_elsewhere_is_not_read(made) -> None:
    head = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">'
    (document,) = made("a.docx", word(f"{head}{BODY}</w:body></w:document>"))
    assert LEDE in document.text


def test_relations_to_other_places_are_not_followed(made) -> None:
    parts = docx_parts(p(LEDE))
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(  # type: ignore[union-attr]
        'Target="word/document.xml"', 'Target="http://127.0.0.1:9/a.xml" TargetMode="External"'
    )
    (document,) = made("a.docx", package(parts))
    assert LEDE in document.text


def bomb(kind: str) -> bytes:
    part = b"<x>" + b"<y>word</y>" * (3 * FREE // 11)
    parts = {
        "docx": docx_parts() | {"word/document.xml": part},
        "xlsx": xlsx_parts(News=row(1, "text")) | {"xl/worksheets/sheet1.xml": part},
        "odt": odf_parts("text", "") | {"content.xml": part},
        "ods": odf_parts("spreadsheet", "") | {"content.xml": part},
        "epub": epub_parts({"a.xhtml": ""}) | {"OEBPS/a.xhtml": part},
    }
    return package(parts[kind])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "xlsx", "odt", "ods", "epub"])
def test_a_bomb_does_not_go_off(made, kind: str) -> None:
    content = bomb(kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = made(f"a.{kind}", content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert messages(items)


def test_a_text_that_is_too_long_is_refused_before_memory_goes(made, monkeypatch) -> None:
    monkeypatch.setattr("syriasearch.ingest.readers.office_text.MAX_ARTICLE_BYTES", 1000)
    items = made("a.docx", package(docx_parts(*[p(LEDE)] * 100)))
    assert messages(items) == [f"has more than {base.LIMIT}: split it"]


def test_macros_and_embedded_files_are_left_alone(made) -> None:
    parts = docx_parts(p(LEDE))
    parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 macro"
    parts["word/embeddings/oleObject1.bin"] = b"MZ program"
    parts["word/media/image1.png"] = b"\x89PNG"
    (document,) = made("a.docm", package(parts))
    assert document.text == f"<p>{LEDE}</p>"


def test_a_part_that_is_encrypted_says_so(made) -> None:
    data = bytearray(package(docx_parts(p(LEDE)), method=zipfile.ZIP_STORED))
    name = b"word/document.xml"
    for mark, offset, header in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = data.index(mark + b"", 0)
        while data[at + header : at + header + len(name)] != name:
            at = data.index(mark, at + 1)
        data[at + offset] |= 1
    assert messages(made("a.docx", bytes(data))) == ["is encrypted: save it without a password"]


def test_one_document_of_several_in_a_zip_file_may_be_broken(made) -> None:
    whole = package(docx_parts(p(LEDE)))
    items = made("a.zip", package({"a.docx": whole[:300], "b.docx": whole, "c.odt": b""}))
    assert [each.anchor for each in documents(items)] == ["b.docx"]
    assert messages(items) == [
        "is a damaged .docx file (File is not a zip file): get it again, or save its text",
        "is empty: leave it out, or fill it",
    ]


def test_nothing_is_imported_before_a_document_asks_for_it() -> None:
    code = "import sys; import syriasearch.ingest.readers.detect; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    readers = {f"syriasearch.ingest.readers.{name}" for name in ("docx", "rtf", "office_package")}
    assert not {"pyexpat", *readers} & set(result.stdout.split())
