"""Are copies found, and only copies? `python benchmarks/copies.py`."""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from corpora import DATA, Document, read_documents
from syriasearch.index.duplicate_links import DuplicateLinks
from syriasearch.index.minhash import (
    MIN_WORDS,
    digest,
    make_bands,
    make_fingerprint,
    make_signature,
)
from syriasearch.index.near_duplicates import (
    ShingleSet,
    are_alike,
    make_shingle_set,
    may_be_alike,
    resemblance,
)
from syriasearch.store.schema import create_statements
from syriasearch.text.tokenize import terms
from tables import table

NEWS = ("fa_kes.jsonl", "allsides_mideast.jsonl", "saudinewsnet_syria.jsonl")
WIRES = "reuters21578.jsonl.xz"
_SENTENCE = re.compile(r"(?<=[.!?؟])\s+")
_NUMBER = re.compile(r"\d+")
_REPORT = (
    "The pound traded at {} to the dollar in {} on {}, against {} the day before, dealers said. "
    "Bread was sold at {} a bundle and diesel at {} a litre. Some {} trucks crossed at {}, {} "
    "fewer than last week. The bureau of statistics put the price index at {}, {} above the month "
    "before. Its next report is due on {}."
)


class Pair(NamedTuple):
    """A text and what was made of it."""

    kind: str
    copy: bool
    one: list[str]
    other: list[str]
    days: int | None = 0


def pieces(text: str) -> list[str]:
    """Cut a text into paragraphs; one that is a single paragraph into sentences."""
    cut = [each for each in text.split("\n\n") if each.strip()]
    return cut if len(cut) > 3 else _SENTENCE.split(text)


def _renumbered(text: str, chosen: random.Random) -> str:
    found = [*_NUMBER.finditer(text)]
    if not found:
        return f"{text} 17"
    which = chosen.choice(found)
    return f"{text[: which.start()]}{int(which[0]) + 3}{text[which.end() :]}"


def _without_one(text: str, chosen: random.Random) -> str:
    cut = pieces(text)
    cut.pop(chosen.randrange(len(cut)))
    return "\n\n".join(cut)


def _beginning(text: str) -> str:
    run = text.split()
    return " ".join(run[: round(len(run) * 0.6)])


EDITS: dict[str, Callable[[Document, Document, random.Random], str]] = {
    "another headline": lambda one, other, _: f"{other.title}\n\n{one.text}",
    "a paragraph cut": lambda one, _, chosen: f"{one.title}\n\n{_without_one(one.text, chosen)}",
    "a number corrected": lambda one, _, chosen: f"{one.title}\n\n{_renumbered(one.text, chosen)}",
    "a byline added": lambda one, _, __: (
        f"{one.title}\n\nBy a Correspondent in Beirut\n\n{one.text}"
    ),
    "first 60 % only": lambda one, _, __: f"{one.title}\n\n{_beginning(one.text)}",
}


def edited(documents: Sequence[Document], chosen: random.Random) -> Iterator[Pair]:
    """Make copies of each document, and texts that are none."""
    usable = [each for each in documents if len(terms(each.whole)) >= MIN_WORDS]
    for number, one in enumerate(usable):
        other = usable[(number + chosen.randrange(1, len(usable))) % len(usable)]
        words = terms(one.whole)
        for kind, edit in EDITS.items():
            yield Pair(kind, True, words, terms(edit(one, other, chosen)))
        whole, added = len(one.text), len(other.text)
        if added > whole:
            yield Pair("two wires in one", False, words, terms(f"{one.whole}\n\n{other.text}"))


def same_topic(documents: Sequence[Document]) -> Iterator[Pair]:
    """Put each document beside the one of another outlet that month with most of its names."""
    names = [frozenset(re.findall(r"(?<=[a-z] )[A-Z]\w{3,}", each.text)) for each in documents]
    for number, one in enumerate(documents):
        near = [
            (len(names[number] & names[at]), at)
            for at, other in enumerate(documents)
            if at != number and other.date[:7] == one.date[:7] and other.source != one.source
        ]
        shared, at = max(near, default=(0, 0))
        if shared >= 5:
            yield Pair(
                "same topic, other text", False, terms(one.whole), terms(documents[at].whole)
            )


def reports(count: int, chosen: random.Random) -> Iterator[Pair]:
    """Fill in a form twice, with other numbers and names."""
    cities = ("Damascus", "Aleppo", "Beirut", "Homs", "Amman", "Idlib")
    days = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")

    def filled() -> list[str]:
        wanted = iter(range(12))
        parts = re.split(r"\{\}", _REPORT)
        text = parts[0]
        for part in parts[1:]:
            at = next(wanted)
            fill = cities if at in (1, 7) else days if at in (2, 11) else None
            text += (chosen.choice(fill) if fill else str(chosen.randrange(100, 99999))) + part
        return terms(text)

    for _ in range(count):
        yield Pair("market reports", False, filled(), filled(), chosen.choice((0, 1, 7)))


def weekly(documents: Sequence[Document]) -> Iterator[Pair]:
    """Put wires of the same headline on days more than a week apart beside each other."""
    by_title: dict[str, list[Document]] = {}
    for document in documents:
        if document.title and len(terms(document.whole)) >= MIN_WORDS:
            by_title.setdefault(document.title, []).append(document)
    for group in by_title.values():
        for one, other in pairwise(group):
            days = _days(one, other)
            words = terms(one.whole), terms(other.whole)
            if days > 7 and words[0] != words[1]:
                yield Pair("the same headline, weeks later", False, *words, days)


def _days(one: Document, other: Document) -> int:
    return abs((date.fromisoformat(one.date) - date.fromisoformat(other.date)).days)


def found(pair: Pair) -> tuple[bool, bool]:
    """Tell whether a pair is taken for copies, and whether comparing all with all would."""
    if pair.one == pair.other:
        return True, True
    alike = are_alike(make_shingle_set(pair.one), make_shingle_set(pair.other), pair.days)
    signatures = make_signature(pair.one), make_signature(pair.other)
    bands = [
        set(make_bands(digest(words), signature))
        for words, signature in zip((pair.one, pair.other), signatures, strict=True)
    ]
    return alike and bool(bands[0] & bands[1]) and may_be_alike(*signatures), alike


def judged(told: Sequence[tuple[Pair, bool, bool]]) -> list[list[str]]:
    """Return a row for each kind of pair."""
    rows = []
    for kind in dict.fromkeys(pair.kind for pair, _, _ in told):
        some = [each for each in told if each[0].kind == kind]
        right = sum(taken == pair.copy for pair, taken, _ in some)
        all_with_all = sum(alike == pair.copy for pair, _, alike in some)
        expected = "copy" if some[0][0].copy else "none"
        rows.append(
            [
                kind,
                expected,
                f"{len(some):,}",
                f"{right / len(some):.4f}",
                f"{all_with_all / len(some):.4f}",
            ]
        )
    return rows


def precision_recall(told: Sequence[tuple[Pair, bool, bool]]) -> tuple[float, float]:
    """Return both over all pairs."""
    right = sum(pair.copy and taken for pair, taken, _ in told)
    return right / sum(taken for _, taken, _ in told), right / sum(pair.copy for pair, _, _ in told)


def archived(documents: Sequence[Document], batch: int) -> tuple[dict[int, int | None], float]:
    """Link documents in batches as an ingest does; return links, and seconds for each document."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "copies.db", isolation_level=None)
        with closing(database) as connection:
            for statement in create_statements().values():
                connection.execute(statement)
            copies, spent = DuplicateLinks(connection), 0.0
            for at in range(0, len(documents), batch):
                connection.execute("BEGIN")
                for number, each in enumerate(documents[at : at + batch], start=at + 1):
                    words = terms(each.whole)
                    connection.execute(
                        "INSERT INTO articles (id, slug, title, published, path, root,"
                        " content_hash, word_count, added_at, updated_at)"
                        " VALUES (?, ?, '', ?, ?, '', '', 0, '', '')",
                        (number, str(number), each.date or None, str(number)),
                    )
                    connection.execute(
                        "INSERT INTO paragraphs (article_id, position, kind, text)"
                        " VALUES (?, 0, 'body', ?)",
                        (number, each.whole),
                    )
                    copies.add(number, each.date or None, make_fingerprint(words))
                started = time.process_time()
                copies.flush()
                spent += time.process_time() - started
                connection.execute("COMMIT")
            links = dict(connection.execute("SELECT id, duplicate_of FROM articles"))
    return links, spent / len(documents)


def reuters(documents: Sequence[Document], batch: int, chosen: random.Random) -> list[str]:
    """Tell what is found among wires, beside comparing all that share a run of eight words."""
    links, seconds = archived(documents, batch)
    words = [terms(each.whole) for each in documents]
    prints: dict[int, ShingleSet] = {}
    runs: dict[tuple[str, ...], list[int]] = {}
    texts: dict[tuple[str, ...], list[int]] = {}
    for at, each in enumerate(words):
        texts.setdefault(tuple(each), []).append(at)
        for start in range(len(each) - 7):
            runs.setdefault(tuple(each[start : start + 8]), []).append(at)
    candidates = {
        (one, other)
        for group in runs.values()
        if 1 < len(group) <= 200
        for one in group
        for other in group
        if one < other
    }
    alike, missed = 0, 0
    for one, other in sorted(candidates):
        for at in (one, other):
            prints.setdefault(at, make_shingle_set(words[at]))
        apart = _days(documents[one], documents[other])
        if words[one] != words[other] and are_alike(prints[one], prints[other], apart):
            alike += 1
            originals = {links[at + 1] or at + 1 for at in (one, other)}
            missed += len(originals) > 1
    same = [group for group in texts.values() if len(group) > 1]
    together = sum(len({links[at + 1] or at + 1 for at in group}) == 1 for group in same)
    near = [(copy, original) for copy, original in links.items() if original]
    near = [pair for pair in near if words[pair[0] - 1] != words[pair[1] - 1]]
    lowest = min(
        resemblance(make_shingle_set(words[copy - 1]), make_shingle_set(words[original - 1]))
        for copy, original in near
    )
    order = [*range(len(documents))]
    chosen.shuffle(order)
    others, _ = archived([documents[at] for at in order], batch)
    groups = _groups(
        {order[at - 1] + 1: link and order[link - 1] + 1 for at, link in others.items()}
    )
    return [
        f"{len(documents):,} wires in batches of {batch}: {seconds * 1e6:.0f} µs each",
        f"same text: {sum(map(len, same)) - len(same):,} copies, {together:,} of {len(same):,} "
        "groups linked",
        f"small edits: {len(near):,} copies linked, the least alike with {lowest:.2f}",
        f"of {alike:,} pairs that are alike, {missed:,} are in two groups",
        f"in another order of chance, {len(groups ^ _groups(links)):,} groups are others",
    ]


def _groups(links: dict[int, int | None]) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for each, original in links.items():
        groups.setdefault(original or each, set()).add(each)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the documents")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = random.Random(options.seed)
    pairs: list[Pair] = []
    for name in NEWS:
        documents = [*read_documents(options.data / "news" / name)]
        pairs += edited(documents, chosen)
        pairs += same_topic(documents)
    wires = [*read_documents(options.data / "scale" / WIRES)]
    pairs += reports(1000, chosen)
    pairs += weekly(wires)
    told = [(pair, *found(pair)) for pair in pairs]
    rows = judged(told)
    print(table(["pairs", "expected", "number", "right", "all with all"], rows))
    precision, recall = precision_recall(told)
    print(f"\nprecision {precision:.4f}, recall {recall:.4f}\n")
    print("\n".join(reuters(wires, 200, chosen)))


if __name__ == "__main__":
    main()
