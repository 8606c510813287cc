"""A form's rule changes: shown first, written once, never by editing a line."""

import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests import academy, world
from tests.recognition.learning_hours.test_ledger import SYSTEM, learned

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.people.audit.models import AuditEntry
from elearn.recognition.external_records.actions import approve, take_back
from elearn.recognition.external_records.forms import Approval, TakingBack
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.recounting.jobs import count_again, write_changes
from elearn.recognition.recounting.models import Recount, RecountChange
from elearn.recognition.recounting.rules import Case, counted_again
from elearn.teaching.delivery.models import FormRule

HERE = "/kelola/hitung-ulang"
SOURCE = "Peraturan LAN contoh nomor 1 pasal 2"


def year():
    return world.today().year


def version(**fields):
    first = date(year(), 1, 2).isoformat()
    return {"since": first, "basis": "daily", "jp": "", "jp_abroad": "", "times": "", "source": SOURCE, **fields}


def run(database, work, recount, owner):
    progress = Progress(None, database.write, lambda: datetime.now(UTC), lambda: False)
    progress.owner_id = owner
    return work(progress, recount=recount.public_id, total=1)


def lines_of(session, **which):
    rows = select(LedgerLine).filter_by(**which).order_by(LedgerLine.id)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def test_a_version_says_what_is_wrong_with_it(dewi, budi, session):
    page, form = "/kelola/bentuk/NKL03", "NKL03"
    assert "paling banyak 3 JP sehari" in dewi.get("/kelola/bentuk").text
    for wrong, said in (
        ({"since": "2019-03-01", "jp": "5"}, "Tahun 2019 sudah ditutup"),
        ({"jp": ""}, "Isi berapa JP"),
        ({"jp": "5", "times": "2"}, "Batas sebulan hanya untuk hitungan per kali"),
        ({"basis": "programme", "jp_abroad": "5"}, "tanpa angka JP"),
        ({"basis": "day", "jp": "5", "jp_abroad": "4"}, "Tidak boleh kurang dari yang nasional"),
        ({"jp": "3", "jp_abroad": "4"}, "sama dengan yang sudah berlaku"),
        ({"jp": "5", "source": "surat"}, "Dasar"),
        ({"jp": "5", "since": "besok"}, "tanggal"),
    ):
        answer = dewi.post(page, version(**wrong))
        assert answer.status_code == 422, wrong
        assert said in answer.text, wrong
    assert budi.post(page, version(jp="5")).status_code == 404
    assert dewi.post(page, version(jp="5")).status_code == 303
    assert "Pilih tanggal sesudahnya" in dewi.post(page, version(jp="6")).text
    tomorrow = (world.today() + timedelta(days=1)).isoformat()
    dewi.post(page, version(jp="6", since=tomorrow))
    assert "paling banyak 6 JP sehari" in dewi.get(page).text
    assert dewi.post(f"{page}/cabut", {"since": tomorrow}).status_code == 303
    assert dewi.post(f"{page}/cabut", {"since": tomorrow}).status_code == 404
    told = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("form.rule")).order_by("id"))
    assert list(told) == ["form.rule_added", "form.rule_added", "form.rule_withdrawn"]
    assert session.scalar(select(func.count()).select_from(FormRule).filter_by(form_code=form)) == 2


def test_e_learning_is_counted_again_once_and_only_what_was_shown(database, session, cast, dewi, budi, ani, now):
    day = date(year(), 3, 2)
    by_person = {}
    for who in (cast.ani, cast.eko, cast.citra):
        courses = [world.a_course(session, f"k{n}-{who.id}", minutes=minutes) for n, minutes in enumerate((90, 225))]
        by_person[who] = [
            credit_course(session, SYSTEM, learned(session, who, course, {day: course.minutes}).id, now)
            for course in courses
        ]
        assert [line.jp_recognised for line in by_person[who]] == [2, 1]
    # What an officer said of a line holds.
    correct(session, dewi.actor, by_person[cast.eko][1].public_id, Correction(jp=0, reason="Salah catat."), now)
    session.commit()
    dewi.post("/kelola/bentuk/NKL03", version(jp="5"))
    assert dewi.post(HERE, {"form": "NKL03", "year": year() - 2}).status_code == 422
    assert "Belum ada JP dari bentuk ini" in dewi.post(HERE, {"form": "KL01", "year": year()}).text
    assert dewi.post(HERE, {"form": "NKL03", "year": year()}).status_code == 303
    recount = session.scalars(select(Recount)).one()
    page = f"{HERE}/{recount.public_id}"
    assert "Pratinjau belum selesai" in dewi.get(page).text
    job = session.scalars(select(Job)).one()
    job.state = "failed"
    session.commit()
    assert "Pratinjau ini terhenti" in dewi.get(page).text
    job.state = "waiting"
    session.commit()
    assert dewi.post(f"{page}/tulis").status_code == 409
    before = len(lines_of(session))
    told = run(database, count_again, recount, cast.dewi.id)
    assert "Akan berubah: 2" in told["lines"]
    session.expire_all()
    shown = dewi.get(page).text
    assert (recount.lines, recount.by_hand, len(lines_of(session))) == (6, 1, before)
    assert "Ani Contoh" in shown
    assert "Eko Contoh" not in shown
    rows = json.loads(dewi.post(f"{page}/unduh", {"format": "json"}).text)
    assert [(row["recognised_before"], row["recognised_after"]) for row in rows] == [(1, 3), (1, 3)]
    assert budi.get(page).status_code == ani.get(page).status_code == 404
    # Citra's account moves meanwhile: hers is left alone.
    correct(session, dewi.actor, by_person[cast.citra][1].public_id, Correction(jp=0, reason="Salah catat."), now)
    session.commit()
    assert dewi.post(f"{page}/tulis").status_code == dewi.post(f"{page}/tulis").status_code == 303
    assert "Ditulis: 1" in run(database, write_changes, recount, cast.dewi.id)["lines"]
    run(database, write_changes, recount, cast.dewi.id)
    (made,) = [line for line in lines_of(session, person_id=cast.ani.id) if line.corrects_id]
    assert (made.jp_earned, made.jp_recognised, made.year, made.unit_id) == (0, 2, year(), cast.ani.unit_id)
    assert SOURCE in made.reason
    counted = select(func.sum(LedgerDay.counted)).join(LedgerLine, LedgerLine.id == LedgerDay.line_id)
    assert session.scalar(counted.where(LedgerLine.person_id == cast.ani.id)) == 225
    session.expire_all()
    states = {each.person_id: each.state for each in session.scalars(select(RecountChange))}
    assert states == {cast.ani.id: "written", cast.citra.id: "stale"}
    assert [line.jp_recognised for line in by_person[cast.ani]] == [2, 1]
    told = session.scalars(select(AuditEntry).filter_by(action="jp.recounted")).one()
    assert (told.before["recognised"], told.after["recognised"], told.actor_id) == (1, 3, cast.dewi.id)
    # A second look finds nothing; a later correction knows the newer cap.
    dewi.post(HERE, {"form": "NKL03", "year": year()})
    again = session.scalars(select(Recount).order_by(Recount.id.desc())).first()
    assert "Akan berubah: 0" in run(database, count_again, again, cast.dewi.id)["lines"]
    assert "Tidak ada JP yang berubah" in dewi.get(f"{HERE}/{again.public_id}").text
    line = by_person[cast.ani][1].public_id
    assert dewi.post(f"/kelola/jp/{line}", {"jp": "4", "reason": "Dua hari."}).status_code == 422
    assert dewi.post(f"/kelola/jp/{line}", {"jp": "2", "reason": "Salah hari."}).status_code == 303
    assert dewi.post("/kelola/bentuk/NKL03/cabut", {"since": f"{year()}-01-02"}).status_code == 409


def test_days_of_a_seminar_elsewhere_are_worth_more_from_then_on(database, session, cast, citra, dewi, now):
    first = date(year(), 2, 3)
    filed = [
        academy.a_record(
            session, cast.ani, number=f"S-{n}", form_code="KL06", started_on=first, ended_on=first + timedelta(days=n)
        )
        for n in (0, 1)
    ]
    for record in filed:
        approve(session, citra.actor, record.public_id, Approval(note="Lain."), now)
    take_back(session, citra.actor, filed[1].public_id, TakingBack(reason="Keliru."), now)
    session.commit()
    worth = lines_of(session, person_id=cast.ani.id)[0].jp_earned
    dewi.post("/kelola/bentuk/KL06", version(basis="day", jp=str(worth + 1), jp_abroad=str(worth + 9)))
    dewi.post(HERE, {"form": "KL06", "year": year()})
    recount = session.scalars(select(Recount)).one()
    run(database, count_again, recount, cast.dewi.id)
    dewi.post(f"{HERE}/{recount.public_id}/tulis")
    run(database, write_changes, recount, cast.dewi.id)
    (made,) = [line for line in lines_of(session, person_id=cast.ani.id) if "@" in line.key]
    assert (made.jp_earned, made.jp_recognised) == (1, 1)
    # What was taken back earns nothing, before and after; taken back now, neither what a recount added.
    assert sums(lines_of(session, person_id=cast.ani.id)) == (worth + 1, worth + 1)
    take_back(session, citra.actor, filed[0].public_id, TakingBack(reason="Keliru."), now)
    assert sums(lines_of(session, person_id=cast.ani.id)) == (0, 0)


def sums(lines):
    return sum(line.jp_earned for line in lines), sum(line.jp_recognised for line in lines)


@given(
    cases=st.lists(
        st.tuples(st.dictionaries(st.integers(1, 4), st.integers(1, 400), min_size=1), st.integers(0, 6)), max_size=6
    ),
    most=st.integers(1, 6),
    taken=st.dictionaries(st.integers(1, 4), st.integers(0, 45)),
)
def test_no_day_is_worth_more_than_its_new_cap(cases, most, taken):
    rule = FormRule(form_code="NKL03", basis="daily", jp=most)
    known = [
        Case(n, rule, 45, sum(days.values()) // 45, {date(2026, 3, day): m for day, m in days.items()}, jp, jp)
        for n, (days, jp) in enumerate(cases)
    ]
    used = {date(2026, 3, day): minutes for day, minutes in taken.items()}
    verdicts = counted_again(known, used)
    for each in verdicts:
        assert each.recognised <= each.case.jp
        assert sum(each.counted.values()) == each.recognised * 45
        for day, minutes in each.counted.items():
            assert minutes <= each.case.days[day]
            used[day] = used.get(day, 0) + minutes
    assert all(minutes <= most * 45 for minutes in used.values())


def test_a_month_has_so_many_times_whatever_each_is_worth():
    rule = FormRule(form_code="NKL01", basis="time", jp=3, jp_international=6, times_a_month=2)
    cases = [
        Case(n, rule, 45, jp, {date(2026, 3, 1 + n): jp * 45}, 0, 0, jp == 6) for n, jp in enumerate((6, 3, 3), start=1)
    ]
    assert [each.recognised for each in counted_again(cases, {})] == [6, 3, 0]
    assert [each.recognised for each in counted_again(cases, {}, {date(2026, 3, 1): 1})] == [6, 0, 0]
    assert [each.recognised for each in counted_again(cases, {}, {date(2026, 2, 1): 2})] == [6, 3, 0]
