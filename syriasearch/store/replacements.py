"""Replacements: the folded text of a paragraph, written as what differs in it from the text.

Most paragraphs that folding changes have one word that it changes, such as `don’t`, `U.S.` or
`1,000`. The column `paragraphs.replacements` lists these words, each with what takes its place. All
occurrences in the text are replaced, one pair after the other. The words are fields of one length,
filled up with spaces, after that length in two digits: `05don’tdont `. So the simplest functions of
SQL read them (SQLite allows no functions of JSON in the schema of a file that is not trusted).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ..text.normalize import LETTERS, MARKS
from ..text.patterns import regex

MAX_PAIRS = 12
"""Maximum number of replacements of a text; one that needs more is stored as a whole."""
FEW_PAIRS = 2
"""Number of replacements that most texts with any have at most."""
MAX_LENGTH = 99
"""Maximum length of a field."""
_CHARACTER = regex(f"[{''.join(LETTERS)}{MARKS}]")
"""Characters that folding replaces or drops, one by one."""
_RUNS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 2), (3, 3), (4, 1), (1, 4))
"""Numbers of words in a text and in its fold that may differ, the likeliest first."""


def folded_sql(text: str, replacements: str) -> str:
    """Return the expression for a text, a column, after the replacements in another column.

    SQLite computes it for each row that is written, so most rows, which have few, have a short one.
    """
    length = f"substr({replacements}, 1, 2)"

    def replaced(pairs: int) -> str:
        sql = text
        for index in range(0, 2 * pairs, 2):
            # After the last pair fields are empty, and an empty text is replaced nowhere.
            old, new = (
                f"rtrim(substr({replacements}, 3 + {field} * {length}, {length}))"
                for field in (index, index + 1)
            )
            sql = f"replace({sql}, {old}, {new})"
        return sql

    return (
        f"CASE WHEN {replacements} IS NULL THEN {text}"
        f" WHEN length({replacements}) <= 2 + {2 * FEW_PAIRS} * {length} THEN {replaced(FEW_PAIRS)}"
        f" ELSE {replaced(MAX_PAIRS)} END"
    )


def find_replacements(text: str, folded: str) -> str | None:
    """Return the replacements that make a folded text of a text, as the column has them.

    None if there are too many, or no shorter than the folded text.
    """
    pairs: dict[str, str] = {}
    if not text.isascii() and _CHARACTER.search(text):
        found = sorted(set(_CHARACTER.findall(text)))
        pairs = {character: LETTERS.get(character, "") for character in found}
    for old, new in _differing_words(replace_all(text, pairs) if pairs else text, folded):
        pairs[old] = new
        if len(pairs) > MAX_PAIRS:
            break
    fields = [*chain.from_iterable(pairs.items())]
    length = max(map(len, fields), default=0)
    size = 2 + len(fields) * length
    if (
        len(pairs) > MAX_PAIRS
        or length > MAX_LENGTH
        or size >= len(folded)
        or replace_all(text, pairs) != folded
    ):
        return None
    if "\0" in text or any(field.endswith(" ") for field in fields):
        return None
    return f"{length:02}" + "".join([field.ljust(length) for field in fields])


def replace_all(text: str, pairs: dict[str, str]) -> str:
    """Return a text after replacements, one after the other."""
    for old, new in pairs.items():
        text = text.replace(old, new)
    return text


def _differing_words(text: str, folded: str) -> Iterator[tuple[str, str]]:
    """Yield the words in which two texts differ, as far as they can be aligned."""
    old, new = text.split(" "), folded.split(" ")
    if len(old) == len(new):
        yield from ((one, other) for one, other in zip(old, new, strict=True) if one != other)
        return
    at = there = 0
    while at < len(old) and there < len(new):
        if old[at] == new[there]:
            at, there = at + 1, there + 1
            continue
        for more, others in _RUNS:
            # The words after them are the same, or both texts end.
            if old[at + more : at + more + 1] == new[there + others : there + others + 1]:
                yield " ".join(old[at : at + more]), " ".join(new[there : there + others])
                at, there = at + more, there + others
                break
        else:
            return
