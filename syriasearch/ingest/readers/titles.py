"""Headlines without the name of the site that templates put before or after them.

"Committee meets | The Daily Example" loses the name of the site, "Aleppo - a city divided" nothing:
a part of a title is cut only if it is known to be the site's name, from what the page or the record
says of the site, or from its address, or if the page shows the headline without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...text.authors import is_outlet
from ...text.dates import parse_day
from ...text.normalize import fold
from ...text.patterns import regex
from .base import word_sets

MAX_TITLE = 10_000
"""The maximum number of characters of a title that are searched for the name of a site."""

_SEPARATOR = regex(r" [-‐–—:·•~⋆*/\\]{1,2} | [–—]|[–—] | ?[—|¦｜ㅣ：»«›‹] ?")
_BAR = regex(r"[|¦｜ㅣ»›]")
_BYLINE = regex(r"by [^\W\d_]", re.IGNORECASE)
_COLON = regex(r": ")
_NO_WORD = regex(r"[\W_]+")
_GENERIC = frozenset(
    "the news online english arabic com net org tv website site international official homepage"
    " موقع نت اخبار اونلاين عربي عربيه صحيفه جريده قناه وكاله".split()
)
"""Words that the name of a site has in one place and not in another, folded."""
_NO_LABEL = frozenset(
    "www m ar en arabic english news edition mobile amp com co org net gov edu info ac".split()
)
_DOMAIN = regex(r"(?:www\.)?([\w-]+)\.(?:com|org|net|co\.uk|info|tv|news|[a-z]{2})", re.I)
_NAME_WORDS = 5
"""The maximum number of words in the name of a site that only the shown headline tells apart."""
_HEADLINE_WORDS = 3
"""The minimum number of words in a shown headline that tells it apart."""


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The names of a site, without case, spaces and punctuation."""

    whole: frozenset[str] = frozenset()
    rare: frozenset[str] = frozenset()
    """The names without the words that are common in names of sites."""
    labels: frozenset[str] = frozenset()
    """The labels of its domain."""
    sections: frozenset[str] = frozenset()
    """The sections to which the page says that it belongs."""

    @classmethod
    def of(
        cls,
        names: Iterable[str | None],
        url: str | None = None,
        sections: Iterable[str] = (),
    ) -> SiteNames:
        """Return the names of a site, and those in the address of one of its pages."""
        keys = [_keys(name) for name in names if name and name.strip()]
        return cls(
            frozenset(whole for whole, _ in keys) - {""},
            frozenset(rare for _, rare in keys) - {""},
            _labels(url or ""),
            frozenset(_keys(section)[0] for section in sections) - {""},
        )

    def have(self, text: str) -> bool:
        """Return whether a text is one of the names.

        >>> SiteNames.of(["The Example"], "https://arabic.example.org/1").have("Example News")
        True
        """
        whole, rare = _keys(text)
        if whole in self.whole:
            return True
        if whole == rare and " " not in text.strip() and "." not in text:
            # "Syria" may be a place on the site "Syria News"; "BBC" is no place.
            return whole in self.labels and (text.isupper() or is_outlet(text))
        names = self.whole | self.rare | self.labels
        return whole in names or rare in names

    def end(self, text: str) -> bool:
        """Return whether a text is one of the names, or such a name with a date or author after it.

        >>> SiteNames.of(["DW"]).end("DW – 13.06.2023")
        True
        """
        name, *rest = _SEPARATOR.split(text)
        return self.have(text) or (
            bool(rest)
            and self.have(name)
            and all(parse_day(part) or _BYLINE.match(part) for part in rest)
        )

    def have_section(self, text: str) -> bool:
        """Return whether a text is a section of the site, or of most sites."""
        return (
            _keys(text)[0] in self.sections
            or " ".join(_words(text)) in (word_sets("title_sections")["sections"])
        )


def _keys(name: str) -> tuple[str, str]:
    """Return the key of a name, and that without common words."""
    domain = _DOMAIN.fullmatch(name.strip())
    words = _words((domain[1] if domain else name[:200]).lstrip("@"))
    return "".join(words), "".join(word for word in words if word not in _GENERIC)


def _labels(url: str) -> frozenset[str]:
    host = re.match(r"https?://([\w.-]{1,253})(?:[:/?#]|$)", url)
    labels = host[1].lower().split(".")[:-1] if host else []
    return frozenset(
        label.replace("-", "") for label in labels if len(label) > 1 and label not in _NO_LABEL
    )


def headline(title: str, site: SiteNames, *, shown: Iterable[str] = (), colon: bool = False) -> str:
    """Return a title without the names of its site at its beginning and end.

    `shown` are headlines that the page itself shows; `colon` allows that a name which a colon
    follows is cut too, unless it is shown.

    >>> site = SiteNames.of(["The Daily Example"])
    >>> headline("Aleppo - a city divided | The Daily Example", site)
    'Aleppo - a city divided'
    >>> headline("Talks end in Geneva – Example News", SiteNames(), shown=["Talks end in Geneva"])
    'Talks end in Geneva'
    """
    title = " ".join(title.split())
    if len(title) > MAX_TITLE:
        return title
    folded = {" ".join(_words(each)) for each in shown if len(_words(each)) >= _HEADLINE_WORDS}
    named = False
    while True:
        for part, rest, is_tail in _parts(title):
            if (site.end(part) if is_tail else site.have(part)) or (is_tail and _is_known(part)):
                title, named = rest, True
                break
            is_barred = is_tail and _BAR.search(title[len(rest) : len(title) - len(part)])
            if named and is_barred and site.have_section(part):
                title = rest
                break
            is_shown = " ".join(_words(rest)) in folded
            # What precedes a dash is the subject of a headline rather than a name.
            may_be = is_tail or bool(_BAR.match(title[len(part) :].lstrip()))
            if is_shown and (named or (may_be and _may_be_name(part, rest))):
                return rest
        else:
            break
    found = _COLON.search(title) if colon else None
    if found and site.have(title[: found.start()]) and title[found.end() :]:
        is_own = any(shown_title.startswith(" ".join(_words(title))) for shown_title in folded)
        title = title if is_own else title[found.end() :]
    return title


def _words(text: str) -> list[str]:
    return _NO_WORD.sub(" ", fold(text).casefold()).split()


def _parts(title: str) -> list[tuple[str, str, bool]]:
    """Return the last and the first part of a title, each with the rest, and whether it is last.

    Longer ends and beginnings follow: a name may contain a separator itself.
    """
    cuts = list(_SEPARATOR.finditer(title))
    tails = [(title[cut.end() :], title[: cut.start()], True) for cut in reversed(cuts[-3:])]
    heads = [(title[: cut.start()], title[cut.end() :], False) for cut in cuts[:3]]
    return [(part, rest, tail) for part, rest, tail in (*tails, *heads) if part and rest]


def _is_known(part: str) -> bool:
    """Return whether a part is the name of a known outlet, of two words at least."""
    return " " in part.strip() and is_outlet(part)


def _may_be_name(part: str, rest: str) -> bool:
    """Return whether a part that a page does not show looks like a name rather than a clause."""
    words = part.split()
    return (
        len(words) <= _NAME_WORDS
        and len(words) <= len(rest.split())
        and not re.search(r"[\d?!؟…“”\"‘«»:]", part)
        and not any(word[:1].islower() and len(word) > 3 for word in words)
    )
