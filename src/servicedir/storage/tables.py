"""Every table of the catalogue and its people, on one page; the migrations in `alembic/versions` make them.

Those of what the outside has with us stand in `outside.py`, those of answers to the council in `council.py`.
"""

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
    false,
)
from sqlalchemy.dialects.postgresql import JSONB

from servicedir.domain.history import ChangeKind, Kind
from servicedir.domain.workflow import Role, State

HEAD = "2026_11_28_figures"
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


Json = JSON().with_variant(JSONB(), "postgresql")
# SQLite numbers rows by itself only where the type is just INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("kind", _words(Kind), nullable=False),
    Column("slug", String, nullable=False),
    Column("state", _words(State), nullable=False),
    Column("live", Integer),
    Column("latest", Integer, nullable=False),
    # What the administration says of the entry, beside its content: the login of who answers for it, the months
    # after which it is looked at again, and where a retired one sends its readers.
    Column("responsible", String),
    Column("review_months", Integer),
    Column("successor", String),
    UniqueConstraint("kind", "slug"),
)

former_slugs = Table(
    "former_slugs",
    metadata,
    Column("kind", _words(Kind), primary_key=True),
    Column("slug", String, primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

schedule = Table(
    "schedule",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("step", String(20), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("successor", String),
    Column("author", String, nullable=False),
    Column("reason", String, nullable=False),
)

verifications = Table(
    "verifications",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, index=True),
    # Empty: the whole entry with all its channels.
    Column("channel", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("author", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

previews = Table(
    "previews",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("label", String, nullable=False),
    Column("author", String, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("revoked", UtcDateTime),
    # Else the signed address of a deleted preview would open a later one.
    sqlite_autoincrement=True,
)

preview_entries = Table(
    "preview_entries",
    metadata,
    Column("preview_id", ForeignKey("previews.id"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
)

hints = Table(
    "hints",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    # Empty: about the directory itself, such as its accessibility.
    Column("entry_id", ForeignKey("entries.id"), index=True),
    Column("subject", String(20), nullable=False),
    Column("text", String, nullable=False),
    Column("contact", String, nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("remark", String, nullable=False),
    Column("closed", UtcDateTime),
    Column("closed_by", String, nullable=False),
    sqlite_autoincrement=True,
)

mails = Table(
    "mails",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    # Names what may be sent only once, such as the reminder of a week to an account.
    Column("key", String, nullable=False, unique=True),
    Column("recipient", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", String, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    # When it is to be sent or tried again; none for what was sent or given up.
    Column("due", UtcDateTime, index=True),
    Column("sent", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("fault", String, nullable=False),
    # Headers beside the usual ones, by name; and whether it is one of many, which let others go first.
    Column("headers", Json, nullable=False, server_default="{}"),
    Column("bulk", Boolean, nullable=False, server_default=false()),
)

searches = Table(
    "searches",
    metadata,
    Column("day", Date, primary_key=True),
    Column("words", String(100), primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("empty", Integer, nullable=False),
    Column("clicked", Integer, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("url", String, primary_key=True),
    Column("checked", UtcDateTime, nullable=False),
    # Empty where the address answered.
    Column("fault", String, nullable=False),
    Column("failing_since", UtcDateTime),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("author", String, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    Column("action", String, nullable=False),
    # What was done with each entry, so that it can be taken back.
    Column("detail", Json, nullable=False),
    Column("undone", UtcDateTime),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("author", String, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    # When something was last heard of who works on it: silence means that the process has ended.
    Column("touched", UtcDateTime, nullable=False),
    Column("name", String, nullable=False),
    Column("state", String(20), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    # The rows as they were read, and what would become or became of each.
    Column("rows", Json, nullable=False),
    Column("outcome", Json, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", Json, nullable=False),
    Column("author", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
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
    # The secret of the second factor (RFC 6238), empty without one, and the last time step that was used up.
    Column("totp", String, nullable=False, server_default=""),
    Column("totp_step", Integer, nullable=False, server_default="0"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("code_hash", String(64), primary_key=True),
)

invitations = Table(
    "invitations",
    metadata,
    # Also of those who forgot their password: whoever has the token sets a new one.
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("expires", UtcDateTime, nullable=False),
)

deputies = Table(
    "deputies",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("deputy_id", ForeignKey("accounts.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date, nullable=False),
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
    # Whether the second factor was given, and the kind of browser, for the list from which one ends a session.
    Column("confirmed", Boolean, nullable=False, server_default=false()),
    Column("agent", String(100), nullable=False, server_default=""),
)

attempts = Table(
    "attempts",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("key_hash", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Index(None, "key_hash", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("object", String, nullable=False),
    Column("detail", Json, nullable=False),
    sqlite_autoincrement=True,
)
