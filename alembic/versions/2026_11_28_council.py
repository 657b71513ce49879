"""What was answered to the council: frozen answers, and the files that they are read as."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_council"
down_revision = "2026_11_27_outside"

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = ("id", "entry_id", "edition", "revision", "on", "recorded", "checksum", "approved_by", "approved")


def upgrade() -> None:
    """Make the tables; answers only grow, and get a date of publication once."""
    answers()
    files()
    refuse("answers", "UPDATE", ", ".join(f'"{name}"' for name in FROZEN))
    refuse("answers", "DELETE")
    refuse_again()
    refuse("answer_files", "UPDATE")
    refuse("answer_files", "DELETE")


def answers() -> None:
    """Make the table of frozen answers."""
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("recorded", MOMENT, nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String, nullable=False),
        sa.Column("approved", MOMENT, nullable=False),
        sa.Column("published", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_answers_entry_id_entries"),
        sa.UniqueConstraint("entry_id", "edition", name="uq_answers_entry_id_edition"),
        sqlite_autoincrement=True,
    )


def files() -> None:
    """Make the table of their files."""
    op.create_table(
        "answer_files",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("answer_id", sa.Integer, nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_answer_files"),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_answer_files_answer_id_answers"),
        sa.UniqueConstraint("answer_id", "format", "language", name="uq_answer_files_answer_id_format_language"),
        sqlite_autoincrement=True,
    )


def refuse_again() -> None:
    """Make a trigger that refuses to change when an answer was published."""
    rest = "BEFORE UPDATE OF published ON answers "
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER answers_refuses_again {rest} WHEN OLD.published IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'answers are frozen'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER answers_refuses_again {rest} FOR EACH ROW WHEN (OLD.published IS NOT NULL) "
        "EXECUTE FUNCTION answers_are_frozen()"
    )


def refuse(table: str, event: str, columns: str = "") -> None:
    """Make a trigger that refuses an event on a table, or on some of its columns."""
    name, when = f"{table}_refuses_{event.lower()}", f"{event} OF {columns}" if columns else event
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{table} are frozen'); END"
        )
        return
    if event == "UPDATE":
        op.execute(
            f"CREATE FUNCTION {table}_are_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} are frozen' USING ERRCODE = 'restrict_violation'; END $$"
        )
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_are_frozen()")
    if event == "DELETE":
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_are_frozen()"
        )
