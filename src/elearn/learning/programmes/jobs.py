"""Work of programmes: runs, nightly and on change, and the mails."""

from collections.abc import Collection
from typing import Any

import structlog
from sqlalchemy import select

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.i18n import _, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import MailFailed, mailer
from elearn.foundation.settings import settings
from elearn.learning.programmes.actions import programme_to_run
from elearn.learning.programmes.models import ACTIVE, Nudge, Programme
from elearn.learning.programmes.reminders import Letter, take_letters
from elearn.learning.programmes.rules import digest
from elearn.learning.programmes.runs import PIECE, forget_nudges, mark_run, rest_piece, run_piece
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import asker

log = structlog.get_logger()
RULES = Actor.system("programmes: rules")
REMINDERS = Actor.system("programmes: reminders")
# Nobody's phone rings at night.
FIRST_HOUR = 7


def run_programme(progress: Progress, *, programme: str) -> dict[str, Any]:
    """Hold everybody against one programme's rules, as an admin asked."""
    with progress.session() as session:
        actor = asker(session, progress.owner_id)
        use_locale(actor.locale)
        number = programme_to_run(session, actor, programme)
    seen = _run(progress, number, None)
    lines = [_("Diperiksa: %(n)s orang", n=seen)]
    return {"lines": lines, "href": f"/kelola/program/{programme}"}


def rest_programme(progress: Progress, *, programme: int) -> dict[str, Any]:
    """After a programme was closed: the days that it gave people's courses go, some people at a time."""
    after: int | None = 0
    while after is not None:
        with progress.session() as session:
            after, looked_at = rest_piece(session, RULES, programme, after)
            seen = progress.done + looked_at
            progress.report(seen, seen if after is None else seen + PIECE)
    return {"lines": [_("Diperiksa: %(n)s orang", n=progress.done)]}


def look_after_programmes(progress: Progress) -> None:
    """Once a day everybody, and at any time those who changed, are held against all running programmes."""
    with progress.session() as session:
        nudges = session.execute(select(Nudge.id, Nudge.person_id).order_by(Nudge.id)).all()
        running = session.execute(select(Programme.id, Programme.ran_on).where(Programme.state == ACTIVE)).all()
    changed = {person_id for _id, person_id in nudges}
    everybody = None in changed or len(changed) > PIECE
    today = wib_date(progress.now())
    for programme in running:
        if everybody or programme.ran_on != today:
            _run(progress, programme.id, None)
        elif changed:
            _run(progress, programme.id, changed - {None})  # type: ignore[arg-type]
    if nudges:
        with progress.session() as session:
            forget_nudges(session, RULES, [id for id, _person in nudges])


def _run(progress: Progress, programme_id: int, among: Collection[int] | None) -> int:
    after: int | None = 0
    seen, today = 0, wib_date(progress.now())
    while after is not None:
        with progress.session() as session:
            after, looked_at = run_piece(session, RULES, programme_id, after, progress.now(), among)
            seen += looked_at
            progress.report(seen, seen if after is None else seen + PIECE)
            if after is None and among is None:
                mark_run(session, RULES, programme_id, today)
    return seen


def remind(progress: Progress) -> None:
    """Mail those for whom a moment has come, by day; some in each transaction, marked before they are sent."""
    if not mailer().enabled or progress.now().astimezone(WIB).hour < FIRST_HOUR:
        return
    while True:
        with progress.session() as session:
            letters = take_letters(session, REMINDERS, progress.now())
        if not letters:
            return
        for letter in letters:
            _send(letter, progress)


def _send(letter: Letter, progress: Progress) -> None:
    use_locale(letter.locale)
    address = f"{settings().base_url}/wajib"
    text = digest(letter.name, letter.duties, address, wib_date(progress.now()))
    try:
        mailer().send(letter.email, _("Program wajib Anda"), text)
    except MailFailed as problem:
        log.warning("duty_mail_not_sent", person=letter.person_id, problem=str(problem))
