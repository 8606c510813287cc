"""Writing the audit."""

from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy import insert
from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.foundation.database import Base
from elearn.people.access.actor import Actor
from elearn.people.audit.models import AuditEntry


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Base | str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Note a deed on a row that has its id, or by name on a kind of things as a whole.

    `before` and `after` hold protected fields only: no secrets, no answers.
    """
    named = isinstance(subject, str)
    session.add(
        AuditEntry(
            at=utc_now(),
            actor_id=actor.person_id,
            actor_name=actor.name,
            action=action,
            object_type=subject if isinstance(subject, str) else subject.__tablename__,
            object_id="" if named else str(getattr(subject, "public_id", None) or getattr(subject, "id", "")),
            reason=reason or actor.reason,
            before=before,
            after=after,
            request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        )
    )


Change = tuple[str, dict[str, Any] | None, dict[str, Any] | None]


def record_all(session: Session, actor: Actor, action: str, kind: type[Base], changes: Iterable[Change]) -> None:
    """Note the same deed on many rows of one table at once: the public id of each, with its fields before and after."""
    shared = {
        "at": utc_now(),
        "actor_id": actor.person_id,
        "actor_name": actor.name,
        "action": action,
        "object_type": kind.__tablename__,
        "reason": actor.reason,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    entries = [{**shared, "object_id": id, "before": before, "after": after} for id, before, after in changes]
    if entries:
        session.execute(insert(AuditEntry), entries)
