"""add placements

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partners_public_id")),
        sa.UniqueConstraint("name", name=op.f("uq_partners_name")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        _to("agreements", "partner_id", "partners"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreements_public_id")),
    )
    op.create_index(op.f("ix_agreements_partner_id"), "agreements", ["partner_id"])
    op.create_table(
        "partner_placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("form_code", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("international", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=100), nullable=False),
        sa.Column("host_name", sa.String(length=200), nullable=False),
        sa.Column("host_position", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("remark", sa.String(length=600), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        _to("partner_placements", "person_id", "people"),
        _to("partner_placements", "partner_id", "partners"),
        _to("partner_placements", "agreement_id", "agreements"),
        _to("partner_placements", "form_code", "delivery_forms", "code"),
        _to("partner_placements", "made_by", "people"),
        _to("partner_placements", "confirmed_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_placements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partner_placements_public_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_partner_placements_link_hash")),
    )
    for column in ("person_id", "partner_id", "state"):
        op.create_index(op.f(f"ix_partner_placements_{column}"), "partner_placements", [column])
    op.create_table(
        "placement_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        _to("placement_log", "placement_id", "partner_placements"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_log")),
        sa.UniqueConstraint("placement_id", "day", name=op.f("uq_placement_log_placement_id_day")),
    )
    op.create_index(op.f("ix_placement_log_placement_id"), "placement_log", ["placement_id"])


def downgrade() -> None:
    for table in ("placement_log", "partner_placements", "agreements", "partners"):
        op.drop_table(table)
