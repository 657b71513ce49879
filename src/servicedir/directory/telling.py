"""Telling those who follow a search what is new, at most once a day, and each thing once.

A change is told by its number in the change log, and a stage that begins because its day has come by that day: so
neither a run that was missed nor two at the same time lose or repeat anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from servicedir.directory.letters import Letter
from servicedir.directory.subscription_letters import Told, digest, over
from servicedir.domain import words
from servicedir.domain.described import described
from servicedir.domain.news import beginning
from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind
from servicedir.domain.subscription import Subscription

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House
    from servicedir.directory.news import Item

FIRST_HOUR = 6
"""Before this hour in the city nobody is told anything."""
AT_A_TIME = 200
"""Subscriptions of one transaction: others who want to write wait no longer than for these."""


@dataclass(slots=True)
class Round:
    """What a round did: mails queued, subscriptions that ended since their search is there no more."""

    told: int = 0
    ended: int = 0


def tell(house: House) -> Round:
    """Queue a mail for each subscription of which something is new. Raises RuntimeError while the index is behind."""
    done = Round()
    if house.local_now().hour < FIRST_HOUR:
        return done
    before = beginning(house.today(), house.zone)
    with house.work() as directory:
        batch = directory.stored_subscriptions.due(before, AT_A_TIME)
        upto = directory.revisions.last_change()
    if not batch:
        return done
    house.catch_up()
    if house.index.change() < upto:
        raise RuntimeError("the search index is behind the change log")
    with house.work() as directory:
        found = Found(directory, upto)
    while batch:
        with house.work() as directory:
            letters = {one.id: _letter(directory, one, found) for one in batch}
        with house.work(write=True) as directory:
            _queue(directory, batch, letters, upto, done)
        with house.work() as directory:
            batch = directory.stored_subscriptions.due(before, AT_A_TIME, after=batch[-1])
    return done


class Found:
    """What is fresh and what searches find of it, for one round; each is asked for once."""

    def __init__(self, directory: Directory, upto: int) -> None:
        self.upto = upto
        self._everything = directory.news.matching(Query())
        self._fresh: dict[tuple[int, date], frozenset[str]] = {}
        self._items: tuple[object, list[Item]] = (None, [])
        self._since: dict[tuple[object, ...], datetime] = {}

    def fresh(self, directory: Directory, one: Subscription) -> frozenset[str]:
        """Return the slugs of what is news, matching or not, for who was told before.

        What was published only after this round began is left to the next one, even if it is found already.
        """
        key = (one.told, directory.house.day_of(one.told_at))
        if key not in self._fresh:
            self._fresh[key] = frozenset(i.hit.slug for i in self._everything if _is_fresh(i, *key, upto=self.upto))
        return self._fresh[key]

    def items(self, directory: Directory, one: Subscription, query: Query) -> list[Item]:
        """Return what of that a subscription's search finds; they come in the order of searches."""
        fresh = self.fresh(directory, one)
        if not fresh:
            return []
        key = (one.search, fresh)
        if key != self._items[0]:
            told = (one.told, directory.house.day_of(one.told_at))
            found = directory.news.matching(query, fresh)
            # Once more, since what is published meanwhile is found as it is now.
            self._items = (key, [item for item in found if _is_fresh(item, *told, upto=self.upto)])
        return self._items[1]

    def since(self, directory: Directory, item: Item, query: Query) -> datetime:
        """Return since when an item has been what a query asks for."""
        key = (item.hit.slug, query.video, query.channel)
        if key not in self._since:
            self._since[key] = directory.news.since(item, query)
        return self._since[key]


def _queue(
    directory: Directory, batch: Sequence[Subscription], letters: dict[int, Letter | None], upto: int, done: Round
) -> None:
    """Queue letters to those whom nobody else has told meanwhile."""
    mine = directory.stored_subscriptions.tell(batch, upto)
    for one in batch:
        letter = letters[one.id]
        if letter is None or one.id not in mine:
            continue
        if directory.subscriptions.query(one) is None:
            directory.subscriptions.delete(one)
            directory.mails.queue(f"subscription-over/{one.id}", one.email, letter.subject, letter.body, bulk=True)
            done.ended += 1
        elif directory.subscriptions.queue(one, f"upto-{upto}-{directory.today}", letter, bulk=True):
            done.told += 1


def _letter(directory: Directory, one: Subscription, found: Found) -> Letter | None:
    """Return what is to be written to who follows, if anything."""
    settings, query = directory.house.settings, directory.subscriptions.query(one)
    if query is None:
        return over(settings.title, f"{settings.origin}/", one.language)
    told: tuple[list[Told], list[Told]] = ([], [])
    for item in found.items(directory, one, query):
        is_new = found.since(directory, item, query) >= one.told_at
        told[0 if is_new else 1].append(_told(directory, item, one.language))
    if not any(told):
        return None
    parameters = [*one.pairs, ("sort", "updated"), *_lang(directory, one.language)]
    return digest(
        settings.title,
        described(query, directory.catalogue, one.language),
        *told,
        everything=f"{settings.origin}/?{urlencode(parameters)}",
        end=directory.subscriptions.end_link(one),
        language=one.language,
    )


def _is_fresh(item: Item, told: int, day: date, *, upto: int) -> bool:
    """Return whether an item is news for who was told up to a change and on a day."""
    if item.known.number > upto or item.hit.revision != item.known.revision:
        return False
    return item.known.number > told or bool(item.begun and item.begun > day)


def _told(directory: Directory, item: Item, language: str) -> Told:
    service = item.hit.entry.service
    office = directory.catalogue.offices.get(service.office)
    stage = service.stage(ChannelKind.VIDEO, directory.today)
    link = f"{directory.house.settings.origin}/services/{service.slug}"
    lang = urlencode(_lang(directory, language))
    return Told(
        title=service.title.within(language),
        office=office.name.within(language) if office else "",
        video=f"{words.label(ChannelKind.VIDEO, language)}: {words.label(stage, language)}",
        link=f"{link}?{lang}" if lang else link,
    )


def _lang(directory: Directory, language: str) -> list[tuple[str, str]]:
    return [("lang", language)] if language != directory.house.settings.languages[0] else []
