"""add jp of months, counted beforehand, with the index to count them by, and one of what SIASN refused

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '10s'")
    op.create_table(
        "jp_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_jp_months_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jp_months")),
        sa.UniqueConstraint("month", "unit_id", name=op.f("uq_jp_months_month_unit_id")),
    )
    op.create_index(op.f("ix_jp_months_unit_id"), "jp_months", ["unit_id"])
    op.create_index("ix_ledger_lines_months", "ledger_lines", ["ended_on", "unit_id", "jp_recognised"])
    refused = sa.text("state = 'refused'")
    op.create_index(
        "ix_siasn_exports_refused", "siasn_exports", ["line_id"], sqlite_where=refused, postgresql_where=refused
    )
