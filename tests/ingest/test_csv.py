"""Tables: an article in each row."""

import pytest
from formats import documents, messages

from syriasearch.ingest.readers import Problem


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_row_is_an_article(made, sign: str) -> None:
    rows = ["Headline,Body,Byline,Date", "One,A text.,Nadia Karim,2018-06-02"]
    (document,) = made("a.csv", "\n".join(rows).replace(",", sign))
    assert (document.title, document.text, document.author) == ("One", "A text.", "Nadia Karim")
    assert (document.anchor, document.positional) == ("2", True)


def test_columns_may_be_mapped(made) -> None:
    table = "Hed,Content,Nr\nOne,A text.,7\n"
    columns = {"title": "Hed", "text": "Content", "id": "nr"}
    (document,) = made("a.csv", table, columns=columns)
    assert (document.title, document.text, document.anchor) == ("One", "A text.", "7")


@pytest.mark.parametrize(
    ("cell", "title"),
    [("'=HYPERLINK(1)", "=HYPERLINK(1)"), ("'@un", "@un"), ("'-5 degrees", "-5 degrees"),
     ("'Tis over", "'Tis over"), ("'Over' he said", "'Over' he said"), ("=A", "=A")],
)  # fmt: skip
def test_the_mark_that_keeps_a_spreadsheet_from_calculating_is_no_text(
    made, cell: str, title: str
) -> None:
    (document,) = made("a.csv", f"id,title,text\n1,{cell},A text.\n")
    assert document.title == title


def test_a_column_that_is_not_there_is_told_with_those_that_are(made) -> None:
    items = made("a.csv", "hed,text\nOne,A text.\n", columns={"title": "Head"})
    assert messages(items) == ["has no column 'Head' to be the title, only hed, text"]
    assert len(documents(items)) == 1


def test_a_table_without_a_text_is_one_problem(made) -> None:
    assert messages(made("a.csv", "a,b\n1,2\n3,4\n")) == [
        "has no column that is its text, only a, b: name one with --map text=COLUMN"
    ]


def test_a_field_may_span_lines(made) -> None:
    one, other = made("a.csv", 'title,text\nA,"One.\n\nTwo ""so"" on."\nB,Three.\n')
    assert (one.text, other.text, other.anchor) == ('One.\n\nTwo "so" on.', "Three.", "5")


@pytest.mark.parametrize(
    ("table", "lost"),
    [
        ('title,text\nA,"never closed\nB,Two.\nC,Three.\n', ["2"]),
        ('title,text\nA,"never closed\nB,Two.\nC,"Three"\n', ["2"]),
        ('title,text\nB,Two.\nC,Three.\nA,"never closed', ["4"]),
    ],
)
def test_a_quotation_mark_that_is_not_closed_takes_its_own_line_only(
    made, table: str, lost: list[str]
) -> None:
    items = made("a.csv", table)
    assert [document.title for document in documents(items)] == ["B", "C"]
    assert [item.anchor for item in items if isinstance(item, Problem)] == lost


def test_a_row_with_too_many_columns_is_told(made) -> None:
    items = made("a.csv", "title,text\nA,One, two.\nB,Three.\n")
    assert messages(items) == [
        "line 2 has 3 columns, not 2: put what holds a comma in quotation marks"
    ]
    assert len(documents(items)) == 1


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_line_for_excel_tells_what_stands_between_values(made, sign: str) -> None:
    (document,) = made(
        "a.csv",
        f"sep={sign}\r\ntitle{sign}text\r\nOne{sign}A, b; c.\r\n".replace("A, b; c.", '"A, b; c."'),
    )
    assert (document.title, document.text) == ("One", "A, b; c.")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1256", "cp1252"])
def test_tables_come_in_many_encodings(made, encoding: str) -> None:
    text = "café à côté" if encoding == "cp1252" else "قال المبعوث الأممي إن المحادثات انتهت"
    rows = "".join(f"{number}\t{text} {number}\r\n" for number in range(5))
    found = documents(made("a.tsv", f"title\ttext\r\n{rows}".encode(encoding)))
    assert [document.text for document in found] == [f"{text} {number}" for number in range(5)]
