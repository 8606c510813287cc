"""Which completions a report is about: what was asked for, kept to what the actor looks after.

The reach goes by the unit in which a person worked on completion: what a unit achieved stays its own when people move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import end_of, start_of
from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.learning.enrolment.models import Enrolment
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import unit_for, unit_in_scope
from elearn.teaching.courses.models import Course


@dataclass(frozen=True)
class CompletionFilters:
    """Which completions are asked for. Days are WIB days, both included; a unit takes in its subtree.

    `words` are looked for in names; digits in NIPs.
    """

    course: Course | None = None
    unit: Unit | None = None
    words: str = ""
    since: date | None = None
    until: date | None = None


def filters_for(
    session: Session,
    actor: Actor,
    *,
    course: str = "",
    unit: str = "",
    words: str = "",
    since: date | None = None,
    until: date | None = None,
) -> CompletionFilters:
    """Filters by the slug of a course and the code of a unit; NotFound for what the actor cannot see."""
    actor.must(Permission.SEE_REPORTS)
    return CompletionFilters(
        _course(session, actor, course) if course else None,
        _unit(session, actor, unit) if unit else None,
        words.strip(),
        since,
        until,
    )


def _course(session: Session, actor: Actor, slug: str) -> Course:
    found = session.scalar(select(Course).where(Course.slug == slug, _reported(actor)))
    if found is None:
        raise NotFound(_("Pelatihan %(slug)s tidak ditemukan. Pilih pelatihan dari daftar.", slug=slug[:80]))
    return found


def _unit(session: Session, actor: Actor, code: str) -> Unit:
    try:
        return unit_for(session, actor, code)
    except NotFound:
        raise NotFound(_("Unit %(code)s tidak ditemukan. Pilih unit dari daftar.", code=code[:40])) from None


def reported_courses(session: Session, actor: Actor) -> Sequence[Course]:
    """The courses that a report can be about, by title."""
    actor.must(Permission.SEE_REPORTS)
    return session.scalars(select(Course).where(_reported(actor)).order_by(Course.title, Course.id)).all()


def _reported(actor: Actor) -> ColumnElement[bool]:
    """Open to everyone once, or completed by somebody whom the actor looks after."""
    done = select(Enrolment.id).where(Enrolment.course_id == Course.id, *kept_by(actor, CompletionFilters()))
    return or_(Course.state != "draft", done.exists())


def kept_by(actor: Actor, filters: CompletionFilters) -> list[ColumnElement[bool]]:
    """The conditions on Enrolment; the actor's reach is always one of them."""
    kept: list[ColumnElement[bool]] = [Enrolment.completed_at.is_not(None)]
    if not actor.everywhere:
        kept.append(Enrolment.completed_unit_id.in_(select(Unit.id).where(unit_in_scope(actor))))
    if filters.course is not None:
        kept.append(Enrolment.course_id == filters.course.id)
    if filters.unit is not None:
        below = Unit.path.startswith(filters.unit.path, autoescape=True)
        kept.append(Enrolment.completed_unit_id.in_(select(Unit.id).where(below)))
    if filters.since is not None:
        kept.append(Enrolment.completed_at >= start_of(filters.since))
    if filters.until is not None:
        kept.append(Enrolment.completed_at < end_of(filters.until))
    if filters.words:
        kept.append(Enrolment.person_id.in_(select(Person.id).where(*_named(filters.words))))
    return kept


def _named(words: str) -> list[ColumnElement[bool]]:
    if (digits := nip.clean(words)).isdigit():
        return [Person.nip.contains(digits, autoescape=True)]
    return [Person.name.icontains(word, autoescape=True) for word in words.split()]
