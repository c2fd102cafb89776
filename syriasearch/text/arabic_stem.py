"""Light stemming of Arabic: a word without its particles, article, pronouns and endings.

Removed are, in this order:

a. the particles و ف ب ك ل and the article, also as لل; the س of the future. Without an article
   after it, ك and ف are particles only before a letter that does not follow them in a root;
b. pronouns (ها هم ه …);
c. an ending: the feminine, dual and plural ones (ه ت ات تين ين ون), وا of verbs, the alef of the
   accusative, and the ي or و of the construct plural in words with م (مقاتلي, مقاتلو).

The ي of adjectives stays: سوري, سورية, سوريون and سوريات are one class, and سور is another. Letters
alone do not tell و the particle from the و of وزير, or the ات of غارات from that of عرفات:
`arabic_stems.txt` lists words that only seem to have an affix. It also lists irregular plurals, and
words that are spelt in several ways (أمريكي, أميركي).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from .normalize import fold
from .patterns import regex
from .word_lists import DATA, Spellings, first_words, read_sections

_ARTICLE = regex(r"(?:[وف]?[بك]?ال|[وف]?لل)(?=\w{3})")
_NEVER_FOLLOWING = {"ك": "قجغخم", "ف": "م"}
"""Letters that begin no root with the letter before them, which is a particle if they follow."""
_PRONOUNS = ("ها", "هم", "هن")
_FIRST_LETTERS = frozenset("اوفبكلس")
"""The first letters of the article and of particles."""
_LAST_LETTERS = frozenset("اتمنهيو")
"""The last letters of pronouns and endings."""


class _Lexicon(NamedTuple):
    """The words of `arabic_stems.txt`, folded."""

    beginnings: frozenset[str]
    """Words without their endings."""
    whole: frozenset[str]
    forms: dict[str, str]
    spellings: Spellings


@cache
def _lexicon() -> _Lexicon:
    # Folded here, as the words of a text are: the file may have any hamza.
    sections = {
        name: [fold(line) for line in lines]
        for name, lines in read_sections(DATA / "arabic_stems.txt").items()
    }
    forms, spellings = first_words(sections["forms"]), Spellings(first_words(sections["spellings"]))
    whole = frozenset(" ".join(sections["whole"]).split())
    known = [*" ".join(sections["beginnings"]).split(), *forms.values()]
    beginnings = {_without_ending(word, whole) for word in known}
    return _Lexicon(frozenset(beginnings), whole, forms, spellings)


def arabic_stem(word: str) -> str:
    """Return the stem of a folded Arabic term; at least two letters are left.

    >>> arabic_stem("والغارات"), arabic_stem("غاره"), arabic_stem("للجنه"), arabic_stem("لجان")
    ('غار', 'غار', 'لجن', 'لجان')
    """
    lexicon = _lexicon()
    word = _without_particles(word, lexicon)
    word = lexicon.forms.get(word, word)
    word = _without_ending(word, lexicon.whole)
    word = lexicon.forms.get(word, word)
    return lexicon.spellings.unify(word)


def _without_particles(word: str, lexicon: _Lexicon) -> str:
    """Return a term without the article and particles, with at least three letters."""
    first, rest = word[0], word[1:]
    if first not in _FIRST_LETTERS or len(rest) < 3 or _has_no_particle(word, lexicon):
        return word
    article = _ARTICLE.match(word)
    if article:
        rest = word[article.end() :]
        # The article is left out before ل: للجنة is ل with اللجنة.
        with_lam = f"ل{rest}"
        if article[0][-2:] == "لل" and _has_no_particle(with_lam, lexicon):
            return with_lam
        return rest
    if first == "و":
        return rest if rest[0] == "و" else _without_particles(rest, lexicon)
    if first in "بل":
        return rest
    if len(rest) > 3 and (
        (first == "س" and rest[0] in "يت") or rest[0] in _NEVER_FOLLOWING.get(first, "")
    ):
        return rest
    return word


def _has_no_particle(word: str, lexicon: _Lexicon) -> bool:
    return (
        word in lexicon.whole
        or word in lexicon.forms
        or _without_ending(word, lexicon.whole) in lexicon.beginnings
    )


def _without_ending(word: str, whole: frozenset[str]) -> str:
    """Return a term without a pronoun and an ending."""
    if word in whole or word[-1] not in _LAST_LETTERS:
        return word
    bare = _without_pronoun(word)
    last, length = bare[-1], len(bare)
    if length < 4 or last not in _LAST_LETTERS or bare in whole:
        return bare
    before = bare[-2]
    if last == "ت":
        if before == "ا":
            return bare[:-2] if length >= 5 else bare
        # The ه of the feminine is ت before a pronoun.
        return bare[:-1] if bare != word or (length >= 5 and before not in "وي") else bare
    if last == "ا":
        if before == "و" and length >= 5:
            return bare[:-2]
        return bare[:-1] if length >= 5 else bare
    if length < 6:
        return bare
    if last == "ن":
        if bare.endswith(("تين", "تان")) and not bare.endswith("ستان"):
            return bare[:-3]
        return bare[:-2] if before in "يو" else bare
    return bare[:-1] if last in "يو" and bare[0] == "م" else bare


def _without_pronoun(word: str) -> str:
    """Return a term without a pronoun or the ه of the feminine, with at least three letters."""
    length = len(word)
    if length >= 5 and word.endswith(_PRONOUNS):
        return word[:-2]
    if length >= 6 and word.endswith(("هما", "نا")):
        return word[: -3 if word[-2] == "م" else -2]
    return word[:-1] if length >= 4 and word[-1] == "ه" else word
