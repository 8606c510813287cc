"""What the registry of activity kinds knows of quizzes."""

from elearn.activities.quizzes.actions import write_file
from elearn.activities.quizzes.editing import copy_quizzes
from elearn.activities.quizzes.queries import shortcomings, texts
from elearn.foundation.i18n import N_
from elearn.teaching.courses.kinds import ActivityKind

QUIZ = ActivityKind(
    key="quiz",
    label=N_("Kuis"),
    icon="check",
    edit_prefix="/ajar/kuis",
    play_suffix="kuis",
    shortcomings=shortcomings,
    texts=texts,
    copy=copy_quizzes,
    write_file=write_file,
    shows_files=True,
    watched=False,
)
