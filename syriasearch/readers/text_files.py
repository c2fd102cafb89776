"""Which article does a text or Markdown file hold, with YAML front matter or none?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .base import MAX_ARTICLE_BYTES, Document, Problem, SourceFile
from .decode import UndecodableError, decode

_FRONT_MATTER = re.compile(r"---[^\S\n]*\r?\n(.*?)^(?:---|\.\.\.)[^\S\n]*(?:\r?\n|\Z)", re.S | re.M)
_SIMPLE_LINE = re.compile(r"([A-Za-z_]+)\s*:\s*(.*\S)?\s*$")
FIELDS = {
    "title": "title",
    "headline": "title",
    "author": "author",
    "authors": "author",
    "byline": "author",
    "source": "source",
    "publisher": "source",
    "url": "url",
    "link": "url",
    "date": "date",
    "published": "date",
    "lang": "lang",
    "language": "lang",
}
"""What a metadata key is called elsewhere, and what it is here."""
MAX_FIELD = 2000
"""Characters of a metadata field that are kept."""


def field_values(values: dict[Any, Any]) -> dict[str, str | None]:
    """Return a document's fields out of a mapping's: flat lists joined, empty ones None."""
    fields: dict[str, str | None] = {}
    for key, value in values.items():
        name = FIELDS.get(str(key).lower())
        if name and not fields.get(name):
            several = value if isinstance(value, list) else [value]
            fields[name] = ", ".join(filter(None, map(_scalar, several)))[:MAX_FIELD] or None
    return fields


def _scalar(value: object) -> str:
    """Return a value as text; of a mapping its name, of what is nested deeper nothing."""
    if isinstance(value, dict):
        value = value.get("name")
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


class TextReader:
    """Reads `.txt` and `.md`, an article a file."""

    name = "text"
    suffixes: tuple[str, ...] = (".txt", ".md", ".markdown", ".text")

    def read(self, file: SourceFile) -> Iterator[Document | Problem]:
        """Yield the file's article, or the problem that it has."""
        with file.path.open("rb") as stream:
            data = stream.read(MAX_ARTICLE_BYTES + 1)
        if len(data) > MAX_ARTICLE_BYTES:
            size = file.path.stat().st_size
            limit = MAX_ARTICLE_BYTES // 2**20
            yield Problem(f"has {size / 2**20:,.0f} MiB, over the {limit} MiB of one: split it")
            return
        try:
            text, note = decode(data)
        except UndecodableError as error:
            yield Problem(str(error))
            return
        if note:
            yield Problem(note, lost=False)
        fields: dict[str, str | None] = {}
        front_matter = _FRONT_MATTER.match(text)
        if front_matter:
            text = text[front_matter.end() :]
            fields, problem = _parse(front_matter.group(1))
            if problem:
                yield problem
        elif text.startswith(("---\n", "---\r\n")):
            yield Problem("the front matter has no closing `---` line: add one", lost=False)
        if not text.strip():
            yield Problem("holds no text: leave it out, or fill it")
            return
        markup = "markdown" if file.path.suffix.lower() in (".md", ".markdown") else "plain"
        yield Document(text, markup, **fields)


def _parse(yaml_text: str) -> tuple[dict[str, str | None], Problem | None]:
    """Return the fields of front matter; of broken YAML those on lines of their own."""
    import yaml

    try:
        # The base loader leaves values as they are written: 2018-01-30 is no date, `no` no boolean.
        values = yaml.load(yaml_text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        lines = map(_SIMPLE_LINE.match, yaml_text.splitlines())
        values = {line[1]: (line[2] or "").strip("\"'") for line in lines if line}
        return field_values(values), Problem(
            f"the front matter is not valid YAML{where}, read line by line: "
            "put values that hold a colon in quotation marks",
            lost=False,
        )
    if values in (None, ""):
        return {}, None
    if not isinstance(values, dict):
        return {}, Problem("the front matter has no `key: value` lines: add some", lost=False)
    return field_values(values), None
