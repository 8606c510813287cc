"""add reviews: questions of completed courses that come back after growing gaps, and what was answered

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reviews_person_id_people")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_reviews_enrolment_id_enrolments")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_reviews_attempt_id_attempts")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_versions.id"], name=op.f("fk_reviews_version_id_question_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reviews_public_id")),
        sa.UniqueConstraint("person_id", "version_id", name=op.f("uq_reviews_person_id_version_id")),
    )
    op.create_index("ix_reviews_person_due", "reviews", ["person_id", "due_on"])
    op.create_index(op.f("ix_reviews_enrolment_id"), "reviews", ["enrolment_id"])
    op.create_index(op.f("ix_reviews_attempt_id"), "reviews", ["attempt_id"])
    op.create_index(op.f("ix_reviews_version_id"), "reviews", ["version_id"])
    op.create_table(
        "review_answers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("review_id", BIG_ID, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_answers_review_id_reviews")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_review_answers_person_id_people")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_versions.id"], name=op.f("fk_review_answers_version_id_question_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_answers")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_review_answers_review_id_number")),
        sa.UniqueConstraint(
            "person_id", "answered_on", "place", name=op.f("uq_review_answers_person_id_answered_on_place")
        ),
    )
    op.create_index(op.f("ix_review_answers_version_id"), "review_answers", ["version_id"])
