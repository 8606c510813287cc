"""The table of forms, and what each is worth."""

from datetime import date

import pytest
from sqlalchemy import select

from elearn.foundation.errors import Invalid
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.queries import delivery_form, delivery_forms, rule_of
from elearn.teaching.delivery.rules import Effort, capped_minutes, jp_earned, most_a_day

TODAY = date(2026, 11, 28)


def test_all_25_forms_and_study_leave_are_there_with_bkns_ids(session):
    forms = delivery_forms(session)
    assert len(forms) == 26
    assert sorted(form.siasn_id for form in forms if form.siasn_id) == list(range(1, 26))
    assert [form.code for form in forms if form.history == "diklat"] == ["KL01"]
    assert sum(form.classical for form in forms) == 12


@pytest.mark.parametrize(
    ("code", "effort", "jp"),
    [
        ("KL03", Effort(minutes=899), 19),
        ("KL06", Effort(days=2), 8),
        ("KL06", Effort(days=2, international=True), 12),
        ("KL07", Effort(days=1), 5),
        ("NKL01", Effort(times=2), 4),
        ("NKL03", Effort(minutes=225), 5),
        ("NKL05", Effort(times=1, international=True), 24),
        ("NKL12", Effort(times=1), 20),
        ("NKL11", Effort(stated=7), 7),
        ("KL08", Effort(minutes=90, international=True), 2),
    ],
)
def test_a_form_gives_jp_by_its_own_measure(session, code, effort, jp):
    assert jp_earned(rule_of(session, code, TODAY), effort, 45) == jp


def test_a_form_that_is_none_is_refused_with_the_way_out(session):
    for ask in (lambda: rule_of(session, "KL99", TODAY), lambda: delivery_form(session, "KL99")):
        with pytest.raises(Invalid, match="KL99"):
            ask()


def test_the_rule_of_the_day_is_in_force(session):
    later = FormRule(
        form_code="NKL03", effective_from=date(2027, 1, 1), basis="daily", jp=4, source="Contoh peraturan baru"
    )
    session.add(later)
    session.flush()
    assert [rule_of(session, "NKL03", day).jp for day in (date(2026, 12, 31), date(2027, 1, 1))] == [3, 4]
    assert rule_of(session, "NKL03", date(1999, 1, 1)).jp == 3
    assert session.scalars(select(FormRule).filter_by(form_code="NKL03")).all() != []


def test_a_day_counts_up_to_its_cap_together_with_what_already_counts(session):
    rule = rule_of(session, "NKL03", TODAY)
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    cap = most_a_day(rule, False, 45)
    assert (cap, most_a_day(rule, True, 45)) == (135, 180)
    learned = {monday: 200, tuesday: 60}
    assert capped_minutes(learned, {monday: 90}, cap) == {monday: 45, tuesday: 60}
    assert capped_minutes(learned, {monday: 140}, cap) == {monday: 0, tuesday: 60}
    assert capped_minutes(learned, {}, most_a_day(rule_of(session, "KL03", TODAY), True, 45)) == learned
