from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from tests import world

from elearn.foundation.errors import Invalid
from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import issue
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.numbering.actions import save_scheme
from elearn.recognition.numbering.forms import SchemeWish
from elearn.recognition.numbering.models import NumberScheme
from elearn.recognition.numbering.rules import Stands, check_pattern, number, prefix_pattern

SYSTEM = Actor.system("tests")
PLACE = "/kelola/sertifikat/penomoran"
WISH = {"name": "Diklat teknis", "pattern": "800.2/{running:04}/{organiser_code}/{month_roman}/{year}", "start": "7"}


def done(session, person, course, now):
    return world.enrolled(session, person, course, completed_at=now, completed_jp=2, completed_unit_id=person.unit_id)


def issued(session, person, course, now):
    return issue(session, SYSTEM, done(session, person, course, now).id, now).number


def test_every_field_is_written():
    pattern = "{running}-{running:04}-{year}-{month}-{month_roman}-{organiser_code}-{form_code}"
    assert number(pattern, Stands(7, date(2026, 8, 1), "BKPSDM", "KL03")) == "7-0007-2026-08-VIII-BKPSDM-KL03"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{nomor}/{year}", "Isian {nomor} tidak dikenal. Yang ada: {running}, {year}, {month}"),
        ("{running.real}/{year}", "tidak dikenal"),
        ("{running[0]}/{year}", "tidak dikenal"),
        ("{}/{year}", "tidak dikenal"),
        ("{running!r}/{year}", "tanpa tambahan"),
        ("{running:09999}/{year}", "tanpa tambahan"),
        ("{year:>90}/{running}", "tanpa tambahan"),
        ("BKPSDM/{year}", "Tambahkan {running}"),
        ("{running}", "Tambahkan {year}"),
        ("{running}/{year", "tidak berpasangan"),
        ("{running}/{year}/" + "x" * 80, "terlalu panjang"),
    ],
)
def test_a_pattern_that_cannot_number_is_refused_in_words(pattern, said):
    with pytest.raises(Invalid, match=said.replace("{", "\\{").replace("}", "\\}")):
        check_pattern(pattern, "BKPSDM")


def test_a_prefix_of_the_settings_is_always_a_right_pattern():
    check_pattern(prefix_pattern("BKP{SDM}"), "")


def test_the_admin_makes_looks_at_and_changes_a_scheme(session, dewi, cast, now):
    assert dewi.post(PLACE + "/baru", WISH).status_code == 422  # the code is missing
    ahead = dewi.post(PLACE + "/baru", {**WISH, "organiser_code": "BKPSDM", "look": "1"})
    assert ahead.status_code == 200
    year = datetime.now(UTC).year
    assert f"/{year}" in ahead.text
    assert "800.2/0007/BKPSDM/" in ahead.text
    assert "800.2/0009/BKPSDM/" in ahead.text
    assert session.scalar(select(NumberScheme)) is None
    assert dewi.post(PLACE + "/baru", {**WISH, "organiser_code": "BKPSDM"}).status_code == 303
    twice = dewi.post(PLACE + "/baru", {**WISH, "organiser_code": "LAIN"})
    assert (twice.status_code, "Sudah ada pola" in twice.text) == (422, True)
    scheme = session.scalars(select(NumberScheme)).one()
    assert "800.2/0007" in dewi.get(PLACE).text
    changed = dewi.post(f"{PLACE}/{scheme.public_id}", {**WISH, "organiser_code": "BKD"})
    assert changed.status_code == 303
    session.refresh(scheme)
    assert scheme.organiser_code == "BKD"


def test_two_schemes_do_not_write_the_same_numbers(session, dewi):
    pattern = "A/{running:04}/{year}"
    save_scheme(session, dewi.actor, SchemeWish(name="Satu", pattern=pattern), datetime.now(UTC))
    with pytest.raises(Invalid, match="nomor yang sama"):
        save_scheme(session, dewi.actor, SchemeWish(name="Dua", pattern=pattern, organiser="X"), datetime.now(UTC))


def test_a_course_is_numbered_by_its_own_scheme_else_its_organisers_else_everybodys(session, cast, dewi, now):
    course = world.a_course(session, organiser="Dinas Contoh")
    other = world.a_course(session, "lain", organiser="Dinas Lain")
    assert issued(session, cast.ani, course, now) == "BKPSDM/0001/2026"
    save = lambda **wish: save_scheme(session, dewi.actor, SchemeWish(name="Pola", **wish), now)  # noqa: E731
    save(pattern="SEMUA/{running}/{year}")
    assert issued(session, cast.budi, course, now) == "SEMUA/1/2026"
    mine = save(
        pattern="{organiser_code}/{running:03}/{form_code}/{year}", organiser="Dinas Contoh", organiser_code="D"
    )
    assert issued(session, cast.citra, course, now) == f"D/001/{course.form}/2026"
    assert issued(session, cast.citra, other, now) == "SEMUA/2/2026"
    save(pattern="K/{running}/{year}", course=course.slug, start=50)
    assert issued(session, cast.dewi, course, now) == "K/50/2026"
    # A change of the pattern counts on, and a higher start jumps.
    wish = SchemeWish(name="Pola", pattern="BARU/{running}/{year}", organiser="Dinas Lain", start=1)
    save_scheme(session, dewi.actor, wish, now, mine)
    assert issued(session, cast.eko, other, now) == "BARU/2/2026"
    save_scheme(session, dewi.actor, wish.model_copy(update={"start": 90}), now, mine)
    assert issued(session, cast.fitri, other, now) == "BARU/90/2026"
    assert session.scalars(select(Certificate.number).order_by(Certificate.id)).first() == "BKPSDM/0001/2026"


def test_a_number_that_an_earlier_pattern_wrote_is_passed_over(session, cast, dewi, now):
    course = world.a_course(session)
    assert issued(session, cast.ani, course, now) == "BKPSDM/0001/2026"
    save_scheme(session, dewi.actor, SchemeWish(name="Sama", pattern="BKPSDM/{running:04}/{year}"), now)
    assert issued(session, cast.budi, course, now) == "BKPSDM/0002/2026"
