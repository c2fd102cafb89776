"""SQL functions for archives in Datasette.

- `syria_search(query)`, `syria_search(query, limit)`: the hits of a query as a JSON array, the best
  first, for `json_each`: rank, id, slug, score, partial, total, paragraph_id, passage, named.
- `syria_snippet(text, query)`: the piece of a text that answers a query, with marks around what is
  found; `syria_snippet(text, query, before, after)` with other marks.
- `syria_fold(text)`: a text as it is indexed.

They search the archive of the connection they are called on, through a read-only connection of
their own, with the time limit that Datasette has for a query. Python's sqlite3 does not report what
was wrong in a function; `report_errors` does.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from .. import Archive, Hit, OptionError, Snippet, SyriaSearchError, TimeLimitError, fold
from .archives import open_archive
from .escaping import CLOSE, OPEN

K = TypeVar("K")
V = TypeVar("V")

MAX_HITS = 1000
"""The maximum number of hits: Datasette does not show more rows either."""
MAX_NAMES = 5
"""The number of entities reported for an article, those named most."""
KEPT = 64
"""The number of highlighters that are cached, and the number of errors."""
KEPT_SECONDS = 5.0
"""How long a highlighter is cached: names and words may be added."""
MAX_TEXT = 200_000
"""The number of characters of a text that are searched for a snippet, or folded."""
MAX_QUERY = 10_000
"""The maximum number of characters of a query, as on the search page."""
MAX_MARK = 100
"""The maximum number of characters of a mark around what is found."""
PAUSE = 0.5
"""The seconds without a call after which a statement is taken to have ended."""
TOO_LONG = "this takes too long: ask for less"
RAISED = ("user-defined function raised exception",)
"""All that sqlite3 reports of an error in a function."""


class _Meter:
    """The processor time that the calls in one statement have taken, and its limit.

    SQLite looks at Datasette's own limit only between many steps, each of which may be a call.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._spent = 0.0
        self._last = 0.0

    def begin(self, sql: str) -> None:
        """Begin a statement; those that SQLite runs within another one are marked as comments."""
        if not sql.startswith("--"):
            self._spent = 0.0

    def limiting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that raises TimeLimitError when the calls have taken too long."""

        def call(*given: Any) -> Any:
            if time.monotonic() - self._last > PAUSE:
                self._spent = 0.0
            if self._spent > self._seconds:
                raise TimeLimitError(TOO_LONG)
            began = time.thread_time()
            try:
                return function(*given)
            finally:
                self._spent += time.thread_time() - began
                self._last = time.monotonic()

        return call


class Functions:
    """The functions of all archives of one Datasette."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._highlighters: dict[tuple[str, str], tuple[float, Callable[[str], Snippet]]] = {}
        self._errors: dict[str, str] = {}

    def register(self, connection: sqlite3.Connection) -> None:
        """Add the functions to a connection."""
        files = {row[1]: row[2] for row in connection.execute("PRAGMA database_list").fetchall()}
        path = str(Path(files["main"]).resolve()) if files.get("main") else ""

        meter = _Meter(self._seconds)
        connection.set_trace_callback(meter.begin)

        def add(name: str, arguments: int, function: Callable[..., Any]) -> None:
            # Within a statement an archive gives the same answer, so each is computed once.
            recording = self._recording(name, path, meter.limiting(function))
            connection.create_function(name, arguments, recording, deterministic=True)

        add("syria_fold", 1, _fold)
        add("syria_search", 1, lambda query: self._search(path, query, 20))
        add("syria_search", 2, lambda query, limit: self._search(path, query, limit))
        add("syria_snippet", 2, lambda text, query: self._snippet(path, text, query, OPEN, CLOSE))
        add("syria_snippet", 4, lambda *given: self._snippet(path, *given))

    def message(self, sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> str | None:
        """Return the error of a function whose query is in this SQL or its parameters."""
        values = parameters.values() if isinstance(parameters, Mapping) else parameters
        given = {value for value in values if isinstance(value, str)}
        with self._lock:
            for query, message in reversed(self._errors.items()):
                literal = query.replace("'", "''")
                if query in given or f"'{literal}'" in sql:
                    return message
        return None

    def _recording(self, name: str, path: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that records what it raises, without the archive's folder."""

        def call(*given: Any) -> Any:
            try:
                return function(*given)
            except SyriaSearchError as error:
                asked = given[1 if name == "syria_snippet" else 0]
                query = "" if isinstance(asked, bytes) else str(asked)[:MAX_QUERY]
                position = getattr(error, "position", None)
                place = f" (at character {position + 1})" if position is not None else ""
                message = str(error).replace(path or "\0", Path(path).name)
                self._keep(self._errors, query, f"{name}: {message}{place}")
                # Datasette prints the traceback, which says nothing to the author of a query.
                raise error.with_traceback(None) from None

        return call

    def _keep(self, cache: dict[K, V], key: K, value: V) -> None:
        """Add a value to a cache, as the latest of at most KEPT."""
        with self._lock:
            cache.pop(key, None)
            cache[key] = value
            while len(cache) > KEPT:
                del cache[next(iter(cache))]

    def _search(self, path: str, query: object, limit: object) -> str:
        if not isinstance(limit, int):
            raise OptionError(f"the limit is a whole number, not {limit!r}")
        archive = _open(path)
        with archive.within(self._seconds):
            page = archive.search(_text(query), limit=min(limit, MAX_HITS), passages=1)
        hits = [_row(rank, hit, page.total) for rank, hit in enumerate(page.hits, start=1)]
        return json.dumps(hits, ensure_ascii=False)

    def _snippet(
        self, path: str, text: object, query: object, before: object, after: object
    ) -> str | None:
        if text is None:
            return None
        if isinstance(text, bytes):
            raise OptionError("syria_snippet takes a text, and this is a blob")
        snippet = self._highlighter(path, _text(query))(str(text)[:MAX_TEXT])
        return snippet.to_marked(str(before)[:MAX_MARK], str(after)[:MAX_MARK])

    def _highlighter(self, path: str, query: str) -> Callable[[str], Snippet]:
        now = time.monotonic()
        with self._lock:
            made_at, highlighter = self._highlighters.get((path, query), (0.0, None))
        if highlighter is None or now - made_at > KEPT_SECONDS:
            archive = _open(path)
            with archive.within(self._seconds):
                highlighter = archive.highlighter(query)
            self._keep(self._highlighters, (path, query), (now, highlighter))
        return highlighter


def _open(path: str) -> Archive:
    if not path:
        raise OptionError("this database is no archive: ask on the page of one")
    return open_archive(path)


def _text(value: object) -> str:
    """Return a value as text. Raises OptionError for one that is too large to be a query."""
    if isinstance(value, bytes) or (isinstance(value, str) and len(value) > MAX_QUERY):
        raise OptionError(f"a query is a text of at most {MAX_QUERY:,} characters")
    return "" if value is None else str(value)


def _fold(text: object) -> str | None:
    """Fold a text; only its beginning if it is longer than any paragraph."""
    if isinstance(text, bytes):
        raise OptionError("syria_fold takes a text, and this is a blob")
    return None if text is None else fold(str(text)[:MAX_TEXT])


def _row(rank: int, hit: Hit, total: int) -> dict[str, Any]:
    passage = hit.passages[0] if hit.passages else None
    return {
        "rank": rank,
        "id": hit.article.id,
        "slug": hit.article.slug,
        "score": round(hit.score, 6),
        "partial": hit.partial,
        "total": total,
        "paragraph_id": passage.paragraph_id if passage else None,
        "passage": passage.snippet.to_marked(OPEN, CLOSE) if passage else None,
        "named": ", ".join(entity.name for entity in hit.entities[:MAX_NAMES]),
    }


_functions: WeakKeyDictionary[Any, Functions] = WeakKeyDictionary()


def functions_of(datasette: Any) -> Functions:
    """Return the functions of a Datasette, with its time limit."""
    if datasette not in _functions:
        seconds = (datasette.setting("sql_time_limit_ms") or 1000) / 1000
        _functions.setdefault(datasette, Functions(seconds))
    return _functions[datasette]


def report_errors(datasette: Any) -> None:
    """Make every database of a Datasette report errors in these functions."""
    functions = functions_of(datasette)
    for database in datasette.databases.values():
        if not hasattr(database.execute, "__wrapped__"):
            with suppress(AttributeError):  # if a Database takes no attributes
                database.execute = _reporting(database.execute, functions)


def _reporting(execute: Callable[..., Any], functions: Functions) -> Callable[..., Any]:
    @wraps(execute)
    async def reporting(sql: str, params: Any = None, *others: Any, **options: Any) -> Any:
        try:
            return await execute(sql, params, *others, **options)
        except sqlite3.OperationalError as error:
            message = functions.message(sql, params or {}) if error.args == RAISED else None
            if message is None:
                raise
            raise sqlite3.OperationalError(message) from error

    return reporting
