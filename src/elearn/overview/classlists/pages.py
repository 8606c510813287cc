"""The file of a class, from the class's page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from elearn.foundation.tables import chunks_as
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.cohorts.queries import cohort_run
from elearn.overview.classlists.actions import note_export
from elearn.overview.classlists.queries import class_list
from elearn.overview.exports.forms import FileWish
from elearn.overview.exports.guard import as_file, ask, may_leave
from elearn.overview.exports.rules import Size
from elearn.people.accounts.door import SignedIn

router = APIRouter()
FileForm = Annotated[Submitted[FileWish], Depends(submitted(FileWish))]


@router.post("/kelola/angkatan/{cohort}/unduh")
def export(request: Request, session: DbSession, actor: SignedIn, cohort: str, form: FileForm, now: Now) -> Response:
    found, wish = cohort_run(session, actor, cohort), form.get()
    columns, rows = class_list(session, found)
    size, here = Size(len(rows), len(rows)), f"/kelola/angkatan/{cohort}"
    if not may_leave(request, session, actor, form, size, now):
        return ask(request, form, size, action=f"{here}/unduh", back=here, kept={})
    note_export(session, actor, found, wish.format, size, wish.reason)
    return as_file(chunks_as(wish.format, columns, rows, "Peserta"), f"peserta-{found.name}", wish.format)
