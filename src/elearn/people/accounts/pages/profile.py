"""Screen 16: one's own profile: password, sessions, second factor, appearance, tokens."""

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from elearn.foundation.errors import Refusal
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import local_path, redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.accounts import actions, gate, second_factor
from elearn.people.accounts.door import (
    KnownActor,
    SignedIn,
    SignInNeeded,
    password_again,
    set_appearance_cookies,
    set_keys_cookie,
    set_session_cookie,
)
from elearn.people.accounts.forms import Appearance, ChangePassword, FactorCode, KeysChoice, NewToken
from elearn.people.accounts.passwords import hash_password
from elearn.people.accounts.queries import me, my_sessions, my_tokens
from elearn.people.accounts.rules import device_of
from elearn.people.accounts.scopes import SCOPES

router = APIRouter()

PasswordForm = Annotated[Submitted[ChangePassword], Depends(submitted(ChangePassword))]
AppearanceForm = Annotated[Submitted[Appearance], Depends(submitted(Appearance))]
KeysForm = Annotated[Submitted[KeysChoice], Depends(submitted(KeysChoice))]
TokenForm = Annotated[Submitted[NewToken], Depends(submitted(NewToken))]
CodeForm = Annotated[Submitted[FactorCode], Depends(submitted(FactorCode))]


@router.get("/saya")
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    sessions = [(one, device_of(one.user_agent)) for one in my_sessions(session, actor, now)]
    return render(request, "accounts/profile.html", person=me(session, actor), sessions=sessions)


@router.get("/saya/sandi")
def show_password(request: Request, actor: SignedIn) -> Response:
    return render(request, "accounts/password.html")


@router.post("/saya/sandi")
def change_password(request: Request, session: DbSession, actor: SignedIn, form: PasswordForm, now: Now) -> Response:
    if form.value is None:
        return render(request, "accounts/password.html", status=422, errors=form.errors)
    form.errors.update(password_again(request, session, actor, form.value.current, now, field="current"))
    if form.errors:
        return render(request, "accounts/password.html", status=422, errors=form.errors)
    person = me(session, actor)
    actions.change_password(session, actor, person, hash_password(form.value.password), now)
    agent = request.headers.get("user-agent", "")
    token = actions.start_session(session, actor, person, now, user_agent=agent)
    response = redirect("/saya", _("Kata sandi diganti. Perangkat lain sudah dikeluarkan."))
    set_session_cookie(response, token)
    return response


@router.post("/saya/sesi/{public_id}/akhir")
def end_session(session: DbSession, actor: SignedIn, public_id: str) -> Response:
    actions.end_session(session, actor, public_id)
    return redirect("/saya", _("Perangkat itu sudah dikeluarkan."))


@router.post("/saya/sesi-lain/akhir")
def end_other_sessions(session: DbSession, actor: SignedIn) -> Response:
    actions.end_other_sessions(session, actor)
    return redirect("/saya", _("Semua perangkat lain sudah dikeluarkan."))


@router.post("/saya/tampilan")
def change_appearance(session: DbSession, actor: SignedIn, form: AppearanceForm) -> Response:
    wish = form.get()
    actions.change_appearance(session, actor, me(session, actor), wish)
    response = redirect("/saya", _("Tampilan disimpan."))
    set_appearance_cookies(response, wish.locale, wish.theme)
    return response


@router.post("/saya/tombol")
def switch_keys(actor: SignedIn, form: KeysForm) -> Response:
    on = form.get().keys == "on"
    said = _("Tombol cepat aktif.") if on else _("Tombol cepat mati.")
    response = redirect(local_path(form.get().lanjut, "/saya"), said)
    set_keys_cookie(response, on)
    return response


@router.get("/masuk/faktor-kedua")
def show_set_up(request: Request, session: DbSession, actor: KnownActor) -> Response:
    if actor is None:
        raise SignInNeeded
    return _set_up_page(request, session, actor)


@router.post("/masuk/faktor-kedua/mulai")
def begin_set_up(request: Request, session: DbSession, actor: KnownActor) -> Response:
    if actor is None:
        raise SignInNeeded
    person = me(session, actor)
    if person.totp_confirmed_at is None:
        actions.begin_second_factor(session, actor, person)
    return redirect("/masuk/faktor-kedua")


@router.post("/masuk/faktor-kedua")
def finish_set_up(request: Request, session: DbSession, actor: KnownActor, form: CodeForm, now: Now) -> Response:
    if actor is None:
        raise SignInNeeded
    person = me(session, actor)
    keys = [(f"f:{person.id}", gate.GUESSES_AN_ACCOUNT)]
    try:
        gate.refuse_too_many(session, keys, now)
        actions.confirm_second_factor(session, actor, person, form.get().code, now)
    except Refusal as refusal:
        gate.count_guess(session, (keys[0][0],), now)
        form.errors["code"] = refusal.message
        return _set_up_page(request, session, actor, 422, form.errors)
    # Whose role asked for it was on the way to work.
    return redirect("/mulai" if actor.guarded else "/saya", _("Verifikasi dua langkah aktif."))


@router.post("/saya/faktor-kedua/hapus")
def remove_second_factor(session: DbSession, actor: SignedIn) -> Response:
    actions.remove_second_factor(session, actor, me(session, actor))
    return redirect("/saya", _("Verifikasi dua langkah dimatikan."))


def _set_up_page(
    request: Request,
    session: DbSession,
    actor: KnownActor,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> Response:
    assert actor is not None  # noqa: S101 - the callers have refused guests
    person = me(session, actor)
    waiting = person.totp_nonce is not None and person.totp_confirmed_at is None
    picture = segno.make(second_factor.address_of(person), error="m") if waiting else None
    return render(
        request,
        "accounts/second_factor_set_up.html",
        status=status,
        errors=errors or {},
        confirmed=person.totp_confirmed_at is not None,
        secret=second_factor.secret_of(person) if waiting else "",
        qr=Markup(picture.svg_inline(scale=5, border=2)) if picture else "",  # noqa: S704 - made of a QR code alone
    )


@router.get("/saya/token")
def show_tokens(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _tokens_page(request, session, actor)


@router.post("/saya/token")
def make_token(request: Request, session: DbSession, actor: SignedIn, form: TokenForm, now: Now) -> Response:
    with form.trying(session):
        secret = actions.make_token(session, actor, me(session, actor), form.get(), now)
    if form.errors:
        return _tokens_page(request, session, actor, form)
    return _tokens_page(request, session, actor, secret=secret)


@router.post("/saya/token/{public_id}/cabut")
def revoke_token(session: DbSession, actor: SignedIn, public_id: str, now: Now) -> Response:
    actions.revoke_token(session, actor, public_id, now)
    return redirect("/saya/token", _("Token dicabut."))


def _tokens_page(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    form: Submitted[NewToken] | None = None,
    secret: str = "",
) -> Response:
    return render(
        request,
        "accounts/tokens.html",
        status=422 if form and form.errors else 200,
        tokens=my_tokens(session, actor),
        scopes=[(key, _(label)) for key, label in SCOPES.items()],
        secret=secret,
        typed=form.typed if form else {},
        errors=form.errors if form else {},
    )
