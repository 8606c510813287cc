"""Who runs a class: list and calendar, make, change and copy it, its people, who passed."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Forbidden, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.files import pdf_response
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.learning.cohorts import actions, letters, nominees, queries, rulings
from elearn.learning.cohorts.forms import CohortWish, CopyWish, NipsWish, RemovalWish, RulingWish
from elearn.learning.cohorts.models import RESULTS, STATES, STATUSES, Cohort
from elearn.learning.cohorts.rules import running, weeks_of
from elearn.learning.cohorts.taken import sessions_by_day
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.queries import taught_course
from elearn.teaching.delivery.queries import delivery_forms

router = APIRouter()

CohortForm = Annotated[Submitted[CohortWish], Depends(submitted(CohortWish))]
CopyForm = Annotated[Submitted[CopyWish], Depends(submitted(CopyWish))]
NipsForm = Annotated[Submitted[NipsWish], Depends(submitted(NipsWish))]
RemovalForm = Annotated[Submitted[RemovalWish], Depends(submitted(RemovalWish))]
RulingForm = Annotated[Submitted[RulingWish], Depends(submitted(RulingWish))]

PLACE = "/kelola/angkatan"


@router.get(PLACE)
def cohorts(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    now: Now,
    keadaan: str = "",
    q: str = "",
    halaman: int = 1,
    tampilan: str = "",
    bulan: str = "",
) -> Response:
    _may_run(actor)
    if tampilan == "kalender":
        return _calendar(request, session, actor, bulan, wib_date(now))
    state = keadaan if keadaan in STATES else ""
    page = queries.cohorts_run(session, actor, state, q[:100], halaman)
    rows = queries.counted(session, page.rows)
    return render(
        request,
        "cohorts/list.html",
        page=page,
        rows=rows,
        states=STATES,
        state=state,
        words=q[:100],
        nominated=nominees.nominations_open(session, actor),
    )


def _calendar(request: Request, session: Session, actor: Actor, month: str, today: date) -> Response:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = today.replace(day=1)
    # The calendar ends where dates do.
    first = min(max(first, date(2000, 1, 1)), date(2099, 12, 1))
    weeks = weeks_of(first.year, first.month)
    found = queries.cohorts_between(session, actor, weeks[0][0], weeks[-1][-1])
    days = {day: running(found, day) for week in weeks for day in week}
    before, after = weeks[0][0], weeks[-1][-1]
    if before.month == first.month:
        before = date.fromordinal(first.toordinal() - 1)
    if after.month == first.month:
        after = date.fromordinal(after.toordinal() + 1)
    return render(
        request,
        "cohorts/calendar.html",
        month=first,
        weeks=weeks,
        days=days,
        today=today,
        found=[each for each in found if (each.starts_on.year, each.starts_on.month) <= (first.year, first.month)],
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
    )


@router.get(PLACE + "/baru")
def new(request: Request, session: DbSession, actor: SignedIn, pelatihan: str = "") -> Response:
    _may_run(actor)
    return _form(request, session, actor, None, chosen=pelatihan)


@router.post(PLACE + "/baru")
def make(request: Request, session: DbSession, actor: SignedIn, form: CohortForm, now: Now) -> Response:
    _may_run(actor)
    with form.trying(session):
        wish = form.get()
        try:
            course = taught_course(session, actor, wish.course)
        except NotFound:
            form.errors["course"] = _("Pilih pelatihan dari daftar.")
        else:
            cohort = actions.make(session, actor, course, wish, now)
    if form.errors:
        return _form(request, session, actor, None, form)
    return _saved(session, actor, cohort, _("Angkatan tersimpan sebagai konsep."))


@router.get(PLACE + "/{cohort}")
def show(
    request: Request,
    cohort: str,
    session: DbSession,
    actor: SignedIn,
    now: Now,
    status: str = "joined",
    halaman: int = 1,
) -> Response:
    return _show(request, session, actor, cohort, now, status=status, number=halaman)


@router.get(PLACE + "/{cohort}/ubah")
def edit(request: Request, cohort: str, session: DbSession, actor: SignedIn) -> Response:
    return _form(request, session, actor, queries.cohort_run(session, actor, cohort))


@router.post(PLACE + "/{cohort}/ubah")
def change(request: Request, cohort: str, session: DbSession, actor: SignedIn, form: CohortForm, now: Now) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    with form.trying(session):
        actions.change(session, actor, found, form.get(), now)
    if form.errors:
        return _form(request, session, actor, queries.cohort_run(session, actor, cohort), form)
    return _saved(session, actor, found, _("Angkatan tersimpan."))


@router.post(PLACE + "/{cohort}/salin")
def copy(request: Request, cohort: str, session: DbSession, actor: SignedIn, form: CopyForm, now: Now) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    with form.trying(session):
        twin = actions.copy(session, actor, found, form.get().starts_on, now)
    if form.errors:
        return _show(request, session, actor, cohort, now, form)
    return redirect(f"{PLACE}/{twin.public_id}/ubah", _("Salinan dibuat. Periksa nama dan tanggalnya."))


@router.post(PLACE + "/{cohort}/keadaan")
def set_state(
    request: Request, cohort: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    form: Submitted[CopyWish] = Submitted({})
    with form.trying(session):
        actions.set_state(session, actor, found, str(fields.get("state", "")), now)
    if form.errors:
        return _show(request, session, actor, cohort, now, form)
    return redirect(f"{PLACE}/{cohort}", _("Angkatan kini: %(state)s.", state=_(STATES[found.state])))


@router.post(PLACE + "/{cohort}/peserta")
def add(request: Request, cohort: str, session: DbSession, actor: SignedIn, form: NipsForm, now: Now) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    actor.must(Permission.MANAGE_CLASSES)
    with form.trying(session):
        added = actions.add(session, actor, found, form.get().nips, now)
    if form.errors:
        return _show(request, session, actor, cohort, now, form)
    said = [_("%(n)s peserta ditambahkan, %(waiting)s di daftar tunggu.", n=added.joined, waiting=added.waiting)]
    if added.already:
        said.append(_("%(n)s sudah tercatat di angkatan ini.", n=added.already))
    if added.told:
        # All that was left out stands on the page: a banner holds a few words only.
        return _show(
            request, session, actor, cohort, now, said=" ".join(said), told=added.told, completed=added.completed
        )
    return redirect(f"{PLACE}/{cohort}", " ".join(said), "ok" if added.joined + added.waiting else "info")


@router.get(PLACE + "/{cohort}/peserta/{participant}")
def person(request: Request, cohort: str, participant: str, session: DbSession, actor: SignedIn) -> Response:
    return _person(request, session, actor, cohort, participant)


@router.post(PLACE + "/{cohort}/peserta/{participant}/keluar")
def remove(
    request: Request,
    cohort: str,
    participant: str,
    session: DbSession,
    actor: SignedIn,
    form: RemovalForm,
    now: Now,
) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    who = queries.participant_in(session, found, participant)
    with form.trying(session):
        actions.remove(session, actor, found, who, form.get().reason, now)
    if form.errors:
        return _person(request, session, actor, cohort, participant, form)
    return redirect(f"{PLACE}/{cohort}", _("%(name)s keluar dari angkatan.", name=who.person.name))


@router.get(PLACE + "/{cohort}/pemanggilan.pdf")
def call_up(cohort: str, session: DbSession, noting: NotingSession, actor: SignedIn, now: Now) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    people = queries.joined_participants(session, found)
    actions.note_letter(noting, actor, found, "pemanggilan", len(people))
    return pdf_response(letters.call_up(found, people, wib_date(now)), f"Pemanggilan {found.name}.pdf")


@router.post(PLACE + "/{cohort}/kelulusan")
def rule(request: Request, cohort: str, session: DbSession, actor: SignedIn, form: RulingForm, now: Now) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    with form.trying(session):
        ruling = rulings.rule(session, actor, found, form.get(), now)
    if form.errors:
        return _show(request, session, actor, cohort, now, form)
    if ruling.job_public_id:
        return redirect(f"/pekerjaan/{ruling.job_public_id}")
    said = _("%(n)s peserta: %(result)s.", n=ruling.decided, result=_(RESULTS[ruling.result]))
    return redirect(f"{PLACE}/{cohort}", said)


def _may_run(actor: Actor) -> None:
    if not queries.may_run(actor):
        raise Forbidden(_("Anda tidak berwenang melakukan ini."))


def _saved(session: Session, actor: Actor, cohort: Cohort, said: str) -> Response:
    others = queries.at_the_same_place(session, actor, cohort)
    if others:
        named = ", ".join(each.name for each in others[:3])
        warning = _("Tempatnya juga dipakai pada tanggal itu: %(names)s.", names=named)
        return redirect(f"{PLACE}/{cohort.public_id}", f"{said} {warning}", "w")
    return redirect(f"{PLACE}/{cohort.public_id}", said)


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    cohort: Cohort | None,
    form: Submitted[CohortWish] | None = None,
    *,
    chosen: str = "",
) -> Response:
    return render(
        request,
        "cohorts/form.html",
        status=422 if form else 200,
        cohort=cohort,
        courses=[(each.slug, each.title) for each in queries.courses_to_run(session, actor)] if cohort is None else [],
        forms=[(each.code, each.name) for each in delivery_forms(session)],
        chosen=chosen,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _show(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    form: Submitted[CopyWish] | Submitted[NipsWish] | Submitted[RulingWish] | None = None,
    *,
    status: str = "joined",
    number: int = 1,
    said: str = "",
    told: Sequence[str] = (),
    completed: int = 0,
) -> Response:
    cohort = queries.cohort_run(session, actor, public_id)
    status = status if status in STATUSES else "joined"
    page = queries.participants_of(session, actor, cohort, status, number)
    joined = status == "joined"
    return render(
        request,
        "cohorts/class.html",
        status=422 if form else 200,
        cohort=cohort,
        listed=queries.counted(session, [cohort])[0],
        said=said,
        told=told,
        completed=completed,
        page=page,
        shown=status,
        standings=queries.standings(session, cohort, page.rows) if joined else [],
        others=queries.at_the_same_place(session, actor, cohort),
        states=STATES,
        statuses=STATUSES,
        results=RESULTS,
        may_add=actor.may(Permission.MANAGE_CLASSES),
        may_issue=actor.may(Permission.ISSUE_CERTIFICATES),
        today=wib_date(now),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _person(
    request: Request,
    session: Session,
    actor: Actor,
    cohort: str,
    participant: str,
    form: Submitted[RemovalWish] | None = None,
) -> Response:
    found = queries.cohort_run(session, actor, cohort)
    who = queries.participant_in(session, found, participant)
    return render(
        request,
        "cohorts/person.html",
        status=422 if form else 200,
        cohort=found,
        who=who,
        standing=queries.standings(session, found, [who])[0] if who.status == "joined" else None,
        days=sessions_by_day(session, who),
        may_mend=actor.may(Permission.REVOKE_CERTIFICATES) and actor.may(Permission.CORRECT_JP),
        counted_in=min(found.ends_on, wib_date(who.ruled_at or who.joined_at or found.created_at)).year,
        statuses=STATUSES,
        results=RESULTS,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
