"""The page of one line: everything that it was decided on, for its owner and for whoever looks after him or her."""

from datetime import timedelta

from sqlalchemy import event, select
from tests import academy, world
from tests.recognition.learning_hours.test_ledger import MONDAY, SYSTEM, days_from, learned

from elearn.people.accounts.tenure import place
from elearn.recognition.certificates.actions import issue, reissue
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.delivery.models import FormRule

HOME = "/capaian/baris"


def test_a_line_of_a_course_tells_days_cap_rule_evidence_and_corrections(
    session, database, cast, ani, citra, dewi, fitri, eko, now
):
    course = world.a_course(session, minutes=450, organiser="BKPSDM Contoh")
    enrolment = learned(session, cast.ani, course, days_from(MONDAY, 300, 150))
    certificate = issue(session, SYSTEM, enrolment.id, now)
    line = credit_course(session, SYSTEM, enrolment.id, now)
    session.commit()
    path, own = f"/opd/pegawai/{cast.ani.public_id}/jp/{line.public_id}", f"{HOME}/{line.public_id}"
    for visitor, address, proof in (
        (ani, own, f"/sertifikat/{certificate.public_id}.pdf"),
        (citra, path, f"/verifikasi/{certificate.code}"),
    ):
        page = visitor.get(address).text
        for told in (
            "Paling banyak 3 JP sehari",
            "BKPSDM Contoh",
            "SD Contoh",
            "PNS",
            "Aturan, tanpa keputusan petugas",
        ):
            assert told in page, told
        for told in (line.evidence, session.get(FormRule, line.form_rule_id).source, "450", "300", "135", "150", proof):
            assert str(told) in page, told
    assert visitor.get(proof).status_code == 200
    assert "Betulkan JP" not in page

    assert dewi.post(f"/kelola/jp/{line.public_id}", {"jp": "4", "reason": "Dua hari saja."}).status_code == 303
    correction = session.scalars(select(LedgerLine).filter_by(corrects_id=line.id)).one()
    page = dewi.get(path).text
    assert f'href="/kelola/jp/{line.public_id}"' in page
    assert "Petugas membetulkannya" in page
    assert page.index("Dua hari saja.") < page.index(cast.dewi.name, page.index("Dua hari saja."))
    # Every line of the account leads there, a correction to what it corrects.
    account = ani.get(f"/capaian?tahun={MONDAY.year}").text
    assert account.count(f'href="{own}"') == 2
    assert correction.public_id not in account
    assert citra.get(f"/opd/pegawai/{cast.ani.public_id}/jp?tahun={MONDAY.year}").text.count(f'href="{path}"') == 2

    # What the officer took away is not put down to the day's cap.
    assert account.count("Paling banyak 3 JP sehari") == 1
    assert "Bukti pengganti" not in page
    newer = reissue(session, dewi.actor, certificate.public_id, "Nama salah tulis.", now)
    session.commit()
    page = ani.get(own).text
    assert page.index(line.evidence) < page.index("Bukti pengganti") < page.index(newer.number)
    assert f"/sertifikat/{newer.public_id}.pdf" in page

    for stranger in (fitri, eko):
        assert stranger.get(path).status_code == 404
        assert stranger.get(own).status_code == 404
    assert citra.get(f"/opd/pegawai/{cast.citra.public_id}/jp/{line.public_id}").status_code == 404
    assert ani.get(f"{HOME}/{correction.public_id}").status_code == 404

    seen = []
    note = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(database.connection, "before_cursor_execute", note)
    try:
        for visitor, address in ((ani, own), (citra, path)):
            seen.clear()
            visitor.get(address)
            assert len([each for each in seen if each.startswith("SELECT")]) <= 8
    finally:
        event.remove(database.connection, "before_cursor_execute", note)


def test_a_record_opens_its_file_for_who_may_and_says_when_it_was_taken_back(session, cast, ani, citra, fitri, now):
    """Whoever looked after the person at the end of a past year sees the line of that year, and no file of today."""
    place(session, SYSTEM, [cast.ani.id], now - timedelta(days=900))
    day = MONDAY - timedelta(days=365)
    record = academy.a_record(session, cast.ani, started_on=day, ended_on=day)
    session.commit()
    decide = f"/persetujuan/sertifikat/{record.public_id}"
    assert f"Tahun {day.year} sudah ditutup" in citra.get(decide).text
    assert citra.post(f"{decide}/setuju", {"note": ""}).status_code == 303
    line = session.scalars(select(LedgerLine)).one()
    path = f"/opd/pegawai/{cast.ani.public_id}/jp/{line.public_id}"
    page = citra.get(path).text
    assert f'href="{decide}"' in page
    assert cast.citra.name in page
    assert f'href="/capaian/luar/{record.public_id}"' in ani.get(f"{HOME}/{line.public_id}").text
    assert citra.post(f"{decide}/batal", {"reason": "Keliru."}).status_code == 303
    page = ani.get(f"{HOME}/{line.public_id}").text
    assert "Persetujuannya dibatalkan" in page
    assert "/capaian/myasn/" not in page
    cast.ani.unit_id = cast.kesehatan.id
    place(session, SYSTEM, [cast.ani.id], now)
    session.commit()
    page = citra.get(path).text
    assert "SD Contoh" in page
    assert decide not in page
    assert f'href="/opd/pegawai/{cast.ani.public_id}"' not in page
    assert f'href="{decide}"' in fitri.get(path).text


def test_who_changes_a_closed_year_is_told_before_whoever_changes_an_open_one_is_not(session, cast, dewi):
    long_ago, today = MONDAY - timedelta(days=365), world.today()
    for day, told in ((long_ago, True), (today, False)):
        days = {"started_on": day, "ended_on": day}
        record = academy.a_record(session, cast.ani, number=f"T-{day}", **days)
        partner = academy.a_partner(session, f"Mitra {day}")
        placed = academy.a_placement(session, cast.ani, partner, cast.dewi, state="signed", starts_on=day, ends_on=day)
        session.commit()
        pages = [f"/persetujuan/sertifikat/{record.public_id}", f"/kelola/magang/{placed.public_id}"]
        assert dewi.post(f"{pages[0]}/setuju", {"note": "Lain."}).status_code == 303
        line = session.scalars(select(LedgerLine).order_by(LedgerLine.id.desc()).limit(1)).one()
        for page in (*pages, f"/kelola/jp/{line.public_id}"):
            assert (f"Tahun {day.year} sudah ditutup" in dewi.get(page).text) == told, page
