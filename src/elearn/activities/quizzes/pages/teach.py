"""HTML face of quizzes for authors: all questions on one page, by form, by pasted text, or at random from a bank."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.activities.quizzes import editing, queries
from elearn.activities.quizzes.forms import DrawWish
from elearn.activities.quizzes.models import Quiz
from elearn.activities.quizzes.rules import random_draws, standing_within
from elearn.foundation.i18n import _
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.accounts.door import SignedIn
from elearn.teaching.banks import actions as banks
from elearn.teaching.banks.queries import read_for
from elearn.teaching.courses.models import Activity
from elearn.teaching.courses.queries import taught_activity
from elearn.teaching.questions.drafts import QuestionDraft, faults_of_key
from elearn.teaching.questions.forms import (
    PastedText,
    QuestionWish,
    blank,
    drafted,
    question_form,
    reshown,
    typed_from,
)
from elearn.teaching.questions.models import QuestionBank
from elearn.teaching.questions.queries import authored, topic_counts

router = APIRouter()
QuestionForm = Annotated[Submitted[QuestionWish], Depends(submitted(QuestionWish))]
TextForm = Annotated[Submitted[PastedText], Depends(submitted(PastedText))]
DrawForm = Annotated[Submitted[DrawWish], Depends(submitted(DrawWish))]
WAYS = ("soal", "teks", "bank")


@router.get("/ajar/kuis/{activity}")
def edit(
    request: Request,
    activity: str,
    session: DbSession,
    actor: SignedIn,
    tambah: str = "soal",
    ubah: str = "",
    jenis: str = "",
) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    typed = blank(jenis)
    if ubah:
        version = queries.own_question(session, queries.quiz_of(session, found), ubah)
        typed = typed_from(authored(version), version.number)
    return _page(request, session, found, way=tambah, changing=ubah, typed=typed)


@router.post("/ajar/kuis/{activity}")
def add(
    request: Request,
    activity: str,
    session: DbSession,
    actor: SignedIn,
    form: QuestionForm,
    fields: FormFields,
    now: Now,
) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    if again := reshown(form.typed, fields.get("lakukan")):
        return _page(request, session, found, typed=again)
    with form.trying(session):
        draft = drafted(form.get())
        banks.add_question(session, actor, editing.own_bank(session, actor, found, now), draft, now)
    if form.errors:
        return _page(request, session, found, typed=form.typed, errors=form.errors)
    return redirect(f"/ajar/kuis/{activity}?jenis={draft.kind}", *_saved(draft))


@router.post("/ajar/kuis/{activity}/teks")
def paste(request: Request, activity: str, session: DbSession, actor: SignedIn, form: TextForm, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    count = 0
    with form.trying(session):
        bank = editing.own_bank(session, actor, found, now)
        count = banks.add_text(session, actor, bank, form.get().text, now)
    if form.errors:
        return _page(request, session, found, way="teks", typed=form.typed, errors=form.errors)
    return redirect(f"/ajar/kuis/{activity}", _("%(n)s soal ditambahkan.", n=count))


@router.post("/ajar/kuis/{activity}/ambil")
def draw(request: Request, activity: str, session: DbSession, actor: SignedIn, form: DrawForm, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    with form.trying(session):
        editing.add_draw(session, actor, found, form.get(), now)
    if form.errors:
        return _page(request, session, found, way="bank", typed=form.typed, errors=form.errors)
    return redirect(f"/ajar/kuis/{activity}?tambah=bank#acak", _("Soal acak ditambahkan."))


@router.post("/ajar/kuis/{activity}/ambil/lepas")
def drop_draw(activity: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    editing.remove_draw(session, actor, found, str(fields.get("source", ""))[:150], now)
    return redirect(f"/ajar/kuis/{activity}#acak", _("Soal acak dilepas."))


@router.post("/ajar/kuis/{activity}/soal/{question}")
def change(
    request: Request,
    activity: str,
    question: str,
    session: DbSession,
    actor: SignedIn,
    form: QuestionForm,
    fields: FormFields,
    now: Now,
) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    version = queries.own_question(session, queries.quiz_of(session, found), question)
    if again := reshown(form.typed, fields.get("lakukan")):
        return _page(request, session, found, changing=question, typed=again)
    with form.trying(session):
        draft, seen = drafted(form.get()), form.get().version
        banks.change_question(session, actor, version.question, draft, seen, now)
    if form.errors:
        return _page(request, session, found, changing=question, typed=form.typed, errors=form.errors)
    return redirect(f"/ajar/kuis/{activity}#q-{question}", *_saved(draft))


@router.post("/ajar/kuis/{activity}/soal/{question}/pindah")
def move(activity: str, question: str, session: DbSession, actor: SignedIn, fields: FormFields, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    version = queries.own_question(session, queries.quiz_of(session, found), question)
    banks.move_question(session, actor, version.question, fields.get("ke") == "turun", now)
    return redirect(f"/ajar/kuis/{activity}#q-{question}")


@router.post("/ajar/kuis/{activity}/soal/{question}/lepas")
def take_out(activity: str, question: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    version = queries.own_question(session, queries.quiz_of(session, found), question)
    banks.retire_question(session, actor, version.question, now)
    return redirect(f"/ajar/kuis/{activity}", _("Soal dilepas."))


def _page(
    request: Request,
    session: Session,
    activity: Activity,
    *,
    typed: dict[str, Any],
    way: str = "soal",
    changing: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    quiz = queries.quiz_of(session, activity)
    questions = [(version.question, authored(version)) for version in queries.own_questions(session, quiz)]
    return render(
        request,
        "quizzes/edit.html",
        status=422 if errors else 200,
        activity=activity,
        quiz=quiz,
        questions=[(question, draft, faults_of_key(draft)) for question, draft in questions],
        way=way if way in WAYS else "soal",
        changing=changing,
        problems=read_for(session, queries.bank_of(session, quiz), typed["text"]).problems if "text" in typed else [],
        **question_form(typed, errors),
        **_chances(session, activity, quiz),
    )


def _chances(session: Session, activity: Activity, quiz: Quiz) -> dict[str, Any]:
    """What the quiz takes at random, and what it could take: the course's banks with their topics and numbers."""
    offers = {bank.id: bank for bank in queries.course_banks(session, quiz, activity.course_id)}
    counts = topic_counts(session, offers)
    draws = [
        (
            f"{offers[draw.bank].public_id}:{draw.topic}",
            offers[draw.bank].name,
            draw,
            standing_within(counts, draw.bank, draw.topic),
        )
        for draw in random_draws(quiz.draws)
        if draw.bank in offers
    ]
    return {"draws": draws, "sources": [(bank.name, _topics(bank, counts)) for bank in offers.values()]}


def _topics(bank: QuestionBank, counts: dict[tuple[int, str], int]) -> list[tuple[str, str]]:
    """What can be chosen of a bank: all of it, then each topic with those below it."""
    parts = [topic.split("/") for place, topic in counts if place == bank.id and topic]
    paths = sorted({"/".join(part[:depth]) for part in parts for depth in range(1, len(part) + 1)})
    return [
        (
            f"{bank.public_id}:{path}",
            _("%(topic)s: %(n)s soal", topic=path or _("Semua topik"), n=standing_within(counts, bank.id, path)),
        )
        for path in ["", *paths]
    ]


def _saved(draft: QuestionDraft) -> tuple[str, str]:
    """What is said after saving, and how: an unfinished question is kept and told about."""
    found = faults_of_key(draft)
    if not found:
        return _("Soal tersimpan."), "ok"
    return _("Soal tersimpan, tetapi belum lengkap. %(what)s", what=found[0].message), "w"
