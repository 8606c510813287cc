"""HTML face of banks: the questions of the courses that one teaches, found, written, pasted and retired."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.banks import actions
from elearn.teaching.banks.forms import NewBank, NewQuestion, NewText
from elearn.teaching.banks.queries import (
    OwnBank,
    QuestionFilter,
    own_bank,
    own_banks,
    own_question,
    questions_page,
    read_for,
    topics_of,
)
from elearn.teaching.banks.results import results_of
from elearn.teaching.courses.queries import taught_course, taught_courses
from elearn.teaching.questions.drafts import faults_of_key
from elearn.teaching.questions.forms import (
    QuestionWish,
    blank,
    drafted,
    kind_choices,
    level_choices,
    question_form,
    reshown,
    typed_from,
)
from elearn.teaching.questions.models import QuestionVersion
from elearn.teaching.questions.queries import authored

router = APIRouter()
BankForm = Annotated[Submitted[NewBank], Depends(submitted(NewBank))]
NewQuestionForm = Annotated[Submitted[NewQuestion], Depends(submitted(NewQuestion))]
QuestionForm = Annotated[Submitted[QuestionWish], Depends(submitted(QuestionWish))]
TextForm = Annotated[Submitted[NewText], Depends(submitted(NewText))]


def filter_of(
    pelatihan: str = "", bank: str = "", topik: str = "", tingkat: str = "", jenis: str = "", q: str = ""
) -> QuestionFilter:
    """What the address says of the list's filter."""
    return QuestionFilter(pelatihan, bank, topik.strip().lower(), tingkat, jenis, q[:200])


@router.get("/ajar/bank")
def questions(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    wish: Annotated[QuestionFilter, Depends(filter_of)],
    halaman: int = 1,
) -> Response:
    actor.must(Permission.TEACH)
    page = questions_page(session, actor, wish, halaman)
    banks = own_banks(session, actor)
    return render(
        request,
        "banks/questions.html",
        wish=wish,
        page=page,
        banks=_by_course(banks),
        courses=list({each.course.slug: each.course.title for each in banks}.items()),
        writable=_writable(banks),
        topics=[(topic, topic) for topic in topics_of(session, actor, wish)],
        kinds=kind_choices(),
        levels=level_choices(),
        unfinished={row.id for row in page.rows if faults_of_key(authored(row))},
        results=results_of(session, [row.question_id for row in page.rows]),
    )


@router.get("/ajar/bank/baru")
def new_bank(request: Request, session: DbSession, actor: SignedIn, pelatihan: str = "") -> Response:
    actor.must(Permission.TEACH)
    return _bank_page(request, session, actor, Submitted({"course": pelatihan}))


@router.post("/ajar/bank/baru")
def add_bank(request: Request, session: DbSession, actor: SignedIn, form: BankForm, now: Now) -> Response:
    actor.must(Permission.TEACH)
    if form.value is None:
        return _bank_page(request, session, actor, form)
    course = taught_course(session, actor, form.value.course)
    bank = actions.add_bank(session, actor, course, form.value.name, now)
    return redirect(f"/ajar/bank/soal?bank={bank.public_id}", _("Bank soal dibuat. Tulis soal pertamanya."))


@router.get("/ajar/bank/soal")
def new_question(request: Request, session: DbSession, actor: SignedIn, bank: str = "", jenis: str = "") -> Response:
    actor.must(Permission.TEACH)
    return _new_page(request, session, actor, blank(jenis) | {"bank": bank})


@router.post("/ajar/bank/soal")
def add_question(
    request: Request, session: DbSession, actor: SignedIn, form: NewQuestionForm, fields: FormFields, now: Now
) -> Response:
    actor.must(Permission.TEACH)
    if again := reshown(form.typed, fields.get("lakukan")):
        return _new_page(request, session, actor, again)
    with form.trying(session):
        wish = form.get()
        actions.add_question(session, actor, own_bank(session, actor, wish.bank).bank, drafted(wish), now)
    if form.errors:
        return _new_page(request, session, actor, form.typed, form.errors)
    return redirect(f"/ajar/bank/soal?bank={wish.bank}&jenis={wish.kind}", _("Soal tersimpan."))


@router.get("/ajar/bank/teks")
def new_text(request: Request, session: DbSession, actor: SignedIn, bank: str = "") -> Response:
    actor.must(Permission.TEACH)
    return _text_page(request, session, actor, {"bank": bank})


@router.post("/ajar/bank/teks")
def add_text(request: Request, session: DbSession, actor: SignedIn, form: TextForm, now: Now) -> Response:
    actor.must(Permission.TEACH)
    count = 0
    with form.trying(session):
        wish = form.get()
        count = actions.add_text(session, actor, own_bank(session, actor, wish.bank).bank, wish.text, now)
    if form.errors:
        return _text_page(request, session, actor, form.typed, form.errors)
    return redirect(f"/ajar/bank?bank={wish.bank}", _("%(n)s soal ditambahkan.", n=count))


@router.get("/ajar/bank/soal/{question}")
def edit(request: Request, question: str, session: DbSession, actor: SignedIn) -> Response:
    found = own_question(session, actor, question)
    return _edit_page(request, session, actor, found, typed_from(authored(found), found.number))


@router.post("/ajar/bank/soal/{question}")
def change(
    request: Request,
    question: str,
    session: DbSession,
    actor: SignedIn,
    form: QuestionForm,
    fields: FormFields,
    now: Now,
) -> Response:
    found = own_question(session, actor, question)
    if again := reshown(form.typed, fields.get("lakukan")):
        return _edit_page(request, session, actor, found, again)
    with form.trying(session):
        actions.change_question(session, actor, found.question, drafted(form.get()), form.get().version, now)
    if form.errors:
        # What was undone must be read again.
        return _edit_page(request, session, actor, own_question(session, actor, question), form.typed, form.errors)
    return redirect(f"/ajar/bank?bank={found.question.bank.public_id}", _("Soal tersimpan."))


@router.post("/ajar/bank/soal/{question}/lepas")
def retire(question: str, session: DbSession, actor: SignedIn, now: Now) -> Response:
    found = own_question(session, actor, question)
    actions.retire_question(session, actor, found.question, now)
    return redirect(f"/ajar/bank?bank={found.question.bank.public_id}", _("Soal dilepas."))


def _bank_page(request: Request, session: Session, actor: Actor, form: Submitted[NewBank]) -> Response:
    courses = [(course.slug, course.title) for course in taught_courses(session, actor) if not course.from_files]
    return render(
        request,
        "banks/bank.html",
        status=422 if form.errors else 200,
        courses=courses,
        errors=form.errors,
        typed=form.typed,
    )


def _new_page(
    request: Request, session: Session, actor: Actor, typed: dict[str, Any], errors: dict[str, str] | None = None
) -> Response:
    return render(
        request,
        "banks/question.html",
        status=422 if errors else 200,
        found=None,
        banks=_writable(own_banks(session, actor)),
        **question_form(typed, errors),
    )


def _text_page(
    request: Request, session: Session, actor: Actor, typed: dict[str, Any], errors: dict[str, str] | None = None
) -> Response:
    banks = own_banks(session, actor)
    chosen = next((each.bank for each in banks if each.bank.public_id == typed.get("bank")), None)
    return render(
        request,
        "banks/text.html",
        status=422 if errors else 200,
        banks=_writable(banks),
        problems=read_for(session, chosen, typed["text"]).problems if "text" in typed else [],
        errors=errors or {},
        typed=typed,
    )


def _edit_page(
    request: Request,
    session: Session,
    actor: Actor,
    found: QuestionVersion,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> Response:
    owner = own_bank(session, actor, found.question.bank.public_id)
    return render(
        request,
        "banks/question.html",
        status=422 if errors else 200,
        found=found,
        owner=owner,
        draft=authored(found),
        result=results_of(session, [found.question_id]).get(found.question_id),
        **question_form(typed, errors),
    )


def _writable(banks: Sequence[OwnBank]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The banks that one may write into, as choices by course."""
    return _by_course([each for each in banks if not each.course.from_files])


def _by_course(banks: Sequence[OwnBank]) -> list[tuple[str, list[tuple[str, str]]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in banks:
        found.setdefault(each.course.title, []).append((each.bank.public_id, each.bank.name))
    return list(found.items())
