"""Word documents: paragraphs, tables and notes, as they are shown."""

import pytest
from formats import documents, messages
from office import docx, docx_parts, p, package, table

from syriasearch import Archive

LEDE = "A convoy with flour reached the town on Saturday, after three days on the road."


def paragraphs(made, content: bytes, name: str = "a.docx") -> list[str]:
    (document,) = documents(made(name, content))
    return document.text.split("\n")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (p("One & <two>."), ["<p>One &amp; &lt;two&gt;.</p>"]),
        (p("Waiting", "H1"), ["<h2>Waiting</h2>"]),
        (p("Warten", "berschrift2"), ["<h2>Warten</h2>"]),
        (p("A truck. Photo: A. Lind", "C"), ["<figcaption>A truck. Photo: A. Lind</figcaption>"]),
        (p("Contents 3", "V1") + p("One."), ["<p>One.</p>"]),
        (p("القافلة وصلت."), ["<p>القافلة وصلت.</p>"]),
        (p("One.\nTwo."), ["<p>One.</p>", "<p>Two.</p>"]),
        (p("One.") + "<w:p/>" + p("Two."), ["<p>One.</p>", "<p>Two.</p>"]),
        (table(("Town", "Lorries"), ("Dara", "12")), ["<p>Town · Lorries</p>", "<p>Dara · 12</p>"]),
        (table(("Dara", "", "12")), ["<p>Dara · 12</p>"]),
        (table(("One.", LEDE * 4)), ["<p>One.</p>", f"<p>{LEDE * 4}</p>"]),
    ],
)
def test_paragraphs_are_read_by_their_kind(made, body: str, shown: list[str]) -> None:
    assert paragraphs(made, docx(body)) == shown


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ("<w:t>One</w:t><w:tab/><w:t>two</w:t>", "One\ttwo"),
        ("<w:t>co</w:t><w:softHyphen/><w:t>operate</w:t>", "cooperate"),
        ("<w:t>F</w:t><w:noBreakHyphen/><w:t>16</w:t>", "F-16"),
        ("<w:t>One</w:t><w:instrText>PAGE</w:instrText>", "One"),
        ("<w:t>One</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>not two</w:t>", "One"),
        ('<w:rPr><w:vanish w:val="0"/></w:rPr><w:t>One</w:t>', "One"),
        ("<w:t>One</w:t></w:r><w:del><w:r><w:delText>two</w:delText></w:r></w:del><w:r>", "One"),
        ("<w:t>One</w:t></w:r><w:moveFrom><w:r><w:t>two</w:t></w:r></w:moveFrom><w:r>", "One"),
        ("<w:t>One </w:t></w:r><w:ins><w:r><w:t>two</w:t></w:r></w:ins><w:r>", "One two"),
        ("</w:r><w:hyperlink><w:r><w:t>One</w:t></w:r></w:hyperlink><w:r>", "One"),
        ("</w:r><w:sdt><w:sdtContent><w:r><w:t>One</w:t></w:r></w:sdtContent></w:sdt><w:r>", "One"),
        ("<w:footnoteReference/><w:t>One</w:t><w:commentReference/>", "One"),
    ],
)
def test_a_run_is_read_as_it_is_shown(made, run: str, text: str) -> None:
    body = f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r>{run}</w:r></w:p>"
    assert paragraphs(made, docx(body)) == [f"<p>{text}</p>"]


def test_a_text_box_is_read_once_before_the_paragraph_that_it_is_in(made) -> None:
    inner = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{inner}</mc:Choice>"
        f"<mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent><w:t>Around.</w:t></w:r></w:p>"
    )
    assert paragraphs(made, docx(body)) == ["<p>In a box.</p>", "<p>Around.</p>"]


def test_footnotes_follow_the_text(made) -> None:
    content = docx(p(LEDE), footnotes=p("See the report of 2017."))
    assert paragraphs(made, content) == [f"<p>{LEDE}</p>", "<p>See the report of 2017.</p>"]


def test_a_table_in_a_table_is_read(made) -> None:
    inner = table(("Dara", "12"))
    body = f"<w:tbl><w:tr><w:tc>{p('Lorries')}{inner}</w:tc></w:tr></w:tbl>"
    assert paragraphs(made, docx(body)) == ["<p>Lorries</p>", "<p>Dara · 12</p>"]


@pytest.mark.parametrize(
    ("body", "title", "author", "found"),
    [
        # The style of a title says what it is.
        (p("Convoy arrives", "T") + p(LEDE), "", "", ("Convoy arrives", None)),
        (p("Convoy arrives", "T") + p(LEDE), "Report", "Mara Lind", ("Convoy arrives", None)),
        # The text repeats the title in the properties, or has no line that could be one.
        (
            p("Convoy arrives") + p(LEDE),
            "Convoy Arrives",
            "Mara Lind",
            ("Convoy Arrives", "Mara Lind"),
        ),
        (p(LEDE), "Convoy arrives", "Mara Lind", ("Convoy arrives", "Mara Lind")),
        # The title of a template, and who typed it.
        (p("Convoy arrives") + p(LEDE), "Press release", "Secretary Two", (None, None)),
        (p(LEDE), "", "Secretary Two", (None, None)),
        (p("Convoy arrives") + p("Mara Lind") + p(LEDE), "", "Mara Lind", (None, "Mara Lind")),
        (p(LEDE), "Document1", "python-docx", (None, None)),
        (p(LEDE), "Microsoft Word - convoy.doc", "User", (None, None)),
        (p(LEDE), "Convoy arrives", "admin", ("Convoy arrives", None)),
    ],
)
def test_properties_count_if_they_are_the_articles(
    made, body: str, title: str, author: str, found: tuple[str | None, str | None]
) -> None:
    (document,) = made("a.docx", docx(body, title=title, author=author))
    assert (document.title, document.author) == found


def test_the_day_on_which_a_document_was_saved_is_not_that_of_its_publication(made) -> None:
    (document,) = made("a.docx", docx(p("Convoy arrives", "T") + p(LEDE)))
    assert document.date is None


def test_a_heading_above_the_text_becomes_the_title(tmp_path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(p("Convoy arrives", "H1"), p(LEDE), p("Waiting", "H1")))
    with Archive(tmp_path / "a.db") as archive:
        archive.ingest(tmp_path / "a.docx")
        (hit,) = archive.search("").hits
        text = archive.article(hit.article.slug)
    assert [(each.kind, each.text) for each in text.paragraphs] == [
        ("title", "Convoy arrives"),
        ("body", LEDE),
        ("heading", "Waiting"),
    ]


ORDERS = [
    ["_rels/.rels", "docProps/core.xml", "word/styles.xml", "word/document.xml"],
    ["docProps/core.xml", "word/document.xml", "word/styles.xml", "_rels/.rels"],
    ["word/document.xml"],
]


@pytest.mark.parametrize("order", ORDERS)
def test_parts_may_be_in_any_order(made, order: list[str]) -> None:
    parts = docx_parts(p(LEDE))
    ordered = {name: parts.pop(name) for name in order} | parts
    assert paragraphs(made, package(ordered)) == [f"<p>{LEDE}</p>"]


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: name.replace("word/", "Word/"),
        lambda name: name.replace("document.xml", "document2.xml"),
    ],
)
def test_names_of_parts_vary(made, rename) -> None:
    parts = {rename(name): data for name, data in docx_parts(p(LEDE)).items()}
    parts = {
        name: data.replace("word/document.xml", rename("word/document.xml").replace("\\", "/"))
        if isinstance(data, str)
        else data
        for name, data in parts.items()
    }
    assert paragraphs(made, package(parts)) == [f"<p>{LEDE}</p>"]


@pytest.mark.parametrize("name", ["a.docx", "a.docm", "a.zip", "a.txt", "a.odt", "a"])
def test_a_document_is_known_by_its_content(made, name: str) -> None:
    assert paragraphs(made, docx(p(LEDE)), name) == [f"<p>{LEDE}</p>"]


def test_a_document_may_come_from_a_pipe(tmp_path) -> None:
    import io

    from syriasearch.ingest.readers import SourceFile
    from syriasearch.ingest.readers.detect import read_items

    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self._data = io.BytesIO(data)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            return self._data.readinto(buffer)

    stream = io.BufferedReader(Pipe(docx(p(LEDE))))
    (document,) = read_items(SourceFile(tmp_path, "-", lambda: stream))
    assert document.text == f"<p>{LEDE}</p>"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-8", "UTF-9"), ("utf-16-le", "UTF-16")],
)
def test_the_encoding_is_that_of_the_bytes(made, encoding: str, declared: str) -> None:
    parts = docx_parts(p("القافلة وصلت."))
    document = f'<?xml version="1.0" encoding="{declared}"?>{parts["word/document.xml"]}'
    parts["word/document.xml"] = document.encode(encoding)
    assert paragraphs(made, package(parts)) == ["<p>القافلة وصلت.</p>"]


def test_a_document_without_text_says_so(made) -> None:
    assert messages(made("a.docx", docx("<w:p/>"))) == ["holds no text: leave it out, or fill it"]


def test_a_part_that_is_cut_off_keeps_what_precedes(made) -> None:
    parts = docx_parts(p(LEDE), p("Two."))
    parts["word/document.xml"] = parts["word/document.xml"][:-40]  # type: ignore[index]
    items = made("a.docx", package(parts))
    assert LEDE in documents(items)[0].text
    assert messages(items)[0].startswith("its part word/document.xml is not valid XML (no element")


def test_a_file_that_is_cut_off_is_reported(made) -> None:
    content = docx(p(LEDE))
    assert messages(made("a.docx", content[: len(content) // 2])) == [
        "is a damaged .docx file (File is not a zip file): get it again, or save its text"
    ]


def test_an_empty_file_is_reported(made) -> None:
    assert messages(made("a.docx", b"")) == ["is empty: leave it out, or fill it"]
