"""The client: a few connections kept alive, each sending its next request when the last answer is whole.

It runs in the process that measures, on raw sockets in one thread, so that it takes as little as possible of a machine
that it shares with the server. Of answers it knows those with a length and those in chunks.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 30.0
"""Seconds after which an answer that did not come is an error."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_CLOSE = re.compile(rb"\r\nconnection: *close\r\n", re.IGNORECASE)


class BadAnswer(Exception):
    """An answer that is not 200, has no body, or cannot be read; the message is what errors are counted under."""


@dataclass(slots=True)
class Round:
    """What some seconds of asking gave: milliseconds of each good answer, bytes received, and errors by their kind."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    received: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """Return good answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class _Line:
    """One connection and the answer that comes in on it; the socket is opened when it is needed."""

    socket: socket.socket | None = None
    sent: float = 0.0
    address: str = ""
    buffer: bytearray = field(default_factory=bytearray)
    wanted: int = 0  # Bytes of the whole answer, 0 until its head is here; of chunks, those of the head.
    chunked: bool = False
    closes: bool = False


def drive(host: str, port: int, addresses: Iterator[str], *, connections: int, seconds: float, most: int) -> Round:
    """Ask for the addresses until the time is over or `most` were asked; answers under way are waited for."""
    found = Round()
    asked = 0
    selector = selectors.DefaultSelector()
    lines = [_Line() for _ in range(connections)]
    begun = time.perf_counter()
    until = begun + seconds

    def ask(line: _Line) -> None:
        nonlocal asked
        if asked >= most or time.perf_counter() >= until:
            return
        asked += 1
        line.address, line.wanted, line.closes = next(addresses), 0, False
        line.buffer.clear()
        try:
            if line.socket is None:
                line.socket = socket.create_connection((host, port), timeout=PATIENCE)
                line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(line.socket, selectors.EVENT_READ, line)
            line.sent = time.perf_counter()
            line.socket.sendall(f"GET {line.address} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: */*\r\n\r\n".encode())
        except OSError as fault:
            fail(line, type(fault).__name__)

    def hang_up(line: _Line) -> None:
        if line.socket is not None:
            selector.unregister(line.socket)
            line.socket.close()
            line.socket = None

    def fail(line: _Line, what: str) -> None:
        found.errors[f"{what}: {line.address}"] += 1
        line.address = ""
        hang_up(line)

    for line in lines:
        ask(line)
    while busy := [line for line in lines if line.socket is not None and line.address]:
        for key, _events in selector.select(timeout=1.0):
            line = key.data
            try:
                if not _receive(line):
                    continue
            except (BadAnswer, OSError) as fault:
                fail(line, str(fault) if isinstance(fault, BadAnswer) else type(fault).__name__)
            else:
                found.latencies.append((time.perf_counter() - line.sent) * 1000)
                found.received += len(line.buffer)
                line.address = ""
                if line.closes:
                    hang_up(line)
            ask(line)
        for line in busy:
            if line.address and time.perf_counter() - line.sent > PATIENCE:
                fail(line, "no answer in time")
    found.seconds = time.perf_counter() - begun
    for line in lines:
        hang_up(line)
    selector.close()
    return found


def _receive(line: _Line) -> bool:
    """Take what has come; return whether the answer is whole. Raises BadAnswer, OSError."""
    assert line.socket is not None  # noqa: S101 - a line without a socket is not in the selector
    data = line.socket.recv(1 << 18)
    if not data:
        raise BadAnswer("connection closed without an answer")
    line.buffer += data
    if not line.wanted:
        end = line.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(line.buffer[: end + 2])
        status = head.split(b" ", 2)[1].decode("ascii", "replace")
        if status != "200":
            raise BadAnswer(f"status {status}")
        line.chunked, line.closes = bool(_CHUNKED.search(head)), bool(_CLOSE.search(head))
        length = _LENGTH.search(head)
        if length is None and not line.chunked:
            raise BadAnswer("an answer without Content-Length")
        if length is not None and not int(length[1]):
            raise BadAnswer("empty body")
        line.wanted = end + 4 + (int(length[1]) if length else 0)
    if not line.chunked:
        return len(line.buffer) >= line.wanted
    if line.buffer.startswith(_LAST_CHUNK[2:], line.wanted):
        raise BadAnswer("empty body")
    return line.buffer.endswith(_LAST_CHUNK)
