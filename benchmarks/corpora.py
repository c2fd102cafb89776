"""Which documents do the benchmarks read, and where do they stand?"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
"""The data folder unless `--data` names another: that of a checkout's neighbour."""

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Document:
    """One document, as every engine gets it; what is not known is empty."""

    id: str
    title: str
    text: str
    date: str = ""
    source: str = ""
    lang: str = ""

    @property
    def whole(self) -> str:
        """The title and the text, as engines of one field index them."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text


def words(text: str) -> list[str]:
    """Cut a text into words, in small letters."""
    return [word.lower() for word in WORD.findall(text)]


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the objects of a `.jsonl` or `.jsonl.xz` file."""
    with _open(path) as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def _open(path: Path) -> IO[str]:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a file of articles that have a text."""
    for values in read_lines(path):
        known = {key: str(values.get(key) or "") for key in Document.__dataclass_fields__}
        if known["text"].strip():
            yield Document(**known)


def write_documents(documents: Iterable[Document], path: Path) -> None:
    """Write documents as the JSON lines that syriasearch ingests."""
    with path.open("w", encoding="utf-8") as stream:
        for document in documents:
            known = {key: value for key, value in asdict(document).items() if value}
            stream.write(json.dumps(known, ensure_ascii=False) + "\n")
