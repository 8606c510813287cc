"""What of a learner's attempts may be told, as the database says it; `rules.released` says the same of one attempt.

Both clauses speak of the statement that they are put into, which joins the tables named with them.
"""

from sqlalchemy import ColumnElement, bindparam, exists, or_
from sqlalchemy.orm import aliased

from elearn.activities.quizzes.models import Attempt, AttemptQuestion
from elearn.learning.enrolment.models import Enrolment
from elearn.teaching.courses.models import Course
from elearn.teaching.questions.models import Question, QuestionVersion

# Of an Attempt and its Course: the learner may see keys and explanations of this attempt on the WIB day `today`.
RELEASED: ColumnElement[bool] = Attempt.graded_at.is_not(None) & or_(
    Attempt.release == "after_submit",
    (Attempt.release == "after_pass") & Attempt.passed.is_(True),
    (Attempt.release == "after_close") & (Course.closes_on < bindparam("today")),
)

_running, _asked, _wording = aliased(Attempt), aliased(AttemptQuestion), aliased(QuestionVersion)

# Of a Question and an Enrolment: an attempt that is not handed in yet asks this question, in whatever wording.
IN_OPEN_ATTEMPT: ColumnElement[bool] = (
    exists()
    .where(
        _running.enrolment_id == Enrolment.id,
        _running.submitted_at.is_(None),
        _asked.attempt_id == _running.id,
        _wording.id == _asked.version_id,
        _wording.question_id == Question.id,
    )
    .correlate(Enrolment, Question)
)
