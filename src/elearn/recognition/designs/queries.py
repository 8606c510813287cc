"""Questions of designs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.recognition.designs.design import STANDARD, Design
from elearn.recognition.designs.models import CertificateTemplate, TemplateVersion
from elearn.recognition.numbering.rules import best, serves
from elearn.teaching.courses.models import Course


def templates(session: Session, actor: Actor) -> Sequence[tuple[CertificateTemplate, Design]]:
    """All templates by name, with their courses and newest designs. Regency admin only."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    newest = (TemplateVersion.template_id == CertificateTemplate.id) & (
        TemplateVersion.revision == CertificateTemplate.revision
    )
    rows = session.execute(
        select(CertificateTemplate, TemplateVersion.design)
        .join(TemplateVersion, newest)
        .options(joinedload(CertificateTemplate.course))
        .order_by(CertificateTemplate.name)
    )
    return [(template, Design.model_validate(design)) for template, design in rows]


def logo_is_lost(design: Design) -> bool:
    """Whether the store no longer has the design's logo, so that certificates are drawn without it."""
    return design.logo is not None and not store().exists(design.logo.key)


def without_their_logo(session: Session, actor: Actor) -> Sequence[CertificateTemplate]:
    """The templates whose logo is lost, by name. Regency admin only."""
    return [template for template, design in templates(session, actor) if logo_is_lost(design)]


def template_for(session: Session, actor: Actor, public_id: str) -> CertificateTemplate:
    """One template with its course; NotFound if there is none. Regency admin only."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    wanted = select(CertificateTemplate).filter_by(public_id=public_id)
    found = session.scalar(wanted.options(joinedload(CertificateTemplate.course)))
    if found is None:
        raise NotFound(_("Templat ini tidak ditemukan."))
    return found


def newest_design(session: Session, template: CertificateTemplate) -> Design:
    """What new certificates of a template look like."""
    wanted = select(TemplateVersion.design).filter_by(template_id=template.id, revision=template.revision)
    return Design.model_validate(session.scalar(wanted))


def version_of(session: Session, course: Course, organiser: str) -> TemplateVersion | None:
    """The version that new certificates of a course get; None: the standard."""
    wanted = [serves(course.id, ""), serves(None, organiser), serves(None, "")]
    found = session.scalars(select(CertificateTemplate).where(CertificateTemplate.serves.in_(wanted)))
    template = best(found, lambda each: each.serves, course.id, organiser)
    if template is None:
        return None
    return session.scalar(select(TemplateVersion).filter_by(template_id=template.id, revision=template.revision))


def design_of(session: Session, version_id: int | None) -> Design:
    """The design that a certificate was issued with."""
    if version_id is None:
        return STANDARD
    return Design.model_validate(session.get_one(TemplateVersion, version_id).design)
