"""What the outside has with us: tokens, what comes with them, figures, subscriptions, counts of embeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_27_outside"
down_revision = "2026_11_24_desk"

WORD = sa.String(20)
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; figures only grow."""
    programs()
    readers()
    for event in ("UPDATE", "DELETE"):
        forbid("figures", event)


def programs() -> None:
    """Make what other programs have with us: tokens, their writes, their figures."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purposes", JSON, nullable=False),
        sa.Column("offices", JSON, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("expires", sa.Date),
        sa.Column("used", sa.Date),
        sa.Column("revoked", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("name", name="uq_tokens_name"),
        sa.UniqueConstraint("token_hash", name="uq_tokens_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "repeats",
        sa.Column("token_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key", name="pk_repeats"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_repeats_token_id_tokens"),
    )
    op.create_index("ix_repeats_at", "repeats", ["at"])
    op.create_table(
        "figures",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("measure", WORD, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("value", sa.Integer),
        sa.Column("standing", WORD, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_figures"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_figures_entry_id_entries"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_figures_entry_id_channel_measure_period_number",
        "figures",
        ["entry_id", "channel", "measure", "period", "number"],
    )


def readers() -> None:
    """Make what readers have with us: subscriptions, and the sites on which they see us."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("search", sa.String, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("confirmed", MOMENT),
        sa.Column("told", NUMBER, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("email", "search", "language", name="uq_subscriptions_email_search_language"),
        sqlite_autoincrement=True,
    )
    op.add_column("mails", sa.Column("headers", JSON, nullable=False, server_default="{}"))
    op.add_column("mails", sa.Column("bulk", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "embeds",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("clicked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "origin", name="pk_embeds"),
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
