"""Rules that find names in a text that are not in the gazetteer.

Runs of capitalized words are read from left to right. A match of the gazetteer in them is kept
unless it is part of a longer name; other words are a name if a cue shows it:

- heads: the run ends in a word for an organization or a site (Syrian Observatory, Mosul Dam);
- extension: the name with such a head continues after `of` or `for` (Observatory for Human Rights);
- titles: a word for a person's office precedes it (Colonel Ryan Dillon);
- parts: all its words are parts of names (Ryan Dillon);
- particles: it contains a particle of names (Abu Jandal al-Kuwaiti);
- neighbours: a lone known surname follows another first name (Asma Assad);
- speech: a verb of saying follows a capitalized word (Dillon said);
- settlements: a word for a settlement is next to it (the town of Marea);
- acronyms: it is in capitals, or has them within, or is an address (SRTF, ProPublica, Hotair.com);
- cities: it is the name of a city (`world_places`), behind `in` if it may be a person's;
- roles, kinds, addresses: what `evidence` finds next to it (the activist Mostafa Baly; the French
  company Total; in Hammond, Indiana);
- spellings: it is for certain a spelling of a known person's name (`spelling_rule`).

No other names are guessed: a capital alone does not make a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...text.patterns import regex
from ..matcher import Found
from .capitalized import CapitalizedWord, Run, capitalized_runs, has_title_case
from .cue_words import common_words, cue_words, name_parts
from .evidence import EvidenceFinder
from .heads import Guess as Guess
from .heads import HeadRule
from .spelling_rule import SpellingRule, may_be_spelt
from .word_kinds import WordKinds

RULES = frozenset(
    "heads extension titles parts particles neighbours speech settlements acronyms"
    " roles kinds addresses cities spellings".split()
)
"""The rules that find names; each may be left out."""

_OFFICE = regex(r"\b(?:[Ss]ecretary|[Mm]inister)\sof\s(?:the\s)?$")
_THE = regex(r"\b[Tt]he\s$")
_DOMAIN = regex(r"\.(?:com|org|net)(?![\w/]|\.\w)")
_IN_ADDRESS = regex(r"[.:]\S*/$")
_MARKS, _ENDS = frozenset("@#_"), ("jr", "sr", "jnr")
_ADJECTIVE = ("ian", "ese", "ish", "can")
MAX_RUN = 8
"""Maximum number of words in a run; longer runs are lists."""
MAX_PERSON = 5
"""Maximum number of words in a person's name."""


class RuleFinder:
    """A finder of names by rules, one paragraph at a time."""

    def __init__(
        self, rules: frozenset[str] = RULES, spellings: SpellingRule | None = None
    ) -> None:
        self._rules = rules
        self._spellings = spellings if "spellings" in rules else None
        self._parts = name_parts()
        self._kinds = WordKinds()
        self._heads = HeadRule(rules)
        self._common = common_words()
        self._words = words = cue_words()
        self._titles_only = words.titles - words.namelike_titles
        self._not_neighbours = words.titles | words.ranks | words.nobody
        self._evidence = EvidenceFinder(words)
        self._said = regex(rf"\s(?:{'|'.join(words.speech)})\b")
        settlements = "|".join(words.settlements)
        self._settlement_after = regex(rf"\s(?:{settlements})\b")

    def find(self, text: str, known: Sequence[Found]) -> list[Guess]:
        """Return names, by offset, given the matches of the gazetteer; none in a headline.

        A guess that contains a match is longer than it.
        """
        guesses = self._find(text, known)
        return [] if guesses and has_title_case(text) else guesses

    def _find(self, text: str, known: Sequence[Found]) -> list[Guess]:
        guesses: list[Guess] = []
        runs = capitalized_runs(text, known)
        heads, end = self._words.heads, 0
        for index, run in enumerate(runs, start=1):
            if len(run) > MAX_RUN or (len(run) == 1 and run[0].known):
                # A list on a page, and not a name; or a name as the gazetteer has it.
                continue
            if run[0].start < end:
                run = [word for word in run if word.start >= end]
            following = runs[index] if index < len(runs) else []
            if self._spellings and may_be_spelt(text, run, following):
                for found in self._spellings.names(text, run, following):
                    before = [word for word in run if word.end <= found.start]
                    self._in_run(text, before, [], guesses)
                    guesses.append(Guess(found.start, found.end, "", "spellings", found))
                    end = found.end
                    run = [word for word in run if word.start >= end]
            if not run:
                continue
            count = len(guesses)
            if len(run) > 1 or run[0].low in heads:
                self._in_run(text, run, following, guesses)
            elif not run[0].known:
                guess = self._lone(text, run[0], following, alone=True)
                if guess:
                    guesses.append(guess)
            for guess in guesses[count:]:
                end = max(end, guess.end)
        return guesses

    def _in_run(self, text: str, run: Run, following: Run, guesses: list[Guess]) -> None:
        """Add the names in a run to the guesses."""
        while run and (
            guess := self._heads.find(text, run, following) or self._heads.find_first(run)
        ):
            before = [word for word in run if word.end <= guess.start]
            self._add_persons(text, before, [], guesses)
            guesses.append(guess)
            run = [word for word in run if word.start >= guess.end]
        self._add_persons(text, run, following, guesses)

    def _add_persons(self, text: str, run: Run, following: Run, guesses: list[Guess]) -> None:
        """Add the names of persons, and other names, in a run without heads."""
        index = 0
        while index < len(run):
            if run[index].known is not None and not self._has_neighbour(run, index):
                index += 1
                continue
            first = self._after_titles(text, run, index)
            if first == len(run):
                return
            end = first
            while end < len(run) and self._continues(run, first, end):
                end += 1
            name = run[first:end]
            titled = first > index
            after = following if end == len(run) else []
            guess = None
            if len(name) > 1 and not titled:
                guess = self._shown(text, name, after)
            if guess is None and name:
                honored = titled and run[first - 1].low in self._words.honorifics
                guess = self._person(name, titled=titled, honored=honored)
            if guess is None and len(name) > 1:
                guess = self._shown_person(text, name)
            if guess is None and run[first].known is None:
                guess = self._lone(text, run[first], after, alone=len(run) == 1)
            if guess is None and len(name) > 1 and not any(word.known for word in name):
                guess = Guess(name[0].start, name[-1].end, "", "lone")
            if guess:
                guesses.append(guess)
            index = max(end, first + 1)

    def _after_titles(self, text: str, run: Run, index: int) -> int:
        """Return the index of the first word of a name after its titles."""
        words = self._words
        after = first = index
        while index < len(run) and run[index].known is None:
            low = run[index].low
            if low in words.titles:
                after = index + 1
            elif low in words.ranks:
                if first == 0 and _OFFICE.search(text, max(0, run[0].start - 30), run[0].start):
                    after = index + 1
            elif low not in words.demonyms:
                break
            index += 1
        return after

    def _continues(self, run: Run, first: int, index: int) -> bool:
        """Return whether a word continues the name that begins at `first`."""
        word = run[index]
        if index - first >= MAX_PERSON:
            return False
        if index > first and (word.low in self._titles_only or run[index - 1].low in _ENDS):
            return False
        if word.known is not None:
            return self._has_neighbour(run, index)
        return word.low not in self._words.nobody

    def _has_neighbour(self, run: Run, index: int) -> bool:
        """Return whether a known name of one word is only part of a longer person's name."""
        word = run[index]
        if (
            len(run) < 2
            or " " in word.text
            or "neighbours" not in self._rules
            or not (word.is_known("person") or (word.is_known("place") and word.low in self._parts))
        ):
            return False
        return any(
            other.known is None
            and self._kinds.is_part(other)
            and other.low not in self._not_neighbours
            and other.low not in self._common
            for other in (*run[max(0, index - 1) : index], *run[index + 1 : index + 2])
        )

    def _person(self, name: Run, *, titled: bool, honored: bool) -> Guess | None:
        rules, common = self._rules, self._common
        plain = [word for word in name if word.known is None]
        lows = [word.low for word in plain]
        if not plain or not self._words.heads.isdisjoint(lows):
            return None
        if all(len(low) == 1 or "." in low for low in lows):
            return None
        rule = None
        if titled and "titles" in rules:
            if honored or all(
                word.low not in common or self._kinds.is_part(word) for word in plain
            ):
                rule = "titles"
        elif (
            len(name) < 2
            or "&" in lows
            or "parts" not in rules
            or lows[0] in common
            or lows[-1] in common
        ):
            return None
        elif "particles" in rules and common.isdisjoint(lows) and self._kinds.has_particle(plain):
            rule = "particles"
        elif self._kinds.is_part(plain[0]) and (
            len(name) == 2 or all(map(self._kinds.is_part, plain))
        ):
            rule = "parts"
        return Guess(name[0].start, name[-1].end, "person", rule) if rule else None

    def _shown(self, text: str, name: Run, following: Run) -> Guess | None:
        """Return the name of a place or an organization, by the words next to it."""
        start, end = name[0].start, name[-1].end
        if (following and following[0].known) or self._evidence.has_hint(text, start, end):
            guess = self._by_evidence(text, name, following)
            if guess:
                return guess
        if len(name) > 2 and "kinds" in self._rules and any(word.text == "&" for word in name):
            if name[0].low not in self._common and not any(word.known for word in name):
                return Guess(start, end, "organization", "kinds")
        elif "cities" in self._rules and self._kinds.is_city(name, text):
            return Guess(start, end, "", "cities")
        return None

    def _by_evidence(self, text: str, name: Run, following: Run) -> Guess | None:
        nobody, rules, evidence = self._words.nobody, self._rules, self._evidence
        start, end = name[0].start, name[-1].end
        if (
            any(word.known or word.low in nobody for word in name)
            or text[start - 1 : start] in _MARKS
            or any(map(self._kinds.is_thing, name))
        ):
            return None
        setting = evidence.setting(text, start, end)
        if "settlements" in rules and evidence.of_settlement(setting):
            return Guess(start, end, "place", "settlements")
        strict, address = all(map(self._kinds.is_part, name)), _address(text, end, following)
        if "addresses" in rules and evidence.of_place(setting, address, strict=strict):
            return Guess(start, end, "place", "addresses")
        common = name[0].low in self._common
        kind = evidence.of_organization(setting, strict=strict, common=common)
        return Guess(start, end, kind, "kinds") if kind and "kinds" in rules else None

    def _shown_person(self, text: str, name: Run) -> Guess | None:
        """Return the name of a person by the words next to it."""
        words, lows = self._words, [word.low for word in name]
        if (
            "roles" not in self._rules
            or any(word.known for word in name)
            or lows[0] in self._common
            or not words.heads.isdisjoint(lows)
            or any(map(self._kinds.is_thing, name))
        ):
            return None
        start, end = name[0].start, name[-1].end
        shown = self._evidence.of_person(self._evidence.setting(text, start, end))
        return Guess(start, end, "person", "roles") if shown else None

    def _lone(
        self, text: str, word: CapitalizedWord, following: Run, *, alone: bool
    ) -> Guess | None:
        """Return a name of one word, by the words next to it, or a guess that it may be one.

        `alone` is whether the word is a run of its own.
        """
        low, start, end = word.low, word.start, word.end
        if low in self._words.bodies:
            the = _THE.search(text, max(0, start - 5), start)
            return Guess(start, end, "", "head") if the else None
        if low in self._words.nobody or low in self._words.titles:
            return None
        # A word in lower case but for its first letter is no acronym, and no domain without a stop.
        may_be_acronym = text[end : end + 1] == "." or not word.text[1:].islower()
        if may_be_acronym and "acronyms" in self._rules and not _is_in_address(text, start):
            domain = _DOMAIN.match(text, end) if text[end : end + 1] == "." else None
            if domain or self._kinds.is_acronym(word.text):
                return Guess(start, domain.end() if domain else end, "organization", "acronyms")
        if not alone or self._kinds.is_thing(word):
            return None
        if low in self._common:
            return self._shown(text, [word], [])
        if not low.endswith(_ADJECTIVE):
            if "settlements" in self._rules and self._settlement_after.match(text, end):
                return Guess(start, end, "place", "settlements")
            if shown := self._shown(text, [word], following):
                return shown
        if "speech" in self._rules and self._kinds.is_part(word) and self._said.match(text, end):
            return Guess(start, end, "person", "speech")
        return Guess(start, end, "", "lone")


def _address(text: str, end: int, following: Run) -> int | None:
    """Return the end of a known place after a name and a comma, if there is one."""
    if not following or not following[0].is_known("place"):
        return None
    return following[0].end if text[end : following[0].start] == ", " else None


def _is_in_address(text: str, start: int) -> bool:
    """Return whether a word is part of an address or a handle."""
    before = text[start - 1 : start]
    if before == "/":
        return _IN_ADDRESS.search(text, max(0, start - 30), start) is not None
    return before in _MARKS or before == "."
