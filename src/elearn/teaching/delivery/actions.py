"""Verbs of delivery forms: a new version of a rule, and taking back one that nothing was counted by."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict, NotFound
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.teaching.delivery.forms import VersionWish
from elearn.teaching.delivery.models import DeliveryForm, FormRule
from elearn.teaching.delivery.queries import rules_by_form
from elearn.teaching.delivery.rules import check_version

_NUMBERS = ("basis", "jp", "jp_international", "times_a_month", "source")


def add_version(session: Session, actor: Actor, form: DeliveryForm, wish: VersionWish, today: date) -> FormRule:
    """Let a form count otherwise from a day on. What was counted before stays; counting again is a deed of its own.

    Raises Invalid by field for a rule that cannot count or a day that is closed.
    """
    versions = _locked(session, actor, form)
    rule = FormRule(
        form_code=form.code,
        effective_from=wish.since,
        basis=wish.basis,
        jp=wish.jp,
        jp_international=wish.jp_abroad,
        times_a_month=wish.times,
        source=wish.source,
    )
    check_version(versions, rule, today)
    session.add(rule)
    session.flush()
    record(session, actor, "form.rule_added", rule, after=_told(rule))
    return rule


def withdraw_version(session: Session, actor: Actor, form: DeliveryForm, since: date) -> None:
    """Take back the last version while nothing was counted by it. Raises Conflict afterwards, and for the only one."""
    versions = _locked(session, actor, form)
    rule = next((each for each in versions if each.effective_from == since), None)
    if rule is None:
        raise NotFound
    if rule is versions[0] or rule is not versions[-1]:
        raise Conflict(_("Hanya versi terakhir yang dapat dicabut. Tambahkan versi baru bila ada perubahan."))
    record(session, actor, "form.rule_withdrawn", rule, before=_told(rule))
    try:
        with session.begin_nested():
            session.delete(rule)
    except IntegrityError as used:
        sentence = _("Sudah ada JP yang dihitung dengan versi ini. Tambahkan versi baru untuk mengubahnya.")
        raise Conflict(sentence) from used


def _locked(session: Session, actor: Actor, form: DeliveryForm) -> list[FormRule]:
    """The form's versions, while nobody else adds one."""
    actor.must(Permission.SET_JP_RULES)
    session.get_one(DeliveryForm, form.code, with_for_update=True, populate_existing=True)
    return rules_by_form(session, [form.code]).get(form.code, [])


def _told(rule: FormRule) -> dict[str, str | int | None]:
    numbers = {name: getattr(rule, name) for name in _NUMBERS}
    return {"form": rule.form_code, "since": rule.effective_from.isoformat(), **numbers}
