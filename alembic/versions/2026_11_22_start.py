"""The first tables, and the triggers that keep history from being rewritten."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_start"
down_revision = None

WORD = sa.String(20)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FORBIDDEN = {
    "revisions": ("UPDATE", "DELETE"),
    "changes": ("UPDATE", "DELETE"),
    # Old lines of the audit log are removed after the time that data protection sets.
    "audit": ("UPDATE",),
}


def upgrade() -> None:
    """Make all tables and triggers."""
    catalogue()
    people()
    for table, events in FORBIDDEN.items():
        forbid(table, events)


def catalogue() -> None:
    """Make the tables of entries, their revisions and the change log."""
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer, sa.Identity()),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("live", sa.Integer),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("kind", "slug", name="uq_entries_kind_slug"),
    )
    op.create_table(
        "revisions",
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("recorded", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_revisions_entry_id_entries"),
    )
    op.create_table(
        "changes",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("change", WORD, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_changes"),
        sa.ForeignKeyConstraint(
            ["entry_id", "revision"],
            ["revisions.entry_id", "revisions.number"],
            name="fk_changes_entry_id_revision_revisions",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_entry_id_number", "changes", ["entry_id", "number"])


def people() -> None:
    """Make the tables of accounts, what was granted to them, their sessions, failed attempts, and the audit log."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, sa.Identity()),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
    )
    op.create_table(
        "grants",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("role", WORD, nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("until", sa.Date),
        sa.PrimaryKeyConstraint("account_id", "role", "office", name="pk_grants"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_grants_account_id_accounts"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_sessions_account_id_accounts"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "attempts",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_attempts"),
    )
    op.create_index("ix_attempts_at", "attempts", ["at"])
    op.create_index("ix_attempts_key_hash_at", "attempts", ["key_hash", "at"])
    op.create_table(
        "audit",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("object", sa.String, nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def forbid(table: str, events: tuple[str, ...]) -> None:
    """Make triggers that refuse these events on a table; where rows may not be deleted, nor may all of them."""
    if op.get_bind().dialect.name == "sqlite":
        for name in events:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{name.lower()} BEFORE {name} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'restrict_violation'; END $$"
    )
    rows = " OR ".join(events)
    op.execute(
        f"CREATE TRIGGER {table}_refuses BEFORE {rows} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
    )
    if "DELETE" in events:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_only_grows()"
        )
