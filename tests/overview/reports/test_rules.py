"""Sums of whole subtrees, months without gaps."""

from datetime import date

from elearn.overview.reports.rules import Sum, of_branches, without_gaps
from elearn.people.organisation.models import Unit


def unit(number, path, name, closed=False):
    above = [int(part) for part in path.strip("/").split("/")][:-1]
    return Unit(
        id=number,
        path=path,
        name=name,
        code=str(number),
        parent_id=above[-1] if above else None,
        valid_to=date(2025, 1, 1) if closed else None,
    )


ROOT = unit(1, "/1/", "Kabupaten")
DINAS = unit(2, "/1/2/", "Dinas")
SEKOLAH = unit(3, "/1/2/3/", "Sekolah")
RSUD = unit(4, "/1/4/", "RSUD")
LAMA = unit(5, "/1/5/", "Lama", closed=True)
ALL = [ROOT, DINAS, SEKOLAH, RSUD, LAMA]


def told(rows):
    return [(branch.name if branch else None, each.completions) for branch, each in rows]


def test_a_lone_top_shows_what_lies_directly_below_it():
    sums = {2: Sum(1, 2), 3: Sum(4, 8), 1: Sum(1, 1), None: Sum(2, 2)}
    assert told(of_branches(ALL, sums, None)) == [("Dinas", 5), (None, 2), ("Kabupaten", 1), ("RSUD", 0)]


def test_a_top_without_own_people_has_no_row():
    assert told(of_branches(ALL, {3: Sum(1, 2)}, None)) == [("Dinas", 1), ("RSUD", 0)]


def test_a_chosen_unit_shows_itself_and_its_children():
    assert told(of_branches(ALL, {2: Sum(1, 2), 3: Sum(4, 8)}, DINAS)) == [("Sekolah", 4), ("Dinas", 1)]


def test_two_tops_stand_side_by_side():
    assert told(of_branches([DINAS, SEKOLAH, RSUD], {3: Sum(4, 8)}, None)) == [("Dinas", 4), ("RSUD", 0)]


def test_a_closed_unit_shows_only_what_it_has():
    assert "Lama" not in dict(told(of_branches(ALL, {3: Sum(1, 1)}, None)))
    assert dict(told(of_branches(ALL, {5: Sum(1, 1)}, None)))["Lama"] == 1


def test_months_without_completions_stand_between_the_others():
    sums = {"2025-11": Sum(1, 2), "2026-02": Sum(3, 6)}
    assert [month for month, _sum in without_gaps(sums)] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert without_gaps({}) == []
