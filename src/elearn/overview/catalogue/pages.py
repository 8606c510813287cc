"""HTML face of the catalogue: the list, a course's own page, enrolling and leaving."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.turns import quick
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.enrolment import actions
from elearn.learning.enrolment.queries import course_named
from elearn.overview.catalogue import queries
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import COMPETENCIES

router = APIRouter()


@router.get("/pelatihan")
@quick
def catalogue(request: Request, session: DbSession, actor: SignedIn, q: str = "", jenis: str = "") -> Response:
    found = queries.look_up(session, actor, q[:200], jenis)
    return render(request, "catalogue/catalogue.html", found=found, names=COMPETENCIES, words=q[:200], kind=jenis)


@router.get("/pelatihan/{slug}")
@quick
def course(request: Request, slug: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return render(request, "catalogue/course.html", seen=queries.sight(session, actor, slug, wib_date(now)))


@router.post("/pelatihan/{slug}/pendaftaran")
@quick
def enrol(slug: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found, _mine = course_named(session, actor, slug)
    actions.enrol(session, actor, found, now)
    return redirect(f"/pelatihan/{slug}", _("Anda terdaftar. Mulailah kapan saja."))


@router.post("/pelatihan/{slug}/pendaftaran/batal")
@quick
def withdraw(slug: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    _found, mine = course_named(session, actor, slug)
    if mine is not None:
        actions.withdraw(session, actor, mine, now)
    return redirect("/pelatihan", _("Anda berhenti dari pelatihan itu. Kemajuan Anda tetap disimpan."))
