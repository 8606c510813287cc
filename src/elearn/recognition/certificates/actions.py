"""Verbs of certificates: issue one or many, draw the PDF, revoke, replace."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_code, new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.attendance.queries import subjects_of
from elearn.learning.cohorts.rules import Held
from elearn.learning.cohorts.taken import held_in
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.programmes.runs import nudge
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.document import CertificateFacts, certificate_pdf
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import (
    Bulk,
    certificate_for_admin,
    certificate_of,
    facts_of,
    my_certificate,
    replacement_of,
    standing,
    without_certificate,
)
from elearn.recognition.certificates.rules import (
    CODE_GROUPS,
    check_reason,
    module_lines,
    rounded_score,
    signer_of,
    stored_code,
)
from elearn.recognition.designs.design import STANDARD, Design
from elearn.recognition.designs.queries import design_of, version_of
from elearn.recognition.numbering.actions import next_number
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.delivery.queries import delivery_form

JOB = "certificates.issue_many"
AT_ONCE = 5
"""Certificates issued in one transaction of a job."""


class _Given(NamedTuple):
    """What was decided before the facts are gathered; organiser and form are those of what was held."""

    number: str
    code: str
    organiser: str
    form_code: str


def issue(session: Session, actor: Actor, enrolment_id: int, now: datetime) -> Certificate:
    """The certificate of a completed enrolment; asked again, the same one.

    For the learner himself, the regency's admin and the system. Raises NotFound, and Conflict before completion.
    """
    # Whoever asks at the same time waits here, and then finds what the first one made.
    enrolment = session.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    may = actor.may(Permission.REVOKE_CERTIFICATES)
    if enrolment is None or not (may or enrolment.person_id == actor.person_id):
        raise NotFound(_("Pelatihan ini tidak ditemukan pada capaian Anda."))
    existing = certificate_of(session, enrolment_id)
    if existing is not None:
        return existing
    certificate = _issued(session, actor, enrolment, now)
    record(session, actor, "certificate.issued", certificate, after={"number": certificate.number})
    return certificate


def reissue(session: Session, actor: Actor, public_id: str, reason: str, now: datetime) -> Certificate:
    """A new certificate with a new number and today's facts in the place of one, which is revoked unless it was before.

    Regency admin only. Raises Invalid without a reason, and Conflict where it was replaced already.
    """
    old = certificate_for_admin(session, actor, public_id)
    check_reason(reason, _("Tulis alasan penggantian."))
    enrolment = session.scalar(
        select(Enrolment)
        .where(Enrolment.id == old.enrolment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    assert enrolment is not None  # noqa: S101 - the certificate refers to it
    session.refresh(old)
    newer = replacement_of(session, old)
    if newer is not None:
        raise Conflict(_("Sertifikat ini sudah diganti oleh nomor %(number)s.", number=newer.number))
    if old.valid:
        old.revoked_at, old.revoked_reason = now, reason.strip()[:300]
        session.flush()
        record(session, actor, "certificate.revoked", old, after={"number": old.number}, reason=reason)
    made = _issued(session, actor, enrolment, now, replaces=old)
    after = {"number": made.number, "replaces": old.number}
    record(session, actor, "certificate.reissued", made, after=after, reason=reason)
    return made


def _issued(
    session: Session, actor: Actor, enrolment: Enrolment, now: datetime, replaces: Certificate | None = None
) -> Certificate:
    if enrolment.completed_at is None:
        raise Conflict(_("Selesaikan pelatihan dahulu, lalu sertifikat terbit."))
    course = session.get_one(Course, enrolment.course_id)
    # Who learned in a class gets what was held; else it is the learner's own time, in the course's form.
    held = held_in(session, enrolment.id)
    organiser = (held.organiser if held else "") or course.organiser or settings().office_name
    form_code = held.form_code if held else course.form
    version = version_of(session, course, organiser)
    number = _free_number(session, actor, course, organiser, form_code, wib_date(now))
    code = new_code(CODE_GROUPS)
    design = Design.model_validate(version.design) if version else STANDARD
    facts = _facts(session, enrolment, held, _Given(number, code, organiser, form_code), design, now)
    certificate = Certificate(
        public_id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        course_id=enrolment.course_id,
        number=number,
        code=stored_code(code),
        facts=facts.model_dump(mode="json"),
        version_id=version.id if version else None,
        wants_signature=settings().signing != "off",
        issued_at=now,
        completed_on=wib_date(enrolment.completed_at),
        replaces_id=replaces.id if replaces else None,
    )
    session.add(certificate)
    session.flush()
    return certificate


def _free_number(session: Session, actor: Actor, course: Course, organiser: str, form_code: str, day: date) -> str:
    """The next number that no earlier certificate has: a pattern may write what another one wrote before."""
    while True:
        number = next_number(session, actor, course, organiser, form_code, day)
        if session.scalar(select(Certificate.id).filter_by(number=number)) is None:
            return number


def pdf_of(session: Session, actor: Actor, public_id: str) -> Certificate:
    """The actor's certificate with its PDF in the store; drawn when first asked for, the same bytes ever after.

    Raises NotFound, and Conflict for a revoked one.
    """
    certificate = my_certificate(session, actor, public_id)
    if certificate.revoked_at is not None:
        day = wib_date(certificate.revoked_at)
        raise Conflict(_("Sertifikat ini dicabut pada %(day)s. Hubungi admin kabupaten.", day=f"{day:%d/%m/%Y}"))
    if certificate.storage_key is None:
        session.refresh(certificate, with_for_update=True)
    if certificate.storage_key is None:
        key = new_key("pdf")
        drawn = certificate_pdf(facts_of(certificate), design_of(session, certificate.version_id))
        certificate.storage_key, certificate.sha256 = key, store().put(key, [drawn]).sha256
        session.flush()
    return certificate


def revoke(session: Session, actor: Actor, public_id: str, reason: str, now: datetime) -> Certificate:
    """Take a certificate back, for good; the verification page shows since when and why. Regency admin only."""
    certificate = certificate_for_admin(session, actor, public_id)
    check_reason(reason, _("Tulis alasan pencabutan."))
    session.refresh(certificate, with_for_update=True)
    if certificate.revoked_at is not None:
        raise Conflict(_("Sertifikat ini sudah dicabut."))
    certificate.revoked_at, certificate.revoked_reason = now, reason.strip()[:300]
    session.flush()
    record(session, actor, "certificate.revoked", certificate, after={"number": certificate.number}, reason=reason)
    # A rule may mean who has none, or who has one.
    nudge(session, actor, [certificate.person_id])
    return certificate


def issue_many(session: Session, actor: Actor, bulk: Bulk, now: datetime) -> Job:
    """Have a job issue the certificates that are missing and draw the PDFs; asked twice, each is still issued once.

    Needs ISSUE_CERTIFICATES. Raises Conflict when there is nothing to do.
    """
    found = standing(session, actor, bulk)
    if not found.missing + found.undrawn:
        raise Conflict(_("Semua sertifikat pada pilihan ini sudah terbit dan sudah menjadi PDF."))
    course = session.get_one(Course, bulk.course_id)
    job = enqueue(
        session,
        kind=JOB,
        title=_("Sertifikat %(course)s", course=course.title)[:200],
        owner_id=actor.me(),
        arguments={
            "course": bulk.course_id,
            "first": bulk.first.isoformat(),
            "last": bulk.last.isoformat(),
            "enrolments": list(bulk.enrolments),
            "total": found.missing * 2 + found.undrawn,
        },
        unit=_("langkah"),
        now=now,
    )
    after = {"course": course.slug, "missing": found.missing, "undrawn": found.undrawn, "job": job.public_id}
    record(session, actor, "certificate.bulk", course, after=after)
    return job


def issue_some(session: Session, actor: Actor, bulk: Bulk, now: datetime) -> int:
    """Issue the next few of a bulk; gives how many, 0 when all have theirs."""
    actor.must(Permission.ISSUE_CERTIFICATES)
    waiting = without_certificate(session, bulk, AT_ONCE)
    made = [issue(session, actor, enrolment_id, now) for enrolment_id in waiting]
    nudge(session, actor, {certificate.person_id for certificate in made})
    return len(waiting)


def keep_pdfs(session: Session, actor: Actor, drawn: Sequence[tuple[int, str, str]]) -> list[str]:
    """Give certificates the files that were drawn for them (id, key, SHA-256); gives the keys that came too late."""
    actor.must(Permission.ISSUE_CERTIFICATES)
    late = []
    for certificate_id, key, sha256 in drawn:
        certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
        if certificate.storage_key is None:
            certificate.storage_key, certificate.sha256 = key, sha256
        else:
            late.append(key)
    session.flush()
    return late


def _facts(
    session: Session,
    enrolment: Enrolment,
    held: Held | None,
    given: _Given,
    design: Design,
    now: datetime,
) -> CertificateFacts:
    person = session.get_one(Person, enrolment.person_id)
    course = session.get_one(Course, enrolment.course_id)
    unit_id = enrolment.completed_unit_id or person.unit_id
    unit = session.get(Unit, unit_id) if unit_id else None
    office = settings()
    address = f"{office.base_url}/verifikasi"
    completed_on = wib_date(enrolment.completed_at or now)
    return CertificateFacts(
        document=design.title,
        number=given.number,
        code=given.code,
        verify_url=f"{address}/{given.code}",
        verify_address=address.split("://", 1)[-1],
        name=person.name,
        title_before=person.title_before,
        title_after=person.title_after,
        nip=nip.grouped(person.nip) if person.nip else "",
        position=person.position,
        unit=unit.name if unit else "",
        course=course.title,
        form=delivery_form(session, given.form_code).name,
        starts_on=held.starts_on if held else wib_date(enrolment.started_at),
        ends_on=min(held.ends_on, completed_on) if held else completed_on,
        jp=Decimal(course.jp if enrolment.completed_jp is None else enrolment.completed_jp),
        score=rounded_score(enrolment.score),
        organiser=given.organiser,
        place=office.office_place,
        issued_on=wib_date(now),
        signer=signer_of(
            design.block,
            office.signer_position or _("Kepala %(office)s", office=office.office_name),
            office.signer_name,
        ),
        modules=module_lines(_subjects(session, course.id, held), office.jp_rule(completed_on).minutes_per_jp),
    )


def _subjects(session: Session, course_id: int, held: Held | None) -> list[tuple[str, int]]:
    """What was learned, with its minutes: the course's materials or, of a class without any, the sessions attended."""
    rows = session.execute(
        select(Module.title, Activity.minutes)
        .join(Activity, Activity.module_id == Module.id)
        .where(Module.course_id == course_id, Module.retired_at.is_(None), Activity.retired_at.is_(None))
        .order_by(Module.position, Activity.position)
    )
    found = [(title, minutes) for title, minutes in rows]
    return subjects_of(session, held.participant_id) if held and not found else found
