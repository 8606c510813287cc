"""The regency admin's pages of templates. The look of one is drawn by the package of certificates."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.recognition.designs import actions
from elearn.recognition.designs.design import FIELDS, KINDS, SHOWN, STANDARD
from elearn.recognition.designs.forms import TemplateWish
from elearn.recognition.designs.models import CertificateTemplate
from elearn.recognition.designs.queries import newest_design, template_for, templates
from elearn.recognition.numbering.queries import courses_and_organisers

router = APIRouter()
PLACE = "/kelola/sertifikat/templat"
TemplateForm = Annotated[Submitted[TemplateWish], Depends(submitted(TemplateWish))]


@router.get(PLACE)
def show(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return render(request, "designs/templates.html", rows=templates(session, actor), kinds=KINDS)


@router.get(PLACE + "/baru")
def blank(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor)


@router.post(PLACE + "/baru")
def make(request: Request, session: DbSession, actor: SignedIn, form: TemplateForm, now: Now) -> Response:
    courses_and_organisers(session, actor)
    with form.trying(session):
        made = actions.save_template(session, actor, form.get(), now)
        return redirect(f"{PLACE}/{made.public_id}", _said(form, _("Templat disimpan. Sertifikat baru memakainya.")))
    return _form(request, session, actor, form)


@router.get(PLACE + "/" + one("template"))
def edit(request: Request, template: str, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor, template=template_for(session, actor, template))


@router.post(PLACE + "/" + one("template"))
def change(
    request: Request, template: str, session: DbSession, actor: SignedIn, form: TemplateForm, now: Now
) -> Response:
    found = template_for(session, actor, template)
    with form.trying(session):
        actions.save_template(session, actor, form.get(), now, found)
        said = _said(form, _("Templat disimpan. Sertifikat yang sudah terbit tidak berubah."))
        return redirect(f"{PLACE}/{template}", said)
    return _form(request, session, actor, form, found)


def _said(form: Submitted[TemplateWish], saved: str) -> str:
    """What is said of a template that was kept, also of a title that did not go with its kind."""
    title = form.get().retitled
    return f"{saved} " + _('Judulnya kini "%(title)s", sesuai jenisnya.', title=title) if title else saved


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    form: Submitted[TemplateWish] | None = None,
    template: CertificateTemplate | None = None,
) -> Response:
    courses, organisers = courses_and_organisers(session, actor)
    return render(
        request,
        "designs/template.html",
        status=422 if form and form.errors else 200,
        found=template,
        design=newest_design(session, template) if template else STANDARD,
        courses=[("", _("Semua pelatihan")), *((course.slug, course.title) for course in courses)],
        organisers=[("", _("Semua penyelenggara")), *((each, each) for each in organisers)],
        kinds=_named(KINDS),
        parts=_named(SHOWN),
        known=[(f"{{{name}}}", _(meaning)) for name, meaning in FIELDS.items()],
        errors=form.errors if form else {},
        typed=_typed(form) if form else {},
    )


def _named(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, _(word)) for value, word in words.items()]


def _typed(form: Submitted[TemplateWish]) -> dict[str, Any]:
    # A box that was left empty is not sent at all.
    return {"shown": [], **form.typed}
