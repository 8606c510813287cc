"""Whatever is typed late, with whatever TMT: the end of each year is as the decrees say, and no line of JP moves."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Refusal
from elearn.overview.attainment.queries import AttainmentFilters, standings, standings_by_name, tallies
from elearn.people.accounts.models import Person, Placement
from elearn.people.accounts.queries import unit_on
from elearn.people.accounts.tenure import place
from elearn.people.directory.actions import change_person
from elearn.people.directory.forms import LeavingWish, PersonDraft, StartWish
from elearn.people.directory.leaving import let_go, move_start, take_back_leaving
from elearn.people.organisation.models import Unit
from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.queries import kind_in
from tests import academy
from tests.often import often

UNITS, KINDS = ("DIK.SD1", "DIK", "KES"), ("PNS", "PPPK")
SYSTEM_STARTS = date(2025, 6, 1)
ENDS = tuple(date(year, 12, 31) for year in (2025, 2026, 2027))
# Days later that something is typed, what it is, what it says, and how many days ago it holds; None: nothing is said.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 150),
        st.sampled_from(["move", "move", "move", "leave", "take back", "correct", "learn"]),
        st.integers(0, 5),
        st.one_of(st.none(), st.integers(-3, 40), st.integers(0, 700)),
    ),
    min_size=1,
    max_size=9,
)


@dataclass
class Told:
    """What was accepted: since when which unit and kind hold, or that nobody serves; it undoes what it reaches."""

    deeds: list[tuple[date, tuple[str, str] | None]] = field(default_factory=list)

    def add(self, since, what, today):
        first, *rest = self.deeds
        self.deeds = [] if first[0] == since == today else [first]
        self.deeds += [each for each in rest if each[0] < since]
        if not self.deeds or self.deeds[-1][1] != what:
            self.deeds.append((since, what))

    def on(self, day):
        return next((what for since, what in reversed(self.deeds) if since <= day), self.deeds[0][1])


@given(steps=STEPS, noted_late=st.booleans())
@settings(max_examples=often(10), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_each_years_end_is_as_the_decrees_say_and_no_line_moves(database, session, cast, dewi, steps, noted_late):
    session.commit()
    who, admin = cast.ani.id, dewi.actor
    undone = database.connection.begin_nested()
    try:
        with database.write() as inside:
            story(inside, admin, who, steps, SYSTEM_STARTS + timedelta(days=400 * noted_late))
    finally:
        undone.rollback()


def story(session, admin, who, steps, began):
    place(session, admin, [who], moment(began))
    told, today, lines = Told([(began, ("DIK.SD1", "PNS"))]), began, {}
    for later, deed, which, ago in steps:
        today += timedelta(days=later)
        since, sums = None if ago is None else today - timedelta(days=ago), by_unit(session)
        if deed == "learn":
            learned(session, admin, who, today)
            lines |= {id: line for id, line in all_lines(session).items() if id not in lines}
        else:
            done(session, admin, who, told, deed, (UNITS[which % 3], KINDS[which % 2]), since, today)
            assert by_unit(session) == sums
        assert all_lines(session) == lines
        unbroken(session, who)
    ends_as_told(session, admin, who, told, known_since=began if began == SYSTEM_STARTS else None)


def moment(day):
    return datetime.combine(day, time(3), UTC)


def done(session, admin, who, told, deed, what, since, today):
    """One deed of an admin; what is accepted is told, what is refused changes nothing. A day to come never is."""
    person, now, before = session.get_one(Person, who), moment(today), rows(session, who)
    accepted = None
    with suppress(Refusal), session.begin_nested():
        match deed:
            case "move":
                unit, kind = what
                draft = PersonDraft(
                    name=person.name, nip=person.nip, unit=unit, asn_kind=kind, position=person.position, tmt=since
                )
                if change_person(session, admin, person, draft, now):
                    accepted = since or today, what
            case "leave":
                let_go(session, admin, person, LeavingWish(alasan="pensiun", tmt=since or today), now)
                accepted = since or today, None
            case "take back" if person.status == "left":
                take_back_leaving(session, admin, person, now)
                told.deeds.pop()
                return
            case "correct" if since:
                move_start(session, admin, person, StartWish(tmt=since), now)
                accepted = since, told.deeds.pop()[1]
    if accepted is None:
        assert rows(session, who) == before
        assert deed != "move" or since is not None or person.status == "left" or unmoved(session, person, what)
        return
    assert accepted[0] <= today
    told.add(*accepted, today)


def unmoved(session, person, what):
    return (session.get_one(Unit, person.unit_id).code, person.asn_kind) == what


def learned(session, admin, who, today):
    """An approved record of a seminar on the day before."""
    day = today - timedelta(days=1)
    dates = {"started_on": day, "ended_on": day, "form_code": "KL06", "number": f"TMT-{today}"}
    record = academy.a_record(session, session.get_one(Person, who), jp=4, **dates)
    with suppress(Refusal):
        approve(session, admin, record.public_id, Approval(note="Contoh."), moment(today))


def all_lines(session):
    columns = LedgerLine.__table__.c
    return {row.id: tuple(row) for row in session.execute(select(*columns))}


def by_unit(session):
    summed = select(LedgerLine.unit_id, func.sum(LedgerLine.jp_earned)).group_by(LedgerLine.unit_id)
    return dict(map(tuple, session.execute(summed)))


def rows(session, who):
    mine = select(Placement).filter_by(person_id=who).order_by(Placement.id).execution_options(populate_existing=True)
    return [(each.unit_id, each.asn_kind, each.valid_from, each.valid_to) for each in session.scalars(mine)]


def unbroken(session, who):
    """Nobody is in two places on a day, and in none only once he or she left."""
    spans = sorted((first, last) for _unit, _kind, first, last in rows(session, who))
    left = session.get_one(Person, who).status == "left"
    for (_first, last), (first, _last) in pairwise(spans):
        assert last == first - timedelta(days=1)
    assert (spans[-1][1] is not None) == left


def ends_as_told(session, admin, who, told, known_since):
    person = session.get_one(Person, who)
    for day in ENDS:
        what, asked = told.on(day), AttainmentFilters(day.year, stood_on=day)
        everybody = tallies(session, admin, asked)
        found = [
            next((row for row in page.rows if row.public_id == person.public_id), None)
            for page in (standings(session, admin, asked, 1), standings_by_name(session, admin, asked, 1, 100))
        ]
        if what is None:
            assert found == [None, None]
            continue
        unit = session.scalars(select(Unit).filter_by(code=what[0])).one()
        assert [row.unit_code for row in found] == [unit.code] * 2
        assert unit_on(session, who, day) == unit.id
        assert everybody[unit.id].people >= 1
        if known_since and known_since <= day:
            assert {row.jp.asn_kind for row in found} == {what[1]}
            assert kind_in(session, person, day.year, wib_date(moment(date(2029, 1, 1)))) == what[1]
