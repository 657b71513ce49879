"""Searches that somebody follows by mail, for tests: asked for, confirmed, and what was told of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from builders import Clock, a_channel, a_period, a_service
from clocked import ClockedHouse, a_clocked_house

from servicedir.directory.housekeeping import tell_subscribers
from servicedir.domain.query import Query
from servicedir.domain.service import Stage
from servicedir.storage.mails import Mail

KIM = "kim@example.org"
DAY = timedelta(days=1)
VIDEO = Query(video=(Stage.LIVE,))
LINK = re.compile(r"https://dienste\.example/(?:subscriptions|unsubscribe)/(\S+)\?lang=(?:de|en)")


def a_house_with_news(folder: Path, clock: Clock) -> ClockedHouse:
    """A house in which one service is live by video and one is planned for December; close it in the end."""
    planned = a_service("umzug", channels=(a_channel("video", a_period("planned", "2026"), verified=None),))
    house = a_clocked_house(folder, clock, a_service(), planned, base_url="https://dienste.example")
    clock.now += timedelta(minutes=1)
    return house


def ask(house: ClockedHouse, query: Query = VIDEO, email: str = KIM, sender: str = "192.0.2.1") -> None:
    with house.work(write=True) as directory:
        directory.subscriptions.ask(query, email, sender=sender)


def outbox(house: ClockedHouse) -> list[Mail]:
    """The mails that wait, which go out by that."""
    with house.work(write=True) as directory:
        waiting = directory.mails.unsent(1000)
        for mail in waiting:
            directory.mails.note_sent(mail.id)
        return waiting


def token_in(mail: Mail) -> str:
    found = LINK.search(mail.body)
    assert found
    return found[1]


def follow(house: ClockedHouse, query: Query = VIDEO, email: str = KIM) -> None:
    """Somebody who asked for a search and confirmed it."""
    ask(house, query, email, sender="")
    confirm(house, token_in(outbox(house)[-1]))


def confirm(house: ClockedHouse, token: str) -> None:
    with house.work(write=True) as directory:
        directory.subscriptions.confirm(token)


def told(house: ClockedHouse, *, days: int = 1) -> list[Mail]:
    """The mails of the next day."""
    house.clock.now += days * DAY
    assert not [done.what for done in tell_subscribers(house) if done.failed]
    return outbox(house)


def named(mail: Mail) -> dict[str, list[str]]:
    """Heading -> slugs that stand below it."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in mail.body.splitlines():
        if match := re.fullmatch(r"(\w+) \(\d+\):", line):
            heading = match[1]
        if match := re.fullmatch(r"  https://dienste\.example/services/([\w-]+)(\?lang=en)?", line):
            found.setdefault(heading, []).append(match[1])
    return found


def live(slug: str, since: str = "2026-01-01", **fields: Any) -> Any:
    return a_service(slug, channels=(a_channel("video", a_period("live", since)),), **fields)
