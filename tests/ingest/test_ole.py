"""Office documents that cannot be read say what they are."""

import pytest
from formats import messages
from office import content_types, package

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"


def ole(stream: str) -> bytes:
    return MAGIC + bytes(100_000) + stream.encode("utf-16-le") + bytes(64)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.doc", ole("WordDocument"), "is a document of Word 97 (.doc): save it as .docx"),
        ("a.xls", ole("Workbook"), "is a workbook of Excel 97 (.xls): save it as .xlsx"),
        ("a.xls", ole("WORKBOOK"), "is a workbook of Excel 97 (.xls): save it as .xlsx"),
        ("a.xls", ole("Book"), "is a workbook of Excel 95 (.xls): save it as .xlsx"),
        (
            "a.ppt",
            ole("PowerPoint Document"),
            "is a presentation (.ppt): save its text, or print it to PDF",
        ),
        (
            "a.msg",
            ole("__properties_version1.0"),
            "is a message of Outlook (.msg): save it as .eml",
        ),
        (
            "a.docx",
            MAGIC + "\0EncryptedPackage\0".encode("utf-16-le"),
            "is an encrypted office document: save it without a password",
        ),
        (
            "a.doc",
            ole("Something"),
            "is an office document, which no reader reads: save it as text or PDF",
        ),
        (
            "a.pptx",
            package({"[Content_Types].xml": content_types(SLIDES), "ppt/presentation.xml": ""}),
            "is a presentation (.pptx): save its text, or print it to PDF",
        ),
        (
            "a.xlsb",
            package({"xl/workbook.bin": b"", "[Content_Types].xml": content_types(BINARY)}),
            "is a binary workbook (.xlsb): save it as .xlsx",
        ),
        (
            "a.pages",
            package({"Index/Document.iwa": b"x", "preview.jpg": b""}),
            "is a document of Pages, Numbers or Keynote: export it as .docx or .xlsx",
        ),
        (
            "a.doc",
            b"A text.",
            "is called .doc, but is no office document: rename it to what it is",
        ),
        ("a.ppt", b"", "is empty: leave it out"),
    ],
)
def test_a_document_says_what_it_is_and_what_to_do(
    made, name: str, content: bytes, message: str
) -> None:
    assert messages(made(name, content)) == [message]
    assert messages(made("a.zip", package({name: content}))) == [message]


def test_a_web_page_that_is_called_doc_is_a_page(made) -> None:
    page = (
        "<html><body><article>"
        + "<p>The convoy arrived in the town.</p>" * 9
        + "</article></body></html>"
    )
    assert "convoy" in made("a.doc", page)[0].text
