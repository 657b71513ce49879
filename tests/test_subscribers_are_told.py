"""Who follows a search is told once of each thing, and never of a draft."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_period, a_service, an_office
from clocked import ClockedHouse, a_clocked_house, reopened
from followed import DAY, KIM, a_house_with_news, ask, follow, live, named, outbox, token_in, told
from houses import publish, rows, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedir.directory.housekeeping import Done, run, tell_subscribers
from servicedir.domain.query import Query
from servicedir.domain.workflow import SYSTEM


@pytest.fixture
def clock() -> Clock:
    return Clock("2026-11-23T11:00:00+00:00")


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    house = a_house_with_news(tmp_path, clock)
    yield house
    house.close()


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
