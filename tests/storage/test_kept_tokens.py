"""Tokens and the answers to writes that come twice, as they are stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from builders import Clock
from sqlalchemy import text

from servicedir.domain.token import Purpose, Token
from servicedir.storage.database import Database
from servicedir.storage.tokens import PREFIX, Repeat, Repeats, Tokens


class Kept:
    """Does things with tokens, each in a transaction of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def do(self, act: Callable[[Tokens], Any]) -> Any:
        with self.database.begin(write=True) as session:
            return act(Tokens(session, self.clock))

    def make(self, name: str = "Terminsystem", *offices: str) -> tuple[Token, str]:
        made: tuple[Token, str] = self.do(
            lambda t: t.make(name, [Purpose.DRAFTS, Purpose.FIGURES], offices, author="cora", expires=date(2027, 1, 1))
        )
        return made


@pytest.fixture
def kept(database: Database, clock: Clock) -> Kept:
    return Kept(database, clock)


def test_a_token_is_read_as_it_was_made(kept: Kept) -> None:
    token, secret = kept.make("Terminsystem", "buergeramt", "jugendamt")
    assert (token.name, token.author, token.made) == ("Terminsystem", "cora", kept.clock.now)
    assert (token.purposes, token.offices) == ((Purpose.DRAFTS, Purpose.FIGURES), ("buergeramt", "jugendamt"))
    assert (token.expires, token.used, token.revoked) == (date(2027, 1, 1), None, None)
    assert kept.do(lambda t: t.find(secret)) == token


def test_a_secret_is_long_recognisable_and_stands_nowhere(kept: Kept, database: Database) -> None:
    _token, secret = kept.make()
    assert secret.startswith(PREFIX)
    assert len(secret) >= len(PREFIX) + 43
    assert kept.make("Anderes")[1] != secret
    with database.engine.connect() as connection:
        rows = [str(row) for row in connection.execute(text("SELECT * FROM tokens"))]
    assert len(rows) == 2
    assert not any(secret in row or secret.removeprefix(PREFIX) in row for row in rows)


@pytest.mark.parametrize("wrong", ["", "x", PREFIX, "nothing ' of OR 1=1", "ä\udc80", "a\0b"])
def test_no_other_secret_finds_a_token(kept: Kept, wrong: str) -> None:
    _token, secret = kept.make()
    assert kept.do(lambda t: t.find(wrong)) is None
    assert kept.do(lambda t: t.find(secret[:-1])) is None
    assert kept.do(lambda t: t.find(secret + " ")) is None


def test_a_name_is_given_once_and_for_all(kept: Kept) -> None:
    token, _secret = kept.make()
    assert kept.do(lambda t: t.make("Terminsystem", [], [], author="cora", expires=None)) is None
    assert kept.do(lambda t: t.revoke(token.id))
    assert kept.do(lambda t: t.make("Terminsystem", [], [], author="cora", expires=None)) is None


def test_a_token_is_revoked_once(kept: Kept) -> None:
    token, secret = kept.make()
    assert kept.do(lambda t: t.revoke(token.id))
    assert not kept.do(lambda t: t.revoke(token.id))
    assert not kept.do(lambda t: t.revoke(4711))
    assert kept.do(lambda t: t.find(secret)).revoked == kept.clock.now


def test_the_day_of_its_last_use_is_kept(kept: Kept) -> None:
    token, secret = kept.make()
    other, _secret = kept.make("Anderes")
    kept.do(lambda t: t.note_used(token.id, date(2026, 11, 23)))
    assert kept.do(lambda t: t.find(secret)).used == date(2026, 11, 23)
    assert kept.do(lambda t: t.all(other.id))[0].used is None


def test_the_newest_token_comes_first(kept: Kept) -> None:
    first, second = kept.make("Eins")[0], kept.make("Zwei")[0]
    assert kept.do(lambda t: t.all()) == [second, first]


# Writes that come twice


@pytest.fixture
def token(kept: Kept) -> int:
    return kept.make()[0].id


def begin(database: Database, clock: Clock, token: int, key: str, fingerprint: str = "f") -> Repeat | None:
    with database.begin(write=True) as session:
        return Repeats(session, clock).begin(token, key, fingerprint)


def finished(database: Database, clock: Clock, token: int, key: str, answer: dict[str, Any]) -> None:
    with database.begin(write=True) as session:
        repeats = Repeats(session, clock)
        assert repeats.begin(token, key, "f") is None
        repeats.finish(token, key, 201, answer)


def test_what_was_answered_is_given_again(database: Database, clock: Clock, token: int) -> None:
    finished(database, clock, token, "eins", {"body": {"ä": [1, None]}})
    assert begin(database, clock, token, "eins", "g") == Repeat(
        fingerprint="f", status=201, answer={"body": {"ä": [1, None]}}
    )


def test_keys_belong_to_their_token(database: Database, clock: Clock, kept: Kept, token: int) -> None:
    finished(database, clock, token, "eins", {})
    assert begin(database, clock, kept.make("Anderes")[0].id, "eins") is None
    assert begin(database, clock, token, "zwei") is None


def test_what_was_begun_and_failed_leaves_nothing_behind(database: Database, clock: Clock, token: int) -> None:
    def fail() -> None:
        with database.begin(write=True) as session:
            assert Repeats(session, clock).begin(token, "eins", "f") is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert begin(database, clock, token, "eins") is None


def test_answers_are_kept_for_a_day(database: Database, clock: Clock, token: int) -> None:
    finished(database, clock, token, "alt", {})
    clock.now += timedelta(hours=23, minutes=59)
    finished(database, clock, token, "neu", {})
    with database.begin(write=True) as session:
        assert Repeats(session, clock).forget() == 0
    clock.now += timedelta(minutes=1)
    with database.begin(write=True) as session:
        assert Repeats(session, clock).forget() == 1
    assert begin(database, clock, token, "alt") is None
    assert begin(database, clock, token, "neu") is not None


def test_of_two_at_once_one_does_it_and_the_other_gets_its_answer(database: Database, clock: Clock, token: int) -> None:
    together, found, done = Barrier(2), list[Repeat | None](), list[int]()

    def write(number: int) -> None:
        together.wait()
        with database.begin(write=True) as session:
            repeats = Repeats(session, clock)
            before = repeats.begin(token, "eins", "f")
            found.append(before)
            if before is None:
                done.append(number)
                repeats.finish(token, "eins", 200, {"by": number})

    threads = [Thread(target=write, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 1
    assert sorted(found, key=lambda repeat: repeat is None) == [
        Repeat(fingerprint="f", status=200, answer={"by": done[0]}),
        None,
    ]
