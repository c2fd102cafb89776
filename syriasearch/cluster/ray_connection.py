"""The connection to a Ray cluster, and what may prevent it."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import ArchiveError, OptionError
from ..errors.faults import import_extra
from .configuration import LOCAL

NAMESPACE = "syriasearch"
LOCAL_MEMORY = 200 * 2**20
"""The size of the object store of a Ray on this machine alone, in bytes."""
PLACED = 1_000_000
"""The bytes of memory that an actor without a processor asks for: Ray ignores where one is to be
placed that asks for nothing."""
REACHED_S = 5.0
"""How long a machine may take to answer at an address, in seconds."""
_SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
"""A frame of HTTP/2 with no settings."""
_lock = threading.Lock()
_users: list[bool] = []
"""For each user of Ray in this process, whether the first of them has connected it."""


@contextmanager
def connected(address: str, *, warns: bool = True) -> Iterator[Any]:
    """Yield Ray, connected to the cluster at an address; an existing connection is used.

    With `warns`, warn if others may use the cluster. Raises OptionError for an address that is not
    one, ArchiveError if no cluster answers there.
    """
    # An invalid address is reported even if Ray is not installed.
    host_and_port(address)
    with _lock:
        ray = imported()
        connects = not (_users or ray.is_initialized())
        if connects:
            check_address(address)
            _connect(ray, address)
        # The last user ends the connection if the first has made it.
        _users.append(_users[0] if _users else connects)
    try:
        warning = insecurity(ray) if warns else None
        if warning:
            warnings.warn(warning, stacklevel=4)
        yield ray
    finally:
        with _lock:
            if _users.pop() and not _users:
                ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    options: dict[str, Any] = {"address": address}
    if address == LOCAL:
        options |= {
            "include_dashboard": False,
            "object_store_memory": LOCAL_MEMORY,
            "_node_ip_address": "127.0.0.1",
        }
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        ray.init(namespace=NAMESPACE, log_to_driver=False, logging_level="ERROR", **options)
    except (ConnectionError, OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        message = " ".join(str(error).split())[:200]
        if os.environ.get("RAY_AUTH_MODE", "").lower() != "token":
            message += (
                ": where it asks for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH"
            )
        raise ArchiveError(f"the Ray cluster at {address} cannot be used: {message}") from error


def imported() -> Any:
    """Return Ray. Raises OptionError if it is not installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    named = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
    if any(map(os.environ.get, named)) or (Path.home() / ".ray" / "auth_token").is_file():
        # Ray has a token; `ray start` then asks for it.
        os.environ.setdefault("RAY_AUTH_MODE", "token")
    ray = import_extra("ray", "Ray is not installed")
    import_module("ray.exceptions")
    return ray


def host_and_port(address: str) -> tuple[str, int] | None:
    """Return the parts of an address, None for one that Ray finds. Raises OptionError."""
    if address in (LOCAL, "auto"):
        return None
    if "://" in address:
        raise OptionError(
            f"{address!r} is no address of a cluster's node: run this on a node of the cluster, "
            "and give host:port, as `ray start --head` prints it"
        )
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise OptionError(f"{address!r} is no address of a Ray cluster: give host:port, or local")
    return host.strip("[]"), int(port)


def check_address(address: str) -> None:
    """Raise OptionError or ArchiveError for an address at which Ray would wait in vain."""
    place = host_and_port(address)
    if place is None:
        return
    try:
        with socket.create_connection(place, timeout=REACHED_S) as peer:
            if is_on("RAY_USE_TLS") or _speaks_http2(peer):
                return
    except TimeoutError as error:
        raise ArchiveError(f"what listens at {address} does not answer: is it Ray?") from error
    except OSError as error:
        raise ArchiveError(
            f"no Ray cluster answers at {address} ({error.strerror or error}): "
            "start one with `ray start --head`, or give another address"
        ) from error
    raise ArchiveError(
        f"what listens at {address} is not Ray: give the address that `ray start --head` prints"
    )


def _speaks_http2(peer: socket.socket) -> bool:
    """Return whether a peer speaks HTTP/2, as Ray does: it answers with settings (RFC 9113)."""
    peer.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _SETTINGS)
    return peer.recv(9)[3:4] == _SETTINGS[3:4]


def insecurity(ray: Any) -> str | None:
    """Return a warning if others on the network may use the cluster.

    Ray runs any code that reaches its ports, unless RAY_AUTH_MODE=token or RAY_USE_TLS=1 is set.
    """
    if os.environ.get("RAY_AUTH_MODE", "").lower() == "token" or is_on("RAY_USE_TLS"):
        return None
    addresses = {node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
    reachable = sorted(each for each in addresses if not is_loopback(each))
    if not reachable:
        return None
    return (
        f"the cluster listens at {', '.join(reachable)}, and whoever reaches it there may run any "
        "code on it: set RAY_AUTH_MODE=token or RAY_USE_TLS=1 on all its nodes, and here"
    )


def is_on(variable: str) -> bool:
    """Return whether an environment variable is set to 1 or true."""
    return os.environ.get(variable, "").lower() in ("1", "true")


def is_loopback(host: str) -> bool:
    """Return whether only its own machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
