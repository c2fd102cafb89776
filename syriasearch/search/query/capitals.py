"""Names with a capital: what lifts the articles that have a word of the query as a name.

A name of one word is found by its mentions and by the word in any case. If it was typed with a
capital, and articles have it in small letters too, its mentions count more: an article on turkeys
comes after those on Turkey.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...text.stopwords import is_stop_word
from .clauses import Clause, Disjunction, Mentions, Terms
from .lexicon import Lexicon

MAX_CLAUSES = 3
"""The maximum number of clauses: a longer query may be a headline, with capitals on all words."""
NAME_WEIGHT = 2.0
"""The weight of the mentions of a name with a capital, compared with the word in any case."""


def names_with_capitals(clauses: Sequence[Clause], lexicon: Lexicon) -> Iterator[Clause]:
    """Yield a clause for each name with a capital that is a common noun in the archive too.

    A query in small letters, or all in capitals, tells nothing.
    """
    for clause in clauses if len(clauses) <= MAX_CLAUSES else ():
        node, label = clause.node, clause.label
        if clause.negated or clause.field or is_stop_word(label.lower()):
            continue
        if not (label.isalpha() and label.istitle()):
            continue
        match node:
            case Disjunction((Mentions() as mentions, Terms())) if lexicon.has_small(label.lower()):
                weight = NAME_WEIGHT * clause.weight
                yield Clause(label, mentions, optional=True, weight=weight, bonus=True)
