"""What do the spellings of a name share, in Latin and in Arabic script?

A name has a **form**, what its letters sound like, and a **skeleton**, its consonants in nine
classes. Both are the same for either script, so that a name that is typed in one can be looked for
among names that are written in the other; what Arabic does not write, short vowels, its forms lack.

The form of a name is made so:

1. `text.terms` folds it and cuts it into words;
2. what is no part of it goes: the article (al-, el-, ash-, ال; also where it is written to the
   word), bin and ibn; what is written together or apart is written together: Abd al-Rahman, Abu
   Bakr, Nasr Allah, Badr al-Din;
3. several letters for one sound become one (`SOUNDS`; Arabic letters: `LETTERS`), capitals for
   sounds that Latin has no letter for: X (kh, خ), G (gh, غ), D (dh, ذ), T (th, ث), S (sh, ش), and
   C for ch, which is one sound in English, another in French and a third in German;
4. of double letters one stays, and a final h behind a vowel goes (Hamah, Hama).

An archive keeps the forms and skeletons of its aliases in `alias_keys`: of the whole name, of its
first and last word where there are others between, and of a person's last word.

The letters and digraphs are those of the transcriptions that GeoNames, the US Treasury's list and
Wikidata's name parts write for one Arabic name: BGN/PCGN, French, German and Turkish ones.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ...text.normalize import has_arabic, terms

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
"""Letters that write one sound in Latin script; the longer ones first."""

LETTERS = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويئؤءپچژگڤڈڕڵێۆەھہےں",
        "abtTjhXdDrzsSsdtz-Gfqklmnhwyy--pCjgvdrlywahhyn",
        strict=True,
    )
)
"""What the letters of Arabic script, folded, sound like; ayn and hamza are not heard."""

_WRITTEN = str.maketrans({"ç": "ch", "č": "ch", "š": "sh", "ž": "zh", "ğ": "gh"})
"""Latin letters with marks that folding takes off."""
_SPECIAL = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "e", "ə": "e"})
"""Latin letters that folding leaves."""
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
"""The classes of consonants; w, y and h, which one writes and another does not, are in none."""


class _Classes(dict[int, str]):
    """The same for `str.translate`: digits stay, and what is in no class goes."""

    def __missing__(self, code: int) -> str:
        self[code] = found = CLASSES.get(chr(code), chr(code) if chr(code).isdigit() else "")
        return found


_CLASSES = _Classes()
ALPHABET = "PFTSKMNLR"
VOWELS = frozenset("aeiou")

MAX_TOKENS = 8
"""Longer names are known by their first words."""
MAX_TOKEN = 24
"""Longer words are known by their first letters."""

WHOLE, ENDS, LAST = "whole", "ends", "last"
"""What of a name a key stands for: all of it, its first and last word, a person's last word."""

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
"""Articles, and how the word behind them must begin."""
_KIN = frozenset("bin ibn ben bint بن ابن بنت".split())
_PLACES = frozenset("madinat nahiyat qaryat mantiqat مدينه ناحيه قريه منطقه".split())
"""Words for a place's kind, which a name may be written with or without."""
_SHORT = dict.fromkeys("mhd mohd muhd".split(), "mohamad")
"""Names that are written short."""
_FIRST = frozenset("abd abdul abdel abdal abdou abdoul abdu abu abou abo عبد ابو ابي".split())
"""Words that are written to the next one."""
_SERVANT = re.compile(r"^abd(?:[aeiou]+(?:l(?!ah?$)|([rsztdnS])(?=\1))?)?(?=..)")
_LAST = {
    **dict.fromkeys("allah ullah lah ollah".split(), "allah"),
    **dict.fromkeys("din dine deen dien addin eddin eddine uddin".split(), "din"),
    "الله": "له",
    "الدين": "دين",
}
"""Words that are written to the one before, and how they are written there."""
_FAITH = re.compile(r"(?<=..)[aeiou]+(?:l|d(?=d))?d+ine?$")
_LATIN_ARTICLE = re.compile(r"^(?:al|el)(?=[^aeiouyl]\w{3})")


class Key(NamedTuple):
    """What a name is looked up by."""

    skeleton: str
    form: str
    part: str


@lru_cache(maxsize=4096)
def name_form(name: str) -> str:
    """Return what is left of a name without what is no part of it, its Latin words as they sound.

    >>> name_form("Abd al-Rahman al-Dschaafari"), name_form("عبد الرحمن الجعفري")
    ('abdrahman jafari', 'عبدرحمن جعفري')
    """
    written = name.lower().translate(_WRITTEN)
    words = [word[:MAX_TOKEN] for word in terms(written)[: 2 * MAX_TOKENS]]
    forms = (_arabic(word) if has_arabic(word) else _latin(word) for word in _joined(words))
    return " ".join([*filter(None, forms)][:MAX_TOKENS])


@lru_cache(maxsize=4096)
def heard(form: str) -> tuple[str, ...]:
    """Return the words of a form, those in Arabic script too, as they sound.

    >>> heard("abdrahman jafari"), heard("عبدرحمن جعفري")
    (('abdrahman', 'jafari'), ('bdrhmn', 'jfry'))
    """
    words = form.split()
    return tuple(filter(None, map(_heard, words) if has_arabic(form) else words))


def skeleton(form: str) -> str:
    """Return the classes of a form's consonants, and its digits.

    >>> skeleton("jafari"), skeleton("jfry")
    ('SFR', 'SFR')
    """
    return form.translate(_CLASSES)


def name_keys(name: str, *, person: bool = False) -> list[Key]:
    """Return what a name can be looked up by: none where it has no consonant.

    That is all of it, and the first and last of three words or more; a person's last word, too.

    >>> [key.skeleton for key in name_keys("Fahd Jassem al-Freij", person=True)]
    ['FTSSMFRS', 'FTFRS', 'FRS']
    """
    tokens = tuple(name_form(name).split())
    keys = [(tokens, WHOLE)]
    if len(tokens) > 2:
        keys.append(((tokens[0], tokens[-1]), ENDS))
    if person and len(tokens) > 1:
        keys.append((tokens[-1:], LAST))
    found = (
        Key(skeleton("".join(heard(form))), form, kind)
        for part, kind in keys
        for form in [" ".join(part)]
    )
    return [key for key in found if key.skeleton]


def near_skeletons(skeleton: str) -> list[str]:
    """Return the skeletons that differ in one consonant, too many, lacking or another.

    Those of one or two consonants have too many neighbours, and none is given.
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
    """Yield the words of a name, those that belong together as one, without articles and kin."""
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
    """Write by what the names of one entity, or of all, are looked up when they are spelt anew."""
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
