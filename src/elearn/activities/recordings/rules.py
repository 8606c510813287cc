"""Rules of recordings. Pure."""

from elearn.activities.recordings.models import Recording
from elearn.foundation.i18n import _


def missing_words(recording: Recording) -> str:
    """What those who cannot hear lack (WCAG 2.2: 1.2.1 for audio, 1.2.2 for video); empty when nothing is missing."""
    if recording.speechless or recording.material is None or recording.captions is not None:
        return ""
    if recording.material.kind == "video":
        return _("Video ini belum bertakarir. Unggah takarir, atau tandai tanpa ucapan.")
    if not recording.transcript.strip():
        return _("Audio ini belum bertranskrip. Tulis transkrip, atau tandai tanpa ucapan.")
    return ""
