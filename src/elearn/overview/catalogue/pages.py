"""HTML face of the catalogue: the list, a course's own page, enrolling and leaving."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.enrolment import actions
from elearn.learning.enrolment.queries import course_named
from elearn.learning.enrolment.rules import deadline
from elearn.learning.player.queries import Step
from elearn.overview.catalogue import queries
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import COMPETENCIES

router = APIRouter()


@router.get("/pelatihan")
def catalogue(request: Request, session: DbSession, actor: SignedIn, q: str = "", jenis: str = "") -> Response:
    found = queries.entries(session, actor, q[:200], jenis)
    return render(request, "catalogue/catalogue.html", entries=found, words=q[:200], kind=jenis, kinds=COMPETENCIES)


@router.get("/pelatihan/{slug}")
def course(request: Request, slug: str, session: DbSession, actor: SignedIn) -> Response:
    found, mine = course_named(session, actor, slug)
    place = mine if mine and mine.active else None
    outline = queries.chapters(session, found, place)
    steps = [step for chapter in outline for step in chapter.steps]
    return render(
        request,
        "catalogue/course.html",
        course=found,
        enrolment=place,
        chapters=outline,
        resume=_resume(steps, place.last_activity_id if place else None),
        done=sum(step.status == "done" for step in steps if step.activity.required),
        required=sum(step.activity.required for step in steps),
        deadline=deadline(place.due_on if place else None, found.closes_on),
    )


@router.post("/pelatihan/{slug}/pendaftaran")
def enrol(slug: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found, _mine = course_named(session, actor, slug)
    actions.enrol(session, actor, found, now)
    return redirect(f"/pelatihan/{slug}", _("Anda terdaftar. Mulailah kapan saja."))


@router.post("/pelatihan/{slug}/pendaftaran/batal")
def withdraw(slug: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    _found, mine = course_named(session, actor, slug)
    if mine is not None:
        actions.withdraw(session, actor, mine, now)
    return redirect("/pelatihan", _("Anda berhenti dari pelatihan itu. Kemajuan Anda tetap disimpan."))


def _resume(steps: list[Step], last_activity_id: int | None) -> Step | None:
    """Where to go on: the activity seen last unless it is done, else the first that is not done."""
    last = next((step for step in steps if step.activity.id == last_activity_id and step.status != "done"), None)
    return last or next((step for step in steps if step.status != "done"), steps[0] if steps else None)
