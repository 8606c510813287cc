"""Questions of numbering."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.errors import Invalid, NotFound
from elearn.foundation.i18n import _
from elearn.learning.cohorts.models import Cohort
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.recognition.numbering.models import CertificateSeries, NumberScheme
from elearn.recognition.numbering.rules import best, serves
from elearn.teaching.courses.models import Course


def schemes(session: Session, actor: Actor) -> Sequence[NumberScheme]:
    """All schemes by name, with their courses. Regency admin only."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    return session.scalars(
        select(NumberScheme).options(joinedload(NumberScheme.course)).order_by(NumberScheme.name)
    ).all()


def scheme_for(session: Session, actor: Actor, public_id: str) -> NumberScheme:
    """One scheme with its course; NotFound if there is none. Regency admin only."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    wanted = select(NumberScheme).filter_by(public_id=public_id).options(joinedload(NumberScheme.course))
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(_("Pola nomor ini tidak ditemukan."))
    return found


def scheme_of(session: Session, course: Course, organiser: str) -> NumberScheme | None:
    """The scheme that numbers a course's certificates; None: the settings' prefix does."""
    wanted = [serves(course.id, ""), serves(None, organiser), serves(None, "")]
    found = session.scalars(select(NumberScheme).where(NumberScheme.serves.in_(wanted)))
    return best(found, lambda scheme: scheme.serves, course.id, organiser)


def last_number(session: Session, series: str, year: int) -> int:
    """The running number that was given last in a year; 0 before the first."""
    wanted = select(CertificateSeries.last_number).filter_by(prefix=series, year=year)
    return session.scalar(wanted) or 0


def courses_and_organisers(session: Session, actor: Actor) -> tuple[Sequence[Course], Sequence[str]]:
    """What a scheme or a template may be for: published and archived courses by title; who organises one or a class."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    courses = session.scalars(select(Course).where(Course.state != "draft").order_by(Course.title)).all()
    classes = session.scalars(select(Cohort.organiser).distinct())
    return courses, sorted(({course.organiser for course in courses} | set(classes)) - {""})


def course_named(session: Session, slug: str) -> Course | None:
    """The course that a scheme or a template was chosen for; None for none. Raises Invalid."""
    if not slug:
        return None
    course = session.scalar(select(Course).filter_by(slug=slug))
    if course is None:
        said = _("Pelatihan ini tidak ditemukan. Pilih dari daftar.")
        raise Invalid(said, {"course": said})
    return course
