"""Words side by side: what lifts the articles that have the words of a query as they were typed.

Words in a row are also asked for as a phrase, stop words included. The phrase adds to the score of
an article and finds none by itself. It weighs as much as all its words. Runs of common words are
left out: they distinguish little, and FTS5 would read long lists of positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ...text.tokenize import terms
from .capitals import names_with_capitals
from .clauses import Clause, TermSequence
from .lexicon import Lexicon
from .syntax import Item, Word

MAX_RAREST = 5_000
"""The maximum number of occurrences, in all articles, of the rarest word of a phrase."""
MAX_READ = 250_000
"""The maximum number of occurrences of all its words, read in about a millisecond."""
MAX_TERMS = 20
"""The maximum number of terms in a phrase."""


def bonuses(
    items: Iterable[Item], clauses: Sequence[Clause], lexicon: Lexicon
) -> tuple[Clause, ...]:
    """Return what only adds to scores: runs of words that are rare enough, names with a capital.

    A run that is one of the clauses already, as a name is, gets no other: each spelling of a name
    counts the same.
    """
    labels = {clause.label for clause in clauses}
    phrases = _phrases(items, lexicon) if len(clauses) > 1 else ()
    return (
        *(each for each in phrases if each.label not in labels),
        *names_with_capitals(clauses, lexicon),
    )


def _phrases(items: Iterable[Item], lexicon: Lexicon) -> Iterator[Clause]:
    for are_words, group in groupby(items, lambda item: isinstance(item, Word)):
        words = [item.text for item in group if isinstance(item, Word)]
        label = " ".join(words)
        sequence = tuple(terms(label)) if are_words and len(words) > 1 else ()
        if 1 < len(sequence) <= MAX_TERMS and _is_rare(sequence, lexicon):
            node, weight = TermSequence(sequence), float(len(sequence))
            yield Clause(label, node, optional=True, weight=weight, bonus=True)


def _is_rare(sequence: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether an archive may have a phrase, and has not too many of its words."""
    counts = lexicon.words.counts(dict.fromkeys(sequence))
    return (
        len(counts) == len(set(sequence))
        and min(counts.values()) <= MAX_RAREST
        and sum(counts.values()) <= MAX_READ
    )
