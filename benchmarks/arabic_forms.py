"""Which forms of Arabic words does a stemmer bring together, and which other words?

`arabic_forms.csv` has pairs of words of `news/saudinewsnet_syria.jsonl`, judged by hand: two forms
of one word, or two words. Half `a` was looked at while the rules were written, `b` scored later.
The peers are the rules of light10 (Larkey, Ballesteros and Connell), as Lucene's Arabic analyzer
applies them after its normalization, and Snowball's Arabic stemmer.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

from syriasearch.text.normalize import fold
from syriasearch.text.stem import stem
from tables import table

PAIRS = Path(__file__).with_suffix(".csv")

_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_NORMALIZED = str.maketrans("أإآىة", "ااايه", "ـًٌٍَُِّْ")


def light10(word: str) -> str:
    """Return the stem of a word: the first prefix that it has, and each suffix in order, cut."""
    word = word.translate(_NORMALIZED)
    for prefix in _PREFIXES:
        # Two letters stay, and three after the particle.
        if word.startswith(prefix) and len(word) >= max(4, len(prefix) + 2):
            word = word.removeprefix(prefix)
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word.removesuffix(suffix)
    return word


def snowball() -> Callable[[str], str]:
    """Return Snowball's Arabic stemmer."""
    from Stemmer import Stemmer

    stemmed: Callable[[str], str] = Stemmer("arabic").stemWord
    return stemmed


def main() -> None:
    """Print how many pairs of each half each stemmer judges as a reader does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print the pairs of half a it misses")
    options = parser.parse_args()
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        pairs = [(row["half"], row["judged"], row["one"], row["other"])
                 for row in csv.DictReader(stream)]  # fmt: skip
    stemmers: dict[str, Callable[[str], str]] = {
        "syriasearch": lambda word: stem(fold(word)),
        "light10": light10,
        "snowball": snowball(),
    }
    rows = []
    for half in "ab":
        for name, stemmed in stemmers.items():
            row = [half, name]
            for judged in ("same", "other"):
                asked = [(one, other) for which, how, one, other in pairs
                         if (which, how) == (half, judged)]  # fmt: skip
                wrong = [
                    (one, other)
                    for one, other in asked
                    if (stemmed(one) == stemmed(other)) != (judged == "same")
                ]
                right = len(asked) - len(wrong)
                row += [f"{right} of {len(asked)}", f"{right / len(asked):.3f}"]
                if options.show and (half, name) == ("a", "syriasearch"):
                    print(judged, *(f"{one}/{other}" for one, other in wrong))
            rows.append(row)
    print(table(["half", "stemmer", "forms together", "share", "others apart", "share"], rows))


if __name__ == "__main__":
    main()
