"""A learner joins a class or leaves it; the course's own page shows the classes."""

from fastapi import APIRouter
from starlette.responses import Response

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.turns import quick
from elearn.foundation.web.rendering import redirect
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.cohorts import actions
from elearn.learning.cohorts.queries import cohort_for_learner, my_participation
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.post("/angkatan/{cohort}/ikut")
@quick
def join(cohort: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = cohort_for_learner(session, actor, cohort)
    slug = found.course.slug
    mine = actions.join(session, actor, found, now)
    if mine.status == "joined":
        return redirect(f"/pelatihan/{slug}", _("Anda menjadi peserta angkatan ini."))
    said = _("Kursi habis. Anda di daftar tunggu dan naik sendiri bila ada yang keluar.")
    return redirect(f"/pelatihan/{slug}", said, "info")


@router.post("/angkatan/{cohort}/batal")
@quick
def leave(cohort: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = cohort_for_learner(session, actor, cohort)
    slug = found.course.slug
    mine = my_participation(session, actor, found)
    if mine is None:
        raise NotFound
    actions.leave(session, actor, found, mine, now)
    return redirect(f"/pelatihan/{slug}", _("Anda keluar dari angkatan itu. Kemajuan Anda tetap disimpan."))
