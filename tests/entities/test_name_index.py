"""The index of names: what is found in a text, before and after an automaton is built."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syriasearch.entities import name_index
from syriasearch.entities.compiled_names import compile_names
from syriasearch.entities.gazetteer import Gazetteer, default_gazetteer
from syriasearch.entities.matcher import Matcher, map_texts
from syriasearch.entities.name_index import NameIndex, index_names
from syriasearch.models.entity import Entity

ENTITIES = (
    Entity("a", "John F. Kerry", "person", aliases=("John F", "~Kerry", "كيري")),
    Entity("b", "F", "group", aliases=("Kerry Group", "John", "KG")),
    Entity("c", "Kerry", "place"),
)
WORDS = ("john", "f", "kerry", "group", "kg", "", "كيري", "وكيري", "x")


def pair() -> tuple[NameIndex, NameIndex]:
    """Return an index, and one that has built its automaton."""
    plain, built = (NameIndex(index_names(ENTITIES), ENTITIES) for _ in range(2))
    built._searched = name_index.WORTH
    built.find("  ")
    assert built._automaton is not None
    return plain, built


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_words_and_automaton_find_the_same(words: list[str]) -> None:
    plain, built = pair()
    haystack = f" {' '.join(words)} "
    found = sorted(plain.find(haystack))
    assert found == sorted(built.find(haystack))
    for number, start, end in found:
        assert plain.number(haystack[start + 1 : end - 1]) == number
        assert plain.names(number) == built.names(number)


@pytest.mark.parametrize("key", ["", "x", "john x", "john f  kerry x", "john f "])
def test_there_is_no_other_key(key: str) -> None:
    assert pair()[0].number(key) is None


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert not list(NameIndex(index_names(()), ()).find(" john "))


def test_a_name_of_several_entities_counts_for_those_that_it_names_certainly() -> None:
    (found,) = Matcher(compile_names(Gazetteer(ENTITIES)).index).find(*map_texts(["Kerry"]))
    assert [name.entity.slug for name in found.names] == ["c"]


def test_compiled_names_are_those_that_were_computed(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gazetteer = Gazetteer((*default_gazetteer().entities, Entity("a", "Anna Bell", "person")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made, read = compile_names(gazetteer), compile_names(gazetteer)
    assert (tmp_path / "syriasearch").is_dir()
    assert made._sections == read._sections
    assert made.families == read.families
    assert made.index.all_keys() == read.index.all_keys()
