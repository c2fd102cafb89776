"""Compound surnames: names of several words that are short for a person named in full.

`Abdel Rahman` in an article that names Rami Abdel Rahman is he, and `bin Laden` Osama bin Laden.
Such a surname is one by its first word, a particle. It is no short form of a name whose other words
it may be the first of, and none if two persons in the article have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from ...models.entity import Entity, Mention
from ...text.arabic import has_arabic, name_key
from ...text.tokenize import terms
from ..names.phonetic import is_prefix, phonetic_form
from ..reasons import SHORT
from ..rules.cue_words import cue_words


def resolve_compound_surnames(paragraphs: Sequence[list[Mention]]) -> None:
    """Replace the entities of lone compound surnames in the paragraphs of an article."""
    mentions = [each for each in chain.from_iterable(paragraphs) if each.entity.type == "person"]
    lone = {each.surface for each in mentions if _is_compound(each)}
    if not lone:
        return
    bearers = {surface: _bearer(surface, mentions) for surface in lone}
    for paragraph in paragraphs:
        for index, mention in enumerate(paragraph):
            bearer = bearers.get(mention.surface) if _is_compound(mention) else None
            if bearer is not None and bearer.slug != mention.entity.slug:
                reason = SHORT.format(name=bearer.name)
                paragraph[index] = replace(mention, entity=bearer, reason=reason)


def _is_compound(mention: Mention) -> bool:
    """Return whether a name that a rule has found may be a surname that begins with a particle."""
    return (
        mention.recognizer == "rules"
        and mention.entity.type == "person"
        and _begins_with_particle(mention.surface)
    )


@lru_cache(maxsize=1 << 12)
def _begins_with_particle(name: str) -> bool:
    """Return whether a name of at most two parts begins with a particle."""
    words = name_key(name).split() if has_arabic(name) else terms(name)
    particle = len(words) > 1 and (is_prefix(words[0]) or words[0] in cue_words().particles)
    return particle and len(_tokens(name)) <= 2


def _bearer(surname: str, mentions: Iterable[Mention]) -> Entity | None:
    """Return the only person whose name, as the article has it, ends in a surname; else None."""
    tokens = _tokens(surname)
    bearers = {
        mention.entity.slug: mention.entity
        for mention in mentions
        for name in [_tokens(mention.surface)]
        if len(name) > len(tokens) and name[-len(tokens) :] == tokens
    }
    return next(iter(bearers.values())) if len(bearers) == 1 else None


def _tokens(name: str) -> list[str]:
    """Return the words of a name as sounds, as those behind another word: without `bin`."""
    return phonetic_form(f"x {name}").split()[1:]
