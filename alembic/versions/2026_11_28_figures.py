"""A figure says which one it corrects: what holds is then found without comparing all of them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_figures"
down_revision = "2026_11_28_council"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIND = """
    UPDATE figures SET corrects = (
        SELECT max(earlier.number) FROM figures AS earlier
        WHERE earlier.entry_id = figures.entry_id AND earlier.channel = figures.channel
        AND earlier.measure = figures.measure AND earlier.period = figures.period AND earlier.number < figures.number
    )
"""


def upgrade() -> None:
    """Add the number of the corrected row, and find it for all rows that there are."""
    op.add_column("figures", sa.Column("corrects", NUMBER))
    # The table only grows: this once its rows say more than before.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER figures_refuses_update")
        op.execute(FIND)
        op.execute(
            "CREATE TRIGGER figures_refuses_update BEFORE UPDATE ON figures "
            "BEGIN SELECT RAISE(ABORT, 'figures only grows'); END"
        )
    else:
        op.execute("ALTER TABLE figures DISABLE TRIGGER figures_refuses_update")
        op.execute(FIND)
        op.execute("ALTER TABLE figures ENABLE TRIGGER figures_refuses_update")
    is_correction = sa.text("corrects IS NOT NULL")
    op.create_index(
        "ix_figures_corrects", "figures", ["corrects"], sqlite_where=is_correction, postgresql_where=is_correction
    )
