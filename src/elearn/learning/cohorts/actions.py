"""Verbs of classes: make, change, copy, open and close them; join and leave them; what attendance tells of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Forbidden, Invalid, Refusal
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.learning.cohorts.events import CohortCopied, CohortMoved
from elearn.learning.cohorts.forms import CohortWish
from elearn.learning.cohorts.models import Cohort, Participant, ParticipantDay
from elearn.learning.cohorts.notices import tell
from elearn.learning.cohorts.queries import joined_in, undecided
from elearn.learning.cohorts.rules import (
    check_next,
    check_open,
    check_quota,
    check_wish,
    shifted,
)
from elearn.learning.cohorts.seats import held, let_go, move_up, participant_for, take_in
from elearn.learning.enrolment.actions import move_due
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.rules import CompletedStays, read_nips, twice
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import teaches
from elearn.teaching.delivery.queries import delivery_form


@dataclass(frozen=True)
class Added:
    """How a list of NIPs came out; `told` are sentences on those who were left out.

    `completed` says how many of these have completed the course.
    """

    joined: int
    waiting: int
    already: int
    told: list[str] = field(default_factory=list)
    completed: int = 0


def make(session: Session, actor: Actor, course: Course, wish: CohortWish, now: datetime) -> Cohort:
    """A new class of a course, not yet open. For its instructors and the regency's admin."""
    _must_run(session, actor, course)
    check_wish(wish)
    cohort = Cohort(
        public_id=new_id(), course_id=course.id, state="draft", sessions=0, places_given=0, revision=1, created_at=now
    )
    cohort.made_by = actor.person_id
    _describe(session, cohort, wish)
    session.add(cohort)
    session.flush()
    record(session, actor, "class.made", cohort, after=_facts(cohort))
    return cohort


def change(session: Session, actor: Actor, cohort: Cohort, wish: CohortWish, now: datetime) -> None:
    """Describe a class anew; more seats let those who wait move up. Conflict when it was changed meanwhile."""
    _must_run(session, actor, cohort.course)
    check_wish(wish)
    cohort = held(session, cohort)
    if cohort.settled:
        raise Conflict(_("Angkatan ini sudah selesai atau dibatalkan. Buka kembali sebelum mengubahnya."))
    if wish.revision != cohort.revision:
        raise Conflict(_("Orang lain sudah mengubah angkatan ini. Salin isian Anda, lalu muat ulang halaman."))
    check_quota(wish.quota, joined_in(session, cohort))
    before, due_before = _facts(cohort), cohort.due_on
    _describe(session, cohort, wish)
    cohort.revision += 1
    session.flush()
    record(session, actor, "class.changed", cohort, before=before, after=_facts(cohort))
    _move_due(session, actor, cohort, due_before)
    announce(session, CohortMoved(cohort.id))
    if cohort.state == "open" and any(before[name] != _facts(cohort)[name] for name in _MET_AT):
        tell(session, "changed", cohort, now)
    move_up(session, cohort, now)


def _move_due(session: Session, actor: Actor, cohort: Cohort, before: date | None) -> None:
    """A changed deadline reaches who has joined and is not decided; one taken away leaves deadlines from elsewhere."""
    if cohort.due_on == before:
        return
    there = Participant.cohort_id == cohort.id, Participant.status == "joined", Participant.result.in_(_UNDECIDED)
    wanted = select(Enrolment.id).join(Participant, Participant.enrolment_id == Enrolment.id).where(*there)
    if cohort.due_on is None:
        wanted = wanted.where(Enrolment.due_on == before)
    move_due(session, actor, session.scalars(wanted).all(), cohort.due_on)


def copy(session: Session, actor: Actor, cohort: Cohort, starts_on: date, now: datetime) -> Cohort:
    """A new class like another one, with all its days shifted and its sessions, without its people."""
    _must_run(session, actor, cohort.course)
    days = (starts_on - cohort.starts_on).days
    kept = ("course_id", "form_code", "international", "organiser", "place", "link", "quota", "audience", "speakers")
    twin = Cohort(
        public_id=new_id(),
        **{name: getattr(cohort, name) for name in (*kept, "least_attendance", "self_enrol")},
        name=_("%(name)s (salinan)", name=cohort.name[:180]),
        starts_on=starts_on,
        ends_on=shifted(cohort.ends_on, days),
        closes_on=shifted(cohort.closes_on, days),
        due_on=shifted(cohort.due_on, days),
        state="draft",
        sessions=0,
        places_given=0,
        revision=1,
        made_by=actor.person_id,
        created_at=now,
    )
    session.add(twin)
    session.flush()
    record(session, actor, "class.made", twin, after={**_facts(twin), "copy_of": cohort.public_id})
    announce(session, CohortCopied(twin.id, cohort.id, days))
    return twin


def set_state(session: Session, actor: Actor, cohort: Cohort, state: str, now: datetime) -> None:
    """Open, finish, reopen or cancel a class. One with undecided people is not finished.

    Cancelling lets all go; finishing, those who are nominated or wait.
    """
    _must_run(session, actor, cohort.course)
    cohort = held(session, cohort)
    check_next(cohort, state)
    if state == "open" and not session.get_one(Course, cohort.course_id).published:
        raise Conflict(_("Terbitkan pelatihannya dahulu."))
    if state == "finished":
        waiting = session.scalars(select(Participant.id).where(undecided(cohort)).limit(1)).first()
        if waiting is not None:
            raise Conflict(_("Masih ada peserta tanpa keputusan. Tetapkan kelulusannya dahulu."))
    before = cohort.state
    cohort.state = state
    session.flush()
    record(session, actor, f"class.{state}", cohort, before={"state": before}, after={"state": state})
    if state == "cancelled":
        _let_all_go(session, actor, cohort, now)
    elif state == "finished":
        _settle_open(session, actor, cohort, now)


def _let_all_go(session: Session, actor: Actor, cohort: Cohort, now: datetime) -> None:
    there = Participant.status.in_(("nominated", "waiting", "joined")), Participant.result.in_(_UNDECIDED)
    # In the order in which accounts are locked elsewhere too: without the class somebody may have done all.
    all_there = select(Participant).where(Participant.cohort_id == cohort.id, *there).order_by(Participant.person_id)
    found = session.scalars(all_there).all()
    for each in found:
        let_go(session, actor, cohort, each, _("Angkatan dibatalkan."), now)
    tell(session, "cancelled", cohort, now, ids=[each.id for each in found])


def _settle_open(session: Session, actor: Actor, cohort: Cohort, now: datetime) -> None:
    """Nobody stays nominated or waiting in a class that is over."""
    there = Participant.cohort_id == cohort.id, Participant.status.in_(("nominated", "waiting"))
    found = session.scalars(select(Participant).where(*there)).all()
    reason = _("Angkatan sudah selesai.")
    for each in found:
        before = {"status": each.status}
        each.status, deed = ("refused", "refused") if each.status == "nominated" else ("withdrawn", "left")
        each.place, each.refusal, each.left_at = None, reason, now
        record(session, actor, f"class.{deed}", each, before=before, reason=reason)
    session.flush()
    tell(session, "ended", cohort, now, ids=[each.id for each in found])


def join(session: Session, actor: Actor, cohort: Cohort, now: datetime) -> Participant:
    """Join a class by oneself: a seat, or a place on the waiting list. Joining twice is the same as once."""
    actor.must(Permission.LEARN)
    cohort = held(session, cohort)
    participant = participant_for(session, cohort, actor.me(), now)
    if participant.status in ("joined", "waiting"):
        return participant
    check_open(cohort, wib_date(now))
    if not cohort.self_enrol:
        raise Conflict(_("Angkatan ini hanya lewat usulan. Hubungi admin OPD Anda."))
    if participant.result in ("passed", "failed"):
        raise Conflict(_("Hasil Anda di angkatan ini sudah ditetapkan. Pilih angkatan lain."))
    take_in(session, actor, cohort, participant, now)
    return participant


def leave(session: Session, actor: Actor, cohort: Cohort, participant: Participant, now: datetime) -> None:
    """Leave a class by oneself; what was learned is kept."""
    if participant.person_id != actor.person_id:
        raise Forbidden(_("Anda tidak berwenang melakukan ini."))
    let_go(session, actor, held(session, cohort), participant, "", now)


def remove(
    session: Session, actor: Actor, cohort: Cohort, participant: Participant, reason: str, now: datetime
) -> None:
    """Take somebody out of a class, with a reason."""
    _must_run(session, actor, cohort.course)
    there = participant.status in ("nominated", "waiting", "joined")
    let_go(session, actor, held(session, cohort), participant, reason, now)
    if there:
        tell(session, "removed", cohort, now, ids=[participant.id], note=reason)


def add(session: Session, actor: Actor, cohort: Cohort, nips: str, now: datetime) -> Added:
    """Invite people by NIP: they have joined or wait at once. Regency admin only; a number twice counts once."""
    actor.must(Permission.MANAGE_CLASSES)
    cohort = held(session, cohort)
    check_open(cohort, wib_date(now))
    people, told = people_with(session, actor, nips)
    joined, waiting, already, completed = list[int](), list[int](), 0, 0
    for person in people:
        participant = participant_for(session, cohort, person.id, now)
        if participant.status in ("joined", "waiting") or participant.result in ("passed", "failed"):
            already += 1
            continue
        try:
            with session.begin_nested():
                seated = take_in(session, actor, cohort, participant, now)
        except Refusal as refusal:
            told.append(_("%(name)s: %(why)s", name=person.name, why=refusal.message))
            completed += isinstance(refusal, CompletedStays)
            continue
        (joined if seated else waiting).append(participant.id)
    tell(session, "joined", cohort, now, ids=joined)
    tell(session, "waiting", cohort, now, ids=waiting)
    return Added(len(joined), len(waiting), already, told, completed)


def people_with(session: Session, actor: Actor, nips: str) -> tuple[Sequence[Person], list[str]]:
    """Active people within the actor's reach with these NIPs, and sentences on numbers that are left out.

    Raises Invalid when none is left.
    """
    lines = read_nips(nips)
    told = [_("Baris %(n)s bukan NIP: %(shown)s", n=line.line, shown=line.shown) for line in lines if not line.digits]
    digits = [line.digits for line in lines if line.digits]
    told += [_("NIP %(nip)s muncul lebih dari sekali, dihitung sekali.", nip=nip) for nip in twice(digits)]
    here = Person.nip.in_(set(digits)), Person.status == "active", in_scope(actor)
    people = session.scalars(select(Person).where(*here).order_by(Person.name, Person.id)).all()
    known = {person.nip for person in people}
    told += [
        _("NIP %(nip)s tidak dikenal atau bukan pegawai Anda.", nip=nip)
        for nip in dict.fromkeys(digits)
        if nip not in known
    ]
    if not people:
        sentence = told[0] if told else _("Tempel paling sedikit satu NIP.")
        raise Invalid(sentence, {"nips": sentence})
    return people, told


def note_sessions(session: Session, actor: Actor, cohort_id: int, sessions: int) -> None:
    """Keep how many sessions a class has; attendance tells it whenever it changes."""
    session.execute(update(Cohort).where(Cohort.id == cohort_id).values(sessions=sessions))


def note_days(session: Session, actor: Actor, attended: Mapping[int, Mapping[date, tuple[int, int]]]) -> None:
    """Keep what participants, by id, attended: minutes and sessions of each local day, in place of what was kept."""
    ids = list(attended)
    session.execute(delete(ParticipantDay).where(ParticipantDay.participant_id.in_(ids)))
    rows = [
        {"participant_id": id, "day": day, "minutes": minutes, "sessions": sessions}
        for id, days in attended.items()
        for day, (minutes, sessions) in days.items()
    ]
    if rows:
        session.execute(insert(ParticipantDay), rows)
    sums = [{"id": id, "attended": sum(n for _minutes, n in days.values())} for id, days in attended.items()]
    if sums:
        session.execute(update(Participant), sums)


def note_letter(session: Session, actor: Actor, cohort: Cohort, kind: str, people: int, unit: str = "") -> None:
    """Write down who takes a letter that names so many people of a class; `unit` is who sends them.

    The caller found class and people through the actor.
    """
    taken = {"kind": kind, "people": people, **({"unit": unit} if unit else {})}
    record(session, actor, "class.letter_taken", cohort, after=taken)


def _must_run(session: Session, actor: Actor, course: Course) -> None:
    if not actor.may(Permission.MANAGE_CLASSES) and not teaches(session, actor, course):
        raise Forbidden(_("Anda tidak berwenang melakukan ini."))


def _describe(session: Session, cohort: Cohort, wish: CohortWish) -> None:
    fields = wish.model_dump(exclude={"course", "revision", "nominated_only", "form_code"})
    for name, value in fields.items():
        setattr(cohort, name, value)
    cohort.form_code = delivery_form(session, wish.form_code).code
    cohort.self_enrol = not wish.nominated_only


_UNDECIDED = ("", "deferred")
_MET_AT = ("place", "link", "starts_on", "ends_on")


def _facts(cohort: Cohort) -> dict[str, object]:
    days = ("starts_on", "ends_on", "closes_on", "due_on")
    names = ("name", "form_code", "place", "link", *days, "quota", "least_attendance", "self_enrol")
    facts = {name: getattr(cohort, name) for name in names}
    return {name: str(value) if isinstance(value, date) else value for name, value in facts.items()}
