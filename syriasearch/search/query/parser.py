"""Parser of queries.

    query    = [ all ]
    all      = either { [ "AND" ] either }
    either   = unit { "OR" unit }                  OR binds tighter than juxtaposition
    unit     = [ "-" | "NOT" ] near
    near     = atom { NEAR atom }
    NEAR     = "w/5" | "pre/5" | "w/s" | "w/p"     within 5 words, in this order, in one sentence,
             | "pre/s" | "pre/p"                   in one paragraph; also NEAR5, ADJ5 and SAME
    atom     = "(" all ")" | field | phrase [ "~" number ] | prefix | word
    field    = name ":" ( phrase | prefix | word ) name as in FIELDS
    phrase   = quote text quote                    quotes: "…" “…” «…» „…“
    prefix   = word "*"
    word     = text without white space

`"two words"~5` is `"two" w/5 "words"`: exactly these words, with at most five others in between.

A query that begins with `like:` is not parsed: the rest is a text that articles are to be like.

Every other text is a query. Text that is not syntax is words: `al-Ja'afari`, `S-400`, `U.S.`,
`C++`, `foo:bar`. Text that looks like syntax but cannot be (a bracket or a quotation mark without
its partner, an OR without a word on both sides) is left out and reported in `Query.ignored`. A
query that consists only of white space matches everything. A printed query parses back to the same
tree.

The only errors are a query that is too long or nested too deeply, and an invalid date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from ...errors import OptionError, QuerySyntaxError
from ...text.dates import period
from ...text.normalize import with_separators
from ...text.patterns import regex
from ...text.tokenize import terms
from .syntax import (
    DATE_FIELDS,
    FIELDS,
    And,
    Field,
    Item,
    Leaf,
    Near,
    NearOperator,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Word,
)

MAX_LENGTH = 10_000
"""The maximum number of characters in a query."""
MAX_PARSED = 200
"""The maximum number of parsed queries that are cached."""
MAX_PASSAGE = 2_000_000
"""The maximum number of characters in a text that articles are to be like."""
MAX_ITEMS = 500
"""The maximum number of words, phrases and brackets in a query."""
MAX_DEPTH = 30
"""The maximum depth of nested brackets."""
MAX_DISTANCE = 100
"""The maximum distance between words that are near each other; larger numbers are cut to it."""
MIN_HEADLINE_WORDS = 4
"""The minimum number of words in a query that may be a headline in capitals."""
MAX_ACRONYM = 6
"""The maximum length of an acronym: a headline in capitals has at least one longer word."""

_QUOTED = r'"[^"]*"|“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]'
_PUNCTUATION = '()[]{}<>,;:!?…"“”„«»'
_HEAD = rf"(?<![^\s\-{re.escape(_PUNCTUATION)}])"
_TAIL = rf"(?![^\s\-{re.escape(_PUNCTUATION)}])"
_TOKEN = regex(
    rf"""{_HEAD}(?P<mark>\(|-(?=[^\s-]))
    | (?:{_HEAD}(?P<field>{"|".join(FIELDS)}):(?=[^\s:()]))?
      (?: (?P<phrase>{_QUOTED})(?:~(?P<near>\d+){_TAIL})?
      | (?P<word>[^\s"“„«]+) | (?P<stray>["“„«]) )""",
    re.VERBOSE | re.IGNORECASE,
)
_LIKE = regex(r"\s*like:", re.IGNORECASE)
_QUOTES = regex('["“”„«»]')
_OPERATOR = regex(
    r"(?:(?i:w|near|pre|adj)/|(?:NEAR|ADJ)(?=\d))(?:(?P<distance>\d+)|(?P<unit>[spSP]))|SAME"
)


class _Token(NamedTuple):
    kind: str
    """One of item, (, ), OR, AND, NOT or near."""
    text: str
    position: int
    item: Item | None = None
    operator: NearOperator | None = None


def passage_of(query: str) -> str | None:
    """Return the text after `like:` at the beginning of a query; None if it begins otherwise.

    Raises QuerySyntaxError for a text that is empty or too long.
    """
    match = _LIKE.match(query)
    if match is None:
        return None
    text = query[match.end() :].strip()
    if not text:
        raise QuerySyntaxError(query, "like: takes a text after it", match.end())
    if len(text) > MAX_PASSAGE:
        problem = f"the text has {len(text):,} characters, more than {MAX_PASSAGE:,}: shorten it"
        raise QuerySyntaxError(query, problem, match.end() + MAX_PASSAGE)
    return text


@lru_cache(maxsize=MAX_PARSED)
def parse(text: str) -> Query:
    """Parse a query.

    Raises QuerySyntaxError for one that is too long or nested too deeply, or that has an invalid
    date.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(
            text,
            f"the query has {len(text):,} characters, more than {MAX_LENGTH:,}: shorten it",
            MAX_LENGTH,
        )
    tokenizer = _Tokenizer(with_separators(text))
    tokenizer.read(0, len(text))
    tokens, ignored = tokenizer.tokens, tokenizer.ignored
    if _is_headline(tokens):
        tokens = [
            _Token("item", token.text, token.position, Word(token.text, token.position))
            if token.kind != "item" and token.text.isalpha()
            else token
            for token in tokens
        ]
    tokens = _pair_brackets(tokens, ignored)
    return Query(text, _Parser(text, tokens, ignored).all(), tuple(ignored))


class _Tokenizer:
    def __init__(self, query: str) -> None:
        self.tokens: list[_Token] = []
        self.ignored: list[str] = []
        self._query = query

    def read(self, start: int, end: int) -> None:
        """Read the tokens of a part of the query."""
        for match in _TOKEN.finditer(self._query, start, end):
            if len(self.tokens) >= MAX_ITEMS:
                raise QuerySyntaxError(
                    self._query,
                    f"the query has more than {MAX_ITEMS} words: shorten it",
                    match.start(),
                )
            if match["mark"]:
                kind = "NOT" if match["mark"] == "-" else "("
                self.tokens.append(_Token(kind, match["mark"], match.start()))
            elif match["stray"]:
                self.ignored.append(match["stray"])
            elif match["phrase"]:
                self._read_phrase(match)
            else:
                self._read_word(match)

    def _read_phrase(self, match: re.Match[str]) -> None:
        text = " ".join(_QUOTES.sub(" ", match["phrase"]).split())
        if not terms(text):
            self.ignored.append(match.group())
            return
        start = match.start("phrase")
        words = tuple(Phrase(word, start) for word in text.split() if terms(word))
        item: Item = self._leaf(match, Phrase(text, start))
        if match["near"] and not match["field"] and len(words) > 1:
            item = Near(words, NearOperator("words", _distance(match["near"]), ordered=False))
        self.tokens.append(_Token("item", match.group(), start, item))

    def _read_word(self, match: re.Match[str]) -> None:
        """Read a text without white space: a word or an operator, and closing brackets after it."""
        word, start = match["word"], match.start("word")
        brackets = []
        while word.endswith(")") and word.count(")") > word.count("("):
            word = word[:-1]
            brackets.append(_Token(")", ")", start + len(word)))
        plain = word.lstrip(_PUNCTUATION + "-").rstrip(_PUNCTUATION)
        leaf: Leaf = Word(plain, start)
        if plain.endswith("*"):
            leaf = Prefix(plain.rstrip("*" + _PUNCTUATION), start)
        if not match["field"] and (operator := _operator(word)):
            self.tokens.append(_Token("near", word, start, operator=operator))
        elif not match["field"] and word in ("OR", "AND", "NOT"):
            self.tokens.append(_Token(word, word, start))
        elif not terms(leaf.text):
            self.ignored += [word] if word else []
        elif not match["field"] and plain != word:
            # Without the punctuation around it, the word may be a field or an operator.
            start += word.index(plain)
            self.read(start, start + len(plain))
        else:
            self.tokens.append(_Token("item", word, start, self._leaf(match, leaf)))
        self.tokens += brackets

    def _leaf(self, match: re.Match[str], value: Leaf) -> Leaf | Field:
        """Return a word or a phrase, or the field of which it is the value."""
        if not match["field"]:
            return value
        name = match["field"].lower()
        if name in DATE_FIELDS:
            try:
                period(value.text)
            except OptionError as error:
                message = f"{name}: {error}"
                raise QuerySyntaxError(self._query, message, value.position) from None
        return Field(name, value, match.start())


def _operator(word: str) -> NearOperator | None:
    match = _OPERATOR.fullmatch(word)
    if not match:
        return None
    ordered = word.lower().startswith(("pre", "adj"))
    if match["distance"]:
        return NearOperator("words", _distance(match["distance"]), ordered)
    return NearOperator("sentence" if match["unit"] in ("s", "S") else "paragraph", 0, ordered)


def _distance(digits: str) -> int:
    return min(int(digits[:4]), MAX_DISTANCE)


def _is_headline(tokens: list[_Token]) -> bool:
    """Return whether a query is a headline in capitals, in which NOT and OR are words."""
    words = [token.text for token in tokens if token.kind == "item" and token.text.isalpha()]
    return (
        len(words) >= MIN_HEADLINE_WORDS
        and all(token.text.isupper() for token in tokens if token.text.isalpha())
        # Acronyms are short: SDF OR YPG OR PYD OR YPJ is a query.
        and any(len(word) > MAX_ACRONYM for word in words)
    )


def _pair_brackets(tokens: list[_Token], ignored: list[str]) -> list[_Token]:
    """Leave out the brackets without a partner."""
    opening: list[int] = []
    unpaired: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind == "(":
            opening.append(index)
        elif token.kind == ")" and opening:
            opening.pop()
        elif token.kind == ")":
            unpaired.add(index)
    unpaired.update(opening)
    ignored += [tokens[index].text for index in sorted(unpaired)]
    return [token for index, token in enumerate(tokens) if index not in unpaired]


class _Parser:
    def __init__(self, query: str, tokens: list[_Token], ignored: list[str]) -> None:
        self._query = query
        self._tokens = tokens
        self._ignored = ignored
        self._index = self._depth = 0

    def _peek(self) -> _Token | None:
        return self._tokens[self._index] if self._index < len(self._tokens) else None

    def all(self) -> Item | None:
        items: list[Item | None] = []
        while (token := self._peek()) and token.kind != ")":
            if token.kind == "AND":
                self._index += 1
            else:
                items.append(self._either())
        return _join(And, items)

    def _either(self) -> Item | None:
        items: list[Item] = []
        pending = False
        """Whether an OR lacks its second item."""
        while (token := self._peek()) and token.kind != ")":
            if token.kind == "OR":
                self._index += 1
                if pending or not items:
                    self._ignored.append(token.text)
                else:
                    pending = True
            elif token.kind == "AND" or (items and not pending):
                break
            elif (item := self._unit()) is not None:
                items.append(item)
                pending = False
        self._ignored += ["OR"] if pending else []
        return _join(Or, items)

    def _unit(self) -> Item | None:
        negated = False
        while (token := self._peek()) and token.kind == "NOT":
            negated = not negated
            self._index += 1
        item = self._near()
        if item is None or not negated:
            return item
        return item.item if isinstance(item, Not) else Not(item)

    def _near(self) -> Item | None:
        nears: list[Near] = []
        last = self._atom()
        following: Item | None = None
        while (token := self._peek()) and token.operator:
            self._index += 1
            following = self._atom() if _is_operand(last) else None
            if not (_is_operand(last) and _is_operand(following)):
                self._ignored.append(token.text)
                break
            if nears and nears[-1].operator == token.operator:
                nears[-1] = Near((*nears[-1].items, following), token.operator)
            else:
                nears.append(Near((last, following), token.operator))
            last, following = following, None
        return _join(And, [*nears, None if nears else last, following])

    def _atom(self) -> Item | None:
        token = self._peek()
        if token is None or token.kind in (")", "OR", "AND", "NOT"):
            return None
        self._index += 1
        if token.kind == "(":
            self._depth += 1
            if self._depth > MAX_DEPTH:
                message = f"more than {MAX_DEPTH} brackets within brackets: use fewer"
                raise QuerySyntaxError(self._query, message, token.position)
            inner = self.all()
            self._depth -= 1
            self._index += 1
            return inner
        if token.kind == "near":
            self._ignored.append(token.text)
        return token.item


def _join(kind: type[And] | type[Or], items: Iterable[Item | None]) -> Item | None:
    """Return items as one, with those of the same kind taken apart; None if there are none."""
    parts: list[Item] = []
    for item in items:
        if item is not None:
            parts += item.items if isinstance(item, kind) else [item]
    return kind(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _is_operand(item: Item | None) -> TypeGuard[Leaf | Or]:
    """Return whether an item can be an operand of NEAR: a word, a phrase, a prefix, or their OR."""
    if isinstance(item, Or):
        return all(isinstance(each, Leaf) for each in item.items)
    return isinstance(item, Leaf)
