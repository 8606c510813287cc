"""More time and attempts for one learner."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from elearn.activities.quizzes import actions
from elearn.activities.quizzes.models import Attempt, Quiz, QuizAllowance
from elearn.activities.quizzes.rules import extended
from elearn.learning.player.queries import desk
from elearn.people.audit.models import AuditEntry
from tests import world


@pytest.fixture
def quiz(session, cast):
    course = world.a_course(session, by=cast.budi)
    fields = {"time_limit": 30, "attempts_allowed": 1}
    quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), **fields)
    world.enrolled(session, cast.ani, course)
    return quiz


@pytest.fixture
def here(quiz):
    return f"/ajar/kuis/{quiz.public_id}/tambahan"


def given(nip="19850101 201001 2 001", **fields):
    return {"nip": nip, "extra_minutes": "15", "reason": "Gangguan jaringan", **fields}


def test_a_running_attempt_is_extended_and_never_shortened(budi, ani, quiz, here, session, now):
    attempt = actions.start(session, ani.actor, desk(session, ani.actor, quiz.public_id, "quiz"), now)
    session.commit()
    for minutes, wanted in (("15", 45), ("30", 60), ("30", 60), ("10", 60)):
        assert budi.post(here, given(extra_minutes=minutes)).status_code == 303
        session.expire_all()
        assert attempt.deadline_at == now + timedelta(minutes=wanted)
    assert session.get_one(QuizAllowance, (quiz.id, ani.person.id)).extra_minutes == 10


def test_an_attempt_without_a_deadline_stays_without_one(now):
    attempt = Attempt(started_at=now, deadline_at=None)
    assert extended(Quiz(time_limit=30), QuizAllowance(extra_minutes=15), attempt) is None


def test_another_attempt_is_given_and_taken_back(budi, ani, quiz, here, session, now):
    place = desk(session, ani.actor, quiz.public_id, "quiz")
    actions.submit(session, ani.actor, actions.start(session, ani.actor, place, now), now)
    session.commit()
    start = f"/belajar/{quiz.public_id}/kuis/mulai"
    assert ani.post(start).status_code == 409
    budi.post(here, given(extra_minutes="", extra_attempts="1"))
    assert ani.post(start).status_code == 303
    shown = budi.get(here).text
    assert "Ani Contoh" in shown
    assert "Gangguan jaringan" in shown
    assert budi.post(f"{here}/{ani.person.public_id}/hapus").status_code == 303
    assert "Ani Contoh" not in budi.get(here).text
    assert budi.post(f"{here}/{ani.person.public_id}/hapus").status_code == 404


def test_who_gave_it_to_whom_and_why_is_in_the_audit(budi, ani, quiz, here, session):
    budi.post(here, given())
    entry = session.scalars(select(AuditEntry).filter_by(action="quiz.allowed")).one()
    assert (entry.actor_name, entry.object_id, entry.reason) == ("Budi Contoh", quiz.public_id, "Gangguan jaringan")
    assert entry.after == {"person": ani.person.public_id, "minutes": 15, "attempts": 0}
    assert "198501" not in str(entry.after)


def test_only_learners_of_the_course_are_given_more_and_nobody_else_is_named(budi, eko, quiz, here, session):
    for nip in (eko.person.nip, "123", "tidak ada"):
        refused = budi.post(here, given(nip))
        assert refused.status_code == 422
        assert "bukan milik peserta pelatihan ini" in refused.text
        assert "Eko Contoh" not in refused.text
        assert nip in refused.text
    assert session.scalars(select(QuizAllowance)).all() == []


def test_a_reason_and_something_to_give_are_needed(budi, quiz, here, session):
    assert "Isi kolom ini." in budi.post(here, given(reason="")).text
    assert "Isi tambahan waktu" in budi.post(here, given(extra_minutes="0")).text
    assert "Paling besar 600." in budi.post(here, given(extra_minutes="601")).text
    assert session.scalars(select(QuizAllowance)).all() == []


def test_courses_from_files_allow_it_as_well(budi, quiz, here, session):
    quiz.course.from_files = True
    session.commit()
    assert budi.post(here, given()).status_code == 303
    assert session.scalars(select(QuizAllowance.extra_minutes)).all() == [15]
