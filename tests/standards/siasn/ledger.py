"""People with ids of SIASN's, and lines of their accounts with certificates behind them."""

from datetime import UTC, datetime, timedelta
from itertools import count

from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import issue
from elearn.recognition.learning_hours.actions import correct, credit_course
from elearn.recognition.learning_hours.forms import Correction
from tests import world

SYSTEM = Actor.system("tests")
_numbers = count()


def siasn_id(n):
    return f"{n:032X}"


def known_to_siasn(session, *people):
    for person in people:
        person.siasn_id = siasn_id(person.id)
    session.flush()


def a_line(session, person, jp=10, form="NKL04", title="Pelatihan Contoh", days=3, certificate=True, **fields):
    """A completed course in a form without a daily cap, counted; gives the line."""
    done = datetime(2026, 3, 2, 3, tzinfo=UTC) + timedelta(days=days)
    course = world.a_course(session, f"siasn-{next(_numbers)}", title=title, minutes=45 * jp, form=form, **fields)
    enrolment = world.enrolled(
        session,
        person,
        course,
        started_at=done - timedelta(days=days),
        completed_at=done,
        completed_jp=jp,
        completed_unit_id=person.unit_id,
    )
    if certificate:
        issue(session, SYSTEM, enrolment.id, done)
    return credit_course(session, SYSTEM, enrolment.id, done)


def corrected(session, actor, line, jp, now):
    return correct(session, actor, line.public_id, Correction(jp=jp, reason="Pembetulan contoh."), now)
