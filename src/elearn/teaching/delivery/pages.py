"""The regency admin's pages of forms: what each is worth, since when, and a new version of a rule."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.i18n import _, format_date
from elearn.foundation.web.forms import Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.teaching.delivery import actions
from elearn.teaching.delivery.forms import VersionWish, WithdrawalWish
from elearn.teaching.delivery.models import DeliveryForm
from elearn.teaching.delivery.queries import delivery_forms, form_for, rules_by_form
from elearn.teaching.delivery.rules import BASES, in_force, in_full, open_since

router = APIRouter()
PLACE = "/kelola/bentuk"
FORM = PLACE + "/{form}"
VersionForm = Annotated[Submitted[VersionWish], Depends(submitted(VersionWish))]
WithdrawalForm = Annotated[Submitted[WithdrawalWish], Depends(submitted(WithdrawalWish))]


@router.get(PLACE)
def show(request: Request, session: DbSession, actor: SignedIn, now: Now) -> Response:
    actor.must(Permission.SET_JP_RULES)
    rules, today = rules_by_form(session), wib_date(now)
    rows = [
        (form, in_force(rules[form.code], today), [each for each in rules[form.code] if each.effective_from > today])
        for form in delivery_forms(session)
    ]
    return render(request, "delivery/forms.html", rows=rows, in_full=in_full)


@router.get(FORM)
def edit(request: Request, session: DbSession, actor: SignedIn, form: str, now: Now) -> Response:
    return _form(request, session, form_for(session, actor, form), now)


@router.post(FORM)
def add(request: Request, session: DbSession, actor: SignedIn, form: str, wish: VersionForm, now: Now) -> Response:
    found = form_for(session, actor, form)
    with wish.trying(session):
        rule = actions.add_version(session, actor, found, wish.get(), wib_date(now))
        day = format_date(rule.effective_from)
        said = _("Aturan baru berlaku sejak %(day)s. JP yang sudah tercatat belum berubah.", day=day)
        return redirect(f"{PLACE}/{form}", said)
    return _form(request, session, found, now, wish)


@router.post(FORM + "/cabut")
def withdraw(session: DbSession, actor: SignedIn, form: str, wish: WithdrawalForm) -> Response:
    actions.withdraw_version(session, actor, form_for(session, actor, form), wish.get().since)
    return redirect(f"{PLACE}/{form}", _("Versi itu dicabut."))


def _form(
    request: Request, session: Session, form: DeliveryForm, now: Now, wish: Submitted[VersionWish] | None = None
) -> Response:
    versions, today = rules_by_form(session, [form.code])[form.code], wib_date(now)
    return render(
        request,
        "delivery/form.html",
        status=422 if wish else 200,
        form=form,
        versions=versions[::-1],
        current=in_force(versions, today),
        bases=[(key, _(name)) for key, name in BASES.items()],
        bases_named={key: _(name) for key, name in BASES.items()},
        in_full=in_full,
        open_since=open_since(today),
        errors=wish.errors if wish else {},
        typed=wish.typed if wish else {},
    )
