"""Workbooks of Excel and OpenDocument: an article in each row, as in CSV."""

import pytest
from formats import documents, messages
from office import ods, package, relationships, row, xlsx, xlsx_parts

from syriasearch import Archive
from syriasearch.ingest.readers import Problem

HEADER = ("id", "title", "text", "date")


def cell(value: str, kind: str = "string") -> str:
    attributes = f'office:value-type="{kind}"'
    if kind == "date":
        attributes += f' office:date-value="{value}"'
    elif kind != "string":
        attributes += f' office:value="{value}"'
    return f"<table:table-cell {attributes}><text:p>{value}</text:p></table:table-cell>"


def of_excel(*rows: tuple[object, ...]) -> bytes:
    return xlsx(News="".join(row(number, *cells) for number, cells in enumerate(rows, start=1)))


def of_libreoffice(*rows: tuple[object, ...]) -> bytes:
    kinds = {int: "float", float: "float"}
    lines = ["".join(cell(str(e), kinds.get(type(e), "string")) for e in cells) for cells in rows]
    return ods(News=lines)


BOTH = pytest.mark.parametrize(
    ("name", "workbook"), [("a.xlsx", of_excel), ("a.ods", of_libreoffice)]
)


@BOTH
def test_a_row_is_an_article(made, name: str, workbook) -> None:
    items = made(
        name,
        workbook(
            ("Headline", "Body", "Byline", "Date"), ("One", "A text.", "Mara Lind", "2018-06-02")
        ),
    )
    (document,) = items
    assert (document.title, document.text, document.author, document.date) == (
        "One",
        "A text.",
        "Mara Lind",
        "2018-06-02",
    )
    assert (document.anchor, document.positional) == ("News!2", True)


@BOTH
def test_a_number_is_an_id_without_a_point(made, name: str, workbook) -> None:
    items = made(name, workbook(HEADER, (7, "One", "A.", ""), (1234567890123, "Two", "B.", "")))
    assert [(each.anchor, each.positional) for each in items] == [
        ("7", False),
        ("1234567890123", False),
    ]


@BOTH
def test_columns_may_be_mapped(made, name: str, workbook) -> None:
    items = made(
        name,
        workbook(("Hed", "Content", "Nr"), ("One", "A text.", 7)),
        columns={"title": "Hed", "text": "Content", "id": "Nr"},
    )
    assert [(each.title, each.text, each.anchor) for each in items] == [("One", "A text.", "7")]


@BOTH
def test_lines_above_the_names_and_empty_rows_are_passed_over(made, name: str, workbook) -> None:
    rows = (
        ("News of 2018",),
        ("",),
        ("made by hand", "in March"),
        HEADER,
        (),
        (7, "One", "A.", ""),
    )
    items = made(name, workbook(*rows, (), ("", "Two", "B.", "")))
    assert [each.anchor for each in items] == ["7", "News!8"]


@BOTH
def test_a_text_keeps_its_paragraphs(made, name: str, workbook) -> None:
    if name == "a.ods":
        content = ods(
            News=[
                cell("title") + cell("text"),
                cell("One") + "<table:table-cell><text:p>First.</text:p><text:p/>"
                "<text:p>Second <text:span>one</text:span>.</text:p></table:table-cell>",
            ]
        )
    else:
        content = workbook(("title", "text"), ("One", "First.\n\nSecond one."))
    (document,) = made(name, content)
    assert document.text == "First.\n\nSecond one."


@BOTH
def test_an_id_that_is_there_twice_is_two_articles(made, name: str, workbook) -> None:
    items = made(name, workbook(HEADER, (7, "One", "A.", ""), (7, "Two", "B.", "")))
    assert [each.anchor for each in items] == ["7", "7~2"]


@BOTH
def test_a_row_without_text_is_a_problem_with_its_place(made, name: str, workbook) -> None:
    items = made(name, workbook(HEADER, (7, "One", "", ""), (8, "Two", "B.", "")))
    assert messages(items) == ["row 2 of News has no text: give it a `text`"]
    assert [item.anchor for item in items if isinstance(item, Problem)] == ["News!2"]
    assert len(documents(items)) == 1


@BOTH
def test_a_table_without_a_text_says_so(made, name: str, workbook) -> None:
    assert messages(made(name, workbook(("a", "b"), (1, 2)))) == [
        "has no column that is its text, only a, b: name one with --map text=COLUMN"
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('<c s="1"><v>43127</v></c>', "2018-01-27"),
        ('<c s="1"><v>43127.4375</v></c>', "2018-01-27 10:30:00"),
        ('<c s="2"><v>43127</v></c>', "2018-01-27"),
        ("<c><v>43127</v></c>", "2018-01-27"),
        ('<c t="d"><v>2018-01-27T00:00:00</v></c>', "2018-01-27T00:00:00"),
        ('<c t="str"><f>TODAY()</f><v>27 January 2018</v></c>', "27 January 2018"),
        ("<c><v>1517047200</v></c>", "1517047200"),
        ('<c t="e"><v>#N/A</v></c>', None),
    ],
)
def test_a_date_of_excel_is_a_day(made, value: str, found: str | None) -> None:
    formats = {164: 'dd" of "mmm\\ yyyy;@'}
    rows = row(1, "title", "text", "date") + row(2, "One", "A.", value)
    (document,) = made("a.xlsx", xlsx(News=rows, formats=formats))
    assert document.date == found


def test_years_may_be_counted_from_1904(made) -> None:
    rows = row(1, "title", "text", "date") + row(2, "One", "A.", '<c s="1"><v>41665</v></c>')
    content = xlsx(News=rows, properties='<workbookPr date1904="1"/>')
    assert made("a.xlsx", content)[0].date == "2018-01-27"


def test_the_address_of_a_link_is_where_it_leads(made) -> None:
    formula = '<c t="str"><f>HYPERLINK("https://e.org/2","Read")</f><v>Read</v></c>'
    linked = '<c r="C2" t="inlineStr"><is><t>Read</t></is></c>'
    rows = row(1, "title", "text", "link") + row(2, "One", "A.", linked)
    parts = xlsx_parts(News=rows + row(3, "Two", "B.", formula))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        str(parts[sheet])
        .replace(
            "</sheetData>",
            '</sheetData><hyperlinks><hyperlink ref="C2" r:id="hyperlink1"/></hyperlinks>',
        )
        .replace("<worksheet ", '<worksheet xmlns:r="r" ')
    )
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relationships(
        hyperlink1="https://e.org/1"
    ).replace("/>", ' TargetMode="External"/>')
    assert [each.url for each in made("a.xlsx", package(parts))] == [
        "https://e.org/1",
        "https://e.org/2",
    ]
    cells = '<table:table-cell><text:p><text:a href="https://e.org/1">Read</text:a></text:p></table:table-cell>'
    content = ods(News=[cell("text") + cell("link"), cell("A.") + cells])
    assert made("a.ods", content)[0].url == "https://e.org/1"


def test_a_column_that_is_mapped_to_the_date_has_days(made) -> None:
    rows = row(1, "text", "When") + row(2, "A.", 43127)
    (document,) = made("a.xlsx", xlsx(News=rows), columns={"date": "When"})
    assert document.date == "2018-01-27"


@pytest.mark.parametrize("code", ['0.00" days"', "#,##0_h", "[Red]0", "General", '"d"0', "0\\d"])
def test_a_number_with_another_format_is_no_date(made, code: str) -> None:
    rows = row(1, "text", "title") + row(2, "A.", '<c s="2"><v>43127</v></c>')
    assert made("a.xlsx", xlsx(News=rows, formats={164: code}))[0].title == "43127"


def test_a_date_of_opendocument_is_a_day(made) -> None:
    rows = [
        cell("title") + cell("text") + cell("date"),
        cell("One") + cell("A.") + cell("2018-01-27", "date"),
    ]
    assert made("a.ods", ods(News=rows))[0].date == "2018-01-27"


def test_texts_may_be_shared_with_phonetic_letters_and_escapes(made) -> None:
    parts = xlsx_parts(
        News=row(1, "title", "text") + row(2, '<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>')
    )
    parts["xl/sharedStrings.xml"] = (
        '<sst xmlns="x"><si><r><t>On</t></r><r><t>e</t></r><rPh><t>no</t></rPh></si>'
        "<si><t>First._x000D_\nSecond.</t></si></sst>"
    )
    (document,) = made("a.xlsx", package(parts))
    assert (document.title, document.text) == ("One", "First.\nSecond.")


@pytest.mark.parametrize("reference", ["", ' r="C2"'])
def test_cells_that_are_empty_may_be_left_out(made, reference: str) -> None:
    value = f'<c{reference} t="inlineStr"><is><t>A text.</t></is></c>'
    empty = "" if reference else "<c/><c/>"
    rows = row(1, "title", "author", "text") + f'<row r="2">{empty}{value}</row>'
    (document,) = made("a.xlsx", xlsx(News=rows))
    assert (document.title, document.text) == (None, "A text.")


def test_each_sheet_that_is_a_table_of_articles_is_read(made) -> None:
    content = xlsx(
        Notes=row(1, "made by", "Mara Lind"),
        News=row(1, "id", "text") + row(2, 7, "A."),
        Empty="",
        Older=row(1, "id", "text") + row(2, 7, "B.") + row(3, "", "C."),
    )
    items = made("a.xlsx", content)
    assert [(each.anchor, each.text) for each in documents(items)] == [
        ("7", "A."),
        ("7~2", "B."),
        ("Older!3", "C."),
    ]
    (note,) = [item for item in items if isinstance(item, Problem)]
    assert note.message.startswith("sheet Notes has no column that is its text")
    assert not note.lost


def test_a_row_that_is_added_is_one_article_more(tmp_path) -> None:
    rows = [HEADER, (7, "One", "A text on Dara.", ""), (8, "Two", "A text on Homs.", "")]
    path = tmp_path / "a.xlsx"
    with Archive(tmp_path / "a.db") as archive:
        path.write_bytes(of_excel(*rows))
        archive.ingest(path)
        path.write_bytes(of_excel(rows[0], (9, "New", "A text on Idlib.", ""), *rows[1:]))
        report = archive.ingest(path)
    assert (report.added, report.updated, report.unchanged) == (1, 0, 2)


def test_a_cell_that_excel_has_cut_is_told(made) -> None:
    rows = row(1, "title", "text") + row(2, "One", "a" * 32_767)
    items = made("a.xlsx", xlsx(News=rows))
    assert messages(items) == ["row 2 of News has a text that was cut at 32,767 characters"]
    assert len(documents(items)) == 1


def test_repeated_rows_and_cells_are_no_bomb(made) -> None:
    repeated = 'table:number-rows-repeated="1000000"'
    wide = '<table:table-cell table:number-columns-repeated="99999999"/>'
    rows = [
        cell("title") + cell("text") + wide,
        f"<table:table-row {repeated}><table:table-cell/></table:table-row>",
        cell("One") + cell("A.") + wide,
        f"<table:table-row {repeated}>{cell('Two')}{cell('B.')}</table:table-row>",
    ]
    items = documents(made("a.ods", ods(News=rows)))
    assert items[0].anchor == "News!1000002"
    assert len(items) == 101
