"""Reasons why a run had nothing to do, so that it never ends without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from .readers import Problem


def reasons(
    sources: Mapping[str, Sequence[object]], *, done: bool, retry: bool
) -> Iterator[tuple[str, Problem]]:
    """Yield a note on each source of a run in which nothing was done, counted or reported.

    `done` is whether anything was; `retry` is whether only files that had failed were to be read.
    """
    if done:
        return
    for name, matches in sources.items():
        if not all(isinstance(match, PurePath) for match in matches):
            continue  # not a place in which more could be looked for
        folders = [match for match in matches if isinstance(match, Path) and match.is_dir()]
        yield name, Problem(_reason(folders, retry=retry), lost=False)


def _reason(folders: Sequence[Path], *, retry: bool) -> str:
    if retry:
        return "holds no file that could not be read before: read it without retrying"
    if not folders:
        return "holds nothing that is read: name other files"
    for folder in folders:
        try:
            if any(path.is_file() for path in folder.rglob("*")):
                return (
                    "holds only hidden files and READMEs, which are not read: name one to read it"
                )
        except OSError:
            continue
    return "holds no files: name another folder"
