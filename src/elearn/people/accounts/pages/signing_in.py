"""Signing in and out, first access, a forgotten password, the second factor at the door."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.mail.mailer import mailer
from elearn.foundation.settings import settings
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import local_path, redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts import actions, gate
from elearn.people.accounts.door import (
    DEVICE_COOKIE,
    KnownActor,
    SignInNeeded,
    knock_of,
    session_cookie,
    set_appearance_cookies,
    set_locale_cookie,
    set_session_cookie,
)
from elearn.people.accounts.forms import Activation, FactorCode, ForgottenPassword, LanguageChoice, SignIn
from elearn.people.accounts.models import Person
from elearn.people.accounts.passwords import hash_password
from elearn.people.accounts.queries import has_role, me

router = APIRouter()

DEVICE_SECONDS = 400 * 86_400

SignInForm = Annotated[Submitted[SignIn], Depends(submitted(SignIn))]
ActivationForm = Annotated[Submitted[Activation], Depends(submitted(Activation))]
ForgottenForm = Annotated[Submitted[ForgottenPassword], Depends(submitted(ForgottenPassword))]
LanguageForm = Annotated[Submitted[LanguageChoice], Depends(submitted(LanguageChoice))]
CodeForm = Annotated[Submitted[FactorCode], Depends(submitted(FactorCode))]


@router.get("/masuk")
def show_sign_in(request: Request, actor: KnownActor, lanjut: str = "/") -> Response:
    if actor is not None:
        return RedirectResponse(local_path(lanjut), status_code=303)
    return render(request, "accounts/sign_in.html", lanjut=local_path(lanjut))


@router.post("/masuk")
def sign_in(request: Request, session: DbSession, form: SignInForm, now: Now) -> Response:
    lanjut = local_path(str(form.typed.get("lanjut", "")))
    if form.value is None:
        return _again(request, form, lanjut)
    knock = knock_of(request, form.value.identifier)
    try:
        answer = gate.check_password(request.app.state.database, knock, form.value.password, now)
    except gate.TooManyGuesses as refusal:
        form.refuse(refusal)
        return _again(request, form, lanjut, 429, wait=refusal.seconds)
    if answer.person_id is None:
        gate.count_guess(session, answer.keys, now)
        form.errors[""] = _("NIP atau kata sandi tidak cocok. Periksa lagi, lalu coba sekali lagi.")
        return _again(request, form, lanjut)
    gate.forget_guesses(session, answer.keys, now)
    person = session.get_one(Person, answer.person_id)
    return enter(request, session, person, now, lanjut)


def enter(request: Request, session: DbSession, person: Person, now: Now, lanjut: str) -> Response:
    """Give the browser a new session; an older one of the same browser ends."""
    actor = Actor(person.id, name=person.name)
    agent = request.headers.get("user-agent", "")
    address = request.client.host if request.client else ""
    if earlier := request.cookies.get(session_cookie()):
        actions.end_browser_session(session, actor, earlier)
    token = actions.start_session(session, actor, person, now, user_agent=agent, address=address)
    device = actions.remember_device(session, actor, person, request.cookies.get(DEVICE_COOKIE, ""), now)
    # Learners go straight home; staff begin where their work is.
    response = redirect("/mulai" if lanjut == "/" and has_role(session, person) else lanjut)
    set_session_cookie(response, token)
    set_appearance_cookies(response, person.locale, person.theme)
    response.set_cookie(
        DEVICE_COOKIE,
        device,
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
    return response


def _again(request: Request, form: Submitted[SignIn], lanjut: str, status: int = 422, wait: int = 0) -> Response:
    form.typed.pop("password", None)
    return render(
        request,
        "accounts/sign_in.html",
        status=status,
        typed=form.typed,
        errors=form.errors,
        lanjut=lanjut,
        wait=wait,
    )


@router.post("/keluar")
def sign_out(session: DbSession, actor: KnownActor) -> Response:
    if actor is not None:
        actions.end_session(session, actor)
    response = redirect("/masuk", _("Anda sudah keluar."))
    response.delete_cookie(session_cookie(), path="/", secure=settings().secure_cookies, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/aktivasi")
def show_activation(request: Request, kode: str = "", nip: str = "") -> Response:
    typed = {"code": kode[:40], "identifier": nip[:30]}
    return render(request, "accounts/activation.html", typed=typed)


@router.post("/aktivasi")
def activate(request: Request, session: DbSession, form: ActivationForm, now: Now) -> Response:
    if form.value is None:
        return _activation_again(request, form)
    knock = knock_of(request, form.value.identifier)
    with request.app.state.database.read() as reading:
        person = gate.person_named(reading, form.value.identifier)
        keys = knock.keys(person.id if person else None, known=False)
        try:
            gate.refuse_too_many(reading, keys, now)
        except gate.TooManyGuesses as refusal:
            form.refuse(refusal)
            return _activation_again(request, form, 429)
    hashed = hash_password(form.value.password)
    try:
        return _activated(request, session, person.id if person else 0, form.value.code, hashed, now)
    except Refusal as refusal:
        gate.count_guess(session, tuple(key for key, _limit in keys), now)
        form.errors["code"] = refusal.message
        return _activation_again(request, form)


def _activated(request: Request, session: DbSession, person_id: int, code: str, hashed: str, now: Now) -> Response:
    person = session.get(Person, person_id)
    if person is None or not person.active:
        # The same words as for a wrong code: nobody learns here who has an account.
        raise actions.wrong_code()
    actions.use_code(session, Actor(person.id, name=person.name), person, code, hashed, now)
    return enter(request, session, person, now, "/")


def _activation_again(request: Request, form: Submitted[Activation], status: int = 422) -> Response:
    form.typed.pop("password", None)
    return render(request, "accounts/activation.html", status=status, typed=form.typed, errors=form.errors)


@router.get("/lupa-sandi")
def show_forgotten(request: Request) -> Response:
    return render(request, "accounts/forgotten.html", by_mail=mailer().enabled)


@router.post("/lupa-sandi")
def forgotten(request: Request, session: DbSession, form: ForgottenForm, now: Now) -> Response:
    """The same answer for everybody; whoever has an address on file gets mail, if mail is set up."""
    if form.value is None:
        return render(
            request,
            "accounts/forgotten.html",
            status=422,
            by_mail=mailer().enabled,
            typed=form.typed,
            errors=form.errors,
        )
    knock = knock_of(request, form.value.identifier)
    keys = [(f"m:{knock.address}", gate.GUESSES_AN_ADDRESS)]
    gate.refuse_too_many(session, keys, now)
    gate.count_guess(session, (keys[0][0],), now)
    if mailer().enabled:
        arguments = {"identifier": form.value.identifier}
        enqueue(session, kind="accounts.reset_mail", title="", owner_id=None, arguments=arguments, now=now)
    said = _("Bila akun itu mempunyai alamat surel, kode baru sudah dikirim ke sana.")
    return redirect("/aktivasi", said if mailer().enabled else _("Minta kode baru kepada admin OPD Anda."))


@router.post("/bahasa")
def choose_language(form: LanguageForm) -> Response:
    """For guests; an account has its own choice on its profile."""
    wish = form.get()
    response = redirect(local_path(wish.lanjut))
    set_locale_cookie(response, wish.locale)
    return response


@router.get("/masuk/kode")
def show_second_factor(request: Request, session: DbSession, actor: KnownActor, lanjut: str = "/") -> Response:
    if actor is None:
        raise SignInNeeded
    person = me(session, actor)
    if person.totp_confirmed_at is None:
        return RedirectResponse("/masuk/faktor-kedua", status_code=303)
    return render(request, "accounts/second_factor.html", lanjut=local_path(lanjut))


@router.post("/masuk/kode")
def pass_second_factor(request: Request, session: DbSession, actor: KnownActor, form: CodeForm, now: Now) -> Response:
    if actor is None:
        raise SignInNeeded
    lanjut = local_path(str(form.typed.get("lanjut", "")))
    person = me(session, actor)
    keys = [(f"f:{person.id}", gate.GUESSES_AN_ACCOUNT)]
    try:
        gate.refuse_too_many(session, keys, now)
        actions.confirm_second_factor(session, actor, person, form.get().code, now)
    except Refusal as refusal:
        if not isinstance(refusal, gate.TooManyGuesses):
            gate.count_guess(session, (keys[0][0],), now)
        form.errors["code"] = refusal.message
        return render(request, "accounts/second_factor.html", status=422, lanjut=lanjut, errors=form.errors)
    return redirect(lanjut)
