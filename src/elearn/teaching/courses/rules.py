"""Rules of courses. Pure."""

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.teaching.courses.models import Course


def check_editable(course: Course) -> None:
    """A course that lives as files is changed there only, or the next sync would undo the change."""
    if course.from_files:
        raise Conflict(_("Pelatihan ini disusun dari berkas. Ubah berkasnya, lalu jalankan sinkronisasi."))
