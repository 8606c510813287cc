"""The estimated competency part of IP ASN: weights by the kind of position, windows of one and two years."""

from datetime import date

import pytest
from tests import academy

from elearn.recognition.external_records.actions import approve
from elearn.recognition.external_records.forms import Approval
from elearn.recognition.learning_hours.index import Learned, competency_index, total
from elearn.recognition.learning_hours.queries import my_index

ALL = Learned(technical_jp=25, seminars=1, leadership=True, functional=True)
NONE = Learned(technical_jp=0, seminars=0, leadership=False, functional=False)


@pytest.mark.parametrize("kind", ["struktural", "fungsional", "rangkap", "pelaksana"])
def test_every_kind_of_position_has_forty_points(kind):
    assert total(competency_index(kind, ALL)) == sum(part.most for part in competency_index(kind, ALL)) == 40
    assert total(competency_index(kind, NONE)) == 0


@pytest.mark.parametrize(("kind", "points"), [("pelaksana", 9.0), ("fungsional", 6.0), ("struktural", 6.0)])
def test_technical_jp_count_in_proportion_to_twenty(kind, points):
    learned = Learned(technical_jp=8, seminars=0, leadership=False, functional=False)
    assert total(competency_index(kind, learned)) == points


def test_what_the_account_holds_within_one_and_two_years(session, cast, citra, ani, app, now):
    cast.ani.position_kind = "pelaksana"
    for n, (form, day, jp) in enumerate(
        [
            ("KL10", date(2026, 3, 2), 8),
            ("KL10", date(2025, 11, 20), 20),
            ("KL06", date(2024, 12, 1), None),
            ("KL06", date(2024, 11, 20), None),
        ]
    ):
        record = academy.a_record(
            session, cast.ani, form_code=form, started_on=day, ended_on=day, jp=jp, number=f"IP-2026-{n}"
        )
        approve(session, citra.actor, record.public_id, Approval(note="Contoh."), now)
    parts = {part.name: part.points for part in my_index(session, ani.actor, date(2026, 11, 23))}
    assert parts == {"teknis": 9.0, "seminar": 17.5}
    assert my_index(session, ani.actor, date(2027, 3, 3))[0].points == 0
    assert "Perkiraan IP ASN" in ani.get("/capaian").text


def test_without_the_kind_of_position_nothing_is_estimated(session, cast, ani, app):
    assert my_index(session, ani.actor, date(2026, 11, 23)) == []
    assert "Belum dapat diperkirakan" in ani.get("/capaian").text
    over = ani.get("/capaian?tahun=2020").text
    assert "Perkiraan IP ASN" not in over
    assert "pada tahun 2020" in over
    assert "sampai 31 Desember" not in over
