"""Preview links: what people without an account see before it is published, for a time, and no more than that."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from servicedir.directory.outcomes import Refused
from servicedir.domain.history import Entry, Kind, Moved, NotFound
from servicedir.domain.service import Fault, Service
from servicedir.domain.workflow import Permission, Person
from servicedir.storage.previews import Preview
from servicedir.storage.previews import Previews as Stored

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

MOST_DAYS = 60
"""The longest time for which a link can be used."""

USUAL_DAYS = 14

MOST_ENTRIES = 50
"""Entries that one link shows at most."""

_TOKEN = re.compile(r"([1-9][0-9]{0,8})-([0-9a-f]{64})")


class Previews:
    """The preview links of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def _stored(self) -> Stored:
        return self._directory.stored_previews

    def make(self, slugs: Sequence[str], *, label: str, days: int, by: Person) -> Preview:
        """Return a new link to entries that this person may share, for some days.

        Raises Refused, which names the place of each entry that there is not for this person (also where it belongs
        to another office), for none or too many entries, and for a time that is too long.
        """
        directory = self._directory
        faults = [] if slugs else [Fault("missing", ("entries",))]
        faults += [Fault("too_many", ("entries",))] if len(slugs) > MOST_ENTRIES else []
        faults += [] if 0 < days <= MOST_DAYS else [Fault("days", ("days",))]
        # No more are looked up than could be shown: each costs a query.
        for number, slug in enumerate(slugs[:MOST_ENTRIES]):
            if not self._shareable(slug, by):
                faults.append(Fault("unknown_entry", ("entries", number)))
        if faults:
            raise Refused(faults)
        expires = directory.house.now() + timedelta(days=days)
        made = self._stored.make(slugs, label=label, author=by.login, expires=expires)
        directory.people.audit(by.login, "share", f"preview/{made.id}", {"entries": list(made.slugs), "days": days})
        return made

    def all(self, by: Person) -> list[Preview]:
        """Return the links that can still be used, the newest first: one's own, and those on entries that one sees.

        A link of somebody else is left out if it shows a single entry that this person may not know of.
        """
        now = self._directory.house.now()
        links = (link for link in self._stored.all() if link.open(now))
        return [link for link in links if link.author == by.login or all(self.known(slug, by) for slug in link.slugs)]

    def known(self, slug: str, by: Person) -> Service | None:
        """Return the latest value of an entry of a link, None where this person may not know of it (any more)."""
        try:
            return self._directory.entry(slug, by)[1]
        except NotFound:
            return None

    def revoke(self, number: int, by: Person) -> None:
        """Let a link that this person sees lead nowhere. Raises NotFound."""
        if number not in {link.id for link in self.all(by)} or not self._stored.revoke(number):
            raise NotFound(f"preview {number}")
        self._directory.people.audit(by.login, "unshare", f"preview/{number}", {})

    def token(self, link: Preview) -> str:
        """Return the signed part of a link's address; the same each time, so that it need not be kept."""
        return f"{link.id}-{self._signature(link)}"

    def open(self, token: str) -> tuple[Preview, list[tuple[Entry, Service]]]:
        """Return a link with the latest revisions that it shows.

        Raises NotFound alike for a wrong token, for one whose time is over, that was revoked, whose maker has no
        account any more, or may no longer share a single one of its entries.
        """
        match = _TOKEN.fullmatch(token)
        if not match:
            raise NotFound("preview")
        link = self._stored.get(int(match[1]))
        if not hmac.compare_digest(self._signature(link), match[2]) or not link.open(self._directory.house.now()):
            raise NotFound("preview")
        account = self._directory.people.account(link.author)
        shown = [] if account.disabled else [self._shareable(slug, account.person) for slug in link.slugs]
        found = [pair for pair in shown if pair]
        if not found:
            raise NotFound("preview")
        return link, found

    def show(self, token: str, slug: str) -> tuple[Preview, Entry, Service]:
        """Return a link and one entry that it shows. Raises NotFound, and Moved for the former slug of one."""
        link, found = self.open(token)
        for entry, value in found:
            if entry.slug == slug:
                return link, entry, value
        now = self._directory.revisions.former(Kind.SERVICE).get(slug)
        if now in {entry.slug for entry, _value in found}:
            raise Moved(str(now))
        raise NotFound(slug)

    def _shareable(self, slug: str, by: Person) -> tuple[Entry, Service] | None:
        """Return an entry if a person may share it."""
        try:
            entry, value = self._directory.entry(slug, by)
        except NotFound:
            return None
        return (entry, value) if Permission.SHARE in self._directory.permitted(entry, value, by) else None

    def _signature(self, link: Preview) -> str:
        """Return what proves that a token was made here.

        The moment belongs to it: after a backup was restored, a number can be given a second time.
        """
        said = f"preview:{link.id}:{link.made.isoformat()}".encode()
        return hmac.new(self._directory.house.settings.secret.encode(), said, sha256).hexdigest()
