"""RTF: paragraphs, tables and notes, as they are shown."""

import io
import time
from contextlib import suppress

import pytest
from formats import documents, messages

from syriasearch.ingest.readers import rtf

LEDE = "A convoy with flour reached the town on Saturday, after three days on the road."


def made_of(text: str, head: str = r"\ansi\ansicpg1252\deff0") -> str:
    return "{\\rtf1" + head + r"{\fonttbl{\f0 Arial;}{\f1\fcharset178 Arial;}}" + text + "}"


def paragraphs(made, text: str) -> list[str]:
    (document,) = documents(made("a.rtf", made_of(text)))
    return document.text.split("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\pard One.\par Two.\par", ["One.", "Two."]),
        ("One\r\n.\\\nTwo.", ["One.", "Two."]),
        (r"One {\b two}{\i\b0  three}.", ["One two three."]),
        (r"\{One\} \\ two\~three\_four\-five", [r"{One} \ two" + "\xa0three-fourfive"]),
        (r"\ldblquote One\rdblquote\emdash two\endash three\rquote s", ["“One”—two–three’s"]),
        (r"caf\'e9 \'93one\'94", ["café “one”"]),
        (r"{\f1\'c7\'e1}", ["ال"]),
        (r"\u1575?\u1604?\u1605?", ["الم"]),
        (r"{\uc2\u1575\'c7\'c7\u1604ab}", ["ال"]),
        (r"{\uc0\u1575\u1604 x}", ["الx"]),
        (r"\u-10179?\u-8704?", ["😀"]),
        (r"{\v hidden}One{\deleted two}\v\v0 .", ["One."]),
        (r"{\*\unknown nothing}{\pict 0102}{\*\shppict{\pict ff}}One.", ["One."]),
        (r"{\header Page}{\footerr Page}One.{\*\annotation A comment.}", ["One."]),
        (r'{\field{\*\fldinst HYPERLINK "https://e.org"}{\fldrslt here}}', ["here"]),
        (r"{\listtext\f0 1.\tab}One.", ["One."]),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt In a box.}}}", ["In a box."]),
        ("{\\pict\\bin4 {}\\}}One.", ["One."]),
        (
            r"One.{\footnote See the report.} Two.\par Three.",
            ["One. Two.", "Three.", "See the report."],
        ),
        (r"\trowd\pard\intbl Dara\cell 12\cell\row\pard Two.", ["Dara · 12", "Two."]),
        (r"\trowd\intbl Dara\cell\intbl 12\cell\row", ["Dara · 12"]),
        (r"\page One.\sect Two.", ["One.", "Two."]),
    ],
)
def test_a_text_is_read_as_it_is_shown(made, text: str, shown: list[str]) -> None:
    assert paragraphs(made, text) == [f"<p>{each.replace('<', '&lt;')}</p>" for each in shown]


def test_headings_are_known_by_their_styles_and_levels(made) -> None:
    styles = r"{\stylesheet{\s0 Normal;}{\s5\b heading 1;}{\s6 Title;}{\s7\outlinelevel1 Mine;}}"
    text = (
        styles + r"\pard\s5 One\par\pard\s0 Two.\par\pard\outlinelevel2 Three\par\pard\s7 Four\par"
    )
    assert paragraphs(made, text) == [
        "<h2>One</h2>",
        "<p>Two.</p>",
        "<h2>Three</h2>",
        "<h2>Four</h2>",
    ]
    (document,) = made("a.rtf", made_of(styles + rf"\pard\s6 Convoy arrives\par\pard\s0 {LEDE}"))
    assert document.title == "Convoy arrives"


def test_the_properties_are_those_of_the_article(made) -> None:
    info = r"{\info{\title Convoy \'e9}{\author Mara Lind}{\creatim\yr2019\mo5\dy6}{\operator Two}}"
    (document,) = made("a.rtf", made_of(info + LEDE))
    assert (document.title, document.author, document.date) == ("Convoy é", "Mara Lind", None)
    assert document.text == f"<p>{LEDE}</p>"


@pytest.mark.parametrize("name", ["a.rtf", "a.doc", "a.txt", "a"])
def test_rtf_is_known_by_its_content(made, name: str) -> None:
    (document,) = made(name, made_of(LEDE))
    assert document.text == f"<p>{LEDE}</p>"


@pytest.mark.parametrize(
    "data",
    [
        made_of("القافلة").encode(),
        made_of("القافلة", r"\ansi\ansicpg1256").encode("cp1256"),
    ],
)
def test_letters_beyond_ascii_may_be_written_as_they_are(made, data: bytes) -> None:
    (document,) = made("a.rtf", data)
    assert document.text == "<p>القافلة</p>"


def test_a_file_that_is_cut_off_keeps_what_precedes(made) -> None:
    content = made_of(rf"{LEDE}\par {{\b Two")
    items = made("a.rtf", content[:-1])
    assert LEDE in documents(items)[0].text
    assert messages(items) == ["ends within a group, so it was cut off: what precedes was read"]


@pytest.mark.parametrize(
    "content", ["{\\rtf1}", "{\\rtf1{\\fonttbl{\\f0 Arial;}}", "{\\rtf1 \\par"]
)
def test_a_file_without_text_says_so(made, content: str) -> None:
    assert "holds no text: leave it out, or fill it" in messages(made("a.rtf", content))


def test_too_many_groups_are_refused(made) -> None:
    (message,) = messages(made("a.rtf", "{\\rtf1" + "{" * 100_000))
    assert message == "has over 1,000 groups within each other: leave it out"


@pytest.mark.parametrize("piece", ["{\\field{\\*\\fldinst HYPERLINK ", "\\'", "\\bin", "\\u", "\\"])
def test_the_time_is_proportional_to_the_length(piece: str) -> None:
    started = time.perf_counter()
    stream = io.BytesIO(("{\\rtf1 " + piece * (500_000 // len(piece))).encode())
    with suppress(ValueError):
        list(rtf._blocks(stream, rtf._Parser()))
    assert time.perf_counter() - started < 5


def test_a_picture_takes_no_memory(tmp_path) -> None:
    import tracemalloc

    content = made_of("{\\pict " + "0f" * 2_000_000 + "}" + LEDE)
    path = tmp_path / "a.rtf"
    path.write_text(content)
    tracemalloc.start()
    with path.open("rb") as stream:
        blocks = list(rtf._blocks(stream, rtf._Parser()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [block.text for block in blocks if block.text] == [LEDE]
    assert peak < 2**21
