"""What one unit of work has at hand: its session, the stores behind the door, and the smaller doors beside it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import transaction

from servicedir.directory.accounts import Accounts
from servicedir.directory.alerts import Alarm
from servicedir.directory.answering import Answering
from servicedir.directory.board import Board
from servicedir.directory.bulk import Bulk
from servicedir.directory.digests import Digests
from servicedir.directory.embeds import Embeds
from servicedir.directory.figure_sheets import FigureSheets
from servicedir.directory.figures import Figures
from servicedir.directory.following import Following
from servicedir.directory.hints import Hints
from servicedir.directory.hsds import Hsds
from servicedir.directory.inquiries import Inquiries
from servicedir.directory.knowledge import Knowledge
from servicedir.directory.links import Links
from servicedir.directory.news import Newsroom
from servicedir.directory.open_data import OpenData
from servicedir.directory.planning import Planning
from servicedir.directory.previews import Previews
from servicedir.directory.reviews import Reviews
from servicedir.directory.rollout import Rollout
from servicedir.directory.sheets import Sheets
from servicedir.directory.subscriptions import Subscriptions
from servicedir.directory.tokens import Tokens
from servicedir.directory.uploads import Uploads
from servicedir.directory.versions import Versions
from servicedir.directory.words import Words
from servicedir.directory.writing import Writing
from servicedir.storage.answers import Answers as StoredAnswers
from servicedir.storage.batches import Batches
from servicedir.storage.editions import Editions
from servicedir.storage.embeds import Embeds as StoredEmbeds
from servicedir.storage.figures import Figures as StoredFigures
from servicedir.storage.hints import Hints as StoredHints
from servicedir.storage.imports import Imports
from servicedir.storage.links import Links as StoredLinks
from servicedir.storage.mails import Mails
from servicedir.storage.people import People
from servicedir.storage.previews import Previews as StoredPreviews
from servicedir.storage.public_log import PublicLog
from servicedir.storage.retention import Retention
from servicedir.storage.revisions import Revisions
from servicedir.storage.searches import Searches
from servicedir.storage.standings import Standings
from servicedir.storage.subscriptions import Subscriptions as StoredSubscriptions
from servicedir.storage.tokens import Repeats
from servicedir.storage.tokens import Tokens as StoredTokens
from servicedir.storage.upkeep import Upkeep

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House


class Work:
    """Stores and smaller doors, each made when it is first asked for; nothing is opened before that."""

    def __init__(self, house: House, manager: transaction.TransactionManager, *, write: bool = False) -> None:
        self.house = house
        self._manager = manager
        self._write = write

    @property
    def _door(self) -> Directory:
        # Whoever works is a Directory; this class only holds what it has at hand.
        return cast("Directory", self)

    @cached_property
    def _session(self) -> Any:
        return self.house.database.session(self._manager, write=self._write)

    @cached_property
    def revisions(self) -> Revisions:
        """Return what was recorded; for this door and its tests."""
        return Revisions(self._session, self.house.now)

    @cached_property
    def following(self) -> Following:
        """Return the door for programs that follow what changes."""
        return Following(self._door)

    @cached_property
    def public_log(self) -> PublicLog:
        """Return the public part of the change log; for this door."""
        return PublicLog(self._session)

    @cached_property
    def editions(self) -> Editions:
        """Return what outsiders see of the catalogue as a whole; for the open data."""
        return Editions(self._session)

    @property
    def open_data(self) -> OpenData:
        """Return the files with all that is published."""
        return self.house.open_data

    @cached_property
    def upkeep(self) -> Upkeep:
        """Return planned steps and confirmations as they are stored; for this door."""
        return Upkeep(self._session, self.house.now)

    @cached_property
    def planning(self) -> Planning:
        """Return the door for steps that are taken later."""
        return Planning(self._door)

    @cached_property
    def previews(self) -> Previews:
        """Return the door for links that show drafts to people without an account."""
        return Previews(self._door)

    @cached_property
    def stored_previews(self) -> StoredPreviews:
        """Return those links as they are stored; for this door."""
        return StoredPreviews(self._session, self.house.now)

    @cached_property
    def reviews(self) -> Reviews:
        """Return the door for who answers for an entry and when it was last found correct."""
        return Reviews(self._door)

    @cached_property
    def board(self) -> Board:
        """Return the door for what waits for whom, and for the lists of what there is to care for."""
        return Board(self._door)

    @cached_property
    def standings(self) -> Standings:
        """Return where all entries stand; for this door."""
        return Standings(self._session)

    @cached_property
    def bulk(self) -> Bulk:
        """Return the door for changing many entries at once."""
        return Bulk(self._door)

    @cached_property
    def sheets(self) -> Sheets:
        """Return the door for sheets of entries that go out and come in."""
        return Sheets(self._door)

    @cached_property
    def uploads(self) -> Uploads:
        """Return the door for sheets that people bring along."""
        return Uploads(self._door)

    @cached_property
    def imports(self) -> Imports:
        """Return those sheets as they are stored; for this door."""
        return Imports(self._session, self.house.now)

    @cached_property
    def batches(self) -> Batches:
        """Return what was done with many entries at once, as it is stored; for this door."""
        return Batches(self._session, self.house.now)

    @cached_property
    def retention(self) -> Retention:
        """Return what is deleted because its time is over; for the housekeeping."""
        return Retention(self._session, self.house.now)

    @cached_property
    def digests(self) -> Digests:
        """Return the reminders of a week; for the housekeeping."""
        return Digests(self._door)

    @cached_property
    def hsds(self) -> Hsds:
        """Return the door for readers of HSDS."""
        return Hsds(self._door)

    @cached_property
    def hints(self) -> Hints:
        """Return the door for what citizens point out."""
        return Hints(self._door)

    @cached_property
    def stored_hints(self) -> StoredHints:
        """Return that as it is stored; for this door."""
        return StoredHints(self._session, self.house.now)

    @cached_property
    def links(self) -> Links:
        """Return the door for the addresses in entries, and whether they lead somewhere."""
        return Links(self._door)

    @cached_property
    def stored_links(self) -> StoredLinks:
        """Return what was found there; for this door."""
        return StoredLinks(self._session, self.house.now)

    @cached_property
    def figures(self) -> Figures:
        """Return the door for how often ways of access were used."""
        return Figures(self._door)

    @cached_property
    def figure_sheets(self) -> FigureSheets:
        """Return the door for sheets of figures; for what is on them."""
        return FigureSheets(self._door)

    @cached_property
    def stored_figures(self) -> StoredFigures:
        """Return those figures as they are stored; for this door and the house."""
        return StoredFigures(self._session, self.house.now)

    @cached_property
    def rollout(self) -> Rollout:
        """Return the door for where video stands in the city."""
        return Rollout(self._door)

    @cached_property
    def versions(self) -> Versions:
        """Return the door for what everybody could read of a service since when."""
        return Versions(self._door)

    @cached_property
    def inquiries(self) -> Inquiries:
        """Return the door for what was answered to the council."""
        return Inquiries(self._door)

    @cached_property
    def answering(self) -> Answering:
        """Return the door for those who answer the council."""
        return Answering(self._door)

    @cached_property
    def alerts(self) -> Alarm:
        """Return the door for what is overdue or missing of that which a council asks for."""
        return Alarm(self._door)

    @cached_property
    def knowledge(self) -> Knowledge:
        """Return the door for all that there was to know at a moment."""
        return Knowledge(self._door)

    @cached_property
    def stored_answers(self) -> StoredAnswers:
        """Return frozen answers as they are stored; for this door."""
        return StoredAnswers(self._session, self.house.now)

    @cached_property
    def mails(self) -> Mails:
        """Return the mails that wait to be sent."""
        return Mails(self._session, self.house.now)

    @cached_property
    def news(self) -> Newsroom:
        """Return the door for what is new of that which a search finds."""
        return Newsroom(self._door)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Return the door for searches that people follow by mail."""
        return Subscriptions(self._door)

    @cached_property
    def stored_subscriptions(self) -> StoredSubscriptions:
        """Return those as they are stored; for this door and the housekeeping."""
        return StoredSubscriptions(self._session, self.house.now)

    @cached_property
    def words(self) -> Words:
        """Return the door for the small nouns of the catalogue, and for what was searched in vain."""
        return Words(self._door)

    @cached_property
    def searches(self) -> Searches:
        """Return how often words were searched for; for this door and the housekeeping."""
        return Searches(self._session)

    @cached_property
    def embeds(self) -> Embeds:
        """Return the door for how often other sites show the catalogue."""
        return Embeds(self._door)

    @cached_property
    def stored_embeds(self) -> StoredEmbeds:
        """Return that as it is stored; for this door and the housekeeping."""
        return StoredEmbeds(self._session)

    @cached_property
    def people(self) -> People:
        """Return accounts, sessions and the audit log."""
        factor = self.house.settings.second_factor
        return People(self._session, self.house.now, today=self.house.today, second_factor=factor)

    @cached_property
    def accounts(self) -> Accounts:
        """Return the door for accounts, their roles and deputies, and who did what."""
        return Accounts(self._door)

    @cached_property
    def tokens(self) -> Tokens:
        """Return the door for what other programs may do."""
        return Tokens(self._door)

    @cached_property
    def writing(self) -> Writing:
        """Return the door for what other programs write."""
        return Writing(self._door)

    @cached_property
    def stored_tokens(self) -> StoredTokens:
        """Return their tokens as they are stored; for this door."""
        return StoredTokens(self._session, self.house.now)

    @cached_property
    def repeats(self) -> Repeats:
        """Return what was answered to writes that programs may send again."""
        return Repeats(self._session, self.house.now)
