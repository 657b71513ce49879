"""What a timer has done: planned steps, reminders, mails, looks at links, forgetting what was kept long enough.

It may run on several machines at the same time and after any time in which it did not. Everything is done in a
transaction of its own, so that what fails stops nothing else; the network is spoken to outside of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import structlog

from servicedir.directory import links, telling
from servicedir.directory.digests import week_of
from servicedir.outgoing import mail as outgoing_mail

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House
    from servicedir.storage.mails import Mail

log = structlog.get_logger(__name__)

MOST_MAILS = 200
"""Mails that are sent in one run; others wait for the next."""
MOST_LINKS = 20
"""Addresses that are looked at in one run. Few, since each may take its time and planned steps come to the minute."""
KEYS_STAY = timedelta(days=8)
"""Mails are kept for a week at least, since what was sent says what is not to be sent again."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done, or `failed`, in a sentence without personal data."""

    what: str
    failed: bool = False


def run(house: House) -> Iterator[Done]:
    """Do whatever is due, and yield what was done or failed."""
    for task in (take_planned, queue_digests, tell_subscribers, send_mails, forget, write_open_data, check_links):
        try:
            yield from task(house)
        except Exception as fault:  # Whatever ails one task: the others are done.
            yield Done(f"{task.__name__.replace('_', ' ')}: {_told(fault)}", failed=True)


def watch(
    house: House, seconds: float, stop: Event, report: Callable[[Done], None] | None = None, *, first: float = 0
) -> None:
    """Run again and again, with a pause between, until `stop` is set; `first` is the pause before the first run."""
    report = report or _log
    stop.wait(first)
    while not stop.is_set():
        for done in run(house):
            report(done)
            if stop.is_set():
                return
        stop.wait(seconds)


def _log(done: Done) -> None:
    (log.warning if done.failed else log.info)("housekeeping", what=done.what)


def _told(fault: Exception) -> str:
    """Return the kind of a fault and the first line of what it says: PostgreSQL names values in those after it."""
    return f"{type(fault).__qualname__}: {(str(fault).splitlines() or [''])[0]}"


def take_planned(house: House) -> Iterator[Done]:
    """Take the steps whose moment has come, in their order; one that fails stops the later ones of its entry."""
    with house.work() as directory:
        due = directory.planning.due()
    failed = set()
    for planned in due:
        if planned.slug in failed:
            continue
        name = f"{planned.step} of {planned.slug}, planned for {planned.at:%Y-%m-%dT%H:%MZ}"
        try:
            with house.work(write=True) as directory:
                taken = directory.planning.take(planned)
        except Exception as fault:  # It stays planned and is tried again.
            failed.add(planned.slug)
            yield Done(f"{name}: {_told(fault)}", failed=True)
        else:
            yield Done(f"{name}: {'done' if taken else 'not to be taken any more'}")


def queue_digests(house: House) -> Iterator[Done]:
    """Queue the reminders of this week, unless it is too early or they were queued."""
    week = week_of(house.local_now())
    if not week:
        return
    with house.work() as directory:
        if directory.digests.is_made(week):
            return
        letters = directory.digests.letters()
    with house.work(write=True) as directory:
        queued = directory.digests.queue(week, letters)
    if queued is not None:
        yield Done(f"{week}: {queued} queued")


def tell_subscribers(house: House) -> Iterator[Done]:
    """Queue mails for those who follow a search of which something is new."""
    done = telling.tell(house)
    if done.told or done.ended:
        yield Done(f"subscriptions: {done.told} told, {done.ended} ended")


def send_mails(house: House) -> Iterator[Done]:
    """Send what waits in the outbox, each mail once; where the server cannot be used, the rest stays for later."""
    with house.work() as directory:
        waiting = directory.mails.unsent(MOST_MAILS)
    for mail in waiting:
        with house.work(write=True) as directory:
            if not directory.mails.claim(mail):
                continue
        fault = _deliver(house, mail)
        with house.work(write=True) as directory:
            if fault is None:
                directory.mails.note_sent(mail.id)
            else:
                again = directory.mails.note_failed(mail.id, str(fault))
        if fault is None:
            yield Done(f"mail {mail.id}: sent")
            continue
        yield Done(f"mail {mail.id}: {fault}; {'it is tried again later' if again else 'given up'}", failed=True)
        if fault.all_of_them:
            break


def _deliver(house: House, mail: Mail) -> outgoing_mail.Undelivered | None:
    """Send a mail; return why it did not go out, if so."""
    try:
        outgoing_mail.deliver(house.settings, mail.recipient, mail.subject, mail.body, house.now(), mail.headers)
    except outgoing_mail.Undelivered as fault:
        return fault
    except Exception as fault:  # A mail that trips over a mistake of ours must not keep the others from going.
        return outgoing_mail.Undelivered(type(fault).__qualname__)
    return None


def forget(house: House) -> Iterator[Done]:
    """Delete what was kept for as long as the settings say."""
    now, settings = house.now(), house.settings
    mails_before = now - timedelta(days=settings.mail_days)
    audit_before = now - timedelta(days=settings.audit_days)
    kept: dict[str, Callable[[Directory], int]] = {
        "hints": lambda d: d.hints.forget(),
        "unconfirmed subscriptions": lambda d: d.subscriptions.forget(),
        "searches": lambda d: d.searches.forget(house.today() - timedelta(days=settings.search_days)),
        "counts of embeds": lambda d: d.stored_embeds.forget(house.today() - timedelta(days=settings.search_days)),
        "audit lines": lambda d: d.people.forget_audit(audit_before),
        "mails": lambda d: d.mails.forget(min(mails_before, now - KEYS_STAY)),
        "files read in": lambda d: d.imports.forget(mails_before),
        "batches": lambda d: d.retention.batches(audit_before),
        "previews": lambda d: d.retention.previews(mails_before),
        "sessions": lambda d: d.retention.sessions(),
        "links for passwords": lambda d: d.retention.invitations(),
        "failed sign-ins": lambda d: d.retention.attempts(),
        "answers to programs": lambda d: d.repeats.forget(),
    }
    for name, forget_it in kept.items():
        try:
            with house.work(write=True) as directory:
                number = forget_it(directory)
        except Exception as fault:  # The others have their own time.
            yield Done(f"forget {name}: {_told(fault)}", failed=True)
        else:
            if number:
                yield Done(f"{name}: {number} forgotten")
    if files := outgoing_mail.forget_files(settings, mails_before):
        yield Done(f"mail files: {files} forgotten")


def write_open_data(house: House) -> Iterator[Done]:
    """Make the files of open data anew where the day or what is published is another one."""
    if house.settings.open_data and (made := house.open_data.renew()):
        yield Done(f"open data: {made} files made")


def check_links(house: House) -> Iterator[Done]:
    """Look whether the addresses in entries still answer, a few at a time."""
    result = links.check_due(house, limit=MOST_LINKS)
    if result.looked:
        found = "no way out of this machine" if result.offline else f"{result.failed} do not answer"
        yield Done(f"links: {result.looked} looked at, {found}")
