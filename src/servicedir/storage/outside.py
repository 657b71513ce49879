"""The tables of what the outside has with us: tokens, what came with them, subscriptions, and counts of embeds.

Beside those of the catalogue and its people, which stand in `tables.py`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from servicedir.storage.tables import Json, Number, UtcDateTime, metadata

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    # What it is for, in the words of who made it: what is done with it is signed with that, so nobody has it again.
    Column("name", String, nullable=False, unique=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    # What may be done with it, and for which offices and those below them; an empty list of offices is the whole city.
    Column("purposes", Json, nullable=False),
    Column("offices", Json, nullable=False),
    Column("author", String, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    Column("expires", Date),
    Column("used", Date),
    Column("revoked", UtcDateTime),
    sqlite_autoincrement=True,
)

repeats = Table(
    "repeats",
    metadata,
    # A write that a program may send again: under its key the same answer is given, and nothing done twice.
    Column("token_id", ForeignKey("tokens.id"), primary_key=True),
    Column("key", String(100), primary_key=True),
    # Of method, path and body: another request under the same key is refused.
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

figures = Table(
    "figures",
    metadata,
    # A correction is another row: of a service, channel, measure and period, the last one counts.
    Column("number", Number, Identity(), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("measure", String(20), nullable=False),
    # 2024 or 2024-05.
    Column("period", String(7), nullable=False),
    # Null unless `standing` says that it is a number: 0 is one.
    Column("value", Integer),
    Column("standing", String(20), nullable=False),
    Column("source", String, nullable=False),
    Column("note", String, nullable=False),
    # Whether the office lets everybody see it.
    Column("released", Boolean, nullable=False),
    Column("author", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # The number of the row that it corrects: of one that is corrected nothing holds any more.
    Column("corrects", Number),
    Index(None, "entry_id", "channel", "measure", "period", "number"),
    sqlite_autoincrement=True,
)

Index(
    "ix_figures_corrects",
    figures.c.corrects,
    sqlite_where=figures.c.corrects.is_not(None),
    postgresql_where=figures.c.corrects.is_not(None),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("email", String, nullable=False),
    # The parameters of the search, in their one order.
    Column("search", String, nullable=False),
    Column("language", String(2), nullable=False),
    Column("made", UtcDateTime, nullable=False),
    # Nothing is sent before somebody with this address said that they want it.
    Column("confirmed", UtcDateTime),
    # The change up to which they were told, and when that was: a stage may also begin because its day has come.
    Column("told", Number, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    UniqueConstraint("email", "search", "language"),
    # Else the signed link of one that ended would end a later one.
    sqlite_autoincrement=True,
)

embeds = Table(
    "embeds",
    metadata,
    Column("day", Date, primary_key=True),
    # The site that shows it, such as https://www.example.org; nothing about who looks at it.
    Column("origin", String(200), primary_key=True),
    Column("shown", Integer, nullable=False),
    Column("clicked", Integer, nullable=False),
)
