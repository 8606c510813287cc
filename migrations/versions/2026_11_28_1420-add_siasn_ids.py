"""add siasn ids

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("people", sa.Column("siasn_id", sa.String(length=36), nullable=True))
    op.add_column("people", sa.Column("position_kind", sa.String(length=12), server_default="", nullable=False))
    op.create_index("ix_people_siasn_id", "people", ["siasn_id"], unique=True)
    op.create_index("ix_units_siasn_unor_id", "units", ["siasn_unor_id"], unique=True)
