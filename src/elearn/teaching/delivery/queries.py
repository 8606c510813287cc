"""Questions about delivery forms: which there are, and what is in force on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.teaching.delivery.models import DeliveryForm, FormRule


def delivery_forms(session: Session) -> Sequence[DeliveryForm]:
    """All forms in the order of the regulation's table."""
    return session.scalars(select(DeliveryForm).order_by(DeliveryForm.position)).all()


def delivery_form(session: Session, code: str) -> DeliveryForm:
    """The form with this code. Raises Invalid for a code that is none."""
    found = session.get(DeliveryForm, code)
    if found is None:
        raise Invalid(_("Bentuk %(code)s tidak dikenal. Pilih salah satu dari daftar bentuk.", code=code))
    return found


def rules_on(session: Session, day: date) -> list[tuple[DeliveryForm, FormRule]]:
    """Every form with its rule in force on a day, in the order of the regulation's table."""
    rules = select(FormRule).order_by(FormRule.effective_from.desc())
    by_form: dict[str, list[FormRule]] = {}
    for rule in session.scalars(rules):
        by_form.setdefault(rule.form_code, []).append(rule)
    return [
        (form, next((rule for rule in by_form[form.code] if rule.effective_from <= day), by_form[form.code][-1]))
        for form in delivery_forms(session)
    ]


def rule_of(session: Session, code: str, day: date) -> FormRule:
    """The rule of a form in force on a day; before its first one, that first one. Raises Invalid for no form."""
    rules = session.scalars(select(FormRule).filter_by(form_code=code).order_by(FormRule.effective_from)).all()
    if not rules:
        raise Invalid(_("Bentuk %(code)s tidak dikenal. Pilih salah satu dari daftar bentuk.", code=code))
    return next((rule for rule in reversed(rules) if rule.effective_from <= day), rules[0])
