"""add recounts

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "recounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("form_code", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("by_hand", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("job_public_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["form_code"], ["delivery_forms.code"], name=op.f("fk_recounts_form_code_delivery_forms")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_recounts_made_by_people")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_recounts_confirmed_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recounts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recounts_public_id")),
    )
    op.create_index(op.f("ix_recounts_made_by"), "recounts", ["made_by"])
    op.create_table(
        "recount_changes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("recount_id", sa.Integer(), nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("earned_before", sa.Integer(), nullable=False),
        sa.Column("earned_after", sa.Integer(), nullable=False),
        sa.Column("recognised_before", sa.Integer(), nullable=False),
        sa.Column("recognised_after", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["recount_id"], ["recounts.id"], name=op.f("fk_recount_changes_recount_id_recounts")),
        sa.ForeignKeyConstraint(["line_id"], ["ledger_lines.id"], name=op.f("fk_recount_changes_line_id_ledger_lines")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recount_changes_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_recount_changes_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount_changes")),
        sa.UniqueConstraint("recount_id", "line_id", name=op.f("uq_recount_changes_recount_id_line_id")),
    )
    op.create_index(op.f("ix_recount_changes_line_id"), "recount_changes", ["line_id"])
    op.create_index(op.f("ix_recount_changes_person_id"), "recount_changes", ["person_id"])
    op.create_index("ix_recount_changes_people", "recount_changes", ["recount_id", "state", "person_id"])
