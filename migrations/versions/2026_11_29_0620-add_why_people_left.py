"""add why people left

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("people", sa.Column("left_as", sa.String(length=12), nullable=False, server_default=""))
    # The few who left since leaving is noted: until now only the audit said why.
    op.execute(
        "UPDATE people SET left_as = coalesce((SELECT reason FROM audit_entries WHERE action = 'person.left'"
        " AND object_id = people.public_id ORDER BY id DESC LIMIT 1), '')"
        " WHERE status = 'left' AND public_id IN (SELECT object_id FROM audit_entries WHERE action = 'person.left')"
    )
