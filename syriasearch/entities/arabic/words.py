"""Arabic words: which are parts of names, which are common, and which mark a name.

Everything is compared folded (`text.normalize.fold`). The lists are read when a text in Arabic
script is first met.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ...text.arabic import ARTICLE
from ...text.normalize import APOSTROPHES, LETTERS, MARKS, fold
from ...text.patterns import regex
from ...text.word_lists import read_word_lists
from ..gazetteer import DATA

WordSet = frozenset[str]

_PREFIXES = (
    *("و", "ف", "ب", "ل", "ك", "ال", "وال", "فال", "بال", "وبال", "كال", "لل", "ولل", "وب", "ول"),
    *("وك", "س", "وس", "ي", "ت", "ن", "ا", "وي", "وت", "سي", "ست", "وسي", "وست", "لي", "لت"),
    *("في", "فت", "وا"),
)
_SUFFIXES = (
    *("ها", "هم", "ه", "هما", "نا", "ات", "ين", "ون", "ان", "ا", "ي", "يه", "هن", "ته", "تها"),
    *("تهم", "كم", "وا", "ت", "ن", "ني", "تين", "تان", "ك", "يا", "يين", "يون"),
)
_BY_FIRST = {
    letter: ("", *(prefix for prefix in _PREFIXES if prefix[0] == letter))
    for letter in {prefix[0] for prefix in _PREFIXES}
}
_BY_LAST = {
    letter: ("", *(suffix for suffix in _SUFFIXES if suffix[-1] == letter))
    for letter in {suffix[-1] for suffix in _SUFFIXES}
}
_PARTICLES = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل")
_NO_NAMES = regex("و?على|مني")
_TANWIN = regex("[\u064b-\u064d]")
_ARTICLES = ("ال", "لل")
_PRONOUNS = ("ها", "هم", "هما", "نا", "ته", "تها", "تهم", "كم")
_FORM = regex(
    # Pronouns, the article behind a particle, and patterns of verbs, verbal nouns, participles and
    # plurals; names of other languages hardly have these.
    ".+(?:ها|هم|هما|وا|ء[^ا]|[^اوي]ء)|[وفبك]ال.+|لل.+|است.+|[يت]ست.+|مت...+|مست.+"
    "|ت[^اوي][^اوي]ي[^اوي]|ت[^اوي]ا[^اوي]{2}|ا[^اوي]{2}ا[^اوي]|ا[نلجخت][^اوي]{2}ا[^اوي]"
    "|م[^اوي]{2}و[^اوي]|م[^اوي]ا[^اوي]ي?[^اوي]|.ا[^اوي]ي[^اوي]ات?|[يتن][^اوي]{2,3}|ت[^اوي]و[^اوي]"
    "|[^اوي]{3}ت|[^اوي]{2}يت|.ا[^اوي]{2}ا|[^اوي]{3}ا|[بل]?ا?[^اوي]ت[^اوي]ا[^اوي]"
)
_ENDING = regex(".+(?:نا|ه|ات|ونه?)|.{3,}و")
MIN_STEM = 3
"""Minimum length of the stem of a word with affixes."""
MAX_WORDS = 1 << 16
"""Maximum number of words whose kinds are kept in memory."""


class Kind:
    """What a word may be, as bits; none for a word that is in no list.

    They are plain numbers: an enumeration is five times as slow.
    """

    NAME = 1
    """A part of persons' names that is hardly ever anything else."""
    WEAK = 2
    """A part of persons' names that is a word, too."""
    COMMON = 4
    """A common word."""
    GIVEN = 8
    """A given name that is a word, too."""
    SURE_GIVEN = 8388608
    """A given name that is hardly a word of every day."""
    TITLE = 16
    """A title right before a name."""
    OFFICE = 32
    """The beginning of an office, which has a complement before the name."""
    RELATION = 64
    """A word after which a person is named."""
    ADJECTIVE = 128
    """An adjective between a title or an office and the name: the former."""
    NATION = 256
    """An adjective of a state or a people, with its article."""
    SPEECH = 512
    """A verb of which a person is the subject."""
    LINK = 1024
    """A word within a name that does not end it."""
    KUNYA = 2048
    """The first word of a name like Abu Jandal."""
    SON = 4096
    """A word before the name of a father."""
    ORDINAL = 8192
    """A number after the name of a ruler."""
    SUFFIX = 16384
    """The second half of names like Sayf al-Din."""
    HEAD = 32768
    """A word that begins the name of a body, or precedes it."""
    PLACED = 65536
    """A word before the name of a place."""
    NAMED_AFTER = 524288
    """A word after which a person's name is not the person's."""
    FUNCTION = 1048576
    """A preposition, a conjunction or the like, which is in no name."""
    AMBIGUOUS = 2097152
    """A title that is another word, too."""
    SURNAME = 131072
    """A family name that is a word."""
    FORM = 262144
    """A word in no list that has the form of a common one."""
    ENDING = 4194304
    """A word in no list that has an ending of common ones, and of foreign names."""


CUE = ~(
    Kind.NAME
    | Kind.WEAK
    | Kind.COMMON
    | Kind.GIVEN
    | Kind.SUFFIX
    | Kind.SURNAME
    | Kind.FORM
    | Kind.ENDING
)
"""All kinds of words that mark names."""


class Word(NamedTuple):
    """A word of a text, looked up."""

    kind: int
    """A union of `Kind`, as a plain number."""
    length: int
    """The number of letters and marks of the particles attached to it."""
    bare: str
    """The folded word without particles, with the article that ل has swallowed."""
    written: str = ""
    """The same, as written, without marks."""
    prefix: str = ""
    """The particles."""
    article: bool = False
    """Whether it begins with the article."""


_UNMARKED = str.maketrans("", "", MARKS)
_FOLDED = _UNMARKED | str.maketrans(LETTERS) | str.maketrans("", "", APOSTROPHES)
_SEVERAL = regex("يأة|[\u0653-\u0655]")
"""Letters that are folded together."""


def fold_word(word: str) -> str:
    """Fold a word as `fold` does, several times as fast."""
    return fold(word) if _SEVERAL.search(word) else word.translate(_FOLDED)


def _after(written: str, count: int) -> str:
    """Return a word after its first `count` letters and the marks among them."""
    index = 0
    while count and index < len(written):
        count -= written[index] not in MARKS
        index += 1
    return written[index:]


def affixes(word: str) -> Iterator[tuple[str, str, str]]:
    """Yield each division of a word into a prefix, a stem and a suffix; both may be empty."""
    prefixes = [prefix for prefix in _BY_FIRST.get(word[0], ("",)) if word.startswith(prefix)]
    suffixes = [suffix for suffix in _BY_LAST.get(word[-1], ("",)) if word.endswith(suffix)]
    for prefix in prefixes:
        for suffix in suffixes:
            stem = word[len(prefix) : len(word) - len(suffix)]
            if len(stem) >= MIN_STEM:
                yield prefix, stem, suffix


def _form(word: str) -> int:
    """Return the kind of a word in no list by its form."""
    if _FORM.fullmatch(word):
        return Kind.FORM
    return Kind.ENDING if _ENDING.fullmatch(word) else 0


@cache
def read_cues() -> dict[str, WordSet]:
    """Return the lists of `data/arabic_cues.txt`, folded."""
    lists = read_word_lists(DATA / "arabic_cues.txt")
    return {name: frozenset(map(fold, words)) for name, words in lists.items()}


def read_lines(name: str) -> list[str]:
    """Return the lines of a compressed file of `data/`."""
    return gzip.decompress((DATA / name).read_bytes()).decode().split("\n")


class Lexicon:
    """The kinds of Arabic words."""

    def __init__(self) -> None:
        lines = read_lines("arabic_words.txt.gz")
        self._stems = {line[:-1] for line in lines if line[-1] == "-"}
        kinds = dict.fromkeys((line for line in lines if line[-1] != "-"), Kind.COMMON)
        cues = self.cues = read_cues()
        for part in read_lines("arabic_name_parts.txt.gz"):
            kinds[part.removesuffix("~")] = Kind.WEAK if part[-1] == "~" else Kind.NAME
        for name in cues["given"]:
            sure = 0 if name in cues["abstract"] else Kind.SURE_GIVEN
            kinds[name] = kinds.get(name, 0) & ~Kind.NAME | Kind.WEAK | Kind.GIVEN | sure
        for name in cues["names"]:
            kinds[name] = Kind.NAME
        for lists, kind in _CUES.items():
            for word in frozenset().union(*(cues[name] for name in lists.split())):
                kinds[word] = kinds.get(word, 0) & ~Kind.NAME | kind
        for word in cues["function"]:
            kinds[word] = Kind.FUNCTION | Kind.COMMON
        # The name Ali is the preposition, folded.
        kinds["علي"] = Kind.WEAK | Kind.GIVEN | Kind.SURE_GIVEN
        for word in cues["not_first"]:
            kinds[word] = Kind.WEAK | Kind.COMMON
        for word in cues["words"] | cues["unlisted"]:
            kinds[word] = kinds.get(word, 0) & ~Kind.NAME | Kind.COMMON
        for nation in cues["nationalities"]:
            for word in (f"{ARTICLE}{nation}", f"{ARTICLE}{nation}ه"):
                kinds[word] = kinds.get(word, 0) & ~Kind.NAME | Kind.NATION | Kind.COMMON
            for word in (nation, f"{nation}ه", f"{nation}ا", f"{nation}ين", f"ال{nation}ين"):
                kinds[word] = kinds.get(word, 0) & ~Kind.NAME | Kind.COMMON
        self._kinds = kinds
        self.words: dict[str, Word] = {}
        """The words that were looked up, as written."""

    def look_up(self, written: str) -> Word:
        """Return what is known of a word as written."""
        word = self.words.get(written)
        if word is None:
            if len(self.words) >= MAX_WORDS:
                self.words.clear()
            word = self._look_up(written)
            plain = written.translate(_UNMARKED)
            rest = plain[word.length :]
            if word.length and word.bare.startswith(ARTICLE) and rest.startswith("ل"):
                rest = f"ا{rest}"
            # The particle may have marks of its own: its length is that in the text as written.
            length = len(written) - len(_after(written, word.length))
            article = rest.startswith(ARTICLE) and (
                not word.kind & Kind.NAME or word.bare[2:] in self._kinds
            )
            word = self.words[written] = Word(
                word.kind, length, word.bare, rest, plain[: word.length], article
            )
        return word

    def _look_up(self, written: str) -> Word:
        word = fold_word(written)
        kind = self._kind(word)
        # على (on) and مني (from me) are folded as the names Ali and Muna are.
        folded_alike = _NO_NAMES.fullmatch(written) is not None
        if folded_alike or _TANWIN.search(written):
            return Word(Kind.COMMON, 0, word)
        if kind & ~Kind.COMMON or len(word) < 4:
            return Word(kind or (Kind.COMMON if len(word) < 3 else 0), 0, word)
        found = Word(kind, 0, word)
        for particle in _PARTICLES:
            if not word.startswith(particle):
                continue
            bare = word[len(particle) :]
            if len(bare) < 2:
                continue
            if particle[-1] == "ل" and bare[0] == "ل" and len(bare) > 3:
                bare = f"ا{bare}"
            other = self._kind(bare)
            if other & Kind.NAME and len(bare) < 4 and particle[-1] != "و" and not kind:
                # A short name is rather the end of a longer one.
                continue
            attached = bare.startswith(ARTICLE) and other
            if attached or other & CUE or (other & (Kind.NAME | Kind.WEAK) and not kind):
                return Word(other, len(particle), bare)
            if other and not kind:
                found = Word(other, len(particle), bare)
                kind = other
        if not kind and word.startswith(ARTICLE) and self._kind(word[2:]) == Kind.NAME:
            # The family name of somebody else without the article.
            return Word(0, 0, word)
        if not kind and self._is_inflected(word):
            return Word((Kind.COMMON | Kind.FORM), 0, word)
        if not kind and word[0] == "و" and len(word) > 4:
            # It is a name after and, rather than one that begins so.
            return Word(_form(word[1:]), 1, word[1:])
        if not kind:
            return Word(_form(word), 0, word)
        return found

    def _is_inflected(self, word: str) -> bool:
        """Return whether a word is a common one with affixes."""
        return any(
            stem in self._stems
            and (len(stem) > MIN_STEM or prefix.endswith(_ARTICLES) or suffix in _PRONOUNS)
            for prefix, stem, suffix in affixes(word)
        )

    def _kind(self, word: str) -> int:
        kind = self._kinds.get(word, 0)
        if kind & ~Kind.COMMON:
            return kind
        if word.startswith("عبدال") and len(word) > 6:
            return kind | Kind.NAME
        if word[:1] in ("ي", "ت") and word[1:] in self.cues["saying"]:
            return kind | Kind.SPEECH | Kind.COMMON
        if word[:2] in ("سي", "ست") and word[2:] in self.cues["saying"]:
            return kind | Kind.SPEECH | Kind.COMMON
        return kind


_CUES = {
    "titles bare_titles": Kind.TITLE,
    "offices": Kind.OFFICE,
    "relations": Kind.RELATION,
    "former": Kind.ADJECTIVE,
    "speech": Kind.SPEECH,
    "links": Kind.LINK,
    "kunya": Kind.KUNYA,
    "sons": Kind.SON,
    "ordinals": Kind.ORDINAL,
    "suffixes": Kind.SUFFIX,
    "surnames": Kind.SURNAME,
    "ambiguous_titles": Kind.AMBIGUOUS,
    "named_after": Kind.NAMED_AFTER,
    "bodies plain_bodies states armed labels": Kind.HEAD,
    "settlements sites": Kind.PLACED,
}


@cache
def lexicon() -> Lexicon:
    """Return the lexicon."""
    return Lexicon()
