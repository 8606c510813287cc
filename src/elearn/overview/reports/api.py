"""JSON face of reports: completions, the same rows as on the screen and in the files."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from elearn.foundation.web.problems import Listing, refused_with
from elearn.foundation.web.session import DbSession
from elearn.overview.reports.filters import CompletionFilters, filters_for
from elearn.overview.reports.forms import CompletionListWish
from elearn.overview.reports.queries import completions_after
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import with_scope

router = APIRouter(tags=["completions"])

Reader = Annotated[Actor, with_scope("completions:read")]


class CompletionOut(BaseModel):
    """A course that a person completed, in the columns of every export. The unit is that on the day of completion."""

    model_config = ConfigDict(from_attributes=True)
    nip: str | None = Field(examples=["198501012010012001"])
    nama: str
    unit_kode: str | None
    unit: str | None
    pelatihan: str
    jp: int
    selesai_pada: date
    nilai: float | None
    nomor_sertifikat: str | None


@router.get("/completions", operation_id="listCompletions", responses=refused_with(404))
def list_all(session: DbSession, actor: Reader, wish: Annotated[CompletionListWish, Query()]) -> Listing[CompletionOut]:
    """Completions within the admin's reach, the newest first; both days are included, in WIB."""
    found = completions_after(session, actor, _filters(session, actor, wish), wish)
    return Listing[CompletionOut](items=[CompletionOut.model_validate(row) for row in found.rows], next=found.next)


def _filters(session: Session, actor: Actor, wish: CompletionListWish) -> CompletionFilters:
    return filters_for(
        session, actor, course=wish.course, unit=wish.unit, words=wish.q, since=wish.since, until=wish.until
    )
