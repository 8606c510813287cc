"""The demo's placements: possible on whatever day it is loaded, and each stage of one is there to be looked at."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from elearn import wiring
from elearn.demo import people, placements
from elearn.learning.placements.models import Placement
from elearn.recognition.learning_hours.models import LedgerLine

pytestmark = pytest.mark.words_alone


# A Saturday after midnight of the new year, and the last Wednesday of February before noon, by local time.
@pytest.mark.parametrize("moment", [datetime(2027, 1, 1, 17, 30, tzinfo=UTC), datetime(2028, 2, 23, 4, tzinfo=UTC)])
def test_every_stage_is_there_whatever_the_day(session, moment):
    wiring.connect()
    with time_machine.travel(moment):
        people.load_people(session, moment)
        for _twice in range(2):
            placements.load_placements(session, moment)
    made = session.scalars(select(Placement)).all()
    assert sorted(each.state for each in made) == ["confirmed", "confirmed", "reported", "running", "signed"]
    lines = session.scalars(select(LedgerLine)).all()
    assert {(line.source, line.jp_recognised) for line in lines} == {("placement", 10), ("placement", 20)}
