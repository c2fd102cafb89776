"""How is a Ray cluster reached, and what stands in the way?

Ray is imported here, and in no other place of the package, when a cluster is asked for.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import threading
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
"""Of its store of objects, in bytes."""
PLACED = 1_000_000
"""So many bytes an actor asks for that needs no processor: Ray puts one that asks for nothing on
any machine, wherever it should go."""
REACHED_S = 5.0
"""So long a machine has to answer at an address."""


_SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
"""A frame of HTTP/2 with no settings."""
_lock = threading.Lock()
_users: list[bool] = []
"""Who uses Ray in this process, and whether it was connected for them."""


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Give Ray, connected to the cluster at an address; one that is connected stays so.

    Raises OptionError for an address that cannot be one, ArchiveError where none answers.
    """
    ray = hold(address)
    try:
        yield ray
    finally:
        release()


def hold(address: str) -> Any:
    """Return Ray, connected to the cluster at an address until all have released it.

    Raises what `connected` raises.
    """
    # An address that cannot be one is reported where Ray is not installed, too.
    host_and_port(address)
    with _lock:
        ray = imported()
        if not _users:
            there = ray.is_initialized()
            if not there:
                check_address(address)
                _connect(ray, address)
            _users.append(not there)
        else:
            _users.append(_users[0])
        return ray


def release() -> None:
    """Have done with Ray; the last who has ends the connection, if it was made for them."""
    with _lock:
        if _users and _users.pop() and not _users:
            imported().shutdown()


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
        told = " ".join(str(error).split())[:200]
        if os.environ.get("RAY_AUTH_MODE", "").lower() != "token":
            told += ": where it asks for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH"
        raise ArchiveError(f"the Ray cluster at {address} cannot be used: {told}") from error


def imported() -> Any:
    """Return Ray. Raises OptionError where it is not installed."""
    # Who wants to tell how Ray is used can say so, and who wants to read what it says to itself.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    if _has_token():
        os.environ.setdefault("RAY_AUTH_MODE", "token")
    ray = import_extra("ray", "Ray is not installed")
    import_module("ray.exceptions")
    return ray


def _has_token() -> bool:
    """Tell whether there is a token, where Ray looks for one; `ray start` then asks for it."""
    named = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
    return any(map(os.environ.get, named)) or (Path.home() / ".ray" / "auth_token").is_file()


def host_and_port(address: str) -> tuple[str, int] | None:
    """Return what an address consists of, None for one that Ray finds. Raises OptionError."""
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
    """Check an address before Ray waits for it. Raises OptionError and ArchiveError."""
    place = host_and_port(address)
    if place is None:
        return
    try:
        with socket.create_connection(place, timeout=REACHED_S) as peer:
            if is_on("RAY_USE_TLS") or _speaks_as_ray(peer):
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


def _speaks_as_ray(peer: socket.socket) -> bool:
    """Tell whether a peer speaks HTTP/2, as Ray does: it answers with its settings (RFC 9113)."""
    peer.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _SETTINGS)
    return peer.recv(9)[3:4] == _SETTINGS[3:4]


def insecurity(ray: Any) -> str | None:
    """Return a warning where others on the network may use the cluster, None where they cannot.

    Ray runs whatever code reaches its ports. With RAY_AUTH_MODE=token it asks for a token, with
    RAY_USE_TLS=1 for a certificate; Ray itself sets the former where it has found a token.
    """
    if os.environ.get("RAY_AUTH_MODE", "").lower() == "token" or is_on("RAY_USE_TLS"):
        return None
    addresses = {node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
    open_ones = sorted(each for each in addresses if not is_loopback(each))
    if not open_ones:
        return None
    return (
        f"the cluster listens at {', '.join(open_ones)}, and whoever reaches it there may run any "
        "code on it: set RAY_AUTH_MODE=token or RAY_USE_TLS=1 on all its nodes, and here"
    )


def is_on(variable: str) -> bool:
    """Tell whether a variable of the environment says yes."""
    return os.environ.get(variable, "").lower() in ("1", "true")


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from its own machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
