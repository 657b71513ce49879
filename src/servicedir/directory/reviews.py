"""Keeping entries right: who answers for each, when it was last found correct, and when it is to be looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from servicedir.directory.outcomes import Refused
from servicedir.domain import review
from servicedir.domain.care import Standing
from servicedir.domain.document import from_document
from servicedir.domain.history import Entry, Kind, Published, Verification
from servicedir.domain.review import Due, Level
from servicedir.domain.service import ChannelKind, Fault, Service
from servicedir.domain.workflow import Permission, Person, Role
from servicedir.storage.people import Account

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

MOST_MONTHS = 60
"""The longest time after which an entry is looked at again."""


class Keepers:
    """Who is to look at entries, as the accounts are when it is first asked: for reminders and desks alike."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._by_role: dict[tuple[Role, str], frozenset[str]] = {}

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Return the accounts that are not locked, by login, with what they hold for others."""
        people, found = self._directory.people, {}
        held = people.deputies.all_held(self._directory.today)
        for account in people.accounts():
            if not account.disabled:
                person = replace(account.person, grants=(*account.person.grants, *held.get(account.number, ())))
                found[person.login] = replace(account, person=person)
        return found

    @cached_property
    def _deputies(self) -> dict[str, list[Person]]:
        """Those who stand in for somebody, by the login of the absent."""
        found = defaultdict(list)
        for account in self.accounts.values():
            for absent in {grant.deputy_of for grant in account.person.grants if grant.deputy_of}:
                found[absent].append(account.person)
        return found

    def holders(self, role: Role, office: str) -> frozenset[str]:
        """Return the logins of those who have a role for an office; with an empty one for the whole city."""
        key = (role, office)
        if key not in self._by_role:
            lineage, today = list(self._directory.catalogue.lineage(office)), self._directory.today
            holders = {login for login, a in self.accounts.items() if role in a.person.roles(lineage, today)}
            self._by_role[key] = frozenset(holders)
        return self._by_role[key]

    def asked(self, office: str, responsible: str) -> dict[str, str]:
        """Return who is to look at an entry: login, and the name of the absent whom they stand in for.

        That is who answers for it and their deputies, if they still have a role there; else the office's keepers.
        """
        lineage, today = list(self._directory.catalogue.lineage(office)), self._directory.today
        account = self.accounts.get(responsible)
        if account and account.person.roles(lineage, today):
            name = account.person.name or account.person.login
            deputies = [p.login for p in self._deputies.get(responsible, ()) if p.roles(lineage, today)]
            return dict.fromkeys(deputies, name) | {responsible: ""}
        return dict.fromkeys(self.of(office), "")

    def of(self, office: str) -> frozenset[str]:
        """Return the editors of an office, where it has none its reviewers, else the coordinators.

        What belongs to no office (an empty slug) is the coordinators'.
        """
        for role in (Role.EDITOR, Role.REVIEWER):
            if office and (holders := self.holders(role, office)):
                return holders
        return self.holders(Role.COORDINATOR, "")


class Reviews:
    """The reviews of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @cached_property
    def keepers(self) -> Keepers:
        """Return who is to look at entries."""
        return Keepers(self._directory)

    def verify(self, slug: str, by: Person, channel: ChannelKind | None = None) -> None:
        """Note that what is live, as a whole or one channel of it, is still correct today.

        Raises NotFound, Forbidden, and ValueError where nothing is live.
        """
        directory = self._directory
        entry, value = directory.entry(slug, by)
        directory.demand(by, Permission.VERIFY, entry, value)
        if entry.live is None:
            raise ValueError(f"{slug} is not published")
        name = channel.value if channel else ""
        directory.upkeep.verify(Kind.SERVICE, slug, name, directory.today, author=by.login)
        directory.people.audit(by.login, "verify", f"service/{slug}", {"channel": name} if name else {})
        directory.catch_up_after_commit()

    def verifications(self, slug: str, by: Person) -> list[Verification]:
        """Return who found an entry correct and when, oldest first. Raises NotFound."""
        self._directory.entry(slug, by)
        return self._directory.upkeep.verifications(Kind.SERVICE, slug)

    def assign(self, slug: str, *, responsible: str, review_months: int | None, by: Person) -> None:
        """Say who answers for an entry (a login, or nobody) and after how many months it is looked at again.

        Raises NotFound, Forbidden, and Refused for somebody who may not edit it or for another number of months.
        """
        directory = self._directory
        entry, value = directory.entry(slug, by)
        directory.demand(by, Permission.ASSIGN, entry, value)
        if review_months is not None and not 0 < review_months <= MOST_MONTHS:
            raise Refused([Fault("months", ("review_months",))])
        if responsible and responsible not in self.candidates(value.office):
            raise Refused([Fault("not_an_editor", ("responsible",))])
        directory.upkeep.assign(Kind.SERVICE, slug, responsible=responsible, review_months=review_months)
        detail = {"responsible": responsible, "review_months": review_months}
        directory.people.audit(by.login, "assign", f"service/{slug}", detail)

    def candidates(self, office: str) -> dict[str, str]:
        """Return login and name of everybody who could answer for an entry of an office: who may confirm it."""
        lineage = list(self._directory.catalogue.lineage(office))
        return {
            account.person.login: account.person.name or account.person.login
            for account in self._directory.people.accounts()
            if not account.disabled and account.person.roles(lineage, self._directory.today)
        }

    def due_day(self, entry: Entry | Standing, recorded: datetime, verified: date | None) -> date:
        """Return the day by which what is live of an entry, recorded and last found correct then, is due again."""
        house = self._directory.house
        months = entry.review_months or house.settings.review_months
        return review.due_day(house.day_of(recorded), [verified], months)

    def everything_due(self) -> Iterator[tuple[Due, Level]]:
        """Yield what is to be looked at and who hears of it, from the database: for reminders."""
        directory = self._directory
        for entry, live in directory.all_standing():
            is_live = entry.latest.number == live.revision
            latest = live.service if is_live else from_document(Service, entry.latest.document)
            due = self._due(entry, latest.office, live)
            if level := due.level(directory.today):
                yield due, level

    def _due(self, entry: Entry, office: str, published: Published) -> Due:
        """Return what is due; `office` is that of the latest version, which says who may do something about it."""
        return Due(
            slug=entry.slug,
            title=published.service.title.within("de"),
            office=office,
            day=self.due_day(entry, published.updated, published.service.verified),
            responsible=entry.responsible,
        )
