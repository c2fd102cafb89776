"""Take the pictures of docs/pictures/: `python docs/pictures.py`.

Of an archive of seeds/, in Datasette, with Debian's Chromium; needs what the tests need.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

import uvicorn
from datasette.app import Datasette
from PIL import Image
from playwright.sync_api import sync_playwright

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
            page.screenshot(path=PICTURES / name)
            page.close()
            with Image.open(PICTURES / name) as picture:
                reduced = picture.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE)
            reduced.save(PICTURES / name, optimize=True)
        browser.close()
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        take(Path(temporary))
