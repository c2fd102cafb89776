"""RIS: records with their abstracts."""

import pytest
from formats import documents, messages

RECORD = [
    "TY  - NEWS", "ID  - a1", "AU  - Karim, Nadia", "AU  - Tahan, Omar, Jr.", "TI  - A convoy",
    "T2  - Sample Wire", "PY  - 2018", "DA  - 2018/01/27/", "LA  - en", "UR  - https://example.org",
    "AB  - The convoy arrived.", "It left again.", "ER  - ",
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_fields_of_a_record(made, end: str, mark: str) -> None:
    (document,) = documents(made("a.ris", mark + end.join([*RECORD, "", *RECORD[1:2]])))
    assert document.text == "The convoy arrived.\nIt left again."
    assert (document.title, document.author, document.source, document.date, document.lang) == (
        "A convoy",
        "Nadia Karim, Omar Tahan Jr.",
        "Sample Wire",
        "2018/01/27",
        "en",
    )


def test_each_record_is_an_article(made) -> None:
    assert len(documents(made("a.txt", "\n".join([*RECORD, *RECORD])))) == 2


def test_records_without_abstracts_are_reported(made) -> None:
    record = "TY  - NEWS\nTI  - A convoy\nER  - \n"
    assert "is a list of 2 records" in messages(made("a.ris", record * 2))[0]
