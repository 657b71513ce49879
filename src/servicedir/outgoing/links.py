"""Whether an address on the web answers, asked so that nobody can make this machine speak to its own network."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Thread
from urllib.parse import quote, urljoin, urlsplit

from servicedir.domain.link import LinkFault

TIMEOUT = 5.0
"""Seconds for an address with all its redirects."""
PAUSE = 1.0
"""Seconds between two requests to the same host."""
MOST_BYTES = 65_536
MOST_REDIRECTS = 3
USER_AGENT = "servicedir-link-check/1 (looks whether addresses in a city's catalogue of services answer)"
PORTS = frozenset({80, 443})
LIVING = frozenset({401, 403, 407, 429})
"""Answers that keep a program out and let people in."""

Address = tuple[str, int]
Resolve = Callable[[str, int], list[Address]]

_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|[0-9A-Fa-f:.]+")
_STATUS = re.compile(rb"HTTP/[0-9](?:\.[0-9])? ([0-9]{3})(?: |\r|\n)")
_LOCATION = re.compile(rb"^location:[ \t]*(.*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
# Only these are given out to be reached from everywhere (RFC 4291, 2.4); 6to4 and Teredo in them hold IPv4 addresses.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


class _Fault(Exception):
    """What ends a look at an address; the message is the fault."""


@dataclass(frozen=True, slots=True)
class _Target:
    """An address of the web taken apart, each part fit to be sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return what the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"


def resolve(host: str, port: int) -> list[Address]:
    """Return the addresses of a host. Raises OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(address[0]), int(address[1])) for *_kind, address in found))


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open internet: not of this machine, its network or its provider."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip not in _GLOBAL_UNICAST or ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def check(
    url: str,
    *,
    resolve: Resolve = resolve,
    allowed: Callable[[str], bool] = is_public,
    timeout: float = TIMEOUT,
    pause: float = PAUSE,
) -> str:
    """Return an empty string where an address answers, else a LinkFault or the status of HTTP. Never raises.

    A host is resolved once for each redirect, every address of it must be allowed, and it is one of these to which
    the connection goes: so a name that means something else a moment later leads nowhere.
    """
    until = time.monotonic() + timeout
    asked: set[str] = set()
    try:
        for _redirect in range(MOST_REDIRECTS + 1):
            target = _target(url)
            addresses = _addresses(target, resolve, allowed, until)
            for method in ("HEAD", "GET"):
                _wait(target.host, asked, pause)
                status, location = _ask(method, target, addresses, until)
                if status not in (405, 501):
                    break
            if status not in (301, 302, 303, 307, 308) or not location:
                return str(status) if status >= 400 and status not in LIVING else ""
            url = urljoin(url, location)
    except _Fault as fault:
        return str(fault)
    except TimeoutError:
        return LinkFault.NO_ANSWER.value
    except ssl.SSLError:
        return LinkFault.CERTIFICATE.value
    except (OSError, ValueError, RuntimeError):  # Refused, reset, no thread to be had: whatever it is, no answer came.
        return LinkFault.NO_ANSWER.value
    return LinkFault.REDIRECTS.value


def _target(url: str) -> _Target:
    """Return the parts of an address. Raises _Fault for what is none, or not one that is asked."""
    try:
        if _NOT_IN_ADDRESSES.search(url):
            raise ValueError
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = parts.port
    except ValueError:
        raise _Fault(LinkFault.MALFORMED.value) from None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        raise _Fault(LinkFault.MALFORMED.value)
    port = port if port is not None else {"http": 80, "https": 443}[parts.scheme]
    if port not in PORTS or "@" in parts.netloc:
        raise _Fault(LinkFault.FORBIDDEN.value)
    query = f"?{parts.query}" if parts.query else ""
    return _Target(parts.scheme, host, port, quote((parts.path or "/") + query, safe="%/:=&?~+!$,;'@()*[]"))


def _addresses(target: _Target, resolve: Resolve, allowed: Callable[[str], bool], until: float) -> list[Address]:
    """Return where a host is. Raises _Fault if nowhere, or if only one of its addresses is not for us."""
    found: list[list[Address]] = []

    def look_up() -> None:
        try:
            found.append(resolve(target.host, target.port))
        except (OSError, ValueError):
            found.append([])

    # The system's resolver knows no timeout of ours; a thread that still waits is left alone and ends by itself.
    thread = Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(_left(until))
    if not found:
        raise TimeoutError
    if not found[0]:
        raise _Fault(LinkFault.UNKNOWN_HOST.value)
    if not all(allowed(address) for address, _port in found[0]):
        raise _Fault(LinkFault.FORBIDDEN.value)
    return found[0]


def _left(until: float) -> float:
    """Return the seconds that are left. Raises TimeoutError."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _wait(host: str, asked: set[str], pause: float) -> None:
    if host in asked:
        time.sleep(pause)
    asked.add(host)


def _ask(method: str, target: _Target, addresses: list[Address], until: float) -> tuple[int, str]:
    """Return status and Location of an answer."""
    request = (
        f"{method} {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {USER_AGENT}\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    )
    with closing(_connect(target, addresses, until)) as connection:
        connection.settimeout(_left(until))
        connection.sendall(request.encode("ascii"))
        head = _head(connection, until)
    status = _STATUS.match(head)
    if not status:
        raise _Fault(LinkFault.NOT_HTTP.value)
    location = _LOCATION.search(head)
    return int(status[1]), location[1].decode("utf-8", "replace") if location else ""


def _connect(target: _Target, addresses: list[Address], until: float) -> socket.socket:
    """Return a connection to the first of these addresses that takes one; with TLS, to who can prove to be the host."""
    for number, address in enumerate(addresses, start=1):
        try:
            connection = socket.create_connection(address, timeout=_left(until))
            break
        except OSError:
            if number == len(addresses):
                raise
    if target.scheme == "http":
        return connection
    try:
        connection.settimeout(_left(until))
        return ssl.create_default_context().wrap_socket(connection, server_hostname=target.host)
    except BaseException:
        connection.close()
        raise


def _head(connection: socket.socket, until: float) -> bytes:
    """Return the head of an answer, after any that only said that there is more to come. Raises _Fault."""
    received = b""
    while True:
        while (end := _END.search(received)) and received.startswith(b"HTTP/1.1 1"):
            received = received[end.end() :]
        if end:
            return received[: end.end()]
        if len(received) >= MOST_BYTES:
            raise _Fault(LinkFault.NOT_HTTP.value)
        connection.settimeout(_left(until))
        piece = connection.recv(4096)
        if not piece:
            raise _Fault(LinkFault.NOT_HTTP.value if received else LinkFault.NO_ANSWER.value)
        received += piece
