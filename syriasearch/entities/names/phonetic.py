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
3. several letters for one sound become one letter (`SOUNDS`; for Arabic letters `LETTERS`), with
   capitals for sounds without a Latin letter: X (kh, خ), G (gh, غ), D (dh, ذ), T (th, ث), S (sh,
   ش), and C for ch, which is a different sound each in English, French and German;
4. double letters become single, and a final h after a vowel is dropped (Hamah, Hama).

An archive stores the forms and skeletons of its aliases in `alias_keys`: those of the whole name,
of its first and last word if it has others between them, and of a person's last word.

The letters and digraphs are those of the transcriptions that GeoNames, the US Treasury's list and
Wikidata's name parts write for one Arabic name: BGN/PCGN, French, German and Turkish ones.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ...text.arabic import has_arabic
from ...text.tokenize import terms

SOUNDS = (
    ("dsch dzh dj dg dz", "j"),
    ("tsch tch", "C"),
    ("sch sh", "S"),
    ("ch", "C"),
    ("kh", "X"),
    ("gh", "G"),
    ("zh", "j"),
    ("dh", "D"),
    ("th", "T"),
    ("ph", "f"),
    ("ck", "k"),
    ("tz ts", "s"),
    ("ou oo", "u"),
    ("ee", "i"),
    ("x", "ks"),
)
"""Letters that write one sound in Latin script, with that sound; the longer ones first."""

LETTERS = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويئؤءپچژگڤڈڕڵێۆەھہےں",
        "abtTjhXdDrzsSsdtz-Gfqklmnhwyy--pCjgvdrlywahhyn",
        strict=True,
    )
)
"""The sounds of folded letters of Arabic script; ayn and hamza have none."""

_WRITTEN = str.maketrans({"ç": "ch", "č": "ch", "š": "sh", "ž": "zh", "ğ": "gh"})
"""Latin letters with marks that folding would remove, with their sounds."""
_SPECIAL = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "e", "ə": "e"})
"""Latin letters that folding leaves unchanged, with their sounds."""
_SILENT = re.compile(r"[^a-zA-Z0-9]+")

CLASSES = {
    **dict.fromkeys("bp", "P"),
    **dict.fromkeys("fv", "F"),
    **dict.fromkeys("dtDT", "T"),
    **dict.fromkeys("szScCj", "S"),
    **dict.fromkeys("kqgGX", "K"),
    **dict.fromkeys("m", "M"),
    **dict.fromkeys("n", "N"),
    **dict.fromkeys("l", "L"),
    **dict.fromkeys("r", "R"),
}
"""The classes of consonants; w, y and h have none, as only some spellings write them."""


class _Classes(dict[int, str]):
    """The classes for `str.translate`: digits are kept, and other characters dropped."""

    def __missing__(self, code: int) -> str:
        self[code] = found = CLASSES.get(chr(code), chr(code) if chr(code).isdigit() else "")
        return found


_CLASSES = _Classes()
ALPHABET = "PFTSKMNLR"
VOWELS = frozenset("aeiou")

MAX_TOKENS = 8
"""Maximum number of words of a name; further words are ignored."""
MAX_TOKEN = 24
"""Maximum length of a word in letters; further letters are ignored."""

WHOLE, ENDS, LAST = "whole", "ends", "last"
"""The part of a name that a key is for: all of it, its first and last word, a person's last."""

_SOUND_OF = {letters: sound for written, sound in SOUNDS for letters in written.split()}
_SOUND = re.compile("|".join(sorted(_SOUND_OF, key=len, reverse=True)))
_SOFT_C = re.compile("c(?=[eiy])")
_DOUBLE = re.compile(r"(.)\1+")
_FINAL_H = re.compile(r"(?<=[aeiou])h$")
_ARTICLES = {
    **dict.fromkeys("the al el ul il ehl".split(), ""),
    **{vowel + sun: sun for vowel in "ae" for sun in "d n r s t z sh".split()},
    **dict.fromkeys("ud ech esch".split(), ""),
}
"""Articles, each with the letters with which the next word must begin."""
_KIN = frozenset("bin ibn ben bint بن ابن بنت".split())
_PLACES = frozenset("madinat nahiyat qaryat mantiqat مدينه ناحيه قريه منطقه".split())
"""Words for a kind of place, with or without which a name may be written."""
_SHORT = dict.fromkeys("mhd mohd muhd".split(), "mohamad")
"""Abbreviated names, with their forms."""
_FIRST = frozenset("abd abdul abdel abdal abdou abdoul abdu abu abou abo عبد ابو ابي".split())
"""Words that are joined to the next one."""
_SERVANT = re.compile(r"^abd(?:[aeiou]+(?:l(?!ah?$)|([rsztdnS])(?=\1))?)?(?=..)")
_LAST = {
    **dict.fromkeys("allah ullah lah ollah".split(), "allah"),
    **dict.fromkeys("din dine deen dien addin eddin eddine uddin".split(), "din"),
    "الله": "له",
    "الدين": "دين",
}
"""Words that are joined to the previous one, and how they are then spelt."""
_FAITH = re.compile(r"(?<=..)[aeiou]+(?:l|d(?=d))?d+ine?$")
_LATIN_ARTICLE = re.compile(r"^(?:al|el)(?=[^aeiouyl]\w{3})")


class Key(NamedTuple):
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

    >>> name_form("Abd al-Rahman al-Dschaafari"), name_form("عبد الرحمن الجعفري")
    ('abdrahman jafari', 'عبدرحمن جعفري')
    """
    written = name.lower().translate(_WRITTEN)
    words = [word[:MAX_TOKEN] for word in terms(written)[: 2 * MAX_TOKENS]]
    forms = (_arabic(word) if has_arabic(word) else _latin(word) for word in _joined(words))
    return " ".join([*filter(None, forms)][:MAX_TOKENS])


@lru_cache(maxsize=4096)
def latinized_tokens(form: str) -> tuple[str, ...]:
    """Return the words of a form as sounds, including those in Arabic script.

    >>> heard("abdrahman jafari"), heard("عبدرحمن جعفري")
    (('abdrahman', 'jafari'), ('bdrhmn', 'jfry'))
    """
    words = form.split()
    return tuple(filter(None, map(_heard, words) if has_arabic(form) else words))


def consonant_skeleton(form: str) -> str:
    """Return the skeleton of a form in Latin letters: its consonants' classes, and its digits.

    >>> skeleton("jafari"), skeleton("jfry")
    ('SFR', 'SFR')
    """
    return form.translate(_CLASSES)


def name_keys(name: str, *, person: bool = False) -> list[Key]:
    """Return the phonetic keys of a name: none for parts without a consonant or digit.

    They are those of the whole name, of the first and last of three words or more, and of a
    person's last word.

    >>> [key.skeleton for key in name_keys("Fahd Jassem al-Freij", person=True)]
    ['FTSSMFRS', 'FTFRS', 'FRS']
    """
    tokens = tuple(phonetic_form(name).split())
    keys = [(tokens, WHOLE)]
    if len(tokens) > 2:
        keys.append(((tokens[0], tokens[-1]), ENDS))
    if person and len(tokens) > 1:
        keys.append((tokens[-1:], LAST))
    found = (
        Key(consonant_skeleton("".join(latinized_tokens(form))), form, kind)
        for part, kind in keys
        for form in [" ".join(part)]
    )
    return [key for key in found if key.skeleton]


def near_skeletons(skeleton: str) -> list[str]:
    """Return the skeletons that differ by one consonant, added, dropped or replaced; sorted.

    A skeleton of one or two consonants would have too many, so the result is empty.
    """
    if len(skeleton) < 3:
        return []
    near = {skeleton[:at] + skeleton[at + 1 :] for at in range(len(skeleton))}
    for letter in ALPHABET:
        near.update(
            skeleton[:at] + letter + skeleton[at + other :]
            for other in (0, 1)
            for at in range(len(skeleton) + 1 - other)
        )
    return sorted(near - {skeleton})


def _joined(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of a name, parts that belong together joined, without articles and kin."""
    kept = [
        word
        for number, word in enumerate(words)
        if not words[number + 1 :]
        or not (
            _is_article(word, words[number + 1]) or word in _PLACES or (number and word in _KIN)
        )
    ]
    number = 0
    while number < len(kept):
        word, number = kept[number], number + 1
        if word in _FIRST and number < len(kept):
            word, number = f"{word}-{kept[number].removeprefix('ال')}", number + 1
        if number < len(kept) and kept[number] in _LAST and len(word) > 1:
            word, number = f"{word}-{_LAST[kept[number]]}", number + 1
        yield word


def _is_article(word: str, following: str) -> bool:
    return word in _ARTICLES and following.startswith(_ARTICLES[word])


@lru_cache(maxsize=1 << 14)
def _latin(word: str) -> str:
    word = _SHORT.get(word, word).translate(_SPECIAL)
    sounds = _SOUND.sub(lambda match: _SOUND_OF[match[0]], word)
    sounds = _SILENT.sub("", _SOFT_C.sub("s", sounds).replace("c", "k"))
    sounds = _FAITH.sub("din", _SERVANT.sub("abd", _LATIN_ARTICLE.sub("", sounds)))
    return _FINAL_H.sub("", _DOUBLE.sub(r"\1", sounds))


def _arabic(word: str) -> str:
    word = word.replace("-", "")
    return word[2:] if len(word) >= 5 and word.startswith("ال") else word


def _heard(word: str) -> str:
    sounds = _SILENT.sub("", "".join(LETTERS.get(letter, letter) for letter in word))
    if len(sounds) > 2 and sounds.endswith("h"):
        sounds = sounds[:-1] + "a"
    return _DOUBLE.sub(r"\1", sounds)


INSERT_KEY = "INSERT INTO alias_keys (alias_id, skeleton, form, part) VALUES (?, ?, ?, ?)"


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
