"""Where a learner goes on after an activity."""

from starlette.responses import Response

from elearn.foundation.i18n import _
from elearn.foundation.web.rendering import redirect
from elearn.learning.player.queries import Desk
from elearn.learning.progress.models import ActivityProgress


def go_on(desk: Desk, progress: ActivityProgress) -> Response:
    """To the next activity, or back with the seconds that are missing."""
    if not progress.completed:
        left = max(1, desk.activity.least_seconds - progress.active_seconds)
        return redirect(desk.here.path, _("Tinggal sedikit lagi: kurang %(n)s detik.", n=left), "w")
    return redirect(desk.next.path if desk.next else f"/pelatihan/{desk.course.slug}")
