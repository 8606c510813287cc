"""How long a job will still take, in words. Pure."""

from datetime import datetime

from elearn.foundation.i18n import _
from elearn.foundation.jobs.models import Job


def seconds_left(job: Job, now: datetime) -> int | None:
    """An estimate from the speed so far; None as long as there is too little to go by."""
    if job.started_at is None or not job.done or job.done >= job.total:
        return None
    gone = (now - job.started_at).total_seconds()
    return round(gone / job.done * (job.total - job.done)) if gone >= 1 else None


def time_left(job: Job, now: datetime) -> str:
    """`kira-kira 20 detik lagi`, rounded so that it does not jump about; empty without an estimate."""
    seconds = seconds_left(job, now)
    if seconds is None:
        return ""
    if seconds < 55:
        return _("kira-kira %(n)s detik lagi", n=max(5, -(-seconds // 5) * 5))
    minutes = -(-seconds // 60)
    if minutes < 90:
        return _("kira-kira %(n)s menit lagi", n=minutes)
    return _("kira-kira %(n)s jam lagi", n=round(minutes / 60))
