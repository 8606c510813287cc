"""Questions about renewals."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from elearn.foundation.database import rows_of
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.renewals.models import Renewal, RenewalStep
from elearn.learning.renewals.rules import TEST, Needed, obstacle
from elearn.learning.renewals.sources import last_tests
from elearn.teaching.courses.kinds import kind_named
from elearn.teaching.courses.models import Activity, Course, Module


def needed_in(session: Session, course_ids: Collection[int]) -> dict[int, Needed]:
    """What it takes to complete each of these courses anew, by oneself: three statements.

    Nothing does so in a course that is taken in classes only, as there the organiser says who passed.
    """
    alone = select(Course.id).where(Course.id.in_(course_ids), Course.classes_only.is_(False))
    ids = session.scalars(alone).all()
    tests, required = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    asked = last_tests(ids)
    if asked is not None and ids:
        for course_id, activity_id in session.execute(asked):
            tests[course_id].append(activity_id)
    standing = Activity.retired_at.is_(None), Module.retired_at.is_(None), Activity.required
    wanted = select(Activity.course_id, Activity.id).join(Module, Module.id == Activity.module_id)
    if ids:
        for course_id, activity_id in session.execute(wanted.where(Activity.course_id.in_(ids), *standing)):
            required[course_id].append(activity_id)
    return {id: Needed(tests[id], required[id]) for id in course_ids}


def obstacles(session: Session, courses: Sequence[Course], today: date) -> list[str]:
    """Why some of these courses cannot be completed anew, a sentence each."""
    needed = needed_in(session, [course.id for course in courses])
    found = (obstacle(course, needed[course.id], today) for course in courses)
    return [sentence for sentence in found if sentence]


def renewed(session: Session, people: Collection[int], courses: Collection[int]) -> Iterator[tuple[int, int, datetime]]:
    """When these people completed these courses anew, by person and course."""
    wanted = (
        select(Enrolment.person_id, Enrolment.course_id, Renewal.renewed_at)
        .join(Enrolment, Enrolment.id == Renewal.enrolment_id)
        .where(Enrolment.person_id.in_(people), Enrolment.course_id.in_(courses), Renewal.renewed_at.is_not(None))
    )
    for person_id, course_id, at in session.execute(wanted):
        if at is not None:
            yield person_id, course_id, at


_OPEN = select(Renewal).where(Renewal.enrolment_id == bindparam("enrolment_id"), Renewal.renewed_at.is_(None))


def open_renewal(session: Session, enrolment_id: int) -> Renewal | None:
    """The open renewal of a completed enrolment: one statement."""
    return session.scalar(_OPEN, {"enrolment_id": enrolment_id})


_BEGAN = select(Renewal.began_at).where(Renewal.enrolment_id == bindparam("enrolment_id"), Renewal.renewed_at.is_(None))


def attempts_count_from(session: Session, enrolment: Enrolment) -> datetime | None:
    """Since when attempts at a test are counted: from the beginning of an open renewal; None from the first one on."""
    if not enrolment.completed:
        return None
    rows = rows_of(session, _BEGAN, enrolment_id=enrolment.id)
    return rows[0].began_at if rows else None


class Anew(NamedTuple):
    """What somebody has to do to complete a course anew: title and path of each step that is left, in order."""

    way: str
    completed_on: datetime
    began_at: datetime | None
    left: Sequence[tuple[str, str]]
    all: int

    @property
    def done(self) -> int:
        return self.all - len(self.left)


def anew(session: Session, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Anew]:
    """How these people, each with a course completed before, complete it anew: seven statements however many."""
    if not pairs:
        return {}
    completed = select(Enrolment).where(
        tuple_(Enrolment.person_id, Enrolment.course_id).in_(pairs), Enrolment.completed_at.is_not(None)
    )
    places = session.scalars(completed).all()
    ids = [place.id for place in places]
    still_open = select(Renewal).where(Renewal.enrolment_id.in_(ids), Renewal.renewed_at.is_(None))
    renewals = {each.enrolment_id: each for each in session.scalars(still_open)}
    again = defaultdict[int, set[int]](set)
    steps = select(RenewalStep.renewal_id, RenewalStep.activity_id).where(
        RenewalStep.renewal_id.in_([each.id for each in renewals.values()]), RenewalStep.done_at.is_not(None)
    )
    for renewal_id, activity_id in session.execute(steps):
        again[renewal_id].add(activity_id)
    needed = needed_in(session, {place.course_id for place in places})
    asked = {id for each in needed.values() for id in (each.tests if each.way == TEST else each.required)}
    named = (
        select(Activity.id, Activity.course_id, Activity.kind, Activity.public_id, Activity.title)
        .join(Module, Module.id == Activity.module_id)
        .where(Activity.id.in_(asked))
        .order_by(Module.position, Activity.position)
    )
    outlines = defaultdict[int, list[tuple[int, tuple[str, str]]]](list)
    for id, course_id, kind, public_id, title in session.execute(named):
        outlines[course_id].append((id, (title, kind_named(kind).play_path(public_id))))
    found = {}
    for place in places:
        renewal, outline = renewals.get(place.id), outlines[place.course_id]
        done = again[renewal.id] if renewal else set()
        found[place.person_id, place.course_id] = Anew(
            needed[place.course_id].way,
            place.completed_at or place.started_at,
            renewal.began_at if renewal else None,
            [shown for id, shown in outline if id not in done],
            len(outline),
        )
    return found
