"""Names of villages in a text that is nothing but the name of a place.

A query, a row of a list or a field of a record has no sentence around it: Hazwan; Hazwan, Al-Bab;
قرية حزوان بريف حلب. It is cut into parts at punctuation and at words like in, near, and; words for
kinds and for directions are dropped at the ends of a part. A part that is the name of a village
means it if other parts do not say otherwise: the places that they name must contain it or be near
it. Names are looked up as they are spelt, then by their folded and at last by their bare keys. If a
name belongs to several places, all are candidates, and the reason of each says so.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from ...models.entity import Entity, Mention
from ...text.arabic import has_arabic, name_key, without_article
from ...text.patterns import regex
from ..reasons import ONE_OF, PLACE_ALONE
from ..rules.cue_words import common_words
from .choice import Unit, agreeing, clusters, kilometres
from .cues import is_word, place_cues, without_particles
from .table import Village, Villages

MAX_LENGTH = 100
"""Maximum length of a text that may be only a name."""
MAX_PARTS = 8
MAX_TOLD = 8
"""Maximum number of places of one name that are listed; more of them say nothing."""
NEAR_KM = 30.0
"""Distance up to which a place is near another one."""
_CUT = regex(
    r"[,،:;()/\[\]]+|\s[-–—]\s"
    r"|(?<!\w)(?:near|in|of|at|between|and|or|from|to|the|with|linking|opposite|known as)(?!\w)"
    r"|(?<!\w)(?:بالقرب من|قرب|في|بين|أو|او|من|إلى|الى|على|و)(?!\w)",
    re.IGNORECASE,
)
_LOWER = regex(r"(?<![\w'’‘`ʿʾ-])[a-z]{2,}")
_MARKS = ".!?؟\"'“”‘’«»*|"
_ARTICLE_WORDS = frozenset(
    "al el ul ad adh an ar as ash at ath az ed en er es esh et ez wa".split()
)
_DIRECTIONS = frozenset(
    """north south east west northern southern eastern western northeast northwest southeast
    southwest northeastern northwestern southeastern southwestern central rural vicinity outskirts
    countryside road street axis front line region province governorate bridge crossing junction
    several parts unspecified possibly border borders
    شمال جنوب شرق غرب شمالي جنوبي شرقي غربي ريف بريف محيط اطراف طريق اوتستراد محافظه جسر مفرق
    معبر""".split()
)


class Part(NamedTuple):
    """A part of a text, at [start, end), without words for kinds and directions at its ends."""

    start: int
    end: int
    keys: tuple[str, ...]
    called: bool
    """Whether a word for a kind is next to it."""
    capital: bool
    """Whether it begins like a name: with a capital, or in Arabic script."""
    lower: bool
    """Whether it has words in lower case that are no articles, as sentences have."""


def read_parts(text: str) -> list[Part] | None:
    """Return the parts of a text, None if it is too long for a name."""
    if len(text) > MAX_LENGTH or "\n" in text.strip():
        return None
    found = []
    ends = [*((cut.start(), cut.end()) for cut in _CUT.finditer(text)), (len(text), len(text))]
    start = 0
    for end, following in ends:
        part = _part(text, start, end)
        if part:
            found.append(part)
        start = following
    if len(found) > MAX_PARTS:
        return None
    return found


def _part(text: str, start: int, end: int) -> Part | None:
    words = [(match.start(), match.end()) for match in re.finditer(r"\S+", text[start:end])]
    spans = [(start + first, start + last) for first, last in words]
    called = False

    def dropped(span: tuple[int, int]) -> bool:
        forms = without_particles(name_key(text[slice(*span)]))
        nonlocal called
        if not place_cues().kinds.isdisjoint(forms):
            called = True
            return True
        return not _DIRECTIONS.isdisjoint(forms)

    while spans and dropped(spans[-1]):
        spans.pop()
    while spans and dropped(spans[0]):
        spans.pop(0)
    if not spans:
        return None
    first, last = spans[0][0], spans[-1][1]
    last = first + len(text[first:last].rstrip(_MARKS))
    first = last - len(text[first:last].lstrip(_MARKS))
    name = text[first:last]
    key = name_key(name)
    keys = [key] if key else []
    if has_arabic(key):
        initial, _, rest = key.partition(" ")
        forms = map(without_article, without_particles(initial)[1:])
        keys += [f"{form} {rest}".strip() for form in forms]
    initials = [text[start] for start, _ in spans if name_key(text[start:last]) == key]
    capital = has_arabic(key) or any(map(str.isupper, initials))
    lower = any(word not in _ARTICLE_WORDS for word in _LOWER.findall(name))
    return Part(first, last, tuple(dict.fromkeys(keys)), called, capital, lower) if keys else None


def villages_alone(
    table: Villages,
    parts: Sequence[Part],
    mentions: Sequence[Mention],
    units: Sequence[tuple[Mention, Unit]],
    known: Container[str],
) -> Iterator[tuple[Part, list[Village], str]]:
    """Yield the parts that are names of villages, the places that they may mean, and the reason.

    `mentions` are the other names in the text, and `units` the places of Syria among them. Of more
    than `MAX_TOLD` places, only one that is `known`, by its slug, counts.
    """
    if any(part.lower and not table.exact(part.keys[0]) for part in parts):
        return
    for part in parts:
        if not _may_be_village(part, mentions):
            continue
        others = [
            unit
            for mention, unit in units
            if mention.end <= part.start or part.end <= mention.start
        ]
        groups = _places(table, part, others)
        if len(groups) > MAX_TOLD:
            groups = [group for group in groups if any(row.slug in known for row in group)][:1]
        if 0 < len(groups) <= MAX_TOLD:
            one = len(groups) == 1
            reason = PLACE_ALONE if one else ONE_OF.format(count=len(groups))
            yield part, [group[0] for group in groups], reason


def _may_be_village(part: Part, mentions: Sequence[Mention]) -> bool:
    key = part.keys[0]
    if not part.capital:
        return False
    if " " not in key and (is_word(key) or key in common_words()) and not part.called:
        return False
    cues = place_cues()
    for mention in mentions:
        if part.start < mention.end and mention.start < part.end:
            whole = mention.start <= part.start + 3 and part.end <= mention.end
            known = mention.recognizer != "rules"
            if known and (whole or mention.entity.type == "person"):
                return False
            if mention.entity.type != "place" and not (
                part.called or known or key.partition(" ")[0] in cues.placed
            ):
                return False
    return True


def _places(table: Villages, part: Part, units: Sequence[Unit]) -> list[list[Village]]:
    """Return the places that a part may mean, in groups of those that are one."""
    for look_up in (table.exact, table.folded, table.bare):
        for key in part.keys:
            if look_up == table.bare and (has_arabic(key) or len(key) < 4):
                continue
            rows = look_up(key)
            if units:
                near = [row for row in rows if _is_near(row, units)]
                rows = near or agreeing(rows, units)
            if rows:
                order = {"Town": 0, "Village": 1}
                return clusters(sorted(rows, key=lambda row: order.get(row.kind, 2)))
    return []


def _is_near(row: Village, units: Sequence[Unit]) -> bool:
    here = row.latitude, row.longitude
    return any(unit.point and kilometres(here, unit.point) <= NEAR_KM for unit in units)


def as_mentions(text: str, part: Part, rows: Sequence[Entity], reason: str) -> Iterator[Mention]:
    """Yield the mentions of the places that a part may mean."""
    for entity in rows:
        surface = text[part.start : part.end]
        yield Mention(part.start, part.end, surface, entity, "gazetteer", reason)
