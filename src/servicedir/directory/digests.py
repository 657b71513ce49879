"""The reminder of the week: one mail to each person for whom something waits, whoever runs the housekeeping first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from servicedir.directory.alerts import Alerts, Missing
from servicedir.directory.answering import Standing
from servicedir.directory.letters import Letter, one_line
from servicedir.directory.reviews import Keepers
from servicedir.domain.document import from_document
from servicedir.domain.history import Kind
from servicedir.domain.review import Due, Level
from servicedir.domain.service import Service
from servicedir.domain.step import Step
from servicedir.domain.text import sort_key
from servicedir.domain.workflow import Permission, Role, State
from servicedir.storage.people import Account

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

FIRST_HOUR = 6
"""On Mondays no digest is made before this hour in the city."""
LONGEST_LIST = 50
"""Entries of one kind that a mail names; of more it says only how many there are."""
MOST_PERIODS = 12
"""Periods without figures that it names of one entry, the latest ones."""

_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


@dataclass(slots=True)
class Waiting:
    """What waits for one person: entries to look at, those that others left lying, those to approve, citizens' hints,
    and what a council's questions need.

    Beside each of the first stands the name of who answers for it and is represented by this person, if so.
    """

    mine: list[tuple[Due, str]] = field(default_factory=list)
    left: list[Due] = field(default_factory=list)
    to_approve: list[tuple[str, str]] = field(default_factory=list)
    hints: int = 0
    alerts: Alerts = field(default_factory=Alerts)


def week_of(local: datetime) -> str:
    """Return the key of the digest that is to be made at a time in the city, or an empty string: it is too early."""
    year, week, weekday = local.isocalendar()
    return "" if weekday == 1 and local.hour < FIRST_HOUR else f"digest/{year}-W{week:02}"


class Digests:
    """The digests of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def _keepers(self) -> Keepers:
        return self._directory.reviews.keepers

    def is_made(self, week: str) -> bool:
        """Return whether the digests of a week were made."""
        return self._directory.mails.is_used(week)

    def queue(self, week: str, letters: Iterable[tuple[Account, Letter]]) -> int | None:
        """Queue the letters of a week; return how many, or None if somebody else has done so meanwhile."""
        mails = self._directory.mails
        if not mails.once(week):
            return None
        queued = [mails.queue(f"{week}/{a.person.login}", a.email, text.subject, text.body) for a, text in letters]
        return sum(queued)

    def letters(self) -> list[tuple[Account, Letter]]:
        """Return what is to be written to whom; never to accounts that are locked or have no address."""
        waiting: dict[str, Waiting] = defaultdict(Waiting)
        for due, level in sorted(self._directory.reviews.everything_due(), key=lambda one: one[0].order):
            asked = self._keepers.asked(due.office, due.responsible)
            for login, absent in asked.items():
                waiting[login].mine.append((due, absent))
            for login in self._told(due.office, level) - asked.keys():
                waiting[login].left.append(due)
        for slug, title, logins in self._to_approve():
            for login in logins:
                waiting[login].to_approve.append((title, slug))
        for office, number in self._directory.hints.open_by_office().items():
            for login in self._keepers.of(office):
                waiting[login].hints += number
        for login, alerts in self._alerts():
            waiting[login].alerts = alerts
        settings, today = self._directory.house.settings, self._directory.today
        return [
            (account, letter(settings.title, settings.base_url, account.person.name, waiting[login], today))
            for login, account in self._keepers.accounts.items()
            if login in waiting and account.email.strip() and account.email.isprintable()
        ]

    def _told(self, office: str, level: Level) -> frozenset[str]:
        """Return who else hears of an entry of an office at a level."""
        told: frozenset[str] = frozenset()
        if level >= Level.REVIEWERS:
            told |= self._keepers.holders(Role.REVIEWER, office)
        if level >= Level.COORDINATORS:
            told |= self._keepers.holders(Role.COORDINATOR, "")
        return told

    def _alerts(self) -> Iterator[tuple[str, Alerts]]:
        """Yield the logins of those whom something alerts, and what; missing figures alert an office's own keepers."""
        keepers, alarm = self._keepers, self._directory.alerts
        missing = defaultdict(list)
        for one in alarm.missing(self._directory.catalogue.offices):
            for login in keepers.of(one.office):
                missing[login].append(one)
        for login, account in keepers.accounts.items():
            alerts = replace(alarm.of_duty(account.person), missing=tuple(missing[login]))
            if alerts:
                yield login, alerts

    def _to_approve(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield slug, title and approvers of what was sent for review, unless its publication is planned already.

        Those are the reviewers of the office who may approve it, else the coordinators who may.
        """
        directory, planned = self._directory, self._directory.planning.all()
        pending = (e for e in directory.revisions.all_entries(Kind.SERVICE) if e.state is State.PENDING)
        found = [(entry, from_document(Service, entry.latest.document)) for entry in pending]
        for entry, value in sorted(found, key=lambda pair: sort_key(pair[1].title.within("de"))):
            if any(step.step == "publish" for step in planned.get(entry.slug, ())):
                continue
            for role, office in ((Role.REVIEWER, value.office), (Role.COORDINATOR, "")):
                people = [self._keepers.accounts[login].person for login in sorted(self._keepers.holders(role, office))]
                able = [p.login for p in people if Permission.PUBLISH in directory.permitted(entry, value, p)]
                if able:
                    yield entry.slug, value.title.within("de"), able
                    break


def letter(title: str, base_url: str, name: str, waiting: Waiting, today: date) -> Letter:
    """Return the mail that tells a person what waits for them."""
    title, origin = one_line(title), base_url.rstrip("/")
    overdue = [pair for pair in waiting.mine if pair[0].overdue(today)]
    soon = [pair for pair in waiting.mine if not pair[0].overdue(today)]
    alerts = waiting.alerts
    lists = (
        ("Überfällig", [_due(due, origin, absent) for due, absent in overdue]),
        ("In den nächsten 14 Tagen zu prüfen", [_due(due, origin, absent) for due, absent in soon]),
        ("Seit Wochen überfällig, ohne dass jemand geprüft hat", [_due(due, origin) for due in waiting.left]),
        (
            "Warten auf Ihre Freigabe",
            [_item(words, f"{origin}/services/{slug}/workflow") for words, slug in waiting.to_approve],
        ),
        ("Anfragen des Rates mit naher Frist", [_inquiry(one, origin) for one in alerts.inquiries]),
        ("Schritte, die überfällig sind", [_step(step, origin) for step in alerts.steps]),
        ("Zahlen zu Videoterminen fehlen", [_missing(one, origin) for one in alerts.missing]),
    )
    text = [f"Guten Tag {one_line(name)},".replace(" ,", ","), "", f"in „{title}“ wartet etwas auf Sie."]
    for heading, items in lists:
        if items:
            text += ["", f"{heading} ({len(items)}):", *(line for item in items[:LONGEST_LIST] for line in item)]
        if more := len(items[LONGEST_LIST:]):
            text += ["", f"  … und {more} weitere"]
    if waiting.hints:
        text += ["", f"Hinweise von Bürgerinnen und Bürgern, noch offen: {waiting.hints}", f"  {origin}/desk/hints"]
    if waiting.mine or waiting.left:
        text += ["", "Stimmt ein Eintrag noch, genügt ein Klick auf „Stimmt noch“."]
    text += [f"Ihre Übersicht: {origin}/desk", ""]
    text += ["-- ", "Diese Nachricht kommt höchstens einmal in der Woche und nur, wenn etwas wartet.", ""]
    counts = [(len(overdue) + len(waiting.left), "überfällig"), (len(soon), "bald zu prüfen")]
    counts += [(len(waiting.to_approve), "freizugeben"), (waiting.hints, "offene Hinweise")]
    counts += [(len(alerts.inquiries), "Anfragen"), (len(alerts.steps), "Schritte")]
    counts += [(len(alerts.missing), "ohne Zahlen")]
    return Letter(f"{title}: {', '.join(f'{n} {word}' for n, word in counts if n)}", "\n".join(text))


def _inquiry(standing: Standing, origin: str) -> list[str]:
    deadline = standing.inquiry.deadline
    until = f"Frist: {_written(deadline)}" if deadline else ""
    return _item(standing.inquiry.title.within("de"), until, f"{origin}/inquiries/{standing.entry.slug}/edit")


def _step(step: Step, origin: str) -> list[str]:
    until = f"sollte fertig sein: {step.target}" if step.target else ""
    return _item(step.name.within("de"), until, f"{origin}/admin/steps/{step.slug}")


def _missing(one: Missing, origin: str) -> list[str]:
    periods = ", ".join(period.text for period in one.periods[-MOST_PERIODS:])
    return _item(one.title.within("de"), f"für {periods}", f"{origin}/services/{one.slug}/figures")


def _written(day: date) -> str:
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def _due(due: Due, origin: str, absent: str = "") -> list[str]:
    until = f"zu prüfen bis {_written(due.day)}"
    note = f"{until} (in Vertretung für {one_line(absent)})" if absent else until
    return _item(due.title, note, f"{origin}/services/{due.slug}/workflow")


def _item(title: str, *notes: str) -> list[str]:
    return ["", f"* {one_line(title)}", *(f"  {note}" for note in notes)]
