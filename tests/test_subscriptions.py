"""Searches that people follow by mail: asked for, confirmed, told once of each thing, ended; never told of a draft."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_period, a_service, an_office
from clocked import ClockedHouse, a_clocked_house, reopened
from houses import publish, rows, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedir.directory import Refused, subscriptions
from servicedir.directory.housekeeping import Done, forget, run, tell_subscribers
from servicedir.directory.senders import TooMany
from servicedir.directory.subscriptions import MOST_ASKED, MOST_QUESTIONS, Crowded
from servicedir.domain.history import NotFound
from servicedir.domain.query import Query
from servicedir.domain.service import Stage
from servicedir.domain.workflow import SYSTEM
from servicedir.storage.mails import Mail

KIM = "kim@example.org"
DAY = timedelta(days=1)
VIDEO = Query(video=(Stage.LIVE,))
LINK = re.compile(r"https://dienste\.example/(?:subscriptions|unsubscribe)/(\S+)\?lang=(?:de|en)")


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-11-23T11:00:00+00:00")


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    """A house in which one service is live by video and one is planned for December."""
    planned = a_service("umzug", channels=(a_channel("video", a_period("planned", "2026"), verified=None),))
    house = a_clocked_house(tmp_path, clock, a_service(), planned, base_url="https://dienste.example")
    clock.now += timedelta(minutes=1)
    yield house
    house.close()


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


# Asking and confirming


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


# Telling


def test_what_is_new_and_what_changed_are_told_apart_each_with_its_link(house: ClockedHouse) -> None:
    follow(house)
    house.clock.now += timedelta(hours=1)
    publish(house, live("neu", title="Ganz neu"), a_service(summary="Anders gesagt."))
    (mail,) = told(house)
    assert named(mail) == {"Neu": ["neu"], "Geändert": ["personalausweis"]}
    assert mail.subject == "Serviceverzeichnis: 1 neu, 1 geändert – Neue Video-Angebote"
    assert "* Ganz neu\n  Buergeramt · Video: möglich\n  https://dienste.example/services/neu\n" in mail.body
    assert "https://dienste.example/?video=live&sort=updated" in mail.body


def test_what_was_there_and_is_now_by_video_is_new(house: ClockedHouse) -> None:
    follow(house)
    house.clock.now += timedelta(hours=1)
    publish(house, live("umzug", "2026-11-01"))
    assert [named(mail) for mail in told(house)] == [{"Neu": ["umzug"]}]


def test_what_was_announced_is_told_on_the_day_on_which_it_begins(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("umzug", "2026-11-26"))
    assert told(house) == told(house) == []
    assert [named(mail) for mail in told(house)] == [{"Neu": ["umzug"]}]
    assert told(house) == []


def test_what_does_not_match_is_not_told(house: ClockedHouse) -> None:
    follow(house, Query(office=("jugendamt",)))
    publish(house, live("neu"), a_service(summary="Anders gesagt."))
    assert told(house) == []


def test_who_confirms_today_hears_of_what_comes_after_and_tomorrow_at_the_earliest(house: ClockedHouse) -> None:
    publish(house, live("vorher"))
    follow(house)
    publish(house, live("nachher"))
    house.clock.now += timedelta(hours=6)
    list(tell_subscribers(house))
    assert outbox(house) == []
    assert [named(mail) for mail in told(house)] == [{"Neu": ["nachher"]}]


def test_before_six_in_the_morning_nobody_is_told(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("neu"))
    house.clock.now = house.clock.now.replace(day=24, hour=4, minute=59)
    list(tell_subscribers(house))
    assert outbox(house) == []
    house.clock.now += timedelta(minutes=1)
    list(tell_subscribers(house))
    assert len(outbox(house)) == 1


def test_nobody_gets_two_mails_of_one_search_on_a_day(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("eins"))
    assert len(told(house)) == 1
    publish(house, live("zwei"))
    house.clock.now += timedelta(hours=5)
    list(tell_subscribers(house))
    assert outbox(house) == []
    assert [named(mail) for mail in told(house)] == [{"Neu": ["zwei"]}]


def test_two_that_run_at_the_same_time_tell_once(house: ClockedHouse, tmp_path: Path, clock: Clock) -> None:
    follow(house)
    publish(house, live("neu"))
    clock.now += DAY
    other = reopened(tmp_path, clock, base_url="https://dienste.example")
    try:
        from servicedir.directory import telling

        with house.work() as directory:
            batch = directory.stored_subscriptions.due(clock.now, 10)
            upto = directory.revisions.last_change()
            letters = {one.id: telling._letter(directory, one, telling.Found(directory, upto)) for one in batch}
        assert telling.tell(other).told == 1
        done = telling.Round()
        with house.work(write=True) as directory:
            telling._queue(directory, batch, letters, upto, done)
        assert done.told == 0
    finally:
        other.close()
    assert len(outbox(house)) == 1


def test_what_is_published_while_a_round_runs_is_told_by_the_next_one_alone(house: ClockedHouse) -> None:
    from servicedir.directory import telling

    follow(house)
    house.clock.now += DAY
    with house.work() as directory:
        (one,) = directory.stored_subscriptions.due(house.clock.now, 10)
        upto = directory.revisions.last_change()
    publish(house, live("spaeter"))
    with house.work() as directory:
        assert telling._letter(directory, one, telling.Found(directory, upto)) is None
    with house.work(write=True) as directory:
        directory.stored_subscriptions.tell([one], upto)
    assert [named(mail) for mail in told(house)] == [{"Neu": ["spaeter"]}]


def test_a_draft_is_never_told(house: ClockedHouse) -> None:
    follow(house)
    save(house, live("geheim", title="Kanarienwort"))
    save(house, live("geheimer", title="Kanarienwort"), "submit")
    save(house, a_service(title="Kanarienwort", channels=()), based_on=1)
    assert told(house) == []
    publish(house, live("offen"))
    (mail,) = told(house)
    assert named(mail) == {"Neu": ["offen"]}
    assert "Kanarienwort" not in mail.body + mail.subject


def test_a_draft_beside_it_is_not_told_with_what_is_public(house: ClockedHouse) -> None:
    follow(house)
    publish(house, a_service(summary="Öffentlich."))
    save(house, a_service(title="Kanarienwort"), based_on=2)
    (mail,) = told(house)
    assert named(mail) == {"Geändert": ["personalausweis"]}
    assert "Kanarienwort" not in mail.body + mail.subject


def test_what_was_retired_is_not_told_and_what_comes_back_is_new(house: ClockedHouse) -> None:
    follow(house)
    with house.work(write=True) as directory:
        directory.move("personalausweis", "retire", based_on=1, by=SYSTEM)
    assert told(house) == []
    with house.work(write=True) as directory:
        entry = directory.move("personalausweis", "revive", based_on=1, by=SYSTEM)
        directory.move("personalausweis", "publish", based_on=entry.latest.number, by=SYSTEM)
    assert [named(mail) for mail in told(house)] == [{"Neu": ["personalausweis"]}]


def test_that_somebody_found_an_entry_still_correct_is_no_news(house: ClockedHouse) -> None:
    follow(house)
    with house.work(write=True) as directory:
        directory.reviews.verify("personalausweis", SYSTEM)
    assert told(house) == []


def test_a_mail_names_so_many_and_counts_the_others(house: ClockedHouse) -> None:
    follow(house)
    publish(house, *(live(f"neu-{number}") for number in range(53)))
    (mail,) = told(house)
    assert len(named(mail)["Neu"]) == 50
    assert "Neu (53):" in mail.body
    assert "… und 3 weitere" in mail.body


def test_words_with_line_breaks_stay_in_their_line(house: ClockedHouse) -> None:
    follow(house, Query(q="neu"))
    publish(house, live("neu", title="Neu\r\nBcc: x@example.org\n\n* Erfunden"))
    (mail,) = told(house)
    assert "* Neu Bcc: x@example.org * Erfunden\n" in mail.body
    assert mail.subject.isprintable()


def test_a_search_that_is_there_no_more_ends_with_a_mail_that_says_so(house: ClockedHouse) -> None:
    publish(house, an_office("altamt"))
    follow(house, Query(office=("altamt",)))
    with house.work(write=True) as directory:
        directory.words.retire("office", "altamt", based_on=1, by=SYSTEM)
    (mail,) = told(house)
    assert "endet" in mail.subject
    assert mail.recipient == KIM
    assert rows(house, "subscriptions") == 0


def test_mails_of_many_let_others_go_first_and_carry_the_headers_that_end_them(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("neu"))
    house.clock.now += DAY
    list(tell_subscribers(house))
    with house.work(write=True) as directory:
        directory.mails.queue("reset/1", "anna@example.org", "Passwort", "…")
        first, second = directory.mails.unsent(10)
    assert first.key == "reset/1"
    assert second.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = second.headers["List-Unsubscribe"]
    assert link == f"<https://dienste.example/unsubscribe/{token_in(second)}?lang=de>"


def test_without_https_there_is_no_one_click(tmp_path: Path, clock: Clock) -> None:
    house = a_clocked_house(tmp_path, clock, a_service(), port="8123")
    try:
        ask(house)
        (mail,) = outbox(house)
        assert "http://127.0.0.1:8123/subscriptions/1-" in mail.body
        assert set(mail.headers) == {"List-Unsubscribe"}
    finally:
        house.close()


# Whatever happens

SLUGS = ("eins", "zwei", "drei")
STAGES = ("live", "planned", "paused")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from(SLUGS), st.sampled_from(STAGES), st.integers(-2, 3)),
        st.tuples(st.just("draft"), st.sampled_from(SLUGS)),
        st.tuples(st.just("retire"), st.sampled_from(SLUGS)),
        st.tuples(st.just("tell")),
        st.tuples(st.just("wait"), st.integers(1, 3)),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "house"
    a_clocked_house(folder, Clock(), base_url="https://dienste.example").close()
    return folder


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.randoms(use_true_random=False))
def test_each_matching_change_is_told_once_and_no_draft_ever(
    empty_folder: Path, tmp_path_factory: pytest.TempPathFactory, acts: list[Any], random: Any
) -> None:
    """Against a model: what is told on a day is what changed since the last round, by hand or by the day, and fits."""
    folder = tmp_path_factory.mktemp("any") / "house"
    shutil.copytree(empty_folder, folder)
    clock = Clock("2026-11-23T11:00:00+00:00")
    house = reopened(folder, clock, base_url="https://dienste.example")
    try:
        follow(house)
        public: dict[str, tuple[str, date]] = {}
        changed: set[str] = set()
        before = house.today()
        for number, act in enumerate([*acts, ("wait", 1), ("tell",)]):
            clock.now += timedelta(minutes=1)
            match act:
                case ("publish", slug, stage, days):
                    start = house.today() + timedelta(days=days)
                    publish_anew(house, slug, stage, start, f"Fassung {number}")
                    public[slug] = (stage, start)
                    changed.add(slug)
                case ("draft", slug):
                    draft(house, slug)
                case ("retire", slug) if slug in public:
                    with house.work(write=True) as directory:
                        entry, _value = directory.entry(slug, SYSTEM)
                        directory.move(slug, "retire", based_on=entry.latest.number, by=SYSTEM)
                    del public[slug]
                    changed.discard(slug)
                case ("wait", days):
                    clock.now += days * DAY
                case ("tell",):
                    today = house.today()
                    list(tell_subscribers(house))
                    mails = outbox(house)
                    begun = {slug for slug, (_stage, start) in public.items() if before < start <= today}
                    fits = {s for s, (stage, start) in public.items() if stage == "live" and start <= today}
                    expected = (changed | begun) & fits if today > before else set()
                    said = [slug for mail in mails for slugs in named(mail).values() for slug in slugs]
                    assert sorted(said) == sorted(expected)
                    assert len(mails) <= 1
                    assert not any("Kanarienwort" in mail.body + mail.subject for mail in mails)
                    if today > before:
                        before, changed = today, set()
    finally:
        house.close()
        shutil.rmtree(folder)


def publish_anew(house: ClockedHouse, slug: str, stage: str, start: date, summary: str) -> None:
    """Publish an entry in whatever state it is, with a stage from a day on."""
    value = a_service(slug, summary=summary, channels=(a_channel("video", a_period(stage, start.isoformat())),))
    with house.work(write=True) as directory:
        if not directory.exists(slug):
            entry = directory.save(value, based_on=None, by=SYSTEM)
        else:
            entry, _value = directory.entry(slug, SYSTEM)
            if entry.state == "retired":
                entry = directory.move(slug, "revive", based_on=entry.latest.number, by=SYSTEM)
            entry = directory.save(value, based_on=entry.latest.number, by=SYSTEM)
        directory.move(slug, "publish", based_on=entry.latest.number, by=SYSTEM)


def draft(house: ClockedHouse, slug: str) -> None:
    """Save a draft, of a new entry or beside what is live."""
    value = live(slug, title="Kanarienwort", summary=f"Kanarienwort {house.now().isoformat()}")
    with house.work(write=True) as directory:
        if not directory.exists(slug):
            directory.save(value, based_on=None, by=SYSTEM)
            return
        entry, _value = directory.entry(slug, SYSTEM)
        if entry.state != "retired":
            directory.save(value, based_on=entry.latest.number, by=SYSTEM)


def test_what_fails_says_nothing_of_a_person(house: ClockedHouse) -> None:
    follow(house)
    publish(house, live("neu"))
    house.clock.now += DAY
    list(tell_subscribers(house))
    done = [one for one in run(house) if "mail" in one.what]
    assert done
    assert all(isinstance(one, Done) and "kim" not in one.what for one in done)
