"""An admin enrols people: choose, see what would happen, confirm, and undo while nobody has begun."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.shapes import ListWish
from elearn.learning.enrolment import actions
from elearn.learning.enrolment.forms import EnrolmentWish
from elearn.learning.enrolment.queries import batch_for, my_batches, not_begun, open_courses, preview
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.queries import units_in_scope

router = APIRouter()

WishForm = Annotated[Submitted[EnrolmentWish], Depends(submitted(EnrolmentWish))]
UNKNOWN_SHOWN = 100


@router.get("/kelola/pendaftaran")
def choose(
    request: Request, session: DbSession, actor: SignedIn, now: Now, pelatihan: str = "", unit: str = ""
) -> Response:
    form = Submitted[EnrolmentWish]({"course": pelatihan, "unit": unit})
    return _choice(request, session, actor, now, form)


@router.post("/kelola/pendaftaran/periksa")
def look(request: Request, session: DbSession, actor: SignedIn, form: WishForm, now: Now) -> Response:
    open_courses(session, actor, wib_date(now))
    with form.trying(session):
        wish = form.get()
        plan = preview(session, actor, wish, wib_date(now))
    if form.errors:
        return _choice(request, session, actor, now, form)
    shown = plan.unknown[:UNKNOWN_SHOWN]
    return render(request, "enrolment/preview.html", plan=plan, wish=wish, unknown=shown)


@router.post("/kelola/pendaftaran")
def enrol(request: Request, session: DbSession, actor: SignedIn, form: WishForm, now: Now) -> Response:
    open_courses(session, actor, wib_date(now))
    with form.trying(session):
        batch = actions.enrol_many(session, actor, form.get(), now)
    if form.errors:
        return _choice(request, session, actor, now, form)
    if batch.job_public_id:
        return redirect(f"/pekerjaan/{batch.job_public_id}")
    return redirect(f"/kelola/pendaftaran/{batch.public_id}", _("%(n)s orang terdaftar.", n=batch.enrolled))


@router.get("/kelola/pendaftaran/periksa")
def start_over(actor: SignedIn) -> Response:
    # Whoever signed in anew in between comes back here without the form.
    return redirect("/kelola/pendaftaran", _("Isi lagi, lalu periksa."), "info")


@router.get("/kelola/pendaftaran/{batch}")
def show(request: Request, batch: str, session: DbSession, actor: SignedIn) -> Response:
    found = batch_for(session, actor, batch)
    return render(request, "enrolment/batch.html", batch=found, free=not_begun(session, found))


@router.post("/kelola/pendaftaran/{batch}/batal")
def undo(batch: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    count = actions.undo_batch(session, actor, batch_for(session, actor, batch), now)
    return redirect(f"/kelola/pendaftaran/{batch}", _("%(n)s pendaftaran dibatalkan.", n=count))


def _choice(request: Request, session: Session, actor: Actor, now: Now, form: Submitted[EnrolmentWish]) -> Response:
    return render(
        request,
        "enrolment/choose.html",
        status=422 if form.errors else 200,
        courses=open_courses(session, actor, wib_date(now)),
        units=units_in_scope(session, actor),
        batches=my_batches(session, actor, ListWish(limit=20)).rows,
        today=wib_date(now),
        errors=form.errors,
        typed=form.typed,
    )
