"""Bearers of family names: what the gazetteer says of the persons who have one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ...models.entity import Entity
from ...text.arabic import has_arabic, name_key
from ...text.patterns import regex
from ..gazetteer import WEAK
from ..names.phonetic import phonetic_form
from .words import namesake_words, nicknames

GIVEN_FORMS = "given forms"
GIVEN_NAMES = "given names"
PREFIXES = frozenset("abd abdel abdul abed abou abu bou ibn bin um umm عبد ابو ام ابن".split())
"""Words that are one given name with the next word."""
SONS = frozenset("ben bin ibn بن ابن".split())
"""Words between a name and the father's."""
_SAME = 0.1
"""Maximum distance of two spellings of one given name."""
_MISSPELT = 0.2
"""Maximum distance of a word that is no known name from the given name that it misspells."""
_YEAR = regex(r"\b(?:killed|died|death|assassinated|executed)\b.*?\b((?:19|20)\d\d)\b")
_TERM = regex(r"\b((?:19|20)\d\d)(?: to |–)((?:19|20)\d\d)\b")
_CHILDREN = ("Son", "son", "Daughter", "daughter")
_WORD = regex(r"[^\W\d_]+")


_KEPT = 1 << 12
"""The maximum number of answers that are kept for names that are asked again."""

key_of = lru_cache(maxsize=1 << 14)(name_key)


def given_name(words: Sequence[str]) -> str:
    """Return the form of the given name that some words of a folded name begin with."""
    return _given_form(" ".join(words[: 2 if words[0] in PREFIXES else 1]))


@lru_cache(maxsize=1 << 14)
def _given_form(name: str) -> str:
    form = phonetic_form(name).replace(" ", "")
    return form.replace("عبدال", "عبد") if form.startswith("عبد") else form


@lru_cache(maxsize=1 << 14)
def is_same(form: str, other: str, limit: float = _SAME) -> bool:
    """Return whether two forms are spellings of one given name, up to a distance."""
    if form == other:
        return True
    if min(len(form), len(other)) < 3 or has_arabic(form) != has_arabic(other):
        return False
    if has_arabic(form):
        return False
    from ..names.similarity import is_near

    return is_near(form, other, limit)


@dataclass(frozen=True)
class Bearer:
    """A known person, by the parts of all names."""

    entity: Entity

    @cached_property
    def names(self) -> list[list[str]]:
        """The words of each name, folded and without articles."""
        entity = self.entity
        return [
            name_key(name.removeprefix(WEAK)).split() for name in (entity.name, *entity.aliases)
        ]

    @cached_property
    def is_active(self) -> bool:
        """Whether the description says of no death, and of no child."""
        return self.died is None and self.description.isdisjoint(namesake_words().children)

    @cached_property
    def own(self) -> frozenset[str]:
        """The words of all names."""
        return frozenset(word for name in self.names for word in name)

    @cached_property
    def is_known_by_one_word(self) -> bool:
        """Whether a name of one word is this person's in news, without the full name."""
        return any(
            " " not in key_of(alias) for alias in self.entity.aliases if not alias.startswith(WEAK)
        )

    @cached_property
    def family(self) -> frozenset[str]:
        """The last words of the names of several words."""
        return frozenset(name[-1] for name in self.names if len(name) > 1)

    @cached_property
    def _long_families(self) -> frozenset[tuple[str, ...]]:
        return frozenset(
            tuple(name)
            for name in self.names
            if len(name) > 1
            and any(
                len(other) > len(name) and other[-len(name) :] == name and other[0] != name[0]
                for other in self.names
            )
        )

    def is_family_name(self, key: Sequence[str]) -> bool:
        """Return whether folded words are the family name: Nasr Allah, bin Laden."""
        return len(key) == 1 or tuple(key) in self._long_families

    def is_son_of(self, word: str) -> bool:
        """Return whether a folded word is the name of the father: Mohammed bin Zayed."""
        return any(len(name) > 2 and name[-2] in SONS and name[-1] == word for name in self.names)

    @cached_property
    def given(self) -> frozenset[str]:
        """The forms of the given names."""
        return frozenset(given_name(name) for name in self.names if len(name) > 1)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of all words of the names."""
        return frozenset(map(phonetic_form, self.own))

    @cached_property
    def description(self) -> frozenset[str]:
        """The words of the description, in lower case."""
        return frozenset(_WORD.findall((self.entity.description or "").lower()))

    @cached_property
    def died(self) -> int | None:
        """The year of death, as far as the gazetteer says."""
        if self.entity.until:
            return int(self.entity.until[:4])
        found = _YEAR.search(self.entity.description or "")
        return int(found[1]) if found else None

    @cached_property
    def term(self) -> tuple[int, int] | None:
        """The first and last year of an office, as far as the description says."""
        found = _TERM.search(self.entity.description or "")
        return (int(found[1]), int(found[2])) if found else None

    def is_child_of(self, other: Entity) -> bool:
        """Return whether the description says that the person is a child of another."""
        description = self.entity.description or ""
        return any(f"{child} of {other.name}" in description for child in _CHILDREN)

    def has_given(self, words: Sequence[str], *, loose: bool = False) -> bool:
        """Return whether some folded words begin with a given name of the person, or its initial.

        With `loose`, the given name may be misspelt.
        """
        if len(words[0]) == 1:
            return any(name[0][0] == words[0] for name in self.names if len(name) > 1)
        form, limit = given_name(words), _MISSPELT if loose else _SAME
        if any(is_same(form, given, limit) for given in self.given):
            return True
        short = nicknames()
        if words[0] in short:
            return given_name([short[words[0]]]) in self.given
        firsts = (name[0] for name in self.names if len(name) > 1)
        return any(given_name([short[first]]) == form for first in firsts if first in short)

    def is_initialled(self, words: Sequence[str]) -> bool:
        """Return whether a folded name is that of the person with one initial between its words.

        Christopher J. Christie is Chris Christie; George H. Bush is not George W. Bush.
        """
        if len(words) != 3 or len(words[1]) > 1 or len(words[0]) < 2:
            return False
        own = {word for word in self.own if len(word) == 1}
        return own <= {words[1]}

    def has_own(self, word: str) -> bool:
        """Return whether a folded word is a spelling of a part of a name of the person."""
        if word in self.own:
            return True
        form = phonetic_form(word)
        return any(is_same(form, own) for own in self.forms)


class Bearers:
    """The known persons by the last words of their names."""

    def __init__(
        self,
        by_family: Mapping[str, Mapping[str, Entity]],
        compiled: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        """Hold persons, by slug; `compiled` returns their given names if these were computed."""
        self._by_family = by_family
        self._compiled = compiled
        self._bearers: dict[str, Bearer] = {}
        self._full: dict[tuple[tuple[str, ...], str, tuple[str, ...], bool], Entity | None] = {}

    def bearer(self, entity: Entity) -> Bearer:
        """Return what is known of a person."""
        found = self._bearers.get(entity.slug)
        if found is None:
            found = self._bearers[entity.slug] = Bearer(entity)
        return found

    def of_family(self, word: str) -> list[Bearer]:
        """Return the known persons whose name of several words ends in a folded word."""
        return [self.bearer(entity) for entity in self._by_family.get(word, {}).values()]

    @cached_property
    def given_names(self) -> frozenset[str]:
        """The folded given names of all known persons, and their short forms."""
        if self._compiled:
            return frozenset(self._compiled(GIVEN_NAMES))
        names = {
            name[0]
            for each in self._by_family.values()
            for entity in each.values()
            for name in self.bearer(entity).names
            if len(name) > 1 and entity.name.count(" ") == 1
        }
        return frozenset(names | nicknames().keys() | set(nicknames().values())) - PREFIXES

    @cached_property
    def given_forms(self) -> frozenset[str]:
        """The forms of the given names of all known persons."""
        if self._compiled:
            return frozenset(self._compiled(GIVEN_FORMS))
        entities = {
            slug: each for family in self._by_family.values() for slug, each in family.items()
        }
        return frozenset(form for each in entities.values() for form in self.bearer(each).given)

    def in_full(self, name: str) -> Entity | None:
        """Return the person well known by the family name that a name of three words or more means.

        The words between the given and the family name are names of the father, or further ones.
        """
        words = [word for word in key_of(name).split() if word not in SONS]
        if len(words) < 3:
            return None
        entity = self.full(words[:-1], words[-1])
        if entity is None:
            return None
        bearer = self.bearer(entity)
        return entity if bearer.is_known_by_one_word or bearer.is_initialled(words) else None

    def family_first(self, name: str) -> Entity | None:
        """Return the person who is known by a family name, if it is before the given name.

        The family name is nobody's given name.
        """
        words = key_of(name).split()
        if len(words) != 2 or has_arabic(name) or given_name(words[:1]) in self.given_forms:
            return None
        found = [
            each
            for each in self.of_family(words[0])
            if words[::-1] in each.names and [words[0]] in each.names
        ]
        return found[0].entity if len(found) == 1 else None

    def son(self, given: Sequence[str], father: Sequence[str]) -> Entity | None:
        """Return the one known person with a given name and the name of a known father.

        `given` are the folded words before the father's name, a word for a son the last.
        """
        names = [word for word in given if word not in SONS]
        return self.full(names, father[0]) or self.full([*names, *father[:-1]], father[-1])

    def father(self, family: str) -> Entity | None:
        """Return the one known person of a family who is described as the father of somebody."""
        found = [each.entity for each in self.of_family(family) if "father" in each.description]
        return found[0] if len(found) == 1 else None

    def full(
        self,
        given: Sequence[str],
        family: str,
        plain: Iterable[Entity] = (),
        *,
        loose: bool = False,
    ) -> Entity | None:
        """Return the one known person with a given name, further names and a family name.

        `given` are the folded words before the family name, the given name first. The others may be
        names of the father or further ones, but not the given name of another known person of that
        family, unless they are also this person's, or the description says that that one is the
        father. `plain` are persons known by the family name; `loose` is for a given name that may
        be misspelt.
        """
        persons = {entity.slug: entity for entity in plain}
        key = (tuple(given), family, tuple(persons), loose)
        if key not in self._full:
            if len(self._full) >= _KEPT:
                self._full.clear()
            self._full[key] = self._find_full(given, family, persons, loose=loose)
        return self._full[key]

    def _find_full(
        self, given: Sequence[str], family: str, plain: Mapping[str, Entity], *, loose: bool
    ) -> Entity | None:
        every = {each.entity.slug: each for each in self.of_family(family)}
        every |= {slug: self.bearer(entity) for slug, entity in plain.items()}
        found = [each for each in every.values() if each.has_given(given, loose=loose)]
        if len(found) != 1:
            return None
        person = found[0]
        used = 2 if given[0] in PREFIXES else 1
        for word in given[used:]:
            if len(word) == 1 or person.has_own(word):
                continue
            if any(
                other is not person
                and other.has_given([word])
                and not person.is_child_of(other.entity)
                for other in every.values()
            ):
                return None
        return person.entity
