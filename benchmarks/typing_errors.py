"""Is the right word offered for a misspelt one, and are right words left alone?

Misspellings are of three kinds: words of the archive with one edit, with two, or with two letters
swapped, made by seed; people's own misspellings, of words and of names (`typing_errors.csv`). An
answer is what was searched for in place of the word, or else what is offered, the first counting
as first. Right words are two kinds: those that few articles of the archive have, and those that
another archive has and this one lacks. None of them may be searched for as another word.
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from syriasearch import Archive, Page
from tables import table

WRITTEN = Path(__file__).with_name("typing_errors.csv")
LATIN = "abcdefghijklmnopqrstuvwxyz"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
MIN_LETTERS = 5
MIN_COUNT = 20
"""The fewest occurrences of a word of which misspellings are made."""
SEED = 7

Pair = tuple[str, str]
"""A word as it is typed, and the word or the name that is meant."""


def main() -> None:
    """Print a table of answers to misspellings, and one of right words."""
    options = _options()
    sets = _misspelt(options.archive, options.each)
    right = _right(options.archive, options.other, options.each)
    with Archive(options.archive, readonly=True) as archive:
        rows = [[name, *_answered(archive, pairs)] for name, pairs in sets]
        left = [[name, *_left_alone(archive, words)] for name, words in right]
    print(table(["misspelt", "number", "first", "in two", "searched for", "wrongly", "ms"], rows))
    print()
    print(table(["right words", "number", "searched as another", "another offered"], left))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--other", type=Path, help="an archive of other news, for right words")
    parser.add_argument("--each", type=int, default=200, help="number of made words of each kind")
    return parser.parse_args()


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT word, count FROM words"))


def _misspelt(path: Path, each: int) -> Iterator[tuple[str, list[Pair]]]:
    known = _counts(path)
    chance = random.Random(SEED)
    words = sorted(
        word
        for word, count in known.items()
        if count >= MIN_COUNT and len(word) >= MIN_LETTERS and word.isalpha()
    )
    for script, letters in (("Latin", LATIN), ("Arabic", ARABIC)):
        written = [word for word in words if set(word) <= set(letters)]
        for kind, edits in (("one edit", 1), ("two edits", 2), ("swapped", 0)):
            pairs: list[Pair] = []
            while written and len(pairs) < each:
                word = typed = chance.choice(written)
                for _ in range(edits):
                    typed = _edited(typed, letters, chance)
                if not edits:
                    typed = _swapped(word, chance)
                if typed not in known and typed != word:
                    pairs.append((typed, word))
            yield f"{script}, {kind}", pairs
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        yield "people's own", [(row["typed"], row["meant"]) for row in csv.DictReader(file)]


def _edited(word: str, letters: str, chance: random.Random) -> str:
    """Return a word with a letter changed, left out, added or doubled, not the first."""
    at = chance.randrange(1, len(word))
    added = {
        "change": chance.choice(letters),
        "leave out": "",
        "add": word[at] + chance.choice(letters),
        "double": word[at] * 2,
    }
    return word[:at] + added[chance.choice(list(added))] + word[at + 1 :]


def _swapped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _right(path: Path, other: Path | None, each: int) -> Iterator[tuple[str, list[str]]]:
    known = _counts(path)
    chance = random.Random(SEED)
    rare = sorted(word for word, count in known.items() if count <= 2 and _is_word(word))
    yield "few articles have", chance.sample(rare, min(each, len(rare)))
    if other:
        counts = _counts(other)
        lacking = sorted(
            word
            for word, count in counts.items()
            if count >= MIN_COUNT and word not in known and _is_word(word)
        )
        yield "no article has", chance.sample(lacking, min(each, len(lacking)))


def _is_word(word: str) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha()


def _answered(archive: Archive, pairs: Sequence[Pair]) -> list[str]:
    first = second = taken = wrong = 0
    times = []
    for typed, meant in pairs:
        started = time.perf_counter()
        page = archive.search(typed, limit=1)
        times.append((time.perf_counter() - started) * 1000)
        wanted = _forms(archive, meant)
        found = _forms(archive, typed) if page.total else set()
        answers = ["found" if found & wanted else "", *_answers(page)]
        answers = [each for each in answers if each]
        first += any(each in wanted or each == "found" for each in answers[:1])
        second += any(each in wanted or each == "found" for each in answers[:2])
        read = list(_read(page))
        taken += bool(read)
        wrong += bool(read) and not any(each in wanted for each in read)
    shares = (f"{count / len(pairs):.3f}" for count in (first, second, taken, wrong))
    return [str(len(pairs)), *shares, f"{median(times):.1f}"]


def _left_alone(archive: Archive, words: Sequence[str]) -> list[str]:
    pages = [archive.search(word, limit=1) for word in words]
    read = sum(any(True for _ in _read(page)) for page in pages)
    offered = sum(any(True for _ in _answers(page)) for page in pages)
    return [str(len(words)), f"{read / len(words):.3f}", f"{offered / len(words):.3f}"]


def _read(page: Page) -> Iterator[str]:
    """Yield what was searched for in place of words that were typed."""
    for each in page.read_as:
        if each.correction:
            yield each.correction
        yield from (entity.name for entity in each.entities)


def _answers(page: Page) -> Iterator[str]:
    yield from _read(page)
    yield from (each.suggestion for each in page.suggestions if each.suggestion)


def _forms(archive: Archive, meant: str) -> set[str]:
    """Return what counts as an answer: a word in its forms, or the names of its entities."""
    parts = (
        part.strip().partition(" (")[0]
        for line in archive.search(meant, limit=0, explain=True).explanation
        for part in line.partition(": ")[2].split(" | ")
    )
    return {meant, *parts}


if __name__ == "__main__":
    main()
