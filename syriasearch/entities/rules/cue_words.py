"""Cue words: words that mark a name in an English text, and the type of its entity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from ...text.user_cache import Sections, cached
from ...text.word_lists import LongList, read_word_lists
from ..gazetteer import DATA, demonyms

WordSet = frozenset[str]


@dataclass(frozen=True, eq=False, repr=False)
class CueWords:
    """The lists of `data/cue_words.txt`, which explains them."""

    bodies: WordSet
    armed: WordSet
    led: WordSet
    sites: WordSet
    placed: WordSet
    troops: WordSet
    romance: WordSet
    settlements: WordSet
    titles: WordSet
    namelike_titles: WordSet
    ranks: WordSet
    particles: WordSet
    not_names: WordSet
    not_persons: WordSet
    small: WordSet
    speech: WordSet
    not_acronyms: WordSet
    abbreviations: WordSet
    honorifics: WordSet
    roles: WordSet
    kinds: WordSet
    armed_kinds: WordSet
    holdings: WordSet
    directions: WordSet
    plural_owners: WordSet
    legal_suffixes: WordSet
    legal_forms: WordSet

    @cached_property
    def heads(self) -> WordSet:
        """Words that end the names of organizations and places."""
        return self.bodies | self.sites

    @cached_property
    def demonyms(self) -> WordSet:
        """Words for peoples."""
        return frozenset(demonym.lower() for demonym in demonyms()) | {"arab", "arabs", "european"}

    @cached_property
    def nobody(self) -> WordSet:
        """All words that are not part of a person's name."""
        return self.not_names | self.demonyms | self.not_persons

    @cached_property
    def offices_and_bodies(self) -> WordSet:
        """Words that may begin a name although they are common words."""
        return self.bodies | self.titles | self.ranks

    @cached_property
    def company_endings(self) -> WordSet:
        """Words at the end of a company's name that its short form leaves out."""
        return self.legal_forms | self.legal_suffixes

    @cached_property
    def never_first(self) -> WordSet:
        """Words that do not begin a name."""
        return self.not_names | {"the", "a", "an"}


@cache
def cue_words() -> CueWords:
    """Return the cue words."""
    lists = read_word_lists(DATA / "cue_words.txt")
    return CueWords(**{name: frozenset(words) for name, words in lists.items()})


@cache
def name_parts() -> LongList:
    """Return the words that are parts of persons' names: Latin, in lower case, without accents.

    `tools/words.py` makes this list and that of common words.
    """
    packed = (DATA / "name_parts.txt.gz").read_bytes()

    def group() -> Sections:
        import gzip

        words = gzip.decompress(packed).decode().split("\n")
        return {"words": LongList.group_words(words)}

    sources = ("entities/rules/cue_words.py", "text/word_lists.py")
    return LongList(cached("name-parts", packed, group, sources=sources)["words"])


@cache
def common_words() -> WordSet:
    """Return the words that are more often in lower case than capitalized."""
    return frozenset((DATA / "common_words.txt").read_text(encoding="utf-8").split())
