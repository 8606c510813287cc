"""add siasn exports

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MAKING = sa.text("state = 'making'")


def upgrade() -> None:
    op.create_table(
        "siasn_bundles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("counts", JSON, nullable=True),
        sa.Column("job_public_id", sa.String(length=20), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_siasn_bundles_made_by_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_siasn_bundles_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_siasn_bundles")),
        sa.UniqueConstraint("public_id", name=op.f("uq_siasn_bundles_public_id")),
    )
    op.create_index(
        "ix_siasn_bundles_one_making",
        "siasn_bundles",
        ["state"],
        unique=True,
        sqlite_where=MAKING,
        postgresql_where=MAKING,
    )
    op.create_table(
        "siasn_exports",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("line_id", BIG_ID, nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("siasn_id", sa.String(length=64), nullable=False),
        sa.Column("document_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["siasn_bundles.id"], name=op.f("fk_siasn_exports_bundle_id_siasn_bundles")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["ledger_lines.id"], name=op.f("fk_siasn_exports_line_id_ledger_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_siasn_exports")),
    )
    op.create_index("ix_siasn_exports_bundle_id", "siasn_exports", ["bundle_id"])
    op.create_index("ix_siasn_exports_line_id", "siasn_exports", ["line_id"])
