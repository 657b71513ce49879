"""The tables of what was answered to the council: frozen answers, and the files that they are read as."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from servicedir.storage.tables import Number, UtcDateTime, metadata

answers = Table(
    "answers",
    metadata,
    # Nothing of a row ever changes but `published`, and that once; triggers see to it.
    Column("id", Integer, Identity(), primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False),
    # Counted from 1 for each inquiry: an answer keeps its address for ever.
    Column("edition", Integer, nullable=False),
    # Of the inquiry.
    Column("revision", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
    # Of the JSON file in the first language.
    Column("checksum", String(64), nullable=False),
    Column("approved_by", String, nullable=False),
    Column("approved", UtcDateTime, nullable=False),
    Column("published", UtcDateTime),
    UniqueConstraint("entry_id", "edition"),
    sqlite_autoincrement=True,
)

answer_files = Table(
    "answer_files",
    metadata,
    Column("number", Number, Identity(), primary_key=True),
    Column("answer_id", ForeignKey("answers.id"), nullable=False),
    # pdf, docx, json, csv, html; table-1 and so on for the sheet of a single table.
    Column("format", String(20), nullable=False),
    Column("language", String(2), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("answer_id", "format", "language"),
    sqlite_autoincrement=True,
)
