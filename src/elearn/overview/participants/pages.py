"""Screen 23: participants and their progress, how the questions did, and reminders."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import N_
from elearn.foundation.mail.mailer import mailer
from elearn.foundation.settings import settings
from elearn.foundation.web.addresses import with_filters
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.participants.actions import start_reminders
from elearn.overview.participants.forms import Whom
from elearn.overview.participants.queries import (
    ParticipantFilters,
    count_unfinished,
    graded_quizzes,
    items_of,
    participants,
    quiz_of,
    units_with_participants,
)
from elearn.overview.participants.rules import ENOUGH, reminder
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import taught_course

router = APIRouter()
Text = Annotated[str, Query(max_length=200)]
WhomForm = Annotated[Submitted[Whom], Depends(submitted(Whom))]
STATES = {
    "belum": ("not_started", N_("Belum mulai")),
    "sedang": ("in_progress", N_("Sedang")),
    "selesai": ("done", N_("Selesai")),
    "terlambat": ("late", N_("Terlambat")),
}


def whom_of(
    keadaan: Text = "", unit: Text = "", q: Text = "", orang: Annotated[Sequence[str], Query(max_length=100)] = ()
) -> Whom:
    """Which participants the address asks for."""
    return Whom(keadaan=keadaan if keadaan in STATES else "", unit=unit, q=q.replace("\x00", ""), orang=list(orang))


Wish = Annotated[Whom, Depends(whom_of)]


@router.get("/ajar/{slug}/peserta")
def show(
    request: Request, slug: str, session: DbSession, actor: SignedIn, now: Now, wish: Wish, halaman: int = 1
) -> Response:
    course = taught_course(session, actor, slug)
    units = units_with_participants(session, actor, course)
    filters = _filters(units, wish)
    page, counts = participants(session, actor, course, filters, wib_date(now), halaman)
    here = f"/ajar/{slug}/peserta"
    return render(
        request,
        "participants/participants.html",
        course=course,
        units=units,
        wish=wish,
        page=page,
        counts=counts,
        states=STATES,
        here=here,
        address=lambda **words: with_filters(here, {**wish.model_dump(exclude={"orang"}), **words}),
        reports=actor.may(Permission.SEE_REPORTS),
    )


@router.get("/ajar/{slug}/peserta/soal")
def show_questions(request: Request, slug: str, session: DbSession, actor: SignedIn, kuis: Text = "") -> Response:
    course = taught_course(session, actor, slug)
    quizzes = graded_quizzes(session, actor, course)
    quiz = quiz_of(quizzes, kuis)
    items = items_of(session, actor, quiz) if quiz else []
    page: dict[str, Any] = {"course": course, "quizzes": quizzes, "quiz": quiz, "items": items, "enough": ENOUGH}
    return render(request, "participants/questions.html", here=f"/ajar/{slug}/peserta", **page)


@router.get("/ajar/{slug}/peserta/pengingat")
def show_reminder(request: Request, slug: str, session: DbSession, actor: SignedIn, now: Now, wish: Wish) -> Response:
    return _reminder(request, session, actor, taught_course(session, actor, slug), now, wish)


@router.post("/ajar/{slug}/peserta/pengingat")
def send_reminder(
    request: Request, slug: str, session: DbSession, actor: SignedIn, now: Now, form: WhomForm
) -> Response:
    course = taught_course(session, actor, slug)
    wish = form.get()
    with form.trying(session):
        filters = _filters(units_with_participants(session, actor, course), wish)
        job = start_reminders(session, actor, course, filters, now)
    if form.errors:
        return _reminder(request, session, actor, course, now, wish, form.errors)
    return redirect(f"/pekerjaan/{job.public_id}")


def _reminder(
    request: Request,
    session: Session,
    actor: Actor,
    course: Course,
    now: Now,
    wish: Whom,
    errors: dict[str, str] | None = None,
) -> Response:
    filters = _filters(units_with_participants(session, actor, course), wish)
    whom = count_unfinished(session, actor, course, filters, now)
    text = reminder(course.title, f"{settings().base_url}/pelatihan/{course.slug}", whom.due_on)
    here = f"/ajar/{course.slug}/peserta"
    shown: dict[str, Any] = {"course": course, "whom": whom, "text": text, "wish": wish, "here": here}
    return render(
        request,
        "participants/reminder.html",
        status=409 if errors else 200,
        mail=mailer().enabled,
        whatsapp=f"https://wa.me/?text={quote(text)}",
        back=with_filters(here, wish.model_dump(exclude={"orang"})),
        errors=errors or {},
        **shown,
    )


def _filters(units: Sequence[Unit], wish: Whom) -> ParticipantFilters:
    unit = next((each for each in units if each.code == wish.unit), None)
    if wish.unit and unit is None:
        raise NotFound
    return ParticipantFilters(STATES[wish.keadaan][0] if wish.keadaan else "", unit, wish.q, tuple(wish.orang))
