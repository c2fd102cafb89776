"""How is a Ray cluster of several nodes run on one machine, and how does one of them end?

Each node is a process with children, at an address of its own on the loopback interface of a
network namespace that nothing outside reaches: Ray's ports would listen on every interface.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

PORT = 6379
MEMORY = 200 * 2**20
JOINS = 3
JOIN_S = 40.0
"""So long a node may take to start, so often."""
_INSIDE = "SYRIASEARCH_IN_NAMESPACE"
_UNSHARE = ["unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child"]
_AS_USER = ["--user", "--map-root-user"]


def namespaced() -> list[str] | None:
    """Return what runs a command in namespaces of its own, None where that may not be."""
    for more in ([], _AS_USER):
        with suppress(OSError):
            tried = subprocess.run([*_UNSHARE, *more, "true"], capture_output=True, check=False)
            if tried.returncode == 0:
                return [*_UNSHARE, *more]
    return None


def enter() -> None:
    """Run this program anew, in namespaces of its own; all that it starts ends with it."""
    if os.environ.get(_INSIDE):
        _raise_loopback()
        return
    command = namespaced()
    if command is None:
        sys.exit("unshare may not make namespaces here, and Ray would listen to the network")
    environment = {**os.environ, _INSIDE: "1"}
    again = [*command, sys.executable, *sys.argv]
    sys.exit(subprocess.run(again, env=environment, check=False).returncode)


def _raise_loopback() -> None:
    """Do what `ip link set lo up` does."""
    flags, up = 0x8914, 0x1 | 0x40
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, flags, struct.pack("16sh14x", b"lo", up))


class Nodes:
    """The nodes of a cluster, which end with this."""

    def __init__(self, folder: Path) -> None:
        """Keep what Ray writes in a folder of a short name: its sockets have no room for more."""
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        token = folder / "token"
        token.write_text(secrets.token_hex(32))
        token.chmod(0o600)
        os.environ.update(
            RAY_AUTH_MODE="token",
            RAY_AUTH_TOKEN_PATH=str(token),
            RAY_USAGE_STATS_ENABLED="0",
            RAY_ENABLE_UV_RUN_RUNTIME_ENV="0",
            # A node that says nothing is given up after some seconds: by default it takes 16.
            RAY_health_check_period_ms="1000",
            RAY_health_check_timeout_ms="2000",
            RAY_health_check_failure_threshold="3",
        )

    @property
    def address(self) -> str:
        """Where the cluster is asked."""
        return f"127.0.0.1:{PORT}"

    def start(self, number: int, *, processors: int) -> str:
        """Start a node, the first of which is the head; return its address."""
        host = f"127.0.0.{number + 1}"
        command = [
            *(sys.executable, "-m", "ray.scripts.scripts", "start", "--block"),
            *(f"--node-ip-address={host}", f"--num-cpus={processors}"),
            *(f"--object-store-memory={MEMORY}", "--disable-usage-stats"),
        ]
        if number == 0:
            command += ["--head", f"--port={PORT}", "--include-dashboard=false"]
            command += [f"--temp-dir={self._folder}"]
        else:
            command += [f"--address={self.address}"]
        log = (self._folder / f"node-{number}.log").open("ab")
        self._running[host] = subprocess.Popen(command, stdout=log, stderr=log)
        return host

    def runs(self, host: str) -> bool:
        """Tell whether a node has been started, and not ended."""
        return host in self._running

    def join(self, ray: Any, number: int, *, processors: int) -> str:
        """Start a node, and wait until the others know it. Raises TimeoutError."""
        for _ in range(JOINS):
            host = self.start(number, processors=processors)
            until = time.monotonic() + JOIN_S
            # Two that start at the same time may take each other's ports.
            while time.monotonic() < until and self._running[host].poll() is None:
                alive = {node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
                if host in alive:
                    return host
                time.sleep(0.1)
            self.kill(host)
        raise TimeoutError(f"the node {host} does not start")

    def kill(self, host: str) -> int:
        """End a node with all its children, at once; return how many processes that were."""
        top = self._running.pop(host)
        family = [top.pid, *_descendants(top.pid)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        top.wait()
        return len(family)

    def close(self) -> None:
        """End all nodes, the head last."""
        for host in sorted(self._running, reverse=True):
            self.kill(host)


def _descendants(process: int) -> list[int]:
    """Return the children of a process, and theirs."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                # The name, in brackets, may hold anything.
                after = (entry / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(after[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [process]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
