"""The outbox: what is queued once, sent once, tried again, given up and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import Clock

from servicedir.storage.database import Database
from servicedir.storage.mails import Mail, Mails


def queue(database: Database, clock: Clock, key: str = "digest/2026-W48/anna", **fields: str) -> bool:
    given = {"recipient": "anna@example.org", "subject": "Prüfen", "body": "Drei Einträge.\n"} | fields
    with database.begin(write=True) as session:
        return Mails(session, clock).queue(key, **given)


def waiting(database: Database, clock: Clock, limit: int = 10) -> list[Mail]:
    with database.begin() as session:
        return Mails(session, clock).unsent(limit)


def everything(database: Database, column: str) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.exec_driver_sql(f"SELECT {column} FROM mails ORDER BY id").scalars())  # noqa: S608 - named here


def test_what_is_queued_waits_as_it_was_given(database: Database, clock: Clock) -> None:
    assert queue(database, clock)
    (mail,) = waiting(database, clock)
    assert (mail.recipient, mail.subject, mail.body) == ("anna@example.org", "Prüfen", "Drei Einträge.\n")
    assert (mail.attempts, mail.due) == (0, clock.now)


def test_a_second_mail_with_the_same_key_is_ignored(database: Database, clock: Clock) -> None:
    assert queue(database, clock)
    assert not queue(database, clock, subject="Noch einmal")
    assert [mail.subject for mail in waiting(database, clock)] == ["Prüfen"]


def test_a_key_stays_used_after_its_mail_was_sent(database: Database, clock: Clock) -> None:
    queue(database, clock)
    with database.begin(write=True) as session:
        Mails(session, clock).note_sent(waiting(database, clock)[0].id)
    assert not queue(database, clock)
    assert waiting(database, clock) == []


def test_a_mail_to_nobody_is_ignored(database: Database, clock: Clock) -> None:
    assert not queue(database, clock, recipient=" ")
    assert everything(database, "key") == []


@pytest.mark.parametrize("field", ["recipient", "subject"])
@pytest.mark.parametrize("character", ["\n", "\r", "\0", "\x7f", "\u2028", "\x85"])
def test_a_control_character_where_headers_come_from_is_refused(
    database: Database, clock: Clock, field: str, character: str
) -> None:
    with pytest.raises(ValueError, match="one line"):
        queue(database, clock, **{field: f"a@example.org{character}Bcc: b@example.org"})
    assert everything(database, "key") == []


def test_a_key_is_used_up_once_and_nothing_is_sent_under_it(database: Database, clock: Clock) -> None:
    used = []
    for _ in range(2):
        with database.begin(write=True) as session:
            box = Mails(session, clock)
            used.append((box.is_used("digest/2026-W48"), box.once("digest/2026-W48")))
    assert used == [(False, True), (True, False)]
    assert waiting(database, clock) == []


def test_a_mail_is_claimed_by_one_of_those_who_saw_it(database: Database, clock: Clock) -> None:
    queue(database, clock)
    (mail,) = waiting(database, clock)
    taken = []
    for _ in range(2):
        with database.begin(write=True) as session:
            taken.append(Mails(session, clock).claim(mail))
    assert taken == [True, False]
    assert waiting(database, clock) == []


def test_a_mail_whose_sender_died_is_tried_again(database: Database, clock: Clock) -> None:
    queue(database, clock)
    with database.begin(write=True) as session:
        Mails(session, clock).claim(waiting(database, clock)[0])
    clock.now += Mails.CLAIM
    assert len(waiting(database, clock)) == 1


def test_what_failed_waits_longer_each_time_and_is_given_up_in_the_end(database: Database, clock: Clock) -> None:
    queue(database, clock)
    for minutes in (5, 60, 360, 1440):
        (mail,) = waiting(database, clock)
        with database.begin(write=True) as session:
            assert Mails(session, clock).note_failed(mail.id, "SMTPConnectError")
        clock.now += timedelta(minutes=minutes, seconds=-1)
        assert waiting(database, clock) == []
        clock.now += timedelta(seconds=1)
    (mail,) = waiting(database, clock)
    assert mail.attempts == 4
    with database.begin(write=True) as session:
        assert not Mails(session, clock).note_failed(mail.id, "SMTPConnectError")
    clock.now += timedelta(days=365)
    assert waiting(database, clock) == []
    assert everything(database, "body") == [""]
    assert everything(database, "fault") == ["SMTPConnectError"]


def test_the_text_of_what_was_sent_is_not_kept(database: Database, clock: Clock) -> None:
    queue(database, clock, body="Mit diesem Link: https://example.org/?token=geheim")
    with database.begin(write=True) as session:
        Mails(session, clock).note_sent(waiting(database, clock)[0].id)
    assert everything(database, "body") == [""]


def test_only_what_waits_no_longer_is_forgotten(database: Database, clock: Clock) -> None:
    for key in ("sent", "waiting"):
        queue(database, clock, key)
    with database.begin(write=True) as session:
        Mails(session, clock).note_sent(waiting(database, clock)[0].id)
    clock.now += timedelta(days=30)
    queue(database, clock, "new")
    with database.begin(write=True) as session:
        assert Mails(session, clock).forget(clock.now - timedelta(days=1)) == 1
    assert everything(database, "key") == ["waiting", "new"]


def test_whoever_waited_longest_comes_first_and_no_more_than_asked_for(database: Database, clock: Clock) -> None:
    for key in "abc":
        queue(database, clock, key)
        clock.now += timedelta(seconds=1)
    assert [mail.key for mail in waiting(database, clock, 2)] == ["a", "b"]


def test_nothing_is_queued_in_a_session_for_reading(database: Database, clock: Clock) -> None:
    with database.begin() as session, pytest.raises(RuntimeError):
        Mails(session, clock).queue("key", "a@example.org", "Betreff", "Text")
