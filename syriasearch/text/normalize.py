"""Folding of text, with offsets into the original.

The same when indexing and when querying: `fold` removes the differences that writers make and
readers ignore. What differs from the text is stored in `paragraphs.normalized`, so that any SQLite
indexes what Python does. Its steps, in order:

a. marks that are not letters are dropped (`MARKS`): Arabic vowel signs, tatweel, direction marks,
   joiners, the soft hyphen; and so are the half rings and commas that transcribe hamza and ayn. An
   alef, waw or yeh with a combining hamza or madda becomes one letter;
b. letters that writers interchange become one (`LETTERS`): أ إ آ ٱ → ا, ى → ي, ة → ه, ؤ ئ → ء, the
   Kurdish, Persian and Urdu letters → the Arabic ones of their shape, ø → o, œ → oe; presentation
   forms, ligatures and full-width letters become letters, and digits of all scripts become 0 to 9;
c. apostrophes within a word are dropped: `Ja’afari` is `Jaafari`. That of a possessive remains, as
   does that of an abbreviated year, and the tokenizer separates words there, so that `syria` finds
   `Syria’s`; that of an elision (`d’études`) becomes a space;
d. Latin letters and digits are parted from Arabic letters (`كوفيد19` is `كوفيد 19`), and lose
   Arabic particles and the article before them, and the sign of the era after a year (`الـS-400`,
   `2003م`);
e. separators between groups of three digits are dropped: `7,000`, `7.000` and `7 000` are `7000`;
f. full stops within an acronym are dropped, and the s of its plural is parted from it: `S.D.F.` is
   `SDF.`, `NGOs` is `NGO s`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from .patterns import regex

RULES = 2
"""The version of the rules below. Raise it with each change to the results of `fold`, so that the
next write to an archive folds its text again."""

_MARK_CODES = (
    *(0x00AD, 0x061C),  # soft hyphen, Arabic letter mark
    *range(0x0610, 0x061B),  # honorifics and small signs
    *(0x0640, *range(0x064B, 0x0653), *range(0x0656, 0x0660), 0x0670),  # tatweel, vowel signs
    *(*range(0x06D6, 0x06DD), *range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE)),
    *range(0x200C, 0x2010),  # zero-width joiners, left-to-right and right-to-left mark
    *(*range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # embeddings, overrides and isolates
    *(0x2060, 0xFEFF),  # word joiner, byte order mark
)
MARKS = "".join(map(chr, _MARK_CODES))
"""Characters that are dropped in step a."""

_COMBINED = {
    **dict.fromkeys(("ا\u0653", "ا\u0654", "ا\u0655"), "ا"),
    **dict.fromkeys(("و\u0654", "ي\u0654", "ى\u0654", "ی\u0654", "ے\u0654"), "ئ"),
}
"""Letters with a combining hamza or madda, and the letter that both are (step a)."""

_SHAPES = {
    "ا": "أإآٱ",
    "ي": "ىیێېۍےۓ",
    "ه": "ةھہۂۀەۃ",
    "ء": "ؤئ",
    "و": "ۆۇۈۋۊۏۄ",
    "ك": "کڪګڬڭگ",
    "ب": "پ",
    "ت": "ٹ",
    "ج": "چژ",
    "د": "ڈ",
    "ر": "ڑڕ",
    "ف": "ڤ",
    "ل": "ڵ",
    "ن": "ں",
    "i": "ı",
    "l": "ł",
    "L": "Ł",
    "o": "øǿ",
    "O": "ØǾ",
    "h": "ħ",
    "H": "Ħ",
    "t": "ŧ",
    "T": "Ŧ",
    "d": "đð",
    "D": "ĐÐ",
    "s": "ſ",
    "n": "ŋ",
    "N": "Ŋ",
    "ss": "ß",
    "SS": "ẞ",
    "ae": "æǽ",
    "AE": "ÆǼ",
    "oe": "œ",
    "OE": "Œ",
    "th": "þ",
    "TH": "Þ",
    "ij": "ĳ",
    "IJ": "Ĳ",
}
LETTERS = {letter: shape for shape, letters in _SHAPES.items() for letter in letters}
"""Letters that are replaced in step b, each with its replacement."""
_ALTERNATIVES = "أإآىةؤئ"
"""The most frequent of them, which are replaced by string methods."""

POSSESSIVES = "'’"
"""Apostrophes before a possessive s."""

_WRITTEN_APOSTROPHES = "'’‘`´′"
_CURLY = _WRITTEN_APOSTROPHES[1:]
_LETTER_APOSTROPHES = "ʼʻʿʾ"
"""Apostrophes that the tokenizer takes for letters, and that are dropped in step a."""
APOSTROPHES = _WRITTEN_APOSTROPHES + _LETTER_APOSTROPHES
"""Characters that are dropped in steps a and c: typed, typographic, and in transcriptions."""

_COMPATIBLE = "\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefe\uff01-\uffef\U0001d400-\U0001d7ff"
"""Ranges of ligatures, Arabic presentation forms, full-width and mathematical letters."""
_MARKED = regex(f"[{MARKS}{_LETTER_APOSTROPHES}]+")
_COMBINING = regex("|".join(_COMBINED) + "|[\u0653-\u0655]")
_HAMZA_ABOVE = regex("[\u0653-\u0655]")
_FOREIGN = regex(f"[{''.join(LETTERS)}{_COMPATIBLE}]")
_DIGIT = regex(r"[^\D0-9]")
_SPECIAL = regex(
    f"[{MARKS}{_LETTER_APOSTROPHES}{''.join(LETTERS)}\u0600-\u1fff\ua000-\uffef\U00010000-\U0001fbff]"
)
"""Characters that steps a, b and d change, and all in their blocks."""

_ARABIC = "\u0621-\u064a\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_LETTER = r"[^\W\d_]"
_VOWELS = "aeiouyàáâäæèéêëìíîïòóôöùúûüœ"
_ELIDED = "|".join(
    rf"(?<=(?<![{_LATIN}_]){word}.)"
    for word in ("[dl]", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "(?:de|da|ne|co|su)ll")
)
_ELISION = regex(
    rf"['’‘](?:(?=[h{_VOWELS}])(?:{_ELIDED})|(?=[{_VOWELS}])(?<=(?<![{_LATIN}_])[cjmnst].))",
    re.IGNORECASE,
)
"""The apostrophe of an elision in French or Italian."""
_FINAL_POSSESSIVE = regex(rf"(?:[{POSSESSIVES}][sS]|(?<=[A-Z]{{2}})s|(?<=[A-Z]\.)s)\W*$")
_POSSESSIVE = regex(rf"[{POSSESSIVES}][sS]\b")
_INNER_APOSTROPHE = regex(
    rf"[{APOSTROPHES}](?<=(?:{_LETTER}|[\u0300-\u036f])[{APOSTROPHES}])(?={_LETTER})"
    rf"(?![sS]s?(?:\b|[{_ARABIC}]))"
)

_BOUNDARY = regex(f"[{_LATIN}](?:(?<=[{_ARABIC}].)|(?<=[{_ARABIC}]-.)|(?=[{_ARABIC}]))")
_PARTED = regex(
    rf"""(?<![{_ARABIC}_-])(?=[وفبكلا])[وف]?[بك]?(?:ال|لل?)?-?(?=[{_LATIN}])
    | (?<=[0-9])[مه](?!\w)
    | (?<=[{_ARABIC}])(?=[{_LATIN}]) | (?<=[{_LATIN}])(?=[{_ARABIC}])""",
    re.VERBOSE,
)
"""Particles, the sign of an era, and boundaries between scripts."""

_SEPARATORS = ",.'’٬،\u00a0\u2009\u202f"
_MONTHS = (
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
).split()


def _groups(digit: str, space: str) -> str:
    """A number in groups after spaces, after its first digit; not a day and more: May 15 200."""
    no_day = "".join(f"(?<!{month}[ ].)" for month in _MONTHS)
    return rf"""(?<![\w/~].)(?<![^\W\d]-.)(?<!{digit}[ ].){no_day}
        {digit}{{0,2}}(?:{space}{digit}{{3}})+
        (?![ ]?{digit})(?![{_SEPARATORS}]{digit}{{3}}(?!{digit}))"""


# What begins with a digit is found faster than what begins with a condition.
_NUMBER = regex(
    rf"""[1-9](?<![0-9].)(?<![0-9][{_SEPARATORS}].)
    (?: [0-9]{{0,2}}(?P<mark>[{_SEPARATORS}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*
        (?![0-9]|[{_SEPARATORS}][0-9]{{3}}(?![0-9]))
      | {_groups("[0-9]", "[ ]")} )""",
    re.VERBOSE,
)
_SPACED_NUMBER = regex(r"\d(?<!0)" + _groups(r"\d", "[ \u00a0\u2009\u202f]"), re.VERBOSE)
_AT_START = rf"(?<![\w.])(?<!{_LETTER}[{_WRITTEN_APOSTROPHES}])"
_DOTTED = regex(rf"\.(?<={_AT_START}{_LETTER}\.){_LETTER}(?!\w)")
_CAPITAL = rf"[^\W\d_{_ARABIC}]"
_ACRONYM = regex(rf"\.(?<={_AT_START}{_CAPITAL}\.){_CAPITAL}(?:\.{_CAPITAL})*(?!\.?\w)")
PLURAL = regex(rf"[A-Z]{{2}}(?:(?<=(?<!{_LETTER})..)|(?<=[A-Z]{{3}}))(?=s(?!\w))")
"""The end of an acronym before the s of its plural."""
_RARE = regex(rf"[0-9A-Z](?:[A-Z]s|[{_SEPARATORS} ][0-9]{{3}})")
"""What may be the plural of an acronym, or a number in groups: one search is faster than two."""

_SPACES = regex(r"\s\s")
_FURTHER_SPACES = regex(r"(?<=\s)\s+")
_COMBINING_RUN = regex(
    "[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u20d0-\u20f0\ufe00-\ufe0f]+"
)
_FIRST_COMBINING = "\u0300"

PARAGRAPH = 2_000
"""Maximum length of a text whose folded form is kept for those who ask for it again."""
RECENT = 512
"""Number of texts that are kept: an article is folded for its index, and for names in it."""

_Cut = tuple[Sequence[int], Sequence[int]]
"""Ascending offsets, from each of which on a number is added to get the offset in the text before a
step, and as many of these numbers."""
_Edit = tuple[int, int, str]
"""The range [start, end) of a text that is replaced, and its replacement."""


class Folded(NamedTuple):
    """A folded text with the mapping of its offsets to the original text."""

    text: str
    written: str
    cuts: tuple[_Cut, ...]
    """The changes of length that each step made, the last step first."""

    def start(self, offset: int) -> int:
        """Return the offset in the original text of the character at `offset` here."""
        for positions, added in self.cuts:
            index = bisect_right(positions, offset)
            if index:
                offset += added[index - 1]
        return offset

    def end(self, offset: int) -> int:
        """Return the original end of a range that ends at `offset` here, with combining marks."""
        if not offset:
            return 0
        end = self.start(offset - 1) + 1
        if self.written[end : end + 1] < _FIRST_COMBINING:
            return end
        marks = _COMBINING_RUN.match(self.written, end)
        return marks.end() if marks else end


def _replace(text: str, edits: Iterable[_Edit], cuts: list[_Cut]) -> str:
    """Replace ranges of a text; add the change of its offsets, if there is any, to `cuts`."""
    parts: list[str] = []
    positions: list[int] = []
    added: list[int] = []
    total = last = 0
    for start, end, new in edits:
        parts += (text[last:start], new)
        last, length = end, end - start
        # Each further character of a longer replacement comes from the last one replaced.
        for more in range(length, len(new)):
            total -= 1
            positions.append(start + more - (total + more - length + 1))
            added.append(total)
        if length > len(new):
            positions.append(start - total + len(new))
            total += length - len(new)
            added.append(total)
    if not parts:
        return text
    if positions:
        cuts.append((positions, added))
    return "".join((*parts, text[last:]))


def _matches(pattern: re.Pattern[str], text: str, new: str = "") -> Iterator[_Edit]:
    """Yield the replacement of each match of a pattern."""
    return ((*match.span(), new) for match in pattern.finditer(text))


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    """Return the letters that a character is replaced with in step b."""
    if character in LETTERS:
        return LETTERS[character]
    plain = unicodedata.normalize("NFKC", character)
    # An isolated vowel sign is a space with the sign.
    plain = _MARKED.sub("", plain.replace(" ", "") if len(plain) < 4 else plain)
    return "".join(LETTERS.get(each, each) for each in plain)


def _merge_letters(text: str, cuts: list[_Cut]) -> str:
    """Carry out steps a and b."""
    if _MARKED.search(text):
        text = _replace(text, _matches(_MARKED, text), cuts)
    if _HAMZA_ABOVE.search(text):
        combined = _COMBINING.finditer(text)
        text = _replace(
            text, ((*each.span(), _COMBINED.get(each[0], "")) for each in combined), cuts
        )
    if _FOREIGN.search(text):
        # The two spellings of a corps, هيأة and هيئة
        text = text.replace("يأة", "يئة")
        for letter in _ALTERNATIVES:
            text = text.replace(letter, LETTERS[letter])  # twenty times as fast as `translate`
        if _FOREIGN.search(text):
            found = _FOREIGN.finditer(text)
            text = _replace(text, ((*each.span(), _letters(each[0])) for each in found), cuts)
    if _DIGIT.search(text):
        found = _DIGIT.finditer(text)
        digits = ((*each.span(), str(unicodedata.decimal(each[0]))) for each in found)
        text = _replace(text, digits, cuts)
    return text


def _part_scripts(text: str) -> Iterator[_Edit]:
    """Yield what parts Arabic letters from Latin ones and from digits."""
    for match in _PARTED.finditer(text):
        yield (*match.span(), "" if match[0] else " ")


def _join(pattern: re.Pattern[str], text: str, kept: str) -> Iterator[_Edit]:
    """Yield the removal of what is no letter or digit in each match of a pattern."""
    for match in pattern.finditer(text):
        for index, character in enumerate(match[0], start=match.start()):
            if not getattr(character, kept)():
                yield index, index + 1, ""


def with_separators(text: str) -> str:
    """Return a text with commas for the spaces within its numbers, at the same offsets.

    >>> with_separators("some 12 000 people")
    'some 12,000 people'
    """
    if text.replace(" ", "").isalpha():
        return text
    return _SPACED_NUMBER.sub(lambda match: ",".join(match[0].split()), text)


def has_possessive(text: str) -> bool:
    """Return whether a text has a possessive written with an apostrophe."""
    return _POSSESSIVE.search(text) is not None


def without_possessive(text: str) -> str:
    """Return a text without a possessive, or the plural s of an acronym, at its end."""
    return _FINAL_POSSESSIVE.sub("", text)


def without_elision(text: str) -> str:
    """Return a word without an elided article or the like at its beginning.

    >>> without_elision("d’études"), without_elision("don’t")
    ('études', 'don’t')
    """
    elided = None if text.isalpha() else _ELISION.search(text)
    return text[elided.end() :] if elided else text


def fold_aligned(written: str, *, one_space: bool = False) -> Folded:
    """Fold a text and keep the mapping to its offsets; `one_space` collapses runs of spaces."""
    folded = _fold_recent(written) if len(written) <= PARAGRAPH else _fold(written)
    text = folded.text
    # A printable text has no space but U+0020, and `isprintable` is faster than the search.
    if one_space and ("  " in text or not (text.isprintable() or not _SPACES.search(text))):
        cuts: list[_Cut] = []
        text = _replace(text, _matches(_FURTHER_SPACES, text), cuts)
        return Folded(text, written, (*cuts, *folded.cuts))
    return folded


def _fold(written: str) -> Folded:
    text = written
    cuts: list[_Cut] = []
    is_ascii = text.isascii()
    is_special = not is_ascii and _SPECIAL.search(text)
    if is_special:
        text = _merge_letters(text, cuts)
    has_apostrophe = "'" in text or any(map(text.__contains__, "`" if is_ascii else _CURLY))
    if has_apostrophe and _INNER_APOSTROPHE.search(text):
        text = _replace(text, _matches(_ELISION, text, " "), cuts)
        text = _replace(text, _matches(_INNER_APOSTROPHE, text), cuts)
    if is_special and _BOUNDARY.search(text):
        text = _replace(text, _part_scripts(text), cuts)
    has_rare = _RARE.search(text)
    if has_rare:
        text = _replace(text, _join(_NUMBER, text, "isdecimal"), cuts)
    if has_dots := _DOTTED.search(text):
        text = _replace(text, _join(_ACRONYM, text, "isalpha"), cuts)
    if has_rare or has_dots:
        plurals = ((match.end(), match.end(), " ") for match in PLURAL.finditer(text))
        text = _replace(text, plurals, cuts)
    return Folded(text, written, tuple(reversed(cuts)))


def are_folded(texts: Iterable[str]) -> bool:
    """Return whether folding is sure to change none of the texts, which is faster than to fold."""
    # No step looks beyond the end of a line.
    text = "\n".join(texts)
    is_ascii = text.isascii()
    return not (
        (not is_ascii and _SPECIAL.search(text))
        or _INNER_APOSTROPHE.search(text)
        or _RARE.search(text)
        or _DOTTED.search(text)
    )


_fold_recent = lru_cache(maxsize=RECENT)(_fold)


def fold(text: str) -> str:
    """Remove differences between spellings. Equal to column `paragraphs.folded`; idempotent.

    >>> fold("Bashar al-Ja'afari, 7,000 of the S.D.F."), fold("لـ1600 مسؤول")
    ('Bashar al-Jaafari, 7000 of the SDF.', '1600 مسءول')
    """
    return fold_aligned(text).text
