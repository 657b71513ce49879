"""Servers of our own that are asked, and a resolver that knows where they are."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from servicedir.outgoing.links import Address, check, is_public

OUTSIDE = "127.0.0.2"
"""Where the servers of these tests are: the one address of this machine that passes for one of the open internet."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Answer = Callable[[bytes, socket.socket], None]


class Server:
    """A server that counts who comes, remembers what was asked, and answers as a test says."""

    def __init__(self, address: str, answer: Answer) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answer = answer
        self._socket = socket.create_server((address, 0))
        self.address, self.port = self._socket.getsockname()[:2]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            connection, _address = self._socket.accept()
            with connection:
                connection.settimeout(5)
                if self._closing:
                    return
                self.connections += 1
                try:
                    request = connection.recv(65536)
                    self.requests.append(request)
                    self._answer(request, connection)
                except OSError:
                    continue

    _closing = False

    def close(self) -> None:
        self._closing = True
        socket.create_connection((self.address, self.port)).close()
        self._thread.join()
        self._socket.close()

    @property
    def methods(self) -> list[str]:
        return [request.partition(b" ")[0].decode() for request in self.requests]


def saying(*answers: bytes) -> Answer:
    """An answer after the other, the last one for ever."""
    waiting = list(answers)

    def answer(request: bytes, connection: socket.socket) -> None:
        connection.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    return answer


def status(number: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {number} Whatever", *headers, "", ""]).encode()


class Names:
    """A resolver that knows some names, and otherwise what the system makes of numbers; it never asks the network.

    Whatever leads to this machine leads to a server that listens, so that a refusal that fails is seen.
    """

    def __init__(self, known: dict[str, list[list[Address]]] | None = None, port: int = 9) -> None:
        self.known = known or {}
        self.port = port
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[Address]:
        self.asked.append(host)
        if host in self.known:
            answers = self.known[host]
            return answers.pop(0) if len(answers) > 1 else answers[0]
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [(str(address[0]), self.port) for *_kind, address in found]


def allowed(address: str) -> bool:
    """What is allowed in earnest, and the servers of these tests."""
    return address == OUTSIDE or is_public(address)


def look(url: str, names: Names, **options: float) -> str:
    return check(url, resolve=names, allowed=allowed, **{"pause": 0.0, **options})


def names_of(server: Server, *hosts: str, port: int = 9) -> Names:
    found = hosts or ("www.example.org",)
    return Names({host: [[(server.address, server.port)]] for host in found}, port)
