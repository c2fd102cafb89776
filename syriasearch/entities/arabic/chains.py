"""Chains: words in a row that may be one person's name.

A chain has a given name, those of the father and the grandfather, and the family's; بن, آل, عبد,
أبو and the like are links, which need a word after them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .tokens import Token
from .words import Kind

MAX_PERSON = 7
"""Maximum number of words in a person's name."""
MIN_ENDING = 4
"""Minimum length of a name that ends as pronouns and plurals do."""
NAMES = Kind.NAME | Kind.WEAK
CUES = (
    Kind.TITLE
    | Kind.OFFICE
    | Kind.RELATION
    | Kind.SPEECH
    | Kind.HEAD
    | Kind.PLACED
    | Kind.FUNCTION
    | Kind.NATION
    | Kind.ADJECTIVE
)
"""Kinds of words that are not part of a person's name."""
_FORMS = Kind.COMMON | Kind.FORM | Kind.ENDING
_VERBAL = "يتنا"
"""Letters with which verbs of the imperfect begin."""
_PRONOUNS = ("ها", "هم", "هما", "ه")
_ABD = "عبد"


class Chain(NamedTuple):
    """Words [first, end) of a text that may be a person's name."""

    first: int
    end: int
    strong: int
    """Number of words that are hardly ever anything but names."""
    weak: int
    """Number of other parts of names."""
    unknown: int
    """Number of words that are in no list."""
    sure: int
    """Number of words at the beginning that are given names, the last of them or a family's."""
    linked: bool
    """Whether it has بن, or begins with أبو or عبد."""


def read_chain(tokens: Sequence[Token], first: int, *, cued: bool) -> Chain | None:
    """Return the words from `first` on that may be one person's name; None if none or known.

    `cued` is whether a title or the like is before them.
    """
    reader = _ChainReader(tokens, first, cued=cued)
    while reader.take():
        pass
    return reader.chain()


def adjoins(tokens: Sequence[Token], index: int, kinds: int) -> bool:
    """Return whether there is a word of some kinds at an index, adjoining the one before."""
    return index < len(tokens) and tokens[index].joined and bool(tokens[index].kind & kinds)


class _ChainReader:
    """A reader of one chain, word by word."""

    def __init__(self, tokens: Sequence[Token], first: int, *, cued: bool) -> None:
        self._tokens = tokens
        self._first = self._index = self._end = first
        self._cued = cued
        self._strong = self._weak = self._unknown = 0
        self._kunya = bool(tokens[first].kind & Kind.KUNYA)
        self._is_son = bool(tokens[first].kind & Kind.SON)
        self._given = bool(tokens[first].kind & Kind.GIVEN)
        self._linked = False
        self._pending = False
        """Whether a link needs a word after it."""
        self._new = False
        """Whether a word is not of a name that the gazetteer has."""

    def chain(self) -> Chain | None:
        """Return the chain that was read."""
        if self._end == self._first or not self._new:
            return None
        return Chain(
            self._first,
            self._end,
            self._strong,
            self._weak,
            self._unknown,
            self._sure(),
            self._linked,
        )

    def _sure(self) -> int:
        """Return the number of given names at the beginning, with a family name after them."""
        sure = 0
        for token in self._tokens[self._first : self._end]:
            family = sure and token.kind & Kind.SURNAME and not token.kind & Kind.NATION
            if not (token.kind & (Kind.SURE_GIVEN | Kind.NAME) or family):
                break
            sure += 1
        return sure

    def take(self) -> bool:
        """Take the next word; return whether the chain may go on after it."""
        index = self._index
        if index == len(self._tokens) or index - self._first == MAX_PERSON:
            return False
        token = self._tokens[index]
        after = index > self._first
        if after and (not token.joined or token.prefix):
            return False
        if token.known is not None and not (
            (after and _may_continue(token)) or (self._kunya and self._is_known_kunya(token))
        ):
            return False
        self._index += 1
        if token.kind & (Kind.LINK | Kind.KUNYA):
            return self._take_link(token, after=after)
        if not self._take_part(token, index, after=after):
            return False
        self._new = self._new or token.known is None
        self._end = self._index
        return not token.kind & Kind.ORDINAL or bool(token.kind & NAMES)

    def _is_known_kunya(self, token: Token) -> bool:
        """Return whether a word is of a known name of two words at the start: Abu Qatada.

        With a family name after it, it is another person's.
        """
        known = self._tokens[self._first].known
        words = self._tokens[self._first : self._first + 3]
        return token.known is known and [each.known is known for each in words] == [
            *(True, True),
            False,
        ]

    def _take_link(self, token: Token, *, after: bool) -> bool:
        son = after and token.kind & Kind.SON
        if not (after or self._kunya or token.bare == _ABD):
            return False
        self._linked = self._linked or bool(son) or not after
        self._pending = True
        return True

    def _take_part(self, token: Token, index: int, *, after: bool) -> bool:
        """Count a word as a part of the name; return whether it is one."""
        kind = token.kind
        if self._pending and (kind & NAMES or not kind & CUES):
            if not after or (self._is_son and index == self._first + 1 and kind & Kind.COMMON):
                return False
            self._pending = False
            return self._counted(True, strong=bool(kind & Kind.NAME))
        if after and kind & Kind.SUFFIX:
            # Salah al-Din is a name, whatever Salah is alone.
            return self._counted(True, strong=bool(self._weak) and self._end == index)
        if after and kind & Kind.ORDINAL and not kind & NAMES:
            return index <= self._first + 2
        if after and self._has_given() and self._is_surname(kind):
            return self._counted(True)
        if kind & CUES:
            # Majid Najm, head of the body: a family name that is a cue, too, before an office.
            alone = after and kind & Kind.GIVEN and self._strong + self._weak == 1
            return self._counted(bool(alone) and adjoins(self._tokens, index + 1, Kind.OFFICE))
        if kind & NAMES:
            return self._counted(
                bool(kind & (Kind.NAME | Kind.GIVEN)) or after or self._cued,
                strong=bool(kind & Kind.NAME),
            )
        if not kind & _FORMS or (
            kind == Kind.ENDING
            and not token.article
            and len(token.bare) >= MIN_ENDING
            and self._may_look_common()
        ):
            self._unknown += 1
            return after or self._cued or adjoins(self._tokens, index + 1, Kind.SON)
        if after and self._is_foreign(token, index):
            return self._counted(True)
        if after:
            may = self._has_given() and self._may_look_common()
            may = may and not self._tokens[index - 1].article
            return self._counted(may and _may_be_surname(token))
        return self._counted(self._cued and token.article and not kind & Kind.COMMON)

    def _is_foreign(self, token: Token, index: int) -> bool:
        """Return whether a word behind one certain given name is rather a foreign family name.

        It only looks as a common word with affixes does: Javier Solana.
        """
        return (
            self._cued
            and self._strong == 1
            and index == self._first + 1
            and token.kind == Kind.COMMON | Kind.FORM
            and not token.article
            and len(token.bare) > MIN_ENDING
            and token.bare[0] not in _VERBAL
            and not token.bare.endswith(_PRONOUNS)
        )

    def _is_surname(self, kind: int) -> bool:
        """Return whether a word is a known family name; of states after a kunya only."""
        no = Kind.TITLE | Kind.OFFICE | (0 if self._kunya else Kind.NATION)
        return bool(kind & Kind.SURNAME and not kind & no)

    def _counted(self, part: bool, *, strong: bool = False) -> bool:
        """Count a word, if it is a part of the name; return whether it is."""
        self._strong += part and strong
        self._weak += part and not strong
        return part

    def _may_look_common(self) -> bool:
        """Return whether a word that has the form of a common one may go on the name."""
        count = self._strong + self._weak + self._unknown
        return bool(count and (self._cued or count > 1))

    def _has_given(self) -> bool:
        return bool(self._strong or self._linked or (self._weak and self._given))


def _may_continue(token: Token) -> bool:
    """Return whether a match of the gazetteer may be part of another person's name."""
    found = token.known
    assert found is not None
    if found.end > token.end or found.start < token.start - len(token.prefix):
        return False
    kind = token.known_type
    if kind == "place":
        # A nisba that is a town, too: Fadi al-Zabadani.
        return bool(token.kind & NAMES) or (token.article and token.bare.endswith("ي"))
    return kind == "person"


def _may_be_surname(token: Token) -> bool:
    """Return whether a word with the article may be a family name: a nisba, or no known word."""
    bare = token.bare
    return (
        token.article
        and len(bare) > 4
        and (bare.endswith("ي") or bool(token.kind & (Kind.FORM | Kind.ENDING)))
    )
