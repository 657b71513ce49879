"""Searches that people follow by mail: asked for, confirmed, ended; nothing outsiders could misuse."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import Clock, a_service
from clocked import ClockedHouse, a_clocked_house
from followed import DAY, KIM, VIDEO, a_house_with_news, ask, confirm, follow, live, named, outbox, token_in, told
from houses import publish, rows

from servicedir.directory import Refused, subscriptions
from servicedir.directory.housekeeping import forget, run, tell_subscribers
from servicedir.directory.senders import TooMany
from servicedir.directory.subscriptions import MOST_ASKED, MOST_QUESTIONS, Crowded
from servicedir.domain.history import NotFound
from servicedir.domain.query import Query


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-11-23T11:00:00+00:00")


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    house = a_house_with_news(tmp_path, clock)
    yield house
    house.close()


def test_nothing_is_sent_but_the_question_before_somebody_confirms(house: ClockedHouse) -> None:
    ask(house)
    (question,) = outbox(house)
    assert question.recipient == KIM
    assert "Neue Video-Angebote" in question.body
    publish(house, live("neu"))
    assert told(house) == []
    confirm(house, token_in(question))
    publish(house, live("neuer"))
    assert [named(mail) for mail in told(house)] == [{"Neu": ["neuer"]}]


def test_the_question_repeats_nothing_that_was_typed(house: ClockedHouse) -> None:
    """Else the form would send anybody's words to anybody (and a search is 200 letters long)."""
    ask(house, Query(q="Gewinnen Sie unter https://spam.example"))
    (question,) = outbox(house)
    assert "spam" not in question.body + question.subject
    assert "mit einem Suchbegriff" in question.body


def test_who_has_it_already_gets_a_mail_that_says_so_and_the_same_answer(house: ClockedHouse, clock: Clock) -> None:
    follow(house)
    clock.now += timedelta(seconds=1)
    ask(house)
    (mail,) = outbox(house)
    assert "schon abonniert" in mail.subject
    assert "/unsubscribe/" in mail.body
    assert rows(house, "subscriptions") == 1


def test_another_search_or_language_is_another_subscription(house: ClockedHouse) -> None:
    for query in (VIDEO, replace(VIDEO, lang="en"), Query(office=("jugendamt",))):
        ask(house, query, sender="")
    assert rows(house, "subscriptions") == 3
    assert len({mail.body for mail in outbox(house)}) == 3


def test_in_english_everything_is_in_english(house: ClockedHouse) -> None:
    follow(house, replace(VIDEO, lang="en"))
    publish(house, live("neu", title={"de": "Neues", "en": "Something new"}))
    (mail,) = told(house)
    assert mail.subject == "Serviceverzeichnis: 1 new – New video offers"
    assert "* Something new" in mail.body
    assert "https://dienste.example/services/neu?lang=en" in mail.body
    assert not re.search("Neu|Abonnement|Guten", mail.body)


@pytest.mark.parametrize(
    "email",
    ["", "kim", "kim@example", "a@example.org,b@example.org", "a@example.org\r\nBcc: b@example.org"]
    + [f"a{character}b@example.org" for character in "\r\n\0\x7f\u2028\x85 <>"]
    + ["käthe@example.org", f"kim@{'x' * 64}.example", "kim..a@example.org", ".kim@example.org"],
)
def test_what_is_no_address_is_refused(house: ClockedHouse, email: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(house, email=email)
    assert [(fault.what, fault.where) for fault in refused.value.faults] == [("not_an_address", ("email",))]
    assert rows(house, "subscriptions") == rows(house, "mails") == 0


def test_from_one_connection_only_so_many_are_asked_for(house: ClockedHouse) -> None:
    for number in range(MOST_ASKED):
        ask(house, email=f"kim{number}@example.org")
    with pytest.raises(TooMany) as too_many:
        ask(house, email="another@example.org")
    assert 0 < too_many.value.seconds <= 3600
    ask(house, email="another@example.org", sender="192.0.2.2")
    house.clock.now += timedelta(hours=1)
    ask(house, email="more@example.org")


def test_one_address_gets_only_so_many_questions_and_the_answer_is_the_same(house: ClockedHouse) -> None:
    for number in range(MOST_QUESTIONS + 2):
        ask(house, Query(q=str(number)), email="KIM@example.org" if number else KIM, sender=f"192.0.2.{number}")
    assert len(outbox(house)) == MOST_QUESTIONS
    house.clock.now += DAY
    ask(house)
    assert len(outbox(house)) == 1


def test_umlauts_in_a_host_can_be_written_to(house: ClockedHouse) -> None:
    ask(house, email="kim@köln.example")
    assert len(outbox(house)) == 1


def test_sub_addresses_are_the_same_address(house: ClockedHouse) -> None:
    for number in range(MOST_QUESTIONS + 2):
        ask(house, email=f"kim+{number}@example.org", sender=f"192.0.2.{number}")
    ask(house, sender="192.0.2.99")
    mails = outbox(house)
    # They are written to as they were typed.
    assert [mail.recipient for mail in mails] == [f"kim+{number}@example.org" for number in range(MOST_QUESTIONS)]
    ask(house, email="kimi@example.org", sender="192.0.2.99")
    assert len(outbox(house)) == 1


@pytest.mark.parametrize(
    ("senders", "other"),
    [("2001:db8:0:{number:x}::1", "2001:db8:0:100::1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.2")],
)
def test_a_household_is_one_connection_and_another_one_is_another(
    house: ClockedHouse, senders: str, other: str
) -> None:
    for number in range(MOST_ASKED):
        ask(house, email=f"kim{number}@example.org", sender=senders.format(number=number))
    with pytest.raises(TooMany):
        ask(house, email="another@example.org", sender=senders.format(number=255))
    ask(house, email="another@example.org", sender=other)


def test_the_whole_house_sends_only_so_many_questions_and_says_nothing_of_an_address_by_that(
    house: ClockedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MOST_OF_ALL", MOST_QUESTIONS)
    for number in range(MOST_QUESTIONS):
        ask(house, Query(q=str(number)), sender=f"192.0.2.{number}")
    for email in (KIM, "another@example.org"):
        with pytest.raises(Crowded) as crowded:
            ask(house, email=email, sender="192.0.2.99")
        assert 0 < crowded.value.seconds <= 3600
    assert len(outbox(house)) == MOST_QUESTIONS
    house.clock.now += timedelta(hours=1)
    ask(house, email="another@example.org", sender="192.0.2.99")


def test_who_asks_at_the_same_time_is_counted_on_postgresql_as_well(
    fresh_postgresql: str, tmp_path: Path, clock: Clock
) -> None:
    house = a_clocked_house(tmp_path, clock, a_service(), database_url=fresh_postgresql)
    counted, together = [], threading.Barrier(MOST_ASKED + 3)

    def one(number: int) -> None:
        together.wait(20)
        with suppress(TooMany), house.work(write=True) as directory:
            directory.subscriptions.ask(VIDEO, f"kim{number}@example.org", sender="192.0.2.1")
            # Time for the others to look, if they could.
            time.sleep(0.2)
            counted.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(MOST_ASKED + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    waiting = outbox(house)
    house.close()
    assert len(counted) == len(waiting) == MOST_ASKED


def test_what_nobody_confirms_is_deleted_after_two_days_with_its_mails(house: ClockedHouse) -> None:
    ask(house)
    (question,) = outbox(house)
    house.clock.now += 2 * DAY - timedelta(seconds=1)
    assert not [done.what for done in forget(house) if "subscription" in done.what]
    house.clock.now += timedelta(seconds=2)
    with pytest.raises(NotFound):
        confirm(house, token_in(question))
    assert "unconfirmed subscriptions: 1 forgotten" in [done.what for done in forget(house)]
    assert rows(house, "subscriptions") == rows(house, "mails") == 0


def test_asking_again_gives_two_more_days_and_the_older_link_holds_no_longer(house: ClockedHouse) -> None:
    ask(house)
    (first,) = outbox(house)
    house.clock.now += timedelta(hours=40)
    ask(house)
    (second,) = outbox(house)
    house.clock.now += timedelta(hours=40)
    with pytest.raises(NotFound):
        confirm(house, token_in(first))
    confirm(house, token_in(second))
    confirm(house, token_in(second))
    house.clock.now += 9 * DAY
    list(forget(house))
    assert rows(house, "subscriptions") == 1


def test_a_link_is_for_one_purpose_and_one_subscription(house: ClockedHouse) -> None:
    ask(house)
    (question,) = outbox(house)
    token = token_in(question)
    for wrong in ("", "1", "1-", f"2-{token[2:]}", f"1-{'0' * 64}", token.upper(), f"{token}0", f"١-{token[2:]}"):
        with house.work() as directory, pytest.raises(NotFound):
            directory.subscriptions.open("confirm", wrong)
    with house.work() as directory, pytest.raises(NotFound):
        directory.subscriptions.open("end", token)


def test_what_ends_is_gone_at_once_with_every_mail_to_it(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("neu"))
    house.clock.now += DAY
    list(tell_subscribers(house))
    with house.work(write=True) as directory:
        (mail,) = directory.mails.unsent(10)
        directory.subscriptions.end(token_in(mail))
    assert rows(house, "subscriptions") == rows(house, "mails") == 0
    with house.work() as directory, pytest.raises(NotFound):
        directory.subscriptions.open("end", token_in(mail))


def test_the_number_of_one_that_ended_is_not_given_again(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("neu"))
    (mail,) = told(house)
    with house.work(write=True) as directory:
        directory.subscriptions.end(token_in(mail))
    follow(house, email="other@example.org")
    with house.work() as directory, pytest.raises(NotFound):
        directory.subscriptions.open("end", token_in(mail))


def test_nothing_of_a_subscription_stands_in_the_audit_log_or_in_what_housekeeping_says(house: ClockedHouse) -> None:
    before = rows(house, "audit")
    follow(house)
    publish(house, live("neu"))
    house.clock.now += DAY
    said = [done.what for done in run(house)]
    assert "subscriptions: 1 told, 0 ended" in said
    assert "kim" not in " ".join(said)
    assert rows(house, "audit") == before
