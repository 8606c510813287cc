"""A partner's agreements: changed, ended early, with their files; and what becomes of placements under them."""

from datetime import date

import pytest
from sqlalchemy import select

from elearn.learning.placements.models import Agreement, Placement
from elearn.people.audit.models import AuditEntry
from tests import academy
from tests.learning.placements.test_placements import wish
from tests.teaching.materials import made

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def partner(session, cast):
    found = academy.a_partner(session)
    session.commit()
    return found


@pytest.fixture
def agreement(session, partner):
    return session.scalars(select(Agreement)).one()


@pytest.fixture
def here(partner, agreement):
    return f"/kelola/mitra/{partner.public_id}/perjanjian/{agreement.public_id}"


def facts(**fields):
    return {
        "agreement_number": "PKS/1/2026",
        "title": "Kerja sama contoh",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        **fields,
    }


def deeds(session, action):
    return session.scalars(select(AuditEntry).filter_by(action=action).order_by(AuditEntry.id)).all()


def test_what_a_placement_says_of_its_agreement_stays(citra, dewi, partner, session, agreement, here):
    where = citra.post("/kelola/magang/baru", wish(partner, letter="")).headers["location"]
    assert citra.post(here, facts()).status_code == 404
    wrong = dewi.post(here, facts(ends_on="2025-12-31"))
    assert (wrong.status_code, "mendahului tanggal mulai" in wrong.text) == (422, True)
    new = facts(agreement_number="PKS/1-B/2026", title="Kerja sama baru", notes="Diubah lewat addendum.")
    assert dewi.post(here, new).status_code == 303
    page = dewi.get(here).text
    assert "Diubah lewat addendum." in page
    assert "Magang pelayanan perizinan" in page
    shown = citra.get(where).text
    assert "PKS/1/2026" in shown
    assert "PKS/1-B/2026" not in shown
    placement = session.scalars(select(Placement)).one()
    assert (placement.agreed_number, placement.agreed_title) == ("PKS/1/2026", "Kerja sama contoh")
    # Narrowed, it would leave that placement outside: asked once more, and it goes on all the same.
    narrow = {**new, "ends_on": "2026-11-10"}
    asked = dewi.post(here, narrow)
    assert (asked.status_code, "1 penempatan masih berjalan" in asked.text) == (422, True)
    session.expire_all()
    assert agreement.ends_on == date(2026, 12, 31)
    assert dewi.post(here, {**narrow, "sure": "1"}).status_code == 303
    noted = deeds(session, "agreement.changed")
    assert [each.before["number"] for each in noted] == ["PKS/1/2026", "PKS/1-B/2026"]
    assert (noted[1].before["ends_on"], noted[1].after["ends_on"]) == ("2026-12-31", "2026-11-10")


def test_an_agreement_is_ended_early_with_a_reason_and_stands_below(citra, dewi, partner, session, agreement, here):
    where = citra.post("/kelola/magang/baru", wish(partner)).headers["location"]
    dewi.post(f"/kelola/mitra/{partner.public_id}/perjanjian", facts(agreement_number="PKS/2/2026"))
    ending = {"last_day": "2026-11-06", "reason": "Mitra pindah kota."}
    for wrong, says in (
        ({"reason": ""}, "Isi kolom ini"),
        ({"last_day": "2025-12-31"}, "baru berlaku mulai"),
        ({"last_day": "2026-12-31"}, "memang berakhir pada"),
        ({}, "1 penempatan masih berjalan"),
    ):
        answer = dewi.post(f"{here}/akhiri", {**ending, **wrong})
        assert (answer.status_code, says in answer.text) == (422, True), says
    assert dewi.post(f"{here}/akhiri", {**ending, "sure": "1"}).status_code == 303
    assert dewi.post(f"{here}/akhiri", {**ending, "sure": "1"}).status_code == 422
    assert "sudah diakhiri" in dewi.post(here, facts()).text
    assert "Mitra pindah kota." in dewi.get(here).text
    page = dewi.get(f"/kelola/mitra/{partner.public_id}").text
    assert page.index("PKS/2/2026") < page.index("Sudah berakhir") < page.index("PKS/1/2026")
    (noted,) = deeds(session, "agreement.ended")
    assert (noted.reason, noted.after["last_day"], noted.after["running"]) == ("Mitra pindah kota.", "2026-11-06", 1)
    # The one that runs goes on; beyond the last day nobody is placed under it, but under another one.
    assert "PKS/1/2026" in citra.get(where).text
    fitri = {"nip": "19800303 200801 2 003", "letter": ""}
    dewi.post("/kelola/magang/baru", wish(partner, **fitri))
    placed = session.scalars(select(Placement).order_by(Placement.id.desc())).first()
    assert placed.agreed_number == "PKS/2/2026"
    # Other days within those of its own agreement keep it; beyond them another one takes its place, which is noted.
    for last, number in (("2026-11-05", "PKS/1/2026"), ("2026-11-16", "PKS/2/2026")):
        assert citra.post(f"{where}/ubah", wish(partner, ends_on=last)).status_code == 303
        assert number in citra.get(where).text
    changed = deeds(session, "placement.changed")
    assert ["agreed_number" in each.after for each in changed] == [False, True]
    two = session.scalars(select(Agreement).filter_by(number="PKS/2/2026")).one()
    dewi.post(f"/kelola/mitra/{partner.public_id}/perjanjian/{two.public_id}/akhiri", {**ending, "sure": "1"})
    later = wish(partner, starts_on="2026-12-01", ends_on="2026-12-04")
    assert "Tidak ada perjanjian dengan mitra ini" in citra.post("/kelola/magang/baru", later).text
    assert "Tidak ada" in dewi.get("/kelola/mitra").text


def test_an_early_end_is_undone_with_a_reason(citra, dewi, partner, session, here):
    ending = {"last_day": "2026-11-06", "reason": "Mitra pindah kota."}
    undo, why = f"{here}/akhiri/batal", {"reason": "Salah pilih perjanjian."}
    refused = dewi.post(undo, why)
    assert (refused.status_code, "tidak diakhiri lebih awal" in refused.text) == (422, True)
    dewi.post(f"{here}/akhiri", ending)
    assert "Tidak ada perjanjian dengan mitra ini" in citra.post("/kelola/magang/baru", wish(partner)).text
    assert citra.post(undo, why).status_code == 404
    asked = dewi.post(undo, {"reason": ""})
    assert (asked.status_code, "Alasan: Isi kolom ini." in asked.text) == (422, True)
    assert "berlaku lagi sampai 31 Desember 2026" in dewi.get(here).text
    assert dewi.post(undo, why).status_code == 303
    page = dewi.get(here).text
    assert "Akhiri lebih awal" in page
    assert "Mitra pindah kota." not in page
    assert citra.post("/kelola/magang/baru", wish(partner)).status_code == 303
    (noted,) = deeds(session, "agreement.resumed")
    assert (noted.before["last_day"], noted.before["reason"]) == ("2026-11-06", "Mitra pindah kota.")
    assert (noted.after["last_day"], noted.reason) == ("2026-12-31", "Salah pilih perjanjian.")


def test_files_of_an_agreement_stay_beside_each_other(citra, dewi, session, here):
    def send(content, name="pks.pdf", who=dewi):
        return who.client.post(f"{here}/berkas", files={"file": (name, content)})

    first = made.picture("PNG", (300, 200))
    assert send(first, "pks.png", citra).status_code == 404
    assert send(first, "pks.png").status_code == 303
    assert send(made.picture("PNG", (200, 300)), "pks-addendum.png").status_code == 303
    again = send(first, "pks.png")
    assert (again.status_code, "Berkas ini sudah ada." in again.text) == (422, True)
    wrong = send(made.EXE, "pks.pdf")
    assert (wrong.status_code, "Unggah PDF atau gambar perjanjiannya." in wrong.text) == (422, True)
    assert send(b"bukan gambar", "pks.pdf").status_code == 422
    page = dewi.get(here).text
    assert page.index("pks-addendum") < page.index("pks.")
    address = page.split(f"{here}/berkas/")[1].split('"')[0]
    assert dewi.get(f"{here}/berkas/{address}").status_code == 200
    assert citra.get(f"{here}/berkas/{address}").status_code == 404
    assert dewi.get(f"{here}/berkas/tidak-ada").status_code == 404
    assert [each.after["name"] for each in deeds(session, "agreement.file_added")] == ["pks.webp", "pks-addendum.webp"]
