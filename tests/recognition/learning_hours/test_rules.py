"""What a year's JP mean for a PNS and for a PPPK, by the rule of that year."""

from datetime import date

import pytest

from elearn.foundation.settings import JpRule, Settings
from elearn.recognition.learning_hours.rules import YearlyJp, filled, forecast, spread

RULE = JpRule(effective_from=date(2018, 1, 1))


@pytest.mark.parametrize(("earned", "missing"), [(0, 20), (19, 1), (20, 0), (31, 0)])
def test_a_pns_owes_at_least_twenty(earned, missing):
    jp = YearlyJp(2026, earned, earned, "PNS", RULE)
    assert (jp.owes, jp.target, jp.missing, jp.recognised) == (True, 20, missing, earned)


@pytest.mark.parametrize("kind", ["PPPK", "PPPK_PARUH_WAKTU"])
@pytest.mark.parametrize(("earned", "recognised"), [(0, 0), (24, 24), (30, 24)])
def test_of_a_pppk_at_most_twenty_four_are_recognised_and_none_are_owed(kind, earned, recognised):
    jp = YearlyJp(2026, earned, earned, kind, RULE)
    assert (jp.owes, jp.target, jp.missing, jp.recognised) == (False, 24, 0, recognised)


def test_the_rule_of_the_day_counts():
    later = JpRule(effective_from=date(2027, 7, 1), minutes_per_jp=60, least_jp_pns=30)
    settings = Settings(jp_rules=[later, RULE])
    assert settings.jp_rule(date(2027, 6, 30)).minutes_per_jp == 45
    assert settings.jp_rule(date(2027, 7, 1)).least_jp_pns == 30
    assert settings.jp_rule(date(2001, 1, 1)) == RULE


def test_home_and_achievements_say_the_same(ani, session):
    ani.person.asn_kind = "PPPK"
    session.commit()
    for path in ("/", "/capaian"):
        assert "PPPK: paling banyak 24 JP setahun" in ani.get(path).text
    ani.person.asn_kind = "PNS"
    session.commit()
    for path in ("/", "/capaian"):
        assert "Kurang 20 JP" in ani.get(path).text


def test_what_no_activity_accounts_for_counts_on_the_last_day():
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert spread({monday: 60}, 90, tuesday) == {monday: 60, tuesday: 30}
    assert spread({monday: 60}, 45, tuesday) == {monday: 60}
    assert spread({}, 90, tuesday) == {tuesday: 90}


def test_minutes_fill_the_first_days_first():
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert filled({tuesday: 135, monday: 100}, 150) == {monday: 100, tuesday: 50}
    assert filled({monday: 100}, 0) == {monday: 0}
    assert filled({monday: 100}, 500) == {monday: 100}


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 2, 1), None), (date(2026, 7, 2), 19), (date(2026, 12, 31), 10), (date(2027, 5, 1), None)],
)
def test_the_year_is_forecast_from_its_pace(today, expected):
    assert forecast(YearlyJp(2026, 10, 10, "PNS", RULE), today) == expected
