"""HTML face of quizzes for learners: rules, one question a page, check, hand in, result. Works without JavaScript."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from elearn.activities.quizzes import actions, queries
from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.activities.quizzes.rules import attempts_allowed, closed_words, percent, seed_of, topic_in_words
from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _, format_time
from elearn.foundation.turns import quick
from elearn.foundation.web.forms import FormFields
from elearn.foundation.web.refusals import status_of
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.player.queries import desk
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.questions.answers import raw_answer
from elearn.teaching.questions.grading import learner_view

router = APIRouter()


@router.get("/belajar/{activity}/kuis")
@quick
def rules(request: Request, activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "quiz")
    quiz = queries.quiz_of(session, here.activity)
    allowance = queries.allowance_of(session, here.activity.id, actor.me())
    attempts = queries.attempts_at(session, here)
    allowed = attempts_allowed(quiz, allowance)
    return render(
        request,
        "quizzes/rules.html",
        desk=here,
        quiz=quiz,
        attempts=attempts,
        allowed=allowed,
        left=queries.attempts_left(session, here, allowance, quiz, attempts),
        running=next((attempt for attempt in attempts if attempt.open), None),
        closed=closed_words(here.course.closes_on, wib_date(now)),
        count=queries.question_count(session, quiz),
    )


@router.post("/belajar/{activity}/kuis/mulai")
@quick
def start(activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "quiz")
    return redirect(f"/kuis/{actions.start(session, actor, here, now).public_id}")


@router.post("/belajar/{activity}/kuis/selesai")
@quick
def go_on(activity: str, session: DbSession, actor: SignedIn) -> Response:
    here = desk(session, actor, activity, "quiz")
    return redirect(here.next.path if here.next else f"/pelatihan/{here.course.slug}")


@router.get("/kuis/{attempt}")
@quick
def question(request: Request, attempt: str, session: DbSession, actor: SignedIn, now: Now, soal: int = 1) -> Response:
    found = queries.attempt_of(session, actor, attempt)
    if not found.open:
        return redirect(f"/kuis/{attempt}/hasil")
    return _question_page(request, session, found, soal, now)


@router.get("/kuis/{attempt}/soal")
@quick
def questions(request: Request, attempt: str, session: DbSession, actor: SignedIn) -> Response:
    """Every question as its own page asks it; quiz.js keeps them for when the network is gone."""
    found = queries.attempt_of(session, actor, attempt)
    if not found.open:
        return redirect(f"/kuis/{attempt}/hasil")
    asked = [(each, _view(found, each), _clock(each.answered_at)) for each in queries.worded_questions(session, found)]
    return render(request, "quizzes/asked.html", attempt=found, asked=asked)


@router.post("/kuis/{attempt}/soal/{position}")
@quick
def save(
    request: Request,
    attempt: str,
    position: int,
    session: DbSession,
    actor: SignedIn,
    fields: FormFields,
    now: Now,
) -> Response:
    found = queries.attempt_of(session, actor, attempt)
    scripted = "application/json" in request.headers.get("accept", "")
    try:
        revision = int(str(fields.get("revision", "0")) or 0)
        clear = fields.get("clear") == "1"
        saved = actions.save_answer(session, actor, found, position, raw_answer(fields), revision, now, clear=clear)
        # A box that is not ticked is not sent by a form; a script says "0".
        flagged = fields.get("flag") == "1"
        if flagged != saved.flagged and ("flag" in fields or not scripted):
            actions.flag(session, actor, found, position, flagged, now)
    except (Refusal, ValueError) as refusal:
        return _not_saved(request, session, found, position, refusal, now, scripted=scripted)
    if scripted:
        return JSONResponse({"revision": saved.revision, "saved_at": _clock(saved.answered_at)})
    target = str(fields.get("go", ""))
    go = target if target in ("periksa",) else f"?soal={int(target) if target.isdigit() else position}"
    return redirect(f"/kuis/{attempt}/periksa" if go == "periksa" else f"/kuis/{attempt}{go}")


def _not_saved(
    request: Request,
    session: DbSession,
    attempt: Attempt,
    position: int,
    refusal: Exception,
    now: datetime,
    *,
    scripted: bool,
) -> Response:
    message = refusal.message if isinstance(refusal, Refusal) else _("Muat ulang halaman, lalu jawab lagi.")
    status = status_of(refusal) if isinstance(refusal, Refusal) else 422
    if not scripted:
        if not attempt.open:
            return redirect(f"/kuis/{attempt.public_id}/hasil", message, "w")
        return _question_page(request, session, attempt, position, now, status=status, errors={"": message})
    told: dict[str, Any] = {"message": message, "closed": not attempt.open}
    if isinstance(refusal, actions.StaleAnswer):
        newer = refusal.question
        told |= {"revision": newer.revision, "answer": newer.answer, "saved_at": _clock(newer.answered_at)}
    return JSONResponse(told, status_code=status)


@router.post("/kuis/{attempt}/soal/{position}/ragu")
@quick
def flag(attempt: str, position: int, session: DbSession, actor: SignedIn, fields: FormFields, now: Now) -> Response:
    found = queries.attempt_of(session, actor, attempt)
    actions.flag(session, actor, found, position, fields.get("flag") == "1", now)
    return redirect(f"/kuis/{attempt}?soal={position}")


@router.get("/kuis/{attempt}/periksa")
@quick
def check(request: Request, attempt: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = queries.attempt_of(session, actor, attempt)
    if not found.open:
        return redirect(f"/kuis/{attempt}/hasil")
    questions = queries.question_map(session, found)
    activity = session.get_one(Activity, found.activity_id)
    return render(
        request,
        "quizzes/check.html",
        attempt=found,
        activity=activity,
        empty=[question.position for question in questions if not question.answered],
        map=_map(found, questions),
        left=_left(found, now),
    )


@router.post("/kuis/{attempt}/kumpulkan")
@quick
def submit(attempt: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = queries.attempt_of(session, actor, attempt, lock=True)
    actions.submit(session, actor, found, now)
    return redirect(f"/kuis/{attempt}/hasil")


@router.get("/kuis/{attempt}/hasil")
@quick
def result(request: Request, attempt: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = queries.attempt_of(session, actor, attempt)
    if found.open:
        return redirect(f"/kuis/{attempt}")
    activity = session.get_one(Activity, found.activity_id)
    course = session.get_one(Course, activity.course_id)
    # What one has earned stays one's own, also when the quiz is taken out of the course.
    here = desk(session, actor, activity.public_id, "quiz", retired=True)
    released = queries.released_questions(session, found, wib_date(now))
    questions = queries.worded_questions(session, found) if released is None else released
    closed = bool(closed_words(course.closes_on, wib_date(now)))
    quiz = queries.quiz_of(session, activity)
    allowance = queries.allowance_of(session, activity.id, actor.me())
    left = queries.attempts_left(session, here, allowance, quiz, queries.attempts_at(session, here))
    return render(
        request,
        "quizzes/result.html",
        desk=here,
        attempt=found,
        topics=_topics(questions),
        told=None if released is None else [queries.told(found, question) for question in released],
        left=left,
        again=activity.retired_at is None and not closed and left != 0,
    )


def _question_page(
    request: Request,
    session: DbSession,
    attempt: Attempt,
    position: int,
    now: datetime,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> Response:
    questions = queries.question_map(session, attempt)
    position = min(max(position, 1), len(questions))
    asked = queries.question_at(session, attempt, position)
    return render(
        request,
        "quizzes/question.html",
        status=status,
        errors=errors or {},
        attempt=attempt,
        activity=session.get_one(Activity, attempt.activity_id),
        question=asked,
        view=_view(attempt, asked),
        count=len(questions),
        answered=sum(question.answered for question in questions),
        map=_map(attempt, questions, position),
        left=_left(attempt, now),
        seconds_left=int((attempt.deadline_at - now).total_seconds()) if attempt.deadline_at else "",
        saved_at=_clock(asked.answered_at),
    )


def _view(attempt: Attempt, asked: AttemptQuestion) -> dict[str, Any]:
    seed = seed_of(attempt, asked.position)
    return learner_view(queries.draft_of(asked.version), seed, shuffle=attempt.shuffle_options)


def _map(attempt: Attempt, questions: Any, current: int = 0) -> list[tuple[int, str, str, bool, bool]]:
    return [
        (
            question.position,
            f"/kuis/{attempt.public_id}?soal={question.position}",
            "answered" if question.answered else "empty",
            question.flagged,
            question.position == current,
        )
        for question in questions
    ]


def _left(attempt: Attempt, now: datetime) -> str:
    if attempt.deadline_at is None:
        return ""
    minutes = int((attempt.deadline_at - now).total_seconds()) // 60
    return _("Sisa %(n)s menit", n=minutes) if minutes > 0 else _("Waktu hampir habis")


def _clock(moment: datetime | None) -> str:
    return format_time(moment) if moment else ""


def _topics(questions: Any) -> list[tuple[str, float]]:
    """Percent by the first part of the topic in words, the weakest first."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for question in questions:
        points[topic_in_words(question.version.question.topic)].append(
            (question.points or 0.0, question.version.weight)
        )
    return sorted(((name, percent(pairs)) for name, pairs in points.items() if name), key=lambda each: each[1])
