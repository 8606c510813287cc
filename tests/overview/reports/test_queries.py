"""Completions by filters: the same rows and sums as SQL of the test's own."""

from datetime import date

import pytest
from sqlalchemy import select

from elearn.foundation.errors import Forbidden, NotFound
from elearn.foundation.tables import csv_lines
from elearn.learning.enrolment.models import Enrolment
from elearn.overview.reports.filters import CompletionFilters, filters_for, kept_by, reported_courses
from elearn.overview.reports.queries import (
    COLUMNS,
    completion_lines,
    completions,
    every_completion,
    sums_by_course,
    sums_by_month,
    sums_by_unit,
    totals,
)
from elearn.people.accounts.models import Person
from tests.overview.reports.done import asked_in_sql, many_completions, random_filters


@pytest.fixture
def done(session, cast):
    return many_completions(session, cast)


def as_told(rows):
    """Scores to two digits, however the database rounds."""
    return [(*row[:7], None if row[7] is None else pytest.approx(row[7], abs=0.006), row[8]) for row in rows]


def test_rows_and_sums_are_those_of_plain_sql_for_any_filter(session, database, done, dewi):
    """E2"""
    for wish in random_filters(30, seed=7):
        wanted = asked_in_sql(session, **wish)
        filters = filters_for(session, dewi.actor, **wish)
        rows = list(every_completion(database.read, dewi.actor, filters))
        assert [tuple(row) for row in rows] == as_told(wanted), wish
        sums = totals(session, dewi.actor, filters)
        assert (sums.completions, sums.people) == (len(wanted), len({row[0] for row in wanted})), wish
        assert sums.jp == sum(row[5] for row in wanted)
        for by in (sums_by_course, sums_by_unit, sums_by_month):
            parts = by(session, dewi.actor, filters).values()
            assert sum(part.completions for part in parts) == len(wanted)
            assert sum(part.jp for part in parts) == sums.jp


def test_an_opd_admin_has_the_rows_of_the_own_subtree_only(session, database, done, citra):
    """Z3"""
    for wish in random_filters(20, seed=11):
        if wish["unit"] not in ("", "DIK", "DIK.SD1"):
            with pytest.raises(NotFound):
                filters_for(session, citra.actor, **wish)
            continue
        filters = filters_for(session, citra.actor, **wish)
        rows = [tuple(row) for row in every_completion(database.read, citra.actor, filters)]
        assert rows == as_told(asked_in_sql(session, **wish, within="DIK")), wish
        assert totals(session, citra.actor, filters).completions == len(rows)


def test_a_foreign_unit_that_was_slipped_in_gives_nothing(session, database, done, cast, citra):
    filters = CompletionFilters(unit=cast.kesehatan)
    assert list(every_completion(database.read, citra.actor, filters)) == []
    assert totals(session, citra.actor, filters).completions == 0
    assert completions(session, citra.actor, filters).rows == []


def test_what_a_unit_achieved_stays_its_own_when_people_move(session, done, cast, citra, fitri):
    before = totals(session, citra.actor, CompletionFilters())
    for mover in session.scalars(select(Person).filter_by(unit_id=cast.sekolah.id)).all():
        mover.unit_id = cast.kesehatan.id
    session.commit()
    assert totals(session, citra.actor, CompletionFilters()) == before


def test_pages_join_into_the_whole_in_both_directions(session, database, done, dewi):
    whole = list(every_completion(database.read, dewi.actor, CompletionFilters()))
    page = completions(session, dewi.actor, CompletionFilters(), limit=7)
    forward = [page]
    assert page.previous == ""
    while page.next:
        page = completions(session, dewi.actor, CompletionFilters(), after=page.next, limit=7)
        forward.append(page)
    assert [row for each in forward for row in each.rows] == whole
    backward = [page]
    while page.previous:
        page = completions(session, dewi.actor, CompletionFilters(), before=page.previous, limit=7)
        backward.insert(0, page)
    assert [row for each in backward for row in each.rows] == whole


def test_a_chunk_more_or_less_changes_nothing_nor_a_sign_between_cells(session, database, done, dewi, monkeypatch):
    reported = kept_by(dewi.actor, CompletionFilters())
    some = session.scalars(
        select(Person).where(Person.id.in_(select(Enrolment.person_id).where(*reported))).limit(3)
    ).all()
    for person, name in zip(some, ("Nama\x1fDua", 'Nama; "Dua"', "Nama\x1e"), strict=False):
        person.name = name
    session.commit()
    whole = list(every_completion(database.read, dewi.actor, CompletionFilters()))
    assert any("\x1f" in row.nama for row in whole)
    for size in (1, 7, len(whole)):
        monkeypatch.setattr("elearn.overview.reports.queries.CHUNK", size)
        assert list(every_completion(database.read, dewi.actor, CompletionFilters())) == whole
        lines = b"".join(completion_lines(database.read, dewi.actor, CompletionFilters()))
        assert lines == b"".join(csv_lines(COLUMNS, whole))


def test_months_are_those_of_the_wall_calendar(session, done, dewi):
    """00.00 WIB on the first of April is still March in UTC."""
    april = filters_for(session, dewi.actor, since=date(2026, 4, 1), until=date(2026, 4, 30))
    assert set(sums_by_month(session, dewi.actor, april)) == {"2026-04"}
    assert list(sums_by_month(session, dewi.actor, CompletionFilters())) == [
        "2025-12",
        "2026-01",
        "2026-03",
        "2026-04",
        "2026-11",
    ]


def test_whoever_may_not_see_reports_gets_none(session, database, done, ani, budi):
    for visitor in (ani, budi):
        for question in (totals, completions, sums_by_course, sums_by_unit, sums_by_month):
            with pytest.raises(Forbidden):
                question(session, visitor.actor, CompletionFilters())
        with pytest.raises(Forbidden):
            next(every_completion(database.read, visitor.actor, CompletionFilters()))
        with pytest.raises(Forbidden):
            reported_courses(session, visitor.actor)


def test_unknown_courses_and_units_are_named_in_a_sentence(session, done, citra):
    with pytest.raises(NotFound, match="tidak-ada"):
        filters_for(session, citra.actor, course="tidak-ada")
    for code in ("TIDAK", "KES", "KAB"):
        with pytest.raises(NotFound, match=code):
            filters_for(session, citra.actor, unit=code)
