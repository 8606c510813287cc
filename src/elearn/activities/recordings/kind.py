"""What the registry of activity kinds knows of recordings."""

from sqlalchemy.orm import Session

from elearn.activities.recordings.actions import FILES, copy_recordings, use_file
from elearn.activities.recordings.queries import recording_of, texts, used_files
from elearn.activities.recordings.rules import missing_words
from elearn.foundation.i18n import N_, _
from elearn.teaching.courses.kinds import ActivityKind
from elearn.teaching.courses.models import Activity


def shortcomings(session: Session, activity: Activity) -> list[str]:
    """A recording needs a file, and words for those who cannot hear it."""
    recording = recording_of(session, activity)
    if recording.material is None:
        return [_("%(title)s: belum ada rekamannya.", title=activity.title)]
    missing = missing_words(recording)
    return [f"{activity.title}: {missing}"] if missing else []


RECORDING = ActivityKind(
    key="recording",
    label=N_("Rekaman"),
    icon="play",
    edit_prefix="/ajar/rekaman",
    play_suffix="rekaman",
    shortcomings=shortcomings,
    texts=texts,
    copy=copy_recordings,
    materials=FILES,
    take_material=use_file,
    uses=used_files,
)
