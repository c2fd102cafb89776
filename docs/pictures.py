"""Take the pictures of docs/pictures/: `python docs/pictures.py`.

Of an archive of seeds/, in Datasette, with Debian's Chromium; needs what the tests need, and
Pillow.
"""

from __future__ import annotations

import io
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
    "search.png": ("search?q=Sochi+boycott", (1280, 860), "light"),
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
        browser.close()
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        take(Path(temporary))
