"""The database: what is switched on, who may begin what, and that migrations make just the tables that are declared."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import transaction
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from servicedir.domain.history import Kind
from servicedir.storage import council, outside
from servicedir.storage.database import BUSY, Database
from servicedir.storage.people import People
from servicedir.storage.revisions import Revisions
from servicedir.storage.tables import HEAD, audit, metadata

DECLARED = (council, outside)  # Whose tables are on the metadata beside those of `tables`.
SCRIPTS = Path(__file__).resolve().parents[2] / "alembic"

FIGURE = """
    INSERT INTO figures (entry_id, channel, measure, period, standing, source, note, released, author, at)
    VALUES (1, 'video', 'held', :period, 'unknown', '', '', true, 'anna', '2026-01-01 00:00:00+00:00')
"""


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def add_entry(session: Any, slug: str = "x") -> None:
    document = {"version": 1, "slug": slug}
    Revisions(session).append(Kind.SERVICE, slug, document, based_on=None, author="anna", reason="neu", publish=True)


def is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


def pragma(database: Database, name: str) -> Any:
    with database.engine.connect() as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/deep/in/folders/servicedir.db")
    yield database
    database.dispose()


def test_migrations_make_just_the_tables_that_are_declared(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_code_is_written_for_the_newest_migration() -> None:
    assert scripts().get_heads() == [HEAD]


def test_migrations_are_named_after_their_day() -> None:
    for path in (SCRIPTS / "versions").glob("*.py"):
        assert datetime.strptime(path.name[:10], "%Y_%m_%d").replace(tzinfo=UTC) < datetime.now(UTC) + timedelta(days=1)
        assert scripts().get_revision(path.stem).revision == path.stem


def test_a_database_is_ready_once_it_is_migrated(empty_database: Database) -> None:
    assert not empty_database.ready()
    empty_database.migrate(SCRIPTS)
    assert empty_database.ready()


def test_a_database_of_another_release_is_not_ready(database: Database) -> None:
    with database.begin(write=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'another'"))
    assert not database.ready()


def test_a_database_that_does_not_answer_is_not_ready_within_seconds() -> None:
    began = time.monotonic()
    # A network that is there for documentation and leads nowhere.
    assert not Database("postgresql://nobody@192.0.2.1/nothing").ready()
    assert time.monotonic() - began < 5


def test_migrating_twice_at_once_makes_the_tables_once(empty_database: Database) -> None:
    faults: list[Exception] = []

    def migrate() -> None:
        # As another process would: with connections of its own.
        database = Database(empty_database.engine.url.render_as_string(hide_password=False))
        try:
            database.migrate(SCRIPTS)
        except Exception as fault:
            faults.append(fault)
        database.dispose()

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert empty_database.ready()


def scripts_until(folder: Path, last: str, more: str = "") -> Path:
    """The migrations without those after one, to which something is added."""
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        (folder / name).write_text((SCRIPTS / name).read_text())
    for script in (SCRIPTS / "versions").glob("*.py"):
        if script.stem <= last:
            added = more if script.stem == last else ""
            (folder / "versions" / script.name).write_text(script.read_text() + added)
    return folder


def test_a_migration_that_fails_leaves_nothing(empty_database: Database, tmp_path: Path) -> None:
    failing = "\n\nwhole = upgrade\n\n\ndef upgrade() -> None:\n    whole()\n    op.execute('nonsense')\n"
    with pytest.raises(DBAPIError, match="nonsense"):
        empty_database.migrate(scripts_until(tmp_path / "alembic", HEAD, failing))
    with empty_database.engine.connect() as connection:
        assert connection.dialect.get_table_names(connection) == []


def test_figures_from_before_are_told_what_they_correct(empty_database: Database, tmp_path: Path) -> None:
    empty_database.migrate(scripts_until(tmp_path / "alembic", "2026_11_28_council"))
    with empty_database.begin(write=True) as session:
        add_entry(session)
        for period in ("2024", "2024-01", "2024", "2025", "2024-01", "2024"):
            session.execute(text(FIGURE), {"period": period})
    empty_database.migrate(SCRIPTS)
    with empty_database.begin() as session:
        found = session.execute(text("SELECT number, corrects FROM figures ORDER BY number")).all()
    assert [tuple(row) for row in found] == [(1, None), (2, None), (3, 1), (4, None), (5, 2), (6, 3)]
    with pytest.raises(DBAPIError, match="figures only grows"), empty_database.begin(write=True) as session:
        session.execute(text("UPDATE figures SET corrects = NULL"))


def test_a_commit_that_fails_keeps_nobody_from_writing(sqlite_database: Database) -> None:
    sqlite_database.migrate(SCRIPTS)
    with sqlite_database.begin(write=True) as session:
        session.execute(text("CREATE TABLE there (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE here (id INTEGER REFERENCES there(id) DEFERRABLE INITIALLY DEFERRED)"))
    for _again in range(2):
        with pytest.raises(DBAPIError, match="FOREIGN KEY"), sqlite_database.begin(write=True) as session:
            session.execute(text("INSERT INTO here VALUES (1)"))
    assert sqlite_database.ready()
    with sqlite_database.begin(write=True) as session:
        add_entry(session)


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mysql"):
        Database("mysql://localhost/servicedir")


def test_the_folder_of_a_sqlite_file_is_made(sqlite_database: Database) -> None:
    sqlite_database.migrate(SCRIPTS)
    assert Path(str(sqlite_database.engine.url.database)).is_file()


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", BUSY * 1000)],
)
def test_sqlite_is_set_up_for_safety_on_every_connection(sqlite_database: Database, name: str, value: object) -> None:
    assert pragma(sqlite_database, name) == value
    with sqlite_database.engine.connect(), sqlite_database.engine.connect() as second:
        assert second.scalar(text(f"PRAGMA {name}")) == value


def test_the_newer_sqlite_is_taken_where_there_is_one(sqlite_database: Database) -> None:
    try:
        newer = import_module("pysqlite3.dbapi2")
    except ImportError:
        pytest.skip("there is no pysqlite3 for this Python")
    with sqlite_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT sqlite_version()")) == newer.sqlite_version


def test_the_standard_library_s_sqlite_does_where_there_is_no_newer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
    database = Database(f"sqlite:///{tmp_path}/servicedir.db")
    database.migrate(SCRIPTS)
    with database.begin(write=True) as session:
        assert session.scalar(text("SELECT sqlite_version()")) == sqlite3.sqlite_version
        add_entry(session)
    database.dispose()


def test_postgresql_gives_up_a_statement_that_takes_too_long(fresh_postgresql: str) -> None:
    database = Database(fresh_postgresql, statement_timeout=1)
    with pytest.raises(OperationalError, match="statement timeout"), database.begin() as session:
        session.execute(text("SELECT pg_sleep(5)"))
    database.dispose()


def test_a_reader_does_not_wait_for_a_writer_and_does_not_see_what_is_not_committed(database: Database) -> None:
    with database.begin(write=True) as writer:
        add_entry(writer)
        with database.begin() as reader:
            assert Revisions(reader).entries(Kind.SERVICE) == []
    with database.begin() as reader:
        assert len(Revisions(reader).entries(Kind.SERVICE)) == 1


def test_a_writer_on_sqlite_holds_the_write_lock_from_its_first_statement(sqlite_database: Database) -> None:
    sqlite_database.migrate(SCRIPTS)
    with sqlite_database.begin(write=True) as writer:
        writer.execute(text("SELECT 1"))
        with sqlite_database.engine.connect() as second:
            second.exec_driver_sql("PRAGMA busy_timeout = 0")
            with pytest.raises(OperationalError, match="locked"):
                second.exec_driver_sql("INSERT INTO alembic_version VALUES ('x')")
            second.invalidate()


def test_a_session_for_reading_refuses_to_write(database: Database) -> None:
    with database.begin() as session:
        with pytest.raises(RuntimeError, match="opened for reading"):
            add_entry(session)
        with pytest.raises(RuntimeError, match="opened for reading"):
            People(session).record_failure("x")


def test_what_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.begin(write=True) as session:
        add_entry(session)
        People(session).audit("anna", "publish", "service x")
        raise ZeroDivisionError
    with database.begin() as session:
        assert Revisions(session).entries(Kind.SERVICE) == []
        assert Revisions(session).changes(0, public=False) == []
        assert People(session).audit_log() == []


def test_a_save_that_breaks_at_any_of_its_statements_leaves_nothing(database: Database) -> None:
    with database.begin(write=True) as session:
        add_entry(session)

    def save() -> None:
        with database.begin(write=True) as session:
            revisions = Revisions(session)
            revisions.append(Kind.SERVICE, "x", {"n": 2}, based_on=1, author="anna", reason="", publish=True)
            People(session).audit("anna", "save", "service x")

    def state() -> tuple[object, ...]:
        with database.begin() as session:
            revisions = Revisions(session)
            return revisions.history(Kind.SERVICE, "x"), revisions.last_change(), People(session).audit_log()

    before, left, broken = state(), 0, 0

    def break_off(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise ZeroDivisionError

    while True:
        left = broken
        event.listen(database.engine, "before_cursor_execute", break_off)
        try:
            save()
        except ZeroDivisionError:
            broken += 1
        else:
            break
        finally:
            event.remove(database.engine, "before_cursor_execute", break_off)
        assert state() == before
    assert broken > 5
    assert state() != before


def test_statements_of_core_alone_are_committed(database: Database, clock: Any) -> None:
    values = {"at": clock(), "actor": "a", "action": "b", "object": "c", "detail": {"d": ["e"]}}
    with database.begin(write=True) as session:
        session.execute(insert(audit).values(values))
    with database.begin() as session:
        assert len(People(session).audit_log()) == 1


def test_a_session_ends_with_the_transaction_of_its_manager(database: Database) -> None:
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    add_entry(database.session(manager, write=True))
    manager.abort()
    manager.begin()
    add_entry(database.session(manager, write=True), "y")
    manager.commit()
    with database.begin() as session:
        assert [entry.slug for entry in Revisions(session).entries(Kind.SERVICE)] == ["y"]


def test_without_a_manager_the_one_of_this_thread_is_taken(database: Database) -> None:
    with transaction.manager:
        add_entry(database.session(write=True))
    with transaction.manager:
        assert len(Revisions(database.session()).entries(Kind.SERVICE)) == 1


def test_a_moment_is_stored_and_read_in_utc_whatever_its_zone(database: Database) -> None:
    berlin = timezone(timedelta(hours=1))
    noon = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=berlin)
    values = {"at": noon, "actor": "a", "action": "b", "object": "c", "detail": {}}
    with database.begin(write=True) as session:
        session.execute(insert(audit).values(values))
    with database.begin() as session:
        found = session.scalars(select(audit.c.at).where(audit.c.at == noon)).one()
    assert found == noon
    assert found.tzinfo is UTC


def test_a_moment_without_zone_is_refused(database: Database) -> None:
    values = {"at": datetime(2026, 11, 23), "actor": "a", "action": "b", "object": "c", "detail": {}}
    with pytest.raises(StatementError, match="has no time zone"), database.begin(write=True) as session:
        session.execute(insert(audit).values(values))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revisions SET reason = 'other'",
        "DELETE FROM revisions",
        "UPDATE changes SET author = 'other'",
        "DELETE FROM changes",
        "UPDATE audit SET actor = 'other'",
    ],
)
def test_history_cannot_be_rewritten(database: Database, statement: str) -> None:
    with database.begin(write=True) as session:
        add_entry(session)
        People(session).audit("anna", "publish", "service x")
    with pytest.raises(DBAPIError, match="only grows"), database.begin(write=True) as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("on_sqlite", "on_postgresql"),
    [
        ("INSERT OR REPLACE INTO revisions SELECT * FROM revisions", "TRUNCATE revisions CASCADE"),
        ("INSERT OR REPLACE INTO changes SELECT * FROM changes", "TRUNCATE changes"),
    ],
)
def test_history_cannot_be_replaced_wholesale_either(database: Database, on_sqlite: str, on_postgresql: str) -> None:
    with database.begin(write=True) as session:
        add_entry(session)
    statement = on_sqlite if is_sqlite(database) else on_postgresql
    with pytest.raises(DBAPIError, match="only grows"), database.begin(write=True) as session:
        session.execute(text(statement))


def test_old_lines_of_the_audit_log_can_be_removed(database: Database) -> None:
    with database.begin(write=True) as session:
        People(session).audit("anna", "publish", "service x")
    with database.begin(write=True) as session:
        session.execute(text("DELETE FROM audit"))
    with database.begin() as session:
        assert People(session).audit_log() == []


def test_a_revision_without_entry_is_refused(database: Database) -> None:
    statement = "INSERT INTO revisions VALUES (7, 1, '{}', 'anna', 'neu', '2026-11-23 12:00:00')"
    with pytest.raises(DBAPIError), database.begin(write=True) as session:
        session.execute(text(statement))
