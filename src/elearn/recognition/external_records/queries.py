"""Questions about records of training taken elsewhere: one's own, and those that an officer decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, false, func, or_, select, true, union
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.paging import Page, page_of
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records.models import (
    APPROVED,
    ASKED,
    REFUSED,
    WAITING,
    EvidenceFile,
    EvidencePage,
    ExternalRecord,
    RecordNote,
)
from elearn.recognition.external_records.rules import number_key, spellings, telling
from elearn.recognition.external_records.sources import Counted, counted_on

SHOWN_TWINS = 10
# How many of a person's records an officer has asked back about.
ASKED_BACK = select(func.count(ExternalRecord.id)).where(
    ExternalRecord.person_id == bindparam("person_id"), ExternalRecord.state == ASKED
)
_WHOLE = (
    joinedload(ExternalRecord.form),
    joinedload(ExternalRecord.person).joinedload(Person.unit),
    joinedload(ExternalRecord.decider),
    selectinload(ExternalRecord.files).joinedload(EvidenceFile.pages),
    joinedload(ExternalRecord.notes).joinedload(RecordNote.author),
)


@dataclass(frozen=True)
class Twin:
    """Another record, a certificate of ours, or what counts already, that may be the same; `why` is number, dates or
    file.

    `named` says whether the reader may know whose record it is. What is not `likely` is only worth a look: another
    form on a day in common, or lessons at one's own pace.
    """

    why: str
    record: ExternalRecord | None = None
    certificate: str = ""
    counted: Counted | None = None
    named: bool = True
    likely: bool = True


def my_records(session: Session, actor: Actor) -> Sequence[ExternalRecord]:
    """The actor's own records, the newest first."""
    wanted = select(ExternalRecord).filter_by(person_id=actor.me()).options(joinedload(ExternalRecord.form))
    return session.scalars(wanted.order_by(ExternalRecord.id.desc())).all()


class OpenOrRefused(NamedTuple):
    """The actor's own records of a year: those that wait for a decision or an answer, and those that were refused, each
    with the note that says why."""

    pending: list[ExternalRecord]
    refused: list[tuple[ExternalRecord, RecordNote]]


# A record that was decided more than once has several notes; the last one holds.
_LAST_REFUSAL = (
    select(func.max(RecordNote.id))
    .where(RecordNote.record_id == ExternalRecord.id, RecordNote.kind == REFUSED)
    .correlate(ExternalRecord)
    .scalar_subquery()
)
_OPEN_OR_REFUSED = (
    select(ExternalRecord, RecordNote)
    .outerjoin(RecordNote, and_(ExternalRecord.state == REFUSED, RecordNote.id == _LAST_REFUSAL))
    .where(
        ExternalRecord.person_id == bindparam("person_id"),
        ExternalRecord.state.in_((WAITING, ASKED, REFUSED)),
        ExternalRecord.ended_on.between(bindparam("first"), bindparam("last")),
    )
    .order_by(ExternalRecord.id)
)


def open_or_refused(session: Session, actor: Actor, year: int) -> OpenOrRefused:
    """The year is that of their last day. One statement."""
    found = OpenOrRefused([], [])
    asked = {"person_id": actor.me(), "first": date(year, 1, 1), "last": date(year, 12, 31)}
    for record, note in session.execute(_OPEN_OR_REFUSED, asked):
        if record.state != REFUSED:
            found.pending.append(record)
        elif note is not None:
            found.refused.append((record, note))
    return found


def my_record(session: Session, actor: Actor, public_id: str) -> ExternalRecord:
    """One of the actor's own, with evidence and notes; NotFound for anybody else's."""
    return _one(session, select(ExternalRecord).filter_by(public_id=public_id, person_id=actor.me()))


def record_to_decide(session: Session, actor: Actor, public_id: str) -> ExternalRecord:
    """A record that the actor may decide, in whatever state; NotFound outside the scope, for a draft and one's own.

    All are told the same, as one may have been withdrawn while an officer looked at it.
    """
    actor.must(Permission.DECIDE_RECORDS)
    try:
        return _one(session, select(ExternalRecord).where(ExternalRecord.public_id == public_id, *_decidable(actor)))
    except NotFound as absent:
        sentence = _("Pengajuan ini tidak ada di antrean Anda. Mungkin baru ditarik pegawainya. Buka antrean lagi.")
        raise NotFound(sentence) from absent


def may_decide(session: Session, actor: Actor, public_id: str) -> bool:
    """Whether `record_to_decide` would give the record."""
    wanted = select(ExternalRecord.id).where(ExternalRecord.public_id == public_id, *_decidable(actor))
    return actor.may(Permission.DECIDE_RECORDS) and session.scalar(wanted) is not None


def records_to_decide(session: Session, actor: Actor, state: str, text: str, number: int) -> Page[ExternalRecord]:
    """The records of a state within the actor's scope: those that wait oldest first, others the newest first."""
    actor.must(Permission.DECIDE_RECORDS)
    found = select(ExternalRecord).where(ExternalRecord.state == state, *_decidable(actor))
    if words := text.strip():
        ways = [Person.name.icontains(words, autoescape=True), ExternalRecord.title.icontains(words, autoescape=True)]
        if (digits := nip.clean(words)).isdigit():
            ways.append(Person.nip == digits)
        found = found.where(ExternalRecord.person.has(or_(*ways)))
    order = (
        (ExternalRecord.filed_at, ExternalRecord.id)
        if state == WAITING
        else (ExternalRecord.decided_at.desc(), ExternalRecord.id.desc())
    )
    shown = (joinedload(ExternalRecord.form), joinedload(ExternalRecord.person).joinedload(Person.unit))
    return page_of(session, found.options(*shown).order_by(*order), number)


def how_many_wait(session: Session, actor: Actor) -> int:
    """How many records wait for the actor's decision."""
    if not actor.may(Permission.DECIDE_RECORDS):
        return 0
    wanted = select(func.count(ExternalRecord.id)).where(ExternalRecord.state == WAITING, *_decidable(actor))
    return session.scalar(wanted) or 0


def waiting_since(session: Session, actor: Actor) -> tuple[int, datetime | None]:
    """How many records wait for the actor's decision, and since when the oldest does. One statement."""
    actor.must(Permission.DECIDE_RECORDS)
    wanted = select(func.count(ExternalRecord.id), func.min(ExternalRecord.filed_at))
    count, since = session.execute(wanted.where(ExternalRecord.state == WAITING, *_decidable(actor))).one()
    return count, since


def next_to_decide(session: Session, actor: Actor, after: ExternalRecord) -> ExternalRecord | None:
    """The oldest record that waits, other than this one: the one filed next after it first."""
    wanted = select(ExternalRecord).where(
        ExternalRecord.state == WAITING, ExternalRecord.id != after.id, *_decidable(actor)
    )
    later = wanted.where(
        or_(
            ExternalRecord.filed_at > after.filed_at,
            and_(ExternalRecord.filed_at == after.filed_at, ExternalRecord.id > after.id),
        )
    )
    order = (ExternalRecord.filed_at, ExternalRecord.id)
    return session.scalar(later.order_by(*order).limit(1)) or session.scalar(wanted.order_by(*order).limit(1))


def twins_of(session: Session, actor: Actor, record: ExternalRecord) -> list[Twin]:
    """What may be the same training as this record: the same number, a day of the same person, the same file.

    The owner is told of his or her own alone, as nobody learns here what others have filed, and only of what is likely
    the same: somebody must say then that it is not. An officer is told of all, and by name of those in his or her
    scope.
    """
    hashes = select(EvidenceFile.sha256).where(EvidenceFile.record_id == record.id)
    same_number = ExternalRecord.number_key == record.number_key if telling(record.number_key) else false()
    days = record.days_taken
    same_days = (
        and_(
            ExternalRecord.person_id == record.person_id,
            ExternalRecord.started_on <= days[1],
            ExternalRecord.ended_on >= days[0],
        )
        if days
        else false()
    )
    same_file = exists().where(EvidenceFile.record_id == ExternalRecord.id, EvidenceFile.sha256.in_(hashes))
    likely = or_(same_number, same_file, and_(same_days, ExternalRecord.form_code == record.form_code))
    # Each way has its index; a condition of several ways would read all records there are.
    ways = union(
        select(ExternalRecord.id).where(same_number),
        select(ExternalRecord.id).where(same_days),
        select(EvidenceFile.record_id).where(EvidenceFile.sha256.in_(hashes)),
    )
    wanted = (
        select(
            ExternalRecord,
            same_number.label("number"),
            same_file.label("file"),
            likely.label("likely"),
            or_(in_scope(actor), ExternalRecord.person_id == record.person_id).label("named"),
        )
        .join(ExternalRecord.person)
        .where(
            ExternalRecord.id != record.id,
            ExternalRecord.state.in_((WAITING, ASKED, APPROVED)),
            ExternalRecord.id.in_(ways),
        )
        .options(contains_eager(ExternalRecord.person).joinedload(Person.unit), joinedload(ExternalRecord.form))
        # What is certain first, as there is no room for all.
        .order_by(case((same_number, 0), (same_file, 1), (likely, 2), else_=3), ExternalRecord.id)
        .limit(SHOWN_TWINS)
    )
    own = actor.person_id == record.person_id
    if own:
        wanted = wanted.where(ExternalRecord.person_id == record.person_id, likely)
    found = [
        Twin("number" if number else "file" if file else "dates", twin, named=bool(named), likely=bool(alike))
        for twin, number, file, alike, named in session.execute(wanted)
    ]
    ours = [Twin("number", certificate=number) for number in _our_certificates(session, record)]
    counted = counted_on(session, record.person_id, *days) if days else ()
    there = [
        Twin("dates", counted=each, likely=not each.own_pace or each.form_code == record.form_code) for each in counted
    ]
    return [*ours, *found, *(each for each in there if each.likely or not own)]


def _our_certificates(session: Session, record: ExternalRecord) -> list[str]:
    """The number of a certificate that this very system issued; its JP count already.

    The owner's own are compared as numbers of records are, letters and digits alone. Those of all the others are looked
    up in their index, in the ways in which a number is commonly typed: no index knows their letters and digits.
    """
    if not telling(record.number_key):
        return []
    own = select(Certificate.number).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    wanted = union(
        own.where(Enrolment.person_id == record.person_id),
        select(Certificate.number).where(func.lower(Certificate.number).in_(spellings(record.number))),
    )
    return [number for number in session.scalars(wanted) if number_key(number) == record.number_key][:1]


def evidence_file(session: Session, actor: Actor, public_id: str) -> EvidenceFile:
    """A file of a record that the actor owns or may decide, with its pages; NotFound for everybody else."""
    mine = ExternalRecord.person_id == actor.me()
    reach = or_(mine, and_(*_decidable(actor))) if actor.may(Permission.DECIDE_RECORDS) else mine
    found = session.scalar(
        select(EvidenceFile)
        .join(ExternalRecord, ExternalRecord.id == EvidenceFile.record_id)
        .where(EvidenceFile.public_id == public_id, reach)
        .options(selectinload(EvidenceFile.pages))
    )
    if found is None:
        raise NotFound
    return found


def evidence_page(session: Session, actor: Actor, public_id: str, number: int) -> EvidencePage:
    """The picture of one page, for the same people."""
    for page in evidence_file(session, actor, public_id).pages:
        if page.number == number:
            return page
    raise NotFound


def evidence_of(session: Session, public_ids: Collection[str]) -> dict[str, Sequence[EvidenceFile]]:
    """The files of each of these records, with their pages, by the record's public id."""
    records = session.scalars(
        select(ExternalRecord)
        .where(ExternalRecord.public_id.in_(public_ids))
        .options(selectinload(ExternalRecord.files).selectinload(EvidenceFile.pages))
    )
    return {record.public_id: record.files for record in records}


def _decidable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Filed by somebody in the actor's scope, not by the actor."""
    others = true() if actor.person_id is None else ExternalRecord.person_id != actor.person_id
    # Whoever looks after everybody need not look each owner up.
    reach = true() if actor.everywhere else ExternalRecord.person.has(in_scope(actor))
    return ExternalRecord.filed_at.is_not(None), others, reach


def _one(session: Session, wanted: Select[Any]) -> ExternalRecord:
    found: ExternalRecord | None = session.scalars(wanted.options(*_WHOLE)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
