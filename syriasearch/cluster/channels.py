"""How do processes of a cluster talk that share a key?

Ray tells who asks where a process listens, and the key. Nothing is read from a peer that has not
shown that it has the key, nor sent to one: both prove it by a digest of what the other has made up
(HMAC-SHA256). With RAY_USE_TLS=1 all of it goes through TLS, with the certificates that Ray uses.
A message is pickled, behind its length.
"""

from __future__ import annotations

import hmac
import os
import secrets
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from .packing import pack, unpack

NONCE = 32
"""So many bytes each side makes up; a digest has as many."""
SHAKEN_S = 5.0
"""So long a peer has to prove that it has the key."""
PAUSE_S = 0.1
"""So long is waited before another peer is taken, where none could be."""
MOST_OPEN = 512
"""So many channels a process keeps at a time."""
AT_ONCE = 1 << 16
"""So many bytes are read at once: most messages are shorter."""
_LENGTH = struct.Struct(">Q")


class Place(NamedTuple):
    """Where a process listens."""

    host: str
    port: int
    key: bytes

    def __repr__(self) -> str:
        """Return it without the key."""
        return f"{self.host}:{self.port}"


class Channel:
    """A connection to a peer that has the key."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._seconds = -1.0 if peer.gettimeout() is not None else None

    def fileno(self) -> int:
        """Return what can be polled; an answer is read whole, so that none waits unseen."""
        return self._peer.fileno()

    def send(self, message: Any, seconds: float | None = None) -> None:
        """Send a message. Raises OSError."""
        self.send_packed(pack(message), seconds)

    def send_packed(self, packed: bytes, seconds: float | None = None) -> None:
        """Send a message that is packed already. Raises OSError."""
        self._wait(seconds)
        self._peer.sendall(_LENGTH.pack(len(packed)) + packed)

    def receive(self, seconds: float | None = None) -> Any:
        """Return the next message. Raises OSError, also where the peer has gone.

        Who asks waits for the answer before asking again, so that there is never more than one.
        """
        self._wait(seconds)
        read = self._peer.recv(AT_ONCE)
        if len(read) < _LENGTH.size:
            read += _read(self._peer, _LENGTH.size - len(read))
        (length,) = _LENGTH.unpack_from(read)
        there = len(read) - _LENGTH.size
        if there > length:
            raise ConnectionAbortedError("the peer has said more than it was asked")
        packed = read[_LENGTH.size :]
        return unpack(packed if there == length else packed + _read(self._peer, length - there))

    def _wait(self, seconds: float | None) -> None:
        if self._seconds != seconds:
            self._seconds = seconds
            self._peer.settimeout(seconds)

    def has_more(self, seconds: float | None) -> bool:
        """Wait so long for a message; tell whether there is one, or the peer has gone."""
        waiting = select.poll()
        waiting.register(self._peer, select.POLLIN)
        return bool(waiting.poll(None if seconds is None else seconds * 1000))

    def close(self) -> None:
        """Close it."""
        self._peer.close()


def connect(place: Place, seconds: float) -> Channel:
    """Return a channel to a place. Raises OSError where nobody with the key answers."""
    peer = socket.create_connection((place.host, place.port), timeout=seconds)
    try:
        peer = _prepared(peer, _context(server=False), server=False)
        mine = secrets.token_bytes(NONCE)
        peer.sendall(mine)
        theirs = _read(peer, NONCE)
        if not hmac.compare_digest(_read(peer, NONCE), _proof(place.key, b"held", mine, theirs)):
            raise ConnectionRefusedError(f"who listens at {place} has another key")
        peer.sendall(_proof(place.key, b"asks", mine, theirs))
    except BaseException:
        peer.close()
        raise
    return Channel(peer)


class Listener:
    """Takes channels from those who have the key, and serves each in a thread of its own."""

    def __init__(self, host: str, serve: Callable[[Channel], None]) -> None:
        self._serve = serve
        self._context = _context(server=True)
        self._socket = socket.create_server((host, 0), family=_family(host), backlog=MOST_OPEN)
        self._peers: set[socket.socket] = set()
        self.place = Place(host, self._socket.getsockname()[1], secrets.token_bytes(NONCE))
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        """Take no more, and close those that are open."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for peer in [*self._peers]:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def _take(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                if self._socket.fileno() < 0:
                    return
                # Of too many open files, it may be: they may be fewer soon.
                time.sleep(PAUSE_S)
                continue
            if len(self._peers) >= MOST_OPEN:
                peer.close()
                continue
            self._peers.add(peer)
            threading.Thread(target=self._shake, args=[peer], daemon=True).start()

    def _shake(self, plain: socket.socket) -> None:
        peer = plain
        try:
            with suppress(OSError):
                # All of it together: who sends byte by byte is closed then.
                closing = threading.Timer(SHAKEN_S, _shut, [plain])
                closing.daemon = True
                closing.start()
                peer = _prepared(peer, self._context, server=True)
                theirs, mine = _read(peer, NONCE), secrets.token_bytes(NONCE)
                key = self.place.key
                peer.sendall(mine + _proof(key, b"held", theirs, mine))
                if hmac.compare_digest(_read(peer, NONCE), _proof(key, b"asks", theirs, mine)):
                    closing.cancel()
                    self._serve(Channel(peer))
        finally:
            peer.close()
            plain.close()
            self._peers.discard(plain)


def _shut(peer: socket.socket) -> None:
    with suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)


def _proof(key: bytes, role: bytes, asker: bytes, holder: bytes) -> bytes:
    return hmac.digest(key, role + asker + holder, "sha256")


def _context(*, server: bool) -> ssl.SSLContext | None:
    """Return what makes a connection as safe as Ray's are: None where these are plain."""
    if os.environ.get("RAY_USE_TLS", "").lower() not in ("1", "true"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    # Certificates are of the cluster, not of a name: who has one of its authority belongs to it.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(os.environ.get("RAY_TLS_CA_CERT"))
    context.load_cert_chain(
        os.environ.get("RAY_TLS_SERVER_CERT", ""), os.environ.get("RAY_TLS_SERVER_KEY")
    )
    return context


def _prepared(
    peer: socket.socket, context: ssl.SSLContext | None, *, server: bool
) -> socket.socket:
    """Return a socket that sends at once, notices when its peer has gone, and is as safe as Ray."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return peer if context is None else context.wrap_socket(peer, server_side=server)


def _read(peer: socket.socket, length: int) -> bytes:
    """Read so many bytes. Raises ConnectionResetError where there are fewer."""
    read = peer.recv(length)
    if len(read) == length:
        return read
    parts = bytearray(read)
    while len(parts) < length:
        part = peer.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise ConnectionResetError("the peer has gone")
        parts += part
    return bytes(parts)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
