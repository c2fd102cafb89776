"""OpenDocument texts: paragraphs, tables and notes, as they are shown."""

import pytest
from formats import documents, messages
from office import odf_parts, odt, package

LEDE = "A convoy with flour reached the town on Saturday, after three days on the road."


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


STYLES = (
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (p("One &amp; two."), ["<p>One &amp; two.</p>"]),
        (p("One\n   two."), ["<p>One two.</p>"]),
        (p('One<text:s text:c="2"/>two<text:tab/>three.'), ["<p>One  two\tthree.</p>"]),
        (p("One.<text:line-break/>Two."), ["<p>One.</p>", "<p>Two.</p>"]),
        ('<text:h text:outline-level="1">Waiting</text:h>', ["<h2>Waiting</h2>"]),
        (p("Waiting", "Heading_20_2"), ["<h2>Waiting</h2>"]),
        (p("One<text:span text:style-name='T1'> not two</text:span>."), ["<p>One.</p>"]),
        (
            f"<text:list><text:list-item>{p('One')}</text:list-item></text:list>",
            ["<p>One</p>"],
        ),
        (
            "<table:table><table:table-row>"
            f"<table:table-cell>{p('Dara')}</table:table-cell>"
            f"<table:table-cell>{p('12')}</table:table-cell></table:table-row></table:table>",
            ["<p>Dara · 12</p>"],
        ),
        (
            p(
                "One.<text:note><text:note-citation>1</text:note-citation>"
                f"<text:note-body>{p('See the report.')}</text:note-body></text:note>"
            )
            + p("Two."),
            ["<p>One.</p>", "<p>Two.</p>", "<p>See the report.</p>"],
        ),
        (
            "<text:tracked-changes><text:changed-region>"
            f"<text:deletion>{p('Deleted.')}</text:deletion></text:changed-region>"
            f"</text:tracked-changes>{p('One.')}",
            ["<p>One.</p>"],
        ),
        (p(f"One.<office:annotation>{p('A comment.')}</office:annotation>"), ["<p>One.</p>"]),
        (f"<text:table-of-content>{p('Contents')}</text:table-of-content>{p('A.')}", ["<p>A.</p>"]),
        (p("وصلت القافلة."), ["<p>وصلت القافلة.</p>"]),
    ],
)
def test_paragraphs_are_read_by_their_kind(made, content: str, shown: list[str]) -> None:
    (document,) = documents(made("a.odt", odt(content, styles=STYLES)))
    assert document.text.split("\n") == shown


def test_a_style_derived_from_that_of_titles_is_one(made) -> None:
    (document,) = made("a.odt", odt(p("Convoy arrives", "P1") + p(LEDE), styles=STYLES))
    assert (document.title, document.text) == ("Convoy arrives", f"<p>{LEDE}</p>")


def test_the_author_is_who_began_a_document_and_not_who_saved_it_last(made) -> None:
    meta = (
        "<dc:title>Convoy arrives</dc:title><meta:initial-creator>Mara Lind</meta:initial-creator>"
        "<dc:creator>Secretary Two</dc:creator>"
    )
    (document,) = made("a.odt", odt(p(LEDE), meta=meta))
    assert (document.title, document.author, document.date) == ("Convoy arrives", "Mara Lind", None)


def test_a_document_without_the_member_mimetype_is_known(made) -> None:
    parts = odf_parts("text", f"<office:text>{p(LEDE)}</office:text>")
    del parts["mimetype"]
    assert len(documents(made("a.odt", package(parts)))) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"},
            "is an encrypted document: save it without a password",
        ),
        (
            {"mimetype": "application/vnd.oasis.opendocument.presentation"},
            "is a presentation or a drawing: save its text, or print it to PDF",
        ),
        ({"content.xml": "<office"}, "holds no text: leave it out, or fill it"),
    ],
)
def test_what_cannot_be_read_says_so(made, change: dict[str, str], message: str) -> None:
    parts = odf_parts("text", f"<office:text>{p(LEDE)}</office:text>")
    assert messages(made("a.odt", package(parts | change))) == [message]
