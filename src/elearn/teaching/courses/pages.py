"""HTML face of courses for those who teach: my courses, the outline, the settings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import Match

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import N_, _
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses import actions
from elearn.teaching.courses.forms import CourseDraft, CourseWish, ModuleWish, NewActivity
from elearn.teaching.courses.kinds import ActivityKind, kinds
from elearn.teaching.courses.models import COMPETENCIES, Activity, Course, Module
from elearn.teaching.courses.queries import (
    activities_of,
    instructors_of,
    modules_of,
    retired_activity,
    shortcomings_of,
    taught_activity,
    taught_course,
    taught_courses,
    taught_module,
)
from elearn.teaching.delivery.models import DeliveryForm

router = APIRouter()
Draft = Annotated[Submitted[CourseDraft], Depends(submitted(CourseDraft))]
Settings = Annotated[Submitted[CourseWish], Depends(submitted(CourseWish))]
NewModule = Annotated[Submitted[ModuleWish], Depends(submitted(ModuleWish))]
Addition = Annotated[Submitted[NewActivity], Depends(submitted(NewActivity))]
SAID = {
    "published": N_("Pelatihan terbit. Peserta dapat mendaftar."),
    "draft": N_("Pelatihan kembali menjadi konsep."),
    "archived": N_("Pelatihan diarsipkan. Peserta yang sudah terdaftar dapat menyelesaikannya."),
}


@router.get("/ajar")
def mine(request: Request, session: DbSession, actor: SignedIn) -> Response:
    actor.must(Permission.TEACH)
    return render(request, "courses/mine.html", courses=taught_courses(session, actor))


@router.get("/ajar/baru")
def new(request: Request, actor: SignedIn) -> Response:
    actor.must(Permission.TEACH)
    return render(request, "courses/new.html", competencies=_competencies())


@router.post("/ajar/baru")
def create(request: Request, session: DbSession, actor: SignedIn, form: Draft, now: Now) -> Response:
    actor.must(Permission.TEACH)
    if form.value is None:
        shown = {"competencies": _competencies(), "errors": form.errors, "typed": form.typed}
        return render(request, "courses/new.html", status=422, **shown)
    course = actions.draft_course(session, actor, form.value, now)
    return redirect(f"/ajar/{course.slug}", _("Konsep dibuat. Tambahkan materi."))


@router.get("/ajar/{slug}")
def outline(request: Request, slug: str, session: DbSession, actor: SignedIn, modul: str = "") -> Response:
    return _outline(request, session, actor, slug, chosen=modul)


@router.post("/ajar/{slug}/modul")
def add_module(request: Request, slug: str, session: DbSession, actor: SignedIn, form: NewModule, now: Now) -> Response:
    course = taught_course(session, actor, slug)
    if form.value is None:
        return _outline(request, session, actor, slug, form=form)
    actions.add_module(session, actor, course, form.value.module_title, now)
    return redirect(f"/ajar/{slug}", _("Modul ditambahkan."))


@router.post("/ajar/{slug}/modul/{module}/judul")
def rename_module(
    slug: str, module: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    course, found = _module(session, actor, slug, module)
    actions.rename_module(session, actor, course, found, str(fields.get("name", "")), now)
    return redirect(f"/ajar/{slug}", _("Judul modul tersimpan."))


@router.post("/ajar/{slug}/modul/{module}/pindah")
def move_module(slug: str, module: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now) -> Response:
    course, found = _module(session, actor, slug, module)
    actions.move_module(session, actor, course, found, fields.get("ke") == "turun", now)
    return redirect(f"/ajar/{slug}#m-{module}")


@router.post("/ajar/{slug}/modul/{module}/lepas")
def retire_module(slug: str, module: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    course, found = _module(session, actor, slug, module)
    actions.retire_module(session, actor, course, found, now)
    return redirect(f"/ajar/{slug}", _("Modul dilepas."))


@router.post("/ajar/{slug}/materi")
def add_activity(
    request: Request, slug: str, session: DbSession, actor: SignedIn, form: Addition, now: Now
) -> Response:
    course = taught_course(session, actor, slug)
    wish = form.value
    kind = next((each for each in _offered(request) if wish and each.key == wish.kind), None)
    if wish is None or kind is None:
        form.errors.setdefault("kind", _("Pilih jenis materi."))
        return _outline(request, session, actor, slug, form=form)
    if kind.materials:
        return redirect(f"/ajar/{slug}/unggah?modul={wish.module}")
    if not wish.title:
        form.errors["title"] = _("Isi judul materi.")
        return _outline(request, session, actor, slug, form=form, chosen=wish.module)
    module = _module(session, actor, slug, wish.module)[1]
    activity = actions.add_activity(session, actor, course, module, kind.key, wish.title, now)
    return redirect(kind.edit_path(activity.public_id), _("Materi ditambahkan. Isi, lalu simpan."))


@router.post("/ajar/{slug}/materi/{activity}/pindah")
def move_activity(
    slug: str, activity: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    found = _activity(slug, taught_activity(session, actor, activity))
    if target := str(fields.get("module", "")):
        module = taught_module(session, actor, target)
        actions.put_into(session, actor, found, module, now, before=str(fields.get("sebelum", "")))
    else:
        actions.move_activity(session, actor, found, fields.get("ke") == "turun", now)
    return redirect(f"/ajar/{slug}#a-{activity}")


@router.post("/ajar/{slug}/materi/{activity}/lepas")
def retire_activity(slug: str, activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.retire_activity(session, actor, _activity(slug, taught_activity(session, actor, activity)), now)
    return redirect(f"/ajar/{slug}", _("Materi dilepas. Anda dapat mengembalikannya di bawah."))


@router.post("/ajar/{slug}/materi/{activity}/kembali")
def bring_back(slug: str, activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.bring_back(session, actor, _activity(slug, retired_activity(session, actor, activity)), now)
    return redirect(f"/ajar/{slug}", _("Materi kembali ke susunan."))


@router.post("/ajar/{slug}/keadaan")
def set_state(
    request: Request, slug: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    course = taught_course(session, actor, slug)
    state = str(fields.get("state", ""))
    form: Submitted[ModuleWish] = Submitted({})
    with form.trying(session):
        actions.set_state(session, actor, course, state, now)
    if form.errors:
        return _outline(request, session, actor, slug, form=form)
    return redirect(f"/ajar/{slug}", _(SAID[state]))


@router.get("/ajar/{slug}/pengaturan")
def settings(request: Request, slug: str, session: DbSession, actor: SignedIn) -> Response:
    return _settings(request, session, actor, slug)


@router.post("/ajar/{slug}/pengaturan")
def save_settings(
    request: Request, slug: str, session: DbSession, actor: SignedIn, form: Settings, now: Now
) -> Response:
    course = taught_course(session, actor, slug)
    if form.value is not None:
        with form.trying(session):
            actions.change_course(session, actor, course, form.value, now)
    if form.errors:
        return _settings(request, session, actor, slug, form)
    return redirect(f"/ajar/{slug}", _("Pengaturan tersimpan."))


@router.post("/ajar/{slug}/pengajar")
def add_instructor(
    request: Request, slug: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    course = taught_course(session, actor, slug)
    form: Submitted[CourseWish] = Submitted({"nip": str(fields.get("nip", ""))[:40]})
    with form.trying(session):
        actions.add_instructor(session, actor, course, form.typed["nip"], now)
    if form.errors:
        return _settings(request, session, actor, slug, form)
    return redirect(f"/ajar/{slug}/pengaturan", _("Pengajar ditambahkan."))


@router.post("/ajar/{slug}/pengajar/{person}/lepas")
def remove_instructor(slug: str, person: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.remove_instructor(session, actor, taught_course(session, actor, slug), person, now)
    return redirect("/ajar", _("Pengajar dilepas dari pelatihan."))


def _outline(
    request: Request,
    session: Session,
    actor: Actor,
    slug: str,
    *,
    form: Submitted[ModuleWish] | Submitted[NewActivity] | None = None,
    chosen: str = "",
) -> Response:
    course = taught_course(session, actor, slug)
    modules, activities = modules_of(session, course), activities_of(session, course)
    standing = [activity for activity in activities if activity.retired_at is None]
    return render(
        request,
        "courses/outline.html",
        status=422 if form else 200,
        course=course,
        modules=[(module, [a for a in standing if a.module_id == module.id]) for module in modules],
        choices=[(module.public_id, module.title) for module in modules],
        chosen=chosen,
        retired=[activity for activity in activities if activity.retired_at is not None],
        offered=_offered(request),
        known={kind.key: kind for kind in kinds()},
        missing=[] if course.from_files else shortcomings_of(session, course, standing),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _settings(
    request: Request, session: Session, actor: Actor, slug: str, form: Submitted[CourseWish] | None = None
) -> Response:
    course = taught_course(session, actor, slug)
    return render(
        request,
        "courses/settings.html",
        status=422 if form else 200,
        course=course,
        competencies=_competencies(),
        form=session.get(DeliveryForm, course.form),
        instructors=instructors_of(session, course),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _module(session: Session, actor: Actor, slug: str, public_id: str) -> tuple[Course, Module]:
    course, module = taught_course(session, actor, slug), taught_module(session, actor, public_id)
    if module.course_id != course.id:
        raise NotFound
    return course, module


def _activity(slug: str, activity: Activity) -> Activity:
    if activity.course.slug != slug:
        raise NotFound
    return activity


def _competencies() -> list[tuple[str, str]]:
    return [(value, _(label)) for value, label in COMPETENCIES.items()]


def _offered(request: Request) -> list[ActivityKind]:
    """The kinds whose editor exists in this application."""

    def answers(path: str) -> bool:
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        return any(route.matches(scope)[0] == Match.FULL for route in request.app.routes)

    return [kind for kind in kinds() if answers(kind.edit_path("0"))]
