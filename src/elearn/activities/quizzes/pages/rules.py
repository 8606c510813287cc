"""HTML face of quizzes for authors: the rules, more time or attempts for one learner, the preview."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.activities.quizzes import editing, queries
from elearn.activities.quizzes.forms import AllowanceWish, QuizWish
from elearn.foundation.i18n import N_, _
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.accounts.door import SignedIn
from elearn.teaching.courses.models import Activity
from elearn.teaching.courses.queries import taught_activity
from elearn.teaching.questions.grading import learner_view

router = APIRouter()
RulesForm = Annotated[Submitted[QuizWish], Depends(submitted(QuizWish))]
AllowanceForm = Annotated[Submitted[AllowanceWish], Depends(submitted(AllowanceWish))]
ASSESSMENTS = [
    ("quiz", N_("Kuis"), N_("Lulus bila nilai mencapai batas lulus.")),
    ("pretest", N_("Pre-test"), N_("Mengukur awal. Selesai setelah dikumpulkan, tanpa batas lulus.")),
    ("posttest", N_("Post-test"), N_("Nilainya menjadi nilai akhir pelatihan.")),
]
RELEASES = [
    ("after_submit", N_("Setelah dikumpulkan")),
    ("after_pass", N_("Setelah lulus")),
    ("after_close", N_("Setelah pelatihan ditutup")),
    ("never", N_("Tidak dibuka")),
]


@router.get("/ajar/kuis/{activity}/aturan")
def rules(request: Request, activity: str, session: DbSession, actor: SignedIn) -> Response:
    return _rules(request, session, taught_activity(session, actor, activity, "quiz"))


@router.post("/ajar/kuis/{activity}/aturan")
def save_rules(
    request: Request, activity: str, session: DbSession, actor: SignedIn, form: RulesForm, now: Now
) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    with form.trying(session):
        editing.change_rules(session, actor, found, form.get(), now)
    if form.errors:
        return _rules(request, session, found, form)
    return redirect(f"/ajar/{found.course.slug}#a-{activity}", _("Kuis tersimpan."))


@router.get("/ajar/kuis/{activity}/tambahan")
def allowances(request: Request, activity: str, session: DbSession, actor: SignedIn) -> Response:
    return _allowances(request, session, taught_activity(session, actor, activity, "quiz"))


@router.post("/ajar/kuis/{activity}/tambahan")
def allow(
    request: Request, activity: str, session: DbSession, actor: SignedIn, form: AllowanceForm, now: Now
) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    with form.trying(session):
        editing.allow(session, actor, found, form.get(), now)
    if form.errors:
        return _allowances(request, session, found, form)
    return redirect(f"/ajar/kuis/{activity}/tambahan", _("Tambahan tersimpan."))


@router.post("/ajar/kuis/{activity}/tambahan/{person}/hapus")
def disallow(activity: str, person: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    editing.disallow(session, actor, found, person, now)
    return redirect(f"/ajar/kuis/{activity}/tambahan", _("Tambahan dihapus."))


@router.get("/ajar/kuis/{activity}/pratinjau")
def preview(request: Request, activity: str, session: DbSession, actor: SignedIn) -> Response:
    found = taught_activity(session, actor, activity, "quiz")
    quiz = queries.quiz_of(session, found)
    versions = queries.versions_in_order(session, queries.drawn_versions(session, quiz))
    seeds = [(version, f"pratinjau:{version.id}") for version in versions]
    views = [learner_view(queries.draft_of(each), seed, shuffle=quiz.shuffle_options) for each, seed in seeds]
    return render(request, "quizzes/preview.html", activity=found, quiz=quiz, views=views)


def _rules(request: Request, session: Session, activity: Activity, form: Submitted[QuizWish] | None = None) -> Response:
    assessments = [(value, _(name), _(detail)) for value, name, detail in ASSESSMENTS]
    releases = [(value, _(name)) for value, name in RELEASES]
    return _form(request, session, activity, "quizzes/settings.html", form, assessments=assessments, releases=releases)


def _allowances(
    request: Request, session: Session, activity: Activity, form: Submitted[AllowanceWish] | None = None
) -> Response:
    given = queries.allowances_of(session, activity)
    return _form(request, session, activity, "quizzes/allowances.html", form, allowances=given)


def _form(
    request: Request, session: Session, activity: Activity, template: str, form: Submitted[Any] | None, **shown: Any
) -> Response:
    """A page of the quiz's desk with a form, empty or as it was refused."""
    return render(
        request,
        template,
        status=422 if form else 200,
        activity=activity,
        quiz=queries.quiz_of(session, activity),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
        **shown,
    )
