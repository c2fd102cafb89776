"""HTML's character references (`&amp;`, `&#8217;`) in values that are not HTML.

Who saves pages as JSON or tables often leaves them in titles and texts. They are decoded once, and
only with their semicolon: `AT&T`, `R&D` and the address `?a=1&copy=2` contain none.
"""

from __future__ import annotations

import re
from html import unescape

from ...text.patterns import regex

_REFERENCE = regex(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,31});")
_NOT_MARKUP = regex(r"&(?!(?:lt|gt|#60|#62|#x3[ceCE]);)[#\w]{2,33};", re.ASCII)
_SPACES = str.maketrans("\xa0\u202f", "  ")


def decode_references(text: str) -> str:
    """Return a text with its references decoded once; spaces that do not break become spaces.

    >>> decode_references("US &amp; Russia: &#8216;no deal&#8217;")
    'US & Russia: ‘no deal’'
    >>> decode_references("&amp;lt; stands for &lt;, at AT&T")
    '&lt; stands for <, at AT&T'
    """
    return _decoded(_REFERENCE, text)


def decode_repeated(text: str) -> str:
    """Return text of a page, decoded already, without what is left of references encoded twice.

    Templates encode a headline twice. `&lt;` and `&gt;` stay: the text may be about markup.

    >>> decode_repeated("US &amp; Russia, and how to write &lt;b&gt;")
    'US & Russia, and how to write &lt;b&gt;'
    """
    return _decoded(_NOT_MARKUP, text)


def page_line(value: object) -> str:
    """Return a value of a page on one line, decoded if it is encoded twice; empty if no text."""
    return " ".join(decode_repeated(value).split()) if isinstance(value, str) else ""


def _decoded(pattern: re.Pattern[str], text: str) -> str:
    if "&" not in text:
        return text
    return pattern.sub(lambda found: unescape(found[0]).translate(_SPACES), text)
