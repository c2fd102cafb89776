"""What does a query ask?

    query     = item*
    item      = ["-"] (phrase | word)
    phrase    = quote text quote          quotes: "…" “…” «…» „…“
    word      = what stands between white space

Every text is a query. What is no syntax is words: `al-Ja'afari`, `S-400`, `U.S.`, `C++`, `(`, a
quotation mark without its partner. All words and phrases are asked together; `-` in front of one
asks for articles without it. A query of nothing but white space asks for everything.

The only error is a query that is too long: MAX_LENGTH characters, MAX_ITEMS items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .errors import QuerySyntaxError

MAX_LENGTH = 10_000
"""Characters in a query."""
MAX_ITEMS = 500
"""Words and phrases in a query."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms, or a name however it is spelt."""

    text: str
    position: int = field(default=0, compare=False)
    """Its offset in the query, in code points."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words exactly as they stand, one after the other."""

    text: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What an article must not have."""

    item: Word | Phrase


Item = Word | Phrase | Not


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that is asked together, in the order in which it was typed."""

    text: str
    items: tuple[Item, ...]


_ITEM = re.compile(
    r"""(?P<minus>(?<!\S)-(?=[^\s-]))?
    (?: "(?P<straight>[^"]*)" | “(?P<curly>[^“”]*)” | «(?P<guillemets>[^«»]*)»
      | „(?P<low>[^„“”]*)[“”] | (?P<word>[^\s"“„«]+|["“„«]) )""",
    re.VERBOSE,
)


def parse(text: str) -> Query:
    """Parse a query. Raises QuerySyntaxError for one that is too long."""
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(
            text,
            f"the query has {len(text):,} characters, more than {MAX_LENGTH:,}: shorten it",
            MAX_LENGTH,
        )
    items: list[Item] = []
    for match in _ITEM.finditer(text):
        if len(items) == MAX_ITEMS:
            raise QuerySyntaxError(
                text, f"the query has more than {MAX_ITEMS} words: shorten it", match.start()
            )
        word = match.group("word")
        item: Word | Phrase
        if word is not None:
            item = Word(word, match.start())
        else:
            quoted = match.group("straight", "curly", "guillemets", "low")
            item = Phrase(next(each for each in quoted if each is not None), match.start())
        items.append(Not(item) if match.group("minus") else item)
    return Query(text, tuple(items))
