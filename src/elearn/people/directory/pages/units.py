"""The unit tree: the regency admin changes it, an OPD admin reads his part."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.directory import actions as directory
from elearn.people.directory.queries import Node, unit_node, unit_to_manage, unit_tree, units_for_form
from elearn.people.organisation import actions
from elearn.people.organisation.forms import NewUnit, UnitChange, UnitClosing, UnitMove
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import ancestors, chosen_unit, history_of, unit_for
from elearn.people.organisation.rules import KIND_NAMES

router = APIRouter()

NewForm = Annotated[Submitted[NewUnit], Depends(submitted(NewUnit))]
ChangeForm = Annotated[Submitted[UnitChange], Depends(submitted(UnitChange))]
MoveForm = Annotated[Submitted[UnitMove], Depends(submitted(UnitMove))]
ClosingForm = Annotated[Submitted[UnitClosing], Depends(submitted(UnitClosing))]


@router.get("/kelola/unit")
def show_tree(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    q: Annotated[str, Query(max_length=200)] = "",
    ditutup: str = "",
) -> Response:
    tops = unit_tree(session, actor, closed=bool(ditutup))
    word = q.strip().casefold()
    found = [
        node
        for node in _flat(tops)
        if word and (word in node.unit.name.casefold() or word in node.unit.code.casefold())
    ]
    return render(request, "directory/units.html", tops=tops, found=found, q=q.strip(), closed=ditutup)


def _flat(nodes: list[Node]) -> list[Node]:
    return [one for node in nodes for one in (node, *_flat(node.children))]


@router.get("/kelola/unit/baru")
def show_new(request: Request, session: DbSession, actor: SignedIn, now: Now, induk: str = "") -> Response:
    return _form(request, session, actor, "add", None, now, parent=induk)


@router.post("/kelola/unit/baru")
def add(request: Request, session: DbSession, actor: SignedIn, form: NewForm, now: Now) -> Response:
    units_for_form(session, actor, Permission.MANAGE_UNITS)
    with form.trying(session):
        unit = actions.add_unit(session, actor, form.get(), now)
    if form.errors:
        return _form(request, session, actor, "add", None, now, form)
    return redirect(f"/kelola/unit/{unit.code}", _("Unit ditambahkan."))


@router.get("/kelola/unit/{unit_code}")
def show_unit(request: Request, session: DbSession, actor: SignedIn, unit_code: str) -> Response:
    unit = unit_for(session, actor, unit_code)
    return render(
        request,
        "directory/unit.html",
        unit=unit,
        node=unit_node(session, actor, unit),
        above=ancestors(session, actor, unit),
        history=history_of(session, actor, unit),
        kind=KIND_NAMES.get(unit.kind, unit.kind),
    )


@router.get("/kelola/unit/{unit_code}/ubah")
def show_change(request: Request, session: DbSession, actor: SignedIn, unit_code: str, now: Now) -> Response:
    return _form(request, session, actor, "change", unit_to_manage(session, actor, unit_code), now)


@router.post("/kelola/unit/{unit_code}/ubah")
def change(
    request: Request, session: DbSession, actor: SignedIn, unit_code: str, form: ChangeForm, now: Now
) -> Response:
    unit = unit_to_manage(session, actor, unit_code)
    with form.trying(session):
        actions.change_unit(session, actor, unit, form.get(), now)
    if form.errors:
        return _form(request, session, actor, "change", unit, now, form)
    return redirect(f"/kelola/unit/{unit.code}", _("Unit disimpan."))


@router.get("/kelola/unit/{unit_code}/pindah")
def show_move(request: Request, session: DbSession, actor: SignedIn, unit_code: str, now: Now) -> Response:
    return _form(request, session, actor, "move", unit_to_manage(session, actor, unit_code), now)


@router.post("/kelola/unit/{unit_code}/pindah")
def move(request: Request, session: DbSession, actor: SignedIn, unit_code: str, form: MoveForm, now: Now) -> Response:
    unit = unit_to_manage(session, actor, unit_code)
    with form.trying(session):
        wish = form.get()
        actions.move_unit(session, actor, unit, chosen_unit(session, actor, wish.parent, "parent"), wish.since, now)
    if form.errors:
        return _form(request, session, actor, "move", unit, now, form)
    return redirect(f"/kelola/unit/{unit.code}", _("Unit dipindahkan bersama semua yang di bawahnya."))


@router.get("/kelola/unit/{unit_code}/tutup")
def show_close(request: Request, session: DbSession, actor: SignedIn, unit_code: str, now: Now) -> Response:
    return _form(request, session, actor, "close", unit_to_manage(session, actor, unit_code), now)


@router.post("/kelola/unit/{unit_code}/tutup")
def close(
    request: Request, session: DbSession, actor: SignedIn, unit_code: str, form: ClosingForm, now: Now
) -> Response:
    unit, laid_down = unit_to_manage(session, actor, unit_code), 0
    with form.trying(session):
        wish = form.get()
        target = chosen_unit(session, actor, wish.people_to, "people_to") if wish.people_to else None
        laid_down = directory.close_unit(session, actor, unit, wish.last_day, target, now)
    if form.errors:
        return _form(request, session, actor, "close", unit, now, form)
    said = _("Unit ditutup. Peran atas unit ini yang dicabut: %(n)s.", n=laid_down) if laid_down else ""
    return redirect(f"/kelola/unit/{unit.code}", said or _("Unit ditutup."))


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    mode: str,
    unit: Unit | None,
    now: Now,
    form: Submitted[Any] | None = None,
    parent: str = "",
) -> Response:
    return render(
        request,
        "directory/unit_form.html",
        status=422 if form else 200,
        mode=mode,
        unit=unit,
        units=units_for_form(session, actor, Permission.MANAGE_UNITS),
        kinds=KIND_NAMES.items(),
        parent=parent,
        today=wib_date(now).isoformat(),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
