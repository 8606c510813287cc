"""Verbs of accounts: sessions, passwords, codes, the second factor, tokens, appearance."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from elearn.foundation.database import in_batches
from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import clean_code, fingerprint, new_code, new_id, new_secret
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import second_factor
from elearn.people.accounts.codes import derived_code
from elearn.people.accounts.forms import Appearance, NewToken
from elearn.people.accounts.gate import person_named
from elearn.people.accounts.models import AccessCode, ApiToken, CodeSheet, KnownDevice, Person, WebSession
from elearn.people.accounts.queries import person_in_scope, roles_of, usable_code
from elearn.people.accounts.rules import check_may_help
from elearn.people.accounts.scopes import SCOPES
from elearn.people.audit.actions import record, record_all
from elearn.people.organisation.models import Unit

RESET_DAYS = 1
SHEET_SHOWN = timedelta(days=1)
# So that nobody's inbox is filled by somebody who knows the NIP.
BETWEEN_MAILS = timedelta(minutes=5)


def start_session(
    session: Session, actor: Actor, person: Person, now: datetime, *, user_agent: str = "", address: str = ""
) -> str:
    """Sign a person in; gives the secret for the cookie, which is stored nowhere else."""
    token = new_secret()
    session.add(
        WebSession(
            public_id=new_id(),
            token_hash=fingerprint(token),
            person_id=person.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=settings().session_days),
            user_agent=user_agent[:200],
            address=address[:45],
        )
    )
    person.last_signed_in_at = now
    session.flush()
    return token


def end_browser_session(session: Session, actor: Actor, token: str) -> None:
    """End the session that a browser holds, whosever it is: who signs in anew there leaves nothing open behind."""
    session.execute(delete(WebSession).where(WebSession.token_hash == fingerprint(token)))


def touch_session(session: Session, actor: Actor, now: datetime) -> None:
    """Mark the actor's session as seen, so that it does not run idle."""
    session.execute(update(WebSession).where(WebSession.id == actor.session_id).values(last_seen_at=now))


def touch_token(session: Session, actor: Actor, token: str, now: datetime) -> None:
    """Mark a token of the actor's as used."""
    session.execute(update(ApiToken).where(ApiToken.token_hash == fingerprint(token)).values(last_used_at=now))


def end_session(session: Session, actor: Actor, public_id: str | None = None) -> None:
    """Sign out: this session, or another of the actor's own by its public id."""
    mine = delete(WebSession).where(WebSession.person_id == actor.me())
    one = WebSession.id == actor.session_id if public_id is None else WebSession.public_id == public_id
    if session.execute(mine.where(one)).rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound


def end_other_sessions(session: Session, actor: Actor) -> None:
    """End all of the actor's sessions but the present one."""
    session.execute(
        delete(WebSession).where(WebSession.person_id == actor.me(), WebSession.id != (actor.session_id or 0))
    )


def revoke_access(session: Session, actor: Actor, person: Person) -> None:
    """End every session of a person, at once: after a change of role, a reset or a suspension."""
    session.execute(delete(WebSession).where(WebSession.person_id == person.id))


def revoke_tokens(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """End every token of a person: after a suspension, and when a code had to give a new way in."""
    living = (ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    session.execute(update(ApiToken).where(*living).values(revoked_at=now))


def remember_device(session: Session, actor: Actor, person: Person, device: str, now: datetime) -> str:
    """Know this browser as the person's own from now on; gives the secret for its cookie."""
    known = (
        device
        and session.query(KnownDevice).filter_by(person_id=person.id, token_hash=fingerprint(device)).one_or_none()
    )
    if known:
        known.last_seen_at = now
        return device
    secret = device or new_secret()
    session.query(KnownDevice).filter_by(token_hash=fingerprint(secret)).delete()
    session.add(KnownDevice(person_id=person.id, token_hash=fingerprint(secret), last_seen_at=now))
    return secret


def issue_code(session: Session, actor: Actor, person: Person, purpose: str, now: datetime) -> str:
    """A new one-time code (`activation`: 30 days by default, `reset`: one day); earlier ones stop working.

    Needs ISSUE_ACCESS within the person's unit, and a person whom `rules.may_help` lets the actor help. The code
    itself is stored nowhere; it is shown once.
    """
    actor.must(Permission.ISSUE_ACCESS, person.unit.path if person.unit else "/")
    check_may_help(actor, roles_of(session, person))
    session.execute(
        update(AccessCode).where(AccessCode.person_id == person.id, AccessCode.used_at.is_(None)).values(used_at=now)
    )
    code = new_code(3)
    session.add(AccessCode(**_code_row(actor, person, purpose, code, now)))
    record(session, actor, f"code.{purpose}", person)
    return code


def issue_codes(
    session: Session, actor: Actor, people: Sequence[Person], now: datetime, sheet: CodeSheet | None = None
) -> list[tuple[Person, str]]:
    """New one-time codes for many people in a few statements; earlier ones stop working.

    Whoever has signed in before gets a reset, everyone else an activation. With a sheet its owner can see the codes
    again for a day; without one they are shown here and nowhere else. Needs ISSUE_ACCESS; that each of the people is
    one whom the actor may help is the caller's to know.
    """
    actor.must(Permission.ISSUE_ACCESS)
    issued = [
        (person, derived_code(settings().secret_key, sheet.nonce or "", person.public_id) if sheet else new_code(3))
        for person in people
    ]
    for ids in in_batches([person.id for person in people]):
        earlier = AccessCode.person_id.in_(ids)
        session.execute(update(AccessCode).where(earlier, AccessCode.used_at.is_(None)).values(used_at=now))
    for purpose in ("activation", "reset"):
        whose = [
            (person, code) for person, code in issued if purpose == ("reset" if person.activated_at else "activation")
        ]
        if whose:
            rows = [_code_row(actor, person, purpose, code, now, sheet) for person, code in whose]
            session.execute(insert(AccessCode), rows)
        record_all(
            session, actor, f"code.{purpose}", Person, [(person.public_id, None, None) for person, _code in whose]
        )
    return issued


def _code_row(
    actor: Actor, person: Person, purpose: str, code: str, now: datetime, sheet: CodeSheet | None = None
) -> dict[str, Any]:
    days = settings().activation_days if purpose == "activation" else RESET_DAYS
    return {
        "person_id": person.id,
        "purpose": purpose,
        "code_hash": fingerprint(clean_code(code)),
        "issued_by": actor.person_id,
        "sheet_id": sheet.id if sheet else None,
        "created_at": now,
        "expires_at": now + timedelta(days=days),
    }


def new_sheet(session: Session, actor: Actor, unit: Unit | None, total: int, now: datetime) -> CodeSheet:
    """A sheet on which the actor sees the codes of so many people for a day; `issue_codes` puts them on it."""
    sheet = CodeSheet(
        public_id=new_id(),
        owner_id=actor.me(),
        unit_id=unit.id if unit else None,
        nonce=new_secret(),
        total=total,
        created_at=now,
        visible_until=now + SHEET_SHOWN,
    )
    session.add(sheet)
    session.flush()
    record(session, actor, "codes.sheet", sheet, after={"unit_id": sheet.unit_id, "total": total})
    return sheet


def use_code(session: Session, actor: Actor, person: Person, code: str, password_hash: str, now: datetime) -> None:
    """Set the password with a one-time code. Whoever has signed in before is signed out everywhere; tokens end."""
    found = usable_code(session, person, code, now)
    if found is None:
        raise wrong_code()
    found.used_at = now
    revoke_tokens(session, actor, person, now)
    _set_password(session, actor, person, password_hash, now)
    person.activated_at = person.activated_at or now


def wrong_code() -> Invalid:
    """What is said of a code that does not fit, and of an account that does not exist."""
    return Invalid(_("Kode tidak cocok atau sudah kedaluwarsa. Minta kode baru kepada admin OPD Anda."))


def change_password(session: Session, actor: Actor, person: Person, password_hash: str, now: datetime) -> None:
    """Set a new password of one's own; every other session ends."""
    _set_password(session, actor, person, password_hash, now)


def _set_password(session: Session, actor: Actor, person: Person, password_hash: str, now: datetime) -> None:
    person.password_hash = password_hash
    person.password_set_at = now
    revoke_access(session, actor, person)
    record(session, actor, "password.set", person)
    session.flush()


def begin_second_factor(session: Session, actor: Actor, person: Person) -> None:
    """Make a new secret that counts only after it was confirmed with a code."""
    person.totp_nonce = new_secret()
    person.totp_confirmed_at = None
    person.totp_last_step = None
    session.flush()


def confirm_second_factor(session: Session, actor: Actor, person: Person, code: str, now: datetime) -> None:
    """Take the second factor into use, or pass it at sign-in; each code counts once."""
    step = second_factor.step_of(person, code, now)
    if step is None:
        raise Invalid(_("Kode tidak cocok. Periksa jam HP Anda, lalu ketik kode yang baru."))
    person.totp_last_step = step
    if person.totp_confirmed_at is None:
        person.totp_confirmed_at = now
        record(session, actor, "second_factor.on", person)
    session.execute(update(WebSession).where(WebSession.id == actor.session_id).values(second_factor_at=now))
    session.flush()


def remove_second_factor(session: Session, actor: Actor, person: Person) -> None:
    """Switch the second factor off; an admin will be asked to set up a new one."""
    person.totp_nonce = person.totp_confirmed_at = person.totp_last_step = None
    record(session, actor, "second_factor.off", person)
    session.flush()


def change_appearance(session: Session, actor: Actor, person: Person, wish: Appearance) -> None:
    """Language, theme and text size of one's own pages."""
    person.locale, person.theme, person.text_size = wish.locale, wish.theme, wish.text_size
    session.flush()


def make_token(session: Session, actor: Actor, person: Person, wish: NewToken, now: datetime) -> str:
    """A bearer token of the person's own; shown once."""
    unknown = [scope for scope in wish.scopes if scope not in SCOPES]
    if unknown or not wish.scopes:
        raise Invalid(_("Pilih paling sedikit satu cakupan."), {"scopes": _("Pilih paling sedikit satu cakupan.")})
    secret = f"elearn_{new_secret()}"
    token = ApiToken(
        public_id=new_id(),
        person_id=person.id,
        name=wish.name,
        token_hash=fingerprint(secret),
        scopes=" ".join(sorted(set(wish.scopes))),
        created_at=now,
        expires_at=now + timedelta(days=wish.days),
    )
    session.add(token)
    session.flush()
    record(session, actor, "token.made", token, after={"scopes": token.scopes})
    return secret


def revoke_token(session: Session, actor: Actor, public_id: str, now: datetime) -> None:
    """End one of the actor's own tokens."""
    token = session.query(ApiToken).filter_by(person_id=actor.me(), public_id=public_id).one_or_none()
    if token is None:
        raise NotFound
    token.revoked_at = token.revoked_at or now
    record(session, actor, "token.revoked", token)


def issue_code_for(session: Session, actor: Actor, public_id: str, now: datetime) -> tuple[Person, str]:
    """Renew the access of a person in the actor's scope: an activation code before first access, else a reset."""
    person = person_in_scope(session, actor, public_id)
    purpose = "reset" if person.activated_at else "activation"
    return person, issue_code(session, actor, person, purpose, now)


def renew_by_mail(
    session: Session, actor: Actor, identifier: str, now: datetime
) -> tuple[Person, str, datetime] | None:
    """A reset code for the address on file, with the moment it ends; None without account, address or patience."""
    found = person_named(session, identifier)
    if found is None or not found.active or not found.email:
        return None
    recent = select(AccessCode.id).where(
        AccessCode.person_id == found.id, AccessCode.issued_by.is_(None), AccessCode.created_at > now - BETWEEN_MAILS
    )
    if session.scalar(recent.limit(1)) is not None:
        return None
    person = person_in_scope(session, actor, found.public_id)
    return person, issue_code(session, actor, person, "reset", now), now + timedelta(days=RESET_DAYS)
