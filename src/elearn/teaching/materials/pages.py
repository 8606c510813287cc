"""HTML face of course files: upload, the list of files, pictures for lessons."""

from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.rendering import local_path, redirect, render
from elearn.foundation.web.session import DbSession, Now, short_write
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.actions import add_module
from elearn.teaching.courses.kinds import kind_named
from elearn.teaching.courses.models import Course, Module
from elearn.teaching.courses.queries import modules_of, taught_course, taught_module
from elearn.teaching.materials import actions
from elearn.teaching.materials.content import WrongKind
from elearn.teaching.materials.models import Material
from elearn.teaching.materials.queries import files_of, materials_named, taught_material
from elearn.teaching.materials.receiving import ShowAgain, answer_refused, answer_upload, take_upload, wants_json
from elearn.teaching.materials.rules import ACCEPT, accepted_types, problem_in_words, upload_limit

router = APIRouter()
ACTIVITY_FILES = ("pdf", "office", "video", "audio")


@router.get("/ajar/{slug}/unggah")
def choose(request: Request, slug: str, session: DbSession, actor: SignedIn, modul: str = "") -> Response:
    return _chooser(request, session, actor, slug, modul)


@router.post("/ajar/{slug}/berkas")
async def upload(request: Request, slug: str, actor: SignedIn, now: Now) -> Response:
    find, use = partial(taught_course, actor=actor, slug=slug), partial(_make_activity, actor=actor, now=now)
    return await answer_upload(request, actor, now, find, use, _again(request, actor, slug))


@router.post("/ajar/{slug}/gambar")
async def add_picture(request: Request, slug: str, actor: SignedIn, now: Now) -> Response:
    """A picture for lessons. A script gets its Markdown as JSON; a plain form goes back to `kembali`."""
    try:
        found = await take_upload(request, actor, now, partial(taught_course, actor=actor, slug=slug), _picture)
    except Invalid as refused:
        return await answer_refused(request, refused, _again(request, actor, slug))
    if wants_json(request):
        return JSONResponse(found, status_code=201)
    said = _("Gambar terunggah. Tulis ini di materi: %(markdown)s", markdown=found["markdown"])
    return redirect(local_path(found["back"], f"/ajar/{slug}/berkas"), said)


@router.get("/ajar/{slug}/berkas")
def files(request: Request, slug: str, session: DbSession, actor: SignedIn) -> Response:
    course = taught_course(session, actor, slug)
    found = files_of(session, actor, course)
    return render(
        request,
        "materials/files.html",
        course=course,
        files=found,
        total=sum(f.material.size for f in found),
        problem_in_words=problem_in_words,
    )


@router.post("/ajar/{slug}/berkas/{public_id}/pakai")
def reuse(
    request: Request, slug: str, public_id: str, session: DbSession, actor: SignedIn, now: Now, modul: str = ""
) -> Response:
    course = taught_course(session, actor, slug)
    material = taught_material(session, actor, course, public_id, *ACTIVITY_FILES)
    path, said = _make_activity(session, course, material, {"module": modul}, actor=actor, now=now)
    return redirect(path, said)


@router.post("/ajar/{slug}/berkas/{public_id}/siapkan")
def prepare_again(slug: str, public_id: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    course = taught_course(session, actor, slug)
    actions.prepare_again(session, actor, course, taught_material(session, actor, course, public_id), now)
    return redirect(f"/ajar/{slug}/berkas", _("Halaman sedang disiapkan lagi."))


@router.post("/ajar/{slug}/berkas/{public_id}/hapus")
def remove(request: Request, slug: str, public_id: str, actor: SignedIn, now: Now) -> Response:
    # A transaction of its own: the stored bytes go only after it was committed.
    with short_write(request.app.state.database) as session:
        course = taught_course(session, actor, slug)
        keys = actions.remove(session, actor, course, taught_material(session, actor, course, public_id), now)
    for key in keys:
        store().delete(key)
    return redirect(f"/ajar/{slug}/berkas", _("Berkas dihapus."))


def _make_activity(
    session: Session, course: Course, material: Material, fields: dict[str, str], *, actor: Actor, now: datetime
) -> tuple[str, str]:
    """Where to go on, and what to say there."""
    if material.kind not in ACTIVITY_FILES:
        return f"/ajar/{course.slug}/berkas", _("%(name)s tersimpan di daftar berkas.", name=material.file_name)
    module = _module(session, actor, course, fields.get("module", ""), now)
    activity = actions.make_activity(session, actor, course, module, material, now)
    if activity is None:
        raise WrongKind(_("jenis yang belum dapat menjadi materi"))
    return kind_named(activity.kind).edit_path(activity.public_id), _("Berkas terunggah. Periksa isian, lalu simpan.")


def _module(session: Session, actor: Actor, course: Course, public_id: str, now: datetime) -> Module:
    if public_id:
        module = taught_module(session, actor, public_id)
        if module.course_id != course.id:
            raise NotFound
        return module
    modules = modules_of(session, course)
    return modules[-1] if modules else add_module(session, actor, course, _("Modul 1"), now)


def _picture(session: Session, course: Course, material: Material, fields: dict[str, str]) -> dict[str, Any]:
    if material.kind != "image":
        sentence = _("Gambar harus PNG, JPEG, atau WebP.")
        raise Invalid(sentence, {"file": sentence})
    alt = fields.get("alt", "").replace("]", "").replace("[", "").replace("\n", " ")[:200] or _("Tulis isi gambar")
    return {
        "name": material.file_name,
        "url": f"/berkas/{material.public_id}",
        "markdown": f"![{alt}]({material.file_name})",
        "back": fields.get("kembali", ""),
    }


def _again(request: Request, actor: Actor, slug: str) -> ShowAgain:
    return lambda session, errors: _chooser(request, session, actor, slug, "", errors)


def _chooser(
    request: Request, session: Session, actor: Actor, slug: str, module: str, errors: dict[str, str] | None = None
) -> Response:
    course = taught_course(session, actor, slug)
    return render(
        request,
        "materials/upload.html",
        status=422 if errors else 200,
        course=course,
        modules=[(each.public_id, each.title) for each in modules_of(session, course)],
        module=module,
        known=materials_named(session, actor, course, *ACTIVITY_FILES),
        types=accepted_types(),
        accept=ACCEPT,
        limit=upload_limit(),
        errors=errors or {},
    )
