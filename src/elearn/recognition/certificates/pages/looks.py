"""What a template looks like, with plainly fictitious facts: as it is typed, and as it is kept."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.foundation.web.addresses import one
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.session import DbSession
from elearn.people.accounts.door import SignedIn
from elearn.recognition.certificates.document import (
    CertificateFacts,
    certificate_pdf,
    certificate_png,
)
from elearn.recognition.certificates.rules import module_lines, signer_of
from elearn.recognition.designs.actions import check_wish
from elearn.recognition.designs.design import Design
from elearn.recognition.designs.forms import TemplateWish
from elearn.recognition.designs.queries import newest_design, template_for
from elearn.recognition.numbering.queries import courses_and_organisers

router = APIRouter()
PLACE = "/kelola/sertifikat/templat"
TemplateForm = Annotated[Submitted[TemplateWish], Depends(submitted(TemplateWish))]


@router.post(PLACE + "/pratinjau")
def typed(session: DbSession, actor: SignedIn, form: TemplateForm, templat: str = "") -> Response:
    courses_and_organisers(session, actor)
    wish = form.get()
    check_wish(session, actor, wish)
    # The logo is no part of what is typed; it is the one that the template has.
    logo = newest_design(session, template_for(session, actor, templat)).logo if templat else None
    return _pdf(wish.design().model_copy(update={"logo": logo}))


@router.get(PLACE + "/" + one("template") + "/contoh.pdf")
def kept(template: str, session: DbSession, actor: SignedIn) -> Response:
    return _pdf(newest_design(session, template_for(session, actor, template)))


@router.get(PLACE + "/" + one("template") + "/contoh.png")
def pictured(template: str, session: DbSession, actor: SignedIn) -> Response:
    design = newest_design(session, template_for(session, actor, template))
    return Response(
        certificate_png(_example(design), design),
        media_type="image/png",
        headers={"Cache-Control": "private, no-cache"},
    )


def _pdf(design: Design) -> Response:
    drawn = certificate_pdf(_example(design), design)
    headers = {"Content-Disposition": content_disposition("contoh.pdf", inline=True), "Cache-Control": "no-store"}
    return Response(drawn, media_type="application/pdf", headers=headers)


def _example(design: Design) -> CertificateFacts:
    office = settings()
    return CertificateFacts(
        document=design.title,
        number="CONTOH/0000/2026",
        code="C0NT-0000-0000-0000",
        verify_url=f"{office.base_url}/verifikasi",
        verify_address=f"{office.base_url}/verifikasi".split("://", 1)[-1],
        name="Nama Contoh",
        title_after="S.Contoh.",
        nip="19850101 201001 1 001",
        position="Analis Contoh",
        unit="Dinas Contoh",
        course="Judul Pelatihan Contoh",
        form="E-learning",
        starts_on=date(2026, 8, 3),
        ends_on=date(2026, 8, 21),
        jp=Decimal(6),
        score=Decimal("92.5"),
        organiser=office.office_name,
        place=office.office_place,
        issued_on=date(2026, 8, 22),
        signer=signer_of(
            design.block,
            office.signer_position or _("Kepala %(office)s", office=office.office_name),
            office.signer_name,
        ),
        modules=module_lines([("Mata pelatihan pertama", 90), ("Mata pelatihan kedua", 180)], 45),
    )
