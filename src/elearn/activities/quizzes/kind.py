"""What the registry of activity kinds knows of quizzes."""

from sqlalchemy.orm import Session

from elearn.activities.quizzes.actions import write_file
from elearn.activities.quizzes.models import Quiz
from elearn.activities.quizzes.queries import texts
from elearn.foundation.i18n import N_, _
from elearn.teaching.courses.kinds import ActivityKind
from elearn.teaching.courses.models import Activity


def shortcomings(session: Session, activity: Activity) -> list[str]:
    """A quiz without questions cannot be published."""
    quiz = session.get(Quiz, activity.id)
    return [] if quiz and quiz.draws else [_("%(title)s: belum ada soalnya.", title=activity.title)]


QUIZ = ActivityKind(
    key="quiz",
    label=N_("Kuis"),
    icon="check",
    edit_prefix="/ajar/kuis",
    play_suffix="kuis",
    shortcomings=shortcomings,
    texts=texts,
    write_file=write_file,
)
