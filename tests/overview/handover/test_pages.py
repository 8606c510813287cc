"""The page of SIASN: judged before it leaves, made by a job, left once, taken back, held to the unit."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

from sqlalchemy import select

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queue import put_in_queue
from elearn.foundation.jobs.worker import run_pending
from elearn.overview.exports import guard, rules
from elearn.overview.handover.pages import leaving
from elearn.people.audit.models import AuditEntry
from elearn.standards.siasn.models import SiasnBundle, SiasnExport
from tests.standards.siasn.ledger import a_line, corrected, known_to_siasn

PLACE = "/kelola/siasn"
WISH = {"tahun": "2026", "format": "xlsx"}


def bundled(dewi, database, **wish):
    """Have a bundle made; gives its ZIP."""
    job = dewi.post(f"{PLACE}/paket", {**WISH, **wish}).headers["location"]
    run_pending(database.write)
    assert "Selesai." in dewi.get(job).text
    return ZipFile(BytesIO(dewi.get(f"{job}/berkas").content))


def rows(packed, name="kursus.json"):
    return json.loads(packed.read(name))


def test_what_is_ready_leaves_once_what_is_refused_says_why(dewi, session, database, cast, now):
    known_to_siasn(session, cast.ani)
    line = a_line(session, cast.ani, 12, title="Siap Kirim")
    a_line(session, cast.eko, 5, title="Tanpa Kunci")
    session.commit()
    page = dewi.get(f"{PLACE}?tahun=2026").text
    assert f'href="/opd/pegawai/{cast.eko.public_id}/ubah"' in page
    assert "Tanpa Kunci" in page
    packed = bundled(dewi, database)
    [row] = rows(packed)
    assert row["namaKursus"] == "Siap Kirim"
    assert packed.read(row["berkas"]).startswith(b"%PDF")
    assert "Buat paket" not in dewi.get(f"{PLACE}?tahun=2026").text
    session.expire_all()
    corrected(session, dewi.actor, line, 8, now)
    session.commit()
    assert "Menggantikan" in dewi.get(f"{PLACE}?tahun=2026").text
    assert [row["jumlahJam"] for row in rows(bundled(dewi, database))] == [8]
    corrected(session, dewi.actor, line, 0, now)
    session.commit()
    packed = bundled(dewi, database)
    assert rows(packed) == []
    assert not [name for name in packed.namelist() if name.endswith(".pdf")]
    audit = select(AuditEntry).filter_by(object_type="siasn_bundles").order_by(AuditEntry.id)
    done = [entry.action for entry in session.scalars(audit)]
    assert done == ["siasn.bundle_begun", "siasn.bundle_made"] * 3


def test_a_bundle_that_is_taken_back_leaves_again(dewi, session, database, cast):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    session.commit()
    bundled(dewi, database)
    [bundle] = session.scalars(select(SiasnBundle)).all()
    assert "Batalkan paket" in dewi.get(f"{PLACE}/paket/{bundle.public_id}").text
    assert dewi.post(f"{PLACE}/paket/{bundle.public_id}/batal").status_code == 303
    assert len(rows(bundled(dewi, database))) == 1


def test_only_one_bundle_is_made_at_a_time_and_a_dead_one_stands_in_nobodys_way(dewi, session, database, cast, now):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    session.commit()
    job = dewi.post(f"{PLACE}/paket", WISH).headers["location"]
    assert dewi.post(f"{PLACE}/paket", WISH).status_code == 409
    dewi.post(f"{job}/batal")
    assert len(rows(bundled(dewi, database))) == 1


def test_a_job_that_is_run_again_after_its_last_step_gives_the_same_bundle(dewi, session, database, cast):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    session.commit()
    bundled(dewi, database)
    [job] = session.scalars(select(Job).filter_by(kind="siasn.make_bundle")).all()
    first = dict(job.result)
    # As after a power cut between the job's last transaction and the note that it is done.
    job.state, job.result, job.finished_at = "waiting", None, None
    put_in_queue(session, job)
    session.commit()
    run_pending(database.write)
    session.expire_all()
    assert session.get_one(Job, job.id).result == first
    assert len(session.scalars(select(SiasnExport)).all()) == 1


def test_only_the_units_records_leave_and_a_transfer_moves_none_of_them(dewi, session, database, cast):
    known_to_siasn(session, cast.ani, cast.eko)
    a_line(session, cast.ani, 12, title="Dipelajari Ani")
    a_line(session, cast.eko, 7, title="Dipelajari Eko")
    cast.ani.unit_id = cast.eko.unit_id
    session.commit()
    assert [row["namaKursus"] for row in rows(bundled(dewi, database, unit=cast.sekolah.code))] == ["Dipelajari Ani"]


def test_nobody_but_the_regencys_admin_sees_any_of_it(session, cast, ani, budi, citra, fitri, dewi, database):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    session.commit()
    bundled(dewi, database)
    [bundle] = session.scalars(select(SiasnBundle)).all()
    for visitor in (ani, budi, citra, fitri):
        for path in (PLACE, f"{PLACE}/paket/{bundle.public_id}"):
            assert visitor.get(path).status_code == 403
        for path in ("paket", "ditolak", f"paket/{bundle.public_id}/batal"):
            assert visitor.post(f"{PLACE}/{path}", WISH).status_code == 403


def test_many_people_ask_for_a_reason_and_the_password(dewi, session, database, cast, monkeypatch):
    for module in (guard, rules):
        monkeypatch.setattr(module, "ASKS_ABOVE", 0)
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    a_line(session, cast.eko, 5)
    session.commit()
    for path in ("paket", "ditolak"):
        assert re.search("Kata sandi Anda", dewi.post(f"{PLACE}/{path}", WISH).text)
        wrong = dewi.post(f"{PLACE}/{path}", {**WISH, "asked": "1", "reason": "rekap tahunan", "password": "salah"})
        assert wrong.status_code == 422
    assert session.scalars(select(SiasnBundle)).all() == []


def test_more_than_a_page_can_judge_is_judged_by_the_job_or_unit_by_unit(dewi, session, database, cast, monkeypatch):
    monkeypatch.setattr(leaving, "MOST_JUDGED", 1)
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12, title="Siap Kirim")
    a_line(session, cast.eko, 5, title="Tanpa Kunci")
    session.commit()
    page = dewi.get(f"{PLACE}?tahun=2026").text
    assert "Ada lebih dari 1 baris JP" in page
    assert "Tanpa Kunci" not in page
    assert "Siap Kirim" in str(rows(bundled(dewi, database)))
    refused = dewi.post(f"{PLACE}/ditolak", {**WISH, "format": "csv"}).content.decode("utf-8-sig")
    assert "Tanpa Kunci" in refused
    assert "sudah dikirim" in dewi.get(f"{PLACE}?tahun=2026&unit={cast.sekolah.code}").text


def test_without_the_offices_own_ids_nothing_leaves(dewi, session, cast, monkeypatch):
    known_to_siasn(session, cast.ani)
    a_line(session, cast.ani, 12)
    session.commit()
    monkeypatch.setattr("elearn.overview.handover.pages.leaving.settings", lambda: Bare())
    monkeypatch.setattr("elearn.standards.siasn.actions.settings", lambda: Bare())
    assert "ELEARN_SIASN_INSTANSI_ID" in dewi.get(f"{PLACE}?tahun=2026").text
    assert dewi.post(f"{PLACE}/paket", WISH).status_code == 409


class Bare:
    """Settings without SIASN's."""

    siasn_instansi_id = siasn_lokasi_id = ""
