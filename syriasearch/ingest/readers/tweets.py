"""Reader of the posts in an archive of X (Twitter): tweets.js, its parts, and note-tweet.js.

The files are JSON after the name of a variable. The author is in account.js, next to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from ...text.patterns import regex
from .base import Document, Problem, SourceFile, UnreadableError
from .charset import head_text
from .field_mapping import Record, read_records
from .json import CHUNK, Window, read_list

_PARTS = r"(?:deleted_|community_)?(?:note_)?tweets?"
_POSTS = regex(
    rf"\s*(?:window\.YTD\.{_PARTS}\.part\d+|Grailbird\.data\.tweets_\d{{4}}_\d\d)\s*=\s*\["
)
_ACCOUNT = regex(r"(?:(?<!\s)\s+)?window\.YTD\.account\.part\d+\s*=\s*")
_MAX_ACCOUNT = 2**16


def claims(head: bytes) -> bool:
    """Return whether a file begins like posts of an archive."""
    return _POSTS.match(head_text(head)) is not None


def read(file: SourceFile) -> Iterator[Document | Problem]:
    """Yield the posts, one after another, however many there are."""
    user = _user(file)
    with file.open() as stream:
        window = Window(stream.read(CHUNK), stream)
        start = _POSTS.match(window.text)
        if not start:
            raise UnreadableError("has no posts of an X archive: name its tweets.js")
        window.position = start.end()
        if window.next_character() == "]":
            yield Problem("is a part of an X archive without posts: leave it out", lost=False)
            return
        records = (
            _record(number, item, user) for number, item in enumerate(read_list(window), start=1)
        )
        yield from read_records(records, file, empty="ends before its first post")
        if window.note:
            yield Problem(window.note, lost=False)


def _record(number: int, item: Any, user: dict[str, str]) -> Record | Problem:
    if isinstance(item, Problem):
        return item
    place = f"post {number}"
    if not isinstance(item, dict):
        return Problem(f"{place} is not an object", str(number))
    return Record(number, place, {"user": user, **item} if user else item)


def _user(file: SourceFile) -> dict[str, str]:
    """Return the account that the archive is of, if its file is on disk next to this one."""
    if file.path.name != PurePath(file.name).name:
        return {}
    try:
        with file.path.with_name("account.js").open("rb") as stream:
            text = stream.read(_MAX_ACCOUNT).decode("utf-8-sig", "replace")
        (entry,) = json.loads(_ACCOUNT.sub("", text, count=1).rstrip(" \r\n;"))
        account = entry["account"]
        return {"name": str(account["accountDisplayName"] or account["username"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
