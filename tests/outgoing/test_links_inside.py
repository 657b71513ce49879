"""Whoever enters an address cannot make this machine speak to its own network."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from listening import OK, Names, Server, look, status

from servicedir.domain.link import LinkFault
from servicedir.outgoing.links import check, is_public

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
