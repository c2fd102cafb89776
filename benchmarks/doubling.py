"""Does twice the input take twice the time, whatever the input is?

    python benchmarks/doubling.py [STEP …] [--kind KIND …] [--ceiling SECONDS]

Each step (a reader, the cleaning, the recognition, a query) gets each kind of odd input: one thing
repeated, 65,536 characters of it, and twice and four times as many. CPU time is measured, in a
process of its own that is ended at a ceiling. Lines are printed for what takes more than 2.6 times
as much for the double, and for what takes over 10 seconds for a million characters; the exit status
is 1 if there are any.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

FIRST = 2**16
"""The number of characters of the first measurement."""
ENOUGH = 0.005
"""The number of seconds of the first measurement from which on there are others."""
RATIO = 2.6
MEMORY = 6 * 2**30
SLOW = 10.0
"""The number of seconds of CPU time that a million characters may take."""

KINDS: dict[str, str] = {
    **{f"letter {letter!r}": letter for letter in ("a", "A", "1", "ا", "é", "中", "😀", "_")},
    **{f"sign {sign!r}": sign for sign in "<>[](){}\"'“‘’/\\|.,:;!?-–&#%*=+~^$@`"},
    **{f"space {space!r}": space for space in ("\n", "\r", "\r\n", " ", "\t", "\u00a0", "\v")},
    **{f"mark {mark!r}": mark for mark in ("\u0301", "\u0316\u0301", "\u064e", "ـ", "\u200d")},
    **{f"space after {word!r}": f"{word} " for word in ("a", "A", "Al", "al-", "الله", "1", ".")},
    "capital words": "Aaa Bbb ",
    "a name": "Bashar al-Assad ",
    "a name alone": "Assad ",
    "an Arabic name": "بشار الأسد ",
    "an Arabic place": "في مدينة حلب ",
    "names with and": "Assad and Putin and ",
    "titles": "Mr. ",
    "initials": "A. B. ",
    "short sentences": "Aa. ",
    "short Arabic sentences": "قال. ",
    "lines of a letter": "a\n",
    "paragraphs of a letter": "a\n\n",
    "bylines": "By Mara Lind\n",
    "By": "By ",
    "dates": "4 March 2018 ",
    "lines of dates": "4 March 2018\n",
    "lines of labels": "Title: a\n",
    "documents": "Document 1 of 2\n\nTitle\n\n",
    "hyphens between letters": "a-",
    "dots between letters": "a.",
    "glued sentences": "aaa.Bbb",
    "slashes between letters": "a/",
    "apostrophes between letters": "a'",
    "addresses": "http://a.b/ ",
    "a long address": "http://a.b/a",
    "mail addresses": "a@b.c ",
    "equals and digits": "=C3=A9",
    "garbled": "â€™",
    "garbled Arabic": "Ø§Ù„",
    "references": "&amp;",
    "unfinished references": "&#",
    "comments": "<!-- a -->",
    "unfinished comments": "<!--",
    "declarations": "<!DOCTYPE a>",
    "sections": "<![CDATA[a]]>",
    "unfinished sections": "<![CDATA[",
    "instructions": "<?a?>",
    "unfinished instructions": "<?",
    "paragraph tags": "<p>a",
    "nested tags": "<div>",
    "nested bold": "<b>",
    "nested spans": "<span>a",
    "nested quotations": "<blockquote>a",
    "nested lists": "<ul><li>a",
    "nested tables": "<table><tr><td>",
    "forms": "<form><input>",
    "buttons": "<button>a</button>",
    "unfinished buttons": "<button>",
    "hidden": "<div hidden>a</div>",
    "unfinished hidden": "<div hidden>",
    "scripts": "<script>a</script>",
    "unfinished scripts": "<script>",
    "styles": "<style>a</style>",
    "ends": "</p>",
    "breaks": "<br>",
    "attributes": "<a b",
    "links": '<a href="http://a.b">a</a>',
    "images": "<img src=a>",
    "meta": '<meta property="og:title" content="a">',
    "json-ld": '<script type="application/ld+json">{"@type":"NewsArticle"}</script>',
    "times": '<time datetime="2018-03-04">a</time>',
    "articles": "<article>a</article>",
    "quoted attributes": '<a b="',
    "objects": '{"a":',
    "lists": "[",
    "pairs": '"a",',
    "bars": "a|b|",
    "commas": "a,b,",
    "quotes in quotes": '""',
    "underlines": "---\n",
    "headings": "# a\n",
    "list items": "- a\n",
    "nested list items": "> ",
    "emphasis": "*a",
    "Markdown links": "[a](",
    "backslashes": "\\a",
    "times of messages": "12:00 a\n",
    "subtitles": "00:00:01.000 --> 00:00:02.000\na\n\n",
    "senders": "From a@b.c\n",
    "headers": "Subject: a\n",
    "groups of rtf": "{\\rtf1 ",
    "controls of rtf": "\\par ",
    "ris": "TY  - NEWS\nAB  - a\nER  - \n",
}

Step = Callable[[str], object]


def steps(folder: Path) -> dict[str, Step]:
    """Return what is measured, by name."""
    from datetime import date

    from syriasearch import fold
    from syriasearch.entities.recognizer import default_recognizer
    from syriasearch.ingest.blocks.cleaning import (
        fix_encoding,
        split_long_blocks,
        without_site_lines,
    )
    from syriasearch.ingest.blocks.html import html_blocks
    from syriasearch.ingest.blocks.markdown import markdown_blocks
    from syriasearch.ingest.blocks.plain_text import clean, parse_structure, plain_blocks
    from syriasearch.ingest.prepare import prepare_article
    from syriasearch.ingest.readers import BUILT_IN, Document, SourceFile
    from syriasearch.ingest.readers.base import UnreadableError
    from syriasearch.ingest.readers.compression import HEAD
    from syriasearch.ingest.readers.several import note_on
    from syriasearch.text.language import detect_language
    from syriasearch.text.sentences import sentences
    from syriasearch.text.tokenize import terms

    recognizer = default_recognizer()
    list(recognizer.find("Lavrov in Sochi.")) if hasattr(recognizer, "find") else None

    def article(text: str, markup: str = "plain") -> object:
        document = Document(text, markup, title="A title", scraped=True)
        return prepare_article(document, "root", "path", recognizer)

    del date
    found: dict[str, Step] = {
        "clean": clean,
        "fix_encoding": fix_encoding,
        "plain_blocks": lambda text: plain_blocks(clean(text)),
        "markdown_blocks": lambda text: markdown_blocks(clean(text)),
        "html_blocks": lambda text: html_blocks(clean(text)),
        "without_site_lines": lambda text: without_site_lines(plain_blocks(text)),
        "parse_structure": lambda text: parse_structure(plain_blocks(text)),
        "split_long_blocks": lambda text: split_long_blocks(tuple(plain_blocks(text))),
        "fold": fold,
        "terms": terms,
        "sentences": lambda text: list(sentences(text)),
        "detect_language": detect_language,
        "note_on": note_on,
        "prepare_article": article,
        "prepare_markdown": lambda text: article(text, "markdown"),
        "prepare_html": lambda text: article(text, "html"),
    }

    def reading(reader: object, frame: str, suffix: str) -> Step:
        def read(text: str) -> None:
            path = folder / f"input{suffix}"
            path.write_bytes(frame.replace("@", text).encode("utf-8", "replace"))
            try:
                for item in reader.read(SourceFile(path, path.name)):  # type: ignore[attr-defined]
                    if isinstance(item, Document):
                        for each in item.complete():
                            if isinstance(each, Document):
                                prepare_article(each, "root", "path", recognizer)
            except UnreadableError:
                pass

        return read

    for reader in BUILT_IN:
        if reader.suffixes or reader.name in FRAMES:
            suffix = reader.suffixes[0] if reader.suffixes else ".txt"
            for number, frame in enumerate(FRAMES.get(reader.name, ("@",))):
                name = f"read {reader.name}" + (f" {number}" if number else "")
                found[name] = reading(reader, frame, suffix)

        def claim(text: str, reader: object = reader) -> None:
            reader.claims(text.encode("utf-8", "replace")[:HEAD])  # type: ignore[attr-defined]

        found[f"claim {reader.name}"] = claim
        for number, frame in enumerate(FRAMES.get(reader.name, ())):
            if frame.startswith("@"):
                continue

            def claim_in(text: str, reader: object = reader, frame: str = frame) -> None:
                data = frame.replace("@", text).encode("utf-8", "replace")[:HEAD]
                reader.claims(data)  # type: ignore[attr-defined]

            found[f"claim {reader.name} in {number}"] = claim_in
    return found


FRAMES: dict[str, tuple[str, ...]] = {
    "html": (
        "<html><head><title>A title</title></head><body><p>@</p></body></html>",
        "<html><head>@</head><body><p>A text that is long enough.</p></body></html>",
        "@<html><body><p>A text.</p></body></html>",
        '<html><head><title>@</title><meta name="author" content="@"><meta name="date" content="@">'
        "</head><body><h1>@</h1><p>A text.</p></body></html>",
    ),
    "feed": (
        "<rss><channel><title>A</title><item><title>B</title><description>@</description></item>"
        "</channel></rss>",
        "<rss><channel><title>@</title><item><title>@</title><pubDate>@</pubDate><author>@"
        "</author><description>a</description></item></channel></rss>",
        "<rss>@<channel><item><description>a</description></item></channel></rss>",
    ),
    "text": ("@", "---\ntitle: @\n---\nA text\n", "---\n@\n---\nA text\n", "A title\n@"),
    "markdown": ("@", "---\n@\n---\n\nA text\n"),
    "json": ('{"title": "A", "text": "@"}', '{"title": "@", "author": "@", "date": "@"}', "@"),
    "jsonl": ('{"title": "A", "text": "@"}\n', "@"),
    "csv": ("title,text\nA,@\n", "@", '"@",text\nA,B\n'),
    "mail": (
        "From: a@b.c\nSubject: A\nDate: Mon, 5 Mar 2018 10:00:00 +0000\n\n@",
        "From: @\nSubject: @\nDate: @\nTo: @\n\nA text\n",
        "From a@b.c Mon Mar  5 10:00:00 2018\nSubject: A\n\n@",
        "From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n<html><body>@</body></html>",
        'From: a@b.c\nContent-Type: multipart/mixed; boundary="@"\n\n@',
    ),
    "subtitles": ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n@\n", "WEBVTT\n@"),
    "rtf": ("{\\rtf1 @}", "{\\rtf1 @"),
    "ris": ("TY  - NEWS\nTI  - A\nAB  - @\nER  - \n",),
    "nexis": ("Document 1 of 2\n\n@\n\nEnd of Document\n", "@"),
    "factiva": ("HD A\nWC 10 words\nPD 4 March 2018\nSN Reuters\nLP @\nTD @\n", "@"),
    "proquest": (
        "____________________________________________________________\n\nDocument 1 of 1\n\n"
        "Title: A\n\nFull text: @\n\n",
        "@",
    ),
    "europresse": ("@", "<html><body><article>@</article></body></html>"),
    "telegram": ('{"name": "A", "messages": [{"id": 1, "type": "message", "text": "@"}]}',),
    "tweets": ('window.YTD.tweets.part0 = [{"tweet": {"full_text": "@"}}]',),
    "zotero": ('<rdf:RDF xmlns:rdf="a" xmlns:z="http://www.zotero.org/namespaces/export#">@',),
    "wordpress": (
        '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item>'
        "<title>A</title><content:encoded>@</content:encoded></item></channel></rss>",
        '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>@',
    ),
    "blogger": (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title>'
        '<content type="html">@</content></entry></feed>',
    ),
    "listing": ("@",),
    "pages": ('{"format": "json-pages-1.0"}\n{"url": "http://a.b", "text": "@"}\n',),
    "unread": ("@",),
    "warc": (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.b/\r\n"
        "Content-Type: text/plain\r\nContent-Length: 1000000\r\n\r\n@",
        "WARC/1.0\r\n@",
    ),
}


def times(step: Step, texts: Iterable[str], ceiling: int) -> list[float | str]:
    """Return the CPU time that a step takes for each text, or why it has none.

    They are taken in processes of their own, each of which is ended at the ceiling.
    """
    texts, found = list(texts), []
    while len(found) < len(texts):
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            with os.fdopen(write, "w") as pipe:
                _take(step, texts[len(found) :], ceiling, pipe)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            for line in pipe:
                found.append(float(line) if line[0].isdigit() else line.strip())
        _, status = os.waitpid(child, 0)
        if status:
            ended = signal.Signals(status & 127).name
            found.append(f"over {ceiling} s" if ended == "SIGPROF" else ended)
    return found


def _take(step: Step, texts: Iterable[str], ceiling: int, pipe: TextIO) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for text in texts:
        signal.setitimer(signal.ITIMER_PROF, ceiling)
        began = time.process_time()
        try:
            step(text)
            print(time.process_time() - began, file=pipe, flush=True)
        except BaseException as error:
            print(" ".join(f"{type(error).__name__}: {error}".split())[:200], file=pipe, flush=True)


def faults(step: Step, kinds: Mapping[str, str], ceiling: int) -> Iterator[tuple[str, str]]:
    """Yield the kinds for which the time of a step is wrong, and what is."""
    first = times(step, (repeated(piece, FIRST) for piece in kinds.values()), ceiling)
    for (kind, piece), taken in zip(kinds.items(), first, strict=True):
        if isinstance(taken, str):
            yield kind, f"{FIRST:,} characters: {taken}"
        elif taken > ENOUGH:
            sizes = [FIRST * 2, FIRST * 4]
            one, two = times(step, (repeated(piece, size) for size in sizes), ceiling)
            if isinstance(one, str) or isinstance(two, str):
                yield kind, f"{FIRST:,} characters: {taken:.2f} s, doubled: {one}, again: {two}"
            elif two > RATIO * one:
                yield kind, f"{sizes[1]:,} characters: {two:.2f} s, {two / one:.1f} times {one:.2f}"
            elif two * 2**20 / sizes[1] > SLOW:
                yield kind, f"{sizes[1]:,} characters: {two:.2f} s"


def repeated(piece: str, size: int) -> str:
    """Return a piece so often that it has a size."""
    return piece * (size // len(piece))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("step", nargs="*")
    parser.add_argument("--kind", action="append")
    parser.add_argument("--ceiling", type=int, default=4)
    options = parser.parse_args()
    wrong = 0
    kinds = {kind: KINDS[kind] for kind in options.kind or KINDS}
    with TemporaryDirectory() as folder:
        for name, step in steps(Path(folder)).items():
            if options.step and not any(name.startswith(each) for each in options.step):
                continue
            began = time.perf_counter()
            for kind, fault in faults(step, kinds, options.ceiling):
                wrong += 1
                print(f"{name:24} {kind:26} {fault}", flush=True)
            print(f"{name:24} done in {time.perf_counter() - began:.0f} s", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
