"""Blocks of a Markdown text."""

from syriasearch.ingest.blocks.markdown import markdown_blocks


def test_markdown_loses_its_marks_and_keeps_its_headings() -> None:
    text = (
        "## A *head*\n\nA **bold** [link](https://x.org) and `code`.\n\n- one\n- two\n\n> Quoted.\n"
    )
    assert [(block.kind, block.text) for block in markdown_blocks(text)] == [
        ("heading", "A head"),
        ("body", "A bold link and code."),
        ("body", "one"),
        ("body", "two"),
        ("body", "Quoted."),
    ]


def test_a_row_of_a_table_is_a_paragraph() -> None:
    table = "| date | place |\n|---|---|\n| 4 May | Astana |\n"
    assert [block.text for block in markdown_blocks(table)] == ["date · place", "4 May · Astana"]


def test_raw_html_in_markdown_is_text() -> None:
    assert "<script>" in markdown_blocks("<script>alert(1)</script>")[0].text
