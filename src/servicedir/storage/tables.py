"""Every table of the database, on one page; the migrations in `alembic/versions` make them."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from servicedir.domain.history import ChangeKind, Kind
from servicedir.domain.workflow import Role, State

HEAD = "2026_11_22_start"
"""The newest migration: the schema that this code is written for. A test compares it with the folder."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: takes any aware datetime, gives an aware one in UTC on every engine. Refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC. Raises ValueError where the time zone is missing."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware datetime in UTC; SQLite knows no zones, so what it gives is UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC: the clock that everything here uses unless given another."""
    return datetime.now(UTC)


def _words(members: type[StrEnum]) -> Enum:
    # Stored as plain strings, so that a new member needs no migration.
    return Enum(members, native_enum=False, length=20, values_callable=lambda kind: [member.value for member in kind])


_Json = JSON().with_variant(JSONB(), "postgresql")
# SQLite numbers rows by itself only where the type is just INTEGER.
_Number = BigInteger().with_variant(Integer(), "sqlite")

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("kind", _words(Kind), nullable=False),
    Column("slug", String, nullable=False),
    Column("state", _words(State), nullable=False),
    Column("live", Integer),
    Column("latest", Integer, nullable=False),
    UniqueConstraint("kind", "slug"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", _Json, nullable=False),
    Column("author", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("number", _Number, Identity(), primary_key=True),
    Column("entry_id", Integer, nullable=False),
    Column("kind", _words(Kind), nullable=False),
    Column("slug", String, nullable=False),
    Column("change", _words(ChangeKind), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("author", String, nullable=False),
    Column("reason", String, nullable=False),
    ForeignKeyConstraint(["entry_id", "revision"], ["revisions.entry_id", "revisions.number"]),
    Index(None, "entry_id", "number"),
    # Without it SQLite would give the number of a row that is gone to the next one.
    sqlite_autoincrement=True,
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("login", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("password", String, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", UtcDateTime, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("role", _words(Role), primary_key=True),
    Column("office", String, primary_key=True),
    Column("until", Date),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("opened", UtcDateTime, nullable=False),
    Column("seen", UtcDateTime, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("number", _Number, Identity(), primary_key=True),
    Column("key_hash", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Index(None, "key_hash", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", _Number, Identity(), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("object", String, nullable=False),
    Column("detail", _Json, nullable=False),
    sqlite_autoincrement=True,
)
