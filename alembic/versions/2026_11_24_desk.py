"""What the desk needs: schedules, reviews, previews, hints, mails, searches, links, bulk work; more of accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_24_desk"
down_revision = "2026_11_22_start"

WORD = sa.String(20)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and the columns of those that are there."""
    upkeep()
    sharing()
    counting()
    accounts()
    for event in ("UPDATE", "DELETE"):
        forbid("verifications", event)


def upkeep() -> None:
    """Make what keeps entries right: who answers for them, when they were looked at, what is going to happen."""
    op.add_column("entries", sa.Column("responsible", sa.String))
    op.add_column("entries", sa.Column("review_months", sa.Integer))
    op.add_column("entries", sa.Column("successor", sa.String))
    op.create_table(
        "former_slugs",
        sa.Column("kind", WORD, nullable=False),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", name="pk_former_slugs"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_former_slugs_entry_id_entries"),
    )
    op.create_index("ix_former_slugs_entry_id", "former_slugs", ["entry_id"])
    op.create_table(
        "schedule",
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("step", WORD, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("successor", sa.String),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "step", name="pk_schedule"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_schedule_entry_id_entries"),
    )
    op.create_index("ix_schedule_at", "schedule", ["at"])
    op.create_table(
        "verifications",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_verifications"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_verifications_entry_id_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verifications_entry_id", "verifications", ["entry_id"])
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("undone", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("touched", MOMENT, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("outcome", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )


def sharing() -> None:
    """Make what goes to people without an account and comes from them: previews, hints, mails."""
    op.create_table(
        "previews",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("revoked", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_previews"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "preview_entries",
        sa.Column("preview_id", sa.Integer, nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("preview_id", "entry_id", name="pk_preview_entries"),
        sa.ForeignKeyConstraint(["preview_id"], ["previews.id"], name="fk_preview_entries_preview_id_previews"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_preview_entries_entry_id_entries"),
    )
    op.create_table(
        "hints",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("entry_id", sa.Integer),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("contact", sa.String, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("remark", sa.String, nullable=False),
        sa.Column("closed", MOMENT),
        sa.Column("closed_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hints"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_hints_entry_id_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hints_entry_id", "hints", ["entry_id"])
    op.create_index("ix_hints_at", "hints", ["at"])
    op.create_table(
        "mails",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("due", MOMENT),
        sa.Column("sent", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.UniqueConstraint("key", name="uq_mails_key"),
    )
    op.create_index("ix_mails_due", "mails", ["due"])


def counting() -> None:
    """Make what is counted and checked: searches and links."""
    op.create_table(
        "searches",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("words", sa.String(100), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("empty", sa.Integer, nullable=False),
        sa.Column("clicked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "words", name="pk_searches"),
    )
    op.create_table(
        "links",
        sa.Column("url", sa.String, nullable=False),
        sa.Column("checked", MOMENT, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.PrimaryKeyConstraint("url", name="pk_links"),
    )


def accounts() -> None:
    """Make what accounts have more: a second factor, invitations, deputies, sessions that one can tell apart."""
    op.add_column("accounts", sa.Column("totp", sa.String, nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("totp_step", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("confirmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("agent", sa.String(100), nullable=False, server_default=""))
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_recovery_codes_account_id_accounts"),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitations"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_invitations_account_id_accounts"),
    )
    op.create_index("ix_invitations_account_id", "invitations", ["account_id"])
    op.create_table(
        "deputies",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("deputy_id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "deputy_id", "since", name="pk_deputies"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_deputies_account_id_accounts"),
        sa.ForeignKeyConstraint(["deputy_id"], ["accounts.id"], name="fk_deputies_deputy_id_accounts"),
    )


def forbid(table: str, event: str) -> None:
    """Make a trigger that refuses an event on a table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        )
        return
    if event == "UPDATE":
        op.execute(
            f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'restrict_violation'; END $$"
        )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
    )
    if event == "DELETE":
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_only_grows()"
        )
