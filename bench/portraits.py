"""`make screenshots ARGS=--readme`: the main screens of the demo, small enough for the README, into docs/screens/."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.browser.server import Server

from elearn import wiring
from elearn.activities.quizzes import actions as quizzes
from elearn.demo import people as accounts
from elearn.demo import progress
from elearn.foundation.database import Database
from elearn.learning.attendance.models import ClassSession
from elearn.learning.cohorts.models import Cohort
from elearn.learning.enrolment.models import Enrolment
from elearn.learning.player.queries import desk
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.door import session_cookie
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.teaching.courses.models import Activity, Course

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
PHONE, DESK, HIGH = (390, 780), (1280, 860), (1280, 1180)
MOST_BYTES = 60_000
# Of a screen's own pixels; the README shows them smaller still.
KEPT = {PHONE: 390, DESK: 960, HIGH: 960}
QUALITIES = (88, 80, 72, 64, 56, 48)


class Portrait(NamedTuple):
    """A picture: its name, who looks, at what, in which window."""

    name: str
    role: str
    path: str
    window: tuple[int, int]


def portraits(session: Session, now: datetime) -> list[Portrait]:
    """What the README shows, in its order."""
    cohort = session.scalars(select(Cohort).where(Cohort.state == "open").order_by(Cohort.id.desc()).limit(1)).one()
    coming = select(ClassSession).where(ClassSession.cohort_id == cohort.id, ClassSession.ends_at > now)
    meeting = session.scalars(coming.order_by(ClassSession.starts_at).limit(1)).one()
    # It is held now, whatever the hour: else its screen says when it will be.
    length = meeting.ends_at - meeting.starts_at
    meeting.starts_at = now.replace(minute=0, second=0, microsecond=0)
    meeting.ends_at = meeting.starts_at + length
    return [
        Portrait("beranda", "learner", "/", PHONE),
        Portrait("pelatihan", "learner", f"/pelatihan/{progress.DEMO_COURSE}", PHONE),
        Portrait("kuis", "learner", f"/kuis/{_attempt(session, now)}?soal=2", PHONE),
        Portrait("capaian", "learner", "/capaian", PHONE),
        Portrait("angkatan", "regency_admin", f"/kelola/angkatan/{cohort.public_id}", HIGH),
        Portrait("hadir", "regency_admin", f"/kelola/sesi/{meeting.public_id}/layar", HIGH),
        Portrait("persetujuan", "regency_admin", "/persetujuan", DESK),
        Portrait("unit", "regency_admin", "/opd", HIGH),
    ]


def _attempt(session: Session, now: datetime) -> str:
    """An attempt at the first quiz that the learner may begin."""
    learner = session.scalars(select(Person).filter_by(nip=accounts.ACCOUNTS[0].nip)).one()
    actor = actor_for(session, learner.id)
    assert actor is not None
    mine = select(Enrolment.course_id).filter_by(person_id=learner.id)
    wanted = select(Activity).join(Course).where(Course.slug == progress.DEMO_COURSE, Activity.kind == "quiz")
    for activity in session.scalars(wanted.where(Activity.course_id.in_(mine)).order_by(Activity.id)):
        with session.begin_nested() as trying:
            try:
                return quizzes.start(session, actor, desk(session, actor, activity.public_id, "quiz"), now).public_id
            except Exception as error:
                print(f"not {activity.title}: {error}", file=sys.stderr)
                trying.rollback()
    raise RuntimeError("no quiz that the learner may begin")


def take(browser: Any, folder: Path) -> None:
    """Load the demo, look at each screen, keep it small."""
    FOLDER.mkdir(exist_ok=True)
    with _served(folder) as (server, database):
        now = datetime.now(UTC)
        with database.write() as session:
            shown = portraits(session, now)
            tokens = {each.role: _token(session, each.role, now) for each in shown}
            session.commit()
        for each in shown:
            context = browser.new_context(
                viewport={"width": each.window[0], "height": each.window[1]}, reduced_motion="reduce", locale="id-ID"
            )
            context.add_cookies([{"name": session_cookie(), "value": tokens[each.role], "url": server.address}])
            page = context.new_page()
            page.goto(server.address + each.path, wait_until="networkidle")
            size = _keep(page.screenshot(), each)
            context.close()
            print(f"{each.name}: {size / 1_000:.0f} KB")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Server, Database]]:
    wiring.connect()
    url = f"sqlite:///{folder / 'elearn.db'}"
    loading = {**os.environ, "ELEARN_DATABASE_URL": url, "ELEARN_DATA_DIR": str(folder)}
    subprocess.run([Path(sys.executable).parent / "elearn", "demo"], env=loading, check=True, capture_output=True)
    database, server = Database(url), Server(url, folder)
    server.start()
    try:
        yield server, database
    finally:
        server.kill()
        database.close()


def _token(session: Session, role: str, now: datetime) -> str:
    nip = next(account.nip for account in accounts.ACCOUNTS if account.role == role)
    person = session.scalars(select(Person).filter_by(nip=nip)).one()
    return start_session(session, Actor.system("pictures"), person, now)


def _keep(shot: bytes, portrait: Portrait) -> int:
    """Write it as WebP, as good as the limit of bytes lets it be."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    width = KEPT[portrait.window]
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST_BYTES:
            (FOLDER / f"{portrait.name}.webp").write_bytes(out.getvalue())
            return out.tell()
    raise RuntimeError(f"{portrait.name} does not fit into {MOST_BYTES} bytes")
