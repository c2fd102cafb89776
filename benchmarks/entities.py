"""Are the names of a text found, from where to where, and of which type?

The recognizer is read beside spaCy on annotated sentences in one run: precision, recall and F of
whole spans with their type, a leading "the" left out on both sides; over all that is annotated,
and over names alone, where what is annotated without being a name ("he", "the rebels") is neither
asked for nor held against anyone. Each sentence is a text of its own, put together from its tokens
as it would be written. `--documents` reads whole news articles instead (`annotated_news.csv`).
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotated_news import UNCLEAR, Paragraph, read_annotated
from corpora import DATA
from syriasearch import find_mentions
from syriasearch.entities.gazetteer import Gazetteer, default_gazetteer
from syriasearch.entities.recognizer import DEFAULT_RULES, TextRecognizer, default_recognizer
from syriasearch.entities.rules.cue_words import cue_words
from syriasearch.text.arabic import has_arabic
from tables import table

TYPES = {
    "person": "Person",
    "organization": "Organisation",
    "group": "Organisation",
    "place": "Location",
}
TAGS = {
    **{kind: kind for kind in TYPES.values()},
    "PERS": "Person",
    "ORG": "Organisation",
    "LOC": "Location",
    "ERS": "Person",
    "OEG": "Organisation",
    "ORF": "Organisation",
}
"""Types as annotated files write them; the last are misspelt in ANERcorp."""
SPACY = {"PERSON": "Person", "ORG": "Organisation", "GPE": "Location", "LOC": "Location"}
SPACY |= {"FAC": "Location"}
LINKING = set("of the and for in on to de la al el bin ibn".split())
WORDS = cue_words()
OFFICES = WORDS.titles | WORDS.ranks | WORDS.demonyms | {"us", "u.s", "uk", "un", "eu"}
"""Words that stand before a person's name where the annotation takes titles for part of it."""
PRONOUNS = set(
    "i me my we us our he him his she her they them their it its you your this these that those "
    "who all one some many others everyone".split()
)

Span = tuple[int, int, str]
"""From which token to which, and of which type."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens with what is annotated on them, and the text that they make."""

    tokens: tuple[str, ...]
    gold: frozenset[Span]
    text: str
    starts: tuple[int, ...]
    """The offset of each token in the text."""

    def span(self, start: int, end: int, entity_type: str) -> Span | None:
        """Return the tokens from an offset to another."""
        inside = [
            number
            for number, (at, token) in enumerate(zip(self.starts, self.tokens, strict=True))
            if at < end and at + len(token) > start
        ]
        return (inside[0], inside[-1] + 1, entity_type) if inside else None

    def stripped(self, span: Span) -> Span:
        """Return a span without the article that it begins with."""
        start, end, entity_type = span
        bare = start + (self.tokens[start].lower() == "the" and end - start > 1)
        return bare, end, entity_type

    def titled(self, span: Span) -> Span:
        """Return a person's name with the titles before it, where they are written with it."""
        start, end, entity_type = span
        while entity_type == "Person" and start:
            word = self.tokens[start - 1]
            low = word.lower().rstrip(".")
            if not word[0].isupper() or low not in OFFICES:
                break
            start -= 1
        return start, end, entity_type

    def is_name(self, span: Span) -> bool:
        """Tell whether all words of a span that could have a capital have one."""
        words = [word for word in self.tokens[span[0] : span[1]] if word[:1].isalpha()]
        if not words or (len(words) == 1 and words[0].lower() in PRONOUNS):
            return False
        # Letters that have no capitals are those of names, too.
        return all(not word[0].islower() or word.lower() in {*LINKING, "s"} for word in words)


@dataclass(frozen=True, slots=True)
class Score:
    """How many spans were found rightly, found, and to be found."""

    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is to be found that was."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall (van Rijsbergen's F1)."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def cells(self) -> list[str]:
        """The three as a table shows them."""
        return [f"{each:.3f}" for each in (self.precision, self.recall, self.f)]


def read_conll(path: Path) -> list[Sentence]:
    """Read sentences with a token and its tag (B-, I- or O) a line, apart by empty lines.

    A line without a tag is a token outside of names. The texts of ANERcorp are read as sentences
    are, each as a text of its own.
    """
    blocks = re.split(r"\n[^\S\n]*\n", path.read_text(encoding="utf-8").strip())
    sentences = []
    for block in blocks:
        pairs = [re.split(r"[\t ]+", line) for line in block.split("\n") if line.strip()]
        rows = [pair if len(pair) > 1 else [*pair, "O"] for pair in pairs if pair[0].strip()]
        tokens = tuple(row[0] for row in rows)
        text, starts = written(tokens)
        plain = Sentence(tokens, frozenset(), text, starts)
        gold = frozenset(map(plain.stripped, _spans([row[-1].strip() for row in rows])))
        sentences.append(Sentence(tokens, gold, text, starts))
    return [sentence for sentence in sentences if sentence.tokens]


def _spans(tags: Sequence[str]) -> Iterator[Span]:
    start = None
    for number, tag in enumerate((*tags, "O")):
        if start is not None and not tag.startswith(("I-", "IP")):
            label = tags[start][2:].partition("I-")[0]
            kind = TAGS.get(label) or TAGS.get(label.upper())
            if kind:
                yield start, number, kind
            start = None
        if tag.startswith("B-"):
            start = number


def written(tokens: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return tokens as a text that a person would write, with the offset of each."""
    text = ""
    starts = []
    glued = True
    for number, token in enumerate(tokens):
        before = tokens[number - 1] if number else ""
        behind = tokens[number + 1] if number + 1 < len(tokens) else ""
        joins = token in ("-", "’", "'", "/") and before[-1:].isalnum() and behind[:1].isalnum()
        if not (glued or joins or re.fullmatch(r"[.,;:!?%)\]”]+|['’]s", token)):
            text += " "
        starts.append(len(text))
        text += token
        glued = joins or token in ("(", "[", "“", "$", "@", "#")
    return text, tuple(starts)


Finder = Callable[[Sentence], Iterable[tuple[int, int, str]]]


def ours(recognizer: TextRecognizer | None = None) -> Finder:
    """Return what finds the names of a sentence with the package's recognizer."""

    def find(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
        if recognizer is None:
            mentions = find_mentions(sentence.text)
        else:
            (mentions,) = recognizer.recognize([sentence.text])
        taken: set[tuple[int, int]] = set()
        for mention in mentions:
            kind = TYPES.get(mention.entity.type)
            # A name that may be several entities' is one name.
            if kind and (mention.start, mention.end) not in taken:
                taken.add((mention.start, mention.end))
                yield mention.start, mention.end, kind

    return find


def spacy(name: str) -> Finder:
    """Return what finds the names of a sentence with a pipeline of spaCy."""
    import spacy as library

    pipeline = library.load(name)

    def find(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
        for entity in pipeline(sentence.text).ents:
            if entity.label_ in SPACY:
                yield entity.start_char, entity.end_char, SPACY[entity.label_]

    return find


def predicted(find: Finder, sentence: Sentence, *, titles: bool = False) -> set[Span]:
    """Return what is found in a sentence, in tokens; persons with their titles where asked."""
    spans = (sentence.span(*each) for each in find(sentence))
    bare = {sentence.stripped(span) for span in spans if span}
    return {sentence.titled(span) for span in bare} if titles else bare


def score(
    sentences: Sequence[Sentence],
    found: Sequence[set[Span]],
    *,
    names: bool = False,
    kind: str | None = None,
) -> Score:
    """Compare what was found with what is annotated; `kind` is a type, None for all."""
    totals: Counter[str] = Counter()
    for sentence, spans in zip(sentences, found, strict=True):
        gold = set(sentence.gold)
        if names:
            rest = {span for span in gold if not sentence.is_name(span)}
            gold -= rest
            spans = {
                span
                for span in spans
                if span in gold
                or not any(span[0] < end and start < span[1] for start, end, _ in rest)
            }
        if kind:
            gold = {span for span in gold if span[2] == kind}
            spans = {span for span in spans if span[2] == kind}
        totals.update(right=len(gold & spans), found=len(spans), gold=len(gold))
    return Score(totals["right"], totals["found"], totals["gold"])


def rows_of(
    name: str, sentences: Sequence[Sentence], found: Sequence[set[Span]]
) -> list[list[str]]:
    """Return the rows of a table for one engine."""
    rows = []
    for kind in (None, *dict.fromkeys(TYPES.values())):
        every = score(sentences, found, kind=kind).cells
        rows.append(
            [name, kind or "all", *every, *score(sentences, found, names=True, kind=kind).cells]
        )
    return rows


def as_sentence(paragraph: Paragraph) -> Sentence:
    """Return a paragraph as a sentence, with what is annotated in it."""
    starts, tokens = zip(*paragraph.tokens, strict=True) if paragraph.tokens else ((), ())
    plain = Sentence(tokens, frozenset(), paragraph.text, starts)
    marks = (mark for mark in paragraph.marks if mark[2] != UNCLEAR)
    spans = (plain.span(*mark) for mark in marks)
    return Sentence(tokens, frozenset(filter(None, spans)), paragraph.text, starts)


def found_in_article(
    recognizer: TextRecognizer, paragraphs: Sequence[Paragraph], sentences: Sequence[Sentence]
) -> list[set[Span]]:
    """Return what is found in the paragraphs of an article, which is read as a whole."""
    every = []
    recognized = recognizer.recognize([paragraph.text for paragraph in paragraphs])
    for paragraph, sentence, mentions in zip(paragraphs, sentences, recognized, strict=True):
        unclear = [(start, end) for start, end, kind in paragraph.marks if kind == UNCLEAR]
        spans: dict[tuple[int, int], str] = {}
        for mention in mentions:
            start, end = mention.start, mention.start + len(mention.surface.rstrip("."))
            kind = TYPES.get(mention.entity.type)
            if kind and not any(start < last and first < end for first, last in unclear):
                spans.setdefault((start, end), kind)
        found = (sentence.span(start, end, kind) for (start, end), kind in spans.items())
        every.append({sentence.stripped(span) for span in found if span})
    return every


def document_rows(data: Path) -> list[list[str]]:
    """Return the rows of a table for whole articles: those of development, and those held out."""
    rows = []
    articles = read_annotated(data)
    for name, held_out in (("development", False), ("held out", True)):
        sentences: list[Sentence] = []
        found: list[set[Span]] = []
        for article in articles:
            if article.held_out == held_out:
                some = [as_sentence(paragraph) for paragraph in article.paragraphs]
                sentences += some
                found += found_in_article(default_recognizer(), article.paragraphs, some)
        rows += rows_of(name, sentences, found)
    return rows


def worth(sentences: Sequence[Sentence]) -> list[list[str]]:
    """Return what F is without each of the rules, beside all of them and none."""
    gazetteer = default_gazetteer()
    settings: dict[str, tuple[Gazetteer, frozenset[str]]] = {
        "all": (gazetteer, DEFAULT_RULES),
        "gazetteer alone": (gazetteer, frozenset()),
        "rules alone": (Gazetteer(()), DEFAULT_RULES),
    }
    settings |= {
        f"without {each}": (gazetteer, DEFAULT_RULES - {each}) for each in sorted(DEFAULT_RULES)
    }
    rows = []
    for name, (entities, rules) in settings.items():
        find = ours(TextRecognizer(entities, rules=rules))
        found = [predicted(find, sentence) for sentence in sentences]
        every, names = score(sentences, found), score(sentences, found, names=True)
        rows.append([name, *every.cells, *names.cells])
    return rows


def halves(sentences: Sequence[Sentence]) -> dict[str, list[Sentence]]:
    """Return the texts by which rules and lists were made, and those that nobody looked at."""
    parts: dict[str, list[Sentence]] = {"seen": [], "other": []}
    for sentence in sentences:
        parts["other" if zlib.crc32(sentence.text.encode()) % 2 else "seen"].append(sentence)
    return parts


def articles(path: Path, count: int) -> list[str]:
    """Return the texts of the first articles of a file of JSON lines, which may be compressed."""
    opened = lzma.open(path, "rt") if path.suffix == ".xz" else path.open(encoding="utf-8")
    with opened as file:
        return [json.loads(line)["text"] for line, _ in zip(file, range(count), strict=False)]


def main() -> None:
    """Print precision, recall and F, what each rule is worth, and the speed."""
    options = _options()
    if options.documents:
        head = ["", "type", "P", "R", "F", "names: P", "R", "F"]
        print(table(head, document_rows(options.data)))
        return
    sentences = read_conll(options.annotated)
    engines: dict[str, Finder] = {"syriasearch": ours()}
    for name in options.spacy:
        engines[f"spaCy {name}"] = spacy(name)
    rows = []
    for name, find in engines.items():
        rows += rows_of(name, sentences, [predicted(find, sentence) for sentence in sentences])
        found = [predicted(find, sentence, titles=True) for sentence in sentences]
        rows += rows_of(f"{name}, persons with titles", sentences, found)[:2]
    head = ["", "type", "P", "R", "F", "names: P", "R", "F"]
    print(f"{options.annotated.name}: {len(sentences)} sentences\n\n{table(head, rows)}\n")
    for name, part in halves(sentences).items() if options.halves else ():
        found = [predicted(ours(), sentence) for sentence in part]
        print(f"{name}: {len(part)} sentences\n\n{table(head, rows_of(name, part, found))}\n")
    if options.rules:
        head = ["rules", "P", "R", "F", "names: P", "R", "F"]
        print(f"{table(head, worth(sentences))}\n")
    arabic = has_arabic(sentences[0].text)
    name = "news/saudinewsnet_syria.jsonl" if arabic else "scale/allsides.jsonl.xz"
    texts = articles(options.data / name, options.articles)
    tokens = sum(len(text.split()) for text in texts)
    for name, find in engines.items():
        some = texts if name == "syriasearch" else texts[: len(texts) // 20]
        started = time.process_time()
        for text in some:
            for paragraph in [text] if name == "syriasearch" else text.split("\n"):
                list(find(Sentence((), frozenset(), paragraph, ())))
        took = time.process_time() - started
        share = sum(len(text.split()) for text in some)
        print(f"{name}: {share / took:,.0f} tokens a second, of {tokens:,}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--annotated", type=Path, default=DATA / "ner" / "re3d-train.conll", help="tokens, tags")
    add("--documents", action="store_true", help="read annotated news articles instead")
    add("--spacy", nargs="*", default=[], help="pipelines of spaCy to read beside it")
    add("--rules", action="store_true", help="print what each rule is worth")
    add("--halves", action="store_true", help="print also what was seen and what was not")
    add("--articles", type=int, default=2000, help="how many to read for the speed")
    add("--data", type=Path, default=DATA, help="the data folder")
    return parser.parse_args()


if __name__ == "__main__":
    main()
