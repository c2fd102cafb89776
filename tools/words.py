"""Make the word lists that the recognizer's rules read: parts of names, and common words.

Both come from how words are written in running text: a word that stands in lower case more often
than not is a common word; a part of a name that does so is not taken for one.

    python tools/words.py PARTS ARTICLES... [--out FOLDER]

PARTS holds parts of names, the spellings of one a line, as `rigour` has them from Wikidata (CC0);
ARTICLES are JSON lines with a `text`, which may be compressed with xz. Only counts are taken from
them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "syriasearch" / "entities" / "data"
LEAST = 20
"""A common word stands so often in lower case in the articles."""
NAMELIKE = 3
"""So many times as often must a part of a name stand with a capital as without."""

_PART = re.compile(r"[a-z]{2,}(?:['-][a-z]+)*")
_WITHIN = re.compile(r"(?<=[a-z,] )([A-Za-z][a-z]+)\b")
"""A word that does not begin a sentence: its capital is its own."""


def plain(name: str) -> str:
    """Return a name without accents, in lower case."""
    letters = unicodedata.normalize("NFKD", name.strip().lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def read_parts(path: Path) -> set[str]:
    """Return the Latin parts of names."""
    with path.open(encoding="utf-8") as file:
        names = (plain(name) for line in file for name in line.partition(" => ")[0].split(","))
        return {name for name in names if _PART.fullmatch(name)}


def read_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a file of articles."""
    opened = lzma.open(path, "rt") if path.suffix == ".xz" else path.open(encoding="utf-8")
    with opened as file:
        for line in file:
            yield json.loads(line)["text"]


def main() -> None:
    """Write both lists."""
    options = _options()
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for path in options.articles:
        for text in read_texts(path):
            for word in _WITHIN.findall(text):
                (capital if word[0].isupper() else small)[word.lower()] += 1
    parts = {
        part
        for part in read_parts(options.parts)
        if small[part] * NAMELIKE <= capital[part] or not small[part]
    }
    common = {word for word, count in small.items() if count >= LEAST and count > 2 * capital[word]}
    (options.out / "name_parts.txt.gz").write_bytes(
        # The time of making is left out, so that the same input gives the same file.
        gzip.compress("\n".join(sorted(parts)).encode(), mtime=0)
    )
    (options.out / "common_words.txt").write_text("\n".join(sorted(common)) + "\n")
    print(f"{len(parts):,} parts of names, {len(common):,} common words")


def _options() -> argparse.Namespace:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=DATA)
    return parser.parse_args()


if __name__ == "__main__":
    main()
