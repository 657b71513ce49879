"""Preview links as they are stored: which entries they show, until when, and that they can be revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from builders import Clock, a_service

from servicedir.domain.document import to_document
from servicedir.domain.history import Kind, NotFound
from servicedir.storage.database import Database
from servicedir.storage.previews import Preview, Previews
from servicedir.storage.revisions import Revisions


class Links:
    """Makes and revokes links, each call in a transaction of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def do(self, act: Callable[[Previews], Any]) -> Any:
        with self.database.begin(write=True) as session:
            return act(Previews(session, self.clock))

    def make(self, *slugs: str, days: int = 14, author: str = "anna") -> Preview:
        expires = self.clock.now + timedelta(days=days)
        link: Preview = self.do(lambda p: p.make(slugs, label="Beirat", author=author, expires=expires))
        return link


@pytest.fixture
def links(database: Database, clock: Clock) -> Links:
    with database.begin(write=True) as session:
        revisions = Revisions(session, clock)
        for slug in ("eins", "zwei"):
            document = to_document(a_service(slug))
            revisions.append(Kind.SERVICE, slug, document, based_on=None, author="anna", reason="")
    return Links(database, clock)


def test_a_link_is_read_as_it_was_made(links: Links) -> None:
    link = links.make("zwei", "eins", "zwei")
    assert (link.label, link.author, link.slugs, link.revoked) == ("Beirat", "anna", ("eins", "zwei"), None)
    assert (link.made, link.expires) == (links.clock.now, links.clock.now + timedelta(days=14))
    assert links.do(lambda p: p.get(link.id)) == link


def test_a_link_ends_at_its_moment(links: Links) -> None:
    link = links.make("eins", days=1)
    assert link.open(link.expires - timedelta(microseconds=1))
    assert not link.open(link.expires)


def test_the_newest_link_comes_first_and_no_number_is_given_twice(links: Links) -> None:
    first, second = links.make("eins"), links.make("zwei", author="rita")
    assert second.id > first.id
    assert links.do(lambda p: p.all()) == [second, first]


def test_a_link_is_revoked_once(links: Links) -> None:
    link, other = links.make("eins"), links.make("eins")
    assert links.do(lambda p: p.revoke(link.id))
    assert not links.do(lambda p: p.revoke(link.id))
    assert not links.do(lambda p: p.revoke(4711))
    revoked = links.do(lambda p: p.get(link.id))
    assert revoked.revoked == links.clock.now
    assert not revoked.open(links.clock.now)
    assert links.do(lambda p: p.get(other.id)).open(links.clock.now)


def test_a_link_follows_an_entry_to_its_new_address(links: Links, database: Database) -> None:
    link = links.make("eins")
    with database.begin(write=True) as session:
        Revisions(session, links.clock).rename(Kind.SERVICE, "eins", "neu", author="rita", reason="")
    assert links.do(lambda p: p.get(link.id)).slugs == ("neu",)


def test_what_there_is_not_cannot_be_linked_or_read(links: Links) -> None:
    with pytest.raises(NotFound):
        links.make("eins", "drei")
    assert links.do(lambda p: p.all()) == []
    with pytest.raises(NotFound):
        links.do(lambda p: p.get(1))
