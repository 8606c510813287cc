"""Questions about delivery forms: which there are, and what is in force on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.teaching.delivery.models import DeliveryForm, FormRule
from elearn.teaching.delivery.rules import in_force


def delivery_forms(session: Session) -> Sequence[DeliveryForm]:
    """All forms in the order of the regulation's table."""
    return session.scalars(select(DeliveryForm).order_by(DeliveryForm.position)).all()


def delivery_form(session: Session, code: str) -> DeliveryForm:
    """The form with this code. Raises Invalid for a code that is none."""
    found = session.get(DeliveryForm, code)
    if found is None:
        raise Invalid(_("Bentuk %(code)s tidak dikenal. Pilih salah satu dari daftar bentuk.", code=code))
    return found


def rules_by_form(session: Session, codes: Collection[str] | None = None) -> dict[str, list[FormRule]]:
    """The rules of these forms, of all unless told, the earliest first."""
    wanted = select(FormRule).order_by(FormRule.effective_from)
    found: dict[str, list[FormRule]] = {}
    for rule in session.scalars(wanted if codes is None else wanted.where(FormRule.form_code.in_(codes))):
        found.setdefault(rule.form_code, []).append(rule)
    return found


def rules_on(session: Session, day: date) -> list[tuple[DeliveryForm, FormRule]]:
    """Every form with its rule in force on a day, in the order of the regulation's table."""
    rules = rules_by_form(session)
    return [(form, in_force(rules[form.code], day)) for form in delivery_forms(session)]


def rule_of(session: Session, code: str, day: date) -> FormRule:
    """The rule of a form in force on a day; before its first one, that first one. Raises Invalid for no form."""
    rules = rules_by_form(session, [code]).get(code)
    if not rules:
        raise Invalid(_("Bentuk %(code)s tidak dikenal. Pilih salah satu dari daftar bentuk.", code=code))
    return in_force(rules, day)


def form_for(session: Session, actor: Actor, code: str) -> DeliveryForm:
    """The form whose rules the actor may set; NotFound for any other."""
    found = session.get(DeliveryForm, code) if actor.may(Permission.SET_JP_RULES) else None
    if found is None:
        raise NotFound
    return found
