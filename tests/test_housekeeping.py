"""What a timer has done: planned steps once and in order, reminders, mails, forgetting; a fault stops only itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import Clock, a_channel, a_grant, a_period, a_person, a_service
from clocked import ClockedHouse, a_clocked_house, reopened
from houses import rows, save

from servicedir.directory import CITY_TIME
from servicedir.directory.housekeeping import (
    Done,
    forget,
    queue_digests,
    run,
    send_mails,
    take_planned,
    watch,
)
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.moment import city_moment
from servicedir.domain.workflow import Role, State
from servicedir.outgoing.mail import folder
from servicedir.storage.mails import Mails

RITA = a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER))
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    """A clock on a Monday before the hour at which reminders are made."""
    return Clock("2026-11-23T01:00:00+00:00")


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    """A house with two published entries."""
    house = a_clocked_house(tmp_path, clock, a_service(), a_service("umzug"))
    yield house
    house.close()


def plan(house: ClockedHouse, slug: str, step: str, at: datetime, based_on: int = 1) -> None:
    with house.work(write=True) as directory:
        directory.planning.plan(slug, step, at, based_on=based_on, by=RITA)


def shown(house: ClockedHouse, slug: str = "personalausweis") -> str:
    """The title that outsiders see, or nothing."""
    try:
        with house.work() as directory:
            return directory.service(slug).service.title.within("de")
    except NotFound:
        return ""


def log(house: ClockedHouse, slug: str = "personalausweis") -> list[str]:
    with house.work() as directory:
        return [change.change.value for change in directory.revisions.log(Kind.SERVICE, slug)]


def done(house: ClockedHouse) -> list[str]:
    """What one run says, without what failed: of that there is nothing."""
    said = list(run(house))
    assert not [one.what for one in said if one.failed]
    return [one.what for one in said]


def broken(house: ClockedHouse, planned_for: str) -> None:
    """Makes the plan of an entry name a revision that does not exist, as only a fault of ours could."""
    with house.work(write=True) as directory:
        connection = directory._session.connection()
        connection.exec_driver_sql(
            "UPDATE schedule SET revision = 99 WHERE entry_id = (SELECT id FROM entries WHERE slug = ?)", (planned_for,)
        )


# Planned steps


def test_a_revision_is_published_when_its_moment_comes_and_not_before(house: ClockedHouse) -> None:
    save(house, a_service(title="Neue Fassung"), based_on=1)
    plan(house, "personalausweis", "publish", house.now() + HOUR, based_on=2)
    house.clock.now += HOUR - timedelta(seconds=1)
    assert done(house) == []
    assert shown(house) == "Personalausweis"
    house.clock.now += timedelta(seconds=1)
    assert done(house) == ["publish of personalausweis, planned for 2026-11-23T02:00Z: done"]
    assert shown(house) == "Neue Fassung"
    assert done(house) == []


def test_a_later_draft_stays_a_draft(house: ClockedHouse) -> None:
    save(house, a_service(title="Abgesprochen"), based_on=1)
    plan(house, "personalausweis", "publish", house.now() + HOUR, based_on=2)
    save(house, a_service(title="Noch in Arbeit"), based_on=2)
    house.clock.now += HOUR
    done(house)
    assert shown(house) == "Abgesprochen"
    with house.work() as directory:
        entry, value = directory.entry("personalausweis", RITA)
    assert (entry.state, entry.live, value.title.within("de")) == (State.PRIVATE, 2, "Noch in Arbeit")


def test_an_entry_is_retired_when_its_moment_comes(house: ClockedHouse) -> None:
    plan(house, "umzug", "retire", house.now() + HOUR)
    house.clock.now += HOUR
    assert done(house) == ["retire of umzug, planned for 2026-11-23T02:00Z: done"]
    assert shown(house, "umzug") == ""


def test_a_plan_survives_a_restart_and_any_time_in_which_nothing_ran(
    house: ClockedHouse, tmp_path: Path, clock: Clock
) -> None:
    save(house, a_service(title="Neue Fassung"), based_on=1)
    plan(house, "personalausweis", "publish", house.now() + HOUR, based_on=2)
    house.close()
    clock.now += timedelta(days=40)
    again = reopened(tmp_path, clock)
    try:
        assert "publish of personalausweis, planned for 2026-11-23T02:00Z: done" in done(again)
        assert shown(again) == "Neue Fassung"
    finally:
        again.close()


def test_steps_that_were_missed_are_taken_in_their_order(house: ClockedHouse) -> None:
    save(house, a_service(title="Letzte Fassung"), based_on=1)
    plan(house, "umzug", "retire", house.now() + 2 * HOUR)
    plan(house, "personalausweis", "retire", house.now() + 3 * HOUR, based_on=2)
    plan(house, "personalausweis", "publish", house.now() + HOUR, based_on=2)
    house.clock.now += timedelta(days=1) - 2 * HOUR  # still Monday
    assert [line.split(",")[0] for line in done(house) if "planned" in line] == [
        "publish of personalausweis",
        "retire of umzug",
        "retire of personalausweis",
    ]
    assert log(house)[-2:] == ["changed", "retired"]


def test_a_step_is_taken_once_by_two_that_run_at_the_same_time(
    house: ClockedHouse, tmp_path: Path, clock: Clock
) -> None:
    for number in range(5):
        save(house, a_service(f"neu-{number}"))
        plan(house, f"neu-{number}", "publish", house.now() + HOUR)
    clock.now += HOUR
    houses = [reopened(tmp_path, clock) for _ in range(2)]
    said: list[Done] = []
    start = threading.Barrier(2)

    def keep(mine: ClockedHouse) -> None:
        start.wait()
        said.extend(take_planned(mine))

    threads = [threading.Thread(target=keep, args=(one,)) for one in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in houses:
        one.close()
    taken = [one.what.split()[2] for one in said if one.what.endswith(": done")]
    assert sorted(taken) == [f"neu-{number}," for number in range(5)]
    assert not any(one.failed for one in said)
    assert [log(house, f"neu-{number}") for number in range(5)] == [["saved", "published"]] * 5


def test_who_read_the_plan_before_it_was_changed_takes_nothing(house: ClockedHouse) -> None:
    plan(house, "umzug", "retire", house.now() + HOUR)
    house.clock.now += HOUR
    with house.work() as directory:
        (seen,) = directory.planning.due()
    plan(house, "umzug", "retire", house.now() + HOUR)
    with house.work(write=True) as directory:
        assert not directory.planning.take(seen)
    assert done(house) == []
    assert shown(house, "umzug") == "Umzug"


def test_a_step_that_was_overtaken_is_told_and_forgotten(house: ClockedHouse) -> None:
    save(house, a_service(title="Zweite"), based_on=1)
    plan(house, "personalausweis", "publish", house.now() + HOUR, based_on=2)
    with house.work(write=True) as directory:
        directory.revisions.move(
            Kind.SERVICE, "personalausweis", "publish", based_on=2, author="rita", reason="ohne den Plan zu kennen"
        )
    house.clock.now += HOUR
    assert [line.rpartition(": ")[2] for line in done(house)] == ["not to be taken any more"]
    assert done(house) == []


def test_a_step_that_fails_stops_the_later_ones_of_its_entry_and_no_others(house: ClockedHouse) -> None:
    save(house, a_service("neu"))
    plan(house, "neu", "publish", house.now() + HOUR)
    plan(house, "neu", "retire", house.now() + 2 * HOUR)
    plan(house, "umzug", "retire", house.now() + 3 * HOUR)
    broken(house, "neu")
    house.clock.now += 4 * HOUR - timedelta(minutes=1)
    for _ in range(2):
        failed = [one.what for one in run(house) if one.failed]
        assert len(failed) == 1
        assert failed[0].startswith("publish of neu, planned for 2026-11-23T02:00Z: NotFound")
    assert shown(house, "umzug") == ""
    assert rows(house, "schedule") == 2


# Clocks that go forward and back


@pytest.mark.parametrize(
    ("local", "moment"),
    [("2026-10-25T02:30", "2026-10-25T00:30+00:00"), ("2027-03-28T03:00", "2027-03-28T01:00+00:00")],
)
def test_a_step_planned_in_the_night_of_the_change_is_taken_once(tmp_path: Path, local: str, moment: str) -> None:
    clock = Clock(moment)
    clock.now -= 3 * HOUR
    house = a_clocked_house(tmp_path, clock, a_service("umzug"))
    try:
        plan(house, "umzug", "retire", city_moment(datetime.fromisoformat(local), CITY_TIME))
        taken = []
        for _ in range(24):  # every quarter of an hour, over both hours that are called two o'clock
            clock.now += timedelta(minutes=15)
            taken += [clock.now.isoformat(timespec="minutes") for one in take_planned(house) if not one.failed]
        assert taken == [moment]
        assert log(house, "umzug") == ["published", "retired"]
    finally:
        house.close()


# Reminders and mails


def test_reminders_are_made_once_a_week_by_whoever_runs_first_and_sent(house: ClockedHouse) -> None:
    house.clock.now += timedelta(days=364)  # Monday, 22 November 2027, 2:00 in the city
    assert done(house) == []
    house.clock.now += timedelta(days=2)  # nothing ran on Monday morning
    assert done(house) == ["digest/2027-W47: 2 queued", "mail 2: sent", "mail 3: sent"]
    assert len(list(folder(house.settings).glob("*.eml"))) == 2
    assert done(house) == []
    house.clock.now += timedelta(days=6)
    assert done(house)[0] == "digest/2027-W48: 2 queued"


def test_reminders_are_made_by_one_of_two_that_run_at_the_same_time(house: ClockedHouse, clock: Clock) -> None:
    clock.now += timedelta(days=366)
    first, second = queue_digests(house), queue_digests(house)
    assert [one.what for one in [*first, *second]] == ["digest/2027-W47: 2 queued"]


def queue_mail(house: ClockedHouse, key: str, recipient: str = "anna@example.org") -> None:
    with house.work(write=True) as directory:
        directory.mails.queue(key, recipient, "Geheimer Betreff", "Geheimer Text")


def test_a_mail_that_cannot_be_sent_stops_no_other_and_is_told_without_its_address(house: ClockedHouse) -> None:
    queue_mail(house, "a", "keine adresse")
    queue_mail(house, "b")
    said = list(send_mails(house))
    assert [(one.what.partition(";")[2], one.failed) for one in said] == [
        (" it is tried again later", True),
        ("", False),
    ]
    assert not any(word in one.what for one in said for word in ("adresse", "anna", "Geheim"))
    assert list(send_mails(house)) == []
    for wait in Mails.WAITS:
        house.clock.now += wait
        (last,) = send_mails(house)
    assert last.what.endswith("; given up")


def test_where_the_server_cannot_be_used_the_rest_waits_without_losing_an_attempt(tmp_path: Path, clock: Clock) -> None:
    house = a_clocked_house(tmp_path, clock)
    try:
        folder(house.settings).write_text("no folder")
        for key in "abc":
            queue_mail(house, key)
        assert [one.failed for one in send_mails(house)] == [True]
        with house.work() as directory:
            assert [(mail.key, mail.attempts) for mail in directory.mails.unsent(9)] == [("b", 0), ("c", 0)]
    finally:
        house.close()


# Links


def test_addresses_are_looked_at_and_one_that_does_not_answer_is_no_fault_of_the_run(
    tmp_path: Path, clock: Clock
) -> None:
    # An address of this machine: no citizen could reach it, so it is not even asked.
    booking = a_period(booking_url="http://127.0.0.1:1/termine")
    service = a_service(channels=(a_channel("video", booking),))
    house = a_clocked_house(tmp_path, clock, service, check_links="true")
    try:
        assert done(house) == ["links: 1 looked at, 1 do not answer"]
        assert done(house) == []
    finally:
        house.close()


# Forgetting


def test_what_was_kept_long_enough_is_forgotten_and_nothing_else(tmp_path: Path, clock: Clock) -> None:
    house = a_clocked_house(tmp_path, clock, a_service(), mail_days="10", audit_days="20")
    try:
        clock.now += timedelta(minutes=1)
        with house.work(write=True) as directory:
            directory.people.audit("rita", "save", "service/x", {})
        queue_mail(house, "a")
        list(send_mails(house))
        audited = rows(house, "audit")
        clock.now += timedelta(days=9)
        assert list(forget(house)) == []
        clock.now += timedelta(days=2)
        assert [one.what for one in forget(house)] == ["mails: 1 forgotten", "mail files: 1 forgotten"]
        clock.now += timedelta(days=10)
        assert [one.what for one in forget(house)] == [f"audit lines: {audited} forgotten"]
        assert rows(house, "mails") == rows(house, "audit") == 0
    finally:
        house.close()


def test_what_says_that_reminders_were_sent_outlives_the_week(tmp_path: Path, clock: Clock) -> None:
    house = a_clocked_house(tmp_path, clock, a_service(), mail_days="1")
    try:
        clock.now += timedelta(days=366)
        assert done(house)[0] == "digest/2027-W47: 2 queued"
        clock.now += timedelta(days=4)
        assert not any("queued" in line for line in done(house))
    finally:
        house.close()


# Again and again


def test_one_task_that_fails_is_told_and_the_others_are_done(house: ClockedHouse) -> None:
    queue_mail(house, "a")
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE schedule")
    said = list(run(house))
    assert [one.what.partition(":")[0] for one in said if one.failed] == ["take planned"]
    assert "mail 1: sent" in [one.what for one in said]
    assert not any("\n" in one.what for one in said)


def test_watching_goes_on_until_it_is_told_to_stop(house: ClockedHouse) -> None:
    stop, said = threading.Event(), []

    def report(one: Done) -> None:
        said.append(one.what)
        if len(said) == 1:
            queue_mail(house, "b")  # for the next round
        else:
            stop.set()

    queue_mail(house, "a")
    watching = threading.Thread(target=watch, args=(house, 0.01, stop, report))
    watching.start()
    watching.join(20)
    assert not watching.is_alive()
    assert said == ["mail 1: sent", "mail 2: sent"]


def test_watching_that_is_stopped_before_its_first_run_does_nothing(house: ClockedHouse) -> None:
    stop = threading.Event()
    stop.set()
    queue_mail(house, "a")
    watch(house, 0, stop, first=60)
    with house.work() as directory:
        assert len(directory.mails.unsent(9)) == 1
