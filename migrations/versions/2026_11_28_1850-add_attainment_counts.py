"""add attainment counts, and an index of certificates' numbers as they are typed

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '10s'")
    op.create_table(
        "attainment_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("owing", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("behind", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_attainment_counts_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attainment_counts")),
        sa.UniqueConstraint("year", "unit_id", name=op.f("uq_attainment_counts_year_unit_id")),
    )
    op.create_index(op.f("ix_attainment_counts_unit_id"), "attainment_counts", ["unit_id"])
    op.create_index("ix_certificates_number_typed", "certificates", [sa.text("lower(number)")])
