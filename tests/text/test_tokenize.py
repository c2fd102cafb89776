"""The terms of several texts, computed together."""

from __future__ import annotations

import pytest

from syriasearch.text.tokenize import (
    MAX_TERM_BYTES,
    all_in_terms,
    folded_terms,
    in_terms,
    paragraph_terms,
)

TEXTS = [
    pytest.param([], id="none"),
    pytest.param(["", "Aleppo’s fall", ""], id="empty ones among them"),
    pytest.param(["the siege", "of Homs"], id="no space at their ends"),
    pytest.param(["Café e\u0301te\u0301", "\u0301a", "x" * 150], id="combining marks"),
    pytest.param(["دمشق وحلب", "7 000 in Idlib", "🙂"], id="several scripts"),
    pytest.param(["a " + "ب" * MAX_TERM_BYTES, "b"], id="a word that is cut"),
]


@pytest.mark.parametrize("texts", TEXTS)
def test_terms_of_paragraphs_are_those_of_each(texts: list[str]) -> None:
    assert paragraph_terms(texts) == [folded_terms(text) for text in texts]


@pytest.mark.parametrize("texts", TEXTS)
def test_texts_in_terms_are_each_in_terms(texts: list[str]) -> None:
    assert all_in_terms(texts) == [in_terms(text) for text in texts]
