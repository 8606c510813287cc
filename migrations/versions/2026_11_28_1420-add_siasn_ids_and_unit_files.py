"""add siasn ids and files of units

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("people", sa.Column("siasn_id", sa.String(length=36), nullable=True))
    op.add_column("people", sa.Column("position_kind", sa.String(length=12), server_default="", nullable=False))
    op.create_index("ix_people_siasn_id", "people", ["siasn_id"], unique=True)
    op.create_index("ix_units_siasn_unor_id", "units", ["siasn_unor_id"], unique=True)
    op.create_table(
        "unit_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("brought_by", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("counts", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brought_by"], ["people.id"], name=op.f("fk_unit_files_brought_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_files_public_id")),
    )
    op.create_index("ix_unit_files_brought_by", "unit_files", ["brought_by"])
