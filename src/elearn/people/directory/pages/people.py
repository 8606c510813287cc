"""Screen 26: the people of an OPD, and the card of a person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.actions import RESET_DAYS, issue_code_for
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.models import ASN_KINDS, Person
from elearn.people.accounts.queries import former_names_of, history_of, person_in_scope
from elearn.people.accounts.reach import over_units
from elearn.people.accounts.rules import LEAVING_REASONS, POSITION_KIND_NAMES, ROLE_NAMES, may_help
from elearn.people.accounts.tenure import A_DAY
from elearn.people.directory import actions
from elearn.people.directory.forms import PersonDraft
from elearn.people.directory.queries import COUNTED, PeopleWish, people, sign_in_state, units_for_form
from elearn.people.directory.texts import CodeLine, message_for

router = APIRouter()

PersonForm = Annotated[Submitted[PersonDraft], Depends(submitted(PersonDraft))]
Text = Annotated[str, Query(max_length=200)]


def wish_of(
    q: Text = "", unit: Text = "", status: Text = "", peran: Text = "", setelah: Text = "", sebelum: Text = ""
) -> PeopleWish:
    """Which people the address asks for."""
    return PeopleWish(q, unit, status, peran, setelah, sebelum)


Wish = Annotated[PeopleWish, Depends(wish_of)]


@router.get("/opd/pegawai")
def show_people(request: Request, session: DbSession, actor: SignedIn, wish: Wish) -> Response:
    units = units_for_form(session, actor, Permission.SEE_PEOPLE)
    page = people(session, actor, PeopleWish(wish.q, wish.unit, wish.state, "", wish.after, wish.before))
    return render(
        request,
        "directory/people.html",
        page=page,
        wish=wish,
        units=units,
        here="/opd/pegawai",
        most=COUNTED,
        grants={},
    )


@router.get("/opd/pegawai/{person}")
def show_person(request: Request, session: DbSession, actor: SignedIn, person: str, now: Now) -> Response:
    return _card(request, session, actor, person_in_scope(session, actor, person), now)


@router.post("/opd/pegawai/{person}/kode")
def renew(request: Request, session: DbSession, actor: SignedIn, person: str, now: Now) -> Response:
    found, code = issue_code_for(session, actor, person, now)
    return _card(request, session, actor, found, now, code)


@router.post("/opd/pegawai/{person}/sesi/akhir")
def sign_out(session: DbSession, actor: SignedIn, person: str) -> Response:
    actions.sign_out(session, actor, person_in_scope(session, actor, person))
    return redirect(f"/opd/pegawai/{person}", _("Semua perangkat orang ini sudah dikeluarkan."))


@router.post("/opd/pegawai/{person}/faktor-kedua/hapus")
def reset_second_factor(session: DbSession, actor: SignedIn, person: str) -> Response:
    actions.reset_second_factor(session, actor, person_in_scope(session, actor, person))
    return redirect(f"/opd/pegawai/{person}", _("Verifikasi dua langkah disetel ulang."))


@router.post("/opd/pegawai/{person}/tangguhkan")
def suspend(session: DbSession, actor: SignedIn, person: str, now: Now) -> Response:
    actions.suspend(session, actor, person_in_scope(session, actor, person), now)
    return redirect(f"/opd/pegawai/{person}", _("Akun ditangguhkan. Orang ini tidak dapat masuk."))


@router.post("/opd/pegawai/{person}/pulihkan")
def restore(session: DbSession, actor: SignedIn, person: str) -> Response:
    actions.restore(session, actor, person_in_scope(session, actor, person))
    return redirect(f"/opd/pegawai/{person}", _("Akun dipulihkan."))


@router.get("/opd/pegawai/{person}/ubah")
def show_form(request: Request, session: DbSession, actor: SignedIn, person: str) -> Response:
    return _form(request, session, actor, person_in_scope(session, actor, person))


@router.post("/opd/pegawai/{person}/ubah")
def change(request: Request, session: DbSession, actor: SignedIn, person: str, form: PersonForm, now: Now) -> Response:
    found = person_in_scope(session, actor, person)
    units_for_form(session, actor, Permission.MANAGE_PEOPLE)
    moved = False
    with form.trying(session):
        moved = actions.change_person(session, actor, found, form.get(), now)
    if form.errors:
        # What the refused change had touched is read again, with its unit.
        return _form(request, session, actor, person_in_scope(session, actor, person), form)
    told = _("Data pegawai disimpan. JP yang sudah tercatat tetap di unit lama.") if moved else ""
    return redirect(f"/opd/pegawai/{person}", told or _("Data pegawai disimpan."))


@router.get("/kelola/pengguna/baru")
def show_new(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor, None)


@router.post("/kelola/pengguna/baru")
def add(request: Request, session: DbSession, actor: SignedIn, form: PersonForm, now: Now) -> Response:
    units_for_form(session, actor, Permission.MANAGE_PEOPLE)
    with form.trying(session):
        person = actions.add_person(session, actor, form.get(), now)
    if form.errors:
        return _form(request, session, actor, None, form)
    return redirect(f"/opd/pegawai/{person.public_id}", _("Orang ditambahkan. Sekarang buat kode aktivasinya."))


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    person: Person | None,
    form: Submitted[PersonDraft] | None = None,
) -> Response:
    return render(
        request,
        "directory/person_form.html",
        status=422 if form else 200,
        person=person,
        units=units_for_form(session, actor, Permission.MANAGE_PEOPLE),
        kinds=ASN_KINDS,
        position_kinds=POSITION_KIND_NAMES,
        over=over_units(session, [person.id]) if person else [],
        role_names=ROLE_NAMES,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _card(request: Request, session: Session, actor: Actor, person: Person, now: Now, code: str = "") -> Response:
    state = sign_in_state(session, actor, person, now)
    until = state.code_until or now
    line = CodeLine(person.full_name, person.nip or "", "", "", code, until)
    history = history_of(session, person)
    last_day = history[0].valid_to if history else None
    return render(
        request,
        "directory/person.html",
        person=person,
        state=state,
        code=code,
        message=message_for(line, f"{settings().base_url}/aktivasi") if code else "",
        warnings=nip.warnings(person.nip or ""),
        helpable=may_help(actor, state.roles),
        role_names=ROLE_NAMES,
        leaving_reasons=LEAVING_REASONS,
        history=history,
        left_on=last_day + A_DAY if last_day else None,
        former_names=former_names_of(session, person),
        position_kind=POSITION_KIND_NAMES.get(person.position_kind, ""),
        code_days=RESET_DAYS if person.activated_at else settings().activation_days,
    )
