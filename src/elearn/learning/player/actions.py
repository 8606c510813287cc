"""Verbs of whoever sits at the desk, the same for all kinds that are read, watched or heard."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.learning.player.forms import Ping
from elearn.learning.player.queries import Desk
from elearn.learning.progress.actions import record_evidence
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.queries import progress_of
from elearn.learning.progress.rules import Evidence, silent_seconds
from elearn.people.access.actor import Actor
from elearn.teaching.courses.kinds import kind_named


class NotWatched(Conflict):
    """Being there counts for nothing in this kind of activity."""


def report(session: Session, actor: Actor, desk: Desk, ping: Ping, now: datetime) -> ActivityProgress:
    """What the browser tells while the activity is open. Raises NotWatched."""
    if not kind_named(desk.activity.kind).watched:
        raise NotWatched(_("Yang dihitung di sini hanya yang dikumpulkan."))
    evidence = Evidence(seconds=ping.seconds, place=ping.place, seen_to_end=ping.end)
    return record_evidence(session, actor, desk.enrolment, desk.activity, evidence, now)


def finish(session: Session, actor: Actor, desk: Desk, now: datetime) -> ActivityProgress:
    """ "Selesai": the learner has come to the end. Time without reports counts as the server saw it pass."""
    before = progress_of(session, desk.enrolment.id, desk.activity.id)
    evidence = Evidence(seconds=silent_seconds(before.last_seen_at, now) if before else 0, seen_to_end=True)
    return record_evidence(session, actor, desk.enrolment, desk.activity, evidence, now)
