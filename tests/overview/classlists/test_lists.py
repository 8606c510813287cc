"""A class as a file: participants, each session, results; scoped, and harmless in a spreadsheet."""

import json
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from elearn.foundation.sheets import read_rows
from elearn.people.audit.models import AuditEntry
from tests import academy, world


def test_the_list_has_a_column_for_each_session(budi, gilang, citra, cast, session):
    cohort = academy.a_cohort(session, world.a_course(session, by=cast.budi))
    ani = academy.joined(session, cast.ani, cohort, result="deferred", result_reason="=HYPERLINK(1)", attended=1)
    academy.joined(session, cast.eko, cohort)
    academy.joined(session, cast.citra, cohort, status="waiting", joined_at=None)
    first, second = (academy.a_session(session, cohort, world.today() - timedelta(days=n)) for n in (2, 1))
    academy.attended(session, first, ani)
    session.commit()
    here = f"/kelola/angkatan/{cohort.public_id}"
    assert f"{here}/unduh" in budi.get(here).text
    rows = json.loads(budi.post(f"{here}/unduh", {"format": "json"}).text)
    assert [(row["name"], row[first.public_id], row[second.public_id]) for row in rows] == [
        (cast.ani.full_name, "hadir", ""),
        (cast.eko.full_name, "", ""),
    ]
    assert (rows[0]["attendance"], rows[0]["result"], rows[0]["unit"]) == (50, "Ditunda", cast.sekolah.name)
    assert "'=HYPERLINK(1)" in budi.post(f"{here}/unduh", {"format": "csv"}).text
    sheet = read_rows(BytesIO(budi.post(f"{here}/unduh", {"format": "xlsx"}).content), "daftar.xlsx")
    assert (len(sheet.rows), len(sheet.headers)) == (2, 9)
    assert gilang.post(f"{here}/unduh", {"format": "csv"}).status_code == 404
    assert citra.post(f"{here}/unduh", {"format": "csv"}).status_code == 404
    assert len(session.scalars(select(AuditEntry).filter_by(action="class.exported")).all()) == 3
