"""What is told to whoever holds a code, and to whoever asks about a course that certificates were issued for."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import facts_of
from elearn.standards.openbadges.credential import achievement, credential, issuer_profile
from elearn.standards.openbadges.status import SIZE, entry, status_list
from elearn.teaching.courses.models import Course


def issuer() -> dict[str, Any]:
    """This office as a profile."""
    return issuer_profile(settings().base_url, settings().office_name)


def achievement_of(session: Session, slug: str) -> dict[str, Any]:
    """A course as an achievement. Raises NotFound for one that nobody has a certificate of."""
    issued = select(Certificate.id).where(Certificate.course_id == Course.id).exists()
    course = session.scalar(select(Course).where(Course.slug == slug, issued))
    if course is None:
        raise NotFound
    return achievement(settings().base_url, course.slug, course.title, course.summary)


def credential_of(session: Session, certificate: Certificate) -> dict[str, Any]:
    """A certificate as a credential. Raises Conflict for one that was revoked."""
    if not certificate.valid:
        raise Conflict(_("Sertifikat ini dicabut, jadi lencananya tidak berlaku."))
    facts = facts_of(certificate)
    course = session.get_one(Course, certificate.course_id)
    achieved = achievement(settings().base_url, course.slug, facts.course, course.summary)
    status = entry(settings().base_url, certificate.id)
    return credential(settings().base_url, issuer(), achieved, facts, certificate.issued_at, status)


def revocations(session: Session, number: int, now: datetime) -> dict[str, Any]:
    """A list of what was revoked. Raises NotFound for one in which no certificate stands."""
    if number * SIZE > (session.scalar(select(func.max(Certificate.id))) or 0):
        raise NotFound
    here = Certificate.id.between(number * SIZE, number * SIZE + SIZE - 1)
    revoked = session.scalars(select(Certificate.id).where(here, Certificate.revoked_at.is_not(None)))
    return status_list(settings().base_url, issuer()["id"], number, revoked, now)
