"""Questions about what goes to SIASN. For the regency's admin: SIASN knows one sender."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.placements.queries import Proof, proofs
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_in_scope
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records.models import EvidenceFile
from elearn.recognition.external_records.queries import evidence_of
from elearn.recognition.learning_hours.models import LedgerLine, counted_by
from elearn.standards.siasn.models import SiasnBundle, SiasnExport
from elearn.standards.siasn.record import Answered, Entry, Sent
from elearn.teaching.delivery.models import DeliveryForm

# As many lines as are read at once: the database is let go in between, and memory stays flat.
CHUNK = 1_000
SHOWN = 20
MOST_BY_HAND = 200
# Whatever gives a session for a `with` block: a database's reading sessions, or a job's.
Sessions = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Wanted:
    """Whose records: of a year, of the unit with its subtree where people worked then, or of some people."""

    year: int
    unit: Unit | None = None
    nips: frozenset[str] = frozenset()


class Document(NamedTuple):
    """What proves a line: a certificate of this system, what was filed of training elsewhere, or a signed placement."""

    certificate: Certificate | None = None
    evidence: Sequence[EvidenceFile] = ()
    placement: Proof | None = None


class ByHand(NamedTuple):
    """A record of a bundle that somebody has to look after, and the id of its entry in SIASN where it is known."""

    export: SiasnExport
    line: LedgerLine
    person: Person
    siasn_id: str


def refused_since(session: Session, actor: Actor) -> tuple[int, datetime | None]:
    """How many records SIASN refused last, and since when the oldest waits. One statement."""
    actor.must(Permission.EXCHANGE_RECORDS)
    later = aliased(SiasnExport)
    went_on = exists().where(
        later.line_id == SiasnExport.line_id, later.id > SiasnExport.id, later.state.in_(("sending", "left"))
    )
    # Spelled out, as the index of the few that were refused is only for just this.
    refused = SiasnExport.state == literal_column("'refused'")
    wanted = select(func.count(SiasnExport.line_id.distinct()), func.min(SiasnExport.left_at)).where(refused, ~went_on)
    count, since = session.execute(wanted).one()
    return count, since


def entries(sessions: Sessions, actor: Actor, wanted: Wanted) -> Iterator[Entry]:
    """All lines as they stand, person by person; read in chunks, each in a session of its own."""
    actor.must(Permission.EXCHANGE_RECORDS)
    place = (0, 0)
    forms: dict[str, DeliveryForm] = {}
    while True:
        with sessions() as session:
            forms = forms or {form.code: form for form in session.scalars(select(DeliveryForm))}
            found = _entries(session, _after(_lines(actor, wanted), place), forms)
        yield from found
        if len(found) < CHUNK:
            return
        place = (found[-1].person_id, found[-1].line_id)


def entry_of(session: Session, actor: Actor, line: str) -> Entry:
    """One line as it stands now, by its public id."""
    actor.must(Permission.EXCHANGE_RECORDS)
    forms = {form.code: form for form in session.scalars(select(DeliveryForm))}
    found = _entries(session, _lines(actor, None).where(LedgerLine.public_id == line), forms)
    if not found:
        raise NotFound
    return found[0]


def how_many(session: Session, actor: Actor, wanted: Wanted, *, most: int | None = None) -> int:
    """How many lines there are, whatever becomes of them; where `most` is given, none is counted beyond."""
    actor.must(Permission.EXCHANGE_RECORDS)
    lines = _lines(actor, wanted).with_only_columns(LedgerLine.id, maintain_column_froms=True)
    return session.scalar(select(func.count()).select_from((lines.limit(most) if most else lines).subquery())) or 0


def sent_at(session: Session, line: LedgerLine) -> datetime | None:
    """Since when SIASN has a line, as far as it went from here; None where it never left or was to be deleted there."""
    left = select(SiasnExport).filter_by(line_id=line.id, state="left").order_by(SiasnExport.id.desc()).limit(1)
    last = session.scalar(left)
    return None if last is None or last.change == "deletion" else last.left_at


def _lines(actor: Actor, wanted: Wanted | None) -> Select[*tuple[Any, ...]]:
    correction = aliased(LedgerLine)
    corrected = (
        select(func.coalesce(func.sum(correction.jp_recognised), 0))
        .where(correction.corrects_id == LedgerLine.id)
        .scalar_subquery()
    )
    lines = (
        select(
            LedgerLine.id,
            LedgerLine.public_id,
            LedgerLine.key,
            LedgerLine.source,
            LedgerLine.person_id,
            LedgerLine.title,
            LedgerLine.organiser,
            LedgerLine.evidence,
            LedgerLine.competency,
            LedgerLine.started_on,
            LedgerLine.ended_on,
            LedgerLine.form_code,
            (LedgerLine.jp_recognised + corrected).label("jp"),
            Person.public_id.label("person"),
            Person.nip,
            Person.name,
            Person.siasn_id.label("pns_id"),
            func.coalesce(Unit.name, "").label("unit"),
        )
        .join(Person, Person.id == LedgerLine.person_id)
        .outerjoin(Unit, Unit.id == LedgerLine.unit_id)
        .where(LedgerLine.corrects_id.is_(None))
    )
    if not actor.everywhere:
        lines = lines.where(unit_in_scope(actor))
    if wanted is None:
        return lines
    if wanted.unit is not None:
        lines = lines.where(Unit.path.startswith(wanted.unit.path, autoescape=True))
    if wanted.nips:
        lines = lines.where(Person.nip.in_(wanted.nips))
    return lines.where(LedgerLine.year == wanted.year) if wanted.year else lines


def _after(lines: Select[*tuple[Any, ...]], place: tuple[int, int]) -> Select[*tuple[Any, ...]]:
    person, line = place
    later = or_(LedgerLine.person_id > person, and_(LedgerLine.person_id == person, LedgerLine.id > line))
    return lines.where(later).order_by(LedgerLine.person_id, LedgerLine.id).limit(CHUNK)


def _entries(session: Session, lines: Select[*tuple[Any, ...]], forms: Mapping[str, DeliveryForm]) -> list[Entry]:
    rows = session.execute(lines).all()
    sent, answered = _sent(session, [row.id for row in rows])
    proved = documents_of(session, [row.id for row in rows])
    bare = {counted_by(row.key) for row in rows if row.source == "course" and row.id not in proved}
    revoked = _revoked(session, bare) if bare else {}
    counting = {line_id: proof.certificate for line_id, proof in proved.items() if proof.certificate}
    return [
        Entry(
            line_id=row.id,
            line=row.public_id,
            person_id=row.person_id,
            person=row.person,
            nip=row.nip,
            name=row.name,
            pns_id=row.pns_id,
            unit=row.unit,
            title=row.title,
            organiser=row.organiser,
            # The number of the certificate that holds now, else what the line was counted with.
            evidence=counting[row.id].number if row.id in counting else row.evidence,
            competency=row.competency,
            started_on=row.started_on,
            ended_on=row.ended_on,
            jp=int(row.jp),
            form=forms[row.form_code],
            document=row.id in proved,
            sent=sent.get(row.id),
            source=row.source,
            counted=counted_by(row.key),
            certificate=counting[row.id].public_id if row.id in counting else "",
            unsigned=row.id in counting and counting[row.id].awaits_signature,
            revoked=revoked.get(counted_by(row.key), "") if row.id not in proved else "",
            answered=answered.get(row.id),
        )
        for row in rows
    ]


def _revoked(session: Session, enrolments: Collection[str]) -> dict[str, str]:
    """The certificate that was taken back last, by the enrolment's public id."""
    taken = (
        select(Enrolment.public_id, Certificate.public_id)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.public_id.in_(enrolments), Certificate.revoked_at.is_not(None))
        .order_by(Certificate.id)
    )
    return dict(session.execute(taken).all())


def _sent(session: Session, line_ids: Collection[int]) -> tuple[dict[int, Sent], dict[int, Answered]]:
    """What left last of each line and was not withdrawn; and what SIASN refused, unless something came after it."""
    left = session.execute(
        select(SiasnExport, SiasnBundle.public_id)
        .outerjoin(SiasnBundle, SiasnBundle.id == SiasnExport.bundle_id)
        .where(SiasnExport.line_id.in_(line_ids))
        .order_by(SiasnExport.id)
    )
    found: dict[int, Sent] = {}
    answered: dict[int, Answered] = {}
    for row, bundle in left:
        answered.pop(row.line_id, None)
        if row.state == "refused":
            answered[row.line_id] = Answered(row.fingerprint, row.note, bundle or "")
        if row.state != "left":
            continue
        # The entry's own id over there is told once and holds for all that replaces it.
        known = found.get(row.line_id)
        siasn_id = row.siasn_id or (known.siasn_id if known and known.change != "deletion" else "")
        found[row.line_id] = Sent(row.fingerprint, row.jp, row.change, siasn_id)
    return found, answered


def documents_of(session: Session, line_ids: Collection[int]) -> dict[int, Document]:
    """What proves each of these lines, where something does.

    The one place that knows where proofs are: the valid certificate of the enrolment that the line counts, which may
    have replaced the one that the line names, or the evidence of the record or the placement that it counts.
    """
    lines = session.scalars(select(LedgerLine).where(LedgerLine.id.in_(line_ids)))
    counted = {line.id: (line.source, line.counted_id) for line in lines if line.counted_id}
    courses = [public_id for source, public_id in counted.values() if source == "course"]
    valid = (
        select(Enrolment.public_id, Certificate)
        .join(Certificate, Certificate.enrolment_id == Enrolment.id)
        .where(Enrolment.public_id.in_(courses), Certificate.revoked_at.is_(None))
    )
    certificates = dict(session.execute(valid).all())
    records = [public_id for source, public_id in counted.values() if source == "record"]
    evidence = evidence_of(session, records) if records else {}
    placements = [public_id for source, public_id in counted.values() if source == "placement"]
    signed = proofs(session, placements) if placements else {}
    found = {
        line_id: Document(certificates.get(public_id), evidence.get(public_id, ()), signed.get(public_id))
        for line_id, (_source, public_id) in counted.items()
    }
    return {line_id: proof for line_id, proof in found.items() if any(proof)}


def undocumented(session: Session, actor: Actor, line_id: int | None = None) -> Sequence[tuple[int, str, str]]:
    """What was sent by the service and whose PDF was not: the export's id, the line's public id, the entry there."""
    actor.must(Permission.EXCHANGE_RECORDS)
    one = [] if line_id is None else [SiasnExport.line_id == line_id]
    later = aliased(SiasnExport)
    gone = exists().where(later.line_id == SiasnExport.line_id, later.change == "deletion", later.id >= SiasnExport.id)
    rows = session.execute(
        select(SiasnExport.id, LedgerLine.public_id, SiasnExport.siasn_id)
        .join(LedgerLine, LedgerLine.id == SiasnExport.line_id)
        .where(
            SiasnExport.way == "service", SiasnExport.state == "left", SiasnExport.document_at.is_(None), ~gone, *one
        )
        .order_by(SiasnExport.id)
    )
    return [(export_id, line, siasn_id) for export_id, line, siasn_id in rows]


def by_hand(session: Session, actor: Actor, bundle: SiasnBundle) -> Sequence[ByHand]:
    """What of a bundle needs a hand: what is to be deleted in SIASN, and what SIASN refused; the first 200."""
    actor.must(Permission.EXCHANGE_RECORDS)
    deleted = and_(SiasnExport.change == "deletion", SiasnExport.way == "file", SiasnExport.state == "left")
    rows = session.execute(
        select(SiasnExport, LedgerLine, Person)
        .join(LedgerLine, LedgerLine.id == SiasnExport.line_id)
        .join(Person, Person.id == LedgerLine.person_id)
        .where(SiasnExport.bundle_id == bundle.id, or_(deleted, SiasnExport.note != ""))
        .order_by(SiasnExport.id)
        .limit(MOST_BY_HAND)
    ).all()
    sent, _answered = _sent(session, [line.id for _export, line, _person in rows])
    return [
        ByHand(export, line, person, sent[line.id].siasn_id if line.id in sent else "") for export, line, person in rows
    ]


def bundles(session: Session, actor: Actor) -> Sequence[SiasnBundle]:
    """The latest bundles, newest first, with unit and maker."""
    actor.must(Permission.EXCHANGE_RECORDS)
    wanted = select(SiasnBundle).order_by(SiasnBundle.id.desc()).limit(SHOWN)
    return session.scalars(wanted.options(joinedload(SiasnBundle.unit), joinedload(SiasnBundle.maker))).all()


def bundle_for(session: Session, actor: Actor, public_id: str) -> SiasnBundle:
    """A bundle, with its unit."""
    actor.must(Permission.EXCHANGE_RECORDS)
    wanted = select(SiasnBundle).filter_by(public_id=public_id)
    found = session.scalar(wanted.options(joinedload(SiasnBundle.unit), joinedload(SiasnBundle.maker)))
    if found is None:
        raise NotFound(_("Paket ini tidak ditemukan. Buka halaman SIASN."))
    return found
