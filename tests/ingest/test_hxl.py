"""HXL: a row of tags says what the columns of a table hold, and is no article."""

import json

import pytest
from formats import documents, messages

TAGS = "#meta+title,#description,#date+reported,#meta+source"
ROW = "Aid arrives,Forty trucks crossed.,2018-01-27,Sample Wire"


@pytest.mark.parametrize(
    "above",
    [
        ["Title,Text,Date,Source"],
        ["Titre,Texte,Jour,Qui"],
        ["العنوان,النص,التاريخ,المصدر"],
        [],
        ["News of the month", "collected by hand", "", "Titre,Texte,Jour,Qui"],
        ['"A title, of two', 'lines",,,', "Titre,Texte,Jour,Qui"],
        ["x"] * 20 + ["Titre,Texte,Jour,Qui"],
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_columns_are_what_their_tags_say(made, above: list[str], end: str, mark: str) -> None:
    items = made("a.csv", mark + end.join([*above, TAGS, ROW, ""]))
    (document,) = items
    assert (document.title, document.text, document.date, document.source) == (
        "Aid arrives",
        "Forty trucks crossed.",
        "2018-01-27",
        "Sample Wire",
    )


@pytest.mark.parametrize(
    "tags",
    [
        "#meta +title;#description +fr;#date;#source",
        "#META+TITLE;#Description;#date+reported;#meta+source",
        "#meta+title;#meta+text;#date+published;#meta+publisher",
        "#meta+title;#meta+description;#date;#meta+source+v_x",
    ],
)
def test_tags_are_written_in_several_ways(made, tags: str) -> None:
    row = ROW.replace(",", ";")
    (document,) = made("a.csv", f"T;Te;J;Q\n{tags}\n{row}\n")
    assert (document.title, document.text, document.source) == (
        "Aid arrives",
        "Forty trucks crossed.",
        "Sample Wire",
    )


def test_a_column_that_is_mapped_is_not_what_its_tag_says(made) -> None:
    content = f"Titre,Texte,Jour,Qui\n{TAGS}\n{ROW}\n"
    (document,) = made("a.csv", content, columns={"text": "Titre"})
    assert document.text == "Aid arrives"


def test_a_date_of_a_change_is_none_of_publication(made) -> None:
    content = "Titre,Texte,Jour\n#meta+title,#description,#date+updated\nA,B,2018-01-27\n"
    assert made("a.csv", content)[0].date is None


@pytest.mark.parametrize(
    "content",
    [
        [["Titre", "Texte"], ["#meta+title", "#description"], ["One", "A text."]],
        [["#meta+title", "#description"], ["One", "A text."]],
        [{"": "1", "#meta+title": "One", "#description": "A text."}],
    ],
)
def test_tags_in_json(made, content: object) -> None:
    (document,) = made("a.json", json.dumps(content))
    assert (document.title, document.text) == ("One", "A text.")


def test_an_article_of_hashtags_is_no_row_of_tags(made) -> None:
    items = made("a.csv", "title,text\n#Syria,#Idlib\nTwo,A text.\n")
    assert [document.text for document in documents(items)] == ["#Idlib", "A text."]


def test_a_tagged_table_without_texts_is_refused(made) -> None:
    content = "Qui,Où\n#org,#adm1\nX,Y\n"
    assert "has no column that is its text" in messages(made("a.csv", content))[0]
