"""Where up meets down: which event sets off which reactions, which kinds of activities, menus and jobs exist.

One page to read aloud. Nothing else knows two layers at once.
"""

from datetime import timedelta

from elearn.activities.documents.kind import DOCUMENT
from elearn.activities.documents.reactions import follow_material
from elearn.activities.quizzes.jobs import close_expired_attempts
from elearn.activities.quizzes.kind import QUIZ
from elearn.activities.quizzes.queries import last_tests, results_by_question
from elearn.activities.quizzes.reactions import keep_questions_for_quizzes
from elearn.activities.readings.kind import READING
from elearn.activities.recordings.kind import RECORDING
from elearn.foundation.events import when
from elearn.foundation.i18n import N_
from elearn.foundation.jobs import worker
from elearn.foundation.jobs.registry import register, schedule
from elearn.foundation.web.menu import Face, Item, declare
from elearn.learning.attendance.events import AttendanceCorrected
from elearn.learning.attendance.reactions import bring_sessions, keep_sessions_within
from elearn.learning.cohorts.events import CohortCopied, CohortMoved
from elearn.learning.cohorts.jobs import rule_on_many, tell_participants
from elearn.learning.cohorts.reactions import leave_class
from elearn.learning.enrolment.events import LearnerReturned, LearnerWithdrew
from elearn.learning.enrolment.jobs import fill_enrolment_batch
from elearn.learning.enrolment.reactions import keep_for_learners
from elearn.learning.handouts.jobs import copy_files
from elearn.learning.handouts.reactions import bring_files
from elearn.learning.placements.events import ConfirmationTakenBack, PlacementConfirmed
from elearn.learning.placements.jobs import tell_owner_of_placement
from elearn.learning.programmes.jobs import look_after_programmes, rest_programme, run_programme
from elearn.learning.programmes.jobs import remind as remind_of_duties
from elearn.learning.programmes.reactions import close_what_was_owed, look_again, look_at_everybody
from elearn.learning.programmes.sources import use_certificates
from elearn.learning.progress.events import CourseCompleted, WorkedAgain
from elearn.learning.progress.reactions import complete_the_finished, complete_who_returned
from elearn.learning.renewals.events import CourseRenewed
from elearn.learning.renewals.reactions import renew
from elearn.learning.renewals.sources import use_tests
from elearn.overview.attainment.files import attainment_book
from elearn.overview.attainment.jobs import count_attainment
from elearn.overview.duties.files import duties_book
from elearn.overview.exports.jobs import make_workbook
from elearn.overview.exports.registry import offer
from elearn.overview.packets.jobs import make_packet
from elearn.overview.participants.jobs import remind
from elearn.overview.reports.files import completions_book
from elearn.overview.search.reactions import follow_course
from elearn.people.access.permissions import Permission
from elearn.people.accounts.events import PeopleChanged
from elearn.people.accounts.jobs import send_reset_mail
from elearn.people.directory.jobs import fill_code_sheet, forget_code_sheets
from elearn.people.imports.jobs import forget_rosters, import_people
from elearn.people.organisation.events import TreeChanged
from elearn.people.reorganisation.jobs import forget_unit_files
from elearn.recognition.certificates.jobs import issue_certificates
from elearn.recognition.certificates.queries import holders_of
from elearn.recognition.certificates.reactions import issue_certificate
from elearn.recognition.external_records.events import ApprovalTakenBack, RecordApproved
from elearn.recognition.external_records.jobs import tell_owner_of_record
from elearn.recognition.external_records.sources import use_account
from elearn.recognition.learning_hours.queries import courses_and_placements
from elearn.recognition.learning_hours.reactions import (
    amend_attended_course,
    credit_approved_record,
    credit_completed_course,
    credit_confirmed_placement,
    uncredit_placement_taken_back,
    uncredit_record_taken_back,
)
from elearn.recognition.recounting.jobs import count_again, write_changes
from elearn.standards.oneroster.jobs import write_feed
from elearn.standards.siasn.jobs import make_bundle
from elearn.teaching.banks.events import BankNarrowed
from elearn.teaching.banks.results import use_results
from elearn.teaching.courses import kinds
from elearn.teaching.courses.events import CourseChanged, CoursePublished, CourseWithdrawn, LessRequired
from elearn.teaching.materials.events import MaterialReady
from elearn.teaching.materials.jobs import prepare_pdf


def connect() -> None:
    """Register reactions, activity kinds, menus and jobs; doing it twice is the same as once."""
    kinds.register(READING)
    kinds.register(DOCUMENT)
    kinds.register(RECORDING)
    kinds.register(QUIZ)
    use_results(results_by_question)
    when(MaterialReady, follow_material)
    when(CourseChanged, follow_course)
    when(CoursePublished, follow_course)
    when(CourseWithdrawn, keep_for_learners)
    when(LessRequired, complete_the_finished)
    when(LearnerReturned, complete_who_returned)
    when(LearnerWithdrew, leave_class)
    when(CohortCopied, bring_sessions, bring_files)
    when(CohortMoved, keep_sessions_within)
    when(BankNarrowed, keep_questions_for_quizzes)
    # The certificate first: its number is the evidence of what is counted.
    when(CourseCompleted, issue_certificate, credit_completed_course, close_what_was_owed)
    use_certificates(holders_of)
    use_tests(last_tests)
    when(WorkedAgain, renew)
    when(CourseRenewed, close_what_was_owed)
    when(PeopleChanged, look_again)
    when(TreeChanged, look_at_everybody)
    register("programmes.run", run_programme)
    register("programmes.rest", rest_programme)
    register("programmes.look_after", look_after_programmes)
    schedule("programmes.look_after", every=timedelta(minutes=1))
    register("programmes.remind", remind_of_duties)
    schedule("programmes.remind", every=timedelta(minutes=15))
    use_account(courses_and_placements)
    when(AttendanceCorrected, amend_attended_course)
    when(RecordApproved, credit_approved_record)
    when(ApprovalTakenBack, uncredit_record_taken_back)
    when(PlacementConfirmed, credit_confirmed_placement)
    when(ConfirmationTakenBack, uncredit_placement_taken_back)
    register("materials.prepare_pdf", prepare_pdf)
    register("quizzes.close_expired", close_expired_attempts)
    schedule("quizzes.close_expired", every=timedelta(seconds=30))
    register("accounts.reset_mail", send_reset_mail)
    register("directory.fill_code_sheet", fill_code_sheet)
    register("directory.forget_code_sheets", forget_code_sheets)
    schedule("directory.forget_code_sheets", every=timedelta(hours=1))
    register("imports.import_people", import_people)
    register("imports.forget_rosters", forget_rosters)
    schedule("imports.forget_rosters", every=timedelta(hours=6))
    register("reorganisation.forget_unit_files", forget_unit_files)
    schedule("reorganisation.forget_unit_files", every=timedelta(hours=6))
    register("enrolment.fill_batch", fill_enrolment_batch)
    register("cohorts.rule", rule_on_many)
    register("cohorts.tell", tell_participants)
    register("handouts.copy", copy_files)
    register("records.tell", tell_owner_of_record)
    register("placements.tell", tell_owner_of_placement)
    register("participants.remind", remind)
    register("siasn.make_bundle", make_bundle)
    register("certificates.issue_many", issue_certificates)
    register("oneroster.write", write_feed)
    register("recounting.count", count_again)
    register("recounting.write", write_changes)
    register("attainment.count", count_attainment)
    register("packets.make", make_packet)
    register("exports.workbook", make_workbook)
    offer("completions", completions_book)
    offer("attainment", attainment_book)
    offer("duties", duties_book)
    schedule("attainment.count", every=timedelta(minutes=30))
    _menus()


def _menus() -> None:
    declare(
        "learn",
        Face(N_("Peserta"), (), lambda actor: True),
        Item(N_("Beranda"), "/", "home", also=("/ulang",), alone=True),
        Item(N_("Katalog"), "/pelatihan", "book", also=("/belajar", "/kuis")),
        Item(N_("Jadwal"), "/jadwal", "cal", bar=False, also=("/hadir",)),
        Item(N_("Wajib"), "/wajib", "check", bar=False),
        Item(N_("Capaian"), "/capaian", "medal", also=("/magang",)),
        Item(N_("Saya"), "/saya", "user"),
    )
    declare(
        "teach",
        Face(N_("Pengajar"), ("/ajar",), lambda actor: actor.teaches),
        Item(N_("Pelatihan"), "/ajar", "book"),
        Item(N_("Bank soal"), "/ajar/bank", "list"),
        Item(N_("Angkatan"), "/kelola/angkatan", "cal", lambda actor: not actor.everywhere),
    )
    declare(
        "admin",
        Face(
            N_("Admin"),
            ("/opd", "/ringkasan", "/kelola", "/impor", "/pekerjaan", "/laporan", "/persetujuan", "/ttd"),
            lambda actor: actor.administers,
        ),
        Item(N_("Hari ini"), "/kelola", "home", lambda actor: actor.everywhere, alone=True),
        Item(N_("Capaian JP"), "/opd", "check", lambda actor: actor.administers, also=("/kelola/siasn",)),
        Item(N_("Pegawai"), "/opd/pegawai", "group", lambda actor: actor.administers),
        # The classes belong to this face; an instructor's other pages are at hand there too.
        Item(N_("Pelatihan"), "/ajar", "book", lambda actor: actor.teaches and not actor.administers),
        Item(N_("Bank soal"), "/ajar/bank", "list", lambda actor: actor.teaches and not actor.administers),
        Item(N_("Angkatan"), "/kelola/angkatan", "cal", lambda actor: actor.teaches, also=("/kelola/sesi",)),
        Item(
            N_("Usulkan"),
            "/opd/usulan",
            "plus",
            lambda actor: actor.administers and not actor.everywhere,
            also=("/opd/angkatan",),
        ),
        Item(N_("Persetujuan"), "/persetujuan", "check", lambda actor: actor.administers),
        Item(N_("Laporan"), "/laporan", "chart", lambda actor: actor.administers),
        Item(N_("Impor"), "/impor/pegawai", "up", lambda actor: actor.everywhere),
        Item(N_("Ringkasan"), "/ringkasan", "chart", lambda actor: actor.administers),
        Item(N_("Daftarkan"), "/kelola/pendaftaran", "book", lambda actor: actor.administers),
        Item(N_("Program"), "/kelola/program", "check", lambda actor: actor.administers),
        Item(N_("Sertifikat"), "/kelola/sertifikat", "medal", lambda actor: actor.everywhere),
        Item(N_("Nilai JP"), "/kelola/bentuk", "list", lambda actor: actor.everywhere, also=("/kelola/hitung-ulang",)),
        Item(N_("Kode masuk"), "/opd/kode", "lock", lambda actor: actor.administers),
        Item(N_("Magang"), "/kelola/magang", "group", lambda actor: actor.administers, also=("/kelola/mitra",)),
        Item(N_("Pengguna"), "/kelola/pengguna", "user", lambda actor: actor.everywhere),
        Item(N_("Unit"), "/kelola/unit", "list", lambda actor: actor.everywhere, also=("/impor/unit",)),
        Item(N_("Tanda tangan"), "/ttd", "sign", lambda actor: actor.may(Permission.SIGN_CERTIFICATES)),
    )
    declare(
        "lead",
        Face(
            N_("Pimpinan"),
            ("/ringkasan", "/opd", "/laporan", "/kelola/unit", "/kelola/program"),
            lambda actor: actor.leads,
        ),
        Item(N_("Ringkasan"), "/ringkasan", "chart"),
        Item(N_("Capaian JP"), "/opd", "check"),
        Item(N_("Pegawai"), "/opd/pegawai", "group", also=("/kelola/unit",)),
        Item(N_("Hasil angkatan"), "/opd/angkatan", "cal"),
        Item(N_("Program"), "/kelola/program", "check"),
        Item(N_("Laporan"), "/laporan", "list"),
    )
    declare(
        "sign",
        Face(N_("Penandatangan"), ("/ttd",), lambda actor: actor.signs),
        Item(N_("Tanda tangan"), "/ttd", "sign"),
    )


def start_work() -> None:
    """Run jobs in this process."""
    worker.launch("server")


def stop_work() -> None:
    """Stop running jobs in this process."""
    worker.stop()
