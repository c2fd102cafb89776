"""Namesakes: whether a match of a known person's name is that person, by the words next to it.

A family name, or a whole name, is not the known person's

- behind another given name (Islam Alloush), unless the person has it, or behind `bin` or `Abu`;
- before or behind a word for a thing (Alloush hill, Tel Assad), a family or a brigade;
- before `Jr`, `the father` and the like;
- behind the word for a relative, where a given name follows (his brother Bassil);
- with a rank or trade that is not the person's, or an office of another country;
- where a child, or a stranger, is introduced by the name: a boy named Bashar Assad;
- as the subject of a sentence that reports words, long after the person's death.
Names of the father and initials between a given name and a family name change nothing: Sergei
Viktorovich Lavrov is Sergei Lavrov. The given name of another bearer does: Hafez Bashar al-Assad is
neither Hafez nor Bashar al-Assad.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...models.entity import Entity
from ...text.arabic import has_arabic
from ...text.patterns import regex
from ..matcher import Found, Name, overlapping
from ..rules.capitalized import has_title_case
from ..rules.cue_words import cue_words, name_parts
from ..rules.rule_finder import Guess
from .arabic import ArabicEvidence
from .bearers import PREFIXES, SONS, Bearers, key_of
from .countries import countries_of, country_named
from .holders import TITLES, family_start, holder_of_title
from .listed_names import listed_name
from .lives import has_title, is_age_of_child, is_of_early_life
from .name_words import NameWord, last_word, with_article, word_after, words_before
from .patterns import NamesakePatterns
from .place_spellings import name_of_stranger
from .review import ANOTHER, Review, add_name, has_person, names_of, taken_for
from .words import namesake_words

_LISTED = frozenset(("of", "and"))
_SOLDIERS = frozenset("colonel general officer pilot soldier".split())
_FOLLOWING = regex(r"[ -]([^\W\d_]+)")
_INCOMPLETE = frozenset("abd abdel abdul abed al de del van von".split())


class _Near(NamedTuple):
    """What is next to a name."""

    start: int
    """Where it begins, with an article before it."""
    before: str
    """The word before it."""
    word: str
    """The same in lower case, without signs before it."""
    following: str
    """The word after it."""
    listed: bool
    """Whether it may be one of a list, or be called a place before it."""
    after: bool
    """Whether the first word after it may say something."""
    article: bool
    """Whether an article is before it."""


class Namesakes:
    """A reviewer of the matches of known persons' names."""

    def __init__(self, bearers: Bearers) -> None:
        self.bearers = bearers
        self._arabic = ArabicEvidence(self.bearers)
        self.patterns = NamesakePatterns()

    def review(self, text: str, found: Sequence[Found], *, year: int | None = None) -> Review:
        """Return the matches that are the known persons', the names of others, and the rest.

        `year` is that of the article.
        """
        review = Review([], [], [])
        is_latin = text.isascii()
        for match in found:
            kind = match.names[0].entity.type
            if review.found and match.start < review.found[-1].end:
                continue
            if kind != "person" and (len(match.names) == 1 or not has_person(match)):
                # In Latin script, only the name of a place may be part of another.
                person = name_of_stranger(text, match, found) if kind == "place" else None
                if person is not None:
                    add_name(review, person)
                elif (kind != "place" and is_latin) or not self.patterns.names_thing(text, match):
                    review.found.append(match)
            elif has_arabic(text[match.start : match.end]):
                outcome = self._arabic.review(text, match, found)
                longer = outcome.found or outcome.other
                if longer is None:
                    review.refused.append((match.start, match.end))
                else:
                    add_name(review, longer)
            else:
                near = self._near(text, match)
                if self._is_plain(text, match, near):
                    review.found.append(match)
                else:
                    self._review(text, match, near, found, review, year=year)
        return review

    def _review(
        self,
        text: str,
        match: Found,
        near: _Near,
        found: Sequence[Found],
        review: Review,
        *,
        year: int | None,
    ) -> None:
        """Add to a review what a match of a person's name in Latin script is."""
        persons = [name for name in match.names if name.entity.type == "person"]
        key = key_of(text[match.start : match.end]).split()
        single = len(key) == 1
        before = words_before(text, near.start, review.found) if near.before else []
        if not all(each.known for each in before) and has_title_case(text):
            before = []
        longer = self._longer(text, match, persons, key, before) if before else None
        longer = longer or listed_name(text, match, found, self.bearers)
        if longer is None and single:
            longer = self._given_before(text, match, persons, found)
            if longer is not None and has_title_case(text):
                longer = None
        if longer is None:
            longer = self._with_affix(text, match, key)
        if longer is not None:
            add_name(review, longer)
            return
        if self._is_something_else(text, match, near, single=single):
            review.refused.append((near.start, match.end))
            return
        family = family_start(text, match)
        titled = family != match.start or not near.word or near.word.endswith(TITLES)
        holder = holder_of_title(self.bearers, text, match, year) if titled else None
        if (holder is not None and not holder.names) or (
            family != match.start
            and self._is_foreign(text[max(0, family - 60) : family], persons[0].entity)
        ):
            review.refused.append((near.start, match.end))
            return
        if holder is not None:
            add_name(review, holder)
            return
        left = tuple(
            name
            for name in match.names
            if name.entity.type != "person"
            or self._fits(text, match, near, name.entity, year, single=single)
        )
        other = None if left else self._of_country(text, match, key)
        if other is not None:
            left = taken_for(other, text, match.start, match.end).names
        if left:
            changed = len(left) < len(match.names) or other is not None
            review.found.append(match._replace(names=left) if changed else match)
        elif single:
            review.refused.append((near.start, match.end))
        else:
            review.others.append(Guess(match.start, match.end, "person", ANOTHER, match))

    def may_be_short(self, text: str, start: int, end: int, full: Entity) -> bool:
        """Return whether a lone family name may be short for a full name in the article."""
        if has_arabic(text[start:end]):
            return self._arabic.may_be_short(text, start, end, full)
        key = key_of(text[start:end])
        after_bin = last_word(text, with_article(text, start)).lower() in SONS
        is_son = self.bearers.bearer(full).is_son_of(key)
        return after_bin == is_son or (is_son and key not in name_parts())

    def is_person(self, text: str, start: int, end: int, entity: Entity, year: int | None) -> bool:
        """Return whether nothing next to a whole name says that it is not a known person's."""
        match = Found(start, end, ())
        near = self._near(text, match)
        return not self._is_something_else(text, match, near, single=False) and self._fits(
            text, match, near, entity, year, single=False
        )

    def _longer(
        self,
        text: str,
        match: Found,
        persons: list[Name],
        key: list[str],
        before: list[NameWord],
    ) -> Guess | Found | None:
        """Return the longer name that a match ends, or None if it is the name of the person."""
        if before[0].start and text[before[0].start - 1] in "/@#_":
            return None
        lows = [word for each in before for word in key_of(each.low).split()]
        loose = not before[0].known
        entities = [name.entity for name in persons]
        bearers = [self.bearers.bearer(entity) for entity in entities]
        start = before[0].start
        if len(key) > 1 and len(lows) > 1 and lows[-1] in SONS:
            # Mohammed bin Salman bin Abdulaziz is a son of Salman bin Abdulaziz.
            son = self.bearers.son(lows, key)
            if son is not None:
                return taken_for(son, text, start, match.end)
            return Guess(start, match.end, "person", "neighbours")
        # Words that are not given names may be the end of a heading.
        firm = all(each.known for each in before) or "al-" in bearers[0].entity.name
        if not lows or (len(key) > 1 and not firm):
            return None
        if len(key) > 1:
            if all(low in namesake_words().honorifics for low in lows) and not (
                bearers[0].is_family_name(key) and lows[0][:2] in ("mo", "mu", "ah")
            ):
                return None
            if all(bearers[0].has_own(low) and len(low) > 1 for low in lows) and not any(
                each.has_given(lows) and each.entity not in entities
                for each in self.bearers.of_family(key[-1])
            ):
                return None
            full = self.bearers.full([*lows, *key[:-1]], key[-1], loose=loose)
        else:
            if lows[-1] in key or (len(lows) == 1 and lows[0] in _INCOMPLETE):
                return None
            owners = [each for each in bearers if all(map(each.has_own, lows))]
            if len(owners) == 1 and lows[-1] not in PREFIXES:
                return Found(start, match.end, names_of(persons, [owners[0].entity]))
            full = self.bearers.full(lows, key[0], entities, loose=loose)
            if full is None and lows[0] in namesake_words().honorifics and len(lows) > 1:
                full = self.bearers.full(lows[1:], key[0], entities)
        if full is not None:
            return taken_for(full, text, start, match.end)
        return Guess(start, match.end, "person", "neighbours")

    def _given_before(
        self, text: str, match: Found, persons: list[Name], found: Sequence[Found]
    ) -> Guess | None:
        """Return the name of another person that begins with the given name of a known one."""
        entity = persons[0].entity
        if not entity.name.startswith(f"{text[match.start : match.end]} "):
            return None
        following = word_after(text, match.end)
        bearer = self.bearers.bearer(entity)
        if following is None or any(
            bearer.has_own(word) for word in (key_of(following.low), following.low[:-1])
        ):
            return None
        end = following.start + len(following.text)
        if any(overlapping(found, following.start, end)):
            return None
        return Guess(match.start, end, "person", "neighbours")

    def _with_affix(self, text: str, match: Found, key: list[str]) -> Guess | Found | None:
        """Return who has a name before an affix: Assad the father, Donald Trump Jr."""
        affix = self.patterns.affix.match(text, match.end, match.end + 40)
        if affix is None:
            return None
        end, word = affix.end(), affix[affix.lastindex or 1]
        known = self.bearers.father(key[-1])
        if word.lower() not in namesake_words().fathers:
            known = None
        if len(key) > 1:
            if word.lower() in self.bearers.bearer(match.names[0].entity).own:
                return taken_for(match.names[0].entity, text, match.start, end)
            stop = text[end : end + 1] == "." and word.istitle()
            end = end + 1 if stop else end
            if known is not None and self.bearers.bearer(known).has_given(key):
                return taken_for(known, text, match.start, end)
            return Guess(match.start, end, "person", "neighbours")
        return taken_for(known, text, match.start, match.end) if known else None

    def _is_plain(self, text: str, match: Found, near: _Near) -> bool:
        """Return whether no word next to a name can say anything of it."""
        start, end, names = match.start, match.end, match.names
        if (
            len(names) > 1
            or near.after
            or near.article
            or near.following[:1].isupper()
            or not self.bearers.bearer(names[0].entity).is_active
            or family_start(text, match) != start
        ):
            return False
        before = near.before
        if before and (
            before[0].isupper()
            or before[0].isdigit()
            or before[-1] == ","
            or near.word in self.patterns.before
        ):
            return False
        return text[start:end].lower() not in cue_words().nobody

    def _is_something_else(self, text: str, match: Found, near: _Near, *, single: bool) -> bool:
        """Return whether the words next to a name say that it is a thing's, or another bearer's."""
        patterns, words = self.patterns, namesake_words()
        after = text[match.end : match.end + 40]
        if near.after and (
            patterns.thing.match(after)
            or patterns.affix.match(after)
            or (single and patterns.family.match(after))
        ):
            return True
        if near.word in words.begins or near.listed:
            before = text[max(0, near.start - 80) : near.start]
            if any(each.search(before) for each in patterns.before_places):
                return True
        if not single:
            return False
        surface = text[match.start : match.end]
        if surface.lower() in cue_words().nobody and not near.article:
            person = patterns.person_after.match(after) or near.word in cue_words().titles
            return not person
        return near.word in words.words or near.word in words.kin

    def _near(self, text: str, match: Found) -> _Near:
        """Return the text next to a name that patterns may match."""
        start, end = with_article(text, match.start), match.end
        word = last_word(text, start)
        low = word.strip("“\"'‘([.-").lower()
        found = _FOLLOWING.match(text, end)
        following = found[1] if found else ""
        after = text[end : end + 1] == "," or following.lower() in self.patterns.after
        listed = word[-1:] == "," or low in _LISTED or text[start - 1 : start] == "-"
        return _Near(start, word, low, following, listed, after, start != match.start)

    def _fits(
        self,
        text: str,
        match: Found,
        near: _Near,
        entity: Entity,
        year: int | None,
        *,
        single: bool,
    ) -> bool:
        """Return whether nothing next to a name says that a person cannot be meant."""
        patterns, words = self.patterns, namesake_words()
        bearer = self.bearers.bearer(entity)
        after = text[match.end : match.end + 80]
        trade = near.word if near.word in words.ordinary else None
        if trade is None and near.after and (found := patterns.ordinary_after.match(after)):
            trade = found[1].lower()
        if trade is not None and trade not in bearer.description:
            return False
        if near.after and patterns.head_after.match(after):
            return not words.local_bodies.isdisjoint(bearer.description)
        if bearer.description.isdisjoint(words.children) and (
            is_age_of_child(near.word, after)
            or (not single and patterns.introduces(text, near.start, after))
        ):
            return False
        if (
            near.word.rstrip(".") in words.low_ranks
            and bearer.description.isdisjoint(_SOLDIERS)
            and not has_title(text, near.start, bearer)
            and (single or not is_of_early_life(text, near.start, year, bearer))
        ):
            return False
        if not bearer.is_active:
            if not bearer.description.isdisjoint(words.children) and (
                patterns.said.match(after)
                or near.word in cue_words().titles
                or near.word.rstrip(".") in words.learned
                or patterns.learned_after.match(after)
            ):
                return False
            if (
                year is not None
                and bearer.died is not None
                and year > bearer.died + 1
                and patterns.said_now.match(after)
            ):
                return False
        if not single or near.word not in words.offices:
            return True
        return not self._is_foreign(text[max(0, near.start - 60) : near.start], entity)

    def _is_foreign(self, before: str, entity: Entity) -> bool:
        """Return whether an office before a name is one of another country than the person's."""
        office = self.patterns.office_before.search(before)
        if office is None:
            return False
        country = country_named(office[1])
        own = countries_of(entity)
        return country is not None and bool(own) and country not in own

    def _of_country(self, text: str, match: Found, key: list[str]) -> Entity | None:
        """Return the one known person of a family name whose office and country precede it."""
        start = with_article(text, match.start)
        before = text[max(0, start - 60) : start]
        office = self.patterns.office_before.search(before)
        if office is None or len(key) > 1:
            return None
        country = country_named(office[1])
        fitting = [
            each.entity
            for each in self.bearers.of_family(key[0])
            if country in countries_of(each.entity) and office[2].lower() in each.description
        ]
        return fitting[0] if len(fitting) == 1 else None
