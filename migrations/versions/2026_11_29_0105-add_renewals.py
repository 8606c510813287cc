"""add renewals of completed courses, and programmes that are owed each calendar year

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '10s'")
    op.create_table(
        "renewals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_renewals_enrolment_id_enrolments")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_renewals_activity_id_activities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewals")),
    )
    op.create_index(op.f("ix_renewals_enrolment_id"), "renewals", ["enrolment_id"])
    still_open = sa.text("renewed_at IS NULL")
    op.create_index(
        "uq_renewals_open",
        "renewals",
        ["enrolment_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "renewal_steps",
        sa.Column("renewal_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("active_seconds", sa.Integer(), nullable=False),
        sa.Column("seen_to_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exercise_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["renewal_id"], ["renewals.id"], name=op.f("fk_renewal_steps_renewal_id_renewals")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_renewal_steps_activity_id_activities")
        ),
        sa.PrimaryKeyConstraint("renewal_id", "activity_id", name=op.f("pk_renewal_steps")),
    )
    # Last tests that were passed again until now counted as renewals without a row of their own.
    op.execute(
        "INSERT INTO renewals (enrolment_id, began_at, renewed_at, way, activity_id, score) "
        "SELECT a.enrolment_id, a.started_at, a.submitted_at, 'test', a.activity_id, a.score FROM attempts a "
        "JOIN quizzes q ON q.activity_id = a.activity_id JOIN enrolments e ON e.id = a.enrolment_id "
        "WHERE q.assessment = 'posttest' AND a.passed AND a.submitted_at > e.completed_at"
    )
    op.add_column("programmes", sa.Column("validity", sa.String(length=8), server_default="once", nullable=False))
    op.execute("UPDATE programmes SET validity = 'months' WHERE validity_months IS NOT NULL")
    op.add_column("programme_duties", sa.Column("ends_on", sa.Date(), nullable=True))
