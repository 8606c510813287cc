import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.activities.quizzes import actions
from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.activities.quizzes.queries import draft_of, worded_questions
from elearn.activities.quizzes.rules import NoAttemptsLeft, QuizClosed, percent, seed_of
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import desk
from elearn.learning.progress.models import ActivityProgress
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import actor_for
from elearn.teaching.questions.grading import learner_view, released_view
from tests import world


@pytest.fixture
def quiz(session, cast):
    course = world.a_course(session)
    quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course))
    world.enrolled(session, cast.ani, course)
    return quiz


def begin(session, actor, quiz, now):
    return actions.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), now)


def right_answer(question: AttemptQuestion, attempt: Attempt):
    """The key of a question, as a learner would send it."""
    draft, seed = draft_of(question.version), seed_of(attempt, question.position)
    told = released_view(draft, seed, None)
    match question.version.kind:
        case "single" | "true_false":
            return next(option["id"] for option in told["options"] if option["right"])
        case "multiple":
            return [option["id"] for option in told["options"] if option["right"]]
        case "number":
            return told["number"]
        case _:
            ids = {right["text"]: right["id"] for right in told["rights"]}
            return {left["id"]: ids[left["right"]] for left in told["lefts"]}


def answer_all(session, actor, attempt, now):
    for question in worded_questions(session, attempt):
        raw = right_answer(question, attempt)
        actions.save_answer(session, actor, attempt, question.position, raw, question.revision, now)


def first_option(session, attempt, position=1):
    """Some option of the first choice question, and that question's position."""
    for question in worded_questions(session, attempt):
        if question.version.kind == "single":
            view = learner_view(draft_of(question.version), seed_of(attempt, question.position))
            return question.position, [option["id"] for option in view["options"]]
    raise AssertionError("the bank has a single choice question")


def test_all_right_answers_earn_everything_and_complete_the_quiz(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    answer_all(session, ani.actor, attempt, now)
    actions.submit(session, ani.actor, attempt, now)
    assert attempt.score == 100
    assert attempt.passed
    assert session.scalars(select(ActivityProgress)).one().completed


def test_an_empty_attempt_earns_nothing_and_does_not_complete(session, ani, quiz, now):
    attempt = actions.submit(session, ani.actor, begin(session, ani.actor, quiz, now), now)
    assert attempt.score == 0
    assert attempt.passed is False
    assert not session.scalars(select(ActivityProgress)).one().completed


def test_a_pre_test_completes_whatever_its_score(session, ani, quiz, now):
    quiz.completion = "handed_in"
    attempt = actions.submit(session, ani.actor, begin(session, ani.actor, quiz, now), now)
    assert attempt.score == 0
    assert session.scalars(select(ActivityProgress)).one().completed


def test_starting_again_goes_on_with_the_open_attempt(session, ani, quiz, now):
    assert begin(session, ani.actor, quiz, now).id == begin(session, ani.actor, quiz, now).id


def test_used_up_attempts_are_refused(session, ani, quiz, now):
    from elearn.activities.quizzes.models import Quiz

    session.get_one(Quiz, quiz.id).attempts_allowed = 1
    actions.submit(session, ani.actor, begin(session, ani.actor, quiz, now), now)
    with pytest.raises(NoAttemptsLeft):
        begin(session, ani.actor, quiz, now)


def test_a_stale_tab_is_told_and_overwrites_nothing(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    position, options = first_option(session, attempt)
    actions.save_answer(session, ani.actor, attempt, position, options[0], 0, now)
    with pytest.raises(actions.StaleAnswer) as stale:
        actions.save_answer(session, ani.actor, attempt, position, options[1], 0, now)
    assert stale.value.question.answer == {"choice": options[0]}
    assert stale.value.question.revision == 1


def test_the_same_answer_twice_changes_nothing(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    position, options = first_option(session, attempt)
    actions.save_answer(session, ani.actor, attempt, position, options[0], 0, now)
    again = actions.save_answer(session, ani.actor, attempt, position, options[0], 0, now)
    assert again.revision == 1


def test_a_blank_never_wipes_out_an_answer_unless_asked_to(session, ani, quiz, now):
    attempt = begin(session, ani.actor, quiz, now)
    position, options = first_option(session, attempt)
    actions.save_answer(session, ani.actor, attempt, position, options[0], 0, now)
    assert actions.save_answer(session, ani.actor, attempt, position, None, 1, now).answer is not None
    assert actions.save_answer(session, ani.actor, attempt, position, None, 1, now, clear=True).answer is None


def timed(session, ani, quiz, now):
    from elearn.activities.quizzes.models import Quiz

    session.get_one(Quiz, quiz.id).time_limit = 30
    return begin(session, ani.actor, quiz, now)


def test_the_server_s_deadline_decides_and_grace_marks_the_late(session, ani, quiz, now):
    """Q6."""
    attempt = timed(session, ani, quiz, now)
    assert attempt.deadline_at == now + timedelta(minutes=30)
    position, options = first_option(session, attempt)
    in_time = attempt.deadline_at - timedelta(seconds=1)
    assert actions.save_answer(session, ani.actor, attempt, position, options[0], 0, in_time).late_seconds == 0
    late = attempt.deadline_at + timedelta(seconds=attempt.grace_seconds - 1)
    assert actions.save_answer(session, ani.actor, attempt, position, options[1], 1, late).late_seconds == 599
    with pytest.raises(QuizClosed):
        actions.save_answer(session, ani.actor, attempt, position, options[0], 2, late + timedelta(seconds=2))


def test_saved_answers_count_when_the_time_runs_out_without_the_learner(session, ani, quiz, now):
    """Q12."""
    attempt = timed(session, ani, quiz, now)
    answer_all(session, ani.actor, attempt, now)
    over = attempt.deadline_at + timedelta(seconds=attempt.grace_seconds + 1)
    assert actions.close_expired(session, Actor.system("tests"), attempt.deadline_at + timedelta(seconds=1)) == 0
    assert actions.close_expired(session, Actor.system("tests"), over) == 1
    session.refresh(attempt)
    assert (attempt.closed_by, attempt.score) == ("clock", 100)
    assert actions.close_expired(session, Actor.system("tests"), over) == 0


def test_handing_in_twice_is_graded_once(session, ani, quiz, now):
    """Q7."""
    attempt = begin(session, ani.actor, quiz, now)
    first = actions.submit(session, ani.actor, attempt, now).submitted_at
    assert actions.submit(session, ani.actor, attempt, now + timedelta(hours=1)).submitted_at == first


def test_percent_weighs_the_questions():
    assert percent([(1.0, 2.0), (0.0, 1.0)]) == 66.67
    assert percent([]) == 0


def prepared(database) -> tuple[str, int]:
    with database.write() as session:
        people = world.cast(session)
        course = world.a_course(session)
        quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), attempts_allowed=1)
        world.enrolled(session, people.ani, course)
        return quiz.public_id, people.ani.id


def test_fifty_starts_at_once_make_one_attempt(own_database, now):
    """Q4."""
    public_id, person_id = prepared(own_database)

    def start(_n):
        with own_database.write() as session:
            actor = actor_for(session, person_id)
            attempt = actions.start(session, actor, desk(session, actor, public_id, "quiz"), now).public_id
            session.commit()
            return attempt

    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(start, range(50)))
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
    assert len(found) == 1


def test_twenty_submissions_at_once_are_graded_once(own_database, now):
    """Q7."""
    public_id, person_id = prepared(own_database)
    with own_database.write() as session:
        actor = actor_for(session, person_id)
        attempt_id = actions.start(session, actor, desk(session, actor, public_id, "quiz"), now).id
        session.commit()

    def submit(n):
        with Session(own_database.writer, expire_on_commit=False) as session:
            actor = actor_for(session, person_id)
            when = now + timedelta(seconds=n)
            done = actions.submit(session, actor, session.get_one(Attempt, attempt_id), when).submitted_at
            session.commit()
            return done

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(submit, range(20)))) == 1
    with own_database.read() as session:
        assert session.scalars(select(Enrolment)).one().person_id == person_id


def test_the_whole_quiz_works_by_plain_forms(ani, session, quiz):
    rules = ani.get(f"/belajar/{quiz.public_id}/kuis")
    assert "Mulai kuis" in rules.text
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    attempt = session.scalars(select(Attempt)).one()
    for question in worded_questions(session, attempt):
        page = ani.get(f"{address}?soal={question.position}").text
        raw = right_answer(question, attempt)
        fields = {"revision": re.search(r'name="revision" value="(\d+)"', page).group(1), "go": "periksa"}
        if isinstance(raw, dict):
            fields |= {f"pair-{left}": right for left, right in raw.items()}
        else:
            fields["choices" if isinstance(raw, list) else "answer"] = raw
        assert ani.post(f"{address}/soal/{question.position}", fields).status_code == 303
    assert "Semua soal sudah terjawab" in ani.get(f"{address}/periksa").text
    result = ani.post(f"{address}/kumpulkan").headers["location"]
    page = ani.get(result).text
    assert "Anda lulus" in page
    assert "CANARY-WHY-plt" in page


def test_no_key_reaches_the_learner_before_release(ani, session, quiz):
    """Q1."""
    from elearn.activities.quizzes.models import Quiz

    session.get_one(Quiz, quiz.id).release = "never"
    session.commit()
    pages = [ani.get(f"/belajar/{quiz.public_id}/kuis")]
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    pages += [ani.get(f"{address}?soal={n}") for n in range(1, 6)]
    for n in range(1, 6):
        pages.append(ani.post(f"{address}/soal/{n}", {"answer": "x", "revision": "0"}))
        pages.append(
            ani.post(f"{address}/soal/{n}", {"answer": "x", "revision": "9"}, headers={"Accept": "application/json"})
        )
    pages += [ani.get(f"{address}/periksa"), ani.post(f"{address}/kumpulkan"), ani.get(f"{address}/hasil")]
    pages += [ani.get("/"), ani.get("/pelatihan"), ani.get("/pelatihan/etika-asn")]
    for page in pages:
        assert "CANARY" not in page.text
        assert "CANARY" not in str(page.headers)


def test_another_s_attempt_does_not_exist(ani, eko, session, quiz, cast):
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    world.enrolled(session, cast.eko, quiz.course)
    for path in (address, f"{address}/periksa", f"{address}/hasil"):
        assert eko.get(path).status_code == 404
    assert eko.post(f"{address}/soal/1", {"answer": "x"}).status_code == 404
    assert eko.post(f"{address}/kumpulkan").status_code == 404


def test_a_saved_answer_tells_its_revision_and_a_stale_one_the_newer_answer(ani, session, quiz):
    """Q8."""
    address = ani.post(f"/belajar/{quiz.public_id}/kuis/mulai").headers["location"]
    position, options = first_option(session, session.scalars(select(Attempt)).one())
    asked = {"Accept": "application/json"}
    first = ani.post(f"{address}/soal/{position}", {"answer": options[0], "revision": "0"}, headers=asked)
    assert first.json()["revision"] == 1
    stale = ani.post(f"{address}/soal/{position}", {"answer": options[1], "revision": "0"}, headers=asked)
    assert stale.status_code == 409
    assert stale.json()["answer"] == {"choice": options[0]}
