"""The rows of a class list."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.foundation.i18n import _, format_datetime
from elearn.foundation.tables import Column
from elearn.learning.attendance.models import Attendance, ClassSession
from elearn.learning.attendance.queries import sessions_in
from elearn.learning.cohorts.models import RESULTS, Cohort
from elearn.learning.cohorts.queries import joined_participants
from elearn.learning.enrolment.models import Enrolment


def class_list(session: Session, cohort: Cohort) -> tuple[Sequence[Column], Sequence[Sequence[object]]]:
    """Columns and rows: one for each participant, a column for each session. Four statements."""
    meetings = sessions_in(session, cohort)
    people = joined_participants(session, cohort)
    there = {
        (session_id, participant_id)
        for session_id, participant_id in session.execute(
            select(Attendance.session_id, Attendance.participant_id)
            .join(ClassSession, ClassSession.id == Attendance.session_id)
            .where(ClassSession.cohort_id == cohort.id, Attendance.present)
        )
    }
    ids = [each.enrolment_id for each in people if each.enrolment_id is not None]
    found = session.execute(select(Enrolment.id, Enrolment.score).where(Enrolment.id.in_(ids)))
    scores = {id: score for id, score in found}  # noqa: C416 - a row is no pair to the type checker
    columns = [
        Column("nip", _("NIP"), "nip"),
        Column("name", _("Nama")),
        Column("unit", _("Unit")),
        *(Column(each.public_id, f"{each.title}, {format_datetime(each.starts_at)}") for each in meetings),
        Column("attendance", _("Kehadiran, persen"), "int"),
        Column("score", _("Nilai"), "decimal"),
        Column("result", _("Hasil")),
        Column("reason", _("Keterangan")),
    ]
    rows = [
        [
            each.person.nip,
            each.person.full_name,
            each.person.unit.name if each.person.unit else "",
            *(_("hadir") if (meeting.id, each.id) in there else "" for meeting in meetings),
            each.attendance(cohort.sessions),
            scores.get(each.enrolment_id or 0),
            _(RESULTS[each.result]),
            each.result_reason,
        ]
        for each in people
    ]
    return columns, rows
