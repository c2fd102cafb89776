"""Reader of text and Markdown files, with or without YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...text.patterns import regex
from . import several
from .base import Document, Problem, SourceFile, UnreadableError, read_whole
from .charset import decode, noted
from .field_mapping import with_fields

_FRONT_MATTER = regex(r"---[^\S\n]*\r?\n(.*?)^(?:---|\.\.\.)[^\S\n]*(?:\r?\n|\Z)", re.S | re.M)
MAX_YAML = 2**16
"""The maximum number of characters that are read as YAML, in a hundred times the memory."""
_SIMPLE_LINE = regex(r"([A-Za-z_]+)\s*:\s*(.*\S)?\s*$")


def read(file: SourceFile, markup: str = "plain") -> Iterator[Document | Problem]:
    """Yield the file's article, and its problems."""
    text = yield from noted(decode(read_whole(file)))
    fields: dict[str, object] = {}
    front_matter = _FRONT_MATTER.match(text)
    if front_matter:
        text = text[front_matter.end() :]
        fields, problem = _parse(front_matter.group(1))
        if problem:
            yield Problem(problem, lost=False)
    elif text.startswith(("---\n", "---\r\n")):
        yield Problem("the front matter has no closing `---` line: add one", lost=False)
    if not text.strip():
        raise UnreadableError("holds no text: leave it out, or fill it")
    if note := several.note_on(text):
        yield note
    yield with_fields(Document(text, markup), fields, references=markup == "markdown")


def _parse(front_matter: str) -> tuple[dict[str, object], str | None]:
    """Return the fields of front matter, and a problem of it.

    If it is not valid YAML, the fields are those on lines of their own.
    """
    import yaml

    if len(front_matter) > MAX_YAML:
        return _line_by_line(front_matter), (
            f"the front matter has over {MAX_YAML // 2**10} KiB, read line by line: shorten it"
        )
    try:
        # The base loader leaves values as written: 2018-01-30 is not a date, `no` not a boolean.
        values = yaml.load(front_matter, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        return _line_by_line(front_matter), (
            f"the front matter is not valid YAML{where}, read line by line: "
            "put values that hold a colon in quotation marks"
        )
    if values in (None, ""):
        return {}, None
    if not isinstance(values, dict):
        return {}, "the front matter has no `key: value` lines: add some"
    return values, None


def _line_by_line(front_matter: str) -> dict[str, object]:
    lines = map(_SIMPLE_LINE.match, front_matter.splitlines())
    return {line[1]: (line[2] or "").strip("\"'") for line in lines if line}
