"""Subscriptions as they are kept, and what is known of entries, on each engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from builders import Clock

from servicedir.domain.history import Kind, NotFound
from servicedir.storage.database import Database
from servicedir.storage.mails import Mails
from servicedir.storage.revisions import Revisions
from servicedir.storage.subscriptions import Subscriptions

KIM = "kim@example.org"


def ask(database: Database, clock: Clock, search: str = "q=a", email: str = KIM, language: str = "de") -> Any:
    with database.begin(write=True) as session:
        return Subscriptions(session, clock).ask(email, search, language, told=7)


def confirm(database: Database, clock: Clock, number: int, told: int = 9) -> None:
    with database.begin(write=True) as session:
        Subscriptions(session, clock).confirm(number, told=told)


def get(database: Database, number: int) -> Any:
    with database.begin() as session:
        return Subscriptions(session).get(number)


def test_what_was_asked_for_is_kept_as_it_was_said(database: Database, clock: Clock) -> None:
    one = ask(database, clock, "q=%C3%A4+b&video=live")
    assert one == get(database, one.id)
    assert (one.email, one.search, one.language) == (KIM, "q=%C3%A4+b&video=live", "de")
    assert (one.made, one.confirmed, one.told, one.told_at) == (clock.now, None, 7, clock.now)
    assert one.pairs == [("q", "ä b"), ("video", "live")]


def test_asking_again_is_the_same_one_which_begins_anew_until_it_is_confirmed(database: Database, clock: Clock) -> None:
    first = ask(database, clock)
    clock.now += timedelta(hours=1)
    again = ask(database, clock)
    assert (again.id, again.made) == (first.id, clock.now)
    confirm(database, clock, first.id)
    clock.now += timedelta(hours=1)
    assert ask(database, clock).made == again.made


def test_it_begins_once_when_it_is_confirmed(database: Database, clock: Clock) -> None:
    one = ask(database, clock)
    clock.now += timedelta(hours=1)
    confirm(database, clock, one.id, told=12)
    begun = get(database, one.id)
    assert (begun.confirmed, begun.told, begun.told_at) == (clock.now, 12, clock.now)
    clock.now += timedelta(hours=1)
    confirm(database, clock, one.id, told=99)
    assert get(database, one.id) == begun


def test_due_are_those_that_are_confirmed_and_were_not_told_since_in_the_order_of_searches(
    database: Database, clock: Clock
) -> None:
    ids = {search: ask(database, clock, search).id for search in ("q=c", "q=a", "q=b")}
    other = ask(database, clock, "q=a", "other@example.org").id
    for number in (ids["q=c"], ids["q=a"], other):
        confirm(database, clock, number)
    clock.now += timedelta(days=1)
    with database.begin(write=True) as session:
        kept = Subscriptions(session, clock)
        due = kept.due(clock.now, 10)
        assert [one.id for one in due] == [ids["q=a"], other, ids["q=c"]]
        assert [one.id for one in kept.due(clock.now, 2)] == [ids["q=a"], other]
        assert [one.id for one in kept.due(clock.now, 2, after=due[1])] == [ids["q=c"]]
        assert kept.due(clock.now - timedelta(days=1), 10) == []
        assert kept.tell(due[:2], 20) == {ids["q=a"], other}
        assert [one.id for one in kept.due(clock.now, 10)] == [ids["q=c"]]
        # As seen before somebody else told them: they are told already.
        assert kept.tell(due, 21) == {ids["q=c"]}
        assert [kept.get(one.id).told for one in due] == [20, 20, 21]
        assert kept.tell([], 22) == set()


def test_what_nobody_confirmed_in_time_is_deleted(database: Database, clock: Clock) -> None:
    old, confirmed = ask(database, clock, "q=old").id, ask(database, clock, "q=confirmed").id
    confirm(database, clock, confirmed)
    clock.now += timedelta(hours=48)
    young = ask(database, clock, "q=young").id
    with database.begin(write=True) as session:
        assert Subscriptions(session, clock).forget(clock.now - timedelta(hours=47)) == [old]
        for number in (young, confirmed):
            Subscriptions(session, clock).get(number)


def test_the_number_of_a_deleted_one_is_not_given_again(database: Database, clock: Clock) -> None:
    first = ask(database, clock).id
    with database.begin(write=True) as session:
        Subscriptions(session, clock).end(first)
    with pytest.raises(NotFound):
        get(database, first)
    assert ask(database, clock).id > first


# Mails


def queue(database: Database, clock: Clock, key: str, **said: Any) -> bool:
    with database.begin(write=True) as session:
        return Mails(session, clock).queue(key, KIM, "Neues", "…", **said)


def test_a_mail_keeps_its_headers_until_it_went_out_or_was_given_up(database: Database, clock: Clock) -> None:
    queue(database, clock, "one", headers={"List-Unsubscribe": "<https://x.example/1>"})
    queue(database, clock, "two", headers={"List-Unsubscribe": "<https://x.example/2>"})
    with database.begin(write=True) as session:
        mails = Mails(session, clock)
        one, two = mails.unsent(10)
        assert one.headers == {"List-Unsubscribe": "<https://x.example/1>"}
        mails.note_sent(one.id)
        while mails.note_failed(two.id, "no"):
            pass
    with database.engine.connect() as connection:
        kept = [str(headers) for (headers,) in connection.exec_driver_sql("SELECT headers FROM mails")]
    assert kept == ["{}", "{}"]


@pytest.mark.parametrize("headers", [{"X": "a\r\nBcc: b@example.org"}, {"X\nY": "a"}, {"X": "\x00"}])
def test_a_header_of_two_lines_is_refused(database: Database, clock: Clock, headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="one line"):
        queue(database, clock, "one", headers=headers)


def test_one_of_many_lets_others_go_first(database: Database, clock: Clock) -> None:
    queue(database, clock, "many", bulk=True)
    clock.now += timedelta(minutes=1)
    queue(database, clock, "one")
    with database.begin() as session:
        assert [mail.key for mail in Mails(session, clock).unsent(10)] == ["one", "many"]
        assert [mail.key for mail in Mails(session, clock).unsent(1)] == ["one"]


def test_all_mails_of_a_subscription_are_deleted_and_no_other(database: Database, clock: Clock) -> None:
    for key in ("subscription/1/a", "subscription/1/b", "subscription/11/a", "subscription%1/a", "subscription/1"):
        queue(database, clock, key)
    with database.begin(write=True) as session:
        assert Mails(session, clock).drop("subscription/1/") == 2
        assert Mails(session, clock).drop("subscription%") == 1
        assert len(Mails(session, clock).unsent(10)) == 2


# What is known of entries


def test_it_is_known_when_outsiders_learnt_of_an_entry_and_under_which_name(database: Database, clock: Clock) -> None:
    def work(name: str, *said: Any, **options: Any) -> Any:
        clock.now += timedelta(hours=1)
        with database.begin(write=True) as session:
            return getattr(Revisions(session, clock), name)(Kind.SERVICE, *said, author="anna", reason="", **options)

    work("append", "eins", {"slug": "eins", "n": 1}, based_on=None)
    with database.begin() as session:
        assert Revisions(session, clock).known(Kind.SERVICE) == {}
    work("move", "eins", "publish", based_on=1)
    first = clock.now
    work("append", "eins", {"slug": "eins", "n": 2}, based_on=1)
    work("append", "eins", {"slug": "eins", "n": 3}, based_on=2, publish=True)
    second = clock.now
    work("append", "eins", {"slug": "eins", "n": 4}, based_on=3)
    work("append", "zwei", {"slug": "zwei", "n": 1}, based_on=None)
    with database.begin() as session:
        revisions = Revisions(session, clock)
        known = revisions.known(Kind.SERVICE)
        assert set(known) == {"eins"}
        one = known["eins"]
        assert (one.name, one.published, one.changed, one.revision) == ("eins", first, second, 3)
        assert [(at, document["n"]) for at, document in revisions.shown(Kind.SERVICE, "eins") if document] == [
            (second, 3),
            (first, 1),
        ]
        numbers = [change.number for change in revisions.log(Kind.SERVICE, "eins") if change.at == second]
        assert [one.number] == numbers
    work("rename", "eins", "neu")
    with database.begin() as session:
        known = Revisions(session, clock).known(Kind.SERVICE)
        assert set(known) == {"neu"}
        assert (known["neu"].name, known["neu"].published) == ("eins", first)
    work("move", "neu", "discard", based_on=4)
    work("move", "neu", "retire", based_on=5)
    retired = clock.now
    with database.begin() as session:
        assert Revisions(session, clock).known(Kind.SERVICE) == {}
        assert next(Revisions(session, clock).shown(Kind.SERVICE, "neu")) == (retired, None)
