"""Verbs of certificates: issue, draw the PDF, revoke."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_code, new_id
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.document import CertificateFacts, Signer, certificate_pdf
from elearn.recognition.certificates.models import Certificate, CertificateSeries
from elearn.recognition.certificates.queries import certificate_for_admin, facts_of, my_certificate
from elearn.recognition.certificates.rules import (
    CODE_GROUPS,
    certificate_number,
    module_lines,
    rounded_score,
    stored_code,
)
from elearn.teaching.courses.models import Activity, Course, Module
from elearn.teaching.delivery.queries import delivery_form


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
    existing = session.scalar(select(Certificate).filter_by(enrolment_id=enrolment_id))
    if existing is not None:
        return existing
    if enrolment.completed_at is None:
        raise Conflict(_("Selesaikan pelatihan dahulu, lalu sertifikat terbit."))
    prefix, year = settings().certificate_prefix, wib_date(now).year
    number = certificate_number(prefix, _next_number(session, prefix, year), year)
    code = new_code(CODE_GROUPS)
    certificate = Certificate(
        public_id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        course_id=enrolment.course_id,
        number=number,
        code=stored_code(code),
        facts=_facts(session, enrolment, enrolment.completed_at, number, code, now).model_dump(mode="json"),
        issued_at=now,
        completed_on=wib_date(enrolment.completed_at),
    )
    session.add(certificate)
    session.flush()
    record(session, actor, "certificate.issued", certificate, after={"number": number})
    return certificate


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
        stored = store().put(key, [certificate_pdf(facts_of(certificate))])
        certificate.storage_key, certificate.sha256 = key, stored.sha256
        session.flush()
    return certificate


def revoke(session: Session, actor: Actor, public_id: str, reason: str, now: datetime) -> Certificate:
    """Take a certificate back, for good; the verification page shows since when and why. Regency admin only."""
    certificate = certificate_for_admin(session, actor, public_id)
    if not reason.strip():
        raise Invalid(_("Tulis alasan pencabutan."), {"reason": _("Tulis alasan pencabutan.")})
    session.refresh(certificate, with_for_update=True)
    if certificate.revoked_at is not None:
        raise Conflict(_("Sertifikat ini sudah dicabut."))
    certificate.revoked_at, certificate.revoked_reason = now, reason.strip()[:300]
    session.flush()
    record(session, actor, "certificate.revoked", certificate, after={"number": certificate.number}, reason=reason)
    return certificate


def _next_number(session: Session, prefix: str, year: int) -> int:
    """The next running number, without gaps: a transaction that fails gives its number back."""
    grown = (
        update(CertificateSeries)
        .where(CertificateSeries.prefix == prefix, CertificateSeries.year == year)
        .values(last_number=CertificateSeries.last_number + 1)
        .returning(CertificateSeries.last_number)
        .execution_options(synchronize_session=False)
    )
    number = session.scalar(grown)
    if number is None:
        try:
            with session.begin_nested():
                session.add(CertificateSeries(prefix=prefix, year=year, last_number=0))
        except IntegrityError:
            pass  # Another one opened the year meanwhile.
        number = session.scalar(grown)
    assert number is not None  # noqa: S101 - the row is there now
    return number


def _facts(
    session: Session, enrolment: Enrolment, completed_at: datetime, number: str, code: str, now: datetime
) -> CertificateFacts:
    person = session.get_one(Person, enrolment.person_id)
    course = session.get_one(Course, enrolment.course_id)
    unit_id = enrolment.completed_unit_id or person.unit_id
    unit = session.get(Unit, unit_id) if unit_id else None
    office = settings()
    address = f"{office.base_url}/verifikasi"
    return CertificateFacts(
        number=number,
        code=code,
        verify_url=f"{address}/{code}",
        verify_address=address.split("://", 1)[-1],
        name=person.name,
        title_before=person.title_before,
        title_after=person.title_after,
        nip=nip.grouped(person.nip) if person.nip else "",
        position=person.position,
        unit=unit.name if unit else "",
        course=course.title,
        form=delivery_form(session, course.form).name,
        starts_on=wib_date(enrolment.started_at),
        ends_on=wib_date(completed_at),
        jp=Decimal(course.jp if enrolment.completed_jp is None else enrolment.completed_jp),
        score=rounded_score(enrolment.score),
        organiser=course.organiser or office.office_name,
        place=office.office_place,
        issued_on=wib_date(now),
        signer=Signer(
            position=office.signer_position or _("Kepala %(office)s", office=office.office_name),
            name=office.signer_name,
        ),
        modules=module_lines(_lengths(session, course.id)),
    )


def _lengths(session: Session, course_id: int) -> list[tuple[str, int]]:
    rows = session.execute(
        select(Module.title, Activity.minutes)
        .join(Activity, Activity.module_id == Module.id)
        .where(Module.course_id == course_id, Module.retired_at.is_(None), Activity.retired_at.is_(None))
        .order_by(Module.position, Activity.position)
    )
    return [(title, minutes) for title, minutes in rows]
