"""add programmes

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("remind_before", JSON, nullable=False),
        sa.Column("remind_after", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("ran_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_programmes_unit_id_units")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_programmes_created_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programmes_public_id")),
    )
    op.create_index(op.f("ix_programmes_unit_id"), "programmes", ["unit_id"])
    op.create_table(
        "programme_courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_courses_programme_id_programmes")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_programme_courses_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_courses")),
        sa.UniqueConstraint("programme_id", "course_id", name=op.f("uq_programme_courses_programme_id_course_id")),
    )
    op.create_index(op.f("ix_programme_courses_course_id"), "programme_courses", ["course_id"])
    op.create_table(
        "programme_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("position_kinds", JSON, nullable=False),
        sa.Column("asn_kinds", JSON, nullable=False),
        sa.Column("ranks", JSON, nullable=False),
        sa.Column("joined_since", sa.Date(), nullable=True),
        sa.Column("certificate_course_id", sa.Integer(), nullable=True),
        sa.Column("holds_certificate", sa.Boolean(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_rules_programme_id_programmes")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_programme_rules_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["certificate_course_id"], ["courses.id"], name=op.f("fk_programme_rules_certificate_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_rules")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_rules_public_id")),
    )
    op.create_index(op.f("ix_programme_rules_programme_id"), "programme_rules", ["programme_id"])
    op.create_table(
        "programme_duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_duties_programme_id_programmes")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_programme_duties_person_id_people")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["programme_rules.id"], name=op.f("fk_programme_duties_rule_id_programme_rules")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_duties")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_duties_public_id")),
        sa.UniqueConstraint(
            "programme_id", "person_id", "term", name=op.f("uq_programme_duties_programme_id_person_id_term")
        ),
    )
    op.create_index(op.f("ix_programme_duties_person_state"), "programme_duties", ["person_id", "state"])
    op.create_index(op.f("ix_programme_duties_state_due"), "programme_duties", ["state", "due_on"])
    op.create_table(
        "programme_nudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_programme_nudges_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_nudges")),
    )
    op.create_table(
        "duty_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["programme_duties.id"], name=op.f("fk_duty_reminders_duty_id_programme_duties")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_reminders")),
        sa.UniqueConstraint("duty_id", "moment", name=op.f("uq_duty_reminders_duty_id_moment")),
    )
    op.create_table(
        "duty_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duty_mails_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_mails")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_duty_mails_person_id_day")),
    )
