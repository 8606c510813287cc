"""What quizzes do when a bank offers less."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.activities.quizzes.queries import too_narrow_for
from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import N_, _
from elearn.teaching.banks.events import BankNarrowed
from elearn.teaching.courses.models import Course
from elearn.teaching.questions.models import QuestionBank


def keep_questions_for_quizzes(session: Session, event: BankNarrowed) -> None:
    """Refuse what would leave a quiz that learners see without enough questions."""
    # Of two teachers who each take a question away the second one counts what the first one left.
    bank = session.scalars(select(QuestionBank).filter_by(id=event.bank_id).with_for_update()).one()
    if session.get_one(Course, bank.course_id).state == "draft":
        return
    if titles := too_narrow_for(session, bank):
        said = N_("Kuis %(titles)s akan kekurangan soal. Tambahkan soal pengganti, atau kurangi jumlah soal acaknya.")
        raise Conflict(_(said, titles=", ".join(titles)))
