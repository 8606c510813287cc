"""How far people are with a programme: the numbers, the names behind each, files and the text, and whose they are."""

from datetime import date, timedelta

from sqlalchemy import event, select, text

from elearn.learning.programmes.queries import programme_for
from elearn.overview.duties.queries import DutyFilters, duties, tallies
from elearn.overview.duties.rules import Chased, Tally, branches, chase, together
from elearn.people.access.permissions import Role
from elearn.people.audit.models import AuditEntry
from tests import academy, world


def a_year(session, cast):
    """A programme of the regency: Ani is late, Eko has done it, Fitri has time, Citra has moved."""
    course = world.a_course(session)
    programme, rule = academy.a_programme(session, course, None, cast.dewi, title="Program Kabupaten")
    day = world.today()
    academy.owing(session, cast.ani, programme, rule, due_on=day - timedelta(days=1))
    world.enrolled(session, cast.eko, course, completed_at=world.THEN)
    done = {"state": "done", "completed_at": world.THEN}
    academy.owing(session, cast.eko, programme, rule, due_on=day, **done)
    # Of two terms the last one counts.
    academy.owing(session, cast.fitri, programme, rule, due_on=day, **done)
    academy.owing(session, cast.fitri, programme, rule, term=2, counts_from=world.THEN, due_on=day)
    academy.owing(session, cast.citra, programme, rule, state="moved", due_on=day - timedelta(days=9))
    session.commit()
    return programme


def whole(session, visitor, programme):
    own = tallies(session, visitor.actor, DutyFilters(programme_of(session, visitor, programme)), world.today())
    return together(list(own.values()))


def programme_of(session, visitor, programme):
    return programme_for(session, visitor.actor, programme.public_id)


def test_numbers_are_those_of_plain_sql_and_each_leads_to_its_names(session, cast, dewi, citra, fitri):
    programme = a_year(session, cast)
    plain = session.execute(
        text(
            "SELECT count(*), sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END), "
            "sum(CASE WHEN state = 'open' AND due_on < :today THEN 1 ELSE 0 END) FROM programme_duties d "
            "WHERE state != 'moved' AND term = "
            "(SELECT max(term) FROM programme_duties l WHERE l.person_id = d.person_id)"
        ),
        {"today": str(world.today()) if session.get_bind().dialect.name == "sqlite" else world.today()},
    ).one()
    assert whole(session, dewi, programme) == tuple(plain) == Tally(3, 1, 1)
    # Z3: each admin counts and sees the own people only.
    assert (whole(session, citra, programme), whole(session, fitri, programme)) == (Tally(1, 0, 1), Tally(2, 1, 0))
    here = f"/kelola/program/{programme.public_id}"
    names = (cast.ani.name, cast.eko.name, cast.fitri.name, cast.citra.name)
    for asked, seen in (("terlambat", 1), ("belum", 2), ("selesai", 1), ("pindah", 1)):
        page = dewi.get(f"{here}?keadaan={asked}").text
        table = page[page.index("<tbody>") : page.index("</tbody>")]
        assert sum(name in table for name in names) == seen, asked
    assert "<svg" in dewi.get(here).text
    # The row of a unit alone leads to just its people: Ani works below, Eko in the very unit.
    assert cast.ani.name not in citra.get(f"{here}?unit=DIK&langsung=1").text
    assert f"{here}?unit=KES&amp;langsung=1&amp;tampilan=nama" in fitri.get(here).text
    assert cast.eko.name in fitri.get(f"{here}?unit=KES&langsung=1").text
    assert cast.eko.name not in dewi.get(f"{here}?langsung=1").text
    listed = citra.get(f"{here}?tampilan=nama").text
    assert (cast.ani.name in listed, cast.eko.name in listed) == (True, False)
    assert citra.get(f"{here}?unit=KES").status_code == 404
    assert dewi.get(f"{here}?keadaan=apa").status_code == 422


def test_the_file_and_the_text_hold_the_own_people_and_the_audit_says_so(session, cast, citra, fitri):
    programme = a_year(session, cast)
    here = f"/kelola/program/{programme.public_id}"
    file = citra.post(f"{here}/unduh", {"format": "csv"})
    rows = file.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert cast.ani.name in rows[1]
    assert "terlambat" in rows[1]
    assert "Etika ASN Contoh" in rows[1]
    entry = session.scalars(select(AuditEntry).filter_by(action="duties.exported")).one()
    assert (entry.actor_id, entry.after["rows"]) == (cast.citra.id, 1)
    assert fitri.post(f"{here}/unduh", {"format": "xlsx"}).content.startswith(b"PK")
    told = citra.get(f"{here}/teks").text
    assert "<textarea" in told
    assert f"- {cast.ani.name}: Etika ASN Contoh, tenggat" in told
    assert cast.fitri.name not in told


def test_a_head_sees_the_own_peoples_duties_and_changes_nothing(session, cast, visitor):
    programme = a_year(session, cast)
    draft, _rule = academy.a_programme(
        session, world.a_course(session, "lain"), cast.dinas, cast.citra, state="draft", title="Program Konsep"
    )
    head = visitor(world.a_person(session, "Hana", "197001012000031001", cast.dinas, Role.HEAD, scope=cast.dinas))
    session.commit()
    here = f"/kelola/program/{programme.public_id}"
    listed = head.get("/kelola/program").text
    assert "Program Kabupaten" in listed
    assert not any(said in listed for said in ("Program Konsep", "/kelola/program/baru", "hanya lihat"))
    assert whole(session, head, programme) == Tally(1, 0, 1)
    page = head.get(f"{here}?keadaan=terlambat").text
    assert (cast.ani.name in page, cast.eko.name in page) == (True, False)
    assert "/ubah" not in page
    assert cast.ani.name in head.get(f"{here}/teks").text
    assert cast.ani.name in head.post(f"{here}/unduh", {"format": "csv"}).text
    for way in ("ubah", "aturan"):
        assert head.get(f"{here}/{way}").status_code == 404
    assert head.post(f"{here}/tutup").status_code == 404
    assert head.get("/kelola/program/baru").status_code == 403
    assert head.get(f"/kelola/program/{draft.public_id}").status_code == 404


def test_the_list_takes_as_many_statements_however_long(session, cast, dewi, database):
    programme = a_year(session, cast)
    filters = DutyFilters(programme_of(session, dewi, programme))
    actor, seen = dewi.actor, []

    def asked():
        seen.clear()
        duties(session, actor, filters, world.today(), 1)
        return len(seen)

    def note(*given):
        seen.append(given[2])

    event.listen(database.connection, "before_cursor_execute", note)
    try:
        few = asked()
        rule = filters.programme.rules[0]
        for n in range(30):
            who = world.a_person(session, f"Umpama {n}", f"1990010120150310{n:02}", cast.sekolah)
            academy.owing(session, who, filters.programme, rule, due_on=world.today())
        session.flush()
        assert asked() == few
    finally:
        event.remove(database.connection, "before_cursor_execute", note)


def test_units_where_nobody_owes_anything_are_left_out_and_the_text_goes_by_unit(cast):
    units = [cast.kabupaten, cast.dinas, cast.sekolah, cast.kesehatan]
    own = {cast.sekolah.id: Tally(4, 1, 2), cast.dinas.id: Tally(1, 1, 0)}
    assert [(unit.code, tally.share) for unit, tally in branches(units, own, None)] == [("DIK", 40)]
    named = (("A", "SD", "X", False), ("B", "SD", "Y", True), ("C", "SMP", "Z", False))
    people = [Chased(name, unit, missing, None, late) for name, unit, missing, late in named]
    written = chase("Program", people, "https://contoh.example/wajib")
    assert written.count("*SD*") == written.count("*SMP*") == 1
    assert "- B: Y (lewat tenggat)" in written


def test_a_year_that_is_over_can_be_looked_at_with_who_missed_it(session, cast, dewi, citra):
    """After New Year the page shows the new year, and the old one with its own numbers, names and file."""
    course = world.a_course(session)
    programme, rule = academy.a_programme(session, course, None, cast.dewi, validity="year")
    for year, states in ((2026, ("missed", "done", "moved")), (2027, ("open", "open", "open"))):
        for person, state in zip((cast.ani, cast.eko, cast.citra), states, strict=True):
            day = date(year, 12, 31)
            done = {"completed_at": world.THEN, "valid_until": day} if state == "done" else {}
            academy.owing(session, person, programme, rule, term=year - 2025, state=state, ends_on=day, **done)
    session.commit()
    found, today = programme_of(session, dewi, programme), date(2027, 1, 2)
    for year, tally in ((None, Tally(3, 0, 0)), (2026, Tally(2, 1, 1)), (2027, Tally(3, 0, 0)), (2025, Tally())):
        own = tallies(session, dewi.actor, DutyFilters(found, year=year), today)
        assert together(list(own.values())) == tally, year
    assert together(list(tallies(session, citra.actor, DutyFilters(found, year=2026), today).values())) == Tally(
        1, 0, 1
    )
    here = f"/kelola/program/{programme.public_id}"
    names = dewi.get(f"{here}?tahun=2026&keadaan=belum").text
    assert (cast.ani.name in names, cast.eko.name in names, "Tidak terpenuhi" in names) == (True, False, True)
    assert dewi.get(f"{here}?tahun=lama").status_code == 422
    file = citra.post(f"{here}/unduh", {"format": "csv", "tahun": "2026"}).content.decode("utf-8-sig")
    assert "tidak terpenuhi" in file
    assert "2026" in file
    assert cast.eko.name not in file
    assert session.scalars(select(AuditEntry).filter_by(action="duties.exported")).one().after["year"] == 2026
