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
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Protocol

from ..errors import OptionError, RecognizerError
from ..models.entity import Entity, Mention
from ..text.arabic import name_key
from ..text.dates import parse_day
from ..text.normalize import has_possessive
from ..text.sentences import BLANK_LINE
from .disambiguation import ArticleContext
from .gazetteer import WEAK, Gazetteer, default_gazetteer, extend_gazetteer, read_rows
from .matcher import Matcher
from .rules import RULES, RuleFinder

CONTEXT = frozenset({"definitions", "context", "short forms"})
"""The kinds of disambiguation by the article as a whole; each may be left out."""
DEFAULT_RULES = RULES | CONTEXT
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
        self.persons, self.weak = _by_key(gazetteer)
        self._matcher = Matcher(gazetteer)
        self._finder = RuleFinder(rules) if rules & RULES else None

    def recognize(
        self, paragraphs: Sequence[str], *, published: str | None = None
    ) -> list[list[Mention]]:
        """Return the mentions of each paragraph of one article, by offset."""
        bare = not has_possessive("\n".join(paragraphs))
        weak: list[set[str]] = [set() for _ in paragraphs]
        found = [
            self._matcher.find(text, bare=bare, weak=slugs, published=published)
            for text, slugs in zip(paragraphs, weak, strict=True)
        ]
        certain = {each.names[0].entity.slug for each in chain(*found) if len(each.names) == 1}
        for number, text in enumerate(paragraphs):
            if not certain.isdisjoint(weak[number]):
                found[number] = self._matcher.find(
                    text, bare=bare, certain=certain, published=published
                )
        article = ArticleContext(self, paragraphs, found, certain, published)
        if self._finder:
            article.guesses = list(map(list, map(self._finder.find, paragraphs, found)))
        return article.mentions()


def _by_key(gazetteer: Gazetteer) -> tuple[dict[str, Entity], frozenset[str]]:
    """Return the persons by unambiguous names of several words, and the keys of such weak names.

    Names of events are among the weak ones: dates may speak against them.
    """
    persons: dict[str, Entity | None] = {}
    weak: set[str] = set()
    for entity in gazetteer.entities:
        for alias in (entity.name, *entity.aliases):
            key = name_key(alias.removeprefix(WEAK))
            if " " not in key:
                continue
            if alias.startswith(WEAK) or entity.type == "event":
                weak.add(key)
            elif entity.type == "person":
                persons[key] = None if persons.get(key, entity) != entity else entity
    return {key: each for key, each in persons.items() if each}, frozenset(weak)


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
        replace(mention, start=mention.start + start, end=mention.end + start)
        for start, mentions in zip(starts, finder.recognize(paragraphs, published=day), strict=True)
        for mention in mentions
    ]


def _day(published: str) -> str:
    """Return a day of publication as an ISO date. Raises OptionError."""
    day = parse_day(published) if isinstance(published, str) else None
    if day is None:
        raise OptionError(f"published takes a day such as 2018-01-27, not {published!r}")
    return day.isoformat()
