"""Forms of a name of one word in an archive: with its article, its particles, in both scripts."""

from __future__ import annotations

from math import ceil

from ...entities.names.name_lookup import NamedEntity
from ...entities.names.readings import attached
from ...text.arabic import has_article, name_stem, without_article
from .lexicon import Lexicon

MAX_OTHERS = 2.0
"""The maximum number of occurrences of a name in the other script, per mention of its entity."""


def literal_forms(
    lexicon: Lexicon, word: str, entities: tuple[NamedEntity, ...]
) -> tuple[str, ...]:
    """Return the words that are a name of one word, as it is written, in both scripts.

    That in the other script is left out if the archive has it far more often than the entities: a
    name may be a common noun there.
    """
    literals = dict.fromkeys((word, *_name_forms(lexicon, word)))
    for key, _ in attached(word):
        if any(entity in lexicon.entities(key) for entity in entities):
            word = key
            literals |= dict.fromkeys(_name_forms(lexicon, key))
    for other in lexicon.in_other_script(word, entities):
        forms = _name_forms(lexicon, other)
        least = ceil(sum(lexicon.words.counts(forms).values()) / MAX_OTHERS)
        if sum(lexicon.mentions(entity.id, least) for entity in entities) >= least:
            literals |= dict.fromkeys(forms)
    return tuple(literals)


def _name_forms(lexicon: Lexicon, word: str) -> list[str]:
    """Return the archive's words that are a name of one word, with what is attached to it."""
    key, article = name_stem(word), has_article(word)
    return [
        form
        for form in lexicon.word_class(without_article(word))
        if name_stem(form) == key and (has_article(form) or not article)
    ]
