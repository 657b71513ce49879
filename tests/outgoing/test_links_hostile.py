"""Servers that are slow, pour without end or answer nonsense take no more than their share."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest
from listening import OK, Answer, Server, look, names_of, status

from servicedir.domain.link import LinkFault
from servicedir.outgoing import links
from servicedir.outgoing.links import MOST_BYTES, Address, check


def dripping(request: bytes, connection: socket.socket) -> None:
    for byte in status(200, "X: " + "y" * 500):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def silent(request: bytes, connection: socket.socket) -> None:
    connection.recv(1)


def pouring(request: bytes, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _piece in range(10_000):
        connection.sendall(b"X: " + b"y" * 8000 + b"\r\n")


@pytest.mark.parametrize("answer", [dripping, silent])
def test_who_is_slow_is_not_waited_for(serve: Callable[..., Server], answer: Answer) -> None:
    started = time.monotonic()
    assert look("http://www.example.org/", names_of(serve(answer=answer)), timeout=0.5) == LinkFault.NO_ANSWER
    assert time.monotonic() - started < 1.5


def test_all_redirects_together_have_no_more_time(serve: Callable[..., Server]) -> None:
    def late(request: bytes, connection: socket.socket) -> None:
        time.sleep(0.3)
        connection.sendall(status(302, "Location: /"))

    started = time.monotonic()
    assert look("http://www.example.org/", names_of(serve(answer=late)), timeout=0.5) == LinkFault.NO_ANSWER
    assert time.monotonic() - started < 1


def test_a_name_that_takes_for_ever_is_not_waited_for() -> None:
    released = threading.Event()

    def never(host: str, port: int) -> list[Address]:
        released.wait(10)
        return []

    started = time.monotonic()
    assert check("http://www.example.org/", resolve=never, timeout=0.3) == LinkFault.NO_ANSWER
    assert time.monotonic() - started < 1
    released.set()


def test_of_an_answer_without_end_only_the_beginning_is_read(serve: Callable[..., Server]) -> None:
    server = serve(answer=pouring)
    assert look("http://www.example.org/", names_of(server)) == LinkFault.NOT_HTTP


def test_of_a_page_nothing_is_read_but_its_head(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    def page(request: bytes, connection: socket.socket) -> None:
        connection.sendall(OK + b"x" * 100 * MOST_BYTES)

    monkeypatch.setattr(links, "MOST_BYTES", 4096)
    assert look("http://www.example.org/", names_of(serve(answer=page))) == ""


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", LinkFault.NOT_HTTP),
        (b"220 mail.example.org ESMTP\r\n\r\n", LinkFault.NOT_HTTP),
        (b"HTTP/1.1 2000 Zu viel\r\n\r\n", LinkFault.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nX: y", LinkFault.NOT_HTTP),
        (b"\x00\xff" * 50 + b"\r\n\r\n", LinkFault.NOT_HTTP),
        (b"", LinkFault.NO_ANSWER),
        (status(302, "Location: http://[::1"), LinkFault.NO_ANSWER),
        (status(302, "Location: "), ""),
    ],
)
def test_what_is_no_answer_of_a_web_server_is_told(serve: Callable[..., Server], answer: bytes, fault: str) -> None:
    assert look("http://www.example.org/", names_of(serve(answer))) == fault


@pytest.mark.parametrize("fault", [OSError("x"), UnicodeError("x"), socket.gaierror(8, "x")])
def test_a_resolver_that_fails_is_an_unknown_host(fault: Exception) -> None:
    def failing(host: str, port: int) -> list[Address]:
        raise fault

    assert check("http://www.example.org/", resolve=failing) == LinkFault.UNKNOWN_HOST
