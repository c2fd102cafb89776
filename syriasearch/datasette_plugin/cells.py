"""Highlights inside a cell of a table.

Two control characters mark what is found. Ingest removes control characters from every text, and so
do the functions, so no article can contain them. A page shows them as `<mark>`, with everything
else escaped; JSON and CSV have the characters themselves.
"""

from __future__ import annotations

import html
import re

from markupsafe import Markup

from .. import Snippet

OPEN, CLOSE = "\x02", "\x03"

_MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_MARK = re.compile(f"[{OPEN}{CLOSE}]")


def marked(snippet: Snippet, opening: str = OPEN, closing: str = CLOSE) -> str:
    """Return a snippet as one line, with these marks around what is found."""
    text = Snippet(snippet.text).to_text()
    pieces = ["…"] if snippet.cut_before else []
    last = 0
    for start, end in snippet.highlights:
        pieces += [text[last:start], opening, text[start:end], closing]
        last = end
    pieces += [text[last:], "…" if snippet.cut_after else ""]
    return "".join(pieces)


def as_html(value: object) -> Markup | None:
    """Return the safe HTML of a cell that has marks; None for any other cell."""
    if not isinstance(value, str) or not _MARKED.search(value):
        return None
    escaped = _MARKED.sub(r"<mark>\1</mark>", html.escape(value))
    return Markup(f'<span dir="auto">{_MARK.sub("", escaped)}</span>')
