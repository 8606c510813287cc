"""Whatever people, instructors and officers do, in any order and on any day: what was completed stays so, each
completion and each JP can be explained, and nobody counts more than the rules allow."""

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text
from tests import world
from tests.activities.quizzes.test_attempts import answer_all
from tests.often import often
from tests.recognition.learning_hours.test_histories import caps_hold, earned_once, filed, sums_agree

from elearn.activities.quizzes import actions as quizzes
from elearn.activities.quizzes.models import Attempt
from elearn.activities.quizzes.queries import attempt_of
from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.learning.enrolment import actions as enrolment
from elearn.learning.enrolment.forms import EnrolmentWish
from elearn.learning.enrolment.models import Enrolment, EnrolmentBatch
from elearn.learning.enrolment.queries import course_named, place_in
from elearn.learning.player.actions import finish
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.people.directory.actions import change_person
from elearn.people.directory.forms import PersonDraft
from elearn.recognition.certificates import actions as certificates
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records import actions as records
from elearn.recognition.external_records.forms import Approval, Refusal, TakingBack
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.banks.actions import change_question
from elearn.teaching.courses import actions as courses
from elearn.teaching.courses.forms import ActivityWish
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.courses.queries import taught_activity, taught_course
from elearn.teaching.questions.models import Question, QuestionBank
from elearn.teaching.questions.queries import authored, newest

# In WIB two hours before midnight of the last day but one: histories cross midnights, and the year.
BEGINNING = datetime(2026, 12, 30, 15, 0, tzinfo=UTC)
YEARS = [2026, 2027]
BANK = """? Pada mandat, tanggung jawab tetap pada pemberi mandat.
id: mandat
jawaban: benar
topik: wewenang
pembahasan: Contoh.
"""
SINGLE, GRADED, GUIDED = "mesin-bacaan", "mesin-kuis", "mesin-jarak-jauh"
COURSES = st.sampled_from([SINGLE, GRADED, GUIDED])
LEARNERS = st.sampled_from(["ani", "eko"])
# Which of those there are, counted from the newest.
WHICH = st.integers(0, 5)

# What, once it is there, stays as it is.
STAYS = {
    "lines": "SELECT * FROM ledger_lines",
    "days of lines": "SELECT * FROM ledger_days",
    "completions": "SELECT id, completed_at, completed_jp, completed_unit_id, score, withdrawn_at FROM enrolments "
    "WHERE completed_at IS NOT NULL",
    "activities done": "SELECT id, enrolment_id, activity_id, completed_at FROM activity_progress "
    "WHERE completed_at IS NOT NULL",
    "results": "SELECT id, submitted_at, score, passed FROM attempts WHERE submitted_at IS NOT NULL",
    "certificates": "SELECT id, enrolment_id, number, code, issued_at, CAST(facts AS VARCHAR(9999)) FROM certificates",
    "revocations": "SELECT id, revoked_at, revoked_reason FROM certificates WHERE revoked_at IS NOT NULL",
    "audit": "SELECT id, action, object_type, object_id, reason FROM audit_entries",
}
# Deeds that take a completion back: there are none. One that comes to be is named here, and noted in the audit.
UNDOING: set[str] = set()


class Academy(RuleBasedStateMachine):
    """Two learners, three courses, an instructor, the regency's admin; every rule is one request."""

    def __init__(self, database, cast):
        super().__init__()
        self.database, self.cast = database, cast
        self.undone = database.connection.begin_nested()
        self.travel = time_machine.travel(BEGINNING, tick=False)
        self.clock = self.travel.start()
        self.people = {name: getattr(cast, name).id for name in ("ani", "eko")}
        self.numbers = count(1)
        self.before = {what: set() for what in STAYS}
        self.lines = self.records = self.certificates = 0

    def teardown(self):
        self.travel.stop()
        self.undone.rollback()

    @contextmanager
    def as_(self, who):
        """A request of somebody's: what is refused leaves nothing behind."""
        with self.database.write() as session, suppress(Conflict, Forbidden, Invalid, NotFound):
            yield session, actor_for(session, getattr(self.cast, who).id), utc_now()
            session.commit()

    @initialize(read=st.sets(st.tuples(LEARNERS, COURSES)))
    def some_have_begun(self, read):
        """With the first lesson, which is all of two of the courses."""
        for who, slug in sorted(read):
            with self.as_(who) as (session, actor, now):
                read_lesson(session, actor, slug, -1, now)

    # ---- time ----------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 3, 20]))
    def time_passes(self, hours):
        self.clock.shift(timedelta(hours=hours))

    # ---- learners ------------------------------------------------------------------------------------------------

    @rule(who=LEARNERS, slug=COURSES)
    def enrols(self, who, slug):
        with self.as_(who) as (session, actor, now):
            course, _place = course_named(session, actor, slug)
            enrolment.enrol(session, actor, course, now)

    @rule(who=LEARNERS, slug=COURSES)
    def leaves(self, who, slug):
        with self.as_(who) as (session, actor, now):
            enrolment.withdraw(session, actor, place_in(session, actor, slug), now)

    @rule(who=LEARNERS, slug=COURSES, which=WHICH)
    def reads(self, who, slug, which):
        with self.as_(who) as (session, actor, now):
            read_lesson(session, actor, slug, which, now)

    @rule(who=LEARNERS)
    def begins_the_quiz(self, who):
        with self.as_(who) as (session, actor, now):
            begun(session, actor, now)

    @rule(who=LEARNERS, knows=st.booleans())
    def hands_in_the_quiz(self, who, knows):
        with self.as_(who) as (session, actor, now):
            running = select(Attempt).filter_by(person_id=actor.person_id, submitted_at=None)
            attempt = session.scalar(running) or begun(session, actor, now)
            attempt = attempt_of(session, actor, attempt.public_id, lock=True)
            if knows:
                answer_all(session, actor, attempt, now)
            quizzes.submit(session, actor, attempt, now)

    @rule(who=LEARNERS, form=st.sampled_from(["NKL03", "KL06"]), more=st.integers(0, 2), jp=st.integers(1, 8))
    def learns_elsewhere_which_an_officer_approves(self, who, form, more, jp):
        with self.as_(who) as (session, actor, now):
            filed(session, actor.person_id, form, wib_date(now) - timedelta(days=more), more, jp)
            self.records += 1
        self.decides_a_record(0, "approve")

    # ---- the instructor ------------------------------------------------------------------------------------------

    @rule()
    def corrects_the_key(self):
        with self.as_("budi") as (session, actor, now):
            bank = select(QuestionBank.id).join(Course).where(Course.slug == GRADED)
            version = session.scalars(newest().where(Question.bank_id.in_(bank))).one()
            draft = authored(version)
            changed = replace(draft, truth=not draft.truth)
            change_question(session, actor, version.question, changed, version.question.current, now)

    @rule(slug=COURSES, minutes=st.sampled_from([45, 200]))
    def adds_a_lesson(self, slug, minutes):
        with self.as_("budi") as (session, actor, now):
            course = taught_course(session, actor, slug)
            module = session.scalars(select(Module).filter_by(course_id=course.id)).first()
            title = f"Tambahan {next(self.numbers)}"
            courses.add_activity(session, actor, course, module, "reading", title, now, minutes=minutes)

    @rule(slug=COURSES, which=WHICH, required=st.booleans(), minutes=st.sampled_from([30, 90, 300]))
    def changes_an_activity(self, slug, which, required, minutes):
        with self.as_("budi") as (session, actor, now):
            activity = taught_activity(session, actor, picked(session, in_course(slug), which).public_id)
            wish = ActivityWish(title=activity.title, minutes=minutes, required=required, revision=activity.revision)
            courses.change_activity(session, actor, activity, wish, now)

    @rule(slug=COURSES, which=WHICH)
    def takes_an_activity_out_or_brings_it_back(self, slug, which):
        with self.as_("budi") as (session, actor, now):
            activity = taught_activity(session, actor, picked(session, in_course(slug), which).public_id)
            turn = courses.retire_activity if activity.retired_at is None else courses.bring_back
            turn(session, actor, activity, now)

    @rule(slug=COURSES, state=st.sampled_from(["archived", "published", "draft"]))
    def archives_or_publishes(self, slug, state):
        with self.as_("budi") as (session, actor, now):
            courses.set_state(session, actor, taught_course(session, actor, slug), state, now)

    # ---- the admin -----------------------------------------------------------------------------------------------

    @rule(slug=COURSES)
    def enrols_everybody(self, slug):
        with self.as_("dewi") as (session, actor, now):
            nips = f"{self.cast.ani.nip}\n{self.cast.eko.nip}"
            enrolment.enrol_many(session, actor, EnrolmentWish(course=slug, by="nip", nips=nips), now)

    @rule(which=WHICH)
    def undoes_an_enrolment_of_many(self, which):
        with self.as_("dewi") as (session, actor, now):
            enrolment.undo_batch(session, actor, picked(session, newest_first(EnrolmentBatch), which), now)

    @rule(who=LEARNERS, unit=st.sampled_from(["DIK.SD1", "KES"]))
    def transfers(self, who, unit):
        with self.as_("dewi") as (session, actor, now):
            person = session.get_one(Person, self.people[who])
            wish = PersonDraft(name=person.name, nip=person.nip, position=person.position, unit=unit)
            change_person(session, actor, person, wish, now)

    @precondition(lambda self: self.records)
    @rule(which=WHICH, deed=st.sampled_from(["approve", "refuse", "take back"]))
    def decides_a_record(self, which, deed):
        with self.as_("dewi") as (session, actor, now):
            public_id = picked(session, newest_first(ExternalRecord), which).public_id
            if deed == "approve":
                records.approve(session, actor, public_id, Approval(note="Contoh."), now)
            elif deed == "refuse":
                records.refuse(session, actor, public_id, Refusal(reason="tidak-terbaca"), now)
            else:
                records.take_back(session, actor, public_id, TakingBack(reason="Contoh."), now)

    @precondition(lambda self: self.lines)
    @rule(which=WHICH, jp=st.integers(0, 8))
    def corrects_a_line(self, which, jp):
        with self.as_("dewi") as (session, actor, now):
            line = picked(session, newest_first(LedgerLine).where(LedgerLine.corrects_id.is_(None)), which)
            correct(session, actor, line.public_id, Correction(jp=jp, reason="Pembetulan contoh."), now)

    @precondition(lambda self: self.certificates)
    @rule(which=WHICH, deed=st.sampled_from([certificates.revoke, certificates.reissue]))
    def revokes_or_replaces_a_certificate(self, which, deed):
        with self.as_("dewi") as (session, actor, now):
            deed(session, actor, picked(session, newest_first(Certificate), which).public_id, "Salah cetak.", now)

    @precondition(lambda self: self.certificates)
    @rule(which=WHICH)
    def asks_again_for_what_was_completed(self, which):
        with self.as_("dewi") as (session, actor, now):
            done = picked(session, newest_first(Enrolment).where(Enrolment.completed_at.is_not(None)), which)
            certificates.issue(session, actor, done.id, now)
            credit_course(session, Actor.system("tests"), done.id, now)

    # ---- what holds after each -----------------------------------------------------------------------------------

    @invariant()
    def all_holds(self):
        happened = self.nothing_is_undone_in_silence()
        self.all_is_explained()
        self.nobody_waits_who_has_done_all()
        if happened:
            self.the_accounts_hold()

    def nothing_is_undone_in_silence(self):
        """Gives whether the audit has anything new, without which no account changes."""
        with self.database.read() as session:
            after = {what: {tuple(row) for row in session.execute(text(asked))} for what, asked in STAYS.items()}
        deeds = {entry[1] for entry in after["audit"] - self.before["audit"]}
        if not deeds:
            assert after["lines"] == self.before["lines"]
        for what, rows in self.before.items():
            if what != "completions" or not deeds & UNDOING:
                assert rows <= after[what], what
        self.before = after
        self.lines, self.certificates = len(after["lines"]), len(after["certificates"])
        return bool(deeds)

    def the_accounts_hold(self):
        with self.database.read() as session:
            sums_agree(session, set(self.people.values()), YEARS)
            caps_hold(session)
            earned_once(session)
            beyond = (
                "SELECT l.key FROM ledger_lines l LEFT JOIN ledger_lines c ON c.corrects_id = l.id "
                "WHERE l.corrects_id IS NULL GROUP BY l.id, l.key, l.jp_earned, l.jp_recognised "
                "HAVING l.jp_recognised + coalesce(sum(c.jp_recognised), 0) NOT BETWEEN 0 AND "
                "l.jp_earned + coalesce(sum(c.jp_earned), 0)"
            )
            assert not session.execute(text(beyond)).all()

    def all_is_explained(self):
        """Each completion by one deed, one line and its certificates, each line by one deed."""
        with self.database.read() as session:
            done = column(session, "SELECT public_id FROM enrolments WHERE completed_at IS NOT NULL")
            noted = "SELECT object_id FROM audit_entries WHERE action = "
            assert column(session, noted + "'course.completed'") == done
            lines = "SELECT {} FROM ledger_lines WHERE source {}"
            assert column(session, lines.format("key", "= 'course'")) == [f"course:{each}" for each in done]
            credited = column(session, lines.format("public_id", "<> 'correction'"))
            assert column(session, noted + "'jp.credited'") == credited
            corrections = column(session, lines.format("key", "= 'correction'"))
            assert len(column(session, noted + "'jp.corrected'")) == len(corrections)
            issued = (
                "SELECT e.public_id FROM enrolments e JOIN certificates c ON c.enrolment_id = e.id "
                "GROUP BY e.public_id HAVING sum(CASE WHEN c.revoked_at IS NULL THEN 1 ELSE 0 END) <= 1"
            )
            assert column(session, issued) == done

    def nobody_waits_who_has_done_all(self):
        standing = (
            "SELECT 1 FROM activities a {} WHERE a.course_id = e.course_id AND a.required AND a.retired_at IS NULL {}"
        )
        left = standing.format(
            "LEFT JOIN activity_progress p ON p.activity_id = a.id AND p.enrolment_id = e.id",
            "AND p.completed_at IS NULL",
        )
        waiting = (
            "SELECT e.public_id FROM enrolments e WHERE e.completed_at IS NULL AND e.withdrawn_at IS NULL "
            f"AND EXISTS ({standing.format('', '')}) AND NOT EXISTS ({left})"
        )
        with self.database.read() as session:
            assert not session.execute(text(waiting)).all()


def column(session, statement):
    return sorted(session.scalars(text(statement)))


def newest_first(model):
    return select(model).order_by(model.id.desc())


def in_course(slug):
    return newest_first(Activity).join(Course, Course.id == Activity.course_id).where(Course.slug == slug)


def picked(session, wanted, which):
    """One of what is found; NotFound where there is nothing."""
    found = session.scalars(wanted).all()
    if not found:
        raise NotFound
    return found[which % len(found)]


def read_lesson(session, actor, slug, which, now):
    lesson = picked(session, in_course(slug).where(Activity.kind == "reading"), which)
    finish(session, actor, desk(session, actor, lesson.public_id, "reading"), now)


def begun(session, actor, now):
    quiz = session.scalars(in_course(GRADED).where(Activity.kind == "quiz")).one()
    return quizzes.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)


@pytest.fixture
def three_courses(session, cast):
    for slug, form, minutes in ((SINGLE, "NKL03", 200), (GRADED, "NKL03", 90), (GUIDED, "NKL04", 90)):
        course = world.a_course(session, slug, by=cast.budi, form=form, minutes=minutes)
        module = world.a_module(session, course)
        world.an_activity(session, module, "reading", "Bacaan Contoh", minutes=minutes)
        if slug == GRADED:
            world.a_quiz(session, module, world.a_bank(session, course, BANK))
        for person in (cast.ani, cast.eko):
            world.enrolled(session, person, course)
    session.commit()


@pytest.mark.hypothesis
# Making a failure small ends by itself, after five minutes.
@pytest.mark.timeout(0)
def test_whatever_happens_completions_and_accounts_hold(database, three_courses, cast):
    run_state_machine_as_test(
        lambda: Academy(database, cast),
        settings=settings(
            max_examples=often(8),
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
            # Telling what about a failure does not matter takes minutes.
            phases=set(Phase) - {Phase.explain},
        ),
    )
