"""Parts of an article that is too long for one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch import Entity, Mention, Paragraph

pytest.importorskip("datasette.app", reason="Datasette is not installed")
from syriasearch.datasette_plugin.pagination import ROOM, part_of, split_into_parts


def paragraph(position: int, text: str, **options: object) -> Paragraph:
    return Paragraph(position, position, "body", text, **options)  # type: ignore[arg-type]


def test_a_short_article_is_one_part() -> None:
    (part,) = split_into_parts([paragraph(1, "One."), paragraph(2, "Two.")])
    assert [each.text for each in part.paragraphs] == ["One.", "Two."]
    (nothing,) = split_into_parts([])
    assert nothing.paragraphs == ()


@given(st.lists(st.integers(0, 3 * ROOM), max_size=6), st.sampled_from(["ab ", "ab", "حلب "]))
def test_parts_have_all_of_an_article(lengths: list[int], word: str) -> None:
    texts = [(word * length)[:length] for length in lengths]
    paragraphs = [
        paragraph(at, text, highlights=((0, len(text)),) if text else ())
        for at, text in enumerate(texts)
    ]
    found = split_into_parts(paragraphs)
    for at, text in enumerate(texts):
        pieces = [each for part in found for each in part.paragraphs if each.position == at]
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.highlights == ((0, len(piece.text)),) for piece in pieces if text)
    assert all(sum(len(each.text.encode()) for each in part.paragraphs) <= ROOM for part in found)
    assert [part.number for part in found] == list(range(1, len(found) + 1))


def test_a_mention_stays_where_it_is() -> None:
    text = "word " * 20_000 + "Lavrov " + "word " * 20_000
    start = text.index("Lavrov")
    mention = Mention(start, start + 6, "Lavrov", Entity("lavrov", "Lavrov", "person"), "test")
    found = split_into_parts([paragraph(1, text, mentions=(mention,))])
    ((piece, named),) = [
        (each, each.mentions[0]) for part in found for each in part.paragraphs if each.mentions
    ]
    assert piece.text[named.start : named.end] == "Lavrov"


def test_a_position_is_in_the_part_where_it_begins() -> None:
    long = "word " * 10_000
    found = split_into_parts([paragraph(1, long), paragraph(2, long), paragraph(3, "End.")])
    assert part_of(found, 1) == 1
    assert part_of(found, 3) == len(found)
    assert part_of(found, 99) == 1
