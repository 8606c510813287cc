"""The regency admin's certificates: the list, one of them, taking back and replacing, many at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.recognition.certificates import actions
from elearn.recognition.certificates.forms import BulkWish, Replacement, Revocation
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import (
    Bulk,
    bulk_of,
    certificate_for_admin,
    certificates,
    changed_since,
    completed_courses,
    facts_of,
    printed_fields,
    replacement_of,
    standing,
)
from elearn.recognition.designs.queries import without_their_logo

router = APIRouter()
PLACE = "/kelola/sertifikat"
ONE = f"{PLACE}/{one('public_id')}"
RevocationForm = Annotated[Submitted[Revocation], Depends(submitted(Revocation))]
ReplacementForm = Annotated[Submitted[Replacement], Depends(submitted(Replacement))]
BulkForm = Annotated[Submitted[BulkWish], Depends(submitted(BulkWish))]


@router.get(PLACE)
def manage(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    q: Annotated[str, Query(max_length=200)] = "",
    halaman: int = 1,
) -> Response:
    page = certificates(session, actor, q, halaman)
    since = changed_since(session, page.rows)
    rows = [(found, facts_of(found), found.id in since) for found in page.rows]
    signs, lost = actor.may(Permission.SIGN_CERTIFICATES), without_their_logo(session, actor)
    return render(request, "certificates/all.html", page=page, rows=rows, q=q, signs=signs, lost=lost)


@router.get(PLACE + "/terbit")
def choose(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    asked = {name: request.query_params.get(name, "").replace("\x00", "") for name in BulkWish.model_fields}
    if not any(asked.values()):
        return _choice(request, session, actor, now)
    completed_courses(session, actor)
    form = check(BulkWish, asked)
    with form.trying(session):
        return _choice(request, session, actor, now, form, bulk_of(session, actor, form.get()))
    return _choice(request, session, actor, now, form)


@router.post(PLACE + "/terbit")
def issue(request: Request, session: DbSession, actor: SignedIn, form: BulkForm, now: Now) -> Response:
    completed_courses(session, actor)
    with form.trying(session):
        bulk = bulk_of(session, actor, form.get())
        if form.typed.get("go"):
            job = actions.issue_many(session, actor, bulk, now)
            return redirect(f"/pekerjaan/{job.public_id}")
        return _choice(request, session, actor, now, form, bulk)
    return _choice(request, session, actor, now, form)


@router.get(ONE)
def manage_one(request: Request, public_id: str, session: DbSession, actor: SignedIn) -> Response:
    return _one(request, session, certificate_for_admin(session, actor, public_id))


@router.post(ONE + "/cabut")
def revoke(
    request: Request, public_id: str, session: DbSession, actor: SignedIn, form: RevocationForm, now: Now
) -> Response:
    certificate = certificate_for_admin(session, actor, public_id)
    if form.value is None:
        return _one(request, session, certificate, form)
    actions.revoke(session, actor, public_id, form.value.reason, now)
    return redirect(f"{PLACE}/{public_id}", _("Sertifikat dicabut."))


@router.post(ONE + "/ganti")
def replace(
    request: Request, public_id: str, session: DbSession, actor: SignedIn, form: ReplacementForm, now: Now
) -> Response:
    certificate = certificate_for_admin(session, actor, public_id)
    if form.value is None:
        return _one(request, session, certificate, form)
    made = actions.reissue(session, actor, public_id, form.value.why, now)
    return redirect(f"{PLACE}/{made.public_id}", _("Sertifikat pengganti terbit dengan nomor %(n)s.", n=made.number))


def _choice(
    request: Request,
    session: Session,
    actor: Actor,
    now: Now,
    form: Submitted[BulkWish] | None = None,
    bulk: Bulk | None = None,
) -> Response:
    today = wib_date(now)
    courses = completed_courses(session, actor)
    return render(
        request,
        "certificates/bulk.html",
        status=422 if form and form.errors else 200,
        courses=[("", _("Pilih pelatihan")), *((course.slug, course.title) for course in courses)],
        first=today.replace(month=1, day=1),
        last=today,
        standing=standing(session, actor, bulk) if bulk else None,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _one(
    request: Request,
    session: Session,
    certificate: Certificate,
    form: Submitted[Revocation] | Submitted[Replacement] | None = None,
) -> Response:
    return render(
        request,
        "certificates/one.html",
        status=422 if form else 200,
        certificate=certificate,
        newer=replacement_of(session, certificate),
        jp_since=changed_since(session, [certificate]).get(certificate.id),
        fields=printed_fields(certificate, masked=False),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
