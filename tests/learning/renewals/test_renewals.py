"""Renewals: a completed course completed anew, by its last test or by its steps, beside the first completion."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from elearn.activities.quizzes.actions import save_answer
from elearn.activities.quizzes.models import Attempt
from elearn.activities.quizzes.queries import worded_questions
from elearn.foundation.clock import utc_now
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes.models import Duty
from elearn.learning.programmes.runs import run_piece
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.rules import Evidence
from elearn.learning.renewals.actions import begin
from elearn.learning.renewals.models import Renewal, RenewalStep
from elearn.learning.renewals.rules import Needed, done_anew
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.courses.models import Activity
from elearn.wiring import connect
from tests import academy, world
from tests.activities.quizzes.test_attempts import right_answer
from tests.often import often

SYSTEM = Actor.system("tests")
IDS = st.sets(st.integers(1, 6), max_size=4)


@settings(max_examples=often(60))
@given(tests=IDS, required=IDS, passed=IDS, done=IDS)
def test_a_course_is_done_anew_by_its_last_test_or_else_by_all_its_steps(tests, required, passed, done):
    needed = Needed(tests, required)
    assert needed.way == ("test" if tests else "steps" if required else "")
    by_test = bool(tests) and bool(tests & passed)
    by_steps = not tests and bool(required) and all(step in done for step in required)
    assert done_anew(needed, passed, done) == (by_test or by_steps)


def owed_again(session, cast, course, **fields):
    """A programme of months, and Ani, who completed its course fourteen months ago and comes in."""
    programme, _rule = academy.a_programme(session, course, cast.sekolah, cast.dewi, **{**MONTHS, **fields})
    mine = world.enrolled(session, cast.ani, course, completed_at=utc_now() - timedelta(days=430), completed_jp=2)
    run_piece(session, SYSTEM, programme.id, 0, utc_now())
    session.commit()
    return programme, mine


MONTHS = {"validity": "months", "validity_months": 12}


def duty_of(session, person):
    session.expire_all()
    return session.scalars(select(Duty).filter_by(person_id=person.id).order_by(Duty.term.desc())).first()


def test_a_course_without_a_last_test_is_renewed_by_its_steps(session, cast, ani):
    course = world.a_course(session)
    module = world.a_module(session, course)
    first, second = (world.a_reading(session, module, title) for title in ("Bab Satu", "Bab Dua"))
    session.commit()
    _programme, mine = owed_again(session, cast, course)
    page = ani.get("/wajib").text
    assert "sudah 0 dari 2 langkah" in page
    assert f"/belajar/{first.public_id}/bacaan" in page
    assert "tidak menambah JP" in page
    # The course's own page leads on, too, as long as it is owed.
    for state, told in (("moved", False), ("open", True)):
        duty_of(session, cast.ani).state = state
        session.commit()
        assert ("perlu Anda perbarui" in ani.get(f"/pelatihan/{course.slug}").text) == told
    before = mine.completed_at
    for reading, left in ((first, "sudah 1 dari 2"), (second, "Tidak ada yang wajib")):
        ani.get(f"/belajar/{reading.public_id}/bacaan")
        assert ani.post(f"/belajar/{reading.public_id}/bacaan/selesai").status_code == 303
        assert left in ani.get("/wajib").text
    # Done at once, without a night between; nothing of the first time has changed and no JP were added.
    duty = duty_of(session, cast.ani)
    renewal = session.scalars(select(Renewal)).one()
    assert (duty.state, duty.completed_at, renewal.way) == ("done", renewal.renewed_at, "steps")
    assert session.get_one(Enrolment, mine.id).completed_at == before
    for table in (LedgerLine, Certificate):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalar(select(func.count()).select_from(RenewalStep)) == 2
    assert "perlu Anda perbarui" not in ani.get(f"/pelatihan/{course.slug}").text
    # Whoever reads on renews nothing more.
    ani.post(f"/belajar/{first.public_id}/bacaan/selesai")
    assert session.scalar(select(func.count()).select_from(Renewal)) == 1


def test_the_last_test_may_be_tried_as_often_as_the_first_time(session, cast, ani):
    course = world.a_course(session)
    module = world.a_module(session, course)
    world.a_reading(session, module)
    quiz = world.a_quiz(
        session, module, world.a_bank(session, course), "Post-test", assessment="posttest", attempts_allowed=1
    )
    session.commit()
    long_ago = utc_now() - timedelta(days=430)
    _programme, mine = owed_again(session, cast, course)
    session.add(
        Attempt(
            public_id="lama", enrolment_id=mine.id, activity_id=quiz.id, person_id=cast.ani.id, number=1, seed="x",
            started_at=long_ago, grace_seconds=0, pass_mark=70, release="after_submit", shuffle_options=False,
            submitted_at=long_ago, closed_by="learner", graded_at=long_ago, score=90, passed=True,
        )
    )  # fmt: skip
    session.commit()
    here = f"/belajar/{quiz.public_id}/kuis"
    assert f"Lulusi lagi: {quiz.title}" in ani.get("/wajib").text
    assert "1 dari 1 tersisa" in ani.get(here).text
    address = ani.post(f"{here}/mulai").headers["location"]
    attempt = session.scalars(select(Attempt).where(Attempt.number == 2)).one()
    for question in worded_questions(session, attempt):
        right = right_answer(question, attempt)
        save_answer(session, SYSTEM, attempt, question.position, right, question.revision, utc_now())
    session.commit()
    assert ani.post(f"{address}/kumpulkan").status_code == 303
    renewal = session.scalars(select(Renewal)).one()
    assert (renewal.way, renewal.activity_id, renewal.renewed_at is not None) == ("test", quiz.id, True)
    assert duty_of(session, cast.ani).state == "done"
    # The renewal is over, so are its attempts.
    assert ani.post(f"{here}/mulai").status_code == 409


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"classes_only": True}, "hanya diikuti lewat angkatan"),
        ({"closes_on": world.THEN.date()}, "ditutup pada"),
        ({}, "belum mempunyai kuis akhir atau langkah wajib"),
    ],
)
def test_what_cannot_be_completed_anew_is_not_taken_into_a_programme_that_lapses(session, cast, dewi, fields, said):
    course = world.a_course(session, **fields)
    if fields:
        world.a_reading(session, world.a_module(session, course))
    session.commit()
    wish = {"title": "Tahunan", "kind": "mandatory", "courses": [course.slug], "way": "all"}
    for validity in ({"validity": "year"}, {"validity": "months", "validity_months": "12"}):
        refused = dewi.post("/kelola/program/baru", {**wish, **validity})
        assert refused.status_code == 422
        assert said in refused.text
    assert dewi.post("/kelola/program/baru", {**wish, "validity": "months"}).status_code == 422
    assert dewi.post("/kelola/program/baru", {**wish, "validity": "once"}).status_code == 303
    # What became so later is told to the admin, and to the learner who owes it.
    programme, mine = owed_again(session, cast, course, title="Lama")
    assert said in dewi.get(f"/kelola/program/{programme.public_id}").text
    assert mine.completed_at is not None


def test_of_two_programmes_one_renewal_is_enough(session, cast):
    course = world.a_course(session)
    world.a_reading(session, world.a_module(session, course))
    _programme, mine = owed_again(session, cast, course)
    now = utc_now()
    assert begin(session, SYSTEM, {(cast.ani.id, course.id): now}, now) == 0
    assert begin(session, SYSTEM, {(cast.eko.id, course.id): now}, now) == 0
    assert session.scalars(select(Renewal.enrolment_id)).all() == [mine.id]
    # Done while a run was looking at it: the run opens no other, the next term does.
    renewal = session.scalars(select(Renewal)).one()
    renewal.renewed_at, renewal.way = now, "steps"
    session.commit()
    assert begin(session, SYSTEM, {(cast.ani.id, course.id): now - timedelta(days=1)}, now) == 0
    assert begin(session, SYSTEM, {(cast.ani.id, course.id): now + timedelta(days=1)}, now) == 1


def test_runs_of_two_programmes_at_once_open_one_renewal_for_each_person(own_database, now):
    connect()
    long_ago = now - timedelta(days=430)
    with own_database.write() as session:
        cast, course = world.cast(session), world.a_course(session)
        reading = world.a_reading(session, world.a_module(session, course))
        people = session.scalars(select(Person)).all()
        mine = [world.enrolled(session, who, course, completed_at=long_ago, completed_jp=2).id for who in people]
        made = [academy.a_programme(session, course, None, cast.dewi, **MONTHS)[0].id for _n in range(2)]
        session.commit()
        activity_id = reading.id

    def run(programme_id):
        with own_database.write() as session:
            run_piece(session, SYSTEM, programme_id, 0, now)
            session.commit()

    def learn(enrolment_id):
        with own_database.write() as session:
            place, activity = session.get_one(Enrolment, enrolment_id), session.get_one(Activity, activity_id)
            record_evidence(session, SYSTEM, place, activity, Evidence(seen_to_end=True), now + timedelta(minutes=1))
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(run, id) for id in made * 2]:
            done.result()
    with own_database.read() as session:
        opened = session.scalars(select(Renewal.enrolment_id).order_by(Renewal.enrolment_id)).all()
        assert opened == sorted(mine)
    # Learners finish while the rules run again: one renewal closes what is owed by both programmes.
    with ThreadPoolExecutor(4) as pool:
        for done in [*(pool.submit(learn, id) for id in mine), *(pool.submit(run, id) for id in made)]:
            done.result()
    with own_database.read() as session:
        assert set(session.scalars(select(Renewal.way))) == {"steps"}
        assert set(session.scalars(select(Duty.state))) == {"done"}
        assert session.scalar(select(func.count()).select_from(Duty)) == 2 * len(mine)
