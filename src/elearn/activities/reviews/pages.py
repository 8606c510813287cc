"""HTML face of reviews: what is due, one question a page, what was right. Works without JavaScript."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.activities.reviews import actions, queries
from elearn.activities.reviews.models import Review, ReviewAnswer
from elearn.activities.reviews.rules import NotAskedNow
from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Invalid
from elearn.foundation.turns import quick
from elearn.foundation.web.forms import FormFields
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.teaching.questions.answers import raw_answer

router = APIRouter()


@router.get("/ulang")
@quick
def reviews(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    today = wib_date(now)
    standing = queries.standing(session, actor, today)
    return render(
        request,
        "reviews/reviews.html",
        standing=standing,
        next_time=None if standing.left else queries.next_time(session, actor, standing, today),
        given=queries.answers_of_day(session, actor, today),
        open_quiz=None if standing.left else queries.open_quiz(session, actor),
    )


@router.post("/ulang/mulai")
@quick
def begin(session: DbSession, actor: SignedIn, now: Now) -> Response:
    first = actions.begin(session, actor, now)
    return redirect(f"/ulang/{first}" if first else "/ulang")


@router.get("/ulang/{review}")
@quick
def review(request: Request, review: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found, today = queries.review_of(session, actor, review), wib_date(now)
    if not queries.may_be_asked(session, found, today):
        return redirect("/ulang")
    if found.due_on is not None and found.due_on <= today:
        return _question_page(request, session, actor, found, now)
    last = queries.answer_to(session, found, found.asked)
    return _told_page(request, session, actor, found, last, now) if last else redirect("/ulang")


@router.post("/ulang/{review}")
@quick
def answer(
    request: Request, review: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    time = str(fields.get("kali", ""))
    forgotten = fields.get("lupa") == "1"
    try:
        number = int(time) if time.isascii() and time.isdigit() and len(time) < 6 else 0
        actions.answer(session, actor, review, number, raw_answer(fields), now, forgotten=forgotten)
    except NotAskedNow as refusal:
        return redirect("/ulang", refusal.message, "w")
    except Invalid as refusal:
        found = queries.review_of(session, actor, review)
        return _question_page(request, session, actor, found, now, error=refusal.message)
    return redirect(f"/ulang/{review}")


def _question_page(
    request: Request, session: Session, actor: Actor, review: Review, now: datetime, *, error: str = ""
) -> Response:
    standing = queries.standing(session, actor, wib_date(now))
    if not standing.left:
        return redirect("/ulang")
    return render(
        request,
        "reviews/question.html",
        status=422 if error else 200,
        errors={"": error} if error else {},
        review=review,
        course=queries.course_of(session, review),
        view=queries.asked_view(session, review),
        standing=standing,
    )


def _told_page(
    request: Request, session: Session, actor: Actor, review: Review, given: ReviewAnswer, now: datetime
) -> Response:
    today = wib_date(now)
    return render(
        request,
        "reviews/told.html",
        review=review,
        course=queries.course_of(session, review),
        view=queries.told_view(session, review, given),
        given=given,
        standing=queries.standing(session, actor, today),
        following=queries.next_review(session, actor, today),
        today=today,
    )
