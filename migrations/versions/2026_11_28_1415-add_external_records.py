"""add external records

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("form_code", sa.String(length=8), nullable=True),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("international", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("jp", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("number_key", sa.String(length=100), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_external_records_person_id_people")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_external_records_decided_by_people")),
        sa.ForeignKeyConstraint(
            ["form_code"], ["delivery_forms.code"], name=op.f("fk_external_records_form_code_delivery_forms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_records")),
        sa.UniqueConstraint("public_id", name=op.f("uq_external_records_public_id")),
    )
    op.create_index("ix_external_records_queue", "external_records", ["state", "filed_at"])
    op.create_index("ix_external_records_owner", "external_records", ["person_id", "state"])
    op.create_index(op.f("ix_external_records_number_key"), "external_records", ["number_key"])
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["external_records.id"], name=op.f("fk_evidence_files_record_id_external_records")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_files_public_id")),
    )
    op.create_index(op.f("ix_evidence_files_record_id"), "evidence_files", ["record_id"])
    op.create_index(op.f("ix_evidence_files_sha256"), "evidence_files", ["sha256"])
    op.create_table(
        "evidence_pages",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["evidence_files.id"], name=op.f("fk_evidence_pages_file_id_evidence_files")
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_evidence_pages")),
    )
    op.create_table(
        "record_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["external_records.id"], name=op.f("fk_record_notes_record_id_external_records")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_record_notes_author_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_notes")),
    )
    op.create_index(op.f("ix_record_notes_record_id"), "record_notes", ["record_id"])


def downgrade() -> None:
    for table in ("record_notes", "evidence_pages", "evidence_files", "external_records"):
        op.drop_table(table)
