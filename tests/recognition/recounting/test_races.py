"""Recounts beside each other and beside what else moves an account, and one that is killed: no line twice."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import func, select
from tests import academy, world
from tests.programs import kill_at
from tests.recognition.learning_hours.test_amending import a_class, say
from tests.recognition.learning_hours.test_ledger import SYSTEM, learned

from elearn.foundation.clock import utc_now
from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.learning.attendance.models import ClassSession
from elearn.learning.cohorts import rulings
from elearn.learning.cohorts.forms import RulingWish
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.queries import my_account
from elearn.recognition.recounting import actions
from elearn.recognition.recounting.models import Recount, RecountChange
from elearn.recognition.recounting.queries import recount_for
from elearn.teaching.delivery.actions import add_version
from elearn.teaching.delivery.forms import VersionWish
from elearn.teaching.delivery.queries import delivery_form
from elearn.wiring import connect


@pytest.fixture
def office(own_database, morning):
    """The regency's admin's doings, each in a transaction of its own, on a database with real commits."""
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
    return Office(own_database, cast)


class Office:
    def __init__(self, database, cast):
        self.database, self.cast = database, cast

    @contextmanager
    def sitting(self):
        with self.database.write() as session:
            yield session, actor_for(session, self.cast.dewi.id)
            session.commit()

    def new_rule(self, form, basis, jp, **fields):
        since = world.today() - timedelta(days=30)
        wish = VersionWish(since=since, basis=basis, jp=jp, source="Peraturan LAN contoh nomor 1 pasal 2", **fields)
        with self.sitting() as (session, dewi):
            add_version(session, dewi, delivery_form(session, form), wish, world.today())

    def asked(self, form, year=None):
        with self.sitting() as (session, dewi):
            return actions.ask(
                session, dewi, delivery_form(session, form), year or world.today().year, utc_now()
            ).public_id

    def previewed(self, form, year=None):
        recount = self.asked(form, year)
        run_pending(self.database.write)
        return recount

    def confirmed(self, recount):
        with self.sitting() as (session, dewi):
            actions.confirm(session, dewi, recount_for(session, dewi, recount), utc_now())

    def write_slowly(self, recount):
        """One step of the job, which keeps what it has locked long enough for others to run into it."""
        with self.sitting() as (session, dewi):
            found = recount_for(session, dewi, recount)
            actions.write_next(session, dewi, found, utc_now())
            sleep(0.3)

    def states(self, recount):
        with self.database.read() as session:
            wanted = select(RecountChange.state, func.count()).join(Recount, Recount.id == RecountChange.recount_id)
            found = session.execute(wanted.where(Recount.public_id == recount).group_by(RecountChange.state))
            return {row[0]: row[1] for row in found}

    def worth(self, person):
        """What the person's own page shows of this year, which is what the lines are together: earned, recognised."""
        with self.database.read() as session:
            shown = my_account(session, actor_for(session, person.id), world.today().year, world.today())
            lines = shown.lines
            assert (shown.jp.earned, shown.jp.counted) == (
                sum(line.jp_earned for line in lines),
                sum(line.jp_recognised for line in lines),
            )
            counted = select(func.min(func.coalesce(LedgerDay.counted, 0))).join(LedgerLine).filter_by(corrects_id=None)
            assert (session.scalar(counted) or 0) >= 0
            return shown.jp.earned, shown.jp.counted

    def corrections(self):
        """How often each line was corrected by recounts."""
        with self.database.read() as session:
            return sorted(
                session.scalars(
                    select(func.count()).where(LedgerLine.key.contains("@")).group_by(LedgerLine.corrects_id)
                )
            )


def at_once(*deeds):
    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(*deed) for deed in deeds]:
            done.result()


def learners(session, people, now):
    """Each has done two courses of e-learning on one day: 2 and 1 JP of its 3."""
    day = world.today() - timedelta(days=2)
    for minutes in (90, 225):
        course = world.a_course(session, f"k{minutes}", minutes=minutes)
        for person in people:
            credit_course(session, SYSTEM, learned(session, person, course, {day: minutes}).id, now)


def test_two_recounts_at_once_correct_each_line_once(office, now):
    cast = office.cast
    with office.sitting() as (session, _dewi):
        learners(session, (cast.ani, cast.eko), now)
    office.new_rule("NKL03", "daily", 5)
    # Two windows of the same admin: both previews stand before either is written.
    first, second = office.asked("NKL03"), office.asked("NKL03")
    run_pending(office.database.write)
    assert office.states(first) == office.states(second) == {"planned": 2}
    at_once(*((office.confirmed, each) for each in (first, second, first)))
    with office.database.read() as session:
        assert session.scalar(select(func.count(Job.id)).filter_by(kind=actions.WRITE)) == 2
    at_once(*((office.write_slowly, each) for each in (first, second)))
    run_pending(office.database.write)
    assert sorted((office.states(first), office.states(second)), key=str) == [{"stale": 2}, {"written": 2}]
    assert office.corrections() == [1, 1]
    assert office.worth(cast.ani) == office.worth(cast.eko) == (7, 5)


def test_attendance_corrected_during_a_recount_is_counted_under_the_newer_rule_or_left_for_the_next(office):
    with office.sitting() as (session, _dewi):
        who, meetings = a_class(session, office.cast, "KL06")
        named, last = who.id, meetings[2].id
    assert office.worth(office.cast.ani) == (8, 8)
    office.new_rule("KL06", "day", 5, jp_abroad=9)
    recount = office.previewed("KL06")
    office.confirmed(recount)

    def there():
        with office.sitting() as (session, _dewi):
            meeting = session.get_one(ClassSession, last)
            session.refresh(meeting, ["cohort"])
            say(session, meeting, session.get_one(Participant, named), True)
            sleep(0.3)

    at_once((office.write_slowly, recount), (there,))
    run_pending(office.database.write)
    written = office.states(recount) == {"written": 1}
    # Three days there, by the rule of whoever came last; a new preview brings the newer one to the rest.
    assert office.worth(office.cast.ani) == ((15, 15) if written else (12, 12))
    again = office.previewed("KL06")
    assert office.states(again) == ({} if written else {"planned": 1})
    if not written:
        office.confirmed(again)
        run_pending(office.database.write)
    assert office.worth(office.cast.ani) == (15, 15)
    assert office.corrections() == [1]


def test_a_record_approved_during_a_recount_shares_the_days_cap(office, now):
    ani = office.cast.ani
    with office.sitting() as (session, _dewi):
        learners(session, (ani,), now)
        day = world.today() - timedelta(days=2)
        record = academy.a_record(session, ani, form_code="NKL03", started_on=day, ended_on=day, jp=2)
        named = record.public_id
    office.new_rule("NKL03", "daily", 5)
    recount = office.previewed("NKL03")
    office.confirmed(recount)

    def approved():
        with office.sitting() as (session, dewi):
            approve(session, dewi, named, Approval(note="Pelatihan lain."), utc_now())
            sleep(0.3)

    at_once((office.write_slowly, recount), (approved,))
    run_pending(office.database.write)
    earned, recognised = office.worth(ani)
    # Five of the day: who came first took what there was; nobody took more.
    assert recognised == 5
    assert earned >= 7
    with office.database.read() as session:
        assert session.scalar(select(func.sum(LedgerDay.counted)).where(LedgerDay.day == day)) == 225


def test_a_recount_and_a_ruling_do_not_wait_for_each_other(office, now, monkeypatch):
    """Both lock accounts, so both must do it in the same order."""
    cast = office.cast
    with office.sitting() as (session, _dewi):
        learners(session, (cast.ani, cast.eko), now)
        course = world.a_course(session, "kelas", by=cast.budi)
        cohort = academy.a_cohort(session, course, starts_on=world.today() - timedelta(days=1), ends_on=world.today())
        # Joined the other way round.
        joined = [academy.joined(session, person, cohort).public_id for person in (cast.eko, cast.ani)]
        named = cohort.id
    office.new_rule("NKL03", "daily", 5)
    recount = office.previewed("NKL03")
    office.confirmed(recount)
    for module, verb in ((actions, "plan_for"), (rulings, "decide_passed")):
        monkeypatch.setattr(module, verb, slow(getattr(module, verb)))

    def ruled():
        with office.sitting() as (session, dewi):
            cohort = session.get_one(Cohort, named)
            session.refresh(cohort, ["course"])
            wish = RulingWish(result="passed", whom="ticked", participants=joined, reason="Sudah hadir.")
            rulings.rule(session, dewi, cohort, wish, utc_now())

    at_once((office.write_slowly, recount), (ruled,))
    assert office.states(recount) == {"written": 2}
    with office.database.read() as session:
        assert session.scalars(select(Participant.result)).all() == ["passed", "passed"]


def slow(verb):
    def slowly(*given):
        found = verb(*given)
        sleep(0.3)
        return found

    return slowly


def test_a_recount_that_is_killed_again_and_again_corrects_each_line_once(office, now):
    with office.sitting() as (session, _dewi):
        people = [world.a_person(session, f"Pegawai Contoh {n}", None, office.cast.sekolah) for n in range(52)]
        learners(session, people, now)
    office.new_rule("NKL03", "daily", 5)

    def killed(*deaths):
        for words, times in deaths:
            kill_at(office.database, words, times)
            assert take_back(office.database.write, "here", now) == 1
        run_pending(office.database.write)

    recount = office.asked("NKL03")
    killed(("UPDATE recounts", 2))
    assert office.states(recount) == {"planned": 52}
    office.confirmed(recount)
    killed(("INSERT INTO ledger_lines", 30), ("UPDATE recount_changes", 51))
    assert office.states(recount) == {"written": 52}
    assert office.corrections() == [1] * 52
    assert {office.worth(person) for person in people[::17]} == {(7, 5)}
    with office.database.read() as session:
        assert session.scalar(select(func.sum(LedgerLine.jp_recognised))) == 260
        assert session.scalar(select(func.sum(LedgerDay.counted))) == 260 * 45
        found = session.scalars(select(Recount)).one()
        assert (found.lines, found.state) == (104, "written")
        deeds = select(func.count()).select_from(AuditEntry)
        assert session.scalar(deeds.filter_by(action="jp.recounted")) == 52
        assert session.scalar(deeds.filter_by(action="recount.written")) == 1
        assert session.scalars(select(Job.state)).all() == ["done", "done"]
