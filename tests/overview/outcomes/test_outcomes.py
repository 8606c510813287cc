"""Classes and their results for who looks after people: own subtree, any year, on the page and as a file."""

import json
from datetime import date, timedelta

from sqlalchemy import select

from elearn.overview.outcomes import queries
from elearn.overview.outcomes.queries import own_classes
from elearn.people.access.permissions import Role
from elearn.people.audit.models import AuditEntry
from tests import academy, world

YEAR = 2026
PLACE = "/opd/angkatan"


def a_class(session, course, name, day, **fields):
    return academy.a_cohort(
        session, course, name=name, starts_on=day, ends_on=day + timedelta(days=1), closes_on=day, **fields
    )


def test_own_people_in_classes_of_a_year_and_what_became_of_them(
    citra, fitri, dewi, ani, cast, session, visitor, monkeypatch
):
    courses = [world.a_course(session, slug, by=cast.budi) for slug in ("satu", "dua", "tiga")]
    past = a_class(session, courses[0], "Angkatan Lampau", date(YEAR, 3, 2), state="finished")
    academy.joined(session, cast.ani, past, result="passed")
    academy.joined(session, cast.citra, past, result="failed", result_reason="Tidak hadir.")
    academy.joined(session, cast.eko, past, result="passed")
    off = a_class(session, courses[1], "Angkatan Batal", date(YEAR, 5, 4), state="cancelled")
    academy.joined(session, cast.ani, off, status="withdrawn", joined_at=None, refusal="Angkatan dibatalkan.")
    draft = a_class(session, courses[2], "Angkatan Konsep", date(YEAR, 6, 1), state="draft")
    academy.joined(session, cast.ani, draft, status="nominated", joined_at=None)
    earlier = a_class(session, courses[2], "Angkatan Dulu", date(YEAR - 1, 6, 1), state="finished")
    academy.joined(session, cast.ani, earlier, status="waiting", joined_at=None)
    session.commit()

    here = f"{PLACE}?tahun={YEAR}"
    shown = citra.get(here).text
    assert "Angkatan Lampau" in shown
    assert "Angkatan Konsep" not in shown
    assert "Angkatan Dulu" not in shown
    assert "<svg" in shown
    assert "Angkatan Dulu" in citra.get(f"{PLACE}?tahun={YEAR - 1}").text
    # Of another subtree's people there is nothing; the regency's admin has all of them.
    seen = {
        visitor.person.name: [
            (row.cohort.name, row.joined, row.awaiting, row.passed, row.failed)
            for row in own_classes(session, visitor.actor, YEAR, 9).rows
        ]
        for visitor in (citra, dewi, fitri)
    }
    assert seen[cast.citra.name] == [("Angkatan Batal", 0, 0, 0, 0), ("Angkatan Lampau", 2, 0, 1, 1)]
    assert seen[cast.dewi.name] == [("Angkatan Batal", 0, 0, 0, 0), ("Angkatan Lampau", 3, 0, 2, 1)]
    assert seen[cast.fitri.name] == [("Angkatan Lampau", 1, 0, 1, 0)]
    assert "Angkatan Batal" not in fitri.get(here).text
    assert "Belum ada pegawai Anda" in fitri.get(f"{PLACE}?tahun={YEAR - 1}").text
    (row,) = json.loads(fitri.post(f"{PLACE}/unduh", {"format": "json", "tahun": YEAR}).text)
    assert row["nama"] == cast.eko.full_name
    # Long after its closing day the class still leads to decisions, reasons and the assignment letter.
    own = f"/opd/usulan/{past.public_id}"
    assert own in shown
    assert "Tidak lulus" in citra.get(own).text
    assert citra.get(f"{own}/surat-tugas.pdf").status_code == 200
    assert PLACE in citra.get("/opd/usulan").text

    rows = json.loads(citra.post(f"{PLACE}/unduh", {"format": "json", "tahun": YEAR}).text)
    assert {(row["nama"], row["angkatan"], row["hasil"], row["keterangan"]) for row in rows} == {
        (cast.ani.full_name, "Angkatan Lampau", "Lulus", ""),
        (cast.citra.full_name, "Angkatan Lampau", "Tidak lulus", "Tidak hadir."),
        (cast.ani.full_name, "Angkatan Batal", "", "Angkatan dibatalkan."),
    }
    assert citra.post(f"{PLACE}/unduh", {"format": "xlsx", "tahun": YEAR}).content.startswith(b"PK")
    taken = session.scalars(select(AuditEntry).filter_by(action="class.results_exported").order_by(AuditEntry.id)).all()
    assert [(each.actor_id, each.after["rows"], each.after["people"]) for each in taken] == [
        (cast.fitri.id, 1, 1),
        (cast.citra.id, 3, 2),
        (cast.citra.id, 3, 2),
    ]
    # Behind each number of a class stand its names: the own ones alone, of a head too.
    names = f"{PLACE}/{past.public_id}"
    assert f"{names}?keadaan=tidak-lulus" in shown
    page = citra.get(f"{names}?keadaan=tidak-lulus").text
    assert (cast.citra.full_name in page, cast.ani.full_name in page) == (True, False)
    assert "Tidak hadir." in page
    assert cast.eko.full_name not in citra.get(names).text
    assert "Tidak ada pegawai dalam keadaan ini." in citra.get(f"{names}?keadaan=menunggu").text
    head = visitor(world.a_person(session, "Hana", "197001012000031001", cast.dinas, Role.HEAD, scope=cast.dinas))
    session.commit()
    assert f'href="{names}"' in head.get(here).text
    assert cast.ani.full_name in head.get(names).text
    assert fitri.get(f"{PLACE}/{off.public_id}").status_code == 404
    assert dewi.get(f"{PLACE}/{draft.public_id}").status_code == ani.get(names).status_code == 404
    assert dewi.get(f"{names}?keadaan=apa").status_code == 422
    # A unit in the address keeps page, names and file to its subtree.
    school = dewi.get(f"{here}&unit=DIK.SD1").text
    assert f"{names}?unit=DIK.SD1&amp;keadaan=lulus" in school
    assert cast.eko.full_name not in dewi.get(f"{names}?unit=DIK.SD1").text
    monkeypatch.setattr(queries, "CHUNK", 1)
    rows = json.loads(dewi.post(f"{PLACE}/unduh", {"format": "json", "tahun": YEAR, "unit": "DIK.SD1"}).text)
    assert [row["nama"] for row in rows] == [cast.ani.full_name] * 2
    assert citra.get(f"{here}&unit=KES").status_code == 404
    assert ani.get(here).status_code == ani.post(f"{PLACE}/unduh", {"format": "csv"}).status_code == 403
    assert dewi.get(f"{PLACE}?tahun=kemarin").status_code == 422
