"""A learner's schedule: sessions to come, checking in, calendars for programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import NotFound, Refusal
from elearn.foundation.i18n import _, use_locale
from elearn.foundation.settings import settings
from elearn.foundation.web.files import content_disposition
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.attendance import actions, queries
from elearn.learning.attendance.feed import calendar_of
from elearn.learning.attendance.forms import CodeWish
from elearn.learning.attendance.rules import check_now, is_open
from elearn.learning.attendance.secrets import feed_token
from elearn.learning.cohorts.queries import cohort_for_learner, my_participation
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn
from elearn.people.accounts.gate import count_guess, refuse_too_many

router = APIRouter()

CodeForm = Annotated[Submitted[CodeWish], Depends(submitted(CodeWish))]
WRONG_CODES = 10
"""How many wrong codes a person may try in a quarter of an hour."""


@router.get("/jadwal")
def schedule(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return _schedule(request, session, actor, now)


@router.post("/jadwal/hadir")
def check_in(request: Request, session: DbSession, actor: SignedIn, form: CodeForm, now: Now) -> Response:
    meeting = None
    with form.trying(session):
        code = form.get().code
        refuse_too_many(session, _keys(actor), now)
        meeting = actions.check_in_by_code(session, actor, code, now)
    if meeting is None and not form.errors:
        form.errors["code"] = _wrong(session, actor, now)
    if meeting is None:
        return _schedule(request, session, actor, now, form)
    return redirect("/jadwal", _("Kehadiran Anda tercatat: %(title)s.", title=meeting.title))


@router.get("/hadir/{class_session}")
def arrive(
    request: Request, class_session: str, session: DbSession, actor: SignedIn, now: Now, kode: str = ""
) -> Response:
    return _arrival(request, session, actor, class_session, kode[:40], now)


@router.post("/hadir/{class_session}")
def note_arrival(
    request: Request, class_session: str, session: DbSession, actor: SignedIn, form: CodeForm, now: Now
) -> Response:
    try:
        meeting, mine = queries.my_session(session, actor, class_session)
    except NotFound:
        return _stranger(request)
    title, fits = meeting.title, False
    with form.trying(session):
        code = form.get().code
        refuse_too_many(session, _keys(actor), now)
        fits = actions.check_in(session, actor, meeting, mine, code, "qr", now)
    if not fits and not form.errors:
        form.errors["code"] = _wrong(session, actor, now)
    if not fits:
        return _arrival(request, session, actor, class_session, "", now, form)
    return redirect("/jadwal", _("Kehadiran Anda tercatat: %(title)s.", title=title))


@router.post("/jadwal/kalender")
def renew(session: DbSession, actor: SignedIn, now: Now) -> Response:
    actions.make_feed(session, actor, now)
    return redirect("/jadwal#kalender", _("Alamat kalender baru dibuat. Alamat lama tidak berlaku lagi."))


@router.get("/jadwal.ics")
def feed(session: DbSession, now: Now, kunci: str = "") -> Response:
    owner = queries.feed_owner(session, kunci[:100])
    if owner is None:
        raise NotFound(_("Alamat kalender ini tidak berlaku. Ambil yang baru di halaman Jadwal."))
    use_locale(owner.locale)
    # Last month's sessions stay, so that a calendar that is fetched anew does not lose them at once.
    since = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = queries.all_my_sessions(session, owner, since)
    return _calendar(calendar_of(found, _("Jadwal pelatihan"), now), "jadwal.ics")


@router.get("/angkatan/{cohort}/jadwal.ics")
def class_calendar(cohort: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = cohort_for_learner(session, actor, cohort)
    mine = my_participation(session, actor, found)
    if mine is None or mine.status != "joined":
        # The links to online meetings are for those who take part.
        raise NotFound
    meetings = queries.sessions_in(session, found)
    return _calendar(calendar_of(meetings, found.name, now), f"{found.name}.ics")


def _calendar(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": content_disposition(name), "Cache-Control": "private, no-store"}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _keys(actor: Actor) -> list[tuple[str, int]]:
    return [(f"h:{actor.me()}", WRONG_CODES)]


def _wrong(session: Session, actor: Actor, now: Now) -> str:
    count_guess(session, tuple(key for key, _limit in _keys(actor)), now)
    return _("Kode tidak cocok atau sudah lewat. Ketik kode yang kini tampil di layar.")


def _schedule(
    request: Request, session: Session, actor: Actor, now: Now, form: Submitted[CodeWish] | None = None
) -> Response:
    coming = queries.my_next_sessions(session, actor, now)
    feed = queries.my_feed(session, actor)
    return render(
        request,
        "attendance/schedule.html",
        status=422 if form else 200,
        coming=coming,
        past=queries.my_past_sessions(session, actor, now),
        open_now=[each.meeting.id for each in coming if is_open(each.meeting, now) and not each.present],
        today=wib_date(now),
        address=f"{settings().base_url}/jadwal.ics?kunci={feed_token(feed)}" if feed else "",
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _stranger(request: Request) -> Response:
    """For who scans the code in the room without being in the class: what to do now, the same for no session."""
    return render(request, "attendance/stranger.html", status=404)


def _arrival(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    code: str,
    now: Now,
    form: Submitted[CodeWish] | None = None,
) -> Response:
    try:
        meeting, mine = queries.my_session(session, actor, public_id)
    except NotFound:
        return _stranger(request)
    noted = queries.noted_for(session, meeting).get(mine.id)
    closed = ""
    try:
        check_now(meeting, now)
    except Refusal as refusal:
        closed = refusal.message
    return render(
        request,
        "attendance/arrive.html",
        status=422 if form else 200,
        meeting=meeting,
        present=noted is not None and noted.present,
        closed=closed,
        code=code,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
