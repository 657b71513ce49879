"""Addresses are asked whether they answer, and redirects are followed."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest
from listening import OK, OUTSIDE, Names, Server, look, names_of, status

from servicedir.domain.link import LinkFault

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
