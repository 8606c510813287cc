"""Who runs a class: its sessions, the code in the room, the list, the signed sheet, files and corrections."""

from collections.abc import Sequence
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.foundation.sheets import read_rows
from elearn.foundation.web.files import pdf_response
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.learning.attendance import actions, queries
from elearn.learning.attendance.forms import CorrectionWish, ListWish, SessionWish
from elearn.learning.attendance.models import WAYS, ClassSession
from elearn.learning.attendance.rules import STEP, closes_at, code_at, is_open, opens_at, step_of
from elearn.learning.attendance.sheet import sign_in_sheet
from elearn.learning.cohorts.models import Cohort
from elearn.learning.cohorts.queries import cohort_run, participant_in
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import SignedIn

router = APIRouter()

SessionForm = Annotated[Submitted[SessionWish], Depends(submitted(SessionWish))]
ListForm = Annotated[Submitted[ListWish], Depends(submitted(ListWish))]
CorrectionForm = Annotated[Submitted[CorrectionWish], Depends(submitted(CorrectionWish))]

CLASS = "/kelola/angkatan/{cohort}/sesi"
PLACE = "/kelola/sesi/{class_session}"
LARGEST_FILE = 2 * 1024 * 1024


@router.get(CLASS)
def sessions(request: Request, cohort: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return _sessions(request, session, actor, cohort, now)


@router.post(CLASS)
def plan(request: Request, cohort: str, session: DbSession, actor: SignedIn, form: SessionForm, now: Now) -> Response:
    found = cohort_run(session, actor, cohort)
    with form.trying(session):
        meeting = actions.plan(session, actor, found, form.get(), now)
    if form.errors:
        return _sessions(request, session, actor, cohort, now, form)
    return _saved(session, meeting, found, _("Sesi tersimpan."))


@router.get(PLACE)
def show(request: Request, class_session: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return _show(request, session, actor, class_session, now)


@router.post(PLACE + "/hadir")
def note_list(
    request: Request, class_session: str, session: DbSession, actor: SignedIn, form: ListForm, now: Now
) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    with form.trying(session):
        fresh = actions.note_list(session, actor, meeting, form.get(), now)
    if form.errors:
        return _show(request, session, actor, class_session, now, form)
    place = f"/kelola/sesi/{class_session}"
    if form.value and not form.value.present:
        return redirect(place, _("Tidak ada yang dicentang, jadi tidak ada yang dicatat."), "w")
    said = _("%(n)s kehadiran dicatat.", n=fresh) if fresh else _("Tidak ada yang baru: semua sudah tercatat.")
    return redirect(place, said)


@router.get(PLACE + "/ubah")
def edit(request: Request, class_session: str, session: DbSession, actor: SignedIn) -> Response:
    return _edit(request, queries.session_run(session, actor, class_session))


@router.post(PLACE + "/ubah")
def change(
    request: Request, class_session: str, session: DbSession, actor: SignedIn, form: SessionForm, now: Now
) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    changed = 0
    with form.trying(session):
        changed = actions.change(session, actor, meeting, form.get(), now)
    if form.errors:
        return _edit(request, queries.session_run(session, actor, class_session), form)
    counted = _("JP %(n)s orang yang sudah lulus dihitung ulang.", n=changed) if changed else ""
    return _saved(session, meeting, meeting.cohort, " ".join(filter(None, [_("Sesi tersimpan."), counted])))


@router.post(PLACE + "/hapus")
def remove(class_session: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    place = f"/kelola/angkatan/{meeting.cohort.public_id}/sesi"
    actions.remove(session, actor, meeting, now)
    return redirect(place, _("Sesi dihapus."))


@router.get(PLACE + "/layar")
def screen(request: Request, class_session: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    return _screen(request, session, actor, class_session, now, "attendance/screen.html")


@router.get(PLACE + "/layar/kode")
def code_now(
    request: Request, class_session: str, session: DbSession, actor: SignedIn, now: Now, langkah: int = 0
) -> Response:
    """What the screen asks for every two seconds; 204 while the code is the same."""
    if langkah == step_of(now):
        queries.session_run(session, actor, class_session)
        return Response(status_code=204)
    return _screen(request, session, actor, class_session, now, "attendance/code.html")


def _screen(request: Request, session: Session, actor: Actor, public_id: str, now: Now, template: str) -> Response:
    meeting = queries.session_run(session, actor, public_id)
    code = code_at(settings().secret_key, meeting, step_of(now))
    address = f"{settings().base_url}/hadir/{meeting.public_id}?kode={code}"
    drawn = segno.make(address, error="m").svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    seconds = int(STEP.total_seconds())
    return render(
        request,
        template,
        meeting=meeting,
        step=step_of(now),
        code=code,
        qr=Markup(drawn),  # noqa: S704 - drawn here from our own address
        refresh=seconds - int(now.timestamp()) % seconds,
        open=is_open(meeting, now),
        opens=opens_at(meeting),
        closes=closes_at(meeting),
        host=settings().base_url.split("://", 1)[-1],
    )


@router.get(PLACE + "/lembar")
def sheet(request: Request, class_session: str, session: DbSession, noting: NotingSession, actor: SignedIn) -> Response:
    meeting, roll = _roll_taken(session, noting, actor, class_session, "halaman")
    return render(request, "attendance/sheet.html", meeting=meeting, roll=roll)


@router.get(PLACE + "/lembar.pdf")
def sheet_pdf(class_session: str, session: DbSession, noting: NotingSession, actor: SignedIn, now: Now) -> Response:
    meeting, roll = _roll_taken(session, noting, actor, class_session, "pdf")
    return pdf_response(sign_in_sheet(meeting, roll, wib_date(now)), f"Daftar hadir {meeting.title}.pdf")


def _roll_taken(
    session: Session, noting: Session, actor: Actor, public_id: str, form: str
) -> tuple[ClassSession, Sequence[queries.Listed]]:
    meeting = queries.session_run(session, actor, public_id)
    roll = queries.roll_of(session, meeting)
    actions.note_sheet(noting, actor, meeting, form, len(roll))
    return meeting, roll


@router.get(PLACE + "/unggah")
def choose_file(request: Request, class_session: str, session: DbSession, actor: SignedIn) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    return render(request, "attendance/upload.html", meeting=meeting, check=None)


@router.post(PLACE + "/unggah")
def check_file(
    request: Request, class_session: str, session: DbSession, actor: SignedIn, fields: FormFields
) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    check, errors = None, {}
    try:
        file = _file_in(fields)
        sheet = read_rows(file.file, file.filename or "", max_rows=actions.MOST_ROWS)
        check = actions.check_file(session, actor, meeting, sheet)
    except Invalid as refusal:
        errors = refusal.fields or {"file": refusal.message}
    status = 422 if errors else 200
    return render(request, "attendance/upload.html", status=status, meeting=meeting, check=check, errors=errors)


@router.post(PLACE + "/berkas")
def note_file(class_session: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    chosen = set(str(fields.get("participants", ""))[:100_000].split())
    fresh = actions.note_file(session, actor, meeting, chosen, now)
    return redirect(f"/kelola/sesi/{class_session}", _("%(n)s kehadiran dicatat.", n=fresh))


@router.get(PLACE + "/koreksi/{participant}")
def ask_correction(
    request: Request, class_session: str, participant: str, session: DbSession, actor: SignedIn
) -> Response:
    return _correction(request, session, actor, class_session, participant)


@router.post(PLACE + "/koreksi/{participant}")
def correct(
    request: Request,
    class_session: str,
    participant: str,
    session: DbSession,
    actor: SignedIn,
    form: CorrectionForm,
    now: Now,
) -> Response:
    meeting = queries.session_run(session, actor, class_session)
    who = participant_in(session, meeting.cohort, participant)
    jp = None
    with form.trying(session):
        jp = actions.correct(session, actor, meeting, who, form.get(), now)
    if form.errors:
        return _correction(request, session, actor, class_session, participant, form)
    said = _("Presensi %(name)s diperbaiki.", name=who.person.name)
    if jp is None:
        return redirect(f"/kelola/sesi/{class_session}", said)
    counted = _("JP-nya kini %(jp)s, tadinya %(was)s.", jp=jp[1], was=jp[0])
    replace = _("Bila sertifikatnya menyebut angka lain, admin kabupaten menerbitkan penggantinya.")
    return redirect(f"/kelola/sesi/{class_session}", f"{said} {counted} {replace}", "w")


def _file_in(fields: FormData) -> UploadFile:
    file = fields.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        sentence = _("Pilih berkas CSV atau XLSX.")
        raise Invalid(sentence, {"file": sentence})
    if file.size > LARGEST_FILE:
        sentence = _("Berkas lebih besar dari 2 MB. Bagi menjadi beberapa berkas.")
        raise Invalid(sentence, {"file": sentence})
    return file


def _saved(session: Session, meeting: ClassSession, cohort: Cohort, said: str) -> Response:
    place = f"/kelola/angkatan/{cohort.public_id}/sesi"
    others = queries.at_the_same_time(session, meeting, cohort)
    if others:
        named = ", ".join(f"{each.title} ({each.cohort.name})" for each in others[:3])
        return redirect(place, f"{said} " + _("Tempatnya juga dipakai pada jam itu: %(names)s.", names=named), "w")
    return redirect(place, said)


def _sessions(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    form: Submitted[SessionWish] | None = None,
) -> Response:
    cohort = cohort_run(session, actor, public_id)
    return render(
        request,
        "attendance/sessions.html",
        status=422 if form else 200,
        cohort=cohort,
        counted=queries.sessions_of(session, cohort),
        now=now,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _show(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    now: Now,
    form: Submitted[ListWish] | None = None,
) -> Response:
    meeting = queries.session_run(session, actor, public_id)
    roll = queries.roll_of(session, meeting)
    return render(
        request,
        "attendance/session.html",
        status=422 if form else 200,
        meeting=meeting,
        roll=roll,
        present=sum(each.present for each in roll),
        ways=WAYS,
        open=is_open(meeting, now),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _edit(request: Request, meeting: ClassSession, form: Submitted[SessionWish] | None = None) -> Response:
    shown = {
        "title": meeting.title,
        "day": wib_date(meeting.starts_at).isoformat(),
        "starts": f"{meeting.starts_at.astimezone(WIB):%H:%M}",
        "ends": f"{meeting.ends_at.astimezone(WIB):%H:%M}",
        "place": meeting.place,
        "link": meeting.link,
    }
    return render(
        request,
        "attendance/edit.html",
        status=422 if form else 200,
        meeting=meeting,
        shown=shown,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _correction(
    request: Request,
    session: Session,
    actor: Actor,
    public_id: str,
    participant: str,
    form: Submitted[CorrectionWish] | None = None,
) -> Response:
    meeting = queries.session_run(session, actor, public_id)
    who = participant_in(session, meeting.cohort, participant)
    return render(
        request,
        "attendance/correction.html",
        status=422 if form else 200,
        meeting=meeting,
        who=who,
        row=queries.noted_for(session, meeting).get(who.id),
        ways=WAYS,
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )
