"""A host that is asked over TLS proves who it is."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from listening import OK, Answer, Server, look, names_of

from servicedir.domain.link import LinkFault


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for www.example.org with its key, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=www.example.org".split()
    command += ["-addext", "subjectAltName=DNS:www.example.org", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "certificate.pem").read_text())
    return both


def with_tls(certificate: Path, names: list[str | None]) -> Answer:
    """Is asked for TLS by whoever comes, and notes for which host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def answer(first: bytes, connection: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        incoming.write(first)
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        answered = False
        while not answered:
            try:
                tls.do_handshake()
                tls.read(65536)
                tls.write(OK)
                answered = True
            except ssl.SSLWantReadError:
                connection.sendall(outgoing.read())
                incoming.write(connection.recv(65536))
        connection.sendall(outgoing.read())

    return answer


@pytest.mark.parametrize(
    ("host", "trusted", "fault"),
    [
        ("www.example.org", True, ""),
        ("www.example.org", False, LinkFault.CERTIFICATE),
        ("other.example.org", True, LinkFault.CERTIFICATE),
    ],
)
def test_a_host_proves_who_it_is(
    serve: Callable[..., Server],
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,
    fault: str,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    asked: list[str | None] = []
    server = serve(answer=with_tls(certificate, asked))
    assert look(f"https://{host}/", names_of(server, host)) == fault
    assert asked == [host]


def test_who_speaks_no_tls_has_no_secure_connection(serve: Callable[..., Server]) -> None:
    assert look("https://www.example.org/", names_of(serve(b"HTTP/1.1 400 Nein\r\n\r\n"))) == LinkFault.CERTIFICATE
