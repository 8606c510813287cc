"""The regency admin's pages of templates. The look of one is drawn by the package of certificates."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import Submitted, check, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.uploads import Received, received_or_refused
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.recognition.designs import actions
from elearn.recognition.designs.design import FIELDS, KINDS, SHOWN, STANDARD, Logo
from elearn.recognition.designs.forms import LogoWish, TemplateWish
from elearn.recognition.designs.models import CertificateTemplate
from elearn.recognition.designs.pictures import MOST_BYTES, on_paper
from elearn.recognition.designs.queries import (
    logo_is_lost,
    newest_design,
    template_for,
    templates,
)
from elearn.recognition.numbering.queries import courses_and_organisers
from elearn.teaching.materials.intake import take_in

router = APIRouter()
PLACE = "/kelola/sertifikat/templat"
TemplateForm = Annotated[Submitted[TemplateWish], Depends(submitted(TemplateWish))]


@router.get(PLACE)
def show(request: Request, session: DbSession, actor: SignedIn) -> Response:
    rows = [(template, design, logo_is_lost(design)) for template, design in templates(session, actor)]
    return render(request, "designs/templates.html", rows=rows, kinds=KINDS)


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


async def _brought(request: Request, actor: SignedIn) -> Received | Refusal:
    actor.must(Permission.DESIGN_CERTIFICATES)
    return await received_or_refused(request, store(), limit=MOST_BYTES)


@router.post(PLACE + "/" + one("template") + "/logo")
def bring_logo(
    request: Request,
    template: str,
    brought: Annotated[Received | Refusal, Depends(_brought)],
    session: DbSession,
    actor: SignedIn,
    now: Now,
) -> Response:
    if isinstance(brought, Refusal):
        found = template_for(session, actor, template)
        return _form(request, session, actor, template=found, logo_errors=brought.fields or {"file": brought.message})
    with _kept_or_deleted(brought.key) as keys:
        found, wish = template_for(session, actor, template), check(LogoWish, brought.fields)
        errors = dict(wish.errors)
        logo = None if wish.value is None else _logo(brought, wish.value.alt, keys, errors)
        if logo is None:
            return _form(request, session, actor, template=found, logo_errors=errors)
        actions.save_logo(session, actor, found, logo, now)
        keys.remove(logo.key)
    return redirect(f"{PLACE}/{template}", _("Logo disimpan. Sertifikat yang sudah terbit tidak berubah."))


@router.post(PLACE + "/" + one("template") + "/logo/hapus")
def drop_logo(template: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.save_logo(session, actor, template_for(session, actor, template), None, now)
    return redirect(f"{PLACE}/{template}", _("Logo dilepas. Sertifikat yang sudah terbit tidak berubah."))


@contextmanager
def _kept_or_deleted(key: str) -> Iterator[set[str]]:
    """Files under keys that are still in the set at the end are deleted."""
    keys = {key}
    try:
        yield keys
    finally:
        for each in keys:
            store().delete(each)


def _logo(brought: Received, alt: str, keys: set[str], errors: dict[str, str]) -> Logo | None:
    """The picture as it is printed, in the store; what is wrong with it goes to `errors`."""
    try:
        upload = take_in(store(), brought.key, brought.name, brought.size, brought.sha256)
        keys.add(upload.key)
        if upload.kind != "image":
            sentence = _("Logo harus gambar PNG atau JPEG.")
            raise Invalid(sentence, {"file": sentence})
        picture, media_type, (width, height) = on_paper(store().read(upload.key))
    except Invalid as wrong:
        errors.update(wrong.fields or {"file": wrong.message})
        return None
    key = new_key(media_type.split("/")[1])
    store().put(key, [picture])
    keys.add(key)
    return Logo(key=key, media_type=media_type, width=width, height=height, alt=alt)


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
    logo_errors: dict[str, str] | None = None,
) -> Response:
    courses, organisers = courses_and_organisers(session, actor)
    design = newest_design(session, template) if template else STANDARD
    return render(
        request,
        "designs/template.html",
        status=422 if (form and form.errors) or logo_errors else 200,
        found=template,
        design=design,
        logo_lost=logo_is_lost(design),
        courses=[("", _("Semua pelatihan")), *((course.slug, course.title) for course in courses)],
        organisers=[("", _("Semua penyelenggara")), *((each, each) for each in organisers)],
        kinds=_named(KINDS),
        parts=_named(SHOWN),
        known=[(f"{{{name}}}", _(meaning)) for name, meaning in FIELDS.items()],
        errors=form.errors if form else logo_errors or {},
        typed=_typed(form) if form else {},
    )


def _named(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(value, _(word)) for value, word in words.items()]


def _typed(form: Submitted[TemplateWish]) -> dict[str, Any]:
    # A box that was left empty is not sent at all.
    return {"shown": [], **form.typed}
