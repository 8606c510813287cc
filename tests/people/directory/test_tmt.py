"""Since when a change holds, typed on the pages: transfers, leaving, a TMT put right, and names that were changed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.errors import Conflict
from elearn.people.accounts.models import FormerName, Placement, WebSession
from elearn.people.accounts.queries import unit_on
from elearn.people.accounts.rules import Present, change_problem, day_problem, leaving_problem, start_problem
from elearn.people.accounts.tenure import place
from elearn.people.audit.models import AuditEntry
from elearn.people.directory.actions import change_person
from elearn.people.directory.forms import PersonDraft
from elearn.recognition.certificates.actions import issue, reissue
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.models import LedgerLine
from tests import world
from tests.overview.attainment.test_attainment import with_jp

TODAY = date(2026, 11, 28)
NIP = "198501012010012001"


def draft(person, **fields):
    kept = {"name": person.name, "nip": person.nip, "position": person.position, "asn_kind": person.asn_kind}
    return {**kept, "unit": "DIK.SD1", **fields}


def history(session, person):
    mine = select(Placement).filter_by(person_id=person.id).order_by(Placement.valid_from)
    found = session.scalars(mine.execution_options(populate_existing=True))
    return [(each.unit_id, each.asn_kind, each.valid_from, each.valid_to) for each in found]


@pytest.mark.parametrize(
    ("day", "present", "words"),
    [
        (date(2026, 11, 29), None, "belum tiba"),
        (date(2024, 12, 31), None, "paling awal 1 Januari 2025"),
        (date(2025, 1, 1), None, None),
        (date(2025, 1, 1), Present(date(2026, 5, 1), first=True), None),
        (date(2026, 4, 30), Present(date(2026, 5, 1), first=False), "berlaku sejak 1 Mei 2026"),
        (date(2026, 5, 1), Present(date(2026, 5, 1), first=False), None),
        (TODAY, Present(TODAY, first=False), None),
    ],
)
def test_a_change_reaches_back_to_the_last_one_and_never_ahead(day, present, words):
    told = change_problem(day, TODAY, NIP, present)
    assert (words in told) if words else (told is None)


def test_nobody_serves_before_the_appointment_nor_leaves_on_the_day_of_a_change():
    late = NIP[:8] + "202605" + NIP[14:]
    assert "pengangkatan" in day_problem(date(2026, 4, 30), TODAY, late)
    assert day_problem(date(2026, 5, 1), TODAY, late) is None
    assert day_problem(TODAY, TODAY, NIP[:8] + "203001" + NIP[14:]) is None, "a mistaken NIP shuts nobody out"
    assert leaving_problem(date(2026, 5, 1), TODAY, NIP, Present(date(2026, 5, 1), first=False)) is not None
    assert leaving_problem(date(2026, 5, 2), TODAY, NIP, Present(date(2026, 5, 1), first=False)) is None
    assert start_problem(date(2026, 2, 1), TODAY, NIP, date(2026, 2, 1), date(2026, 5, 1)) is not None
    assert start_problem(date(2026, 2, 2), TODAY, NIP, date(2026, 2, 1), date(2026, 5, 1)) is None


def test_a_transfer_typed_late_holds_since_its_tmt_and_leaves_every_line_where_it_is(session, dewi, citra, cast):
    now, today = utc_now(), wib_date(utc_now())
    place(session, dewi.actor, [cast.ani.id], now - timedelta(days=90))
    with_jp(session, cast.ani, 12, now, today.year)
    was = session.scalars(select(LedgerLine.unit_id)).all()
    edit, tmt = f"/opd/pegawai/{cast.ani.public_id}/ubah", today - timedelta(days=20)

    ahead = dewi.post(edit, draft(cast.ani, unit="KES", tmt=today + timedelta(days=1)))
    assert (ahead.status_code, "belum tiba" in ahead.text) == (422, True)
    idle = dewi.post(edit, draft(cast.ani, tmt=tmt))
    assert (idle.status_code, "tidak berubah" in idle.text) == (422, True)
    assert dewi.post(edit, draft(cast.ani, unit="KES", tmt="kemarin")).status_code == 422
    [(_unit, _kind, noted, _to)] = history(session, cast.ani)

    said = dewi.post(edit, draft(cast.ani, unit="KES", asn_kind="PPPK", tmt=tmt))
    assert "tetap di unit lama" in dewi.get(said.headers["location"]).text
    before, after = history(session, cast.ani)
    assert before == (cast.sekolah.id, "PNS", noted, tmt - timedelta(days=1))
    assert after == (cast.kesehatan.id, "PPPK", tmt, None)
    assert unit_on(session, cast.ani.id, tmt) == cast.kesehatan.id
    assert session.scalars(select(LedgerLine.unit_id)).all() == was
    assert session.scalars(select(AuditEntry).filter_by(action="person.changed")).one().after["since"] == f"{tmt}"

    # Earlier than that nothing can be said any more, but the day itself can be put right.
    early = dewi.post(edit, draft(cast.ani, unit="DIK", tmt=tmt - timedelta(days=1)))
    assert (early.status_code, "Perubahan terakhir berlaku" in early.text) == (422, True)
    moved = f"/opd/pegawai/{cast.ani.public_id}/tmt"
    assert dewi.post(moved, {"tmt": noted}).status_code == 422
    assert dewi.post(moved, {"tmt": tmt - timedelta(days=9)}).status_code == 303
    assert [row[2:] for row in history(session, cast.ani)] == [
        (noted, tmt - timedelta(days=10)),
        (tmt - timedelta(days=9), None),
    ]
    # A transfer taken back leaves the first place as it was.
    back = draft(cast.ani, unit="DIK.SD1", asn_kind="PNS", tmt=tmt - timedelta(days=9))
    assert dewi.post(edit, back).status_code == 303
    assert history(session, cast.ani) == [(cast.sekolah.id, "PNS", noted, None)]
    assert "Belum ada perubahan tugas" in dewi.get(moved).text
    assert citra.get(moved).status_code == 403


def test_the_first_place_that_is_known_gives_way_and_still_tells_of_the_time_before(session, dewi, cast):
    today = wib_date(utc_now())
    place(session, dewi.actor, [cast.ani.id], utc_now() - timedelta(days=3))
    session.commit()
    tmt = today - timedelta(days=30)
    edit = f"/opd/pegawai/{cast.ani.public_id}/ubah"
    assert dewi.post(edit, draft(cast.ani, unit="KES", tmt=tmt)).status_code == 303
    told = [unit_on(session, cast.ani.id, day) for day in (date(2020, 1, 1), tmt - timedelta(days=1), tmt, today)]
    assert told == [cast.sekolah.id] * 2 + [cast.kesehatan.id] * 2


def test_whoever_leaves_owes_nothing_since_the_tmt_and_a_mistake_is_undone(session, dewi, ani, cast):
    today, card = wib_date(utc_now()), f"/opd/pegawai/{cast.ani.public_id}"
    place(session, dewi.actor, [cast.ani.id], utc_now() - timedelta(days=90))
    session.commit()
    assert dewi.post(f"{card}/keluar", {"alasan": "bosan", "tmt": today}).status_code == 422
    assert dewi.post(f"{card}/keluar", {"alasan": "pensiun", "tmt": today + timedelta(days=1)}).status_code == 422
    tmt = today - timedelta(days=5)
    assert dewi.post(f"{card}/keluar", {"alasan": "pensiun", "tmt": tmt}).status_code == 303
    session.expire_all()
    assert (cast.ani.status, history(session, cast.ani)[-1][3]) == ("left", tmt - timedelta(days=1))
    assert session.scalars(select(WebSession).filter_by(person_id=cast.ani.id)).all() == []
    shown = dewi.get(card).text
    assert "Keluar sejak" in shown
    assert ": Pensiun" in shown
    assert cast.ani.public_id not in dewi.get("/opd?tampilan=nama").text
    entry = session.scalars(select(AuditEntry).filter_by(action="person.left")).one()
    assert (entry.reason, entry.after["since"]) == ("pensiun", f"{tmt}")
    assert dewi.post(f"{card}/keluar", {"alasan": "pensiun", "tmt": tmt}).status_code in (409, 422)
    with pytest.raises(Conflict):
        change_person(session, dewi.actor, cast.ani, PersonDraft(**draft(cast.ani, unit="KES")), utc_now())
    assert dewi.post(f"{card}/keluar/batal").status_code == dewi.post(f"{card}/keluar/batal").status_code == 303
    session.expire_all()
    assert (cast.ani.status, history(session, cast.ani)[-1][3]) == ("active", None)
    assert session.scalars(select(AuditEntry).filter_by(action="person.stayed")).one()
    own = dewi.post(f"/opd/pegawai/{cast.dewi.public_id}/keluar", {"alasan": "pensiun", "tmt": tmt})
    assert own.status_code in (409, 422)


def test_a_certificate_keeps_the_name_it_was_issued_with_and_the_card_tells_both(session, dewi, cast):
    now, today = utc_now(), wib_date(utc_now())
    done = world.enrolled(session, cast.ani, world.a_course(session), completed_at=now, completed_jp=2)
    old = issue(session, dewi.actor, done.id, now)
    session.commit()
    edit = f"/opd/pegawai/{cast.ani.public_id}/ubah"
    for title in ("S.Pd", "M.Pd."):
        assert dewi.post(edit, draft(cast.ani, title_after=title)).status_code == 303
    assert [(each.name, each.until) for each in session.scalars(select(FormerName))] == [("Ani Contoh", today)]
    card = dewi.get(f"/opd/pegawai/{cast.ani.public_id}").text
    assert "Ani Contoh, M.Pd." in card
    assert "Nama sebelumnya" in card
    session.expire_all()
    reissue(session, dewi.actor, old.public_id, "Gelar baru.", now)
    new = session.scalars(select(Certificate).order_by(Certificate.id.desc()).limit(1)).one()
    names = [(each.facts["name"], each.facts["title_after"]) for each in (old, new)]
    assert names == [("Ani Contoh", ""), ("Ani Contoh", "M.Pd.")]
    # Back to what it was on the same day: nothing was ever changed.
    assert dewi.post(edit, draft(cast.ani)).status_code == 303
    assert session.scalars(select(FormerName)).all() == []
