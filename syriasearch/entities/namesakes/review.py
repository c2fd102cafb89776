"""What a review of the gazetteer's matches in a text finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...models.entity import Entity
from ..matcher import Found, Name
from ..rules.rule_finder import Guess

ANOTHER = "another"
"""The rule of a name that is written like that of a known person, who is not meant."""


class Review(NamedTuple):
    """The matches of a text that are left, and what else was found."""

    found: list[Found]
    others: list[Guess]
    """Names of other persons that contain a match."""
    refused: list[tuple[int, int]]
    """Start and end of matches that are neither the known person nor a longer name."""


def taken_for(entity: Entity, text: str, start: int, end: int) -> Found:
    """Return the match of a name of an entity at [start, end) in a text."""
    return Found(start, end, (Name(entity, text[start:end], 0, weak=False, acronym=False),))


def has_person(match: Found) -> bool:
    """Return whether a match may be the name of a person."""
    return any(name.entity.type == "person" for name in match.names)


def names_of(names: Iterable[Name], entities: Sequence[Entity]) -> tuple[Name, ...]:
    """Return those of the names that are of some entities."""
    return tuple(name for name in names if name.entity in entities)


def add_name(review: Review, name: Guess | Found) -> None:
    """Add a name to a review, in the place of matches that it contains."""
    while review.found and review.found[-1].end > name.start:
        review.found.pop()
    while review.others and review.others[-1].end > name.start:
        review.others.pop()
    if isinstance(name, Guess):
        review.others.append(name)
    else:
        review.found.append(name)


def with_others(guesses: Iterable[Guess], review: Review) -> list[Guess]:
    """Return the names found by rules with those of other persons, by offset, without overlaps.

    A name found by a rule remains if it is longer than that of another person, or the spelling of
    a known name. No name
    remains that was refused, and no person's name with such a name in it.
    """
    guesses = list(guesses)
    if not review.refused and not review.others:
        return guesses
    refused = review.refused
    spelt = [guess for guess in guesses if guess.rule == "spellings"]
    others = [
        each
        for each in review.others
        if not any(guess.start <= each.start and each.end <= guess.end for guess in spelt)
    ]
    kept: list[Guess] = []
    for guess in guesses:
        if any(
            (guess.start >= start and guess.end <= end)
            or (guess.type == "person" and guess.start < end and start < guess.end)
            for start, end in refused
        ):
            continue
        if guess.type != "person":
            # The airport is that of Rafik Hariri: it has his name.
            last = kept[-1].end if kept else 0
            begin = [start for start, end in refused if end == guess.start - 1 and start >= last]
            guess = guess._replace(start=begin[0]) if begin else guess
        over = [each for each in others if each.start < guess.end and guess.start < each.end]
        if any(guess.start > each.start or guess.end < each.end for each in over) or any(
            (guess.start, guess.end) == (each.start, each.end) for each in over
        ):
            continue
        others = [each for each in others if each not in over]
        kept.append(guess)
    return sorted([*kept, *others], key=lambda guess: guess.start)
