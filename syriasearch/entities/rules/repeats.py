"""Names that an article repeats in another form, or where nothing next to them shows what they are.

- A company's name is repeated without its legal form, or by its first word: Coleco Industries Inc.,
  Coleco.
- A name that a rule has found in one place is the same name in the places where no rule finds it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ...models.entity import Entity, Mention
from ...text.patterns import regex
from ..entity_slugs import entity_slug
from ..reasons import BY_RULE, REPEATED, SHORT
from ..spans import Spans
from .cue_words import common_words, cue_words, name_parts
from .rule_finder import Guess

MIN_STEM = 4
"""Minimum length of the first word of a company's name that may be short for it."""
_FEW = 100
"""Maximum number of names that are looked for one after the other."""

_STRONGER = (BY_RULE["titles"].partition("{")[0], SHORT.partition("{")[0])
"""How the reasons of persons begin that are not companies of their name."""
_TITLE_BEFORE = regex(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col)s?\.?\s$")
_NAME_BEFORE = regex(r"[A-Z][\w’'-]*\s$")
_IN_WORD = regex(r"[\w-]")
_WORD_AFTER = regex(r"[\w-]*\w")
_NAME_AFTER = regex(r"\s[A-Z]")


def resolve_repeats(
    paragraphs: Sequence[str], mentions: Sequence[list[Mention]], guesses: Sequence[Sequence[Guess]]
) -> None:
    """Add to the mentions of each paragraph those of repeated names, and of cities."""
    names: dict[str, Entity] = {}
    companies: dict[str, Entity] = {}
    for mention in (each for some in mentions for each in some):
        if mention.recognizer == "rules":
            names.setdefault(mention.surface, mention.entity)
        if mention.entity.type == "organization" and " " in mention.surface:
            for stem in _stems(mention.surface):
                companies.setdefault(stem, mention.entity)
    _resolve_guesses(paragraphs, mentions, guesses, names)
    if companies:
        _resolve_companies(paragraphs, mentions, companies)


def _resolve_guesses(
    paragraphs: Sequence[str],
    mentions: Sequence[list[Mention]],
    guesses: Sequence[Sequence[Guess]],
    names: dict[str, Entity],
) -> None:
    for text, some, lone in zip(paragraphs, mentions, guesses, strict=True):
        starts = {mention.start for mention in some}
        for guess in lone:
            if guess.rule not in ("lone", "cities") or guess.start in starts:
                continue
            surface = text[guess.start : guess.end]
            reason = REPEATED.format(name=surface)
            if guess.rule == "cities" and surface not in names:
                names[surface] = Entity(entity_slug(surface), surface, "place")
            if guess.rule == "cities" and names[surface].type == "place":
                reason = BY_RULE["cities"]
            entity = names.get(surface)
            if entity:
                some.append(Mention(guess.start, guess.end, surface, entity, "rules", reason))


def _resolve_companies(
    paragraphs: Sequence[str], mentions: Sequence[list[Mention]], companies: dict[str, Entity]
) -> None:
    for text, some in zip(paragraphs, mentions, strict=True):
        ranges = Spans((each.start, each.end) for each in some)
        for start, end in _places(text, companies):
            if _is_of_longer_name(text, start, end):
                continue
            surface = text[start:end]
            entity = companies[surface]
            reason = SHORT.format(name=entity.name)
            there = list(ranges.overlapping(start, end))
            if not there:
                some.append(Mention(start, end, surface, entity, "rules", reason))
            elif len(there) == 1 and _is_weaker(some[there[0]], start, end):
                some[there[0]] = replace(some[there[0]], entity=entity, reason=reason)


def _places(text: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Return where names are in a text as words, by offset; of overlapping ones the first."""
    places = []
    for start, end in _occurrences(text, names):
        if not (start and _IN_WORD.match(text, start - 1)) and not _WORD_AFTER.match(text, end):
            places.append((start, -end))
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if not found or start >= found[-1][1]:
            found.append((start, -end))
    return found


def _occurrences(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    if len(names) > _FEW:
        from ahocorasick_rs import AhoCorasick

        for _, start, end in AhoCorasick(names).find_matches_as_indexes(text, overlapping=True):
            yield start, end
        return
    # To search for each is faster than to make an automaton of the names of each article.
    for name in names:
        start = text.find(name)
        while start >= 0:
            yield start, start + len(name)
            start = text.find(name, start + 1)


def _is_of_longer_name(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 20) : start]
    return bool(
        _TITLE_BEFORE.search(before)
        or (_NAME_BEFORE.search(before) and not re.search(r"(?:^|[.!?\n]\s*)[A-Z]\w*\s$", before))
        or _NAME_AFTER.match(text, end)
    )


def _is_weaker(mention: Mention, start: int, end: int) -> bool:
    """Return whether a mention is of the same words, by a weaker rule."""
    return (
        mention.recognizer == "rules"
        and mention.entity.type in ("person", "place")
        and (mention.start, mention.end) == (start, end)
        and not (mention.reason or "").startswith(_STRONGER)
    )


def _stems(name: str) -> Iterator[str]:
    """Yield what is short for the name of a company: Coleco Industries and Coleco."""
    legal = cue_words().company_endings
    if name.rpartition(" ")[2].lower().rstrip(".,") not in legal:
        return
    words = name.split()
    count = len(words)
    while count and words[count - 1].lower().rstrip(".,") in legal:
        count -= 1
    if not 0 < count < len(words):
        return
    stem = words[:count]
    if count > 1 or _is_distinct(stem[0]):
        yield " ".join(stem).rstrip(",")
    if count > 1:
        persons = all(word.lower() in name_parts() for word in stem)
        if not persons and _is_distinct(stem[0]):
            yield stem[0]


def _is_distinct(word: str) -> bool:
    low = word.lower()
    words = cue_words()
    return (
        len(word) >= MIN_STEM
        and word[0].isupper()
        and low not in common_words()
        and low not in words.nobody
        and low not in words.heads
    )
