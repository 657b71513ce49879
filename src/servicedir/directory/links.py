"""The addresses in entries: which stand where, which are to be looked at, which lead nowhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from servicedir.domain.link import AGAIN, Broken, LinkFault, Look
from servicedir.domain.query import Held
from servicedir.domain.service import Service, is_web_address
from servicedir.domain.text import Text
from servicedir.outgoing import links as outgoing

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House
    from servicedir.storage.links import Links as StoredLinks

MOST_LOOKS = 200
"""Addresses that are looked at in one run; others wait for the next."""
BETWEEN = 1.0
"""Seconds between two looks at addresses of the same host."""
KEEP = AGAIN + timedelta(days=30)
"""After this, an address that was not looked at again stands in no entry any more and is forgotten."""

MOST_KEPT = 20_000
"""Published entries of which it is kept which addresses stand there: all are asked for every few minutes."""

_UNREACHED = frozenset({LinkFault.UNKNOWN_HOST.value, LinkFault.NO_ANSWER.value})
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run has done: how many addresses were looked at, how many failed; `offline`: none could be reached.

    What a machine without a way out finds says nothing about the addresses, and is not noted.
    """

    looked: int
    failed: int
    offline: bool = False


class Links:
    """The addresses in what is published, in one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def _stored(self) -> StoredLinks:
        return self._directory.stored_links

    def addresses(self) -> dict[str, frozenset[str]]:
        """Return, by slug, the web addresses to which each published service sends its readers."""
        offices, on = self._directory.catalogue.offices, self._directory.today
        of_office = {slug: frozenset(filter(_can_be_asked, [office.url])) for slug, office in offices.items()}
        nowhere = frozenset[str]()
        return {
            held.slug: _addresses(held, on).union(*(of_office.get(slug, nowhere) for slug in held.offices))
            for held in self._directory.titles()
        }

    def due(self, limit: int) -> list[str]:
        """Return the addresses that are to be looked at: the new ones, then those that have waited longest."""
        now, looks = self._directory.house.now(), self._stored.all()
        standing = {url for urls in self.addresses().values() for url in urls}
        waiting = [url for url in standing if url not in looks or looks[url].due(now)]

        def since(url: str) -> tuple[bool, float, str]:
            look: Look | None = looks.get(url)
            return look is not None, look.checked.timestamp() if look else 0.0, url

        return sorted(waiting, key=since)[:limit]

    def note(self, url: str, fault: str) -> None:
        """Note what a look has found: a fault, or an empty string for an address that answers."""
        self._stored.note(url, fault)

    def broken(self) -> dict[str, list[Broken]]:
        """Return, by slug, the addresses that lead nowhere for certain; services without any are left out."""
        looks = {look.url: look for look in self._stored.failing() if look.broken}
        if not looks:
            return {}
        found: dict[str, list[Broken]] = {}
        for slug, urls in self.addresses().items():
            for url in sorted(urls & looks.keys()):
                look = looks[url]
                found.setdefault(slug, []).append(Broken(url, look.fault, look.failing_since or look.checked))
        return found

    def forget(self) -> int:
        """Delete what is known of addresses that stand in no entry any more; return how many."""
        return self._stored.forget(self._directory.house.now() - KEEP)


def check_due(
    house: House,
    *,
    check: Callable[[str], str] = outgoing.check,
    limit: int = MOST_LOOKS,
    between: float = BETWEEN,
    sleep: Callable[[float], None] = time.sleep,
) -> Looked:
    """Look at the addresses that are due, one after the other, and note what was found; say how it went.

    No transaction is open while the network is spoken to. Where the setting `check_links` is off, nothing is done.
    """
    if not house.settings.check_links:
        return Looked(0, 0)
    with house.work() as directory:
        due = directory.links.due(limit)
    found: dict[str, str] = {}
    last: dict[str, float] = {}
    for url in due:
        host = urlsplit(url).hostname or ""
        wait = last.get(host, float("-inf")) + between - time.monotonic()
        if wait > 0:
            sleep(wait)
        found[url] = check(url)
        last[host] = time.monotonic()
    failed = sum(map(bool, found.values()))
    if len(last) > 1 and all(fault in _UNREACHED for fault in found.values()):
        return Looked(len(found), failed, offline=True)
    with house.work(write=True) as directory:
        for url, fault in found.items():
            directory.links.note(url, fault)
        directory.links.forget()
    return Looked(len(found), failed)


@lru_cache(maxsize=MOST_KEPT)
def _addresses(held: Held, on: date) -> frozenset[str]:
    return frozenset(filter(_can_be_asked, addresses_of(held.published.service, on)))


def addresses_of(service: Service, on: date) -> Iterator[str]:
    """Yield every address that stands in a service and to which it sends its readers from a day on."""
    for basis in (*service.legal_bases, *(c.legal_basis for c in service.constraints if c.legal_basis)):
        yield basis.url
    for period in (period for channel in service.channels for period in channel.periods if on <= period.last):
        yield period.booking_url
        yield period.needs.test_url
    notes = (channel.note for channel in service.channels)
    for text in (service.body, service.costs, service.duration, *notes):
        yield from _in_markdown(text)


def _in_markdown(text: Text) -> Iterator[str]:
    for _language, words in text:
        if "://" in words:  # Without one there is no address, and most texts have none.
            yield from _linked(words)


@lru_cache(maxsize=4096)
def _linked(words: str) -> tuple[str, ...]:
    tokens = (token for block in _markdown.parse(words) for token in block.children or ())
    return tuple(str(token.attrs["href"]) for token in tokens if token.type == "link_open")


def _can_be_asked(url: str) -> bool:
    return bool(url) and is_web_address(url)
