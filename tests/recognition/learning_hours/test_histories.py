"""For whatever people learned, here and elsewhere, and officers corrected or took back, wherever people moved: the sums
agree, no day and no month exceeds its cap, no line was edited."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from tests import academy, world
from tests.often import often
from tests.recognition.learning_hours.test_ledger import MONDAY, SYSTEM, learned

from elearn.foundation.errors import Conflict, Invalid
from elearn.overview.attainment.queries import AttainmentFilters, standings
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.people.accounts.tenure import place
from elearn.people.directory.actions import change_person
from elearn.people.directory.forms import PersonDraft
from elearn.recognition.external_records.actions import approve, take_back
from elearn.recognition.external_records.forms import Approval, TakingBack
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.queries import earned_of, my_account, recognised_of, yearly_jp

COURSES = st.tuples(
    st.booleans(),
    st.sampled_from(["NKL03", "NKL04", "NKL09"]),
    st.dictionaries(st.integers(0, 4), st.integers(1, 400), min_size=1, max_size=4),
)
ELSEWHERE = st.tuples(
    st.booleans(),
    st.sampled_from(["KL06", "KL10", "NKL01", "NKL03"]),
    st.integers(0, 4),
    st.integers(0, 3),
    st.integers(1, 9),
)
CORRECTIONS = st.tuples(st.integers(0, 99), st.integers(0, 12))
TAKINGS_BACK = st.tuples(st.integers(0, 99))
MOVES = st.tuples(st.booleans(), st.booleans(), st.just("moves"), st.just(None))
HISTORIES = st.lists(st.one_of(COURSES, ELSEWHERE, CORRECTIONS, TAKINGS_BACK, MOVES), min_size=1, max_size=12)
CAPS = {"NKL03": 135, "NKL09": 90}
TIMES = {"NKL01": 2}
_numbers = count()


@given(history=HISTORIES)
@settings(max_examples=often(12), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_happened_the_account_holds(database, session, cast, dewi, now, history):
    session.commit()
    people, admin = {cast.ani.id: cast.sekolah.code, cast.eko.id: cast.kesehatan.code}, dewi.actor
    whose = list(people)
    undone = database.connection.begin_nested()
    with database.write() as inside:
        place(inside, SYSTEM, whose, now)
        lines, records = [], []
        for step in history:
            match step:
                case (who, form, dict() as minutes):
                    lines.append(studied(inside, whose[who], now, form, minutes))
                case (who, form, first, more, jp):
                    records.append(filed(inside, whose[who], form, MONDAY + timedelta(days=first), more, jp))
                    lines.append(approved(inside, admin, records[-1], now))
                case (which, jp) if lines:
                    corrected(inside, admin, lines[which % len(lines)][0], jp, now)
                case (which,) if records:
                    lines += taken_back_or_approved_again(inside, admin, records[which % len(records)], now)
                case (who, there, "moves", _):
                    transferred(inside, admin, whose[who], "DIK" if there else "KES")
        holds(inside, whose, lines)
        past_stands(inside, admin, people)
    undone.rollback()


def studied(session, person_id, now, form, minutes):
    """A course of these minutes by day; gives its line and what it said when it was written."""
    days = {MONDAY + timedelta(days=n): each for n, each in minutes.items()}
    course = world.a_course(session, f"riwayat-{next(_numbers)}", minutes=sum(days.values()), form=form)
    enrolment = learned(session, session.get_one(Person, person_id), course, days)
    line = credit_course(session, SYSTEM, enrolment.id, now)
    return line, written(line)


def filed(session, person_id, form, started_on, more, jp):
    """A record of learning elsewhere, which an officer may decide."""
    person = session.get_one(Person, person_id)
    days = {"started_on": started_on, "ended_on": started_on + timedelta(days=more)}
    return academy.a_record(session, person, form_code=form, jp=jp, number=f"RIWAYAT-{next(_numbers)}", **days)


def approved(session, admin, record, now):
    approve(session, admin, record.public_id, Approval(note="Contoh."), now)
    line = session.scalars(select(LedgerLine).order_by(LedgerLine.id.desc()).limit(1)).one()
    return line, written(line)


def taken_back_or_approved_again(session, admin, record, now):
    """Gives the new line, where there is one."""
    try:
        take_back(session, admin, record.public_id, TakingBack(reason="Contoh."), now)
    except Conflict:
        return [approved(session, admin, record, now)]
    return []


def corrected(session, admin, line, jp, now):
    with suppress(Invalid):
        correct(session, admin, line.public_id, Correction(jp=jp, reason="Pembetulan contoh."), now)


def transferred(session, admin, person_id, unit):
    """To another unit, in the year that follows."""
    person = session.get_one(Person, person_id)
    wish = PersonDraft(name=person.name, nip=person.nip, position=person.position, unit=unit)
    change_person(session, admin, person, wish, datetime(2027, 2, 1, 3, tzinfo=UTC))


def past_stands(session, admin, people):
    """The report of the year still has everybody in the unit held then, with all that the lines of the year say."""
    filters = AttainmentFilters(2026, stood_on=date(2026, 12, 31))
    told = {
        row.public_id: (row.unit_code, row.jp.earned, row.jp.counted)
        for row in standings(session, admin, filters, 1).rows
    }
    sums = {
        person_id: tuple(map(int, jp))
        for person_id, *jp in session.execute(
            text("SELECT person_id, sum(jp_earned), sum(jp_recognised) FROM ledger_lines WHERE year = 2026 GROUP BY 1")
        )
    }
    for person_id, unit in people.items():
        assert told[session.get_one(Person, person_id).public_id] == (unit, *sums.get(person_id, (0, 0)))


def written(line):
    return {column.name: getattr(line, column.name) for column in LedgerLine.__table__.columns}


def holds(session, people, lines):
    sums_agree(session, people, [2026])
    earned_once(session)
    caps_hold(session)
    months = Counter(
        (line.person_id, line.form_code)
        for line, _before in lines
        if line.form_code in TIMES and recognised_of(session, line)
    )
    assert all(times <= TIMES[form] for (_person, form), times in months.items())
    for line, before in lines:
        assert 0 <= recognised_of(session, line) <= earned_of(session, line) <= line.jp_earned
        session.refresh(line)
        assert written(line) == before
    keys = session.scalars(select(LedgerLine.key)).all()
    assert len(keys) == len(set(keys))


def sums_agree(session, people, years):
    """What the pages show of each account is the sum of its lines, by the application and by plain SQL."""
    plain = {
        (person_id, year): (earned, counted)
        for person_id, year, earned, counted in session.execute(
            text(
                "SELECT person_id, year, sum(jp_earned), sum(jp_recognised) FROM ledger_lines GROUP BY person_id, year"
            )
        )
    }
    assert all(person_id in people and year in years for person_id, year in plain)
    for person_id in people:
        actor = actor_for(session, person_id)
        for year in years:
            shown, account = (asked(session, actor, year, MONDAY) for asked in (yearly_jp, my_account))
            assert (shown.earned, shown.counted) == plain.get((person_id, year), (0, 0))
            assert shown == account.jp
            assert shown.counted == sum(line.jp_recognised for line in account.lines)


COUNTS_NOW = """
SELECT l.person_id, l.year, sum(l.jp_earned) FROM ledger_lines l WHERE l.source IN ('course', 'placement') OR EXISTS
(SELECT 1 FROM external_records r WHERE r.state = 'approved' AND l.key = 'record:' || r.public_id || ':' || r.rounds)
GROUP BY l.person_id, l.year
"""


def earned_once(session):
    """What is earned is the sum over what counts now: an approval that was taken back earns nothing, a new one once."""
    plain = "SELECT person_id, year, sum(jp_earned) FROM ledger_lines GROUP BY person_id, year"
    earned, counts = (
        {(person_id, year): int(jp) for person_id, year, jp in session.execute(text(asked)) if jp}
        for asked in (plain, COUNTS_NOW)
    )
    assert earned == counts


def caps_hold(session):
    """No day counts for more minutes than its form allows."""
    days = Counter()
    for person_id, form, day, counted in session.execute(
        text(
            "SELECT l.person_id, l.form_code, d.day, d.counted FROM ledger_days d "
            "JOIN ledger_lines l ON l.id = d.line_id"
        )
    ):
        days[person_id, form, day] += counted
    assert all(0 <= minutes <= CAPS.get(form, 10_000) for (_person, form, _day), minutes in days.items())
