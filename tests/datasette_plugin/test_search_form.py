"""The search that an address contains, and addresses of similar searches."""

import pytest

from syriasearch import Suggestion

pytest.importorskip("datasette.app", reason="Datasette is not installed")
from syriasearch.datasette_plugin.search_form import SearchForm, whole_number


def test_an_address_says_what_is_asked_and_nothing_else() -> None:
    asked = SearchForm(q="Sochi & <b>", after="2018", entity=("sochi", "homs"), exact=True, page=3)
    assert asked.address() == "?q=Sochi+%26+%3Cb%3E&after=2018&entity=sochi&entity=homs&exact=1"
    assert asked.address(page=4, after="", entity=()) == "?q=Sochi+%26+%3Cb%3E&exact=1&page=4"
    assert SearchForm().address() == "?"


@pytest.mark.parametrize(
    ("suggestion", "leads_to"),
    [
        (Suggestion("boycot", "boycott", 3), "?q=the+boycott+of+x&source=Wire&entity=homs"),
        (
            Suggestion("source:Wire", 'source:"Other Wire"', 3),
            "?q=the+boycot+of+x&source=Other+Wire&entity=homs",
        ),
        (Suggestion("source:Wire", "", 3), "?q=the+boycot+of+x&entity=homs"),
        (Suggestion("entity:homs", "entity:hama", 3), "?q=the+boycot+of+x&source=Wire&entity=hama"),
        (Suggestion("entity:homs", "", 3), "?q=the+boycot+of+x&source=Wire"),
        (Suggestion("x:y", "", 3), "?q=the+boycot+of+x&source=Wire&entity=homs"),
    ],
)
def test_a_suggestion_is_taken(suggestion: Suggestion, leads_to: str) -> None:
    asked = SearchForm(q="the boycot of x", source="Wire", entity=("homs",), page=2)
    assert asked.accepting(suggestion) == leads_to


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("", 0), (None, 0), ("-1", 0), ("x", 0), ("٣", 0), ("9" * 99, 10**9), ("1e3", 0)],
)
def test_a_page_number(text: str | None, number: int) -> None:
    assert whole_number(text) == number
