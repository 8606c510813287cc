"""add enrolment batches; rosters name the sheet of codes instead of files

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrolment_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("nips", JSON, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("moves_due", sa.Boolean(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("due_moved", sa.Integer(), nullable=False),
        sa.Column("job_public_id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_enrolment_batches_course_id_courses")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_enrolment_batches_made_by_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_enrolment_batches_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_batches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_batches_public_id")),
    )
    with op.batch_alter_table("enrolment_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_batches_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_batches_made_by"), ["made_by"], unique=False)

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_enrolments_batch_id"), ["batch_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolments_batch_id_enrolment_batches"), "enrolment_batches", ["batch_id"], ["id"]
        )

    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code_sheet", sa.String(length=16), nullable=True))
        batch_op.drop_column("refused_key")
        batch_op.drop_column("codes_key")
