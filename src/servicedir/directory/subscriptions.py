"""Searches that people follow by mail: asked for, confirmed by whoever has the address, told of news, ended at once."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from servicedir.directory import subscription_letters as letters
from servicedir.directory.letters import Letter, one_line
from servicedir.directory.outcomes import Refused
from servicedir.directory.senders import TooMany, admit, demand_room, key_of
from servicedir.domain.described import described
from servicedir.domain.hint import is_contact
from servicedir.domain.history import NotFound
from servicedir.domain.query import BadValue, Query
from servicedir.domain.service import Fault
from servicedir.domain.subscription import UNCONFIRMED, Subscription, folded, mailbox, search_of
from servicedir.outgoing.mail import is_deliverable

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.storage.subscriptions import Subscriptions as Stored

MOST_ASKED = 5
"""Subscriptions that are asked for from one address of the network within WINDOW."""
WINDOW = timedelta(hours=1)
MOST_QUESTIONS = 3
"""Mails that one address gets within DAY because somebody typed it into the form; after that it gets none."""
DAY = timedelta(days=1)
MOST_OF_ALL = 200
"""Mails that the whole house sends within WINDOW because somebody typed an address into the form."""

_TOKEN = re.compile(r"([1-9][0-9]{0,9})-([0-9a-f]{64})", re.ASCII)


class Crowded(TooMany):
    """So many asked, from wherever, that the house sends no more questions for a time."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription as its own page shows it: the search in words, and the query; None where there is no such one."""

    subscription: Subscription
    search: str
    query: Query | None


class Subscriptions:
    """The subscriptions of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def _stored(self) -> Stored:
        return self._directory.stored_subscriptions

    # Anybody

    def ask(self, query: Query, email: str, *, sender: str = "") -> None:
        """Send a question to an address whether it wants news of a search. `sender` is an IP address.

        What happens looks the same whether there is such a subscription or not. Raises Refused, TooMany and Crowded.
        """
        email = folded(email)
        if not (is_contact(email) and is_deliverable(email)):
            raise Refused([Fault("not_an_address", ("email",))])
        directory = self._directory
        admit(directory, "subscription", sender, MOST_ASKED, WINDOW)
        people, key = directory.people, key_of(directory, "subscription of", mailbox(email))
        everybody = key_of(directory, "subscriptions", "of all")
        try:
            # Before one looks at the address, so that the answer says nothing of it.
            demand_room(directory, everybody, MOST_OF_ALL, WINDOW)
        except TooMany as full:
            raise Crowded(full.seconds) from None
        if len(people.failures(key, DAY)) >= MOST_QUESTIONS:
            return
        people.record_failure(key)
        people.record_failure(everybody)
        one = self._stored.ask(email, search_of(query), query.lang, told=directory.revisions.last_change())
        title, search = directory.house.settings.title, described(query, directory.catalogue, one.language)
        if one.confirmed:
            letter = letters.already(title, one_line(search), self.end_link(one), one.language)
        else:
            # What was typed is left out: else anybody could have us send their words to anybody.
            search = described(replace(query, q="", on=None), directory.catalogue, one.language)
            letter = letters.confirmation(title, search, self.confirm_link(one), one.language, with_words=bool(query.q))
        self.queue(one, f"{directory.house.now().isoformat()}", letter, bulk=False)

    # Whoever has one of its links

    def confirm_link(self, one: Subscription) -> str:
        """Return the address at which a subscription is confirmed."""
        return f"{self._origin}/subscriptions/{one.id}-{self._signature('confirm', one)}?lang={one.language}"

    def end_link(self, one: Subscription) -> str:
        """Return the address at which a subscription is ended; the same each time."""
        return f"{self._origin}/unsubscribe/{one.id}-{self._signature('end', one)}?lang={one.language}"

    def open(self, purpose: str, token: str) -> Followed:
        """Return the subscription of a link: `confirm` or `end`. Raises NotFound alike for wrong and old ones."""
        match = _TOKEN.fullmatch(token)
        if not match:
            raise NotFound("subscription")
        one = self._stored.get(int(match[1]))
        over = not one.confirmed and self._directory.house.now() - one.made >= UNCONFIRMED
        if over or not hmac.compare_digest(self._signature(purpose, one), match[2]):
            raise NotFound("subscription")
        return Followed(one, self._described(one), self.query(one))

    def confirm(self, token: str) -> Followed:
        """Let a subscription begin, from now on. Raises NotFound."""
        found = self.open("confirm", token)
        self._stored.confirm(found.subscription.id, told=self._directory.revisions.last_change())
        return found

    def end(self, token: str) -> Followed:
        """Delete a subscription and all mails to it, those that wait included. Raises NotFound."""
        found = self.open("end", token)
        self.delete(found.subscription)
        return found

    # The housekeeping

    def query(self, one: Subscription) -> Query | None:
        """Return the search that is followed; None where an office or a topic in it is there no more."""
        try:
            return self._directory.query([*one.pairs, ("lang", one.language)])
        except BadValue:
            return None

    def queue(self, one: Subscription, key: str, letter: Letter, *, bulk: bool) -> bool:
        """Queue a letter to who follows, with the headers by which mail programs end it (RFC 2369, RFC 8058)."""
        link = self.end_link(one)
        headers = {"List-Unsubscribe": f"<{link}>"}
        if link.startswith("https:"):
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mails = self._directory.mails
        return mails.queue(f"{_prefix(one.id)}{key}", one.email, letter.subject, letter.body, headers, bulk=bulk)

    def delete(self, one: Subscription) -> None:
        """Delete a subscription and all mails to it."""
        self._stored.end(one.id)
        self._directory.mails.drop(_prefix(one.id))

    def forget(self) -> int:
        """Delete what nobody confirmed in time; return how many."""
        gone = self._stored.forget(self._directory.house.now() - UNCONFIRMED)
        for number in gone:
            self._directory.mails.drop(_prefix(number))
        return len(gone)

    @property
    def _origin(self) -> str:
        return self._directory.house.settings.origin

    def _described(self, one: Subscription) -> str:
        query = self.query(one)
        return described(query, self._directory.catalogue, one.language) if query else one.search

    def _signature(self, purpose: str, one: Subscription) -> str:
        """Return what proves that a link was made here, for one purpose.

        The moment belongs to it: after a backup was restored, a number can be given a second time.
        """
        said = f"subscription {purpose}:{one.id}:{one.made.isoformat()}".encode()
        return hmac.new(self._directory.house.settings.secret.encode(), said, sha256).hexdigest()


def _prefix(number: int) -> str:
    return f"subscription/{number}/"
