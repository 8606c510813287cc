"""index revoked certificates

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '10s'")
    revoked = sa.text("revoked_at IS NOT NULL")
    op.create_index("ix_certificates_revoked", "certificates", ["id"], sqlite_where=revoked, postgresql_where=revoked)
