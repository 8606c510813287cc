"""Questions about accounts of JP."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Date,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased, joinedload

from elearn.foundation.database import rows_of
from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.learning.cohorts.models import Participant
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.placements.models import Placement
from elearn.learning.progress.models import ActivityProgress
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.accounts.places import kind_on, person_seen
from elearn.people.accounts.queries import in_scope
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.external_records.sources import Counted
from elearn.recognition.learning_hours.counting import course_key, placement_key, record_key
from elearn.recognition.learning_hours.index import (
    FUNCTIONAL,
    LEADERSHIP,
    SEMINARS,
    Learned,
    Part,
    competency_index,
)
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.learning_hours.rules import AccountLine, YearlyJp, closing_day
from elearn.teaching.courses.models import Activity, Course
from elearn.teaching.delivery.models import E_LEARNING, DeliveryForm, FormRule


@dataclass(frozen=True)
class Account:
    """A person's lines of a year, newest first; `years` are all that have lines."""

    jp: YearlyJp
    lines: Sequence[AccountLine]
    years: Sequence[int]

    def page_of(self, line: AccountLine) -> str:
        """The public id of the line that tells about a line: of a correction the one that it corrects."""
        first = line.corrects_id or line.id
        return next((each.public_id for each in self.lines if each.id == first), line.public_id)


def _sum(column: str) -> Select[tuple[int]]:
    return select(func.coalesce(func.sum(getattr(LedgerLine, column)), 0)).where(
        LedgerLine.person_id == bindparam("person_id"), LedgerLine.year == bindparam("year")
    )


def last_line_in(year: int | BindParameter[int]) -> ScalarSelect[int]:
    """The id of the last line that was written of a year for the Person of the statement: it says what he or she was.

    Corrections say what the line was that they correct.
    """
    mine = select(LedgerLine.id).where(
        LedgerLine.person_id == Person.id, LedgerLine.year == year, LedgerLine.corrects_id.is_(None)
    )
    # By the moment first: by the id alone PostgreSQL might walk through everybody's lines backwards.
    latest = mine.order_by(LedgerLine.created_at.desc(), LedgerLine.id.desc())
    return latest.limit(1).correlate(Person).scalar_subquery()


def kind_in(session: Session, person: Person, year: int, today: date) -> str:
    """What a person was in a year: of a past one at its end, or as its last line says, else as today."""
    closed_on = closing_day(year, today)
    if closed_on is None:
        return person.asn_kind
    last = select(LedgerLine.asn_kind).where(LedgerLine.id == last_line_in(year)).scalar_subquery()
    then = select(func.coalesce(kind_on(closed_on), last, Person.asn_kind)).where(Person.id == person.id)
    return session.scalar(then) or person.asn_kind


_LAST = aliased(LedgerLine)
_YEARLY = (
    select(
        case(
            (bindparam("past"), func.coalesce(kind_on(bindparam("last", type_=Date)), _LAST.asn_kind, Person.asn_kind)),
            else_=Person.asn_kind,
        ).label("asn_kind"),
        _sum("jp_earned").scalar_subquery().label("earned"),
        _sum("jp_recognised").scalar_subquery().label("counted"),
        select(FormRule.jp)
        .where(
            FormRule.form_code == E_LEARNING, FormRule.basis == "daily", FormRule.effective_from <= bindparam("last")
        )
        .order_by(FormRule.effective_from.desc())
        .limit(1)
        .scalar_subquery()
        .label("a_day"),
    )
    .select_from(Person)
    .outerjoin(_LAST, _LAST.id == last_line_in(bindparam("year")))
    .where(Person.id == bindparam("person_id"))
)
_EACH_YEAR = select(LedgerLine.year).where(LedgerLine.person_id == bindparam("person_id")).distinct().subquery()
_YEARLY_OF_ALL = _YEARLY.add_columns(
    select(func.aggregate_strings(cast(_EACH_YEAR.c.year, String), ",")).scalar_subquery().label("years")
)


def yearly_jp(session: Session, actor: Actor, year: int, today: date) -> YearlyJp:
    """The actor's own JP of a calendar year (WIB). One statement."""
    return _yearly(session, actor.me(), year, today)


def _yearly(session: Session, person_id: int, year: int, today: date) -> YearlyJp:
    return _told(rows_of(session, _YEARLY, **_asked(person_id, year, today))[0], year)


def _asked(person_id: int, year: int, today: date) -> dict[str, Any]:
    past = closing_day(year, today) is not None
    return {"person_id": person_id, "year": year, "last": date(year, 12, 31), "past": past}


def _told(mine: Row[Any], year: int) -> YearlyJp:
    rule = settings().jp_rule(date(year, 12, 31))
    return YearlyJp(year, int(mine.earned), int(mine.counted), mine.asn_kind, rule, mine.a_day)


def my_account(session: Session, actor: Actor, year: int, today: date) -> Account:
    """The actor's own account of a year."""
    return _account(session, actor.me(), year, today)


def my_line(session: Session, actor: Actor, public_id: str) -> LedgerLine:
    """A line of the actor's own account that is no correction, with its form; NotFound for anybody else's."""
    mine = select(LedgerLine).filter_by(public_id=public_id, person_id=actor.me(), corrects_id=None)
    found = session.scalar(mine.options(joinedload(LedgerLine.form), joinedload(LedgerLine.form_rule)))
    if found is None:
        raise NotFound(_("Baris JP tidak ditemukan. Buka halaman Capaian."))
    return found


def line_seen(session: Session, actor: Actor, person: str, public_id: str, today: date) -> tuple[LedgerLine, Person]:
    """A line that is no correction with its form, and its owner, whom the actor looks after now or looked after at the
    end of its year; NotFound for all others. Both are named by their public ids."""
    found = session.scalar(
        select(LedgerLine)
        .join(Person, Person.id == LedgerLine.person_id)
        .where(LedgerLine.public_id == public_id, LedgerLine.corrects_id.is_(None), Person.public_id == person)
        .options(joinedload(LedgerLine.form), joinedload(LedgerLine.form_rule))
    )
    if found is None:
        raise NotFound
    owner = person_seen(session, actor, person, closing_day(found.year, today))
    actor.must(Permission.SEE_REPORTS)
    return found, owner


def account_of(session: Session, actor: Actor, person: Person, year: int, today: date) -> Account:
    """The account of a person whom the actor looks after; the caller found him or her through the actor's scope."""
    actor.must(Permission.SEE_REPORTS)
    return _account(session, person.id, year, today)


# In the order of AccountLine's fields.
_LINES = (
    select(
        LedgerLine.id,
        LedgerLine.public_id,
        LedgerLine.corrects_id,
        LedgerLine.title,
        LedgerLine.organiser,
        LedgerLine.evidence,
        LedgerLine.reason,
        LedgerLine.ended_on,
        LedgerLine.competency,
        LedgerLine.jp_earned,
        LedgerLine.jp_recognised,
        DeliveryForm.name,
        FormRule.basis,
        FormRule.jp,
    )
    .join(DeliveryForm, DeliveryForm.code == LedgerLine.form_code)
    .join(FormRule, FormRule.id == LedgerLine.form_rule_id)
    .where(LedgerLine.person_id == bindparam("person_id"), LedgerLine.year == bindparam("year"))
    .order_by(LedgerLine.ended_on.desc(), LedgerLine.id.desc())
)


def _account(session: Session, person_id: int, year: int, today: date) -> Account:
    """Two statements of plain rows: everybody opens the page that shows this."""
    lines = [AccountLine._make(row) for row in rows_of(session, _LINES, person_id=person_id, year=year)]
    mine = rows_of(session, _YEARLY_OF_ALL, **_asked(person_id, year, today))[0]
    years = {int(each) for each in mine.years.split(",")} if mine.years else set()
    return Account(_told(mine, year), lines, sorted(years | {year}, reverse=True))


_BASE = (
    select(
        func.sum(LedgerLine.jp_recognised)
        .filter(
            LedgerLine.competency == "teknis",
            LedgerLine.form_code.not_in((*SEMINARS, LEADERSHIP, FUNCTIONAL)),
            LedgerLine.ended_on > bindparam("year_ago"),
        )
        .label("technical"),
        func.sum(LedgerLine.jp_recognised)
        .filter(LedgerLine.form_code.in_(SEMINARS), LedgerLine.ended_on > bindparam("two_years_ago"))
        .label("seminars"),
        func.sum(LedgerLine.jp_recognised).filter(LedgerLine.form_code == LEADERSHIP).label("leadership"),
        func.sum(LedgerLine.jp_recognised).filter(LedgerLine.form_code == FUNCTIONAL).label("functional"),
        Person.position_kind,
    )
    .select_from(Person)
    .outerjoin(LedgerLine, LedgerLine.person_id == Person.id)
    .where(Person.id == bindparam("person_id"))
    .group_by(Person.position_kind)
)


def my_index(session: Session, actor: Actor, today: date) -> list[Part]:
    """The estimated competency part of the actor's IP ASN; empty while the kind of position is unknown."""
    asked = {"person_id": actor.me(), "year_ago": _years_before(today, 1), "two_years_ago": _years_before(today, 2)}
    row = rows_of(session, _BASE, **asked)[0]
    if not row.position_kind:
        return []
    learned = Learned(
        technical_jp=int(row.technical or 0),
        seminars=int((row.seminars or 0) > 0),
        leadership=(row.leadership or 0) > 0,
        functional=(row.functional or 0) > 0,
    )
    return competency_index(row.position_kind, learned)


def _years_before(day: date, years: int) -> date:
    last = monthrange(day.year - years, day.month)[1]
    return day.replace(year=day.year - years, day=min(day.day, last))


def line_for_admin(session: Session, actor: Actor, public_id: str) -> LedgerLine:
    """A line that may be corrected, with its person; NotFound outside the actor's reach and for a correction."""
    actor.must(Permission.CORRECT_JP)
    found = session.scalar(
        select(LedgerLine)
        .join(Person, Person.id == LedgerLine.person_id)
        .where(LedgerLine.public_id == public_id, LedgerLine.corrects_id.is_(None), in_scope(actor))
        .options(joinedload(LedgerLine.form), joinedload(LedgerLine.form_rule), joinedload(LedgerLine.person))
    )
    if found is None:
        raise NotFound
    return found


def recognised_of(session: Session, line: LedgerLine) -> int:
    """JP recognised of a line as its corrections have left them."""
    wanted = select(func.coalesce(func.sum(LedgerLine.jp_recognised), 0)).where(LedgerLine.corrects_id == line.id)
    return line.jp_recognised + int(session.scalar(wanted) or 0)


def earned_of(session: Session, line: LedgerLine) -> int:
    """JP earned of a line as its corrections have left them."""
    wanted = select(func.coalesce(func.sum(LedgerLine.jp_earned), 0)).where(LedgerLine.corrects_id == line.id)
    return line.jp_earned + int(session.scalar(wanted) or 0)


def rule_now(session: Session, line: LedgerLine) -> FormRule:
    """The rule by which a line was counted last; a recount may have brought a newer one."""
    wanted = (
        select(FormRule)
        .join(LedgerLine, LedgerLine.form_rule_id == FormRule.id)
        .where(or_(LedgerLine.id == line.id, LedgerLine.corrects_id == line.id))
        .order_by(LedgerLine.id.desc())
        .limit(1)
    )
    return session.scalars(wanted).one()


def corrections_of(session: Session, line: LedgerLine) -> Sequence[LedgerLine]:
    """The corrections of a line, oldest first, with their rules."""
    mine = select(LedgerLine).filter_by(corrects_id=line.id).options(joinedload(LedgerLine.form_rule))
    return session.scalars(mine.order_by(LedgerLine.id)).all()


def days_of(session: Session, line: LedgerLine) -> tuple[dict[date, int], dict[date, int]]:
    """Minutes of each local day of a line: learned, and counted as its corrections have left them."""
    own = select(LedgerLine.id).where((LedgerLine.id == line.id) | (LedgerLine.corrects_id == line.id))
    rows = session.execute(
        select(LedgerDay.day, func.sum(LedgerDay.minutes), func.sum(LedgerDay.counted))
        .where(LedgerDay.line_id.in_(own))
        .group_by(LedgerDay.day)
    ).all()
    return {day: int(minutes) for day, minutes, _counted in rows}, {day: int(counted) for day, _m, counted in rows}


# Minutes of e-learning that a person completed in a stretch of time, in courses completed or not.
MINUTES_LEARNED = (
    select(func.coalesce(func.sum(Activity.minutes), 0))
    .join(ActivityProgress, ActivityProgress.activity_id == Activity.id)
    .join(Enrolment, Enrolment.id == ActivityProgress.enrolment_id)
    .join(Course, Course.id == Enrolment.course_id)
    .where(
        Enrolment.person_id == bindparam("person_id"),
        Course.form == E_LEARNING,
        ActivityProgress.completed_at >= bindparam("first"),
        ActivityProgress.completed_at < bindparam("after"),
    )
)


def courses_and_placements(session: Session, person_id: int, started_on: date, ended_on: date) -> list[Counted]:
    """A person's courses and placements that count and share a day with these, classes and placements first; some are
    enough.

    Of a course the days on which something was learned, as one's own pace may take months; a placement takes all days.
    What was taken back counts no longer.
    """
    correction = aliased(LedgerLine)
    unearned = (
        select(func.coalesce(func.sum(correction.jp_earned), 0))
        .where(correction.corrects_id == LedgerLine.id)
        .scalar_subquery()
    )
    in_class = exists().where(
        Participant.enrolment_id == Enrolment.id,
        Participant.status == "joined",
        LedgerLine.key == literal("course:") + Enrolment.public_id,
    )
    own_pace = and_(LedgerLine.source == "course", not_(in_class))
    learned = exists().where(LedgerDay.line_id == LedgerLine.id, LedgerDay.day.between(started_on, ended_on))
    wanted = (
        select(LedgerLine.title, LedgerLine.started_on, LedgerLine.ended_on, LedgerLine.form_code, own_pace)
        .where(
            LedgerLine.person_id == person_id,
            LedgerLine.jp_earned + unearned > 0,
            or_(LedgerLine.source == "placement", and_(LedgerLine.source == "course", learned)),
            LedgerLine.started_on <= ended_on,
            LedgerLine.ended_on >= started_on,
        )
        .order_by(own_pace, LedgerLine.id)
        .limit(10)
    )
    return [Counted(*row) for row in session.execute(wanted)]


def line_of_record(session: Session, external: ExternalRecord) -> LedgerLine | None:
    """The line that the record's last approval made."""
    wanted = select(LedgerLine).filter_by(key=record_key(external)).options(joinedload(LedgerLine.form_rule))
    return session.scalar(wanted)


def line_of_placement(session: Session, placement: Placement) -> LedgerLine | None:
    """The line that the placement's last confirmation made."""
    wanted = select(LedgerLine).filter_by(key=placement_key(placement)).options(joinedload(LedgerLine.form_rule))
    return session.scalar(wanted)


def line_of_certificate(session: Session, certificate: Certificate) -> LedgerLine | None:
    """The line that counts what a certificate proves, whether it was revoked or not."""
    enrolment = session.get_one(Enrolment, certificate.enrolment_id)
    return session.scalar(select(LedgerLine).filter_by(key=course_key(enrolment)))
