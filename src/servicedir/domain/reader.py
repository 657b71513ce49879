"""Who is behind an address of the network, as far as that can be told: whom to count as one reader or sender."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network

BITS = 56
"""Of an address of IPv6: a household gets a network of up to that size, and chooses whatever follows itself."""


@lru_cache(maxsize=4096)
def reader(address: str) -> str:
    """Return as whom an IP address is counted; what is none, such as that of a socket file, is returned as it is."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(ip, IPv4Address):
        # A server that listens for both kinds sees those of IPv4 as ::ffff:192.0.2.1, all of them in one network.
        if ip.ipv4_mapped is None:
            return str(ip_network((ip.packed, BITS), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)
