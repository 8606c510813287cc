"""index completions

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

from alembic import op

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Reports sum over these columns alone, so they need not visit the rows.
    summed = ["course_id", "completed_jp", "person_id"]
    op.create_index("ix_enrolments_reported", "enrolments", ["completed_at", "completed_unit_id", *summed])
    op.create_index("ix_enrolments_reported_unit", "enrolments", ["completed_unit_id", "completed_at", *summed])
    op.drop_index("ix_enrolments_completed_at", table_name="enrolments")
    op.drop_index("ix_enrolments_completed_unit_id", table_name="enrolments")
