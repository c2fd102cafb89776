"""Blocks of a piece of HTML, as it occurs in feeds, JSON and tables.

The time it takes is proportional to the length of the text, whatever it contains: nothing is
nested, and nothing is searched twice.
"""

from __future__ import annotations

from ...text.patterns import regex
from .plain_text import Block, split_glued

_TAG = regex(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})[^<>]*>|<[!?][^<>]*>")
_HIDDEN = frozenset("script style noscript svg template iframe object select button form".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 head header hr html li main nav ol p pre section summary table tbody"
    " td th thead title tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NAMES = regex(r"<!--|<([a-zA-Z]{1,10})(?=[\s>/])")


def without_hidden(text: str, *, metadata: bool = False) -> str:
    """Return HTML without comments, scripts and the like; with `metadata`, JSON-LD is kept."""
    lower = text.lower() if text.isascii() else text.replace("İ", "I").lower()
    if len(lower) != len(text):
        lower = text  # a letter's lower case is longer than it: tags in capitals then stay
    pieces: list[str] = []
    unclosed: set[str] = set()
    last = at = 0
    while found := _NAMES.search(text, at):
        name = (found[1] or "!--").lower()
        at = found.end()
        if name in unclosed or (name != "!--" and name not in _HIDDEN):
            continue
        if metadata and name in ("form", "button", "select", "object", "template", "iframe"):
            continue
        closing = "-->" if name == "!--" else f"</{name}"
        end = lower.find(closing, at)
        if end < 0:
            unclosed.add(name)
            continue
        end = lower.find(">", end) + 1 or len(text)
        if metadata and name == "script" and "ld+json" in lower[at : lower.find(">", at) + 1]:
            at = end
            continue
        pieces += [text[last : found.start()], " "]
        last = at = end
    return "".join([*pieces, text[last:]])


def html_blocks(text: str) -> list[Block]:
    """Return the paragraphs of a piece of HTML, with headings and captions marked.

    Each list item and each table row is a paragraph, and a line break ends one.

    >>> html_blocks("<h2>Talks</h2><p>They &amp; we.<br>So.")
    [Block(kind='heading', text='Talks'), Block(kind='body', text='They & we.'), \
Block(kind='body', text='So.')]
    """
    from html import unescape

    text = without_hidden(text)
    blocks: list[Block] = []
    pieces: list[str] = []
    kind = "body"

    def flush() -> None:
        plain = " ".join(unescape("".join(pieces)).split()).strip("· ")
        pieces.clear()
        if plain and kind == "body":
            blocks.extend(Block("body", piece) for piece in split_glued(plain))
        elif plain:
            blocks.append(Block(kind, plain))

    last = 0
    for tag in _TAG.finditer(text):
        pieces.append(text[last : tag.start()])
        last = tag.end()
        name = (tag[2] or "").lower()
        if name in ("td", "th"):
            pieces.append(" · " if not tag[1] else "")
        elif name in _BLOCKS:
            flush()
            if name != "br":
                opened = not tag[1]
                heading = "heading" if name in _HEADINGS else "caption"
                named = name in _HEADINGS or name == "figcaption"
                kind = heading if opened and named else "body"
    pieces.append(text[last:])
    flush()
    return blocks
