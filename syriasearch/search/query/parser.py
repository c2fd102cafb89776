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

Every text is a query. Text that is not syntax is words: `al-Ja'afari`, `S-400`, `U.S.`, `C++`,
`foo:bar`. Text that looks like syntax but cannot be (a bracket or a quotation mark without its
partner, an OR without a word on both sides) is left out and reported in `Query.ignored`. A query
that consists only of white space matches everything. A printed query parses back to the same tree.

The only errors are a query that is too long or nested too deeply, and an invalid date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ...errors import OptionError, QuerySyntaxError
from ...text.dates import period
from ...text.tokenize import terms
from .syntax import FIELDS, And, Field, Item, Leaf, Near, Not, Or, Phrase, Prefix, Query, Unit, Word

MAX_LENGTH = 10_000
"""The maximum number of characters in a query."""
MAX_ITEMS = 500
"""The maximum number of words, phrases and brackets in a query."""
MAX_DEPTH = 30
"""The maximum depth of nested brackets."""
MAX_DISTANCE = 100
"""The maximum distance between words that are near each other; larger numbers are cut to it."""

DATE_FIELDS = ("after", "before", "date")

_QUOTED = r'"[^"]*"|“[^“”]*”|«[^«»]*»|„[^„“”]*[“”]'
_PUNCTUATION = '()[]{}<>,;:!?…"“”„«»'
_HEAD = rf"(?<![^\s\-{re.escape(_PUNCTUATION)}])"
_TAIL = rf"(?![^\s\-{re.escape(_PUNCTUATION)}])"
_TOKEN = re.compile(
    rf"""{_HEAD}(?P<mark>\(|-(?=[^\s-]))
    | (?:{_HEAD}(?P<field>{"|".join(FIELDS)}):(?=[^\s:()]))?
      (?: (?P<phrase>{_QUOTED})(?:~(?P<near>\d+){_TAIL})?
      | (?P<word>[^\s"“„«]+) | (?P<stray>["“„«]) )""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTES = re.compile('["“”„«»]')
_SLASHED = re.compile(
    r"(?P<name>w|near|pre|adj)/(?:(?P<distance>\d+)|(?P<unit>[sp]))", re.IGNORECASE
)
SHOUTED_WORDS = 4
"""The minimum number of words in a query that may be a headline in capitals."""
LONGEST_ACRONYM = 6
"""The maximum length of an acronym: a headline in capitals has at least one longer word."""

_CAPITALS = re.compile(r"(?P<name>NEAR|ADJ)(?P<distance>\d+)|(?P<same>SAME)")


class _Token(NamedTuple):
    kind: str
    """One of item, (, ), OR, AND, NOT or near."""
    text: str
    position: int
    item: Item | None = None
    operator: tuple[Unit, int, bool] | None = None


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
    ignored: list[str] = []
    tokens = _tokens(text, 0, len(text), ignored)
    if _shouted(tokens):
        tokens = [_as_word(token) for token in tokens]
    tokens = _paired(text, tokens, ignored)
    return Query(text, _Parser(tokens, ignored).all(), tuple(ignored))


def _shouted(tokens: list[_Token]) -> bool:
    """Return whether a query is a headline in capitals, in which NOT and OR are words."""
    words = [token.text for token in tokens if token.kind == "item" and token.text.isalpha()]
    return (
        len(words) >= SHOUTED_WORDS
        and all(token.text.isupper() for token in tokens if token.text.isalpha())
        # Acronyms are short: SDF OR YPG OR PYD OR YPJ is a query.
        and any(len(word) > LONGEST_ACRONYM for word in words)
    )


def _as_word(token: _Token) -> _Token:
    if token.kind == "item" or not token.text.isalpha():
        return token
    return _Token("item", token.text, token.position, Word(token.text, token.position))


def _tokens(text: str, start: int, end: int, ignored: list[str]) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text, start, end):
        if len(tokens) >= MAX_ITEMS:
            raise QuerySyntaxError(
                text, f"the query has more than {MAX_ITEMS} words: shorten it", match.start()
            )
        if match.group("mark"):
            kind = "NOT" if match.group("mark") == "-" else "("
            tokens.append(_Token(kind, match.group("mark"), match.start()))
        elif match.group("stray"):
            ignored.append(match.group("stray"))
        elif match.group("phrase"):
            token = _phrase_token(text, match)
            tokens += [token] if token else []
            ignored += [] if token else [match.group()]
        else:
            tokens += _word_tokens(text, match, ignored)
    return tokens


def _phrase_token(query: str, match: re.Match[str]) -> _Token | None:
    text = " ".join(_QUOTES.sub(" ", match.group("phrase")).split())
    start = match.start("phrase")
    if not terms(text):
        return None
    item: Item = Phrase(text, start)
    words = [Phrase(word, start) for word in text.split() if terms(word)]
    if match.group("field"):
        item = _field(query, match, Phrase(text, start))
    elif match.group("near") and len(words) > 1:
        distance = min(int(match.group("near")[:4]), MAX_DISTANCE)
        item = Near(tuple(words), "words", distance, ordered=False)
    return _Token("item", match.group(), start, item)


def _word_tokens(query: str, match: re.Match[str], ignored: list[str]) -> list[_Token]:
    """Return the tokens of a text without white space: a word, and closing brackets after it."""
    word, start = match.group("word"), match.start("word")
    brackets: list[_Token] = []
    while word.endswith(")") and word.count(")") > word.count("("):
        word = word[:-1]
        brackets.append(_Token(")", ")", start + len(word)))
    operator = None if match.group("field") else _operator(word)
    if operator:
        return [_Token("near", word, start, operator=operator), *brackets]
    if word in ("OR", "AND", "NOT") and not match.group("field"):
        return [_Token(word, word, start), *brackets]
    plain = word.lstrip(_PUNCTUATION + "-").rstrip(_PUNCTUATION)
    leaf: Leaf = Word(plain, start)
    if plain.endswith("*"):
        leaf = Prefix(plain.rstrip("*" + _PUNCTUATION), start)
    if not terms(leaf.text):
        ignored += [word] if word else []
        return brackets
    if plain != word and not match.group("field"):
        # Without the punctuation around it, the word may be a field or an operator.
        start += word.index(plain)
        return [*_tokens(query, start, start + len(plain), ignored), *brackets]
    item = _field(query, match, leaf) if match.group("field") else leaf
    return [_Token("item", word, start, item), *brackets]


def _field(query: str, match: re.Match[str], value: Leaf) -> Field:
    name = match.group("field").lower()
    if name in DATE_FIELDS:
        try:
            period(value.text)
        except OptionError as error:
            raise QuerySyntaxError(query, f"{name}: {error}", value.position) from None
    return Field(name, value, match.start())


def _operator(word: str) -> tuple[Unit, int, bool] | None:
    match = _SLASHED.fullmatch(word) or _CAPITALS.fullmatch(word)
    if not match:
        return None
    groups = match.groupdict()
    if groups.get("same"):
        return "paragraph", 0, False
    ordered = groups["name"].lower() in ("pre", "adj")
    unit = groups.get("unit")
    if unit:
        return ("sentence" if unit.lower() == "s" else "paragraph"), 0, ordered
    return "words", min(int(groups["distance"][:4]), MAX_DISTANCE), ordered


def _paired(text: str, tokens: list[_Token], ignored: list[str]) -> list[_Token]:
    """Leave out the brackets without a partner; QuerySyntaxError if they are nested too deeply."""
    open_at: list[int] = []
    alone: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind == "(":
            open_at.append(index)
        elif token.kind == ")" and open_at:
            open_at.pop()
        elif token.kind == ")":
            alone.add(index)
    alone.update(open_at)
    ignored += [tokens[index].text for index in sorted(alone)]
    kept = [token for index, token in enumerate(tokens) if index not in alone]
    depth = 0
    for token in kept:
        depth += (token.kind == "(") - (token.kind == ")")
        if depth > MAX_DEPTH:
            raise QuerySyntaxError(
                text, f"more than {MAX_DEPTH} brackets within brackets: use fewer", token.position
            )
    return kept


class _Parser:
    def __init__(self, tokens: list[_Token], ignored: list[str]) -> None:
        self._tokens = tokens
        self._ignored = ignored
        self._at = 0

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def all(self) -> Item | None:
        items: list[Item] = []
        while (token := self._peek()) and token.kind != ")":
            if token.kind == "AND":
                self._at += 1
                continue
            item = self._either()
            if item is not None:
                items += item.items if isinstance(item, And) else [item]
        return _one_or(And, items)

    def _either(self) -> Item | None:
        items: list[Item] = []
        waiting: str | None = None
        while (token := self._peek()) and token.kind != ")":
            if token.kind == "OR":
                self._at += 1
                if waiting is not None or not items:
                    self._ignored.append(token.text)
                else:
                    waiting = token.text
                continue
            if items and waiting is None:
                break
            if token.kind == "AND":
                break
            item = self._unit()
            if item is not None:
                items += item.items if isinstance(item, Or) else [item]
                waiting = None
        if waiting is not None:
            self._ignored.append(waiting)
        return _one_or(Or, items)

    def _unit(self) -> Item | None:
        negated = False
        while (token := self._peek()) and token.kind == "NOT":
            negated = not negated
            self._at += 1
        item = self._near()
        if item is None or not negated:
            return item
        return item.item if isinstance(item, Not) else Not(item)

    def _near(self) -> Item | None:
        groups: list[tuple[tuple[Unit, int, bool], list[Item]]] = []
        last = self._atom()
        while (token := self._peek()) and token.kind == "near":
            self._at += 1
            following = self._atom() if _is_operand(last) else None
            if following is None or not _is_operand(following) or token.operator is None:
                self._ignored.append(token.text)
                return _both(_nears(groups), None if groups else last, following)
            assert last is not None
            if groups and groups[-1][0] == token.operator:
                groups[-1][1].append(following)
            else:
                groups.append((token.operator, [last, following]))
            last = following
        return _nears(groups) if groups else last

    def _atom(self) -> Item | None:
        token = self._peek()
        if token is None or token.kind in (")", "OR", "AND", "NOT"):
            return None
        self._at += 1
        if token.kind == "(":
            inner = self.all()
            self._at += 1
            return inner
        if token.kind == "near":
            self._ignored.append(token.text)
            return None
        return token.item


def _one_or(kind: type[And] | type[Or], items: list[Item]) -> Item | None:
    if len(items) <= 1:
        return items[0] if items else None
    return kind(tuple(items))


def _both(*items: Item | None) -> Item | None:
    kept: list[Item] = []
    for item in items:
        if item is not None:
            kept += item.items if isinstance(item, And) else [item]
    return _one_or(And, kept)


def _nears(groups: Iterable[tuple[tuple[Unit, int, bool], list[Item]]]) -> Item | None:
    return _one_or(And, [Near(tuple(items), *operator) for operator, items in groups])


def _is_operand(item: Item | None) -> bool:
    """Return whether an item can be an operand of NEAR: a word, a phrase, a prefix, or their OR."""
    if isinstance(item, Or):
        return all(isinstance(each, Leaf) for each in item.items)
    return isinstance(item, Leaf)
