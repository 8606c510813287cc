"""Reading certificates: one's own, any by its code, all for the regency's admin."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import end_of, start_of
from elearn.foundation.database import rows_of
from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _, format_date, format_period
from elearn.foundation.ids import clean_code
from elearn.foundation.web.paging import Page, page_of
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.recognition.certificates.document import CertificateFacts, full_name
from elearn.recognition.certificates.forms import BulkWish
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.rules import check_days, jp_since, public_facts, stored_code
from elearn.teaching.courses.models import Course


def holders_of(course_id: int) -> Select[int]:
    """A question for the ids of people who hold a certificate of a course that was not revoked."""
    return select(Certificate.person_id).where(Certificate.course_id == course_id, Certificate.revoked_at.is_(None))


def changed_since(session: Session, found: Collection[Certificate]) -> dict[int, int]:
    """JP that the courses of these certificates gave after all, by the id of each that says another number."""
    wanted = select(Enrolment.id, Enrolment.completed_jp).where(Enrolment.id.in_({each.enrolment_id for each in found}))
    given = {row.id: row.completed_jp for row in session.execute(wanted)}
    since = {each.id: jp_since(each.facts, given.get(each.enrolment_id)) for each in found if each.valid}
    return {id: jp for id, jp in since.items() if jp is not None}


class Card(NamedTuple):
    """One's own certificate in short. Of the printed facts only a few are read, so they are not looked through."""

    public_id: str
    number: str
    completed_on: date
    revoked_at: datetime | None
    revoked_reason: str
    facts: dict[str, Any]
    completed_jp: int

    @property
    def since(self) -> int | None:
        """JP that the course gave after all, where the certificate says another number."""
        return jp_since(self.facts, self.completed_jp) if self.revoked_at is None else None

    @property
    def jp(self) -> Decimal:
        return Decimal(self.facts["jp"])


_CARDS = (
    select(
        Certificate.public_id,
        Certificate.number,
        Certificate.completed_on,
        Certificate.revoked_at,
        Certificate.revoked_reason,
        Certificate.facts,
        Enrolment.completed_jp,
    )
    .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    .where(Certificate.person_id == bindparam("person_id"))
    .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
)


def my_certificates(session: Session, actor: Actor) -> list[Card]:
    """The actor's certificates of all years, newest first."""
    return [Card._make(row) for row in rows_of(session, _CARDS, person_id=actor.me())]


def my_certificate(session: Session, actor: Actor, public_id: str) -> Certificate:
    """One of the actor's own; NotFound for anybody else's."""
    found = session.scalar(select(Certificate).filter_by(public_id=public_id, person_id=actor.me()))
    if found is None:
        raise NotFound(_("Sertifikat tidak ditemukan. Buka halaman Capaian."))
    return found


def my_certificate_numbered(session: Session, actor: Actor, number: str) -> Certificate | None:
    """The actor's valid certificate with this number, or the one that took its place, if there is one."""
    found = session.scalar(select(Certificate).filter_by(number=number, person_id=actor.me()))
    while found is not None and not found.valid:
        found = replacement_of(session, found)
    return found


def replacement_of(session: Session, certificate: Certificate) -> Certificate | None:
    """What was issued in the place of a certificate."""
    return session.scalar(select(Certificate).filter_by(replaces_id=certificate.id))


def certificate_of(session: Session, enrolment_id: int) -> Certificate | None:
    """The newest certificate of an enrolment, which is the one that counts unless it was revoked."""
    wanted = select(Certificate).filter_by(enrolment_id=enrolment_id).order_by(Certificate.id.desc()).limit(1)
    return session.scalar(wanted)


def valid_number(session: Session, enrolment_id: int) -> str:
    """The number of the enrolment's certificate that counts; empty if there is none."""
    wanted = select(Certificate.number).filter_by(enrolment_id=enrolment_id, revoked_at=None)
    return session.scalar(wanted) or ""


def valid_certificate(session: Session, enrolment: str) -> Certificate | None:
    """The certificate that counts of an enrolment, by the enrolment's public id."""
    of_it = select(Certificate).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    return session.scalar(of_it.where(Enrolment.public_id == enrolment, Certificate.revoked_at.is_(None)))


def certificate_by_code(session: Session, typed: str) -> Certificate | None:
    """Whatever carries this code, for anybody who holds the code."""
    code = stored_code(typed)
    return session.scalar(select(Certificate).filter_by(code=code)) if code else None


def facts_of(certificate: Certificate) -> CertificateFacts:
    """The printed fields, as they were on the day of issue."""
    return CertificateFacts.model_validate(certificate.facts)


def certificates(session: Session, actor: Actor, text: str, number: int) -> Page[Certificate]:
    """All certificates, newest first; `text` looks into number, code, name and NIP. Regency admin only."""
    actor.must(Permission.REVOKE_CERTIFICATES)
    found = select(Certificate).join(Person, Person.id == Certificate.person_id)
    if words := text.strip():
        ways = [
            Certificate.number.icontains(words, autoescape=True),
            Person.name.icontains(words, autoescape=True),
        ]
        if code := clean_code(words):
            ways.append(Certificate.code.startswith(code, autoescape=True))
        if (digits := nip.clean(words)).isdigit():
            ways.append(Person.nip == digits)
        found = found.where(or_(*ways))
    return page_of(session, found.order_by(Certificate.issued_at.desc(), Certificate.id.desc()), number)


def certificate_for_admin(session: Session, actor: Actor, public_id: str) -> Certificate:
    """Any certificate, for the regency's admin."""
    actor.must(Permission.REVOKE_CERTIFICATES)
    found = session.scalar(select(Certificate).filter_by(public_id=public_id))
    if found is None:
        raise NotFound(_("Sertifikat tidak ditemukan. Cari dengan nomor atau nama."))
    return found


@dataclass(frozen=True)
class Bulk:
    """Whose certificates are meant: those who completed a course within days (WIB), or some of them by enrolment."""

    course_id: int
    first: date
    last: date
    enrolments: tuple[int, ...] = ()

    @property
    def completed(self) -> ColumnElement[bool]:
        """The enrolments that are meant."""
        meant = and_(
            Enrolment.course_id == self.course_id,
            Enrolment.completed_at >= start_of(self.first),
            Enrolment.completed_at < end_of(self.last),
        )
        return and_(meant, Enrolment.id.in_(self.enrolments)) if self.enrolments else meant


def bulk_of(session: Session, actor: Actor, wish: BulkWish) -> Bulk:
    """What a wish means. Raises Invalid by field. Regency admin only."""
    check_days(wish.first, wish.last)
    course = next((each for each in completed_courses(session, actor) if each.slug == wish.course), None)
    if course is None:
        said = _("Pelatihan ini belum diselesaikan siapa pun. Pilih dari daftar.")
        raise Invalid(said, {"course": said})
    return Bulk(course.id, wish.first, wish.last)


def without_certificate(session: Session, bulk: Bulk, limit: int) -> Sequence[int]:
    """Completed enrolments that never had a certificate, the oldest completion first."""
    had = select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id).exists()
    wanted = select(Enrolment.id).where(bulk.completed, ~had).order_by(Enrolment.completed_at, Enrolment.id)
    return session.scalars(wanted.limit(limit)).all()


def undrawn(session: Session, bulk: Bulk, limit: int) -> Sequence[Certificate]:
    """Valid certificates whose PDF has not been drawn yet."""
    wanted = select(Certificate).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    return session.scalars(wanted.where(bulk.completed, *_UNDRAWN).order_by(Certificate.id).limit(limit)).all()


_UNDRAWN = (Certificate.revoked_at.is_(None), Certificate.storage_key.is_(None))


@dataclass(frozen=True)
class Standing:
    """How far the certificates of a bulk are."""

    completed: int
    missing: int
    undrawn: int


def standing(session: Session, actor: Actor, bulk: Bulk) -> Standing:
    """How many completed, have no certificate, and have one without a PDF. Regency admin only."""
    actor.must(Permission.ISSUE_CERTIFICATES)
    people = select(func.count()).select_from(Enrolment).where(bulk.completed)
    had = select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id).exists()
    waiting = (
        select(func.count())
        .select_from(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(bulk.completed, *_UNDRAWN)
    )
    return Standing(session.scalar(people) or 0, session.scalar(people.where(~had)) or 0, session.scalar(waiting) or 0)


def completed_courses(session: Session, actor: Actor) -> Sequence[Course]:
    """Courses that somebody has completed, by title. Regency admin only."""
    actor.must(Permission.ISSUE_CERTIFICATES)
    done = select(Enrolment.id).where(Enrolment.course_id == Course.id, Enrolment.completed_at.is_not(None)).exists()
    return session.scalars(select(Course).where(done).order_by(Course.title)).all()


def printed_fields(certificate: Certificate, *, masked: bool) -> list[tuple[str, object]]:
    """Every printed field by its name; the template leaves out what is empty."""
    facts = facts_of(certificate)
    shown = public_facts(facts) if masked else facts
    return [
        (_("Jenis"), shown.document),
        (_("Nama"), full_name(shown.name, shown.title_before, shown.title_after)),
        (_("NIP"), shown.nip),
        (_("Jabatan"), shown.position),
        (_("Unit kerja"), shown.unit),
        (_("Pelatihan"), shown.course),
        (_("Bentuk"), shown.form),
        (_("Waktu"), format_period(shown.starts_on, shown.ends_on, "MMMM")),
        (_("Jam pelajaran"), _("%(jp)s JP", jp=int(shown.jp) if shown.jp == int(shown.jp) else shown.jp)),
        (_("Nilai"), "" if shown.score is None else f"{shown.score.normalize():f}".replace(".", ",")),
        (_("Hasil"), _("Lulus") if shown.passed else ""),
        (_("Nomor"), shown.number),
        (_("Kode"), shown.code),
        (_("Pemerintah"), shown.government),
        (_("Penyelenggara"), shown.organiser),
        (_("Tempat"), shown.place),
        (_("Tanggal terbit"), format_date(shown.issued_on)),
        (_("Penanda tangan"), shown.signer.name),
        (_("Selaku"), shown.signer.position),
    ]
