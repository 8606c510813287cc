"""JSON face of reports: completions, the same rows as on the screen and in the files."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from elearn.foundation.web.problems import Listing, refused_with
from elearn.foundation.web.session import DbSession, NotingSession
from elearn.overview.reports.actions import note_page
from elearn.overview.reports.filters import CompletionFilters, filters_for
from elearn.overview.reports.forms import CompletionListWish
from elearn.overview.reports.queries import completions_after
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import with_scope

router = APIRouter(tags=["completions"])

Reader = Annotated[Actor, with_scope("completions:read")]


COMPLETION: dict[str, Any] = {
    "nip": "198501012010012001",
    "nama": "Siti Contohwati",
    "unit_kode": "DIK.SD1",
    "unit": "SDN 1 Contoh Hulu",
    "pelatihan": "Administrasi Pemerintahan",
    "jp": 20,
    "selesai_pada": "2026-11-23",
    "nilai": 86.67,
    "nomor_sertifikat": "BKPSDM/0036/2026",
}


class CompletionOut(BaseModel):
    """A course that a person completed, in the columns of every export. The unit is that on the day of completion."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [COMPLETION]})
    nip: str | None
    nama: str
    unit_kode: str | None
    unit: str | None
    pelatihan: str
    jp: int
    selesai_pada: date
    nilai: float | None
    nomor_sertifikat: str | None


@router.get("/completions", operation_id="listCompletions", responses=refused_with(404))
def list_all(
    session: DbSession, noting: NotingSession, actor: Reader, wish: Annotated[CompletionListWish, Query()]
) -> Listing[CompletionOut]:
    """Completions within the admin's reach, the newest first; both days are included, in WIB.

    Each answer leaves a line in the audit: the token and its owner, the filters, how many rows.
    """
    filters = _filters(session, actor, wish)
    found = completions_after(session, actor, filters, wish)
    note_page(noting, actor, filters, wish.after, found.rows)
    return Listing[CompletionOut](items=[CompletionOut.model_validate(row) for row in found.rows], next=found.next)


def _filters(session: Session, actor: Actor, wish: CompletionListWish) -> CompletionFilters:
    return filters_for(
        session, actor, course=wish.course, unit=wish.unit, words=wish.q, since=wish.since, until=wish.until
    )
