"""Who is counted as one reader."""

from __future__ import annotations

import pytest

from servicedir.domain.reader import reader


def test_an_address_of_ipv4_is_one_reader() -> None:
    assert reader("192.0.2.1") == "192.0.2.1" != reader("192.0.2.2")


def test_addresses_of_ipv4_that_come_as_ipv6_are_told_apart_and_are_the_same_readers() -> None:
    assert reader("::ffff:192.0.2.1") == reader("192.0.2.1") != reader("::ffff:192.0.2.2")
    assert reader("::FFFF:C000:0201") == reader("192.0.2.1")


def test_whoever_has_a_network_of_ipv6_is_one_reader() -> None:
    assert reader("2001:db8:0:1200::1") == reader("2001:db8:0:12ff:ffff::9") == "2001:db8:0:1200::/56"
    assert reader("2001:db8:0:1200::1") != reader("2001:db8:0:1300::1")


def test_the_name_of_an_interface_makes_no_other_reader() -> None:
    assert reader("fe80::1%eth0") == reader("fe80::1%eth1") == "fe80::/56"


@pytest.mark.parametrize("address", ["", "unix", "192.0.2.1.5", "::ffff:"])
def test_what_is_no_address_stays_as_it_is(address: str) -> None:
    assert reader(address) == address
