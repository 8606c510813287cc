"""An admin enrols others."""

from datetime import date

import pytest
from sqlalchemy import func, select

from elearn.foundation.jobs.worker import run_pending
from elearn.learning.enrolment.models import Enrolment, EnrolmentBatch
from elearn.learning.enrolment.rules import read_nips
from tests import world
from tests.conftest import NOW

DUE = date(2027, 1, 31)


@pytest.fixture
def course(session, cast):
    made = world.a_course(session)
    session.commit()
    return made


def wish(for_course, **fields):
    return {"course": for_course.slug, "by": "unit", "unit": "DIK", "nips": "", "due_on": DUE.isoformat(), **fields}


def enrolled(session, course):
    active = select(Enrolment).filter_by(course_id=course.id, withdrawn_at=None)
    return {each.person_id: each for each in session.scalars(active.execution_options(populate_existing=True))}


def test_nips_are_read_as_they_are_pasted():
    found = read_nips("19850101 201001 2 001, 197902022005011002\n\nsalah;'198003032008012003")
    assert [(each.line, each.digits) for each in found] == [
        (1, "198501012010012001"),
        (1, "197902022005011002"),
        (3, ""),
        (3, "198003032008012003"),
    ]


def test_looking_first_writes_nothing(citra, course, session):
    page = citra.post("/kelola/pendaftaran/periksa", wish(course))
    assert page.status_code == 200
    assert "Daftarkan 2 orang" in page.text
    assert enrolled(session, course) == {}


def test_a_unit_is_enrolled_with_its_subtree_and_the_due_day_is_on_the_home_page(citra, ani, eko, course, session):
    page = citra.post("/kelola/pendaftaran", wish(course))
    assert page.headers["location"].startswith("/kelola/pendaftaran/")
    found = enrolled(session, course)
    assert set(found) == {ani.person.id, citra.person.id}
    assert found[ani.person.id].due_on == DUE
    assert found[ani.person.id].source == "admin"
    assert "31" in ani.get("/").text
    assert "2 orang" in citra.get("/kelola/pendaftaran").text


def test_doing_it_twice_enrols_nobody_twice_and_leaves_due_days_unless_asked(citra, ani, course, session):
    citra.post("/kelola/pendaftaran", wish(course))
    citra.post("/kelola/pendaftaran", wish(course, due_on="2027-02-28"))
    assert enrolled(session, course)[ani.person.id].due_on == DUE
    citra.post("/kelola/pendaftaran", wish(course, due_on="2027-02-28", moves_due="1"))
    assert enrolled(session, course)[ani.person.id].due_on == date(2027, 2, 28)
    assert session.scalar(select(func.count(Enrolment.id))) == 2


def test_people_of_another_opd_are_as_unknown_as_wrong_numbers(citra, ani, eko, course, session):
    pasted = f"{ani.person.nip}\n{eko.person.nip}\n123"
    page = citra.post("/kelola/pendaftaran/periksa", wish(course, by="nip", nips=pasted)).text
    assert "Daftarkan 1 orang" in page
    assert "Baris 2" in page
    assert "Baris 3" in page
    assert "Eko" not in page
    citra.post("/kelola/pendaftaran", wish(course, by="nip", nips=pasted))
    assert set(enrolled(session, course)) == {ani.person.id}


def test_a_number_that_is_pasted_twice_is_told_and_counts_once(citra, ani, course, session):
    pasted = f"{ani.person.nip}\n19850101 201001 2 001"
    page = citra.post("/kelola/pendaftaran/periksa", wish(course, by="nip", nips=pasted)).text
    assert "Daftarkan 1 orang" in page
    assert "NIP yang muncul lebih dari sekali dihitung sekali." in page
    assert "19850101 201001 2 001" in page


def test_a_foreign_unit_cannot_be_chosen(citra, eko, course, session):
    answer = citra.post("/kelola/pendaftaran", wish(course, unit="KES"))
    assert answer.status_code == 422
    assert enrolled(session, course) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"course": "entah"},
        {"due_on": "2020-01-01"},
        {"due_on": "besok"},
        {"unit": ""},
        {"by": "nip", "nips": ""},
        {"by": "nip", "nips": "1\n" * 5_001},
        {"by": "semua"},
    ],
)
def test_wrong_forms_come_back_with_what_was_typed(citra, course, session, fields):
    answer = citra.post("/kelola/pendaftaran/periksa", wish(course, **fields))
    assert answer.status_code == 422
    assert "e-es" in answer.text
    assert enrolled(session, course) == {}


def test_drafts_and_closed_courses_take_nobody(citra, session, cast):
    for slug, fields in (("draf", {"state": "draft"}), ("tutup", {"closes_on": date(2020, 1, 1)})):
        made = world.a_course(session, slug, **fields)
        session.commit()
        assert citra.post("/kelola/pendaftaran", wish(made)).status_code == 422


def test_undoing_withdraws_those_who_have_not_begun(citra, ani, course, session):
    place = citra.post("/kelola/pendaftaran", wish(course)).headers["location"]
    enrolled(session, course)[ani.person.id].last_seen_at = NOW
    session.commit()
    citra.post(place + "/batal")
    assert set(enrolled(session, course)) == {ani.person.id}
    assert "1 pendaftaran dibatalkan" in citra.get(place).text
    citra.post("/kelola/pendaftaran", wish(course))
    assert len(enrolled(session, course)) == 2


def test_a_batch_is_its_makers(citra, fitri, dewi, course, session):
    place = citra.post("/kelola/pendaftaran", wish(course)).headers["location"]
    for visitor in (fitri, dewi):
        assert visitor.get(place).status_code == 404
        assert visitor.post(place + "/batal").status_code == 404


def test_many_are_enrolled_by_a_job_that_may_start_over(dewi, course, session, cast, database):
    for n in range(1_100):
        world.a_person(session, f"Contoh {n}", str(10**17 + n), cast.sekolah)
    session.commit()
    job = dewi.post("/kelola/pendaftaran", wish(course, unit="KAB")).headers["location"]
    assert job.startswith("/pekerjaan/")
    run_pending(database.write)
    found = enrolled(session, course)
    assert len(found) == 1_107
    batch = session.scalar(select(EnrolmentBatch).execution_options(populate_existing=True))
    assert batch.enrolled == 1_107
    assert f"/kelola/pendaftaran/{batch.public_id}" in dewi.get(job).text
