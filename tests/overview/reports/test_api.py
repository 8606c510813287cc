"""Completions for programs: the numbers of the screen and the files."""

import pytest
from sqlalchemy import event, select

from elearn.people.audit.models import AuditEntry
from tests.overview.reports.done import asked_in_sql, many_completions, random_filters

ADDRESS = "/api/v1/completions"
WORDS = {"course": "course", "unit": "unit", "words": "q", "since": "since", "until": "until"}


@pytest.fixture
def done(session, cast):
    return many_completions(session, cast)


def walked(program, wish, limit):
    """All rows, page by page."""
    asked = {WORDS[name]: str(word) for name, word in wish.items() if word}
    rows, after = [], ""
    while after is not None:
        answer = program.get(ADDRESS, params={**asked, "limit": limit, "after": after})
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["items"]) <= limit
        rows += answer.json()["items"]
        after = answer.json()["next"]
    return rows


def as_json(rows):
    return [
        (*row[:6], row[6].isoformat(), None if row[7] is None else pytest.approx(row[7], abs=0.006), row[8])
        for row in rows
    ]


def test_rows_are_those_of_plain_sql_for_any_filter(session, done, dewi):
    """E2"""
    program = dewi.program("completions:read")
    for n, wish in enumerate(random_filters(30, seed=5)):
        rows = walked(program, wish, limit=(7, 200)[n % 2])
        assert [tuple(row.values()) for row in rows] == as_json(asked_in_sql(session, **wish)), wish
    assert list(rows[0] if rows else walked(program, {}, 200)[0]) == [
        "nip", "nama", "unit_kode", "unit", "pelatihan", "jp", "selesai_pada", "nilai", "nomor_sertifikat"
    ]  # fmt: skip


def test_an_opd_admin_has_the_own_subtree_only(session, done, citra):
    """Z3"""
    program = citra.program("completions:read")
    rows = walked(program, {}, limit=4)
    assert rows
    assert [tuple(row.values()) for row in rows] == as_json(asked_in_sql(session, within="DIK"))
    assert {row["unit_kode"] for row in rows} <= {"DIK", "DIK.SD1"}
    for unit in ("KES", "KAB", "TIDAKADA"):
        assert program.get(ADDRESS, params={"unit": unit}).status_code == 404


def test_a_page_goes_on_only_from_a_completion_within_reach(done, citra, dewi):
    outside = dewi.program("completions:read").get(ADDRESS, params={"unit": "KES", "limit": 1}).json()["next"]
    assert outside
    for after in (outside, "tidak-ada"):
        refused = citra.program("completions:read").get(ADDRESS, params={"after": after})
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["after"])


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"since": "2026-13-01"}, "since"),
        ({"since": "0001-01-01"}, "since"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
        ({"unit_kode": "DIK"}, "unit_kode"),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(done, dewi, query, named):
    refused = dewi.program("completions:read").get(ADDRESS, params=query)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [named])


def test_a_list_costs_the_same_however_long_it_is(done, dewi, database):
    program, seen = dewi.program("completions:read"), []
    event.listen(database.connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
    program.get(ADDRESS, params={"limit": 1})
    short, seen[:] = len(seen), []
    program.get(ADDRESS, params={"limit": 200})
    assert len(seen) == short


def test_every_page_that_a_program_reads_leaves_a_line_in_the_audit(session, done, dewi):
    program = dewi.program("completions:read")
    first = program.get(ADDRESS, params={"course": "etika-asn", "since": "2026-01-01", "limit": 2}).json()
    program.get(ADDRESS, params={"course": "etika-asn", "since": "2026-01-01", "limit": 2, "after": first["next"]})
    program.get(ADDRESS, params={"unit": "TIDAKADA"})
    wanted = select(AuditEntry).filter_by(action="completions.exported").order_by(AuditEntry.id)
    entries = session.scalars(wanted).all()
    assert [entry.actor_id for entry in entries] == [dewi.person.id] * 2
    assert [entry.after["after"] for entry in entries] == [None, first["next"]]
    noted = entries[0].after
    assert (noted["format"], noted["course"], noted["since"], noted["rows"]) == ("api", "etika-asn", "2026-01-01", 2)
    assert all(entry.reason.startswith("token: ") for entry in entries)
