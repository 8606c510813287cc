"""add ledger

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "lines of the JP account are never changed; add a correction"


def upgrade() -> None:
    op.create_table(
        "ledger_lines",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("form_code", sa.String(length=8), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("jp_earned", sa.Integer(), nullable=False),
        sa.Column("jp_recognised", sa.Integer(), nullable=False),
        sa.Column("form_rule_id", sa.Integer(), nullable=False),
        sa.Column("minutes_per_jp", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("asn_kind", sa.String(length=20), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("corrects_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_ledger_lines_approved_by_people")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["ledger_lines.id"], name=op.f("fk_ledger_lines_corrects_id_ledger_lines")
        ),
        sa.ForeignKeyConstraint(
            ["form_code"], ["delivery_forms.code"], name=op.f("fk_ledger_lines_form_code_delivery_forms")
        ),
        sa.ForeignKeyConstraint(
            ["form_rule_id"], ["form_rules.id"], name=op.f("fk_ledger_lines_form_rule_id_form_rules")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ledger_lines_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_ledger_lines_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_lines")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_lines_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ledger_lines_public_id")),
    )
    op.create_index("ix_ledger_lines_account", "ledger_lines", ["person_id", "year"])
    op.create_index("ix_ledger_lines_corrects_id", "ledger_lines", ["corrects_id"])
    op.create_index(
        "ix_ledger_lines_units",
        "ledger_lines",
        ["year", "unit_id", "person_id", "asn_kind", "jp_earned", "jp_recognised"],
    )
    op.create_table(
        "ledger_days",
        sa.Column("line_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["ledger_lines.id"], name=op.f("fk_ledger_days_line_id_ledger_lines")),
        sa.PrimaryKeyConstraint("line_id", "day", name=op.f("pk_ledger_days")),
    )
    op.execute("UPDATE courses SET form = 'NKL13' WHERE form NOT IN (SELECT code FROM delivery_forms)")
    _credit_what_was_completed()
    _refuse_changes()


def _credit_what_was_completed() -> None:
    """Courses completed before there were accounts count in full, as their learners were told."""
    if op.get_bind().dialect.name == "sqlite":
        first, last = "date(e.started_at, '+7 hours')", "date(e.completed_at, '+7 hours')"
        year = f"cast(strftime('%Y', {last}) AS integer)"
    else:
        first, last = (f"(timezone(interval '7 hours', e.{name}))::date" for name in ("started_at", "completed_at"))
        year = f"extract(year FROM {last})::integer"
    op.execute(f"""
        INSERT INTO ledger_lines (public_id, key, person_id, year, started_on, ended_on, source, title, organiser,
            form_code, competency, minutes, jp_earned, jp_recognised, form_rule_id, minutes_per_jp, evidence, unit_id,
            asn_kind, reason, created_at)
        SELECT e.public_id, 'course:' || e.public_id, e.person_id, {year}, {first}, {last}, 'course', c.title,
            c.organiser, c.form, c.competency, c.minutes, coalesce(e.completed_jp, 0), coalesce(e.completed_jp, 0),
            r.id, 45,
            coalesce(t.number, ''), e.completed_unit_id, p.asn_kind, '', e.completed_at
        FROM enrolments e
        JOIN courses c ON c.id = e.course_id
        JOIN people p ON p.id = e.person_id
        JOIN form_rules r ON r.form_code = c.form
        LEFT JOIN certificates t ON t.enrolment_id = e.id
        WHERE e.completed_at IS NOT NULL
        """)  # noqa: S608 - the parts are of this file


def _refuse_changes() -> None:
    for table in ("ledger_lines", "ledger_days"):
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_{verb.lower()}"
            if op.get_bind().dialect.name == "sqlite":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
            else:
                op.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
                )
                op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
