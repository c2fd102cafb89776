"""Recognition of the entities that an article names.

Names are found by the gazetteer (`matcher`) and, if it does not have them, by rules (`rules`). Then
the article as a whole disambiguates what a single place in it leaves open:

- an acronym in brackets after a name refers to the same entity, throughout the article;
- a weak alias counts if the article also names the entity otherwise;
- a name of several entities (SNC) refers to those among them that the article also names otherwise;
  if it names none of them, it counts for all;
- a lone surname, or the head of an organization's name (the Observatory), refers to the entity with
  the full name in the article, in preference to an entity that is better known by the short form.

A mention has the reason why it refers to its entity, if the name alone does not show that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..errors import OptionError, RecognizerError
from ..models.entity import Entity, Mention
from ..text.arabic import has_arabic
from ..text.dates import parse_day
from ..text.normalize import has_possessive
from ..text.sentences import BLANK_LINE
from ..text.stages import Stages, complete
from .compiled_names import compile_names
from .disambiguation import INITIAL, ArticleContext
from .gazetteer import Gazetteer, default_gazetteer, extend_gazetteer, read_rows
from .matcher import Matcher, map_texts
from .namesakes.bearers import key_of
from .namesakes.namesakes import Namesakes
from .namesakes.review import with_others
from .namesakes.surnames import SharedNames
from .rules.rule_finder import RULES, RuleFinder
from .rules.spelling_rule import SpellingRule
from .rules.world_places import StateFinder
from .villages.choice import SYRIA
from .villages.finder import VillageFinder
from .visible import as_written, without_invisible

if TYPE_CHECKING:
    from .arabic.finder import ArabicFinder

CONTEXT = frozenset({"definitions", "context", "short forms"})
"""The kinds of disambiguation by the article as a whole; each may be left out."""
VILLAGES = "villages"
"""The rule that finds villages of Syria by their surroundings."""
ARABIC = "arabic"
"""The rules for names in Arabic script, which are left out together."""
DEFAULT_RULES = RULES | CONTEXT | {VILLAGES, ARABIC}
"""All rules and all kinds of disambiguation."""

DEFAULT = "rules"
PIPELINE = "spacy:"
NAMES = (DEFAULT, "gazetteer", f"{PIPELINE}NAME")


class Recognizer(Protocol):
    """A recognizer of the entities that an article names."""

    name: str
    """The name of the recognizer."""

    def recognize(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset.

        `published` is the day of the article, as an ISO date; None if it is not known.
        """
        ...


class TextRecognizer:
    """A recognizer by a gazetteer and, for names that it does not have, by rules."""

    name = "gazetteer"

    def __init__(self, gazetteer: Gazetteer, *, rules: frozenset[str] = DEFAULT_RULES) -> None:
        self.rules = rules
        self.known = {entity.slug: entity for entity in gazetteer.entities}
        names = compile_names(gazetteer)
        self.persons, self.weak = names.persons, names.weak
        self.namesakes = Namesakes(names.bearers)
        self.shared_names = SharedNames(lambda: names.shared)
        self._matcher = Matcher(names.index)
        self._named: dict[str, Entity | None] = {}
        self.person = lru_cache(maxsize=1 << 14)(self._person)
        self._states = StateFinder(self.known)
        self.person_spellings = names.spellings()
        self.place_spellings = names.spellings("place")
        self._finder = (
            RuleFinder(rules, SpellingRule(self.person_spellings)) if rules & RULES else None
        )
        # Villages are chosen by the provinces that an article names.
        has_villages = VILLAGES in rules and SYRIA in self.known
        self._villages = VillageFinder(self.known) if has_villages else None

    @cached_property
    def _arabic(self) -> ArabicFinder | None:
        # Texts in Latin script do without the rules for Arabic.
        from .arabic.finder import ArabicFinder

        return ArabicFinder() if ARABIC in self.rules else None

    def _person(self, name: str, surface: str) -> Entity | None:
        """Return the known person whose full name a name outside the gazetteer is a form of.

        `name` is the person's name if that is not what the text has, `surface`; else empty.
        """
        # Susan E. Rice is Susan Rice.
        person = self.persons.get(key_of(INITIAL.sub("", name or surface)))
        bearers = self.namesakes.bearers
        return person or bearers.in_full(surface) or bearers.family_first(surface)

    def named(self, name: str) -> Entity | None:
        """Return the only entity of the gazetteer that has a name; None if none or several have."""
        if name not in self._named:
            found = self._matcher.find(*map_texts([name]))
            only = len(found) == 1 and len(found[0].names) == 1 and found[0].end == len(name)
            self._named[name] = found[0].names[0].entity if only and found[0].start == 0 else None
        return self._named[name]

    def recognize(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        return complete(self.recognize_in_stages(paragraphs, published=published))

    def recognize_in_stages(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> Stages[list[list[Mention]]]:
        """Do the same as `recognize`, in stages."""
        plain = [without_invisible(text) for text in paragraphs]
        found = yield from self._recognize(plain, published)
        return [
            mentions if shown is text else as_written(text, mentions)
            for text, shown, mentions in zip(paragraphs, plain, found, strict=True)
        ]

    def _recognize(
        self, paragraphs: Sequence[str], published: str | None
    ) -> Stages[list[list[Mention]]]:
        bare = not has_possessive("\n".join(paragraphs))
        weak: list[set[str]] = [set() for _ in paragraphs]
        year = int(published[:4]) if published else None
        mapped = map_texts(paragraphs)
        yield
        matches = [
            self._matcher.find(each, bare=bare, weak=slugs, published=published)
            for each, slugs in zip(mapped, weak, strict=True)
        ]
        yield
        reviews = [
            self.namesakes.review(text, each, year=year)
            for text, each in zip(paragraphs, matches, strict=True)
        ]
        certain = {
            each.names[0].entity.slug
            for review in reviews
            for each in review.found
            if len(each.names) == 1
        }
        for number, text in enumerate(paragraphs):
            if not certain.isdisjoint(weak[number]):
                again = self._matcher.find(
                    mapped[number], bare=bare, certain=certain, published=published
                )
                reviews[number] = self.namesakes.review(text, again, year=year)
        yield
        found = [
            self._states.find(text, review.found)
            for text, review in zip(paragraphs, reviews, strict=True)
        ]
        arabic_script = any(map(has_arabic, paragraphs))
        if arabic_script:
            from .arabic.homographs import without_homographs

            found = [without_homographs(*each) for each in zip(paragraphs, found, strict=True)]
        yield
        article = ArticleContext(self, paragraphs, found, certain, published)
        if self._finder:
            guesses = [self._finder.find(*each) for each in zip(paragraphs, found, strict=True)]
            if arabic_script and self._arabic:
                arabic = self._arabic.find(paragraphs, found)
                guesses = [
                    sorted(these + more) for these, more in zip(guesses, arabic, strict=True)
                ]
            article.guesses = [
                with_others(these, review) for these, review in zip(guesses, reviews, strict=True)
            ]
        yield
        mentions = article.mentions()
        if arabic_script:
            from .arabic.labels import without_labels

            mentions = [without_labels(these, self.named) for these in mentions]
        yield
        if self._villages:
            self._villages.add(paragraphs, mapped, article.guesses, mentions)
        return mentions


def recognize_in_stages(
    recognizer: Recognizer, paragraphs: Sequence[str], published: str | None
) -> Stages[list[list[Mention]]]:
    """Return the mentions that any recognizer finds; in one stage, if it has no others."""
    if isinstance(recognizer, TextRecognizer):
        return (yield from recognizer.recognize_in_stages(paragraphs, published=published))
    return recognizer.recognize(paragraphs, published=published)


@cache
def default_recognizer() -> TextRecognizer:
    """Return the recognizer for the gazetteer that ships with the package."""
    return TextRecognizer(default_gazetteer())


def check_name(name: str) -> None:
    """Raise RecognizerError for an unknown name of a recognizer."""
    if name not in NAMES and not (name.startswith(PIPELINE) and len(name) > len(PIPELINE)):
        raise RecognizerError(f"there is no recognizer {name!r}: take {', '.join(NAMES)}")


def named_recognizer(name: str, gazetteer: Gazetteer, *, unknown: Iterable[str] = ()) -> Recognizer:
    """Return a recognizer by its name, for the names of a gazetteer.

    `rules` finds these names, and others by rules; `gazetteer` only these; `spacy:NAME` adds the
    names that a pipeline of spaCy finds. The entities of the gazetteer with slugs in `unknown` are
    not used for names that a rule finds. Raises RecognizerError.
    """
    check_name(name)
    unknown = tuple(unknown)
    if name == DEFAULT and gazetteer is default_gazetteer() and not unknown:
        return default_recognizer()
    made = TextRecognizer(gazetteer, rules=DEFAULT_RULES if name == DEFAULT else CONTEXT)
    for slug in unknown:
        del made.known[slug]
    if not name.startswith(PIPELINE):
        return made
    from .spacy_recognizer import PipelineRecognizer

    return PipelineRecognizer(name.removeprefix(PIPELINE), made)


def find_mentions(
    text: str,
    *,
    recognizer: str = "rules",
    gazetteer: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    published: str | None = None,
) -> list[Mention]:
    """Return the mentions of entities in a text, by offset in code points, without an archive.

    The text is read as one article with its paragraphs separated by empty lines. `recognizer` is
    `rules`, `gazetteer` (known names only) or `spacy:NAME`; `gazetteer` is one or several paths of
    CSV or YAML files that extend the package's gazetteer. `published` is the day of the article,
    such as 2018-01-27. Raises RecognizerError, GazetteerError, and OptionError for an argument of
    another type or an invalid day.
    """
    if not isinstance(text, str):
        raise OptionError(f"find_mentions takes a text, not {type(text).__name__}")
    if not isinstance(recognizer, str):
        raise OptionError(f"recognizer takes {', '.join(NAMES)}, not {recognizer!r}")
    if isinstance(gazetteer, str | os.PathLike):
        gazetteer = [gazetteer]
    if not isinstance(gazetteer, Iterable):
        raise OptionError(f"gazetteer takes files, not {gazetteer!r}")
    check_name(recognizer)
    day = None if published is None else _day(published)
    known = default_gazetteer()
    for path in gazetteer:
        known = extend_gazetteer(known, read_rows(Path(path)))
    finder = named_recognizer(recognizer, known)
    gaps = list(BLANK_LINE.finditer(text))
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(text)]
    paragraphs = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return [
        mention.moved(start)
        for start, mentions in zip(starts, finder.recognize(paragraphs, published=day), strict=True)
        for mention in mentions
    ]


def _day(published: str) -> str:
    """Return a day of publication as an ISO date. Raises OptionError."""
    day = parse_day(published) if isinstance(published, str) else None
    if day is None:
        raise OptionError(f"published takes a day such as 2018-01-27, not {published!r}")
    return day.isoformat()
