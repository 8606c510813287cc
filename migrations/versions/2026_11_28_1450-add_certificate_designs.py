"""add certificate designs

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql")
VALID = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    for table, further in (
        (
            "number_schemes",
            [
                sa.Column("organiser_code", sa.String(length=20), nullable=False),
                sa.Column("pattern", sa.String(length=80), nullable=False),
                sa.Column("start", sa.Integer(), nullable=False),
            ],
        ),
        ("certificate_templates", [sa.Column("revision", sa.Integer(), nullable=False)]),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("public_id", sa.String(length=16), nullable=False),
            sa.Column("name", sa.String(length=80), nullable=False),
            sa.Column("serves", sa.String(length=220), nullable=False),
            sa.Column("course_id", sa.Integer(), nullable=True),
            sa.Column("organiser", sa.String(length=200), nullable=False),
            *further,
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f(f"fk_{table}_course_id_courses")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
            sa.UniqueConstraint("serves", name=op.f(f"uq_{table}_serves")),
        )
        op.create_index(op.f(f"ix_{table}_course_id"), table, ["course_id"])
    op.create_table(
        "template_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("design", JSON, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["certificate_templates.id"],
            name=op.f("fk_template_versions_template_id_certificate_templates"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_template_versions_made_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
        sa.UniqueConstraint("template_id", "revision", name=op.f("uq_template_versions_template_id_revision")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '10s'")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("draft_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("wants_signature", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("signed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_certificates_version_id_template_versions"),
            "template_versions",
            ["version_id"],
            ["id"],
        )
        batch_op.create_foreign_key(batch_op.f("fk_certificates_signed_by_people"), "people", ["signed_by"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_certificates_replaces_id_certificates"), "certificates", ["replaces_id"], ["id"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_certificates_replaces_id"), ["replaces_id"])
        # One certificate that counts for each enrolment, and those that it replaced.
        batch_op.drop_constraint(batch_op.f("uq_certificates_enrolment_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_certificates_enrolment_id"), ["enrolment_id"], unique=False)
    waiting = sa.text("wants_signature AND signed_at IS NULL AND revoked_at IS NULL")
    op.create_index("ix_certificates_waiting", "certificates", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(
        "uq_certificates_valid",
        "certificates",
        ["enrolment_id"],
        unique=True,
        sqlite_where=VALID,
        postgresql_where=VALID,
    )
