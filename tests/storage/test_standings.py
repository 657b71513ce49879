"""Where all entries stand and what was done with many of them, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import Clock

from servicedir.domain.batch import Action, Task
from servicedir.domain.history import Entry, Kind, NotFound
from servicedir.domain.workflow import State
from servicedir.storage.batches import Batches
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions
from servicedir.storage.standings import Standings

TASK = Task(Action.OFFICE, "jugendamt")
DONE = {"slug": "ausweis", "before": 1, "after": 2, "state": "published"}


def write(
    database: Database, clock: Clock, slug: str, *steps: str, author: str = "anna", publish: bool = False
) -> Entry:
    """Add a revision to an entry, which may be new, and take these steps as rita."""
    with database.begin(write=True) as session:
        revisions = Revisions(session, clock)
        try:
            based_on: int | None = revisions.get(Kind.SERVICE, slug).latest.number
        except NotFound:
            based_on = None
        document = {"slug": slug, "costs": author}
        said = {"based_on": based_on, "author": author, "reason": f"von {author}"}
        entry = revisions.append(Kind.SERVICE, slug, document, **said, publish=publish)  # type: ignore[arg-type]  # spread
        for step in steps:
            number = entry.latest.number
            entry = revisions.move(Kind.SERVICE, slug, step, based_on=number, author="rita", reason=step)
        return entry


def test_where_each_entry_stands_is_what_it_says_of_itself(database: Database, clock: Clock) -> None:
    entries = [
        write(database, clock, "b-offen", publish=True),
        write(database, clock, "a-entwurf"),
        write(database, clock, "c-wartet", "submit"),
        write(database, clock, "d-weg", "publish", "retire"),
    ]
    with database.begin() as session:
        standings = Standings(session).all(Kind.SERVICE)
        assert Standings(session).all(Kind.OFFICE) == []
    assert [standing.slug for standing in standings] == ["a-entwurf", "b-offen", "c-wartet", "d-weg"]
    by_slug = {standing.slug: standing for standing in standings}
    for entry in entries:
        standing = by_slug[entry.slug]
        assert (standing.state, standing.live, standing.latest) == (entry.state, entry.live, entry.latest.number)
        assert (standing.author, standing.reason, standing.recorded) == ("anna", "von anna", entry.latest.recorded)
        assert standing.has_draft == entry.has_draft


def test_the_drafters_are_those_who_wrote_what_is_not_live(database: Database, clock: Clock) -> None:
    write(database, clock, "neu")
    write(database, clock, "neu", author="rita")
    write(database, clock, "daneben", publish=True)
    write(database, clock, "daneben", author="berta")
    write(database, clock, "offen", publish=True)
    with database.begin() as session:
        drafters = {standing.slug: standing.drafters for standing in Standings(session).all(Kind.SERVICE)}
    assert drafters == {"neu": {"anna", "rita"}, "daneben": {"berta"}, "offen": set()}


def test_documents_are_the_latest_and_say_the_present_slug(database: Database, clock: Clock) -> None:
    for number in range(3):
        write(database, clock, f"eintrag-{number}", publish=True)
    write(database, clock, "eintrag-1", author="rita")
    with database.begin(write=True) as session:
        Revisions(session, clock).rename(Kind.SERVICE, "eintrag-2", "anders", author="rita", reason="")
    with database.begin() as session:
        standings = Standings(session)
        found = dict(standings.documents(Kind.SERVICE, ["eintrag-1", "anders", "eintrag-2", "nirgends"]))
        assert list(standings.documents(Kind.SERVICE, [])) == []
        assert len(dict(standings.documents(Kind.SERVICE, [*("nirgends",) * 900, "eintrag-0"]))) == 1
    assert {slug: (document["slug"], document["costs"]) for slug, document in found.items()} == {
        "eintrag-1": ("eintrag-1", "rita"),
        "anders": ("anders", "anna"),
    }


def test_returned_is_what_was_given_back_and_not_sent_or_published_since(database: Database, clock: Clock) -> None:
    write(database, clock, "zurueck", "submit", "reject")
    write(database, clock, "geaendert", "submit", "reject")
    write(database, clock, "geaendert")
    write(database, clock, "nochmal", "submit", "reject", "submit")
    write(database, clock, "heraus", "submit", "reject", "publish")
    write(database, clock, "geholt", "submit", "withdraw")
    write(database, clock, "neu")
    write(database, clock, "umbenannt", "submit", "reject")
    write(database, clock, "offen", publish=True)
    write(database, clock, "offen", "submit", "reject")
    with database.begin(write=True) as session:
        for slug in ("umbenannt", "offen"):
            Revisions(session, clock).rename(Kind.SERVICE, slug, f"{slug}-jetzt", author="rita", reason="")
    with database.begin() as session:
        returned = Standings(session).returned(Kind.SERVICE)
        assert {s.state for s in Standings(session).all(Kind.SERVICE) if s.slug in returned} == {State.PRIVATE}
    assert set(returned) == {"zurueck", "geaendert", "umbenannt-jetzt", "offen-jetzt"}
    assert {(step.author, step.reason) for step in returned.values()} == {("rita", "reject")}


# What was done with many


def test_a_batch_is_read_as_it_was_written(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        number = Batches(session, clock).add(TASK, [DONE], skipped=3, author="anna")
    with database.begin() as session:
        batch = Batches(session, clock).get(number)
        with pytest.raises(NotFound):
            Batches(session).get(number + 1)
    assert (batch.number, batch.author, batch.made, batch.task) == (number, "anna", clock.now, TASK)
    assert (batch.done, batch.skipped, batch.undone, batch.left) == ((DONE,), 3, None, ())


def test_batches_are_listed_the_newest_first(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        batches = Batches(session, clock)
        numbers = [batches.add(TASK, [], skipped=0, author=author) for author in ("anna", "rita", "anna")]
        assert [batch.number for batch in batches.latest()] == numbers[::-1]
        assert [batch.number for batch in batches.latest("anna")] == [numbers[2], numbers[0]]
        assert [batch.number for batch in batches.latest(limit=1)] == numbers[2:]
        assert batches.latest("nora") == []


def test_a_batch_is_closed_once(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        batches = Batches(session, clock)
        number = batches.add(TASK, [DONE], skipped=3, author="anna")
        clock.now += timedelta(hours=1)
        assert batches.close(batches.get(number), ["ausweis"])
        assert not batches.close(batches.get(number), [])
    with database.begin() as session:
        batch = Batches(session).get(number)
    assert (batch.undone, batch.left, batch.done, batch.skipped) == (clock.now, ("ausweis",), (DONE,), 3)


def test_nobody_begins_a_batch_in_a_session_that_only_reads(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as session:
        Batches(session).begin()
