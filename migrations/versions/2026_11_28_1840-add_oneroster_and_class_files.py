"""add oneroster and class files

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "oneroster_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", JSON, nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("counts", JSON, nullable=True),
        sa.Column("refused", JSON, nullable=True),
        sa.Column("code_sheet", sa.String(length=16), nullable=False),
        sa.Column("brought_by", sa.Integer(), nullable=False),
        sa.Column("job_public_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_oneroster_feeds_course_id_courses")),
        sa.ForeignKeyConstraint(["brought_by"], ["people.id"], name=op.f("fk_oneroster_feeds_brought_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oneroster_feeds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_oneroster_feeds_public_id")),
    )
    op.create_index(op.f("ix_oneroster_feeds_course_id"), "oneroster_feeds", ["course_id"])
    op.create_index(op.f("ix_oneroster_feeds_brought_by"), "oneroster_feeds", ["brought_by"])
    op.create_table(
        "oneroster_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_oneroster_links_person_id_people")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_oneroster_links_cohort_id_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oneroster_links")),
        sa.UniqueConstraint("source", "kind", "sourced_id", name=op.f("uq_oneroster_links_source_kind_sourced_id")),
    )
    op.create_index(op.f("ix_oneroster_links_person_id"), "oneroster_links", ["person_id"])
    op.create_index(op.f("ix_oneroster_links_cohort_id"), "oneroster_links", ["cohort_id"])
    op.create_table(
        "class_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("brought_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_class_files_cohort_id_cohorts")),
        sa.ForeignKeyConstraint(["brought_by"], ["people.id"], name=op.f("fk_class_files_brought_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_class_files_public_id")),
    )
    op.create_index(op.f("ix_class_files_cohort_id"), "class_files", ["cohort_id"])
