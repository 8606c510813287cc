"""add code sheets

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visible_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_code_sheets_owner_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_code_sheets_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_sheets")),
        sa.UniqueConstraint("public_id", name=op.f("uq_code_sheets_public_id")),
    )
    with op.batch_alter_table("code_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_sheets_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_code_sheets_visible_until"), ["visible_until"], unique=False)

    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sheet_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_access_codes_sheet_id"), ["sheet_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_access_codes_sheet_id_code_sheets"), "code_sheets", ["sheet_id"], ["id"]
        )
