"""Sessions as a calendar for programs (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.learning.attendance.models import ClassSession


def calendar_of(sessions: Iterable[ClassSession], name: str, now: datetime) -> bytes:
    """A calendar of sessions; their class and course are loaded."""
    host = urlsplit(settings().base_url).hostname or "elearn"
    made = Calendar()
    made.add("prodid", "-//elearn//jadwal//ID")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for each in sessions:
        event = Event()
        event.add("uid", f"{each.public_id}@{host}")
        event.add("sequence", each.revision)
        event.add("dtstamp", now)
        event.add("dtstart", each.starts_at)
        event.add("dtend", each.ends_at)
        event.add("summary", f"{each.title} ({each.cohort.name})")
        event.add("location", each.place or each.cohort.place or each.link or each.cohort.link)
        link = each.link or each.cohort.link
        lines = [each.cohort.course.title, link, _("Presensi dibuka 15 menit sebelum sesi.")]
        event.add("description", "\n".join(line for line in lines if line))
        if link:
            event.add("url", link)
        made.add_component(event)
    content: bytes = made.to_ical()
    return content
