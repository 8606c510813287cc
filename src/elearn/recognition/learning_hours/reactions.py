"""What the JP account does when something happened below."""

from sqlalchemy.orm import Session

from elearn.foundation.clock import utc_now
from elearn.learning.attendance.events import AttendanceCorrected
from elearn.learning.placements.events import ConfirmationTakenBack, PlacementConfirmed
from elearn.learning.progress.events import CourseCompleted
from elearn.people.access.actor import Actor
from elearn.recognition.external_records.events import ApprovalTakenBack, RecordApproved
from elearn.recognition.learning_hours.actions import (
    credit_course,
    credit_placement,
    credit_record,
    uncredit_placement,
    uncredit_record,
)
from elearn.recognition.learning_hours.amending import amend_course


def credit_completed_course(session: Session, event: CourseCompleted) -> None:
    """Every completed course counts at once, in the same transaction."""
    credit_course(session, Actor.system("pelatihan selesai"), event.enrolment_id, utc_now())


def amend_attended_course(session: Session, event: AttendanceCorrected) -> None:
    """Attendance that was corrected after passing reaches the account, in the same transaction."""
    amend_course(session, Actor.system("presensi dibetulkan"), event.enrolment_id, utc_now())


def credit_approved_record(session: Session, event: RecordApproved) -> None:
    """What an officer approved counts at once, in the same transaction."""
    credit_record(session, Actor.system("sertifikat luar disetujui"), event.record_id, utc_now())


def uncredit_record_taken_back(session: Session, event: ApprovalTakenBack) -> None:
    """An approval that was taken back counts no longer."""
    uncredit_record(session, Actor.system("persetujuan dibatalkan"), event.record_id, event.reason, utc_now())


def credit_confirmed_placement(session: Session, event: PlacementConfirmed) -> None:
    """A placement that its host signed and an admin confirmed counts at once."""
    credit_placement(session, Actor.system("penempatan disahkan"), event.placement_id, utc_now())


def uncredit_placement_taken_back(session: Session, event: ConfirmationTakenBack) -> None:
    """A confirmation that was taken back counts no longer."""
    actor = Actor.system("pengesahan dibatalkan")
    uncredit_placement(session, actor, event.placement_id, event.reason, utc_now())
