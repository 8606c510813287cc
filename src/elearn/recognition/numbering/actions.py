"""Verbs of numbering: make and change schemes, give the next number."""

from datetime import date, datetime

from sqlalchemy import case, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.recognition.numbering.forms import SchemeWish
from elearn.recognition.numbering.models import CertificateSeries, NumberScheme
from elearn.recognition.numbering.queries import course_named, scheme_of
from elearn.recognition.numbering.rules import Stands, check_pattern, number, prefix_pattern, serves
from elearn.teaching.courses.models import Course


def next_number(session: Session, actor: Actor, course: Course, organiser: str, form_code: str, day: date) -> str:
    """The next number of a course's certificates on a day (WIB); organiser and form are those of what was held.

    Without gaps: a transaction that fails gives its number back. Whoever calls has asked whether the actor may.
    """
    scheme = scheme_of(session, course, organiser)
    series = scheme.public_id if scheme else settings().certificate_prefix
    running = _next(session, series, day.year, scheme.start if scheme else 1)
    pattern = scheme.pattern if scheme else prefix_pattern(settings().certificate_prefix)
    code = scheme.organiser_code if scheme else ""
    return number(pattern, Stands(running, day, code, form_code))


def save_scheme(
    session: Session, actor: Actor, wish: SchemeWish, now: datetime, scheme: NumberScheme | None = None
) -> NumberScheme:
    """Make a scheme, or change the given one; numbers given before stay. Raises Invalid. Regency admin only."""
    actor.must(Permission.DESIGN_CERTIFICATES)
    course = course_named(session, wish.course)
    check_pattern(wish.pattern, wish.organiser_code)
    _check_own_numbers(session, wish, scheme)
    before = _told(scheme) if scheme else None
    if scheme is None:
        scheme = NumberScheme(public_id=new_id(), created_at=now)
    scheme.name, scheme.pattern, scheme.start = wish.name, wish.pattern, wish.start
    scheme.organiser_code = wish.organiser_code
    scheme.course_id, scheme.course = (course.id, course) if course else (None, None)
    scheme.organiser = "" if course else wish.organiser
    scheme.serves = serves(scheme.course_id, scheme.organiser)
    try:
        with session.begin_nested():
            session.add(scheme)
    except IntegrityError:
        said = _("Sudah ada pola untuk pilihan ini. Ubah yang sudah ada.")
        raise Invalid(said, {"course" if course else "organiser": said}) from None
    record(session, actor, "number_scheme.saved", scheme, before=before, after=_told(scheme))
    return scheme


def _check_own_numbers(session: Session, wish: SchemeWish, scheme: NumberScheme | None) -> None:
    """Two schemes must not write the same numbers."""
    mine = _skeleton(wish.pattern, wish.organiser_code)
    others = session.scalars(select(NumberScheme).where(NumberScheme.id != (scheme.id if scheme else 0)))
    for other in others:
        if _skeleton(other.pattern, other.organiser_code) == mine:
            said = _('Pola "%(name)s" menulis nomor yang sama. Bedakan keduanya.', name=other.name)
            raise Invalid(said, {"pattern": said})


def _skeleton(pattern: str, code: str) -> str:
    return number(pattern, Stands(1, date(2026, 1, 1), code, "NKL03"))


def _told(scheme: NumberScheme) -> dict[str, object]:
    return {"serves": scheme.serves, "pattern": scheme.pattern, "start": scheme.start, "code": scheme.organiser_code}


def _next(session: Session, series: str, year: int, start: int) -> int:
    """The row of the series is locked until the transaction ends, so that the next one counts on from what stays."""
    following = CertificateSeries.last_number + 1
    grown = (
        update(CertificateSeries)
        .where(CertificateSeries.prefix == series, CertificateSeries.year == year)
        .values(last_number=case((following < start, start), else_=following))
        .returning(CertificateSeries.last_number)
        .execution_options(synchronize_session=False)
    )
    given = session.scalar(grown)
    if given is None:
        try:
            with session.begin_nested():
                session.add(CertificateSeries(prefix=series, year=year, last_number=0))
        except IntegrityError:
            pass  # Another one opened the year meanwhile.
        given = session.scalar(grown)
    assert given is not None  # noqa: S101 - the row is there now
    return given
