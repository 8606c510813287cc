"""Screens 14 and 26: a learner's own JP and certificates, and a person's account as admins see and correct it."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _
from elearn.foundation.turns import quick
from elearn.foundation.web.addresses import one
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.learning.placements.queries import my_placements
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.models import GUEST, Person
from elearn.people.accounts.places import person_seen, unit_then
from elearn.people.accounts.queries import me
from elearn.recognition.certificates.queries import certificate_for_admin, my_certificates
from elearn.recognition.external_records.forms import REASONS
from elearn.recognition.external_records.queries import open_or_refused
from elearn.recognition.learning_hours import actions
from elearn.recognition.learning_hours.counting import jp_awaited
from elearn.recognition.learning_hours.explained import explained
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.index import MOST, total
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.queries import (
    Account,
    account_of,
    corrections_of,
    earned_of,
    line_for_admin,
    line_of_certificate,
    line_seen,
    my_account,
    my_index,
    my_line,
    recognised_of,
    rule_now,
)
from elearn.recognition.learning_hours.recap import recap_pdf
from elearn.recognition.learning_hours.rules import by_competency, by_form, closing_day, forecast
from elearn.teaching.courses.models import COMPETENCIES
from elearn.teaching.delivery.rules import closed_year

router = APIRouter()

CorrectionForm = Annotated[Submitted[Correction], Depends(submitted(Correction))]
DAYS_SHOWN = 31
Year = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("/capaian")
@quick
def achievements(request: Request, session: DbSession, actor: SignedIn, now: Now, tahun: Year = None) -> Response:
    today = wib_date(now)
    account = my_account(session, actor, tahun or today.year, today)
    filed = open_or_refused(session, actor, account.jp.year)
    this_year = account.jp.year == today.year
    index = my_index(session, actor, today) if this_year else []
    return render(
        request,
        "learning_hours/achievements.html",
        account=account,
        pending=filed.pending,
        refused=filed.refused,
        reasons=REASONS,
        pending_jp=jp_awaited(session, filed.pending),
        placements=my_placements(session, actor),
        forecast=forecast(account.jp, today),
        past=closing_day(account.jp.year, today),
        unknown=this_year and not index and account.jp.asn_kind != GUEST,
        index=index,
        index_total=total(index),
        index_most=MOST,
        sums=_sums(account),
        certificates=my_certificates(session, actor),
    )


@router.get("/capaian/rekap.pdf")
def recap(session: DbSession, actor: SignedIn, now: Now, tahun: Year = None) -> Response:
    today = wib_date(now)
    return _recap(session, my_account(session, actor, tahun or today.year, today), me(session, actor), today)


@router.get("/opd/pegawai/{person}/jp.pdf")
def recap_of(
    session: DbSession, noting: NotingSession, actor: SignedIn, person: str, now: Now, tahun: Year = None
) -> Response:
    found, account = _seen(session, actor, person, tahun, wib_date(now))
    actions.note_recap(noting, actor, found, account.jp.year)
    return _recap(session, account, found, wib_date(now))


@router.get("/opd/pegawai/{person}/jp")
def show_account(
    request: Request, session: DbSession, actor: SignedIn, person: str, now: Now, tahun: Year = None
) -> Response:
    today = wib_date(now)
    found, account = _seen(session, actor, person, tahun, today)
    past = closing_day(account.jp.year, today)
    return render(
        request,
        "learning_hours/account.html",
        person=found,
        account=account,
        past=past,
        unit=unit_then(session, found, past),
        here_now=_looks_after(actor, found),
        sums=_sums(account),
        may_correct=actor.may(Permission.CORRECT_JP),
    )


@router.get("/kelola/sertifikat/" + one("certificate") + "/jp")
def line_behind(session: DbSession, actor: SignedIn, certificate: str) -> Response:
    line = line_of_certificate(session, certificate_for_admin(session, actor, certificate))
    if line is None:
        return redirect(f"/kelola/sertifikat/{certificate}", _("Belum ada baris JP untuk sertifikat ini."))
    return redirect(f"/kelola/jp/{line.public_id}")


@router.get("/capaian/baris/{line}")
def tell_line(request: Request, session: DbSession, actor: SignedIn, line: str) -> Response:
    told = explained(session, actor, my_line(session, actor, line))
    return render(request, "learning_hours/own_line.html", told=told, most=DAYS_SHOWN)


@router.get("/opd/pegawai/{person}/jp/{line}")
def tell_line_of(request: Request, session: DbSession, actor: SignedIn, person: str, line: str, now: Now) -> Response:
    found, owner = line_seen(session, actor, person, line, wib_date(now))
    here_now = _looks_after(actor, owner)
    return render(
        request,
        "learning_hours/line_of.html",
        told=explained(session, actor, found, here_now=here_now),
        person=owner,
        here_now=here_now,
        may_correct=actor.may(Permission.CORRECT_JP),
        most=DAYS_SHOWN,
    )


@router.get("/kelola/jp/{line}")
def show_line(request: Request, session: DbSession, actor: SignedIn, line: str, now: Now) -> Response:
    return _line(request, session, line_for_admin(session, actor, line), wib_date(now))


@router.post("/kelola/jp/{line}")
def correct(
    request: Request, session: DbSession, actor: SignedIn, line: str, form: CorrectionForm, now: Now
) -> Response:
    found = line_for_admin(session, actor, line)
    with form.trying(session):
        actions.correct(session, actor, line, form.get(), now)
    if form.errors:
        return _line(request, session, line_for_admin(session, actor, line), wib_date(now), form)
    said = _("Pembetulan dicatat sebagai baris baru.")
    return redirect(f"/opd/pegawai/{found.person.public_id}/jp?tahun={found.year}", said)


def _seen(session: Session, actor: Actor, public_id: str, year: int | None, today: date) -> tuple[Person, Account]:
    """A person whom the actor looks after now, or looked after at the end of that past year, with the year's account.

    Of whoever has left since, no other year is offered.
    """
    year = year or today.year
    person = person_seen(session, actor, public_id, closing_day(year, today))
    account = account_of(session, actor, person, year, today)
    return person, account if _looks_after(actor, person) else replace(account, years=[year])


def _looks_after(actor: Actor, person: Person) -> bool:
    return actor.may(Permission.SEE_REPORTS, person.unit.path if person.unit else "")


def _recap(session: Session, account: Account, person: Person, today: date) -> Response:
    name = f"Rekap JP {account.jp.year} {person.name}.pdf"
    headers = {"Content-Disposition": content_disposition(name), "Cache-Control": "no-store"}
    unit = unit_then(session, person, closing_day(account.jp.year, today))
    return Response(recap_pdf(account, person, unit, today), media_type="application/pdf", headers=headers)


def _sums(account: Account) -> list[tuple[str, list[tuple[str, int]]]]:
    """Recognised JP in words, once by competency and once by form."""
    kinds = [(_(COMPETENCIES.get(key, key)), jp) for key, jp in by_competency(account.lines).items()]
    return [(_("Menurut kompetensi"), kinds), (_("Menurut bentuk"), list(by_form(account.lines).items()))]


def _line(
    request: Request, session: Session, line: LedgerLine, today: date, form: Submitted[Correction] | None = None
) -> Response:
    return render(
        request,
        "learning_hours/line.html",
        status=422 if form else 200,
        line=line,
        closed=closed_year(line.ended_on, today),
        earned=earned_of(session, line),
        recognised=recognised_of(session, line),
        rule=rule_now(session, line),
        corrections=corrections_of(session, line),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
