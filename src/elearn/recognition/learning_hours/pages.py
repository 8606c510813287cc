"""Screens 14 and 26: a learner's own JP and certificates, and a person's account as admins see and correct it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.turns import quick
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.placements.queries import my_placements
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import me, person_in_scope
from elearn.recognition.certificates.queries import facts_of, my_certificates
from elearn.recognition.external_records.forms import REASONS
from elearn.recognition.external_records.queries import pending_records, refused_records
from elearn.recognition.learning_hours import actions
from elearn.recognition.learning_hours.counting import jp_awaited
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.index import MOST, total
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.queries import (
    Account,
    account_of,
    corrections_of,
    earned_of,
    line_for_admin,
    my_account,
    my_index,
    recognised_of,
    rule_now,
)
from elearn.recognition.learning_hours.recap import recap_pdf
from elearn.recognition.learning_hours.rules import by_competency, forecast
from elearn.teaching.courses.models import COMPETENCIES

router = APIRouter()

CorrectionForm = Annotated[Submitted[Correction], Depends(submitted(Correction))]
Year = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("/capaian")
@quick
def achievements(request: Request, session: DbSession, actor: SignedIn, now: Now, tahun: Year = None) -> Response:
    account = my_account(session, actor, tahun or wib_date(now).year)
    pending = pending_records(session, actor, account.jp.year)
    today = wib_date(now)
    index = my_index(session, actor, today) if account.jp.year == today.year else []
    return render(
        request,
        "learning_hours/achievements.html",
        account=account,
        pending=pending,
        refused=refused_records(session, actor, account.jp.year),
        reasons=REASONS,
        pending_jp=jp_awaited(session, pending),
        placements=my_placements(session, actor),
        forecast=forecast(account.jp, today),
        index=index,
        index_total=total(index),
        index_most=MOST,
        sums=_named(by_competency(account.lines)),
        certificates=[(found, facts_of(found)) for found in my_certificates(session, actor)],
    )


@router.get("/capaian/rekap.pdf")
def recap(session: DbSession, actor: SignedIn, now: Now, tahun: Year = None) -> Response:
    account = my_account(session, actor, tahun or wib_date(now).year)
    return _recap(account, me(session, actor), now)


@router.get("/opd/pegawai/{person}/jp.pdf")
def recap_of(session: DbSession, actor: SignedIn, person: str, now: Now, tahun: Year = None) -> Response:
    found = person_in_scope(session, actor, person)
    return _recap(account_of(session, actor, found, tahun or wib_date(now).year), found, now)


@router.get("/opd/pegawai/{person}/jp")
def show_account(
    request: Request, session: DbSession, actor: SignedIn, person: str, now: Now, tahun: Year = None
) -> Response:
    found = person_in_scope(session, actor, person)
    account = account_of(session, actor, found, tahun or wib_date(now).year)
    return render(
        request,
        "learning_hours/account.html",
        person=found,
        account=account,
        sums=_named(by_competency(account.lines)),
        may_correct=actor.may(Permission.CORRECT_JP),
    )


@router.get("/kelola/jp/{line}")
def show_line(request: Request, session: DbSession, actor: SignedIn, line: str) -> Response:
    return _line(request, session, line_for_admin(session, actor, line))


@router.post("/kelola/jp/{line}")
def correct(
    request: Request, session: DbSession, actor: SignedIn, line: str, form: CorrectionForm, now: Now
) -> Response:
    found = line_for_admin(session, actor, line)
    with form.trying(session):
        actions.correct(session, actor, line, form.get(), now)
    if form.errors:
        return _line(request, session, line_for_admin(session, actor, line), form)
    said = _("Pembetulan dicatat sebagai baris baru.")
    return redirect(f"/opd/pegawai/{found.person.public_id}/jp?tahun={found.year}", said)


def _recap(account: Account, person: Person, now: Now) -> Response:
    name = f"Rekap JP {account.jp.year} {person.name}.pdf"
    headers = {"Content-Disposition": content_disposition(name), "Cache-Control": "no-store"}
    return Response(recap_pdf(account, person, wib_date(now)), media_type="application/pdf", headers=headers)


def _named(sums: dict[str, int]) -> list[tuple[str, int]]:
    return [(COMPETENCIES.get(key, key), jp) for key, jp in sums.items()]


def _line(request: Request, session: Session, line: LedgerLine, form: Submitted[Correction] | None = None) -> Response:
    return render(
        request,
        "learning_hours/line.html",
        status=422 if form else 200,
        line=line,
        earned=earned_of(session, line),
        recognised=recognised_of(session, line),
        rule=rule_now(session, line),
        corrections=corrections_of(session, line),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
