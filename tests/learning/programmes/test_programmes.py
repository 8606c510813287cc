"""Programmes: whom rules mean, what a run does and never does, terms, and letters."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.ids import new_id
from elearn.foundation.jobs import worker
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import mailer
from elearn.learning.cohorts.models import Cohort
from elearn.learning.enrolment.actions import withdraw
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes import actions
from elearn.learning.programmes.forms import ProgrammeWish, RuleWish
from elearn.learning.programmes.jobs import look_after_programmes, remind, rest_programme
from elearn.learning.programmes.matching import meant
from elearn.learning.programmes.models import DONE, MOVED, OPEN, Duty, DutyReminder, Nudge, Programme
from elearn.learning.programmes.queries import WHOLE, my_duties, programme_for, programmes
from elearn.learning.programmes.runs import run_piece
from elearn.learning.progress.actions import decide_passed, record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.learning.renewals.models import Renewal
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.audit.models import AuditEntry
from elearn.people.directory.actions import change_person, suspend
from elearn.people.directory.forms import PersonDraft
from elearn.recognition.certificates.actions import issue, revoke
from elearn.teaching.courses.models import Course
from tests import academy, world
from tests.often import often

SYSTEM = Actor.system("tests")
NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def three_courses(session):
    return [world.a_course(session, f"wajib-{n}", title=f"Pelatihan Wajib {n}") for n in (1, 2, 3)]


def a_programme(session, actor, *, rules=({"due_days": 30},), start=True, **wish):
    given = {"title": "Orientasi Contoh", "courses": ["wajib-1", "wajib-2", "wajib-3"], **wish}
    programme = actions.make(session, actor, ProgrammeWish(**given), NOW)
    for rule in rules:
        actions.add_rule(session, actor, programme.public_id, RuleWish(sure=True, **rule), NOW)
    if start:
        session.expire(programme)
        actions.start(session, actor, programme.public_id, NOW)
    session.commit()
    return programme


def run(session, programme, now=NOW, among=None):
    """A whole run, as jobs make it."""
    after = 0
    while after is not None:
        after, _seen = run_piece(session, SYSTEM, programme.id, after, now, among)
        session.commit()


def complete(session, person, course, now=NOW):
    mine = session.scalar(select(Enrolment).filter_by(person_id=person.id, course_id=course.id))
    mine = mine or world.enrolled(session, person, course)
    mine.completed_at = now
    session.commit()


def duty_of(session, person, term=1):
    session.expire_all()
    return session.scalar(select(Duty).filter_by(person_id=person.id, term=term))


def contents(session):
    """Every row that a run may write."""
    tables = ("programme_duties", "enrolments", "audit_entries", "duty_reminders", "duty_mails")
    return [session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() for table in tables]


RULE = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.sampled_from(["DIK", "DIK.SD1", "KES", "KAB"]),
        "position_kinds": st.lists(st.sampled_from(["struktural", "fungsional", "pelaksana"]), max_size=2),
        "asn_kinds": st.lists(st.sampled_from(["PNS", "CPNS", "PPPK"]), max_size=2),
        "ranks": st.sampled_from(["III", "III/c", "II, IV/a", "IX", "I"]),
        "joined_since": st.dates(date(2009, 1, 1), date(2013, 1, 1)),
        "holds": st.booleans(),
    },
)
WHO = st.tuples(
    st.sampled_from(["struktural", "fungsional", "pelaksana", ""]),
    st.sampled_from(["PNS", "CPNS", "PPPK", "LAINNYA"]),
    st.sampled_from(["III/c", "Penata (III/d)", "Pembina, IV/a", "II/b", "IX", "I/a", ""]),
    st.sampled_from(["201001", "201206", "201021", "201222"]),
    st.booleans(),
    st.sampled_from(["active", "active", "suspended"]),
)


BIRTHS = count(19500101)


def plainly(rule, person, unit_codes, certified):
    """The same, asked of one person in plain Python."""
    nip, rank = person.nip, person.rank
    bare = rank.replace("(", " ").replace(")", " ").replace(",", " ").upper().split()
    # A guest of a class owes nothing here.
    checks = [person.status == "active", person.asn_kind != "LAINNYA"]
    if "unit" in rule:
        checks.append(rule["unit"] in unit_codes)
    if rule.get("position_kinds"):
        checks.append(person.position_kind in rule["position_kinds"])
    if rule.get("asn_kinds"):
        checks.append(person.asn_kind in rule["asn_kinds"])
    if "ranks" in rule:
        asked = rule["ranks"].upper().split(", ")
        checks.append(any(word == code or word.split("/")[0] == code for word in bare for code in asked))
    if "joined_since" in rule:
        year, month, since = int(nip[8:12]), int(nip[12:14]), rule["joined_since"]
        checks.append(year > since.year or (year == since.year and (month > 12 or month >= since.month)))
    if "holds" in rule:
        checks.append(certified == rule["holds"])
    return all(checks)


@settings(max_examples=often(25), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rules=st.lists(RULE, min_size=1, max_size=3), people=st.lists(WHO, min_size=4, max_size=4))
def test_rules_mean_whom_a_plain_filter_finds(session, cast, dewi, rules, people):
    """All conditions of a rule, any rule of a programme, and nobody outside the owner's subtree."""
    course, certified, places = world.a_course(session, new_id()), set(), {}
    for n, (kind, asn, rank, joined, holds, status) in enumerate(people):
        unit = (cast.sekolah, cast.dinas, cast.kesehatan, cast.kabupaten)[n]
        who = world.a_person(session, f"Umpama {n}", f"{next(BIRTHS)}{joined}1{n:03}", unit)
        who.position_kind, who.asn_kind, who.rank, who.status = kind, asn, rank, status
        places[who.id] = {"KAB", unit.code} | ({"DIK"} if unit is cast.sekolah else set())
        if holds:
            certified.add(who.id)
            issue(session, SYSTEM, world.enrolled(session, who, course, completed_at=NOW, completed_jp=2).id, NOW)
    programme = Programme(
        public_id=new_id(), title="x", mandatory=True, way="all", remind_before=[], remind_after=[],
        state="active", created_at=NOW,
    )  # fmt: skip
    session.add(programme)
    session.flush()
    for rule in rules:
        wish = {name: value for name, value in rule.items() if name != "holds"}
        if "holds" in rule:
            wish |= {"certificate_course": course.slug, "certificate": "holds" if rule["holds"] else "lacks"}
        actions.add_rule(session, dewi.actor, programme.public_id, RuleWish(sure=True, **wish), NOW)
    session.expire_all()
    whole = session.scalars(select(Programme).where(Programme.id == programme.id).options(*WHOLE)).one()
    found = set(session.scalars(select(Person.id).where(meant(whole), Person.id.in_(places))))
    everybody = session.scalars(select(Person).where(Person.id.in_(places))).all()
    assert found == {
        who.id for who in everybody if any(plainly(rule, who, places[who.id], who.id in certified) for rule in rules)
    }


def test_a_run_brings_people_in_once_and_again_changes_nothing(session, cast, dewi):
    first, second, _third = three_courses(session)
    complete(session, cast.eko, first)
    programme = a_programme(
        session, dewi.actor, way="ordered", rules=[{"unit": "DIK", "due_days": 30}, {"unit": "KES"}]
    )
    assert worker.run_pending(lambda: session_of(session)) >= 1
    run(session, programme)
    ani, eko = duty_of(session, cast.ani), duty_of(session, cast.eko)
    assert (ani.state, ani.due_on is not None, eko.due_on) == (OPEN, True, None)
    assert duty_of(session, cast.dewi) is None
    # In order: the first that is missing, and no other.
    placed = set(session.execute(select(Enrolment.person_id, Enrolment.course_id).filter_by(source="rule")))
    assert {(cast.ani.id, first.id), (cast.eko.id, second.id)} <= placed
    assert len({person for person, _course in placed}) == len(placed)
    before = contents(session)
    run(session, programme)
    assert contents(session) == before
    made = session.scalar(select(func.count()).select_from(AuditEntry).filter_by(action="duty.made"))
    assert made == session.scalar(select(func.count()).select_from(Duty))


def session_of(session):
    """Another session on the same test's view of the database."""
    return Session(session.get_bind(), join_transaction_mode="create_savepoint", expire_on_commit=False)


def test_who_left_a_course_is_not_brought_back(session, cast, dewi):
    courses = three_courses(session)
    programme = a_programme(session, dewi.actor, rules=[{"unit": "DIK.SD1"}])
    run(session, programme)
    mine = session.scalar(select(Enrolment).filter_by(person_id=cast.ani.id, course_id=courses[0].id))
    withdraw(session, SYSTEM, mine, NOW)
    run(session, programme)
    session.refresh(mine)
    assert mine.withdrawn_at is not None


def test_a_duty_is_done_with_the_courses_it_needs(session, cast, dewi, ani):
    courses = three_courses(session)
    programme = a_programme(session, dewi.actor, way="some", needed=2, rules=[{"unit": "DIK.SD1", "due_days": 9}])
    run(session, programme)
    # Where there is a choice nobody is enrolled.
    assert not session.scalar(select(func.count()).select_from(Enrolment).filter_by(source="rule"))
    [owed] = my_duties(session, ani.actor)
    assert owed.missing.words.startswith("2 dari: ")
    page = ani.get("/wajib").text
    assert "Pilih 2 lagi" in page
    assert programme.title in ani.get("/").text
    complete(session, cast.ani, courses[2])
    run(session, programme)
    assert duty_of(session, cast.ani).state == OPEN
    complete(session, cast.ani, courses[0], NOW + timedelta(days=1))
    run(session, programme, NOW + timedelta(days=2))
    done = duty_of(session, cast.ani)
    assert (done.state, done.completed_at) == (DONE, NOW + timedelta(days=1))
    assert programme.title not in ani.get("/").text


def test_who_moves_keeps_everything_and_hears_nothing(session, cast, dewi, ani, monkeypatch):
    """The history stays, the duty is quiet, and coming back it goes on with time left."""
    courses = three_courses(session)
    cast.ani.email = "ani@contoh.example"
    programme = a_programme(session, dewi.actor, remind_before="14, 3", rules=[{"unit": "DIK", "due_days": 10}])
    run(session, programme)
    complete(session, cast.ani, courses[0])
    sent = letters(session, monkeypatch, NOW + timedelta(days=1))
    assert [(each.to, each.text.count("\n- ")) for each in sent] == [("ani@contoh.example", 1)]
    assert "Pelatihan Wajib 2; Pelatihan Wajib 3" in sent[0].text
    assert "Pelatihan Wajib 1" not in sent[0].text
    # Told once; the next moment is another.
    assert letters(session, monkeypatch, NOW + timedelta(days=2)) == []
    move(session, dewi, cast.ani, "KES")
    assert session.scalars(select(Nudge.person_id)).all() == [cast.ani.id]
    look_after(session, NOW + timedelta(days=3))
    assert not session.scalars(select(Nudge)).all()
    gone = duty_of(session, cast.ani)
    assert (gone.state, gone.closed_at is not None) == (MOVED, True)
    kept = session.scalars(select(Enrolment).filter_by(person_id=cast.ani.id)).all()
    assert {each.course_id for each in kept} == {course.id for course in courses}
    assert all(each.withdrawn_at is None for each in kept)
    # The day that the rule gave is dropped with it, or the courses' own pages would go on asking.
    assert {each.due_on for each in kept if not each.completed_at} == {None}
    assert "Tenggat terdekat" not in ani.get("/").text
    assert letters(session, monkeypatch, NOW + timedelta(days=12)) == []
    move(session, dewi, cast.ani, "DIK")
    look_after(session, NOW + timedelta(days=60))
    back = duty_of(session, cast.ani)
    assert (back.id, back.state, back.closed_at) == (gone.id, OPEN, None)
    assert back.due_on == wib_date(NOW + timedelta(days=90))
    again = session.scalars(select(Enrolment.due_on).filter_by(person_id=cast.ani.id, completed_at=None))
    assert set(again) == {back.due_on}
    suspend(session, dewi.actor, cast.ani, NOW)
    look_after(session, NOW + timedelta(days=60))
    assert duty_of(session, cast.ani).state == MOVED


def test_a_certificate_that_is_taken_back_counts_no_more_within_the_minute(session, cast, dewi):
    first, *_others = three_courses(session)
    complete(session, cast.ani, first)
    held = issue(session, SYSTEM, session.scalars(select(Enrolment.id)).one(), NOW)
    rules = [{"certificate_course": first.slug, "certificate": "holds"}]
    programme = a_programme(session, dewi.actor, courses=["wajib-2"], rules=rules)
    run(session, programme)
    assert duty_of(session, cast.ani).state == OPEN
    revoke(session, dewi.actor, held.public_id, "Data peserta salah.", NOW)
    session.commit()
    assert session.scalars(select(Nudge.person_id)).all() == [cast.ani.id]
    look_after(session, NOW)
    assert duty_of(session, cast.ani).state == MOVED


def move(session, dewi, person, unit):
    session.refresh(person)
    wish = PersonDraft(name=person.name, nip=person.nip, email=person.email, unit=unit, position=person.position)
    change_person(session, dewi.actor, person, wish, NOW)
    session.commit()


def look_after(session, now):
    look_after_programmes(progress(session, now))


def progress(session, now):
    return Progress(None, lambda: session_of(session), lambda: now, lambda: False)


def letters(session, monkeypatch, now):
    """The mails of one round of reminders."""
    box = mailer()
    box.sent.clear()
    monkeypatch.setattr(box, "enabled", True)
    remind(progress(session, now.replace(hour=3)))
    session.expire_all()
    return list(box.sent)


def test_a_person_gets_one_letter_a_day_however_much_is_owed(session, cast, dewi, monkeypatch):
    three_courses(session)
    cast.ani.email = "ani@contoh.example"
    cast.eko.email = "eko@contoh.example"
    rules = [{"unit": "DIK.SD1", "due_days": 5}]
    for title, before in (("Satu", "7"), ("Dua", "6, 2"), ("Lain hari", "4")):
        run(session, a_programme(session, dewi.actor, title=f"Program {title}", remind_before=before, rules=rules))
    [letter] = letters(session, monkeypatch, NOW)
    assert ("Program Satu" in letter.text, "Program Dua" in letter.text, "Lain hari" in letter.text) == (
        True,
        True,
        False,
    )
    assert letters(session, monkeypatch, NOW) == []
    # A moment that falls on a day with a letter already is told on the next.
    [next_day] = letters(session, monkeypatch, NOW + timedelta(days=1))
    assert "Lain hari" in next_day.text
    moments = session.scalars(select(DutyReminder.moment).order_by(DutyReminder.moment)).all()
    assert moments == [-7, -6, -4]
    night = NOW.replace(hour=18)
    remind(progress(session, night + timedelta(days=3)))
    assert session.scalar(select(func.count()).select_from(DutyReminder)) == 3


def test_what_lapses_is_a_new_term_and_the_old_one_stays(session, cast, dewi):
    courses = three_courses(session)
    tests = [a_last_test(session, course) for course in courses]
    old = NOW - timedelta(days=400)
    for course in courses:
        complete(session, cast.eko, course, old)
        complete(session, cast.ani, course, NOW - timedelta(days=330))
    rules = [{"unit": "DIK.SD1", "due_days": 9}, {"unit": "KES", "due_days": 9}]
    programme = a_programme(session, dewi.actor, validity="months", validity_months=12, rules=rules)
    run(session, programme)
    # What is older than its validity does not count; what lapses within two months is renewed.
    assert duty_of(session, cast.eko).state == OPEN
    first, second = duty_of(session, cast.ani), duty_of(session, cast.ani, 2)
    assert (first.state, first.valid_until) == (DONE, second.due_on)
    assert (second.state, second.counts_from) == (OPEN, NOW)
    # Both have to complete the courses anew, each once however often it is looked at.
    assert session.scalar(select(func.count()).select_from(Renewal)) == 6
    before = contents(session)
    run(session, programme, NOW + timedelta(hours=1))
    assert contents(session) == before
    # Renewed by passing the last test again, at once; earlier completions are as they were.
    for test in tests:
        pass_again(session, cast.ani, test, NOW + timedelta(days=3))
    second = duty_of(session, cast.ani, 2)
    assert (second.state, second.completed_at) == (DONE, NOW + timedelta(days=3))
    assert duty_of(session, cast.ani).completed_at == first.completed_at
    assert all(
        each.completed_at == NOW - timedelta(days=330)
        for each in session.scalars(select(Enrolment).filter_by(person_id=cast.ani.id))
    )
    # Changed to another validity, what is done holds as long as it says now.
    wish = ProgrammeWish(title="Orientasi Contoh", courses=[course.slug for course in courses], validity="once")
    actions.change(session, dewi.actor, programme.public_id, wish, NOW)
    run(session, programme, NOW + timedelta(days=900))
    assert (duty_of(session, cast.ani, 2).valid_until, duty_of(session, cast.ani, 3)) == (None, None)


def a_last_test(session, course):
    return world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), assessment="posttest")


def pass_again(session, person, quiz, at):
    """The last test, passed once more as grading tells it."""
    mine = session.scalar(select(Enrolment).filter_by(person_id=person.id, course_id=quiz.course_id))
    record_evidence(session, SYSTEM, mine, quiz, Evidence(handed_in=True, passed=True, score=90), at)
    session.commit()


def test_nobody_and_everybody_are_asked_about_and_wrong_wishes_refused(session, cast, dewi):
    three_courses(session)
    programme = a_programme(session, dewi.actor, rules=(), start=False)
    for wish, field in (
        ({"ranks": "XVII"}, "sure"),
        ({}, "sure"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"unit": "TIADA"}, "unit"),
        ({"position_kinds": ["raja"]}, "position_kinds"),
        ({"certificate": "holds", "certificate_course": "tiada"}, "certificate_course"),
    ):
        with pytest.raises((Conflict, Invalid)) as refused:
            actions.add_rule(session, dewi.actor, programme.public_id, RuleWish(**wish), NOW)
        assert field in refused.value.fields, wish
    with pytest.raises(Conflict):
        actions.start(session, dewi.actor, programme.public_id, NOW)
    for wish, field in (({"courses": []}, "courses"), ({"courses": ["x"]}, "courses"), ({"way": "some"}, "needed")):
        given = {"title": "Orientasi", "courses": ["wajib-1"], **wish}
        with pytest.raises(Invalid) as refused:
            actions.make(session, dewi.actor, ProgrammeWish(**given), NOW)
        assert field in refused.value.fields


def test_an_opd_admin_sees_and_means_nothing_outside_the_own_subtree(session, cast, dewi, citra, fitri):
    three_courses(session)
    ours = a_programme(session, citra.actor, owner="DIK", rules=[{"due_days": 9}])
    run(session, ours)
    people = set(session.scalars(select(Duty.person_id)))
    assert cast.ani.id in people
    assert not people & {cast.eko.id, cast.fitri.id, cast.dewi.id}
    assert [each.programme.id for each in programmes(session, fitri.actor, TODAY)] == []
    for asked in ("", "/ubah", "/aturan", "/teks"):
        assert fitri.get(f"/kelola/program/{ours.public_id}{asked}").status_code == 404
    with pytest.raises(Invalid):
        actions.make(session, citra.actor, ProgrammeWish(title="Kabupaten", courses=["wajib-1"]), NOW)
    with pytest.raises(Conflict):
        actions.make(session, citra.actor, ProgrammeWish(title="Lain", owner="KES", courses=["wajib-1"]), NOW)
    with pytest.raises(Conflict):
        actions.add_rule(session, citra.actor, ours.public_id, RuleWish(unit="KES"), NOW)
    # What the regency runs is seen by every admin, with the own people, and changed by none of them.
    theirs = a_programme(session, dewi.actor, title="Program Kabupaten", rules=[{"due_days": 9}])
    run(session, theirs)
    assert programme_for(session, fitri.actor, theirs.public_id).id == theirs.id
    with pytest.raises(NotFound):
        actions.close(session, fitri.actor, theirs.public_id, NOW)
    seen = {each.programme.title: each.open for each in programmes(session, fitri.actor, TODAY)}
    assert seen == {"Program Kabupaten": 2}


def test_removing_a_rule_and_closing_keep_every_record(session, cast, dewi):
    three_courses(session)
    programme = a_programme(session, dewi.actor, rules=[{"unit": "DIK"}, {"unit": "KES", "due_days": 30}])
    run(session, programme)
    whole = programme_for(session, dewi.actor, programme.public_id)
    kept = session.scalar(select(func.count()).select_from(Duty))
    actions.remove_rule(session, dewi.actor, programme.public_id, whole.rules[0].public_id, NOW)
    session.commit()
    run(session, programme)
    assert (duty_of(session, cast.ani).state, duty_of(session, cast.eko).state) == (MOVED, OPEN)
    last = programme_for(session, dewi.actor, programme.public_id).rules[0].public_id
    with pytest.raises(Conflict):
        actions.remove_rule(session, dewi.actor, programme.public_id, last, NOW)
    bound = select(func.count()).select_from(Enrolment).where(Enrolment.due_on.is_not(None))
    assert session.scalar(bound.where(Enrolment.person_id == cast.eko.id)) == 3
    actions.close(session, dewi.actor, programme.public_id, NOW)
    session.commit()
    run(session, programme)
    assert session.scalar(select(func.count()).select_from(Duty)) == kept
    # Closed, it binds nobody by the courses' days; run again, it does.
    rest_programme(progress(session, NOW), programme=programme.id)
    assert session.scalar(bound) == 0
    actions.start(session, dewi.actor, programme.public_id, NOW)
    run(session, programme)
    assert session.scalar(bound.where(Enrolment.person_id == cast.eko.id)) == 3
    rest_programme(progress(session, NOW), programme=programme.id)
    assert session.scalar(bound.where(Enrolment.person_id == cast.eko.id)) == 3
    assert session.scalar(select(Course.id).where(Course.slug == "wajib-1")) is not None


def test_an_admin_makes_looks_and_starts_over_the_browser(session, cast, citra, eko):
    three_courses(session)
    session.commit()
    made = citra.post(
        "/kelola/program/baru",
        {"title": "Orientasi Guru", "owner": "DIK", "kind": "mandatory", "courses": ["wajib-2", "", "wajib-1"],
         "way": "ordered", "remind_before": "3, 14"},
    )  # fmt: skip
    here = made.headers["location"].removesuffix("/aturan")
    assert made.status_code == 303
    looked = citra.get(f"{here}/aturan?periksa=1&unit=DIK.SD1&due_days=30").text
    assert "Ani Contoh" in looked
    assert "1 pegawai cocok" in looked
    assert "tidak cocok dengan siapa pun" in citra.get(f"{here}/aturan?periksa=1&ranks=XVII").text
    assert citra.get(f"{here}/aturan?periksa=1&due_days=kapan").status_code == 422
    assert citra.post(f"{here}/aturan", {"ranks": "XVII"}).status_code == 422
    assert citra.post(f"{here}/aturan", {"unit": "DIK.SD1", "due_days": "30"}).status_code == 303
    started = citra.post(f"{here}/mulai")
    assert started.headers["location"].startswith("/pekerjaan/")
    worker.run_pending(lambda: session_of(session))
    assert duty_of(session, cast.ani).state == OPEN
    assert citra.get(started.headers["location"]).status_code == 200
    changed = citra.post(f"{here}/ubah", {"title": "Orientasi Guru", "owner": "DIK.SD1", "courses": ["wajib-1"]})
    assert changed.status_code == 422
    assert eko.get(here).status_code in (403, 404)


@pytest.fixture
def counted(database):
    """How many statements a visit takes."""

    def number(visit):
        seen = []

        def note(*given):
            seen.append(given[2])

        event.listen(database.connection, "before_cursor_execute", note)
        try:
            visit()
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        return sum(not statement.startswith(("SAVEPOINT", "RELEASE")) for statement in seen)

    return number


def test_lists_of_programmes_and_duties_take_as_many_statements_however_long(session, cast, dewi, ani, counted):
    three_courses(session)
    rules = [{"unit": "DIK.SD1", "due_days": 9}]
    run(session, a_programme(session, dewi.actor, rules=rules))
    few = counted(lambda: dewi.get("/kelola/program")), counted(lambda: ani.get("/wajib"))
    for n in range(4):
        run(session, a_programme(session, dewi.actor, title=f"Program {n}", rules=rules))
    assert (counted(lambda: dewi.get("/kelola/program")), counted(lambda: ani.get("/wajib"))) == few


def test_a_course_that_is_held_in_classes_says_which_class_comes_next(session, cast, dewi, ani):
    """Nobody is enrolled into it by a rule; the page leads to the class, and passing it there is what counts."""
    course = world.a_course(session, "bimtek", title="Bimtek Contoh", classes_only=True)
    programme = a_programme(session, dewi.actor, courses=["bimtek"], rules=[{"unit": "DIK.SD1", "due_days": 30}])
    assert "Bimtek Contoh (lewat angkatan)" in dewi.get("/kelola/program/baru").text
    run(session, programme)
    assert not session.scalars(select(Enrolment)).all()
    assert "Angkatan berikutnya diumumkan" in ani.get("/wajib").text
    academy.a_cohort(session, course, name="Angkatan Jauh", starts_on=world.today() + timedelta(days=20))
    cohort = academy.a_cohort(session, course, name="Angkatan Dekat", self_enrol=False)
    academy.a_cohort(session, course, name="Konsep", state="draft")
    session.commit()
    assert "Lewat usulan admin OPD. Berikutnya Angkatan Dekat" in ani.get("/wajib").text
    far = session.scalars(select(Cohort).filter_by(name="Angkatan Jauh")).one()
    mine = academy.joined(session, cast.ani, far)
    session.commit()
    assert "Anda peserta Angkatan Jauh" in ani.get("/wajib").text
    mine.result = "passed"
    decide_passed(session, SYSTEM, session.get_one(Enrolment, mine.enrolment_id), 5, NOW)
    session.commit()
    assert duty_of(session, cast.ani).state == DONE
    assert cohort.state == "open"
