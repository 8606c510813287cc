"""Screen 31: who may do what; the regency admin gives and takes roles."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.models import Person
from elearn.people.accounts.rules import ROLE_NAMES
from elearn.people.directory import actions
from elearn.people.directory.forms import RoleWish
from elearn.people.directory.pages.people import Wish
from elearn.people.directory.queries import COUNTED, grants_of, people, person_for_roles, units_for_form

router = APIRouter()

RoleForm = Annotated[Submitted[RoleWish], Depends(submitted(RoleWish))]


@router.get("/kelola/pengguna")
def show_users(request: Request, session: DbSession, actor: SignedIn, wish: Wish) -> Response:
    units = units_for_form(session, actor, Permission.GRANT_ROLES)
    page = people(session, actor, wish)
    return render(
        request,
        "directory/people.html",
        page=page,
        wish=wish,
        units=units,
        here="/kelola/pengguna",
        most=COUNTED,
        grants=grants_of(session, actor, page.rows),
        role_names=ROLE_NAMES,
    )


@router.get("/kelola/pengguna/{person}")
def show_roles(request: Request, session: DbSession, actor: SignedIn, person: str) -> Response:
    return _roles(request, session, actor, person_for_roles(session, actor, person))


@router.post("/kelola/pengguna/{person}/peran")
def grant(request: Request, session: DbSession, actor: SignedIn, person: str, form: RoleForm, now: Now) -> Response:
    found = person_for_roles(session, actor, person)
    with form.trying(session):
        actions.grant_role(session, actor, found, form.get(), now)
    if form.errors:
        return _roles(request, session, actor, found, form)
    return redirect(f"/kelola/pengguna/{person}", _("Peran diberikan. Orang ini perlu masuk kembali."))


@router.post("/kelola/pengguna/{person}/peran/cabut")
def revoke(request: Request, session: DbSession, actor: SignedIn, person: str, form: RoleForm) -> Response:
    found = person_for_roles(session, actor, person)
    with form.trying(session):
        actions.revoke_role(session, actor, found, form.get())
    if form.errors:
        return _roles(request, session, actor, found, form)
    return redirect(f"/kelola/pengguna/{person}", _("Peran dicabut."))


def _roles(
    request: Request, session: Session, actor: Actor, person: Person, form: Submitted[RoleWish] | None = None
) -> Response:
    return render(
        request,
        "directory/roles.html",
        status=422 if form else 200,
        person=person,
        grants=grants_of(session, actor, [person])[person.id],
        units=units_for_form(session, actor, Permission.GRANT_ROLES),
        role_names=ROLE_NAMES,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
