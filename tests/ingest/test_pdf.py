"""PDF files with a text layer."""

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from formats import PAGE, messages

from odd_inputs import write_pdf
from syriasearch.ingest.readers import Document, SourceFile
from syriasearch.ingest.readers.detect import read_items
from syriasearch.ingest.readers.pdf_text import Run, line_text

CHROMIUM = shutil.which("chromium")


def pdf(*lines: str, title: str = "") -> bytes:
    """Write a PDF of one page by hand."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET"
    return write_pdf(stream, f"/Title ({title}) /Author (Mara Lind)")


def test_a_pdf_gives_its_text_with_its_lines_joined(made) -> None:
    content = pdf(
        "The convoy reached the town on Saturday after three",
        "days on the road, and the drivers slept in their cab-",
        "ins, an official of the town said.",
        "Two more convoys will follow next week if the road is",
        "still open.",
        title="Convoy reaches Dara",
    )
    (document,) = made("a.pdf", content)
    assert (document.title, document.author) == ("Convoy reaches Dara", "Mara Lind")
    assert document.text.split("\n\n") == [
        "The convoy reached the town on Saturday after three days on the road, and the drivers "
        "slept in their cabins, an official of the town said.",
        "Two more convoys will follow next week if the road is still open.",
    ]


@pytest.mark.parametrize("title", ["Microsoft Word - report.doc", "untitled", "anonymous"])
def test_the_name_of_a_file_is_no_title_of_a_pdf(made, title: str) -> None:
    assert made("a.pdf", pdf("A text.", title=title))[0].title is None


def test_a_pdf_whose_pages_cannot_be_read_does_not_lack_a_text_layer(made, monkeypatch) -> None:
    monkeypatch.setattr("pypdf.PageObject.extract_text", lambda page, **_: 1 / 0)
    told = messages(made("a.pdf", pdf("A text.")))
    assert told[-1] == "is a PDF of which no page can be read: save its text"


@pytest.mark.parametrize(
    ("content", "message"),
    [(pdf(), "without a text layer"), (b"%PDF-1.4 and no more", "is a damaged PDF")],
)
def test_a_pdf_without_text_is_a_problem(made, content: bytes, message: str) -> None:
    assert message in messages(made("a.pdf", content))[0]


def test_without_pypdf_a_pdf_says_what_to_install(made, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert messages(made("a.pdf", pdf("A text."))) == [
        "is a PDF, which pypdf reads: pip install 'pypdf[crypto]>=5.1'"
    ]


@pytest.mark.parametrize("name", ["a.html", "a.pdf"])
def test_an_article_may_be_made_in_another_process(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PAGE.encode() if name == "a.html" else pdf("A text."))
    (document,) = read_items(SourceFile(tmp_path / name, name))
    assert isinstance(document, Document)
    assert list(pickle.loads(pickle.dumps(document)).complete()) == list(document.complete())


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        ([("The convoy ", 10), ("left at 9.", 60)], "The convoy left at 9."),
        ([("قالت اللجنة", 10)], "قالت اللجنة"),
        ([("عضوا", 10), ("125", 60), ("حضر", 80)], "حضر 125 عضوا"),
        ([("حضر", 80), ("125", 60), ("عضوا", 10)], "حضر 125 عضوا"),
        ([("آذار", 50), ("٨١٠٢", 10)], "آذار ٢٠١٨"),
        ([("في ٧٢ آذار ٨١٠٢", 10)], "في ٢٧ آذار ٢٠١٨"),
        ([("في ٤/٣/٨١٠٢", 10)], "في ٢٠١٨/٣/٤"),
        ([("بنسبة ٥٫٧٣ في المئة", 10)], "بنسبة ٣٧٫٥ في المئة"),
        ([("در سال ۷۹۳۱", 10)], "در سال ۱۳۹۷"),
        ([("وقال", 90), ("UN", 50), ("Women", 65), ("اليوم", 10)], "وقال UN Women اليوم"),
        ([("اللجنة )الثالثة( اجتمعت", 10)], "اللجنة (الثالثة) اجتمعت"),
        ([("اللجنة (الثالثة) اجتمعت", 10)], "اللجنة (الثالثة) اجتمعت"),
        ([("عام", 50), ("2018", 20), (".", 10)], "عام 2018."),
        ([("שלום", 50), ("2018", 20)], "שלום 2018"),
        ([("b", 10), ("a", 10)], "ba"),
        ([("د", 10), ("ج", 10), (" ", 10)], "ج د"),
        ([], ""),
    ],
)
def test_a_line_is_read_in_its_direction(runs: list[tuple[str, float]], line: str) -> None:
    assert line_text([Run(*run) for run in runs]) == line


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
def test_arabic_that_a_browser_prints_is_read_as_it_was_written(made, tmp_path: Path) -> None:
    lines = [
        "اجتمعت اللجنة (الثالثة) يوم ٢٧ آذار ٢٠١٨ بحضور 125 عضوا",
        "وقالت UN Women إن اللاجئين عادوا في 4/3/2018 إلى بيوتهم",
    ]
    page = tmp_path / "page.html"
    body = "".join(f"<p>{line}</p>" for line in lines)
    page.write_text(f"<!doctype html><html dir=rtl><meta charset=utf-8><body>{body}")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command = [CHROMIUM, *options, f"--user-data-dir={tmp_path}/profile", "--no-pdf-header-footer"]
    target = tmp_path / "page.pdf"
    subprocess.run(
        [*command, f"--print-to-pdf={target}", page.as_uri()], check=True, capture_output=True
    )
    (document,) = made("page.pdf", target.read_bytes())
    assert document.text.split() == " ".join(lines).split()
