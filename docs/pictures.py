"""Take the pictures of docs/pictures/: `python docs/pictures.py`.

Of an archive of seeds/, in Datasette, with Debian's Chromium; needs what the tests need, and
Pillow.
"""

from __future__ import annotations

import html
import io
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

import uvicorn
from datasette.app import Datasette
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from syriasearch import Archive

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
COLOURS = 256
"""So many are enough for text and marks: the files are half as long."""

SHOTS = {
    "search.png": ("search?q=Sochi+talks", (1280, 800), "light"),
    "overview.png": ("search/overview?q=Sochi", (1280, 900), "light"),
    "search-tablet.png": ("search?q=UN&entity=sochi", (820, 1000), "dark"),
    "search-phone.png": (f"search?q={quote('معارضة')}", (390, 800), "light"),
    "article.png": (
        "article/2018-01-27-syrian-opposition-to-boycott-sochi-congress?q=Sochi+boycott",
        (1280, 860),
        "light",
    ),
    "entity.png": ("entity/sochi", (1280, 1180), "light"),
}

TYPED = 'syriasearch "Sochi boycott" --limit 3'
TERMINAL = """<style>body {{ margin: 0; background: #0c0c0c; color: #d9d9d9 }}
pre {{ margin: 0; padding: 18px 22px; font: 15px/1.45 "DejaVu Sans Mono", monospace }} {stylesheet}
</style><pre>{code}</pre>"""


NOTEBOOK = """<style>
body {{ margin: 24px; font: 14px/1.5 "DejaVu Sans", sans-serif; background: #fff }}
pre {{ margin: 0; font: 13px/1.5 "DejaVu Sans Mono", monospace }}
.in {{ display: flex; gap: 12px; margin: 14px 0 6px }}
.in span {{ color: #307fc1; font-family: monospace }}
.in pre {{ flex: 1; padding: 8px 12px; background: #f5f5f5; border: 1px solid #e0e0e0 }}
.out {{ margin-left: 60px }} mark {{ background: #ffe9a3 }}
</style>{cells}"""
SHOWN_CELLS = slice(2, 9)
"""The cells of the notebook that its picture shows."""


def notebook() -> str:
    """Return what a notebook shows of the cells in the docs, as a page."""
    content = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
    shown = []
    for cell in content["cells"][SHOWN_CELLS]:
        text = html.escape("".join(cell["source"]))
        if cell["cell_type"] == "markdown":
            shown.append(f"<p>{text}</p>")
            continue
        count = cell["execution_count"] or " "
        shown.append(f'<div class="in"><span>[{count}]:</span><pre>{text}</pre></div>')
        for output in cell["outputs"]:
            data = output.get("data", {})
            inside = "".join(data.get("text/html", ())) or (
                f"<pre>{html.escape(''.join(data.get('text/plain', ())))}</pre>"
            )
            shown.append(f'<div class="out">{inside}</div>')
    return NOTEBOOK.format(cells="".join(shown))


def typed(folder: Path) -> str:
    """Return what a terminal shows of a command, as a page."""
    ours, theirs = pty.openpty()
    told = {"COLUMNS": "110", "LINES": "60", "TERM": "xterm-256color", "PATH": os.environ["PATH"]}
    query = TYPED.split('"')[1]
    with subprocess.Popen(
        [sys.executable, "-m", "syriasearch.cli", query, "--limit", "3"],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**told, "SYRIASEARCH_DB": str(folder / "syria.db")},
    ):
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 1 << 16)
            except OSError:  # it has ended
                break
    console = Console(record=True, width=112, file=io.StringIO())
    console.print(Text.from_ansi(f"$ {TYPED}\n" + shown.decode().replace("\r", "")))
    return console.export_html(theme=MONOKAI, code_format=TERMINAL)


def save(page: Page, name: str, *, whole: bool = False) -> None:
    """Take a picture of a page, and make it small."""
    page.screenshot(path=PICTURES / name, full_page=whole)
    with Image.open(PICTURES / name) as picture:
        reduced = picture.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE)
    reduced.save(PICTURES / name, optimize=True)


def take(folder: Path) -> None:
    """Make an archive in a folder, serve it, and take every picture."""
    with Archive(folder / "syria.db") as archive:
        archive.ingest(ROOT / "seeds")
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/syria/-"
    app = Datasette([str(folder / "syria.db")]).app()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        for name, (path, (width, height), scheme) in SHOTS.items():
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            page.goto(f"{address}/{path}")
            save(page, name)
            page.close()
        page = browser.new_page(viewport={"width": 1070, "height": 300})
        page.set_content(typed(folder))
        save(page, "terminal.png", whole=True)
        page = browser.new_page(viewport={"width": 960, "height": 300})
        page.set_content(notebook())
        save(page, "notebook.png", whole=True)
        browser.close()
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        take(Path(temporary))
