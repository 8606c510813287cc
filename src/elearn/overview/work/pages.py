"""HTML faces of long work: one's jobs, one job with its progress, the file it made."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queries import job_for, jobs_of
from elearn.foundation.storage.current import store
from elearn.foundation.web.files import file_response
from elearn.foundation.web.rendering import local_path, redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.overview.work.actions import call_off
from elearn.overview.work.rules import time_left
from elearn.people.accounts.door import SignedIn

router = APIRouter()


@router.get("/pekerjaan")
def mine(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return render(request, "work/jobs.html", jobs=jobs_of(session, actor.me(), limit=50))


@router.get("/pekerjaan/{public_id}")
def show(request: Request, public_id: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    job = job_for(session, public_id, actor.me())
    return render(request, "work/job.html", job=job, left=time_left(job, now), back=_back(job))


@router.get("/pekerjaan/{public_id}/kemajuan")
def progress(request: Request, public_id: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    job = job_for(session, public_id, actor.me())
    return render(request, "work/bar.html", job=job, left=time_left(job, now))


@router.post("/pekerjaan/{public_id}/batal")
def stop(public_id: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    job = job_for(session, public_id, actor.me())
    call_off(session, actor, job, now)
    return redirect(f"/pekerjaan/{public_id}", "" if job.finished else _("Pekerjaan dihentikan setelah langkah ini."))


@router.get("/pekerjaan/{public_id}/berkas")
def download(request: Request, public_id: str, session: DbSession, actor: SignedIn) -> Response:
    made = (job_for(session, public_id, actor.me()).result or {}).get("file")
    if not made:
        raise NotFound(_("Berkas ini sudah dihapus. Buat lagi."))
    answer = file_response(
        request,
        store(),
        made["key"],
        size=store().size(made["key"]),
        media_type=made["media_type"],
        file_name=made["name"],
        etag=made["key"].replace("/", "-"),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(job: Job) -> str:
    result = job.result or {}
    return local_path(result.get("href") or result.get("page"), "")
