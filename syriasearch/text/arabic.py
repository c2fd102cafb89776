"""Arabic script, and the articles and particles of Arabic names in both scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .patterns import regex
from .tokenize import terms

ARTICLE = "ال"
"""The Arabic article, written as part of the word. It loses its alef after the particle ل."""
PARTICLES = ("و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فل")
"""Arabic particles (and, so, in, as, for) that are written as part of the next word."""
MAX_AFFIXES = 4
"""Maximum number of letters of the article and particles that are attached to a word."""
LATIN_ARTICLES = {
    **dict.fromkeys(("al", "el", "ul"), ""),
    "ad": "d",
    "an": "n",
    "ar": "r",
    "as": "s",
    "ash": "sh",
    "at": "t",
    "az": "z",
}
"""Transcriptions of the article, each with the letters with which the next word must begin: none,
or those to which the article is assimilated."""
HAMZA = "’‘'ʿ"
"""Signs for hamza and ayn that may begin the word after a transcribed article."""

_LATIN = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئ",
        "a b t th j 7 kh d dh r z s sh 9 9h 6 6h 3 gh f q k l m n h w y 2 2w 2y".split(),
        strict=True,
    )
)
"""Letters as they are written in messages without an Arabic keyboard: each has its own."""

_SEATS = str.maketrans("ؤئ", "\ue000\ue001")
"""Letters that are folded as one, and the characters that represent each in a slug's words."""
_LATIN |= {"\ue000": _LATIN["ؤ"], "\ue001": _LATIN["ئ"]}

_ARABIC_LETTER = regex("[\u0620-\u064a\u066e-\u06d3]")
_AFFIXES = regex(r"^[وف]?[بكل]?(?:ال|لل)?(?=\w{3})")
_ARTICLE_AND_PARTICLES = regex(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=\w{3})")
_COMPOUND = regex(r"(عبد(?=ال)|ابو(?=...))(.{3,})")
_SPACED_COMPOUND = regex(r"(?<!\S)(عبد(?= ال)|ابو(?= ...)) ")
"""Patterns of Abd and Abu, which are written with a space before the rest of a name or without."""
_LIKE_ARTICLE = ("والد", "والي", "الله", "بالغ")
"""Beginnings of words that only seem to be an article: father, governor, God, reaching."""


def has_arabic(text: str) -> bool:
    """Return whether a text contains a letter in Arabic script."""
    return not text.isascii() and _ARABIC_LETTER.search(text) is not None


def arabic_slug(name: str) -> str:
    """Return a slug of a name in Arabic script, in which other names are other slugs.

    >>> arabic_slug("أحمد علي"), arabic_slug("حمد على"), arabic_slug("عبدالله")
    ('a7md-3ly', '7md-3ly', '3bd-allh')
    """
    seated = terms(name.translate(_SEATS))
    words = ("".join(_LATIN.get(letter, "") for letter in word) for word in _apart(seated))
    return "-".join(filter(None, words))


def is_article(word: str, following: str, articles: Mapping[str, str] = LATIN_ARTICLES) -> bool:
    """Return whether a term is a transcription of the article before a following term."""
    return word in articles and following.startswith(articles[word])


def without_articles(words: Iterable[str]) -> list[str]:
    """Drop Latin transcriptions of the Arabic article that are followed by another term.

    `al`, `el` and `ul` are dropped before any term, assimilated forms only before their letter.

    >>> without_articles(["bashar", "al", "jaafari"]), without_articles(["as", "we", "al"])
    (['bashar', 'jaafari'], ['as', 'we', 'al'])
    """
    words = list(words)
    pairs = zip(words, [*words[1:], ""], strict=False)
    return [word for word, following in pairs if not (following and is_article(word, following))]


def without_article(word: str) -> str:
    """Return a term without an Arabic article, if at least three letters are left."""
    return word[2:] if len(word) >= 5 and word.startswith(ARTICLE) else word


def has_article(word: str) -> bool:
    """Return whether a term in Arabic script has an article, perhaps after particles."""
    return word != without_article_and_particles(word)


def without_article_and_particles(word: str) -> str:
    """Return an Arabic term without its article and the particles before that, if it has one.

    At least three letters are left.
    """
    return word if word.startswith(_LIKE_ARTICLE) else _ARTICLE_AND_PARTICLES.sub("", word)


def with_particles(name: str) -> dict[str, int]:
    """Return the forms of an Arabic name with a particle before it, and the particle's length."""
    forms = {particle + name: len(particle) for particle in PARTICLES}
    if name.startswith(ARTICLE):
        # The article loses its alef after ل: للمعارضة.
        forms |= {f"{also}لل{name[2:]}": len(also) + 1 for also in ("", "و", "ف")}
    return forms


def name_stem(word: str) -> str:
    """Return a term of a name without the affixes that are written as part of the word.

    An Arabic term loses its article and particles, a Latin one the s of a possessive whose
    apostrophe was lost.

    >>> name_stem("والجعفري"), name_stem("assads")
    ('جعفري', 'assad')
    """
    return _AFFIXES.sub("", word) if has_arabic(word) else word.removesuffix("s")


def name_key(name: str) -> str:
    """Return a name's lookup key: folded terms without articles, joined by spaces.

    >>> name_key("al-Ja’afari"), name_key("Jaafari"), name_key("عبدالفتاح السيسي")
    ('jaafari', 'jaafari', 'عبد فتاح سيسي')
    """
    words: Iterable[str] = terms(name)
    if not name.isascii():
        words = _apart(words)
    return " ".join(map(without_article, without_articles(words)))


def _apart(words: Iterable[str]) -> Iterator[str]:
    """Yield terms, with Abd and Abu as terms of their own where Arabic writes them as one."""
    for word in words:
        compound = _COMPOUND.match(word)
        if compound:
            yield compound[1]
            yield compound[2]
        else:
            yield word


def in_one_word(key: str) -> str:
    """Return a folded Arabic name with Abd and Abu written as one word with what follows.

    >>> in_one_word("عبد الفتاح السيسي"), in_one_word("ابو بكر البغدادي")
    ('عبدالفتاح السيسي', 'ابوبكر البغدادي')
    """
    return _SPACED_COMPOUND.sub(r"\1", key)
