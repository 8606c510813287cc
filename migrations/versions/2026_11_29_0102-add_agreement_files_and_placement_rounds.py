"""add agreement files, early ends of agreements, and what a placement keeps of its agreement and its confirmations

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '10s'")
    op.add_column("agreements", _text("notes", 1_000))
    op.add_column("agreements", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("agreements", _text("ended_reason", 300))
    op.create_table(
        "agreement_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("brought_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_files_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["brought_by"], ["people.id"], name=op.f("fk_agreement_files_brought_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_files_public_id")),
    )
    op.create_index(op.f("ix_agreement_files_agreement_id"), "agreement_files", ["agreement_id"])
    op.add_column("partner_placements", _text("agreed_number", 100))
    op.add_column("partner_placements", _text("agreed_title", 200))
    op.add_column("partner_placements", _text("host_email", 200))
    op.add_column("partner_placements", _text("office_remark", 300))
    op.add_column("partner_placements", sa.Column("rounds", sa.Integer(), server_default="0", nullable=False))
    # Placements are few: one for each stay of one person at a partner's.
    for mine, its in (("agreed_number", "number"), ("agreed_title", "title")):
        op.execute(
            f"UPDATE partner_placements SET {mine} = coalesce((SELECT {its} FROM agreements"  # noqa: S608 - our words
            " WHERE agreements.id = partner_placements.agreement_id), '')"
        )
    op.create_index(op.f("ix_partner_placements_agreement_id"), "partner_placements", ["agreement_id"])
