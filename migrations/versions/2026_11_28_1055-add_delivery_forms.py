"""add delivery forms

Before you commit: one idea; no import of elearn; constraints are named; no drop or rename in the release that stops
using a column; a backfill of many rows is a job; on PostgreSQL set lock_timeout before altering a big table.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# PerLAN 10/2018 with the JP table of BPS letter B-031/BPS/2600/02/2019; the ids are BKN's reference jenisDiklat. What
# that table means by "20%" for international programmes is not confirmed, so they count as national ones.
TABLE = "PerLAN 10/2018, tabel JP surat BPS B-031/BPS/2600/02/2019"
SILENT = "Tabel JP tidak memuat angka; petugas menetapkan JP"
FORMS = [
    # code, name, siasn id, letter, history, basis, jp, jp international, times a month
    ("KL01", "Pelatihan struktural kepemimpinan", 1, "T", "diklat", "programme", None, None, None),
    ("KL02", "Pelatihan manajerial", 5, "T", "kursus", "programme", None, None, None),
    ("KL03", "Pelatihan teknis", 3, "T", "kursus", "programme", None, None, None),
    ("KL04", "Pelatihan fungsional", 2, "F", "kursus", "programme", None, None, None),
    ("KL05", "Pelatihan sosial kultural", 6, "T", "kursus", "programme", None, None, None),
    ("KL06", "Seminar, konferensi, sarasehan", 9, "P", "kursus", "day", 4, 6, None),
    ("KL07", "Workshop, lokakarya", 4, "P", "kursus", "day", 5, 7, None),
    ("KL08", "Kursus", 11, "T", "kursus", "programme", None, None, None),
    ("KL09", "Penataran", 12, "T", "kursus", "programme", None, None, None),
    ("KL10", "Bimbingan teknis", 8, "T", "kursus", "programme", None, None, None),
    ("KL11", "Sosialisasi", 7, "P", "kursus", "day", 4, 6, None),
    ("KL12", "Klasikal lainnya", 13, "T", "kursus", "programme", None, None, None),
    ("NKL01", "Coaching", 14, "T", "kursus", "time", 2, 4, 2),
    ("NKL02", "Mentoring", 15, "T", "kursus", "time", 2, 4, 2),
    ("NKL03", "E-learning", 16, "T", "kursus", "daily", 3, 4, None),
    ("NKL04", "Pelatihan jarak jauh", 17, "T", "kursus", "programme", None, None, None),
    ("NKL05", "Detasering", 18, "T", "kursus", "time", 20, 24, None),
    ("NKL06", "Pembelajaran alam terbuka", 19, "T", "kursus", "programme", None, None, None),
    ("NKL07", "Patok banding", 20, "T", "kursus", "time", 10, 20, None),
    ("NKL08", "Pertukaran PNS dengan swasta, BUMN, BUMD", 21, "T", "kursus", "time", 20, 24, None),
    ("NKL09", "Belajar mandiri", 22, "T", "kursus", "daily", 2, None, None),
    ("NKL10", "Komunitas belajar", 23, "T", "kursus", "daily", 2, None, None),
    ("NKL11", "Bimbingan di tempat kerja", 24, "T", "kursus", "stated", None, None, None),
    ("NKL12", "Magang, praktik kerja", 10, "T", "kursus", "time", 20, 24, None),
    ("NKL13", "Nonklasikal lainnya", 25, "T", "kursus", "stated", None, None, None),
    ("TUBEL", "Tugas belajar, izin belajar", None, "T", "tubel", "time", 20, 20, None),
]


def upgrade() -> None:
    forms = op.create_table(
        "delivery_forms",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("siasn_id", sa.Integer(), nullable=True),
        sa.Column("siasn_letter", sa.String(length=1), nullable=False),
        sa.Column("history", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_delivery_forms")),
    )
    rules = op.create_table(
        "form_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_code", sa.String(length=8), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("jp", sa.Integer(), nullable=True),
        sa.Column("jp_international", sa.Integer(), nullable=True),
        sa.Column("times_a_month", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_code"], ["delivery_forms.code"], name=op.f("fk_form_rules_form_code_delivery_forms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_rules")),
        sa.UniqueConstraint("form_code", "effective_from", name=op.f("uq_form_rules_form_code_effective_from")),
    )
    op.bulk_insert(
        forms,
        [
            {
                "code": row[0],
                "name": row[1],
                "position": n,
                "siasn_id": row[2],
                "siasn_letter": row[3],
                "history": row[4],
            }
            for n, row in enumerate(FORMS, start=1)
        ],
    )
    op.bulk_insert(
        rules,
        [
            {
                "form_code": row[0],
                "effective_from": date(2018, 1, 1),
                "basis": row[5],
                "jp": row[6],
                "jp_international": row[7],
                "times_a_month": row[8],
                "source": SILENT if row[5] == "stated" else TABLE,
            }
            for row in FORMS
        ],
    )
