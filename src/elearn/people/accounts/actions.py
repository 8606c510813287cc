"""Verbs of accounts."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from elearn.foundation.ids import fingerprint, new_id, new_secret
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person, WebSession


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


def touch_session(session: Session, actor: Actor, now: datetime) -> None:
    """Mark the actor's session as seen, so that it does not run idle."""
    session.execute(update(WebSession).where(WebSession.id == actor.session_id).values(last_seen_at=now))
