"""Datasette, configured and run in this process."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette

from .. import DatasetteConfig, OptionError
from .urls import Addresses

HOST = "127.0.0.1"


def serve(
    archives: Sequence[str | os.PathLike[str]],
    *,
    port: int,
    open_browser: bool,
    ready: Callable[[str], object],
) -> None:
    """Serve archives on this machine only, until the process is stopped.

    `ready` is called with the address of the search page as soon as it answers; with port 0 a free
    one is taken.
    Raises ArchiveError for a file that is not an archive, OptionError for a port that is not free.
    """
    config = DatasetteConfig(*{Path(each).resolve(): each for each in archives}.values())
    with closing(_listen(port)) as listening:
        datasette = _datasette(config)
        path = search_path(datasette, config.names)
        asyncio.run(_run(datasette, listening, path, open_browser, ready))


def search_path(datasette: Any, names: Sequence[str]) -> str:
    """Return the path of the only archive's search page, or of the list of several."""
    if len(names) == 1:
        return Addresses(datasette, names[0]).search
    return str(datasette.urls.path("/-/search"))


def _datasette(config: DatasetteConfig) -> Any:
    """Return a Datasette with some archives. The rest of its configuration is the plugin's."""
    frozen = [str(path) for path in config.archives if _is_frozen(path)]
    others = [str(path) for path in config.archives if str(path) not in frozen]
    return Datasette(others, immutables=frozen, settings=config.settings)


def _is_frozen(path: Path) -> bool:
    """Tell whether an archive cannot be written here.

    Otherwise it is opened for reading, but not as immutable: an ingest may write to it at the same
    time, and reading it as immutable would then give wrong results.
    """
    log = path.with_name(path.name + "-wal")
    return not os.access(path.parent, os.W_OK) and not log.exists()


def _listen(port: int) -> socket.socket:
    """Take a port. Raises OptionError."""
    if not 0 <= port <= 65535:
        raise OptionError(f"port {port} cannot be had: it takes a number from 0 to 65535")
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise OptionError(
                f"port {port} is taken: name another with --port, or 0 for any that is free"
            ) from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise OptionError(f"port {port} cannot be had: {reason}") from error


async def _run(
    datasette: Any,
    listening: socket.socket,
    path: str,
    open_browser: bool,
    ready: Callable[[str], object],
) -> None:
    await datasette.invoke_startup()
    config = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", workers=1)
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    while not (server.started or serving.done()):
        await asyncio.sleep(0.01)
    if server.started:
        address = f"http://{HOST}:{listening.getsockname()[1]}{path}"
        ready(address)
        if open_browser and not await asyncio.to_thread(webbrowser.open, address):
            logging.getLogger(__name__).warning("no browser could be opened: go to %s", address)
    await serving
