"""Verbs of nominating: an OPD admin proposes people of his own subtree, the regency's admin decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.learning.cohorts.actions import people_with
from elearn.learning.cohorts.forms import NominationRuling, NominationWish
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.notices import tell
from elearn.learning.cohorts.rules import REFUSALS, check_open
from elearn.learning.cohorts.seats import held, let_go, participant_for, take_in
from elearn.learning.enrolment.queries import completed_in
from elearn.learning.enrolment.rules import completed_words
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope
from elearn.people.audit.actions import record


@dataclass(frozen=True)
class Nominated:
    """How a nomination came out; `told` are sentences on those who were left out.

    `completed` says how many of these have completed the course.
    """

    fresh: int
    already: int
    told: list[str] = field(default_factory=list)
    completed: int = 0


@dataclass(frozen=True)
class Decided:
    """How a decision on nominations came out."""

    joined: int = 0
    waiting: int = 0
    refused: int = 0
    told: list[str] = field(default_factory=list)


def nominate(session: Session, actor: Actor, cohort: Cohort, wish: NominationWish, now: datetime) -> Nominated:
    """Propose people of the actor's own subtree for an open class. Needs ENROL_OTHERS; a number twice counts once.

    Who has completed the course is left out and told: the class would refuse him or her later.
    """
    actor.must(Permission.ENROL_OTHERS)
    cohort = held(session, cohort)
    check_open(cohort, wib_date(now))
    people, told = _chosen(session, actor, wish)
    fresh = already = 0
    completed = completed_in(session, cohort.course_id, [person.id for person in people])
    for person in people:
        participant = participant_for(session, cohort, person.id, now)
        if participant.status in ("nominated", "waiting", "joined") or participant.result in ("passed", "failed"):
            already += 1
            continue
        if person.id in completed:
            told.append(_("%(name)s: %(why)s", name=person.name, why=completed_words(completed[person.id])))
            continue
        participant.status, participant.nominated_by, participant.nominated_at = "nominated", actor.me(), now
        participant.approved_by = participant.approved_at = participant.left_at = None
        participant.refusal = ""
        session.add(participant)
        session.flush()
        record(session, actor, "class.nominated", participant, after={"class": cohort.public_id})
        fresh += 1
    return Nominated(fresh, already, told, len(completed))


def _chosen(session: Session, actor: Actor, wish: NominationWish) -> tuple[Sequence[Person], list[str]]:
    ticked = session.scalars(
        select(Person).where(Person.public_id.in_(wish.people), Person.status == "active", in_scope(actor))
    ).all()
    if not wish.nips.strip():
        if not ticked:
            sentence = _("Centang paling sedikit satu pegawai, atau tempel NIP.")
            raise Invalid(sentence, {"nips": sentence})
        return ticked, []
    pasted, told = people_with(session, actor, wish.nips)
    return list({person.id: person for person in (*ticked, *pasted)}.values()), told


def withdraw_nomination(
    session: Session, actor: Actor, cohort: Cohort, public_id: str, now: datetime
) -> Participant | None:
    """Take a nomination of the actor's own subtree back before it is decided; None where there is none."""
    actor.must(Permission.ENROL_OTHERS)
    cohort = held(session, cohort)
    found = session.scalar(
        select(Participant)
        .join(Participant.person)
        .where(
            Participant.cohort_id == cohort.id,
            Participant.public_id == public_id,
            Participant.status == "nominated",
            in_scope(actor),
        )
    )
    if found is not None:
        let_go(session, actor, cohort, found, "", now)
    return found


def decide(session: Session, actor: Actor, wish: NominationRuling, now: datetime) -> Decided:
    """Approve or refuse nominations, by public id; whom the seats do not hold goes to the waiting list.

    Needs MANAGE_CLASSES. Raises Invalid for a refusal without a reason, and for nobody chosen.
    """
    actor.must(Permission.MANAGE_CLASSES)
    reason = _reason(wish)
    named = wish.shown if wish.verdict == "approve_shown" else wish.participants
    if not named:
        raise Invalid(_("Centang paling sedikit satu usulan."))
    chosen = select(Participant.id, Participant.cohort_id).where(
        Participant.public_id.in_(named), Participant.status == "nominated"
    )
    # Always in the same order, so that two admins never wait for each other's classes.
    rows = session.execute(chosen.order_by(Participant.cohort_id, Participant.nominated_at, Participant.id)).all()
    if not rows:
        raise Conflict(_("Usulan ini sudah diputuskan. Muat ulang halaman."))
    locked: dict[int, Cohort] = {}
    news: dict[tuple[int, str], list[int]] = {}
    told: list[str] = []
    for id, cohort_id in rows:
        if cohort_id not in locked:
            locked[cohort_id] = held(session, session.get_one(Cohort, cohort_id))
        participant = session.scalars(
            select(Participant)
            .where(Participant.id == id)
            .options(joinedload(Participant.person))
            .execution_options(populate_existing=True)
        ).one()
        if participant.status != "nominated":
            continue
        name = participant.person.name
        if wish.verdict == "refuse":
            _refuse(session, actor, participant, reason, now)
            news.setdefault((cohort_id, "refused"), []).append(id)
            continue
        try:
            with session.begin_nested():
                participant.approved_by, participant.approved_at = actor.me(), now
                take_in(session, actor, locked[cohort_id], participant, now)
        except Refusal as refusal:
            told.append(_("%(name)s: %(why)s", name=name, why=refusal.message))
            continue
        news.setdefault((cohort_id, participant.status), []).append(id)
    for (cohort_id, what), ids in news.items():
        tell(session, what, locked[cohort_id], now, ids=ids)
    counts = {what: sum(len(ids) for (_id, said), ids in news.items() if said == what) for what in _OUTCOMES}
    return Decided(**counts, told=told)


_OUTCOMES = ("joined", "waiting", "refused")


def _refuse(session: Session, actor: Actor, participant: Participant, reason: str, now: datetime) -> None:
    participant.status, participant.refusal = "refused", reason
    participant.approved_by, participant.approved_at = actor.me(), now
    session.flush()
    record(session, actor, "class.refused", participant, reason=reason)


def _reason(wish: NominationRuling) -> str:
    if wish.verdict != "refuse":
        return ""
    words = [_(REFUSALS[wish.standard])] if wish.standard in REFUSALS else []
    reason = " ".join([*words, wish.reason]).strip()[:300]
    if not reason:
        sentence = _("Pilih alasan penolakan, atau tulis alasan Anda.")
        raise Invalid(sentence, {"reason": sentence})
    return reason
