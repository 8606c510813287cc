"""HTML face of readings for learners: the lesson, its practice questions and exercises."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from elearn.activities.readings import actions
from elearn.activities.readings.queries import blocks_of, exercise_texts, practice_answers
from elearn.activities.readings.rules import practice_seed
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.turns import quick
from elearn.foundation.web.forms import FormFields
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now, short_write
from elearn.learning.player.actions import finish as finish_activity
from elearn.learning.player.actions import report
from elearn.learning.player.forms import Ping
from elearn.learning.player.queries import Desk, desk
from elearn.learning.progress.actions import note_opened
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.lesson import Practice
from elearn.teaching.questions.answers import raw_answer
from elearn.teaching.questions.grading import learner_view, released_view

router = APIRouter()


@router.get("/belajar/{activity}/bacaan")
@quick
def show(request: Request, activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "reading")
    if here.here.progress is None or here.enrolment.last_activity_id != here.activity.id:
        with short_write(request.app.state.database) as noting:
            note_opened(noting, actor, here.enrolment, here.activity, now)
    return _page(request, session, here)


@router.post("/belajar/{activity}/bacaan/waktu")
@quick
def ping(activity: str, session: DbSession, actor: SignedIn, told: Ping, now: Now) -> Response:
    here = desk(session, actor, activity, "reading")
    progress = report(session, actor, here, told, now)
    return JSONResponse({"done": progress.completed})


@router.post("/belajar/{activity}/bacaan/selesai")
@quick
def finish(activity: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    here = desk(session, actor, activity, "reading")
    progress = finish_activity(session, actor, here, now)
    if not progress.completed and here.activity.completion == "exercise":
        return redirect(here.here.path, _("Simpan jawaban latihan dahulu, lalu lanjut."), "w")
    if not progress.completed:
        left = max(1, here.activity.least_seconds - progress.active_seconds)
        return redirect(here.here.path, _("Baca sedikit lagi: kurang %(n)s detik.", n=left), "w")
    return redirect(here.next.path if here.next else f"/pelatihan/{here.course.slug}")


@router.post("/belajar/{activity}/bacaan/soal/{item}")
@quick
def answer(
    request: Request, activity: str, item: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    here = desk(session, actor, activity, "reading")
    try:
        actions.answer_practice(session, actor, here, item, raw_answer(fields), now)
    except Invalid as refusal:
        return _page(request, session, here, errors={item: refusal.message}, status=422)
    return redirect(f"{here.here.path}#{item}")


@router.post("/belajar/{activity}/bacaan/latihan/{item}")
@quick
def save_exercise(
    activity: str, item: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now
) -> Response:
    here = desk(session, actor, activity, "reading")
    ticked = [int(str(value)) for value in fields.getlist("checks") if str(value).isdigit()]
    actions.save_exercise(session, actor, here, item, str(fields.get("text", "")), ticked, now)
    return redirect(f"{here.here.path}#{item}", _("Jawaban Anda tersimpan."))


def _page(
    request: Request, session: DbSession, here: Desk, *, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    answers = practice_answers(session, here)
    blocks = blocks_of(session, here.activity)
    views = {block.key: _view(block, here, answers) for block in blocks if isinstance(block, Practice)}
    return render(
        request,
        "readings/lesson.html",
        status=status,
        desk=here,
        blocks=[(type(block).__name__.lower(), block) for block in blocks],
        views=views,
        texts=exercise_texts(session, here),
        errors=errors or {},
    )


def _view(block: Practice, here: Desk, answers: dict[str, Any]) -> dict[str, Any]:
    seed = practice_seed(here.enrolment.public_id, block.key)
    given = answers.get(block.key)
    if given is None:
        return {"asked": learner_view(block.draft, seed), "told": None}
    return {"told": released_view(block.draft, seed, given, shuffle=True)}
