"""Stemming of English: lemma, then one spelling, then Snowball's stemmer.

The stemmer alone separates `boycott` from `boycotted` (boycott, boycot), and British from American
spellings. `english_stems.txt` has the spellings, and the words that the lemma list or the stemmer
would merge with another: `media` is no form of `medium`, nor `department` of `depart`.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import Any, NamedTuple

from .lemmas import lemmas
from .patterns import regex
from .word_lists import DATA, Spellings, first_words, read_sections

_ISE = regex(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ations?|able)$)")
_ACRONYMS = regex(r"[b-df-hj-np-tv-xz]{2,}o?s")
"""Plurals of acronyms that the stemmer leaves: MPs, RPGs, NGOs."""

_LOCAL = threading.local()


class _Lexicon(NamedTuple):
    """The words of `english_stems.txt`."""

    words: dict[str, str]
    spellings: Spellings
    ise: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    sections = read_sections(DATA / "english_stems.txt")
    words = first_words(sections["words"])
    words |= {first: first for first in words.values()}
    words |= {line: line for line in sections["words"] if " " not in line}
    ise = frozenset(" ".join(sections["ise"]).split())
    return _Lexicon(words, Spellings(first_words(sections["spellings"])), ise)


def english_stem(word: str) -> str:
    """Return the stem of a term of ASCII letters.

    >>> english_stem("organised"), english_stem("organizations"), english_stem("mps")
    ('organiz', 'organiz', 'mp')
    """
    lexicon = _lexicon()
    if word in lexicon.words:
        return lexicon.words[word]
    if word[-1] == "s" and _ACRONYMS.fullmatch(word):
        return word[:-1]
    known = lemmas()
    lemma = known.get(word)
    if word == f"{lemma}s":
        # The lemma list maps `neighborhoods` to `neighborhood`, and that to `neighbourhood`.
        lemma = known.get(lemma)
    return str(_stemmer().stemWord(_one_spelling(lemma.lower(), lexicon)))


def _one_spelling(word: str, lexicon: _Lexicon) -> str:
    """Return a word in the spelling of American English."""
    word = lexicon.spellings.unify(word)
    ending = _ISE.search(word) if "is" in word else None
    if ending and f"{word[: ending.end()]}e" not in lexicon.ise:
        return f"{word[: ending.start()]}iz{word[ending.end() :]}"
    return word


def _stemmer() -> Any:
    # A stemmer is not safe to share between threads.
    try:
        return _LOCAL.stemmer
    except AttributeError:
        import Stemmer

        _LOCAL.stemmer = Stemmer.Stemmer("english", 0)
        return _LOCAL.stemmer
