"""What is told to whoever holds a code, and to whoever asks about a course that certificates were issued for."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import facts_of
from elearn.standards.openbadges.credential import achievement, credential, issuer_profile
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
    return credential(settings().base_url, issuer(), achieved, facts, certificate.issued_at)
