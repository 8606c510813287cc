"""Screen 28: what waits is counted with its age and leads to where it is dealt with; what was dealt with is gone."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.models import Job
from elearn.overview.attainment import actions, queries
from elearn.overview.attainment.actions import count_beforehand, count_months_beforehand
from elearn.overview.pressing.queries import Waiting, pressing, trend
from elearn.people.access.actor import Actor
from elearn.people.imports.models import Roster
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.standards.siasn.models import SiasnExport
from tests import academy, world

HERE = "/kelola"
SYSTEM = Actor.system("tests")


@pytest.fixture
def moment(morning):
    return utc_now()


def a_job(session, owner, state, when):
    job = Job(
        public_id=new_id(),
        kind="exports.workbook",
        title="Ekspor contoh",
        owner_id=owner.id if owner else None,
        state=state,
        arguments={},
        created_at=when,
        finished_at=when,
        error="Cakram penuh.",
    )
    session.add(job)
    session.flush()
    return job


def learned(session, person, jp, when):
    """Somebody earns so many JP in a guided course, which no day caps."""
    course = world.a_course(session, new_id(), minutes=45 * jp, form="NKL04")
    done = {"completed_at": when, "completed_jp": jp, "completed_unit_id": person.unit_id}
    credit_course(session, SYSTEM, world.enrolled(session, person, course, **done).id, when)
    session.commit()


def test_a_calm_day_says_so_and_is_where_the_admin_begins(dewi, citra, budi):
    page = dewi.get(HERE).text
    assert "Tidak ada yang macet hari ini." in page
    assert "Perlu ditangani" not in page
    assert "Tidak ada angkatan dalam tujuh hari ini." in page
    assert "/kelola/angkatan/baru" in page
    assert dewi.get("/mulai").headers["location"] == HERE
    assert citra.get("/mulai").headers["location"] == "/opd"
    assert citra.get(HERE).status_code == budi.get(HERE).status_code == 403


def test_whatever_waits_is_there_with_its_age_and_its_way(session, cast, dewi, moment, database):
    ago = lambda days: moment - timedelta(days=days)  # noqa: E731
    today = wib_date(moment)
    course = world.a_course(session, by=cast.budi)
    gone = academy.a_cohort(
        session, course, name="Angkatan Lewat", starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    academy.joined(session, cast.ani, gone)
    academy.joined(session, cast.citra, gone, result="passed")
    now_on = academy.a_cohort(session, course, name="Angkatan Kini", starts_on=today, ends_on=today)
    there = academy.joined(session, cast.eko, now_on)
    academy.attended(session, academy.a_session(session, now_on, today), there)
    academy.joined(session, cast.ani, now_on, status="nominated", joined_at=None, nominated_at=ago(2))
    for name, state, days in (
        ("Angkatan Jauh", "open", 7),
        ("Angkatan Konsep", "draft", 0),
        ("Angkatan Tutup", "finished", -3),
    ):
        day = today + timedelta(days=days)
        academy.a_cohort(session, course, name=name, starts_on=day, ends_on=day, state=state)
    academy.a_record(session, cast.ani).filed_at = ago(20)
    academy.a_record(session, cast.eko).filed_at = moment
    session.add_all(
        Roster(
            public_id=new_id(),
            uploaded_by=who.id,
            file_name="pegawai.csv",
            storage_key=new_id(),
            headers=[],
            state=state,
            created_at=ago(1),
        )
        for who, state in ((cast.dewi, "uploaded"), (cast.dewi, "applied"), (cast.citra, "uploaded"))
    )
    mine = a_job(session, cast.dewi, "failed", ago(1))
    a_job(session, None, "failed", ago(6))
    for owner, state, when in (
        (cast.citra, "failed", ago(1)),
        (cast.dewi, "done", ago(1)),
        (cast.dewi, "failed", ago(8)),
    ):
        a_job(session, owner, state, when)
    session.commit()

    seen = []
    note = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(database.connection, "before_cursor_execute", note)
    page = dewi.get(HERE).text
    event.remove(database.connection, "before_cursor_execute", note)
    assert sum(each.startswith(("SELECT", "WITH")) for each in seen) <= 14
    found = pressing(session, dewi.actor, moment)
    assert not found.calm
    assert (found.records, found.nominations, found.imports) == (Waiting(2, 20), Waiting(1, 2), Waiting(1, 1))
    assert [job.public_id for job in found.failed] == [mine.public_id]
    assert found.failed_unseen == 1
    assert [(each.cohort.name, each.undecided) for each in found.ended] == [("Angkatan Lewat", 1)]
    for words in (
        "1 usulan peserta menunggu keputusan",
        "Terlama 2 hari",
        "2 sertifikat dari luar menunggu keputusan",
        "Terlama 20 hari",
        "1 berkas impor belum dijalankan",
        "1 orang belum diputuskan",
        "Pekerjaan gagal: Ekspor contoh",
        "1 pekerjaan sistem gagal",
        "hadir 1 dari 1",
        "Angkatan Kini",
    ):
        assert words in page, words
    for words in ("Angkatan Jauh", "Angkatan Konsep", "Angkatan Tutup", "Tidak ada yang macet"):
        assert words not in page, words
    ways = ("/persetujuan/usulan", "/persetujuan", "/impor/pegawai", f"/pekerjaan/{mine.public_id}")
    for way in (*ways, f"/kelola/angkatan/{gone.public_id}"):
        assert f'href="{way}"' in page
        assert dewi.get(way).status_code == 200


def test_signatures_and_what_siasn_refused(session, objects, dewi, moment):
    certificate = session.scalars(select(Certificate).limit(1)).one()
    certificate.wants_signature, certificate.issued_at = True, moment - timedelta(days=3)
    line = session.scalars(select(LedgerLine).limit(1)).one()

    def sent(state, days):
        row = SiasnExport(
            line_id=line.id,
            way="service",
            change="new",
            fingerprint="x",
            jp=2,
            state=state,
            left_at=moment - timedelta(days=days),
        )
        session.add(row)
        session.commit()

    sent("refused", 5)
    sent("withdrawn", 4)
    found = pressing(session, dewi.actor, moment)
    assert (found.signatures, found.refused) == (Waiting(1, 3), Waiting(1, 5))
    page = dewi.get(HERE).text
    for words in ("1 sertifikat menunggu tanda tangan", "1 riwayat ditolak SIASN", "Terlama 5 hari"):
        assert words in page
    sent("left", 1)
    assert pressing(session, dewi.actor, moment).refused == Waiting(0, 0), "it went at the second time"


def test_of_many_classes_the_first_are_named_and_the_rest_counted(session, cast, dewi, moment):
    course, today = world.a_course(session, by=cast.budi), wib_date(moment)
    for n in range(12):
        academy.a_cohort(session, course, name=f"Angkatan Kini {n:02d}", starts_on=today, ends_on=today)
    session.commit()
    page = dewi.get(HERE).text
    assert "Angkatan Kini 09" in page
    assert "Angkatan Kini 10" not in page
    assert "2 angkatan lain dalam tujuh hari ini" in page
    assert dewi.get("/kelola/angkatan?keadaan=open").status_code == 200


def test_the_trend_tells_every_month_of_everybody(session, cast, dewi, moment, monkeypatch):
    today = wib_date(moment)
    drawn = "JP yang diakui, 12 bulan terakhir"
    assert drawn not in dewi.get(HERE).text, "nobody has any"
    learned(session, cast.ani, 3, moment)
    learned(session, cast.eko, 4, moment)
    learned(session, cast.eko, 9, moment - timedelta(days=400))
    months = trend(session, dewi.actor, moment)
    assert [each.jp for each in months] == [0] * 11 + [7]
    assert drawn in dewi.get(HERE).text

    # Of many people it is read from what was counted beforehand.
    monkeypatch.setattr(queries, "MANY", 1)
    monkeypatch.setattr(actions, "MANY", 1)
    count_beforehand(session, SYSTEM, today.year, moment)
    assert "Tren 12 bulan sedang dihitung" in dewi.get(HERE).text
    count_months_beforehand(session, SYSTEM, moment)
    learned(session, cast.ani, 2, moment)
    assert trend(session, dewi.actor, moment) == months
