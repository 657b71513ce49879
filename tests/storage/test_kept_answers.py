"""Answers are frozen: nothing of them can be changed, and they are read byte for byte as they were kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from builders import Clock, an_inquiry
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from servicedir.domain.document import to_document
from servicedir.domain.history import Kind
from servicedir.domain.inquiry import Approved
from servicedir.storage.answers import Answers
from servicedir.storage.council import answer_files, answers
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions

RECORDED = datetime(2026, 11, 1, 10, 30, tzinfo=UTC)
FILES = [("json", "de", b'{"on": 1}\n'), ("json", "en", b"{}"), ("pdf", "de", bytes(range(256)) * 40)]


@pytest.fixture
def asked(database: Database, clock: Clock) -> Database:
    with database.begin(write=True) as session:
        for slug in ("eins", "zwei"):
            document = to_document(an_inquiry(slug))
            Revisions(session, clock).append(Kind.INQUIRY, slug, document, based_on=None, author="cora", reason="")
    return database


def freeze(database: Database, clock: Clock, slug: str = "eins", revision: int = 1) -> Approved:
    with database.begin(write=True) as session:
        return Answers(session, clock).freeze(
            slug,
            revision=revision,
            on=date(2026, 10, 31),
            recorded=RECORDED,
            checksum="ab" * 32,
            by="ada",
            files=FILES,
        )


def test_an_answer_is_read_as_it_was_frozen(asked: Database, clock: Clock) -> None:
    frozen = freeze(asked, clock)
    assert frozen == Approved(
        slug="eins",
        edition=1,
        revision=1,
        on=date(2026, 10, 31),
        recorded=RECORDED,
        checksum="ab" * 32,
        by="ada",
        at=clock.now,
        published=None,
    )
    with asked.begin() as session:
        kept = Answers(session, clock)
        assert kept.of("eins") == [frozen]
        assert kept.all() == {"eins": [frozen]}
        assert [kept.file("eins", 1, format, language) for format, language, _content in FILES] == [
            content for _format, _language, content in FILES
        ]
        assert list(kept.sizes("eins", 1, "de")) == ["json", "pdf"]


def test_what_there_is_not_is_not_found(asked: Database, clock: Clock) -> None:
    freeze(asked, clock)
    with asked.begin() as session:
        kept = Answers(session, clock)
        assert kept.of("zwei") == []
        wanted = (
            ("zwei", 1, "json", "de"),
            ("eins", 2, "json", "de"),
            ("eins", 1, "csv", "de"),
            ("eins", 1, "pdf", "en"),
        )
        assert [kept.file(*one) for one in wanted] == [None] * 4


def test_each_inquiry_counts_its_own_editions(asked: Database, clock: Clock) -> None:
    editions = [freeze(asked, clock, slug).edition for slug in ("eins", "zwei", "eins", "eins")]
    assert editions == [1, 1, 2, 3]


def test_an_answer_is_published_once_and_keeps_that_moment(asked: Database, clock: Clock) -> None:
    freeze(asked, clock)
    freeze(asked, clock)
    first = clock.now
    for _again in range(2):
        with asked.begin(write=True) as session:
            shown = Answers(session, clock).publish("eins", 1)
        assert shown.published == first
        clock.now += timedelta(hours=1)
    with asked.begin() as session:
        assert [answer.published for answer in Answers(session, clock).of("eins")] == [first, None]


@pytest.mark.parametrize(
    "change",
    [
        update(answers).values(revision=2),
        update(answers).values(on=date(2020, 1, 1)),
        update(answers).values(checksum="cd" * 32),
        update(answers).values(published=None),
        update(answers).values(published=RECORDED),
        delete(answers),
        update(answer_files).values(content=b"another"),
        delete(answer_files),
    ],
    ids=["revision", "on", "checksum", "unpublished", "published-again", "deleted", "content", "file-deleted"],
)
def test_nobody_changes_what_is_frozen(asked: Database, clock: Clock, change: object) -> None:
    freeze(asked, clock)
    with asked.begin(write=True) as session:
        Answers(session, clock).publish("eins", 1)
    with pytest.raises(DBAPIError), asked.begin(write=True) as session:
        session.execute(change)  # type: ignore[call-overload]
    with asked.begin() as session:
        assert Answers(session, clock).file("eins", 1, "pdf", "de") == FILES[2][2]
