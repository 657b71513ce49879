"""The database itself: how SQLite and PostgreSQL are opened, transactions begun, and the schema brought up to date."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import transaction
import zope.sqlalchemy
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session
from zope.sqlalchemy.datamanager import STATUS_ACTIVE, STATUS_CHANGED

from servicedir.storage.tables import HEAD

BUSY = 10
"""Seconds for which a writer waits for another one."""

_WRITES = "servicedir_writes"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('servicedir'))")
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # So that INSERT OR REPLACE, too, meets the triggers that forbid deleting.
    "PRAGMA recursive_triggers = ON",
)


class Database:
    """One database, by its URL: `sqlite:///folder/file.db` or `postgresql://…`.

    The folder of a SQLite file is made if there is none. `statement_timeout` is in seconds and PostgreSQL's
    alone. Raises sqlalchemy.exc.ArgumentError for what is no URL, ValueError for another engine.
    """

    def __init__(self, url: str, *, statement_timeout: int = 30) -> None:
        try:
            address = make_url(url)
        except ArgumentError:
            raise ValueError("this is no address of a database") from None
        match address.get_backend_name():
            case "sqlite":
                self.engine = _sqlite(address)
            case "postgresql" | "postgres":
                self.engine = _postgresql(address, statement_timeout)
            case other:
                raise ValueError(f"there is no storage on {other!r}: use sqlite or postgresql")
        self._writing = self.engine.execution_options(**{_WRITES: True})

    def session(self, tm: Any = None, *, write: bool = False) -> Session:
        """Return a session that ends with the transaction of `tm`, else of this thread's `transaction.manager`.

        A session for writing commits whatever was done with it; one for reading rolls back. Nothing is opened
        before the first statement. On SQLite a writer then takes the one write lock, waiting up to BUSY seconds
        (sqlalchemy.exc.OperationalError after that).
        """
        session = Session(self._writing if write else self.engine, info={_WRITES: write})
        zope.sqlalchemy.register(
            session,
            # A session begun for writing counts as changed from its beginning: statements of SQLAlchemy Core are
            # not seen by zope.sqlalchemy and would be rolled back silently.
            initial_state=STATUS_CHANGED if write else STATUS_ACTIVE,
            transaction_manager=tm or transaction.manager,
        )
        return session

    @contextmanager
    def begin(self, *, write: bool = False) -> Iterator[Session]:
        """Give a session in a transaction of its own, committed at the end of the block unless it raises."""
        tm = transaction.TransactionManager(explicit=True)
        with tm:
            yield self.session(tm, write=write)

    def ready(self) -> bool:
        """Return whether the database answers and its schema is the one that this code is written for."""
        try:
            with self.engine.connect() as connection:
                return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD)
        except SQLAlchemyError:
            return False

    def migrate(self, script_location: str | Path) -> None:
        """Bring the schema up to the newest migration in a folder, all or nothing, one process at a time."""
        # Here, since it takes longer to load than all of storage, and nobody else needs it.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(script_location).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        with self._writing.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(_LOCK)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()


def begin_writing(session: Session, *, alone: bool = False) -> None:
    """See to it that what follows may write; `alone`: that nobody else writes `alone` until this one ends.

    On SQLite a writer always is alone. Raises RuntimeError for a session that was opened for reading.
    """
    if not session.info.get(_WRITES):
        raise RuntimeError("this session was opened for reading")
    if alone and session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK)


def insert_new(session: Session, table: Table, values: dict[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """Return the statement that adds a row unless one like it is there; then its RETURNING gives nothing."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return make(table).values(values).on_conflict_do_nothing()


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=_driver(), json_serializer=_json, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _end)
    return engine


def _postgresql(url: URL, statement_timeout: int) -> Engine:
    # A statement that waits for a lock gives up as a writer on SQLite would.
    options = f"-c statement_timeout={statement_timeout * 1000} -c lock_timeout={BUSY * 1000}"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        json_serializer=_json,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 2,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "options": options,
        },
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _driver() -> ModuleType:
    """Return pysqlite3 where there is a wheel of it: it brings a newer SQLite than the standard library's."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


def _end(connection: Any, _record: Any) -> None:
    # SQLAlchemy takes a transaction for ended whose commit failed; on SQLite it is open, and so is the lock of writers.
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _prepare(connection: Any, _record: Any) -> None:
    # The driver begins nothing by itself any more: _begin does, since only it knows who wants to write.
    connection.isolation_level = None
    until = time.monotonic() + BUSY
    for pragma in _PRAGMAS:
        while True:
            try:
                connection.execute(pragma)
                break
            except connection.OperationalError:
                # While a new file is switched to WAL, whoever else opens it is turned away without any waiting.
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
