"""add kinds of employment to placements, and former names

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    # Older rows stay without it: whoever changes is known by then, and of who never does the person's row tells.
    op.add_column("placements", sa.Column("asn_kind", sa.String(length=20), nullable=True))
    op.create_table(
        "former_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=370), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_former_names_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_names")),
        sa.UniqueConstraint("person_id", "until", name=op.f("uq_former_names_person_id_until")),
    )
