"""Reading certificates: one's own, any by its code, all for the regency's admin."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.ids import clean_code
from elearn.foundation.web.paging import Page, page_of
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.recognition.certificates.document import CertificateFacts
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.rules import stored_code


def my_certificates(session: Session, actor: Actor) -> Sequence[Certificate]:
    """The actor's certificates of all years, newest first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.person_id == actor.me())
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    ).all()


def my_certificate(session: Session, actor: Actor, public_id: str) -> Certificate:
    """One of the actor's own; NotFound for anybody else's."""
    found = session.scalar(select(Certificate).filter_by(public_id=public_id, person_id=actor.me()))
    if found is None:
        raise NotFound(_("Sertifikat tidak ditemukan. Buka halaman Capaian."))
    return found


def my_certificate_numbered(session: Session, actor: Actor, number: str) -> Certificate | None:
    """The actor's valid certificate with this number, if there is one."""
    return session.scalar(select(Certificate).filter_by(number=number, person_id=actor.me(), revoked_at=None))


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
