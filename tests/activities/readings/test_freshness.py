"""A lesson's HTML is kept between requests; whoever changes the lesson sees the change at once."""

from sqlalchemy.orm import Session

from elearn.activities.readings.models import Reading
from tests import world
from tests.conftest import Visitor


def _lesson(session: Session, cast: world.Cast) -> tuple[Reading, str]:
    course = world.a_course(session, by=cast.budi)
    activity = world.a_reading(session, world.a_module(session, course))
    world.enrolled(session, cast.ani, course)
    reading = session.get_one(Reading, activity.id)
    reading.source = "Kalimat yang pertama.\n\n| | Hari |\n|---|---|\n| Izin | 5 |\n"
    session.commit()
    return reading, f"/belajar/{activity.public_id}/bacaan"


def test_a_changed_lesson_shows_at_once(session: Session, cast: world.Cast, ani: Visitor) -> None:
    reading, path = _lesson(session, cast)
    assert "Kalimat yang pertama." in ani.get(path).text
    reading.source = "Kalimat yang kedua."
    session.commit()
    changed = ani.get(path).text
    assert "Kalimat yang kedua." in changed
    assert "Kalimat yang pertama." not in changed
