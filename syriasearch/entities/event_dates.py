"""Dates of events: which event a name means, by the day of the article and the year next to it.

The same name may be that of several events: Vienna talks were held in 2015 and in 2018. What speaks
against an event is

- a year, or a month and a year, next to its name that is not its own: the Vienna talks of 2014;
- an article that was published before the event began, unless it is of a kind that is announced;
- for kinds that come again (talks, truces), an article published a year after its end or later,
  unless the sentence gives the year.

Of several events that are left, the one whose year is next to the name is meant, or else the one
during or shortly after which the article was published, or the one whose year the sentence gives.
If that does not leave one, or two of these disagree, none is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..models.entity import Entity
from ..text.arabic import name_key
from ..text.dates import month_numbers, period
from ..text.patterns import regex
from ..text.tokenize import terms
from ..text.word_lists import read_word_lists
from .gazetteer import DATA
from .reasons import OF_ITS_TIME, OF_ITS_YEAR, OTHERWISE, WEAK

if TYPE_CHECKING:
    from .matcher import Name

ZONES = 1
"""Days by which an article may precede an event: it may have been written in another time zone."""
ANNOUNCED = 90
"""Days by which an article may precede an event of a kind that is announced."""
UPCOMING = 30
"""Days by which it may do so if it is one of many rounds: next month's talks, not next year's."""
COUNTED = 365
"""Days by which it may do so if the name has a number: Geneva II."""
RECENT = 180
"""Days after an event within which a name is taken for it rather than for an earlier one."""
REPEATED = 365
"""Days after which the name of an event that comes again is no longer taken for this one."""
SHORT = 31
"""Maximum number of days of an event that can have no other year next to its name than its own."""
REACH = 80
"""Number of characters after a name in which its own year is looked for."""
SENTENCE = 240
"""Number of characters on either side of a name in which its sentence is looked for."""

AGAINST, UNDECIDED, NEAR, RECENT_ENOUGH, DURING, STATED = range(6)
"""How well an event fits, the best last: its year is in the sentence, the article is from shortly
before or after it, or from its time, its year is next to the name."""
YEAR = regex(r"(?:1[89]|20)\d\d")
"""The pattern of a year."""
_BEFORE = regex(
    r"(?:(\w+)\.?,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?((?:1[89]|20)\d\d)(?:['’]s)?\s+$"
)
_DATED = regex(
    r"(?:(?<!\w)(\w+)\.?,?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?)?(?<!\w)((?:1[89]|20)\d\d)(?!\w)"
)
_RANGE = regex(r"\s?[–-]\s?((?:1[89]|20)?\d\d)(?!\w)")
_BREAK = regex(r"[.!?؟…]\s+(?=[^\W\d_a-z])|\n")
_FOUR_DIGITS = regex(r"\d{4}")
_WORD = regex(r"\w+")
_GAP = regex(r"[\s(]+|[\s,()/–-]+|\.\s")
_DATE_NUMBER = regex(rf"\d{{1,2}}(?:st|nd|rd|th)?|{YEAR.pattern}")


@dataclass(frozen=True)
class EventWords:
    """The lists of `data/event_words.txt`, which explains them."""

    announced: frozenset[str]
    repeated: frozenset[str]
    rounds: frozenset[str]
    repeated_if_dated: frozenset[str]
    ordinals: frozenset[str]
    generic: frozenset[str]
    linking: frozenset[str]


@cache
def event_words() -> EventWords:
    """Return the words in the names of events."""
    lists = read_word_lists(DATA / "event_words.txt")
    return EventWords(**{name: frozenset(words) for name, words in lists.items()})


class When(NamedTuple):
    """A year next to a name, or a year and a month, as the beginning of an ISO date."""

    text: str
    precedes: bool = False
    """Whether it comes before the name: the 2013 attack."""
    until: str = ""
    """The last year, if it is the first of a range: the siege of Homs (2011–14)."""


class _Times(NamedTuple):
    """The days, as ISO dates, from which on and until which a name may mean an event."""

    first: str
    last: str
    earliest: str
    """The first day of an article about it."""
    recent: str
    """The last day of an article that more likely means this one than an earlier one."""
    latest: str
    """The last day of an article about it."""
    short: bool
    repeated: bool
    numbered: bool
    """Whether the name has its year or its number, so that a year next to it says nothing."""

    def has(self, time: str) -> bool:
        """Return whether the event was, at least in part, in a year or a month."""
        length = len(time)
        return self.first[:length] <= time <= self.last[:length]


class Decision(NamedTuple):
    """The names that a match may have, after events that dates speak against are left out."""

    names: list[Name]
    reason: str | None = None
    """Why the event is meant, if there were several."""


def decide(
    names: Sequence[Name],
    text: str,
    span: tuple[int, int],
    published: str | None,
    certain: AbstractSet[str] = frozenset(),
    possible: set[str] | None = None,
) -> Decision:
    """Return the names of a match at a span of a text whose events fit its date and the article's.

    `certain` are slugs of entities that the article names otherwise; they also count if only the
    day of the article leaves them open. The slugs of events that would count so are added to
    `possible`.
    """
    events = [name for name in names if name.entity.type == "event"]
    others = [name for name in names if name.entity.type != "event"]
    when = find_year(text, *span)
    sentence = _Sentence(text, span, several=len(events) > 1)
    fits = {name.entity.slug: _fit(name, when, published, sentence) for name in events}
    best = max(fits.values())
    # A year in the sentence that is another event's makes it doubtful that the article's is meant.
    doubts = {NEAR} if best in (RECENT_ENOUGH, DURING) else set()
    chosen = [
        name for name in events if best > AGAINST and fits[name.entity.slug] in {best, *doubts}
    ]
    if len(chosen) == 1:
        reason = OF_ITS_YEAR if best in (NEAR, STATED) else OF_ITS_TIME
        return Decision(
            [*others, *chosen], reason.format(count=len(events)) if len(events) > 1 else None
        )
    open_ones = chosen or [name for name in events if _states(name, when) is not False]
    if possible is not None:
        possible.update(name.entity.slug for name in open_ones)
    kept = [name for name in open_ones if name.entity.slug in certain]
    if len(kept) != 1:
        return Decision(others)
    if len(events) == 1:
        return Decision([*others, *kept], WEAK.format(name=kept[0].entity.name))
    return Decision([*others, *kept], OTHERWISE.format(count=len(events)))


def _fit(name: Name, when: When | None, published: str | None, sentence: _Sentence) -> int:
    """Return how well an event fits: from AGAINST to STATED."""
    times = _times(name.entity, name.alias)
    stated = _states(name, when)
    if stated is not None:
        return STATED if stated else AGAINST
    if times is None:
        return UNDECIDED
    if published is not None:
        if published < times.earliest:
            return AGAINST
        if times.first <= published <= times.last:
            return DURING
        if published <= times.recent:
            return RECENT_ENOUGH
    fitting = UNDECIDED if published is None or published <= times.latest else AGAINST
    if (sentence.several or fitting == AGAINST) and any(map(times.has, sentence.times)):
        return NEAR
    return fitting


def _states(name: Name, when: When | None) -> bool | None:
    """Return whether the text states the time of an event or another one; None for neither."""
    times = _times(name.entity, name.alias)
    if when is None or times is None or times.numbered:
        return None
    whole = when.text[:4] <= times.first[:4] and times.last[:4] <= when.until
    if whole or times.has(when.text):
        return True
    after = when.text > times.last[: len(when.text)]
    return None if after and not (times.short or times.repeated or when.precedes) else False


@lru_cache(maxsize=1 << 12)
def _times(event: Entity, alias: str) -> _Times | None:
    """Return when an alias may mean an event; None if it is not known when it was."""
    if event.since is None:
        return None
    words = event_words()
    key = set(name_key(alias).split())
    own = set(name_key(event.name).split())
    dated = any(map(YEAR.fullmatch, key))
    counted = dated or any(word.isdigit() for word in key) or not key.isdisjoint(words.ordinals)
    repeated = not counted and not own <= key and not key.isdisjoint(words.repeated)
    if not counted and any(map(YEAR.fullmatch, own)):
        repeated = repeated or not key.isdisjoint(words.repeated_if_dated)
    announced = not words.announced.isdisjoint(own | key)
    first, last = _first_day(event.since), _last_day(event.until)
    is_round = repeated and not key.isdisjoint(words.rounds)
    before = COUNTED if counted else UPCOMING if is_round else ANNOUNCED
    return _Times(
        first=first,
        last=last,
        earliest="" if dated and announced else _moved(first, -(before if announced else ZONES)),
        recent=_moved(last, RECENT),
        latest=_moved(last, REPEATED) if repeated else _END,
        short=_moved(first, SHORT) > last,
        repeated=repeated,
        numbered=counted,
    )


_END = "9999-12-31"


def _first_day(text: str) -> str:
    return period(text)[0] or ""


def _last_day(text: str | None) -> str:
    return _moved(period(text)[1] or _END, -1) if text else _END


def _moved(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days)).isoformat()
    except OverflowError:
        return _END


def find_year(text: str, start: int, end: int) -> When | None:
    """Return the year, and perhaps the month, that a text gives for a name at [start, end).

    >>> find_year("the August 2013 attack", 16, 22)
    When(text='2013-08', precedes=True, until='')
    >>> find_year("Talks in Vienna, held in Oct. 2015", 0, 15)
    >>> find_year("Talks in Vienna held in Oct. 2015", 0, 15)
    When(text='2015-10', precedes=False, until='')
    """
    # Most names have no year near them, and the patterns of dates take their time.
    near = _FOUR_DIGITS.search(text, max(0, start - 8), start)
    found = _BEFORE.search(text, max(0, start - 40), start) if near else None
    if found:
        month = _month(found[1].lower()) if found[1] else None
        return When(_iso(found[2], month), precedes=True)
    if not _FOUR_DIGITS.search(text, end, end + REACH):
        return None
    months: list[int] = []
    previous = ""
    for word, last in _words_after(text, end):
        if YEAR.fullmatch(word):
            # April–August 2018 is any month of 2018.
            month = months[0] if len(set(months)) == 1 else None
            span = _RANGE.match(text, last)
            until = word[: 4 - len(span[1])] + span[1] if span else ""
            return When(_iso(word, month), until=until)
        months += filter(None, (_month(word) or _month(f"{previous} {word}"),))
        previous = word
    return None


def _words_after(text: str, end: int) -> Iterator[tuple[str, int]]:
    """Yield the words that may be part of a date after a name, folded, and the end of each."""
    last, is_month = end, False
    for found in _WORD.finditer(text, end, end + REACH):
        gap = text[last : found.start()]
        word = str(int(found[0])) if found[0].isdecimal() else "".join(terms(found[0]))
        # A full stop ends the sentence, except after a month; only a bracket may open the date.
        if not _GAP.fullmatch(gap) or (last == end and gap.strip() not in ("", "(")):
            return
        if "." in gap and not is_month:
            return
        is_month = _month(word) is not None
        if not (is_month or word in event_words().linking or _DATE_NUMBER.fullmatch(word)):
            return
        last = found.end()
        yield word, last


class _Sentence:
    """The sentence around a name."""

    def __init__(self, text: str, span: tuple[int, int], *, several: bool) -> None:
        """`several` is whether several events have the name."""
        self.several = several
        self._text = text
        self._span = span

    @cached_property
    def times(self) -> list[str]:
        """The years in it, or months with a year, as beginnings of ISO dates."""
        start, end = self._span
        begin = max(0, start - SENTENCE)
        for found in _BREAK.finditer(self._text, begin, start):
            begin = found.end()
        stop = _BREAK.search(self._text, end, end + SENTENCE)
        sentence = self._text[begin : stop.start() if stop else end + SENTENCE]
        return [
            _iso(found[2], _month(found[1].lower()) if found[1] else None)
            for found in _DATED.finditer(sentence)
        ]


def _month(word: str) -> int | None:
    return month_numbers().get(word)


def _iso(year: str, month: int | None) -> str:
    return f"{int(year):04}" + (f"-{month:02}" if month else "")
