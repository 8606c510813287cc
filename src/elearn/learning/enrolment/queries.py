"""Questions about enrolments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.paging import Stretch, stretch_of
from elearn.foundation.web.shapes import ListWish
from elearn.learning.enrolment.forms import EnrolmentWish
from elearn.learning.enrolment.models import Enrolment, EnrolmentBatch
from elearn.learning.enrolment.rules import NipLine, check_due, read_nips, twice
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import in_scope, works_below
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import chosen_unit
from elearn.teaching.courses.models import Course


def enrolment_of(session: Session, person_id: int, course: Course) -> Enrolment | None:
    """A person's enrolment in a course, also a withdrawn one."""
    return session.scalar(select(Enrolment).filter_by(person_id=person_id, course_id=course.id))


def completed_in(session: Session, course_id: int, people: Collection[int]) -> dict[int, datetime]:
    """When those of these people who have completed a course did so, by person."""
    wanted = select(Enrolment.person_id, Enrolment.completed_at).where(
        Enrolment.course_id == course_id, Enrolment.person_id.in_(people), Enrolment.completed_at.is_not(None)
    )
    return {person_id: at for person_id, at in session.execute(wanted) if at is not None}


_NAMED = (
    select(Course, Enrolment)
    .outerjoin(Enrolment, (Enrolment.course_id == Course.id) & (Enrolment.person_id == bindparam("person_id")))
    .where(Course.slug == bindparam("slug"))
)


def course_named(session: Session, actor: Actor, slug: str) -> tuple[Course, Enrolment | None]:
    """A course that learners may see, with the actor's place; an archived one only for those who have one."""
    row = session.execute(_NAMED, {"slug": slug, "person_id": actor.me()}).one_or_none()
    if row is None or row.Course.state == "draft" or (row.Course.state == "archived" and row.Enrolment is None):
        raise NotFound
    return row.Course, row.Enrolment


def place_in(session: Session, actor: Actor, slug: str) -> Enrolment:
    """The actor's active enrolment in a course, with the course; NotFound without one."""
    mine = (
        select(Enrolment)
        .join(Enrolment.course)
        .options(contains_eager(Enrolment.course))
        .where(
            Course.slug == slug,
            Course.state != "draft",
            Enrolment.person_id == actor.me(),
            Enrolment.withdrawn_at.is_(None),
        )
    )
    found = session.scalar(mine)
    if found is None:
        raise NotFound
    return found


def my_places(session: Session, actor: Actor, wish: ListWish) -> Stretch[Enrolment]:
    """The actor's active enrolments with their courses, for programs: in the order in which they were made."""
    mine = select(Enrolment).filter_by(person_id=actor.me(), withdrawn_at=None).options(joinedload(Enrolment.course))
    return stretch_of(session, mine, Enrolment.id, wish)


_MINE = (
    select(Enrolment)
    .where(Enrolment.person_id == bindparam("person_id"), Enrolment.withdrawn_at.is_(None))
    .options(joinedload(Enrolment.course))
    .order_by(Enrolment.last_seen_at.desc().nulls_last(), Enrolment.id.desc())
)


def my_enrolments(session: Session, actor: Actor) -> Sequence[Enrolment]:
    """The actor's active enrolments with their courses, the one seen last first."""
    return session.scalars(_MINE, {"person_id": actor.me()}).all()


def my_enrolment(session: Session, actor: Actor, public_id: str) -> Enrolment:
    """One enrolment of the actor's own, by its public id."""
    found = session.scalar(
        select(Enrolment)
        .filter_by(person_id=actor.person_id, public_id=public_id)
        .options(joinedload(Enrolment.course))
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Preview:
    """What enrolling many would do. `unknown` has the lines whose NIP nobody within reach has.

    `repeated` are NIPs that were given more than once, and count once.
    """

    course: Course
    unit: Unit | None
    nips: list[str]
    fresh: int
    already: int
    unknown: list[NipLine]
    repeated: list[str]


def open_courses(session: Session, actor: Actor, today: date) -> Sequence[Course]:
    """Courses into which an admin may enrol people today, by title."""
    actor.must(Permission.ENROL_OTHERS)
    closes = or_(Course.closes_on.is_(None), Course.closes_on >= today)
    here = Course.state == "published", Course.classes_only.is_(False), closes
    return session.scalars(select(Course).where(*here).order_by(Course.title)).all()


def preview(session: Session, actor: Actor, wish: EnrolmentWish, today: date) -> Preview:
    """Look at a wish without writing; raises Invalid by field for what cannot be done."""
    course = next((each for each in open_courses(session, actor, today) if each.slug == wish.course), None)
    if course is None:
        raise _wrong("course", _("Pilih pelatihan dari daftar."))
    check_due(wish.due_on, today)
    unit, lines = None, []
    if wish.by == "unit":
        if not wish.unit:
            raise _wrong("unit", _("Pilih unit."))
        unit = chosen_unit(session, actor, wish.unit, "unit")
    else:
        lines = read_nips(wish.nips)
        if not lines:
            raise _wrong("nips", _("Tempel paling sedikit satu NIP."))
    known = known_nips(session, actor, {line.digits for line in lines})
    whom = whom_of(actor, unit, sorted(known))
    placed = select(func.count()).select_from(Person).join(Enrolment, Enrolment.person_id == Person.id)
    already = session.scalar(placed.where(*whom, Enrolment.course_id == course.id, Enrolment.withdrawn_at.is_(None)))
    everybody = session.scalar(select(func.count()).select_from(Person).where(*whom))
    unknown = [line for line in lines if line.digits not in known]
    repeated = twice([line.digits for line in lines if line.digits])
    return Preview(course, unit, sorted(known), (everybody or 0) - (already or 0), already or 0, unknown, repeated)


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: sentence})


def known_nips(session: Session, actor: Actor, nips: Collection[str]) -> set[str]:
    """Those NIPs that active people within the admin's reach have."""
    here = in_scope(actor), Person.status == "active"
    return set(session.scalars(select(Person.nip).where(Person.nip.in_(nips), *here))) - {None}  # type: ignore[return-value]


def whom_of(actor: Actor, unit: Unit | None, nips: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """The conditions on Person for a batch: active, within reach, and of the unit's subtree or with one of the NIPs."""
    if unit is None:
        return in_scope(actor), Person.status == "active", Person.nip.in_(nips)
    return in_scope(actor), Person.status == "active", works_below(unit)


def batch_for(session: Session, actor: Actor, public_id: str) -> EnrolmentBatch:
    """A batch of the admin's own, with course and unit; NotFound for everybody else."""
    found = session.scalar(
        select(EnrolmentBatch)
        .filter_by(public_id=public_id, made_by=actor.person_id)
        .options(joinedload(EnrolmentBatch.course), joinedload(EnrolmentBatch.unit))
    )
    if found is None:
        raise NotFound
    actor.must(Permission.ENROL_OTHERS)
    return found


def my_batches(session: Session, actor: Actor, wish: ListWish) -> Stretch[EnrolmentBatch]:
    """The admin's batches with course and unit, the latest first."""
    actor.must(Permission.ENROL_OTHERS)
    mine = (
        select(EnrolmentBatch)
        .filter_by(made_by=actor.person_id)
        .options(joinedload(EnrolmentBatch.course), joinedload(EnrolmentBatch.unit))
    )
    return stretch_of(session, mine, EnrolmentBatch.id, wish, newest_first=True)


def not_begun(session: Session, batch: EnrolmentBatch) -> int:
    """How many of a batch have not opened a lesson yet; they are the ones whom undoing withdraws."""
    return session.scalar(select(func.count(Enrolment.id)).where(*untouched(batch))) or 0


def untouched(batch: EnrolmentBatch) -> tuple[ColumnElement[bool], ...]:
    """The conditions on Enrolment for a batch's active people who have not begun."""
    return (
        Enrolment.batch_id == batch.id,
        Enrolment.withdrawn_at.is_(None),
        Enrolment.last_seen_at.is_(None),
        Enrolment.completed_at.is_(None),
    )
