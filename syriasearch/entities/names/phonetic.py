"""Phonetic keys of names, in Latin and Arabic script.

A name has a **form**, its transcription to sounds, and a **skeleton**, its consonants in nine
classes. Skeletons are the same for both scripts, so that a name typed in one can be looked up among
names written in the other. Forms are comparable (`latinized_tokens`), but those of Arabic names
lack the short vowels, which Arabic does not write.

The form of a name is made in these steps:

1. `tokenize.terms` folds it and splits it into words;
2. words that are not part of the name are dropped: the article (al-, el-, ash-, ال; also where it
   is attached to a word), bin and ibn; parts that are written either together or apart are joined:
   Abd al-Rahman, Abu Bakr, Nasr Allah, Badr al-Din;
3. several letters for one sound become one letter, also letters of Arabic script, with
   capitals for sounds without a Latin letter: X (kh, خ), G (gh, غ), D (dh, ذ), T (th, ث), S (sh,
   ش), and C for ch, which is a different sound each in English, French and German;
4. double letters become single, and a final h after a vowel is dropped (Hamah, Hama).

An archive stores the forms and skeletons of its aliases in `alias_keys`: those of the whole name,
of its first and last word if it has others between them, and of a person's last word.

The letters and digraphs are those of the transcriptions that GeoNames, the US Treasury's list and
Wikidata's name parts write for one Arabic name: BGN/PCGN, French, German and Turkish ones. They are
in `data/phonetic.txt`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from ...text.arabic import (
    ARTICLE,
    LATIN_ARTICLES,
    has_arabic,
    is_article,
    name_key,
    without_article,
)
from ...text.patterns import regex
from ...text.tokenize import terms
from ...text.word_lists import read_word_lists
from .readings import given_first

DATA = Path(__file__).parent / "data"
VOWELS = frozenset("aeiou")

MAX_TOKENS = 8
"""Maximum number of words of a name; further words are ignored."""
MAX_TOKEN = 24
"""Maximum length of a word in letters; further letters are ignored."""

INSERT_KEY = "INSERT INTO alias_keys (alias_id, skeleton, form, part) VALUES (?, ?, ?, ?)"

WHOLE, ENDS, LAST = "whole", "ends", "last"
"""The part of a name that a key is for: all of it, its first and last word, a person's last."""

_SILENT = regex(r"[^a-zA-Z0-9]+")
_SOFT_C = regex("c(?=[eiy])")
_DOUBLE = regex(r"(.)\1+")
_FINAL_H = regex(r"(?<=[aeiou])h$")
_SERVANT = regex(r"^abd(?:[aeiou]+(?:l(?!ah?$)|([rsztdnS])(?=\1))?)?(?=..)")
_FAITH = regex(r"(?<=..)[aeiou]{1,20}(?:l|d(?=d))?d{1,20}ine?$")
_LATIN_ARTICLE = regex(r"^(?:al|el)(?=[^aeiouyl]\w{3})")


class _Classes(dict[int, str]):
    """The classes for `str.translate`: digits are kept, and other characters dropped."""

    def __missing__(self, code: int) -> str:
        self[code] = found = chr(code) if chr(code).isdigit() else ""
        return found


class _Tables:
    """The sounds and words of `data/phonetic.txt`, which explains them."""

    def __init__(self) -> None:
        lists = read_word_lists(DATA / "phonetic.txt")
        pairs = {
            name: dict(word.split("=") for word in words)
            for name, words in lists.items()
            if "=" in words[0]
        }
        self.marked = str.maketrans(pairs["marked"])
        self.unfolded = str.maketrans(pairs["unfolded"])
        self.sounds = pairs["sounds"]
        self.sound = regex("|".join(sorted(self.sounds, key=len, reverse=True)))
        self.letters = str.maketrans(pairs["letters"])
        self.classes = _Classes(str.maketrans(pairs["classes"]))
        self.alphabet = "".join(dict.fromkeys(pairs["classes"].values()))
        self.articles = LATIN_ARTICLES | pairs["articles"]
        self.kin = frozenset(lists["kin"])
        self.places = frozenset(lists["places"])
        self.abbreviations = pairs["abbreviations"]
        self.prefixes = frozenset(lists["prefixes"])
        self.suffixes = pairs["suffixes"]
        self.joining = frozenset(
            (*self.articles, *self.places, *self.kin, *self.prefixes, *self.suffixes)
        )
        """The words in which a name is more than its words one by one."""


_tables = cache(_Tables)


class PhoneticKey(NamedTuple):
    """A phonetic key of a name."""

    skeleton: str
    """The classes of the consonants, without spaces."""
    form: str
    """The form, its words separated by spaces."""
    part: str
    """The part of the name: WHOLE, ENDS or LAST."""


@lru_cache(maxsize=4096)
def phonetic_form(name: str) -> str:
    """Return the form of a name: Latin words as sounds, Arabic ones still in Arabic letters.

    >>> phonetic_form("Abd al-Rahman al-Dschaafari"), phonetic_form("عبد الرحمن الجعفري")
    ('abdrahman jafari', 'عبدرحمن جعفري')
    """
    return " ".join(_tokens(name))


def _tokens(name: str) -> list[str]:
    """Return the words of the form of a name."""
    written = name.lower()
    if not written.isascii():
        written = written.translate(_tables().marked)
    words = _joined([word[:MAX_TOKEN] for word in terms(written)[: 2 * MAX_TOKENS]])
    if written.isascii():
        return [*filter(None, map(_latin, words))][:MAX_TOKENS]
    forms = (_arabic(word) if has_arabic(word) else _latin(word) for word in words)
    return [*filter(None, forms)][:MAX_TOKENS]


@lru_cache(maxsize=4096)
def latinized_tokens(form: str) -> tuple[str, ...]:
    """Return the words of a form as sounds, including those in Arabic script.

    >>> latinized_tokens("abdrahman jafari"), latinized_tokens("عبدرحمن جعفري")
    (('abdrahman', 'jafari'), ('bdrhmn', 'jfry'))
    """
    words = form.split()
    return tuple(filter(None, map(_heard, words) if has_arabic(form) else words))


def consonant_skeleton(form: str) -> str:
    """Return the skeleton of a form in Latin letters: its consonants' classes, and its digits.

    >>> consonant_skeleton("jafari"), consonant_skeleton("jfry")
    ('SFR', 'SFR')
    """
    return form.translate(_tables().classes)


def is_prefix(word: str) -> bool:
    """Return whether a term is joined to the next one, as servant and father are."""
    return word in _tables().prefixes


def is_kin(word: str) -> bool:
    """Return whether a term is a word for son or daughter, which forms lack."""
    return word in _tables().kin


def name_keys(name: str, *, person: bool = False) -> list[PhoneticKey]:
    """Return the phonetic keys of a name: none for parts without a consonant or digit.

    They are those of the whole name, of the first and last of three words or more, and of a
    person's last word.

    >>> [key.skeleton for key in name_keys("Fahd Jassem al-Freij", person=True)]
    ['FTSSMFRS', 'FTFRS', 'FRS']
    """
    tokens = _tokens(given_first(name) if person and "," in name else name)
    found = [_key(tokens, WHOLE)]
    if len(tokens) > 2:
        found.append(_key([tokens[0], tokens[-1]], ENDS))
    if person and len(tokens) > 1:
        found.append(_key(tokens[-1:], LAST))
    return [key for key in found if key.skeleton]


def _key(tokens: Sequence[str], part: str) -> PhoneticKey:
    """Return the key of some words of a form."""
    form = " ".join(tokens)
    if form.isascii():
        return PhoneticKey("".join(map(_word_skeleton, tokens)), form, part)
    return PhoneticKey(consonant_skeleton("".join(latinized_tokens(form))), form, part)


@lru_cache(maxsize=1 << 14)
def _word_skeleton(word: str) -> str:
    """Return the skeleton of a word in Latin letters; names have most words in common."""
    return consonant_skeleton(word)


def near_skeletons(skeleton: str) -> list[str]:
    """Return the skeletons that differ by one consonant, added, dropped or replaced; sorted.

    A skeleton of one or two consonants would have too many, so the result is empty.
    """
    if len(skeleton) < 3:
        return []
    letters = _tables().alphabet
    near = {
        skeleton[:index] + letter + skeleton[index + dropped :]
        for index in range(len(skeleton) + 1)
        for letter, dropped in (("", 1), *((letter, n) for letter in letters for n in (0, 1)))
    }
    return sorted(near - {skeleton})


def _joined(words: Sequence[str]) -> Iterable[str]:
    """Return the words of a name, parts that belong together joined, without articles and kin."""
    tables = _tables()
    if tables.joining.isdisjoint(words):
        return words
    kept = [
        word
        for number, (word, following) in enumerate(zip(words, [*words[1:], ""], strict=False))
        if not following
        or not (
            is_article(word, following, tables.articles)
            or word in tables.places
            or (number and word in tables.kin)
        )
    ]
    found: list[str] = []
    number = 0
    while number < len(kept):
        word, number = kept[number], number + 1
        if word in tables.prefixes and number < len(kept):
            word, number = f"{word}-{kept[number].removeprefix(ARTICLE)}", number + 1
        if number < len(kept) and kept[number] in tables.suffixes and len(word) > 1:
            word, number = f"{word}-{tables.suffixes[kept[number]]}", number + 1
        found.append(word)
    return found


@lru_cache(maxsize=1 << 14)
def _latin(word: str) -> str:
    tables = _tables()
    word = tables.abbreviations.get(word, word).translate(tables.unfolded)
    sounds = tables.sound.sub(lambda match: tables.sounds[match[0]], word)
    sounds = _SILENT.sub("", _SOFT_C.sub("s", sounds).replace("c", "k"))
    sounds = _FAITH.sub("din", _SERVANT.sub("abd", _LATIN_ARTICLE.sub("", sounds)))
    return _FINAL_H.sub("", _DOUBLE.sub(r"\1", sounds))


def _arabic(word: str) -> str:
    return without_article(word.replace("-", ""))


def _heard(word: str) -> str:
    """Return the sounds of an Arabic word of a form."""
    sounds = _SILENT.sub("", word.translate(_tables().letters))
    if len(sounds) > 2 and sounds.endswith("h"):
        sounds = sounds[:-1] + "a"
    return _DOUBLE.sub(r"\1", sounds)


def rewrite_keys(connection: sqlite3.Connection) -> None:
    """Write the lookup keys and the phonetic keys of all aliases again."""
    aliases = connection.execute("SELECT id, alias, key FROM aliases").fetchall()
    keys = ((name_key(alias), number, key) for number, alias, key in aliases)
    connection.executemany(
        "UPDATE aliases SET key = ? WHERE id = ?",
        [(new, number) for new, number, key in keys if new != key],
    )
    connection.execute("DELETE FROM alias_keys")
    write_alias_keys(connection)


def write_alias_keys(connection: sqlite3.Connection, entity_id: int | None = None) -> None:
    """Write the missing phonetic keys of the aliases of one entity, by id, or of all."""
    rows = connection.execute(
        "SELECT aliases.id, alias, type FROM aliases JOIN entities ON entities.id = entity_id"
        f" WHERE {'? IS NULL' if entity_id is None else 'entity_id = ?'}"
        " AND NOT EXISTS (SELECT 1 FROM alias_keys WHERE alias_id = aliases.id)",
        (entity_id,),
    ).fetchall()
    connection.executemany(
        INSERT_KEY,
        (
            (alias_id, *key)
            for alias_id, alias, entity_type in rows
            for key in name_keys(alias, person=entity_type == "person")
        ),
    )
