"""Verbs of packets."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.i18n import _
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queries import jobs_of
from elearn.overview.exports.rules import Format
from elearn.overview.packets.queries import Group, counted
from elearn.overview.packets.rules import check_any
from elearn.people.access.actor import Actor
from elearn.people.audit.actions import record

JOB = "packets.make"


def start_packet(session: Session, actor: Actor, group: Group, form: Format, now: datetime, reason: str) -> Job:
    """Have a packet made; asked again while it is being made, the same job. `form` is that of the list inside.

    Raises Conflict where there is no certificate.
    """
    found = counted(session, group)
    check_any(found.pdfs)
    asked = {"of": group.of, "key": group.key, "form": form}
    for job in jobs_of(session, actor.me(), JOB):
        if not job.finished and {name: job.arguments[name] for name in asked} == asked:
            return job
    job = enqueue(
        session,
        kind=JOB,
        title=_("Berkas sertifikat %(title)s", title=group.title)[:200],
        owner_id=actor.me(),
        arguments={**asked, "total": found.people},
        now=now,
        unit=_("orang"),
    )
    after = {"people": found.people, "pdfs": found.pdfs, "format": form, "job": job.public_id}
    record(session, actor, "certificates.exported", group.thing, after=after, reason=reason)
    return job
