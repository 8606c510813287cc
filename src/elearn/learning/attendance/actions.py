"""Verbs of sessions and attendance."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from elearn.foundation.events import announce
from elearn.foundation.i18n import _, format_datetime
from elearn.foundation.ids import fingerprint, new_id, new_secret
from elearn.foundation.settings import settings
from elearn.foundation.sheets import Sheet
from elearn.learning.attendance.events import AttendanceCorrected
from elearn.learning.attendance.forms import CorrectionWish, ListWish, SessionWish
from elearn.learning.attendance.models import Attendance, CalendarFeed, ClassSession
from elearn.learning.attendance.queries import (
    attended_by,
    candidates,
    noted_for,
    participants_named,
    roll_of,
)
from elearn.learning.attendance.rules import (
    by_day,
    check_day_came,
    check_now,
    check_session,
    code_fits,
    is_open,
    moment,
)
from elearn.learning.attendance.secrets import feed_token
from elearn.learning.cohorts.actions import note_days, note_sessions
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.cohorts.notices import tell
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.enrolment.rules import twice
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import nip
from elearn.people.audit.actions import record
from elearn.teaching.courses.models import Course
from elearn.teaching.courses.queries import teaches

# Rows of a file that may be uploaded at once.
MOST_ROWS = 5_000


@dataclass(frozen=True)
class FileCheck:
    """What a file of NIPs would do: who becomes present, how many are already, and sentences on the rest."""

    fresh: list[Participant]
    already: int
    told: list[str] = field(default_factory=list)


def plan(session: Session, actor: Actor, cohort: Cohort, wish: SessionWish, now: datetime) -> ClassSession:
    """A new session of a class. For those who run it."""
    _must_run(session, actor, cohort)
    check_session(cohort, wish)
    meeting = ClassSession(
        public_id=new_id(), cohort_id=cohort.id, nonce=new_secret(), revision=1, created_at=now, title=wish.title
    )
    _describe(meeting, wish)
    session.add(meeting)
    session.flush()
    record(session, actor, "session.planned", meeting, after=_facts(meeting))
    _count_sessions(session, actor, cohort)
    return meeting


def change(session: Session, actor: Actor, meeting: ClassSession, wish: SessionWish, now: datetime) -> int:
    """Describe a session anew; minutes of those who were there are counted anew.

    Gives for how many who have passed that changed what their course gives.
    """
    _must_run(session, actor, meeting.cohort)
    check_session(meeting.cohort, wish)
    before = _facts(meeting)
    _describe(meeting, wish)
    meeting.revision += 1
    session.flush()
    facts = _facts(meeting)
    record(session, actor, "session.changed", meeting, before=before, after=facts)
    if meeting.cohort.state == "open" and any(before[name] != facts[name] for name in ("day", "time", "place")):
        note = _("Sesi %(title)s: %(when)s", title=meeting.title, when=format_datetime(meeting.starts_at))
        tell(session, "changed", meeting.cohort, now, note=note)
    return len(_recount(session, actor, [row.participant_id for row in noted_for(session, meeting).values()]))


def remove(session: Session, actor: Actor, meeting: ClassSession, now: datetime) -> None:
    """Take a session out of its class; one at which somebody was stays."""
    _must_run(session, actor, meeting.cohort)
    if noted_for(session, meeting):
        raise Conflict(_("Sesi ini sudah mempunyai presensi, jadi tetap tercatat. Ubah waktunya bila perlu."))
    record(session, actor, "session.removed", meeting, before=_facts(meeting))
    cohort = meeting.cohort
    session.delete(meeting)
    session.flush()
    _count_sessions(session, actor, cohort)


def copy_sessions(session: Session, actor: Actor, from_id: int, cohort: Cohort, days: int, now: datetime) -> None:
    """The sessions of one class for another one, so many days later."""
    wanted = select(ClassSession).filter_by(cohort_id=from_id).order_by(ClassSession.starts_at)
    for each in session.scalars(wanted).all():
        twin = ClassSession(
            public_id=new_id(),
            cohort_id=cohort.id,
            title=each.title,
            starts_at=each.starts_at + timedelta(days=days),
            ends_at=each.ends_at + timedelta(days=days),
            place=each.place,
            link=each.link,
            nonce=new_secret(),
            revision=1,
            created_at=now,
        )
        session.add(twin)
    session.flush()
    _count_sessions(session, actor, cohort)


def check_in(
    session: Session, actor: Actor, meeting: ClassSession, participant: Participant, code: str, way: str, now: datetime
) -> bool:
    """Note that the actor is at a session; `way` is qr or code. Gives False for a code that does not fit.

    Checking in twice is the same as once. Raises NotNow before and after the session.
    """
    if participant.person_id != actor.person_id:
        raise Forbidden(_("Anda tidak berwenang melakukan ini."))
    check_now(meeting, now)
    if not code_fits(settings().secret_key, meeting, code, now):
        return False
    _note(session, actor, meeting, [participant.id], way, now)
    return True


def check_in_by_code(session: Session, actor: Actor, code: str, now: datetime) -> ClassSession | None:
    """Check in to whichever of the actor's sessions shows this code; None if none does.

    Raises NotNow when none of them can be checked into at this moment.
    """
    mine = candidates(session, actor, now)
    opened = [(meeting, participant) for meeting, participant in mine if is_open(meeting, now)]
    if not opened:
        raise Conflict(_("Tidak ada sesi Anda yang presensinya dibuka sekarang. Lihat jadwal Anda."))
    for meeting, participant in opened:
        if check_in(session, actor, meeting, participant, code, "code", now):
            return meeting
    return None


def note_list(session: Session, actor: Actor, meeting: ClassSession, wish: ListWish, now: datetime) -> int:
    """Take over the organiser's list: who is ticked was there. Gives how many are new; sent twice, none are.

    That somebody was not there after all is a correction and needs a reason.
    """
    _must_run(session, actor, meeting.cohort)
    ticked = set(wish.present)
    ids = [each.participant.id for each in roll_of(session, meeting) if each.participant.public_id in ticked]
    return _note(session, actor, meeting, ids, "sheet" if wish.sheet else "list", now)


def check_file(session: Session, actor: Actor, meeting: ClassSession, sheet: Sheet) -> FileCheck:
    """What a table with a column NIP would do. Writes nothing; raises Invalid for one without that column."""
    _must_run(session, actor, meeting.cohort)
    column = next((n for n, name in enumerate(sheet.headers) if nip.clean(name).upper() == "NIP"), None)
    if column is None:
        sentence = _("Berkas ini tidak punya kolom NIP. Beri judul NIP pada kolomnya.")
        raise Invalid(sentence, {"file": sentence})
    told, digits = [], []
    for row in sheet.rows:
        if not (typed := row.values[column]):
            continue
        if why := nip.problem(typed):
            told.append(_("Baris %(n)s: %(why)s", n=row.number, why=why))
        else:
            digits.append(nip.clean(typed))
    told += [_("NIP %(nip)s muncul lebih dari sekali, dihitung sekali.", nip=each) for each in twice(digits)]
    known = participants_named(session, meeting.cohort_id, set(digits))
    told += [
        _("NIP %(nip)s bukan peserta angkatan ini.", nip=each) for each in dict.fromkeys(digits) if each not in known
    ]
    noted = noted_for(session, meeting)
    fresh, already = list[Participant](), 0
    for each in known.values():
        if (there := noted.get(each.id)) is None:
            fresh.append(each)
        elif there.present:
            already += 1
        else:
            # A correction with a reason outweighs a list.
            told.append(_("%(name)s sudah dikoreksi tidak hadir. Ubah lewat koreksi.", name=each.person.name))
    return FileCheck(sorted(fresh, key=lambda each: each.person.name), already, told)


def note_file(
    session: Session, actor: Actor, meeting: ClassSession, participants: Collection[str], now: datetime
) -> int:
    """Note those of a checked file, by public id; gives how many are new."""
    _must_run(session, actor, meeting.cohort)
    ids = [each.participant.id for each in roll_of(session, meeting) if each.participant.public_id in participants]
    return _note(session, actor, meeting, ids, "file", now)


def correct(
    session: Session, actor: Actor, meeting: ClassSession, participant: Participant, wish: CorrectionWish, now: datetime
) -> tuple[int | None, int | None] | None:
    """Say that somebody was there after all, or was not; the audit keeps what was said before.

    Gives the JP of the completed course before and after, where that changed what it gives.
    """
    _must_run(session, actor, meeting.cohort)
    if wish.present:
        check_day_came(meeting, now)
    _held(session, meeting.cohort_id)
    row = noted_for(session, meeting).get(participant.id)
    before = {"present": row.present if row else False, "way": row.way if row else ""}
    if row is None:
        row = Attendance(session_id=meeting.id, participant_id=participant.id, way="list")
        session.add(row)
    row.present, row.reason, row.noted_at, row.noted_by = wish.present, wish.reason, now, actor.person_id
    session.flush()
    after = {"present": wish.present, "session": meeting.public_id}
    record(session, actor, "attendance.corrected", participant, before=before, after=after, reason=wish.reason)
    return next(iter(_recount(session, actor, [participant.id])), None)


def make_feed(session: Session, actor: Actor, now: datetime) -> CalendarFeed:
    """A new secret address of the actor's calendar; an earlier one ends."""
    actor.must(Permission.LEARN)
    feed = session.get(CalendarFeed, actor.me())
    if feed is None:
        feed = CalendarFeed(person_id=actor.me(), nonce="", token_hash="", created_at=now)
        session.add(feed)
    feed.nonce, feed.created_at = new_secret(), now
    feed.token_hash = fingerprint(feed_token(feed))
    session.flush()
    record(session, actor, "calendar.renewed", "calendar_feeds")
    return feed


def _note(
    session: Session, actor: Actor, meeting: ClassSession, participant_ids: Iterable[int], way: str, now: datetime
) -> int:
    """Those who are not noted as present become so; a correction that says otherwise stands."""
    check_day_came(meeting, now)
    _held(session, meeting.cohort_id)
    noted = noted_for(session, meeting)
    fresh = [id for id in participant_ids if id not in noted]
    session.add_all(
        Attendance(
            session_id=meeting.id,
            participant_id=id,
            present=True,
            way=way,
            noted_at=now,
            noted_by=actor.person_id,
            reason="",
        )
        for id in fresh
    )
    session.flush()
    if fresh:
        record(session, actor, "attendance.noted", meeting, after={"way": way, "people": len(fresh)})
        _recount(session, actor, fresh)
    return len(fresh)


def _held(session: Session, cohort_id: int) -> None:
    """Lists of one class are taken in one after the other, so that days are counted from all that is known."""
    session.flush()
    session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())


def _recount(session: Session, actor: Actor, participant_ids: Collection[int]) -> list[tuple[int | None, int | None]]:
    """Count what participants attended; gives JP before and after of each completed course that gives others now."""
    if not participant_ids:
        return []
    attended = attended_by(session, participant_ids)
    note_days(session, actor, {id: by_day(sessions) for id, sessions in attended.items()})
    # In the order in which accounts are locked elsewhere too.
    passed = session.scalars(
        select(Enrolment)
        .join(Participant, Participant.enrolment_id == Enrolment.id)
        .where(Participant.id.in_(participant_ids), Participant.result == "passed")
        .order_by(Enrolment.person_id)
    ).all()
    before = [each.completed_jp for each in passed]
    for each in passed:
        announce(session, AttendanceCorrected(each.id))
    given = [(jp, each.completed_jp) for jp, each in zip(before, passed, strict=True)]
    return [pair for pair in given if pair[0] != pair[1]]


def note_sheet(session: Session, actor: Actor, meeting: ClassSession, form: str, people: int) -> None:
    """Write down who takes the sign-in sheet, which names so many people; the caller found the session."""
    after = {"class": meeting.cohort.public_id, "format": form, "people": people}
    record(session, actor, "session.sheet_taken", meeting, after=after)


def _count_sessions(session: Session, actor: Actor, cohort: Cohort) -> None:
    n = session.scalar(select(func.count(ClassSession.id)).filter_by(cohort_id=cohort.id)) or 0
    note_sessions(session, actor, cohort.id, n)


def _must_run(session: Session, actor: Actor, cohort: Cohort) -> None:
    if cohort.state == "cancelled":
        raise Conflict(_("Angkatan ini dibatalkan."))
    if actor.may(Permission.MANAGE_CLASSES):
        return
    course = session.get(Course, cohort.course_id)
    if course is None or not teaches(session, actor, course):
        raise NotFound


def _describe(meeting: ClassSession, wish: SessionWish) -> None:
    meeting.title, meeting.place, meeting.link = wish.title, wish.place, wish.link
    meeting.starts_at, meeting.ends_at = moment(wish.day, wish.starts), moment(wish.day, wish.ends)


def _facts(meeting: ClassSession) -> dict[str, str]:
    return {
        "title": meeting.title,
        "day": str(wib_date(meeting.starts_at)),
        "time": f"{meeting.starts_at.astimezone(WIB):%H:%M}-{meeting.ends_at.astimezone(WIB):%H:%M}",
        "place": meeting.place,
    }
