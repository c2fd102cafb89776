"""What a review of the gazetteer's matches in a text finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...models.entity import Entity
from ..matcher import Found, Name
from ..rules.rule_finder import Guess
from ..spans import Spans

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
    refused, others = Spans(review.refused), review.others
    spelt = Spans((each.start, each.end) for each in guesses if each.rule == "spellings")
    spellings = [each for each in guesses if each.rule == "spellings"]
    places = Spans((each.start, each.end) for each in others)
    left = {
        number: each
        for number, each in enumerate(others)
        if not any(
            spellings[one].start <= each.start and each.end <= spellings[one].end
            for one in spelt.overlapping(each.start, each.end)
        )
    }
    ends: dict[int, list[int]] = {}
    for start, end in review.refused:
        ends.setdefault(end, []).append(start)
    kept: list[Guess] = []
    for guess in guesses:
        if any(
            guess.type == "person" or (guess.start >= start and guess.end <= end)
            for start, end in map(
                review.refused.__getitem__, refused.overlapping(guess.start, guess.end)
            )
        ):
            continue
        if guess.type != "person":
            # The airport is that of Rafik Hariri: it has his name.
            last = kept[-1].end if kept else 0
            begin = [start for start in ends.get(guess.start - 1, ()) if start >= last]
            guess = guess._replace(start=begin[0]) if begin else guess
        over = [each for each in places.overlapping(guess.start, guess.end) if each in left]
        if any(
            guess.start > left[each].start or guess.end < left[each].end for each in over
        ) or any(guess[:2] == left[each][:2] for each in over):
            continue
        for each in over:
            del left[each]
        kept.append(guess)
    return sorted([*kept, *left.values()], key=lambda guess: guess.start)
