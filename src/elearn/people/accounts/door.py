"""The doors: a request becomes an actor, by its session cookie or by a bearer token."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Database
from elearn.foundation.errors import Forbidden, Refusal
from elearn.foundation.i18n import _, use_locale
from elearn.foundation.settings import settings
from elearn.foundation.web.rendering import KEYS_COOKIE, KEYS_OFF
from elearn.foundation.web.session import short_write
from elearn.people.access.actor import Actor
from elearn.people.accounts import gate
from elearn.people.accounts.actions import touch_session, touch_token
from elearn.people.accounts.queries import actor_by_session, actor_by_token, me

# A session is marked as seen at most this often, so that reading a page writes nothing.
SEEN_EVERY = timedelta(minutes=5)
YEAR = 365 * 86_400
DEVICE_COOKIE = "device"


class SignInNeeded(Exception):  # noqa: N818 - not an error: the answer is the sign-in page
    """Nobody is signed in; the front door sends the browser to the sign-in page and back."""


class SecondFactorNeeded(Exception):  # noqa: N818 - not an error: the answer is the second-factor page
    """Signed in by password; the role needs the second factor before anything else."""


class TokenNeeded(Exception):  # noqa: N818 - not an error: the answer is 401
    """The API was asked without a valid bearer token."""


def session_cookie() -> str:
    """The cookie's name: bound to this host and to TLS in production."""
    return "__Host-session" if settings().secure_cookies else "session"


def set_session_cookie(response: Response, token: str) -> None:
    """Give the browser its session."""
    response.set_cookie(
        session_cookie(),
        token,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
        path="/",
    )


def set_appearance_cookies(response: Response, locale: str, theme: str) -> None:
    """Kept beside the account, so that the sign-in page on this device speaks and looks the same."""
    set_locale_cookie(response, locale)
    _keep(response, "theme", theme)


def set_locale_cookie(response: Response, locale: str) -> None:
    """The language of this device's guests; whoever signs in reads the account's."""
    _keep(response, "bahasa", locale)


def set_keys_cookie(response: Response, on: bool) -> None:
    """Whether single keys do something on this device."""
    _keep(response, KEYS_COOKIE, "" if on else KEYS_OFF)


def _keep(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="lax", httponly=True, secure=settings().secure_cookies)


async def known_actor(request: Request) -> Actor | None:
    """Who is signed in, with or without the second factor; None for a guest."""
    token = request.cookies.get(session_cookie())
    if token is None:
        return None
    database: Database = request.app.state.database
    now = utc_now()
    # Here and not in a thread: one row by its key takes less time than the way to the thread and back.
    with database.look() as connection:
        found = actor_by_session(connection, token, now)
    if found is None:
        return None
    actor, last_seen_at = found
    if now - last_seen_at > SEEN_EVERY:
        await run_in_threadpool(_touch, database, actor, now)
    request.state.actor = actor
    use_locale(actor.locale)
    return actor


def _touch(database: Database, actor: Actor, now: datetime) -> None:
    with short_write(database) as session:
        touch_session(session, actor, now)


async def maybe_signed_in(actor: Annotated[Actor | None, Depends(known_actor)]) -> Actor | None:
    """The actor for pages that guests see too; who still owes the second factor counts as a guest."""
    return None if actor is None or owes_second_factor(actor) else actor


async def signed_in(actor: Annotated[Actor | None, Depends(known_actor)]) -> Actor:
    """The actor, or off to the sign-in page."""
    if actor is None:
        raise SignInNeeded
    if owes_second_factor(actor):
        raise SecondFactorNeeded
    return actor


def owes_second_factor(actor: Actor) -> bool:
    """Who sees or decides about others must use a second factor, unless the demo has switched it off."""
    return actor.guarded and settings().second_factor != "off" and not actor.second_factor


_BEARER = HTTPBearer(
    scheme_name="token",
    description="Made on the page Token of one's profile, or by `elearn token create`.",
    auto_error=False,
)


def with_scope(scope: str) -> Any:
    """A dependency: the owner of a bearer token that carries the scope. A browser's session opens nothing here."""

    async def token_owner(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER, scopes=[scope])]
    ) -> Actor:
        database: Database = request.app.state.database
        actor = await run_in_threadpool(_whose, database, given.credentials, utc_now()) if given else None
        if actor is None:
            raise TokenNeeded
        use_locale(actor.locale)
        if scope not in (actor.token_scopes or ()):
            raise Forbidden(_("Token ini tidak mempunyai cakupan %(scope)s.", scope=scope))
        if owes_second_factor(actor):
            raise Forbidden(_("Peran pemilik token ini memerlukan verifikasi dua langkah. Aktifkan dahulu."))
        request.state.actor = actor
        return actor

    return Depends(token_owner)


def _whose(database: Database, token: str, now: datetime) -> Actor | None:
    with database.read() as session:
        found = actor_by_token(session, token, now)
    if found is None:
        return None
    actor, last_used_at = found
    if last_used_at is None or now - last_used_at > SEEN_EVERY:
        with short_write(database) as session:
            touch_token(session, actor, token, now)
    return actor


def knock_of(request: Request, identifier: str) -> gate.Knock:
    """Who knocks, from where."""
    address = request.client.host if request.client else ""
    return gate.Knock(identifier, address, request.cookies.get(DEVICE_COOKIE, ""))


def password_again(
    request: Request, session: Session, actor: Actor, password: str, now: datetime, *, field: str = "password"
) -> dict[str, str]:
    """Whether the one who acts still is the one who signed in: nothing, or what is wrong, by field.

    Nothing may have been written in this request's session before: hashing takes long and would keep others waiting.
    """
    database: Database = request.app.state.database
    with database.read() as reading:
        identifier = me(reading, actor).nip or me(reading, actor).email or ""
    try:
        answer = gate.check_password(database, knock_of(request, identifier), password, now)
    except Refusal as refusal:
        return refusal.fields or {field: refusal.message}
    if answer.person_id is None:
        gate.count_guess(session, answer.keys, now)
        return {field: _("Kata sandi tidak cocok.")}
    return {}


SignedIn = Annotated[Actor, Depends(signed_in)]
MaybeSignedIn = Annotated[Actor | None, Depends(maybe_signed_in)]
KnownActor = Annotated[Actor | None, Depends(known_actor)]
