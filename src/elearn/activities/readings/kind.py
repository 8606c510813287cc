"""What the registry of activity kinds knows of readings."""

from sqlalchemy.orm import Session

from elearn.activities.readings.actions import copy_readings, write_file
from elearn.activities.readings.models import Reading
from elearn.activities.readings.queries import texts, used_pictures
from elearn.foundation.i18n import N_, _
from elearn.teaching.courses.kinds import ActivityKind
from elearn.teaching.courses.lesson import parse_body
from elearn.teaching.courses.models import Activity


def shortcomings(session: Session, activity: Activity) -> list[str]:
    """A lesson without a text cannot be published."""
    reading = session.get(Reading, activity.id)
    source = reading.source if reading else ""
    if problems := parse_body(source)[1]:
        line, what = problems[0].line, problems[0].message
        return [_("%(title)s, baris %(n)s: %(what)s", title=activity.title, n=line, what=what)]
    return [] if source.strip() else [_("%(title)s: belum ada isinya.", title=activity.title)]


READING = ActivityKind(
    key="reading",
    label=N_("Bacaan"),
    icon="book",
    edit_prefix="/ajar/materi",
    play_suffix="bacaan",
    shortcomings=shortcomings,
    texts=texts,
    copy=copy_readings,
    write_file=write_file,
    uses=used_pictures,
)
