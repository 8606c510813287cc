"""Questions of completed courses come back: whose, which, how many a day, and never with the key before the answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from elearn.activities.quizzes import actions as quizzes
from elearn.activities.quizzes.models import RELEASES, Attempt
from elearn.activities.quizzes.queries import draft_of
from elearn.activities.quizzes.release import RELEASED
from elearn.activities.quizzes.rules import released
from elearn.activities.reviews import actions, queries
from elearn.activities.reviews.models import Review, ReviewAnswer
from elearn.activities.reviews.rules import A_DAY, GAPS, NotAskedNow
from elearn.foundation.clock import wib_date
from elearn.foundation.errors import NotFound
from elearn.learning.player.queries import desk
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.questions.grading import released_view
from elearn.teaching.questions.models import Question
from tests import world


def completed(session, person, when, slug="etika-asn", **rules):
    """A course whose quiz this person has handed in, and which was completed at this moment; gives the enrolment."""
    course = world.a_course(session, slug)
    rules = {"pass_mark": None, "release": "after_submit", **rules}
    quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course), **rules)
    enrolment = world.enrolled(session, person, course)
    actor = actor_for(session, person.id)
    attempt = quizzes.start(session, actor, desk(session, actor, quiz.public_id, "quiz"), when)
    quizzes.submit(session, actor, attempt, when)
    enrolment.completed_at = when
    session.commit()
    return enrolment


def fields_of(session, review, *, right=True):
    """What a learner sends to answer a review as it is asked next, by the key or against it."""
    version = queries.wording_of(session, review)
    told = released_view(draft_of(version), queries.seed_of(review, review.asked + 1), None)
    match version.kind:
        case "single" | "true_false":
            return {"answer": next(option["id"] for option in told["options"] if option["right"] is right)}
        case "multiple":
            return {"choices": [option["id"] for option in told["options"] if option["right"] is right]}
        case "number":
            return {"answer": told["number"] if right else "99"}
        case _:
            ids = {each["text"]: each["id"] for each in told["rights"]}
            lefts = told["lefts"]
            chosen = [left["right"] for left in (lefts if right else reversed(lefts))]
            return {f"pair-{left['id']}": ids[text] for left, text in zip(lefts, chosen, strict=True)}


def raw_of(session, review, *, right=True):
    """The same as `actions.answer` takes it."""
    fields = fields_of(session, review, right=right)
    if any(name.startswith("pair-") for name in fields):
        return {name.removeprefix("pair-"): value for name, value in fields.items()}
    return next(iter(fields.values()))


def one(session, public_id):
    return session.scalars(
        select(Review).filter_by(public_id=public_id).execution_options(populate_existing=True)
    ).one()


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_three_questions_come_back_and_the_key_comes_after_the_answer(session, ani, eko, morning):
    today = wib_date(morning)
    completed(session, ani.person, morning - timedelta(days=5))
    home = ani.get("/").text
    assert "3 soal, 2 menit" in home
    before = [home, ani.get("/ulang").text]
    address = ani.post("/ulang/mulai").headers["location"]
    assert ani.post("/ulang/mulai").headers["location"] == address
    assert count(session, Review) == 5
    for place, right in enumerate((True, False, None), start=1):
        public_id = address.removeprefix("/ulang/")
        asked = ani.get(address)
        blank = ani.post(address, {"kali": "1"})
        assert (asked.status_code, blank.status_code) == (200, 422)
        before += [asked.text, blank.text]
        assert f"Soal {place} dari 3" in asked.text
        review = one(session, public_id)
        view = queries.asked_view(session, review)
        choices = {name: view.pop(name, []) for name in ("options", "lefts", "rights")}
        assert view.keys() == {"kind", "stem"}
        assert all(each.keys() == {"id", "text"} for offered in choices.values() for each in offered)
        said = {"lupa": "1"} if right is None else fields_of(session, review, right=right)
        # Somebody else's is not there, whatever is sent to it.
        assert eko.get(address).status_code == eko.post(address, {"kali": "1", **said}).status_code == 404
        sent = ani.post(address, {"kali": "1", **said})
        assert sent.headers["location"] == address
        told = ani.get(address).text
        assert ("Anda masih ingat" in told) is bool(right)
        assert "Benar" in told if right else "Belum tepat" in told
        # Sent again with another answer: what was kept stays.
        assert ani.post(address, {"kali": "1", "lupa": "1"}).headers["location"] == address
        assert ani.get(address).text.count("Anda masih ingat") == told.count("Anda masih ingat")
        kept = session.scalars(select(ReviewAnswer).filter_by(review_id=review.id)).one()
        assert (kept.place, kept.right, kept.answered_on) == (place, bool(right), today)
        assert kept.due_on == today + timedelta(days=GAPS[1] if right else GAPS[0]) == one(session, public_id).due_on
        following = re.search(r'href="(/ulang/\w+)"', told)
        address = following[1] if following else "/ulang"
    assert not any("CANARY" in page for page in before)
    done = ani.get("/ulang").text
    assert "Latihan hari ini selesai" in done
    assert done.count("Muncul lagi") == 3
    assert "Latihan ulang" not in re.sub(r"<title>.*?</title>", "", ani.get("/").text)
    assert "Belum ada latihan ulang" in eko.get("/ulang").text
    # Two are left; a fourth answer is refused today, and shows nothing.
    left = session.scalars(select(Review.public_id).filter_by(asked=0)).first()
    assert ani.get(f"/ulang/{left}").headers["location"] == "/ulang"
    refused = ani.post(f"/ulang/{left}", {"kali": "1", "lupa": "1"})
    assert refused.headers["location"] == "/ulang"
    assert "CANARY" not in refused.text + ani.get("/ulang").text
    assert count(session, ReviewAnswer) == 3


def test_what_was_wrong_goes_first_and_what_was_always_right_ends(session, ani, now):
    completed(session, ani.person, now - timedelta(days=5))
    first = one(session, actions.begin(session, ani.actor, now))
    assert actions.answer(session, ani.actor, first.public_id, 1, None, now, forgotten=True).due_on == (
        wib_date(now) + timedelta(days=GAPS[0])
    )
    with pytest.raises(NotAskedNow):
        actions.answer(session, ani.actor, first.public_id, 2, None, now, forgotten=True)
    later = now + timedelta(days=2)
    assert actions.begin(session, ani.actor, later) == first.public_id
    gaps = []
    for number in range(2, 2 + len(GAPS)):
        given = actions.answer(session, ani.actor, first.public_id, number, raw_of(session, first), later)
        gaps.append(given.due_on and (given.due_on - wib_date(later)).days)
        later += timedelta(days=gaps[-1] or 0)
    assert gaps == [*GAPS[1:], None]
    assert first.due_on is None
    with pytest.raises(NotAskedNow):
        actions.answer(session, ani.actor, first.public_id, first.asked + 1, None, later, forgotten=True)


def test_the_next_day_is_told(session, ani, now):
    today = wib_date(now)
    completed(session, ani.person, now - timedelta(days=1))
    standing = queries.standing(session, ani.actor, today)
    assert standing.left == 0
    assert queries.next_time(session, ani.actor, standing, today) == today + timedelta(days=1)
    assert actions.begin(session, ani.actor, now) is None
    tomorrow = now + timedelta(days=1)
    for _n in range(A_DAY):
        actions.answer(
            session, ani.actor, actions.begin(session, ani.actor, tomorrow), 1, None, tomorrow, forgotten=True
        )
    standing = queries.standing(session, ani.actor, today + timedelta(days=1))
    assert (standing.given, standing.waiting, standing.left) == (3, 2, 0)
    # Two more wait, but a day has three.
    assert queries.next_time(session, ani.actor, standing, wib_date(tomorrow)) == today + timedelta(days=2)


def _of(session, enrolment, table):
    """The course's, the quiz's, the attempt's or the first question's row."""
    match table:
        case "course":
            return session.get_one(Course, enrolment.course_id)
        case "enrolment":
            return enrolment
        case "activity":
            return session.scalars(select(Activity).filter_by(course_id=enrolment.course_id)).one()
        case "attempt":
            return session.scalars(select(Attempt).filter_by(enrolment_id=enrolment.id)).one()


WITHHELD = {
    "the course is archived": ("course", {"state": "archived"}),
    "the course is a draft again": ("course", {"state": "draft"}),
    "the learner withdrew": ("enrolment", {"withdrawn_at": world.THEN}),
    "the course is not completed": ("enrolment", {"completed_at": None}),
    "the quiz was taken out": ("activity", {"retired_at": world.THEN}),
    "the keys are never told": ("attempt", {"release": "never"}),
    "the keys are told to who passed": ("attempt", {"release": "after_pass", "passed": False}),
    "the keys are told when the course closes": ("attempt", {"release": "after_close"}),
    "the attempt is not graded": ("attempt", {"graded_at": None}),
}


def test_nothing_is_asked_that_was_not_told_or_stands_no_more(session, ani, now):
    today = wib_date(now)
    enrolment = completed(session, ani.person, now - timedelta(days=5))
    review = one(session, actions.begin(session, ani.actor, now))
    for planned, (why, (table, values)) in product((True, False), WITHHELD.items()):
        with session.begin_nested() as undone:
            if not planned:
                session.query(Review).delete()
            for name, value in values.items():
                setattr(_of(session, enrolment, table), name, value)
            session.flush()
            assert queries.standing(session, ani.actor, today).left == 0, why
            assert actions.begin(session, ani.actor, now) is None, why
            if planned:
                assert not queries.may_be_asked(session, review, today), why
                with pytest.raises(NotAskedNow):
                    actions.answer(session, ani.actor, review.public_id, 1, None, now, forgotten=True)
            else:
                assert count(session, Review) == 0, why
            undone.rollback()
    assert queries.standing(session, ani.actor, today).left == 3
    assert count(session, ReviewAnswer) == 0


def test_a_question_that_was_reworded_retired_or_is_being_answered_rests(session, ani, now):
    today = wib_date(now)
    enrolment = completed(session, ani.person, now - timedelta(days=5))
    first = actions.begin(session, ani.actor, now)
    review = one(session, first)
    question = session.get_one(Question, queries.wording_of(session, review).question_id)
    for values in ({"current": 2}, {"retired_at": now}):
        with session.begin_nested() as undone:
            for name, value in values.items():
                setattr(question, name, value)
            session.flush()
            assert not queries.may_be_asked(session, review, today)
            # The others go on.
            assert actions.begin(session, ani.actor, now) not in (first, None)
            undone.rollback()
    quiz = _of(session, enrolment, "activity")
    again = quizzes.start(session, ani.actor, desk(session, ani.actor, quiz.public_id, "quiz"), now)
    assert queries.standing(session, ani.actor, today).left == 0
    assert actions.begin(session, ani.actor, now) is None
    assert queries.open_quiz(session, ani.actor) == (again.public_id, quiz.title)
    assert f'href="/kuis/{again.public_id}"' in ani.get("/ulang").text
    quizzes.submit(session, ani.actor, again, now)
    assert queries.open_quiz(session, ani.actor) is None
    assert actions.begin(session, ani.actor, now) == first
    # The second attempt asked the same wordings: nothing is planned twice.
    assert count(session, Review) == 5


def test_nobody_has_somebody_elses(session, ani, eko, now):
    completed(session, ani.person, now - timedelta(days=5))
    first = actions.begin(session, ani.actor, now)
    assert actions.begin(session, eko.actor, now) is None
    with pytest.raises(NotFound):
        actions.answer(session, eko.actor, first, 1, None, now, forgotten=True)
    assert count(session, ReviewAnswer) == 0


def test_the_database_says_released_as_the_rule_does(session, ani, now):
    today = wib_date(now)
    enrolment = completed(session, ani.person, now)
    attempt, course = _of(session, enrolment, "attempt"), _of(session, enrolment, "course")
    says = select(RELEASED).select_from(Attempt).join(Activity).join(Course, Course.id == Activity.course_id)
    days = (None, today - timedelta(days=1), today, today + timedelta(days=1))
    for release, passed, graded, closes_on in product(RELEASES, (None, True, False), (None, now), days):
        attempt.release, attempt.passed, attempt.graded_at, course.closes_on = release, passed, graded, closes_on
        session.flush()
        closed = closes_on is not None and closes_on < today
        assert bool(session.scalar(says, {"today": today})) is released(attempt, closed)


def test_of_many_answers_at_once_each_question_has_one_and_the_day_three(own_database, now):
    with own_database.write() as session:
        people = world.cast(session)
        completed(session, people.ani, now - timedelta(days=5))
        actor = actor_for(session, people.ani.id)

    def begin(_n):
        with own_database.write() as session:
            actions.begin(session, actor, now)
            session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, range(4)))
    with own_database.read() as session:
        ids = session.scalars(select(Review.public_id)).all()
    assert len(ids) == 5

    def answer(public_id):
        with own_database.write() as session:
            try:
                actions.answer(session, actor, public_id, 1, None, now, forgotten=True)
                session.commit()
            except NotAskedNow:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(answer, [*ids, *ids]))
    with own_database.read() as session:
        answers = session.scalars(select(ReviewAnswer)).all()
        assert len({each.review_id for each in answers}) == len(answers) == 3
        assert sorted(each.place for each in answers) == [1, 2, 3]
        assert session.scalar(select(func.sum(Review.asked))) == 3
    assert 3 <= sum(taken) <= 6
