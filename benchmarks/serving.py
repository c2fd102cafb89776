"""How long does the search page of an archive take in Datasette, beside the search itself?

Each query is asked in turns of `Archive.search`, with the facets of the page, and of the page,
through Datasette as its server asks it, without a network between. Time is that of the processor,
of all threads together, so that other work on the machine counts little.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any
from urllib.parse import urlencode

from syriasearch import Archive
from tables import table

QUERIES = (
    "",
    "Syria",
    "said",
    "Sochi boycott",
    "Jaafari",
    '"White House"',
    "presid*",
    "president OR government OR minister",
    "russia turkey iran talks on syria in astana",
    '"united nations" w/s syria',
)
FACETS = ("entity", "source", "author", "lang")
"""Those of the page."""


async def get(app: Any, path: str, query: str) -> tuple[int, int]:
    """Ask an ASGI application for a page; return its status, and how many bytes it has."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost")],
    }
    await app(scope, receive, send)
    return sent[0]["status"], sum(len(message.get("body", b"")) for message in sent)


async def compare(path: Path, app: Any, times: int) -> None:
    """Print the time of a search, of its page, and the one over the other."""
    page = f"/{path.stem}/-/search"
    rows: list[list[str]] = []
    ratios: list[float] = []
    with Archive(path, readonly=True) as archive:
        for query in QUERIES:
            asked = urlencode({"q": query})
            spent: dict[str, list[float]] = {"search": [], "page": []}
            for _ in range(times + 4):  # the first of each make every thread read
                began = time.process_time()
                archive.search(query, facets=FACETS)
                between = time.process_time()
                status, size = await get(app, page, asked)
                spent["search"].append(between - began)
                spent["page"].append(time.process_time() - between)
                assert status == 200, (query, status)
            search, shown = (median(each[4:]) * 1000 for each in spent.values())
            ratios.append(shown / search)
            numbers = (f"{search:.1f}", f"{shown:.1f}", f"{ratios[-1]:.2f}", f"{size:,}")
            rows.append([f"`{query}`" if query else "(nothing)", *numbers])
    rows.append(["geometric mean", "", "", f"{geometric_mean(ratios):.2f}", ""])
    print(table(["query", "search, ms", "page, ms", "ratio", "bytes"], rows))


async def crowd(path: Path, app: Any, at_once: int) -> None:
    """Print how many of so many requests at once are answered, and how long all of them take."""
    began = time.perf_counter()
    asked = [urlencode({"q": QUERIES[each % len(QUERIES)]}) for each in range(at_once)]
    answers = await asyncio.gather(*(get(app, f"/{path.stem}/-/search", each) for each in asked))
    took = time.perf_counter() - began
    answered = sum(status == 200 for status, _ in answers)
    print(f"\n{answered} of {at_once} requests at once were answered, in {took:.1f} s.")


def paint(path: Path, datasette: Any, times: int) -> None:
    """Print when Chromium paints first, after the page was asked for."""
    import uvicorn
    from playwright.sync_api import sync_playwright

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/{path.stem}/-/search"
    timings = (
        "[performance.getEntriesByType('navigation')[0].responseStart,"
        " performance.getEntriesByName('first-contentful-paint')[0].startTime]"
    )
    rows: list[list[str]] = []
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page()
        for query in QUERIES[:6]:
            seen: list[Sequence[float]] = []
            for _ in range(times + 2):
                page.goto(f"{address}?{urlencode({'q': query})}", wait_until="load")
                # The page's policy lets nothing wait inside of it.
                while not page.evaluate("performance.getEntriesByType('paint').length"):
                    page.wait_for_timeout(20)
                seen.append(page.evaluate(timings))
            first, painted = (median(each) for each in zip(*seen[2:], strict=True))
            rows.append([f"`{query}`" if query else "(nothing)", f"{first:.0f}", f"{painted:.0f}"])
        browser.close()
    server.should_exit = True
    thread.join()
    print("\n" + table(["query", "first byte, ms", "first paint, ms"], rows))


def main() -> None:
    """Measure, and print."""
    from datasette.app import Datasette

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--times", type=int, default=9, help="how often each query is asked")
    parser.add_argument("--at-once", type=int, default=200, help="how many requests at once")
    parser.add_argument("--paint", action="store_true", help="look at it in Chromium, too")
    options = parser.parse_args()
    datasette = Datasette([str(options.archive)])

    async def ask() -> None:
        await datasette.invoke_startup()
        app = datasette.app()
        await compare(options.archive, app, options.times)
        await crowd(options.archive, app, options.at_once)

    asyncio.run(ask())
    if options.paint:
        paint(options.archive, Datasette([str(options.archive)]), options.times)


if __name__ == "__main__":
    main()
