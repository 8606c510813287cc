"""Verbs of designs."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.recognition.designs.design import Design, Logo, check_text
from elearn.recognition.designs.forms import TemplateWish
from elearn.recognition.designs.models import CertificateTemplate, TemplateVersion
from elearn.recognition.designs.queries import newest_design
from elearn.recognition.numbering.queries import course_named
from elearn.recognition.numbering.rules import serves

TEXTS = ("opening", "statement", "closing")
PLAIN = ("title", "second_title", "position", "note")


def check_wish(session: Session, actor: Actor, wish: TemplateWish) -> None:
    """Refuse texts with fields that do not exist, and a signer's part that is shown and empty. Raises Invalid."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    for name in TEXTS:
        check_text(name, getattr(wish, name))
    for name in PLAIN:
        if "{" in getattr(wish, name):
            said = _("Isian berkurung kurawal hanya berlaku di kalimat di atas dan di bawah judul pelatihan.")
            raise Invalid(said, {name: said})
    for ticked, part, said in (
        (wish.with_rank, "rank", _("Isi pangkat, karena templat menampilkannya.")),
        (wish.with_nip, "nip", _("Isi NIP, karena templat menampilkannya.")),
    ):
        if ticked and not getattr(wish, part):
            raise Invalid(said, {part: said})


def save_template(
    session: Session, actor: Actor, wish: TemplateWish, now: datetime, template: CertificateTemplate | None = None
) -> CertificateTemplate:
    """Make a template, or a new version of the given one; earlier certificates keep theirs. Regency admin only."""
    check_wish(session, actor, wish)
    course = course_named(session, wish.course)
    if template is None:
        template = CertificateTemplate(public_id=new_id(), revision=0, created_at=now)
    elif template.id:
        session.refresh(template, ["revision"], with_for_update=True)
    template.name = wish.name
    template.course_id, template.course = (course.id, course) if course else (None, None)
    template.organiser = "" if course else wish.organiser
    template.serves = serves(template.course_id, template.organiser)
    logo = newest_design(session, template).logo if template.revision else None
    template.revision += 1
    try:
        with session.begin_nested():
            session.add(template)
    except IntegrityError:
        said = _("Sudah ada templat untuk pilihan ini. Ubah yang sudah ada.")
        raise Invalid(said, {"course" if course else "organiser": said}) from None
    _add_version(session, actor, template, wish.design().model_copy(update={"logo": logo}), now)
    after = {"serves": template.serves, "revision": template.revision, "kind": wish.kind}
    record(session, actor, "certificate_template.saved", template, after=after)
    return template


def save_logo(session: Session, actor: Actor, template: CertificateTemplate, logo: Logo | None, now: datetime) -> None:
    """Give a template a logo, or take it away: a new version, earlier certificates keep theirs. Regency admin only."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    session.refresh(template, ["revision"], with_for_update=True)
    design = newest_design(session, template)
    if design.logo == logo:
        return
    template.revision += 1
    _add_version(session, actor, template, design.model_copy(update={"logo": logo}), now)
    after = {"revision": template.revision, "logo": logo.alt if logo else ""}
    record(session, actor, "certificate_template.logo", template, after=after)


def _add_version(session: Session, actor: Actor, template: CertificateTemplate, design: Design, now: datetime) -> None:
    session.add(
        TemplateVersion(
            template_id=template.id,
            revision=template.revision,
            design=design.model_dump(mode="json"),
            made_by=actor.person_id,
            made_at=now,
        )
    )
    session.flush()
