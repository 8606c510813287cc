"""Verbs of external records: file what was learned elsewhere, decide it, take a decision back."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record as note_deed
from elearn.recognition.external_records.events import ApprovalTakenBack, RecordApproved
from elearn.recognition.external_records.forms import OTHER, Approval, Question, RecordWish, Refusal, TakingBack
from elearn.recognition.external_records.intake import Evidence
from elearn.recognition.external_records.models import (
    APPROVED,
    ASKED,
    DRAFT,
    REFUSED,
    WAITING,
    EvidenceFile,
    EvidencePage,
    ExternalRecord,
    RecordNote,
)
from elearn.recognition.external_records.notices import tell_owner
from elearn.recognition.external_records.queries import my_record, record_to_decide, twins_of
from elearn.recognition.external_records.rules import (
    check_changeable,
    check_dates,
    check_files,
    check_jp,
    check_open,
    days_between,
    number_key,
)
from elearn.teaching.delivery.queries import delivery_form, rule_of


def begin(session: Session, actor: Actor, evidence: Evidence, now: datetime) -> ExternalRecord:
    """A draft with its first file, for the actor's own account."""
    actor.must(Permission.LEARN)
    draft = ExternalRecord(public_id=new_id(), person_id=actor.me(), state=DRAFT, created_at=now)
    session.add(draft)
    session.flush()
    _keep(session, draft, evidence)
    return draft


def add_file(session: Session, actor: Actor, public_id: str, evidence: Evidence) -> ExternalRecord:
    """One more page or file. Raises Conflict once the record was filed, and for a file that is there already."""
    record = _held(session, my_record(session, actor, public_id))
    check_changeable(record)
    check_files(len(record.files))
    if any(file.sha256 == evidence.upload.sha256 for file in record.files):
        raise Invalid(_("Berkas ini sudah ada."), {"file": _("Berkas ini sudah ada.")})
    _keep(session, record, evidence)
    return record


def remove_file(session: Session, actor: Actor, public_id: str, file_id: str) -> list[str]:
    """Take a file out of a draft; gives the keys that may be deleted once this is committed."""
    record = _held(session, my_record(session, actor, public_id))
    check_changeable(record)
    keys = [key for file in record.files if file.public_id == file_id for key in _drop(session, file)]
    session.flush()
    return keys


def discard(session: Session, actor: Actor, public_id: str) -> list[str]:
    """Throw a draft away; gives the keys that may be deleted once this is committed."""
    record = _held(session, my_record(session, actor, public_id))
    if record.state != DRAFT or record.notes:
        raise Conflict(_("Yang pernah dikirim tetap tercatat. Tarik dan biarkan sebagai konsep."))
    keys = [key for file in record.files for key in _drop(session, file)]
    session.delete(record)
    session.flush()
    return keys


def describe(session: Session, actor: Actor, public_id: str, wish: RecordWish, now: datetime) -> ExternalRecord:
    """Write down what the certificate says. Raises Invalid, field by field, for days that cannot be and for JP beyond
    the form's rule."""
    record = _held(session, my_record(session, actor, public_id))
    check_changeable(record)
    _fill(session, record, wish, now)
    return record


def file(session: Session, actor: Actor, public_id: str, wish: RecordWish, now: datetime) -> ExternalRecord:
    """Send what is described to the officers, or send it again after they asked.

    Raises Invalid for missing evidence, and for what is likely the same as something of the owner's unless he or she is
    `sure`.
    """
    record = _held(session, my_record(session, actor, public_id))
    check_changeable(record)
    if not record.files:
        sentence = _("Tambahkan foto atau PDF sertifikatnya.")
        raise Invalid(sentence, {"file": sentence})
    if not wish.sure and twins_of(session, actor, record):
        sentence = _("Sertifikat serupa sudah ada. Centang bila ini memang yang lain.")
        raise Invalid(sentence, {"sure": sentence})
    again = record.state == ASKED
    record.state, record.filed_at = WAITING, record.filed_at or now
    _note(session, actor, record, "filed", wish.answer, now)
    session.flush()
    note_deed(session, actor, "record.filed", record, after=_protected(record) | {"again": again})
    return record


def withdraw(session: Session, actor: Actor, public_id: str, now: datetime) -> ExternalRecord:
    """Take back what waits, to mend it; it becomes a draft again. Raises Conflict once it was decided."""
    record = _held(session, my_record(session, actor, public_id))
    if record.state not in (WAITING, ASKED):
        raise Conflict(_("Pengajuan ini sudah diputuskan, jadi tidak dapat ditarik."))
    record.state, record.filed_at = DRAFT, None
    _note(session, actor, record, "withdrawn", "", now)
    session.flush()
    note_deed(session, actor, "record.withdrawn", record)
    return record


def approve(session: Session, actor: Actor, public_id: str, wish: Approval, now: datetime) -> ExternalRecord:
    """Let a record count. Announces RecordApproved.

    What is likely the same as something that counts already needs words that say why it is not.
    """
    record = _to_decide(session, actor, public_id)
    if not wish.note and any(twin.likely and _counts(twin.record) for twin in twins_of(session, actor, record)):
        sentence = _("Ada yang serupa dan sudah dihitung. Tulis mengapa ini bukan yang sama, atau tolak.")
        raise Invalid(sentence, {"note": sentence})
    record.rounds += 1
    _decide(session, actor, record, APPROVED, wish.note, now)
    note_deed(session, actor, "record.approved", record, after=_protected(record), reason=wish.note)
    announce(session, RecordApproved(record.id))
    tell_owner(session, "approved", record, wish.note, now)
    return record


def refuse(session: Session, actor: Actor, public_id: str, wish: Refusal, now: datetime) -> ExternalRecord:
    """Do not let a record count. "Other" needs words of its own."""
    record = _to_decide(session, actor, public_id)
    if wish.reason == OTHER and not wish.note:
        sentence = _("Tulis alasannya, supaya pegawai tahu apa yang harus diperbaiki.")
        raise Invalid(sentence, {"note": sentence})
    _decide(session, actor, record, REFUSED, wish.note, now, wish.reason)
    note_deed(session, actor, "record.refused", record, after={"reason": wish.reason}, reason=wish.note)
    tell_owner(session, "refused", record, wish.note, now, wish.reason)
    return record


def ask(session: Session, actor: Actor, public_id: str, wish: Question, now: datetime) -> ExternalRecord:
    """Ask the owner, who may then change the record and send it again; it keeps its place in the queue."""
    record = _to_decide(session, actor, public_id)
    record.state = ASKED
    _note(session, actor, record, "asked", wish.question, now)
    session.flush()
    note_deed(session, actor, "record.asked", record, reason=wish.question)
    tell_owner(session, "asked", record, wish.question, now)
    return record


def take_back(session: Session, actor: Actor, public_id: str, wish: TakingBack, now: datetime) -> ExternalRecord:
    """Undo a decision: the record waits again. Announces ApprovalTakenBack, so that its JP count no longer."""
    record = _held(session, record_to_decide(session, actor, public_id))
    if record.state not in (APPROVED, REFUSED):
        raise Conflict(_("Belum ada keputusan yang dapat dibatalkan."))
    was_approved = record.state == APPROVED
    record.state, record.decided_at, record.decided_by = WAITING, None, None
    _note(session, actor, record, "taken_back", wish.reason, now)
    session.flush()
    note_deed(session, actor, "record.decision_taken_back", record, reason=wish.reason)
    if was_approved:
        announce(session, ApprovalTakenBack(record.id, wish.reason))
    return record


def _to_decide(session: Session, actor: Actor, public_id: str) -> ExternalRecord:
    record = _held(session, record_to_decide(session, actor, public_id))
    check_open(record, record.decider.name if record.decider else "")
    return record


def _held(session: Session, record: ExternalRecord) -> ExternalRecord:
    """The record, locked and as it is now: of two who decide at once the second sees the first one's decision."""
    session.execute(select(ExternalRecord.id).where(ExternalRecord.id == record.id).with_for_update())
    session.refresh(record, ["state", "rounds", "filed_at", "decided_at", "decided_by", "decider", "files", "notes"])
    return record


def _fill(session: Session, record: ExternalRecord, wish: RecordWish, now: datetime) -> None:
    """Lay what was typed into the record, once it was checked."""
    ended_on = wish.ended_on or wish.started_on
    check_dates(wish.started_on, wish.ended_on, wish.days, wib_date(now))
    try:
        form = delivery_form(session, wish.form_code)
    except Invalid as wrong:
        raise Invalid(wrong.message, {"form_code": wrong.message}) from wrong
    rule = rule_of(session, form.code, ended_on)
    check_jp(rule, form.name, wish.jp, wish.days or days_between(wish.started_on, ended_on), wish.international)
    record.title, record.organiser, record.number = wish.title, wish.organiser, wish.certificate_number
    record.number_key = number_key(record.number)
    record.form_code, record.competency, record.international = form.code, wish.competency, wish.international
    record.started_on, record.ended_on, record.days, record.jp = wish.started_on, ended_on, wish.days, wish.jp
    session.flush()


def _keep(session: Session, record: ExternalRecord, evidence: Evidence) -> None:
    upload = evidence.upload
    kept = EvidenceFile(
        public_id=new_id(),
        record_id=record.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        storage_key=upload.key,
    )
    session.add(kept)
    session.flush()
    session.add_all(
        EvidencePage(file_id=kept.id, number=n, storage_key=picture.key, width=picture.width, height=picture.height)
        for n, picture in enumerate(evidence.pictures, start=1)
    )
    session.flush()


def _drop(session: Session, file: EvidenceFile) -> list[str]:
    pages = session.scalars(select(EvidencePage).filter_by(file_id=file.id)).all()
    keys = {file.storage_key, *(page.storage_key for page in pages)}
    session.execute(delete(EvidencePage).where(EvidencePage.file_id == file.id))
    session.execute(delete(EvidenceFile).where(EvidenceFile.id == file.id))
    session.expire_all()
    return sorted(keys)


def _decide(
    session: Session, actor: Actor, record: ExternalRecord, state: str, said: str, now: datetime, reason: str = ""
) -> None:
    record.state, record.decided_at, record.decided_by = state, now, actor.person_id
    _note(session, actor, record, state, said, now, reason)
    session.flush()


def _note(
    session: Session, actor: Actor, record: ExternalRecord, kind: str, text: str, now: datetime, reason: str = ""
) -> None:
    note = RecordNote(record_id=record.id, author_id=actor.me(), kind=kind, reason=reason, text=text, created_at=now)
    session.add(note)


def _counts(twin: ExternalRecord | None) -> bool:
    """Whether a twin counts already; a certificate of this system has no record and always does."""
    return twin is None or twin.state == APPROVED


def _protected(record: ExternalRecord) -> dict[str, object]:
    return {
        "title": record.title,
        "form": record.form_code,
        "days": f"{record.started_on} {record.ended_on}",
        "jp": record.jp,
        "number": record.number,
    }
