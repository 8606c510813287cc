"""Programmes and their rules as admins look after them. How far people are stands in overview.duties."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _
from elearn.foundation.jobs.models import Job
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.programmes import actions
from elearn.learning.programmes.forms import MOST_COURSES, ProgrammeWish, RuleWish
from elearn.learning.programmes.models import Programme
from elearn.learning.programmes.queries import (
    courses_to_choose,
    may_manage,
    preview,
    programme_to_manage,
    programmes,
    rule_wished,
)
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.models import ASN_KINDS, GUEST, POSITION_KINDS
from elearn.people.accounts.rules import POSITION_KIND_NAMES
from elearn.people.organisation.queries import units_in_scope
from elearn.teaching.courses.models import Course

router = APIRouter()
ProgrammeForm = Annotated[Submitted[ProgrammeWish], Depends(submitted(ProgrammeWish))]
RuleForm = Annotated[Submitted[RuleWish], Depends(submitted(RuleWish))]
HOME = "/kelola/program"
ONE = f"/kelola/program/{one('programme')}"
FURTHER = 3


@router.get("/kelola/program")
def every(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = programmes(session, actor, wib_date(now))
    return render(request, "programmes/every.html", rows=found, mine=lambda each: may_manage(actor, each))


@router.get("/kelola/program/baru")
def new(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor, None)


@router.post("/kelola/program/baru")
def make(request: Request, session: DbSession, actor: SignedIn, form: ProgrammeForm, now: Now) -> Response:
    actor.must(Permission.MANAGE_PROGRAMMES)
    with form.trying(session):
        made = actions.make(session, actor, form.get(), now)
    if form.errors:
        return _form(request, session, actor, None, form)
    return redirect(f"{HOME}/{made.public_id}/aturan", _("Program disimpan sebagai konsep. Sekarang, siapa yang ikut?"))


@router.get(ONE + "/ubah")
def edit(request: Request, session: DbSession, actor: SignedIn, programme: str) -> Response:
    return _form(request, session, actor, programme_to_manage(session, actor, programme))


@router.post(ONE + "/ubah")
def change(
    request: Request, session: DbSession, actor: SignedIn, programme: str, form: ProgrammeForm, now: Now
) -> Response:
    found = programme_to_manage(session, actor, programme)
    with form.trying(session):
        actions.change(session, actor, programme, form.get(), now)
    if form.errors:
        return _form(request, session, actor, found, form)
    return redirect(f"{HOME}/{programme}", _("Tersimpan."))


@router.get(ONE + "/aturan")
def rule(
    request: Request, session: DbSession, actor: SignedIn, programme: str, now: Now, periksa: str = "", halaman: int = 1
) -> Response:
    """The form of a rule; asked with `periksa` also whom it means."""
    found = programme_to_manage(session, actor, programme)
    asked = request.query_params
    typed: dict[str, Any] = {name: asked.get(name, "").replace("\x00", "") for name in RuleWish.model_fields}
    typed |= {
        name: [each.replace("\x00", "") for each in asked.getlist(name)] for name in ("position_kinds", "asn_kinds")
    }
    form = check(RuleWish, typed) if periksa else Submitted[RuleWish]({})
    return _rule(request, session, actor, found, form, now, halaman)


@router.post(ONE + "/aturan")
def add_rule(
    request: Request, session: DbSession, actor: SignedIn, programme: str, form: RuleForm, now: Now
) -> Response:
    found = programme_to_manage(session, actor, programme)
    job = None
    with form.trying(session):
        _kept, job = actions.add_rule(session, actor, programme, form.get(), now)
    if form.errors:
        return _rule(request, session, actor, found, form, now)
    return _on(programme, job, _("Aturan disimpan."))


@router.post(f"{ONE}/aturan/{one('rule')}/hapus")
def remove_rule(session: DbSession, actor: SignedIn, programme: str, rule: str, now: Now) -> Response:
    job = actions.remove_rule(session, actor, programme, rule, now)
    return _on(programme, job, _("Aturan dihapus. Catatan yang ada tetap."))


@router.post(ONE + "/mulai")
def start(session: DbSession, actor: SignedIn, programme: str, now: Now) -> Response:
    return _on(programme, actions.start(session, actor, programme, now), _("Program berjalan."))


@router.post(ONE + "/tutup")
def close(session: DbSession, actor: SignedIn, programme: str, now: Now) -> Response:
    actions.close(session, actor, programme, now)
    return redirect(f"{HOME}/{programme}", _("Program ditutup. Semua catatan tetap ada."))


def _on(programme: str, job: Job | None, said: str) -> Response:
    return redirect(f"/pekerjaan/{job.public_id}" if job else f"{HOME}/{programme}", said)


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    programme: Programme | None,
    form: Submitted[ProgrammeWish] | None = None,
) -> Response:
    courses = courses_to_choose(session, actor)
    chosen = [step.course.slug for step in programme.steps] if programme else []
    if form is not None:
        chosen = [slug for slug in form.typed.get("courses", []) if slug]
    others = [step.course for step in programme.steps if not step.course.published] if programme else []
    return render(
        request,
        "programmes/form.html",
        status=422 if form and form.errors else 200,
        programme=programme,
        courses=[(course.slug, _titled(course)) for course in [*others, *courses]],
        chosen=[*chosen, *[""] * min(FURTHER, MOST_COURSES - len(chosen))],
        units=[(unit.code, "· " * unit.depth + unit.name) for unit in units_in_scope(session, actor)],
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _titled(course: Course) -> str:
    return _("%(title)s (lewat angkatan)", title=course.title) if course.classes_only else course.title


def _rule(
    request: Request,
    session: Session,
    actor: Actor,
    programme: Programme,
    form: Submitted[RuleWish],
    now: Now,
    number: int = 1,
) -> Response:
    plan, reach = None, [unit for unit in units_in_scope(session, actor) if _inside(unit.path, programme)]
    if form.value is not None:
        try:
            wished = rule_wished(session, actor, programme, form.value, wib_date(now))
            plan = preview(session, actor, programme, wished, number)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(
        request,
        "programmes/rule.html",
        status=422 if form.errors else 200,
        programme=programme,
        plan=plan,
        kept={name: form.typed.get(name) for name in RuleWish.model_fields if name != "sure"},
        units=[(unit.code, "· " * unit.depth + unit.name) for unit in reach],
        courses=[(course.slug, course.title) for course in courses_to_choose(session, actor)],
        positions=[(kind, _(POSITION_KIND_NAMES[kind])) for kind in POSITION_KINDS],
        asn_kinds=[(kind, kind.replace("_", " ")) for kind in ASN_KINDS if kind != GUEST],
        errors=form.errors,
        typed=form.typed,
    )


def _inside(path: str, programme: Programme) -> bool:
    return programme.unit is None or path.startswith(programme.unit.path)
