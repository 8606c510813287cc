"""JSON face of the import of people: bring a file, match its columns, check, apply as a job."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queries import jobs_named
from elearn.foundation.sheets import MAX_BYTES
from elearn.foundation.storage.current import store
from elearn.foundation.web.problems import Listing, refused_with
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.shapes import ListWish
from elearn.foundation.web.uploads import Received, receive_file
from elearn.foundation.web.work import JobOut
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import with_scope
from elearn.people.imports import actions
from elearn.people.imports.forms import ColumnsWish
from elearn.people.imports.intake import brought_sheet, roll_of
from elearn.people.imports.models import Roster
from elearn.people.imports.queries import my_rosters, roster_for
from elearn.people.imports.rules import Check

router = APIRouter(tags=["people import"])

Importer = Annotated[Actor, with_scope("people:import")]


class ImportOut(BaseModel):
    """A file of people. `columns` (field to header) are null until NIP, name and unit have one.

    `state` is uploaded, applying or applied; `counts` are rows by outcome, once applied. New people's codes are
    shown to the importer alone, for a day, on the page `codes_page`.
    """

    id: str
    file_name: str
    headers: list[str]
    columns: dict[str, str] | None
    state: str
    counts: dict[str, int] | None
    job: JobOut | None
    codes_page: str | None
    created_at: datetime
    applied_at: datetime | None

    @classmethod
    def of(cls, roster: Roster, job: Job | None) -> "ImportOut":
        return cls(
            id=roster.public_id,
            file_name=roster.file_name,
            headers=roster.headers,
            columns=roster.mapping,
            state=roster.state,
            counts=roster.counts,
            job=JobOut.of(job) if job else None,
            codes_page=f"/opd/kode/{roster.code_sheet}" if roster.code_sheet else None,
            created_at=roster.created_at,
            applied_at=roster.applied_at,
        )


class NewRow(BaseModel):
    """Somebody who would be added; `row` is the line in the file."""

    row: int
    nip: str
    name: str


class ChangedField(BaseModel):
    """A field with what is known and what the file says; units by name."""

    field: str
    before: str
    after: str


class ChangedRow(NewRow):
    """Somebody who is known and would be changed."""

    changes: list[ChangedField]


class RefusedRow(NewRow):
    """A row that stays out, with every reason."""

    reasons: list[str]


class WarnedRow(NewRow):
    """A row that is taken as it is although something looks wrong."""

    warning: str


class CheckOut(BaseModel):
    """What an import would do, or has done once it is applied; then `new` and `changed` are told by `counts` alone."""

    applied: bool
    counts: dict[str, int]
    new: list[NewRow]
    changed: list[ChangedRow]
    refused: list[RefusedRow]
    warnings: list[WarnedRow]

    @classmethod
    def of(cls, check: Check) -> "CheckOut":
        return cls(
            applied=False,
            counts=check.counts,
            new=[NewRow(row=each.number, nip=each.nip, name=each.name) for each in check.new],
            changed=[
                ChangedRow(
                    row=each.number,
                    nip=each.nip,
                    name=each.name,
                    changes=[ChangedField(field=key, before=old, after=new) for key, old, new in each.shown],
                )
                for each in check.changed
            ],
            refused=[
                RefusedRow(row=each.number, nip=each.nip, name=each.name, reasons=list(each.reasons))
                for each in check.refused
            ],
            warnings=[
                WarnedRow(row=each.number, nip=each.nip, name=each.name, warning=each.sentence)
                for each in check.warnings
            ],
        )

    @classmethod
    def done(cls, roster: Roster) -> "CheckOut":
        """What is kept of an import: of a refused row its cells, so its NIP and name as they were written."""
        kept, mapping = roster.report or {"refused": [], "warnings": []}, roster.mapping or {}
        refused = []
        for number, reasons, cells in kept["refused"]:
            row = dict(zip(roster.headers, cells, strict=True))
            nip, name = (row.get(mapping.get(key, ""), "") for key in ("nip", "name"))
            refused.append(RefusedRow(row=number, nip=nip, name=name, reasons=reasons))
        warnings = [
            WarnedRow(row=number, nip=nip, name=name, warning=sentence)
            for number, nip, name, sentence in kept["warnings"]
        ]
        return cls(applied=True, counts=roster.counts or {}, new=[], changed=[], refused=refused, warnings=warnings)


async def _received(request: Request, actor: Importer) -> Received:
    """The file into the store, without a database session held open meanwhile."""
    actor.must(Permission.MANAGE_PEOPLE)
    return await receive_file(request, store(), limit=MAX_BYTES)


FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary", "description": "CSV or XLSX"}},
                }
            }
        },
    }
}


@router.get("/people-imports", operation_id="listPeopleImports")
def list_mine(session: DbSession, actor: Importer, wish: Annotated[ListWish, Query()]) -> Listing[ImportOut]:
    """The files that the token's owner brought, the latest first. They are kept for 30 days."""
    found = my_rosters(session, actor, wish)
    jobs = jobs_named(session, [each.job_public_id for each in found.rows if each.job_public_id], actor.me())
    items = [ImportOut.of(each, jobs.get(each.job_public_id or "")) for each in found.rows]
    return Listing[ImportOut](items=items, next=found.next)


@router.post("/people-imports", operation_id="bringPeople", status_code=201, openapi_extra=FILE)
def bring(brought: Annotated[Received, Depends(_received)], session: DbSession, actor: Importer, now: Now) -> ImportOut:
    """Upload a table of people. Its columns are told by their headers, as far as they are known."""
    key, sheet = brought_sheet(brought.key, brought.name)
    return ImportOut.of(actions.bring(session, actor, brought.name, key, sheet.headers, now), None)


@router.get("/people-imports/{roster}", operation_id="getPeopleImport", responses=refused_with(404))
def show(roster: str, session: DbSession, actor: Importer) -> ImportOut:
    """One file with how far its import is."""
    return _out(session, actor, roster_for(session, actor, roster))


@router.put("/people-imports/{roster}/columns", operation_id="matchColumns", responses=refused_with(404, 409))
def match(roster: str, session: DbSession, actor: Importer, wish: ColumnsWish) -> ImportOut:
    """Say which column holds what."""
    found = roster_for(session, actor, roster)
    actions.choose_columns(session, actor, found, wish.model_dump())
    return _out(session, actor, found)


@router.get("/people-imports/{roster}/check", operation_id="checkPeopleImport", responses=refused_with(404, 409))
def look(roster: str, session: DbSession, actor: Importer, now: Now) -> CheckOut:
    """What importing would do, row by row. Writes nothing. After the import: what it did."""
    found = roster_for(session, actor, roster)
    if found.state == "applied":
        return CheckOut.done(found)
    return CheckOut.of(actions.check(session, actor, roll_of(found), now))


@router.put(
    "/people-imports/{roster}/application",
    operation_id="applyPeopleImport",
    status_code=202,
    responses=refused_with(404, 409),
)
def apply(roster: str, session: DbSession, actor: Importer, now: Now) -> ImportOut:
    """Have it imported by a job, all rows at once or none. Asked twice, it is the same job."""
    found = roster_for(session, actor, roster)
    actions.start(session, actor, found, now)
    return _out(session, actor, found)


def _out(session: Session, actor: Actor, roster: Roster) -> ImportOut:
    key = roster.job_public_id or ""
    return ImportOut.of(roster, jobs_named(session, [key], actor.me()).get(key))
