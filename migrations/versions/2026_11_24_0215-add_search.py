"""add search

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.

On SQLite a full-text table follows by triggers. Rebuilding search_documents in a later migration drops them: make
them again there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FULL_TEXT = """
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, content='search_documents', content_rowid='id', tokenize='ascii', detail='none', columnsize=0
)
"""
FORGET = "INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms);"
LEARN = "INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms);"
TRIGGERS = [
    f"CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN {LEARN} END",
    f"CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN {FORGET} END",
    f"CREATE TRIGGER search_documents_changed AFTER UPDATE OF terms ON search_documents BEGIN {FORGET} {LEARN} END",
]


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title_terms", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_search_documents_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_search_documents_course_id_courses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("course_id", "activity_id", name=op.f("uq_search_documents_course_id_activity_id")),
    )
    op.create_index(op.f("ix_search_documents_activity_id"), "search_documents", ["activity_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "search_index",
            "search_documents",
            [sa.text("to_tsvector('simple', terms)")],
            postgresql_using="gin",
            # A list of changes not yet in the index makes the planner shun it until the next vacuum.
            postgresql_with={"fastupdate": "off"},
        )
    else:
        for statement in [FULL_TEXT, *TRIGGERS]:
            op.execute(statement)
