"""Screen 27: may this count? Training taken elsewhere, decided with one key."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.cohorts.nominees import nominations_open
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.recognition.external_records import actions
from elearn.recognition.external_records.forms import REASONS, Approval, Question, Refusal, TakingBack
from elearn.recognition.external_records.models import APPROVED, ASKED, REFUSED, WAITING, ExternalRecord
from elearn.recognition.external_records.queries import (
    how_many_wait,
    next_to_decide,
    record_to_decide,
    records_to_decide,
    twins_of,
)
from elearn.recognition.learning_hours.counting import recognisable, worth_of_record
from elearn.teaching.courses.models import COMPETENCIES
from elearn.teaching.delivery.rules import closed_year, in_words

router = APIRouter()
HOME = "/persetujuan"
# The words of the address, in the order of the tabs.
STATES = {"menunggu": WAITING, "ditanyakan": ASKED, "disetujui": APPROVED, "ditolak": REFUSED}

ApprovalForm = Annotated[Submitted[Approval], Depends(submitted(Approval))]
RefusalForm = Annotated[Submitted[Refusal], Depends(submitted(Refusal))]
QuestionForm = Annotated[Submitted[Question], Depends(submitted(Question))]
TakingBackForm = Annotated[Submitted[TakingBack], Depends(submitted(TakingBack))]


@router.get(HOME)
def queue(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    keadaan: str = "menunggu",
    q: Annotated[str, Query(max_length=200)] = "",
    halaman: int = 1,
) -> Response:
    state = STATES.get(keadaan, WAITING)
    page = records_to_decide(session, actor, state, q, halaman)
    # A long queue is counted once.
    all_waiting = state == WAITING and not q.strip()
    return render(
        request,
        "approvals/queue.html",
        page=page,
        waiting=page.total if all_waiting else how_many_wait(session, actor),
        nominated=nominations_open(session, actor),
        states=STATES,
        state=state,
        q=q,
    )


@router.get(f"{HOME}/sertifikat/{{record}}")
def show(request: Request, session: DbSession, actor: SignedIn, record: str, now: Now) -> Response:
    return _one(request, session, actor, record_to_decide(session, actor, record), now)


@router.post(f"{HOME}/sertifikat/{{record}}/setuju")
def approve(
    request: Request, session: DbSession, actor: SignedIn, record: str, form: ApprovalForm, now: Now
) -> Response:
    with form.trying(session):
        actions.approve(session, actor, record, form.get(), now)
    return _next(request, session, actor, record, now, form, _("Disetujui."))


@router.post(f"{HOME}/sertifikat/{{record}}/tolak")
def refuse(request: Request, session: DbSession, actor: SignedIn, record: str, form: RefusalForm, now: Now) -> Response:
    with form.trying(session):
        actions.refuse(session, actor, record, form.get(), now)
    return _next(request, session, actor, record, now, form, _("Ditolak."))


@router.post(f"{HOME}/sertifikat/{{record}}/tanya")
def ask(request: Request, session: DbSession, actor: SignedIn, record: str, form: QuestionForm, now: Now) -> Response:
    with form.trying(session):
        actions.ask(session, actor, record, form.get(), now)
    return _next(request, session, actor, record, now, form, _("Pertanyaan terkirim."))


@router.post(f"{HOME}/sertifikat/{{record}}/batal")
def take_back(
    request: Request, session: DbSession, actor: SignedIn, record: str, form: TakingBackForm, now: Now
) -> Response:
    with form.trying(session):
        actions.take_back(session, actor, record, form.get(), now)
    if form.errors:
        return _one(request, session, actor, record_to_decide(session, actor, record), now, form)
    return redirect(f"{HOME}/sertifikat/{record}", _("Keputusan dibatalkan. Pengajuan ini menunggu lagi."))


def _next(
    request: Request, session: Session, actor: Actor, record: str, now: datetime, form: Submitted[Any], said: str
) -> Response:
    """The next in the queue, or the same once more with what is wrong."""
    found = record_to_decide(session, actor, record)
    if form.errors:
        return _one(request, session, actor, found, now, form)
    following = next_to_decide(session, actor, found)
    return redirect(f"{HOME}/sertifikat/{following.public_id}" if following else HOME, f"{found.person.name}: {said}")


def _one(
    request: Request,
    session: Session,
    actor: Actor,
    record: ExternalRecord,
    now: datetime,
    form: Submitted[Any] | None = None,
) -> Response:
    earning = worth_of_record(session, record)
    counts = recognisable(session, record.person_id, earning)[0] if record.state in (WAITING, ASKED) else None
    return render(
        request,
        "approvals/record.html",
        status=422 if form else 200,
        record=record,
        earning=earning,
        counts=counts,
        closed=closed_year(record.ended_on, wib_date(now)),
        rule=in_words(earning.rule),
        competency=COMPETENCIES.get(record.competency, record.competency),
        twins=twins_of(session, actor, record) if record.state in (WAITING, ASKED) else [],
        reasons=REASONS,
        left=how_many_wait(session, actor),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
