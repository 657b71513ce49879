"""Addresses are asked whether they answer; whoever enters one cannot make this machine speak to its own network."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servicedir.domain.link import LinkFault
from servicedir.outgoing import links
from servicedir.outgoing.links import MOST_BYTES, Address, check, is_public

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


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers outside, and ends them."""
    started: list[Server] = []

    def start(*answers: bytes, answer: Answer | None = None, address: str = OUTSIDE) -> Server:
        started.append(Server(address, answer or saying(*answers or (OK,))))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def canary(serve: Callable[..., Server]) -> Server:
    """A server of this machine that nobody may speak to."""
    return serve(address="127.0.0.1")


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


# What answers


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (200, ""),
        (204, ""),
        (304, ""),
        (400, "400"),
        (401, ""),
        (403, ""),
        (404, "404"),
        (410, "410"),
        (429, ""),
        (500, "500"),
        (503, "503"),
    ],
)
def test_what_a_status_says(serve: Callable[..., Server], number: int, fault: str) -> None:
    server = serve(status(number))
    assert look("http://www.example.org/seite", names_of(server)) == fault
    assert server.methods == ["HEAD"]


@pytest.mark.parametrize("number", [405, 501])
def test_who_takes_no_head_is_asked_for_the_page_at_the_same_address(serve: Callable[..., Server], number: int) -> None:
    server = serve(status(number), OK)
    names = names_of(server)
    assert look("http://www.example.org/", names) == ""
    assert server.methods == ["HEAD", "GET"]
    assert names.asked == ["www.example.org"]


def test_between_two_requests_to_a_host_there_is_a_pause(serve: Callable[..., Server]) -> None:
    started = time.monotonic()
    assert look("http://www.example.org/", names_of(serve(status(405), OK)), pause=0.3) == ""
    assert time.monotonic() - started >= 0.3


def test_what_is_sent_says_who_asks_and_nothing_more(serve: Callable[..., Server]) -> None:
    server = serve()
    look("http://www.example.org/ä b?q=ü&x=%20#teil".replace(" ", "%20"), names_of(server))
    lines = server.requests[0].decode("ascii").split("\r\n")
    assert lines[0] == "HEAD /%C3%A4%20b?q=%C3%BC&x=%20 HTTP/1.1"
    assert lines[1] == "Host: www.example.org"
    assert lines[2].startswith("User-Agent: servicedir-link-check/")
    assert {line.partition(":")[0] for line in lines[3:-2]} == {"Accept", "Connection"}


def test_a_host_with_umlauts_is_asked_by_its_name_in_ascii(serve: Callable[..., Server]) -> None:
    server = serve()
    assert look("http://www.münchen.example/", names_of(server, "www.xn--mnchen-3ya.example")) == ""
    assert b"Host: www.xn--mnchen-3ya.example\r\n" in server.requests[0]


def test_an_answer_may_say_first_that_it_is_to_come(serve: Callable[..., Server]) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    assert look("http://www.example.org/", names_of(serve(early + early + status(404)))) == "404"


def test_the_next_address_is_tried_where_the_first_takes_nobody(serve: Callable[..., Server]) -> None:
    server = serve()
    with socket.create_server((OUTSIDE, 0)) as closed:
        nobody = closed.getsockname()[:2]
    names = Names({"www.example.org": [[nobody, (server.address, server.port)]]})
    assert look("http://www.example.org/", names) == ""
    assert look("http://www.example.org/", Names({"www.example.org": [[nobody]]})) == LinkFault.NO_ANSWER


# What is never asked

NEVER = {
    LinkFault.FORBIDDEN: [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://0.0.0.0/",
        "http://localhost/",
        "http://localhost./",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://192.0.2.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://inside.example.org/",
        "http://both.example.org/",
        "http://user@www.example.org/",
        "http://user:password@www.example.org/",
        "http://www.example.org@127.0.0.1/",
        "http://www.example.org:22/",
        "http://www.example.org:8080/",
        "https://www.example.org:6543/",
        "http://www.example.org:0/",
    ],
    LinkFault.MALFORMED: [
        "",
        "file:///etc/passwd",
        "gopher://127.0.0.1:80/_GET",
        "ftp://127.0.0.1/",
        "dict://127.0.0.1:11211/stats",
        "javascript:alert(1)",
        "//127.0.0.1/",
        "127.0.0.1",
        "http://",
        "http:///etc/passwd",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://127.0.0.1\\@www.example.org/",
        "http://www.example.org/\r\nX: y",
        "http://www.example.org/ HTTP/1.1",
        "\thttp://127.0.0.1/",
        "http://www.exa mple.org/",
        "http://www.example.org:99999/",
        "http://www.example.org:x/",
        "http://a..b/",
        "http://%31%32%37.0.0.1/",
        "http://" + "a" * 300 + "/",
    ],
    LinkFault.UNKNOWN_HOST: ["http://nowhere.example.org/", "http://256.1.1.1/"],
}


@pytest.mark.parametrize(("fault", "url"), [(fault, url) for fault, urls in NEVER.items() for url in urls])
def test_nobody_is_spoken_to_who_is_not_of_the_open_internet(
    serve: Callable[..., Server], canary: Server, fault: LinkFault, url: str
) -> None:
    public = serve()
    inside, outside = (canary.address, canary.port), (public.address, public.port)
    known = {
        "www.example.org": [[outside]],
        "localhost": [[inside]],
        "localhost.": [[inside]],
        "inside.example.org": [[inside]],
        "both.example.org": [[outside, inside]],
    }
    assert look(url, Names(known, port=canary.port), timeout=2) == fault
    assert (canary.connections, public.connections) == (0, 0)


def test_the_canary_would_sing(canary: Server) -> None:
    """So that the test above can fail."""
    assert check("http://127.1/", resolve=Names(port=canary.port), allowed=lambda address: True) == ""
    assert canary.connections == 1


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_addresses_of_the_open_internet_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "x", "::ffff:8.8.8.8.8", "8.8.8", "08.8.8.8", "www.example.org"])
def test_what_is_no_address_is_not(address: str) -> None:
    assert not is_public(address)


def test_a_name_that_means_something_else_a_moment_later_leads_nowhere(
    serve: Callable[..., Server], canary: Server
) -> None:
    public = serve(status(405), OK)
    inside, outside = (canary.address, canary.port), (public.address, public.port)
    names = Names({"www.example.org": [[outside], [inside]]})
    assert look("http://www.example.org/", names) == ""
    assert public.methods == ["HEAD", "GET"]
    back = serve(status(302, "Location: http://www.example.org/"))
    names = Names({"www.example.org": [[(back.address, back.port)], [inside]]})
    assert look("http://www.example.org/", names) == LinkFault.FORBIDDEN
    assert canary.connections == 0


# Redirects


@pytest.mark.parametrize("number", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/neu", "neu", "http://other.example.org/neu", "//other.example.org/neu"])
def test_a_redirect_is_followed(serve: Callable[..., Server], number: int, location: str) -> None:
    server = serve(status(number, f"lOCATION:  {location}  ", "X: y"), OK)
    assert look("http://www.example.org/alt", names_of(server, "www.example.org", "other.example.org")) == ""
    assert server.requests[1].startswith(b"HEAD /neu HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("http://127.0.0.1/", LinkFault.FORBIDDEN),
        ("http://169.254.169.254/", LinkFault.FORBIDDEN),
        ("http://inside.example.org/", LinkFault.FORBIDDEN),
        ("//127.1/", LinkFault.FORBIDDEN),
        ("http://www.example.org:22/", LinkFault.FORBIDDEN),
        ("http://user@127.0.0.1/", LinkFault.FORBIDDEN),
        ("file:///etc/passwd", LinkFault.MALFORMED),
        ("gopher://127.0.0.1/", LinkFault.MALFORMED),
        ("http://127.0.0.1\\@www.example.org/", LinkFault.MALFORMED),
    ],
)
def test_a_redirect_to_the_inside_is_not(
    serve: Callable[..., Server], canary: Server, location: str, fault: LinkFault
) -> None:
    server = serve(status(302, f"Location: {location}"))
    names = names_of(server, port=canary.port)
    names.known["inside.example.org"] = [[(canary.address, canary.port)]]
    assert look("http://www.example.org/", names) == fault
    assert (canary.connections, server.connections) == (0, 1)


def test_after_three_redirects_it_is_enough(serve: Callable[..., Server]) -> None:
    again = status(302, "Location: /")
    server = serve(again, again, again, OK)
    assert look("http://www.example.org/", names_of(server)) == ""
    endless = serve(again)
    assert look("http://www.example.org/", names_of(endless)) == LinkFault.REDIRECTS
    assert endless.connections == 4


# Servers that mean no good


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


# Encryption


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
