"""OPD admins nominate their own people; the regency's admin decides."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.files import pdf_response
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.learning.cohorts import letters, nominations, nominees, queries
from elearn.learning.cohorts.actions import note_letter
from elearn.learning.cohorts.forms import NominationRuling, NominationWish
from elearn.learning.cohorts.models import RESULTS, STATES, STATUSES
from elearn.learning.cohorts.rules import REFUSALS, ClassClosed, check_open
from elearn.learning.enrolment.queries import completed_in
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.people.organisation.queries import units_in_scope

router = APIRouter()

WishForm = Annotated[Submitted[NominationWish], Depends(submitted(NominationWish))]
VerdictForm = Annotated[Submitted[NominationRuling], Depends(submitted(NominationRuling))]

PLACE = "/opd/usulan"
APPROVAL = "/persetujuan/usulan"


@router.get(PLACE)
def classes(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = nominees.cohorts_to_nominate(session, actor, wib_date(now))
    return render(request, "cohorts/nominable.html", rows=queries.counted(session, found))


@router.get(PLACE + "/{cohort}")
def choose(
    request: Request,
    cohort: str,
    session: DbSession,
    actor: SignedIn,
    now: Now,
    q: str = "",
    halaman: int = 1,
) -> Response:
    return _choice(request, session, actor, cohort, now, words=q[:100], number=halaman)


@router.post(PLACE + "/{cohort}")
def nominate(request: Request, cohort: str, session: DbSession, actor: SignedIn, form: WishForm, now: Now) -> Response:
    found = nominees.cohort_to_nominate(session, actor, cohort)
    with form.trying(session):
        made = nominations.nominate(session, actor, found, form.get(), now)
    if form.errors:
        return _choice(request, session, actor, cohort, now, form)
    said = [_("Tidak ada usulan baru.")]
    if made.fresh:
        said = [_("%(n)s pegawai diusulkan. Menunggu keputusan admin kabupaten.", n=made.fresh)]
    if made.already:
        said.append(_("%(n)s sudah terdaftar atau diusulkan.", n=made.already))
    if made.told:
        return _choice(
            request, session, actor, cohort, now, said=" ".join(said), told=made.told, left_out=made.completed
        )
    return redirect(f"{PLACE}/{cohort}", " ".join(said), "ok" if made.fresh else "info")


@router.post(PLACE + "/{cohort}/{participant}/tarik")
def withdraw(cohort: str, participant: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = nominees.cohort_to_nominate(session, actor, cohort)
    if nominations.withdraw_nomination(session, actor, found, participant, now) is None:
        raise NotFound(_("Usulan ini sudah diputuskan atau bukan dari unit Anda."))
    return redirect(f"{PLACE}/{cohort}", _("Usulan ditarik."))


@router.get(PLACE + "/{cohort}/surat-tugas.pdf")
def assignment(cohort: str, session: DbSession, noting: NotingSession, actor: SignedIn, now: Now) -> Response:
    found = nominees.cohort_to_nominate(session, actor, cohort)
    people = [each for each in nominees.own_people_in(session, actor, found, 5_000) if each.status == "joined"]
    if not people:
        raise Conflict(_("Belum ada pegawai Anda yang menjadi peserta. Tunggu keputusan usulan Anda."))
    units = units_in_scope(session, actor)
    unit = units[0].name if units and not actor.everywhere else ""
    note_letter(noting, actor, found, "surat tugas", len(people), unit)
    return pdf_response(letters.assignment(found, people, unit, wib_date(now)), f"Surat tugas {found.name}.pdf")


@router.get(APPROVAL)
def queue(request: Request, session: DbSession, actor: SignedIn, halaman: int = 1) -> Response:
    return _queue(request, session, actor, halaman)


@router.post(APPROVAL)
def decide(request: Request, session: DbSession, actor: SignedIn, form: VerdictForm, now: Now) -> Response:
    nominees.nominations(session, actor, 1)
    with form.trying(session):
        made = nominations.decide(session, actor, form.get(), now)
    if form.errors:
        return _queue(request, session, actor, 1, form)
    said = []
    if made.joined:
        said.append(_("%(n)s orang menjadi peserta.", n=made.joined))
    if made.waiting:
        said.append(_("%(n)s orang masuk daftar tunggu karena kuota penuh.", n=made.waiting))
    if made.refused:
        said.append(_("%(n)s usulan ditolak.", n=made.refused))
    if made.told:
        return _queue(request, session, actor, 1, said=" ".join(said), told=made.told)
    return redirect(APPROVAL, " ".join(said), "info" if made.waiting else "ok")


def _choice(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    form: Submitted[NominationWish] | None = None,
    *,
    words: str = "",
    number: int = 1,
    said: str = "",
    told: Sequence[str] = (),
    left_out: int = 0,
) -> Response:
    cohort = nominees.cohort_to_nominate(session, actor, public_id)
    closed = ""
    try:
        check_open(cohort, wib_date(now))
    except ClassClosed as refusal:
        closed = refusal.message
    page = nominees.own_people_to_nominate(session, actor, cohort, words, number)
    return render(
        request,
        "cohorts/nominate.html",
        status=422 if form else 200,
        listed=queries.counted(session, [cohort])[0],
        cohort=cohort,
        own=nominees.own_people_in(session, actor, cohort),
        page=page,
        completed=completed_in(session, cohort.course_id, [person.id for person in page.rows]),
        words=words,
        said=said,
        told=told,
        left_out=left_out,
        closed=closed,
        states=STATES,
        statuses=STATUSES,
        results=RESULTS,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _queue(
    request: Request,
    session: Session,
    actor: Actor,
    number: int,
    form: Submitted[NominationRuling] | None = None,
    *,
    said: str = "",
    told: Sequence[str] = (),
) -> Response:
    page = nominees.nominations(session, actor, number)
    cohorts = list({each.cohort_id: each.cohort for each in page.rows}.values())
    return render(
        request,
        "cohorts/approve.html",
        status=422 if form else 200,
        page=page,
        said=said,
        told=told,
        completed=nominees.completed_by(session, page.rows),
        seats={row.cohort.id: row for row in queries.counted(session, cohorts)},
        by=nominees.nominator_units(session, page.rows),
        refusals=REFUSALS,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
