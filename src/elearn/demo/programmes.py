"""The demo's programmes: one of the regency that is nearly due, and a yearly one of an OPD, each with people who lag.

Plainly fictitious, and made and run by the same actions as everybody's.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.demo.classes import SEMINAR
from elearn.demo.people import acting
from elearn.demo.progress import DEMO_COURSE
from elearn.learning.programmes import actions
from elearn.learning.programmes.forms import ProgrammeWish, RuleWish
from elearn.learning.programmes.models import Programme
from elearn.learning.programmes.runs import run_piece
from elearn.people.access.actor import Actor
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course

_MADE = timedelta(days=75)
"""So long ago they began; who has not finished since is late or nearly so."""


def load_programmes(session: Session, now: datetime) -> None:
    """Both programmes; nothing happens when there is any already."""
    if session.scalar(select(Programme.id).limit(1)) is not None:
        return
    known = select(func.count()).where(Course.slug.in_((DEMO_COURSE, SEMINAR)), Course.state == "published")
    if session.scalar(known) != 2:
        return
    regency, opd = acting(session, "regency_admin"), acting(session, "opd_admin")
    integrity = ProgrammeWish(
        title="Dasar Pelayanan Publik (contoh)",
        about="Untuk semua pegawai, menurut Surat Edaran contoh Nomor 800.2/1/2026.",
        courses=[DEMO_COURSE, SEMINAR],
        way="some",
        needed=1,
        remind_before="14, 3",
        remind_after="1, 7, 30",
    )
    _run(session, regency, integrity, [("", 90), ("DIK", 60)], now)
    yearly = ProgrammeWish(
        title="Pembaruan Tahunan Tenaga Pendidik (contoh)",
        about="Diperbarui setiap tahun dengan kuis akhir.",
        owner=_own_unit(session, opd),
        courses=[DEMO_COURSE],
        validity="months",
        validity_months=12,
        remind_before="30, 7",
        remind_after="3",
    )
    _run(session, opd, yearly, [("", 100)], now)


def _run(session: Session, actor: Actor, wish: ProgrammeWish, rules: list[tuple[str, int]], now: datetime) -> None:
    then = now - _MADE
    programme = actions.make(session, actor, wish, then)
    for unit, days in reversed(rules):
        rule = RuleWish(unit=unit, asn_kinds=["PNS", "CPNS", "PPPK"], due_days=days, sure=True)
        actions.add_rule(session, actor, programme.public_id, rule, then)
    session.expire(programme, ["rules"])
    actions.start(session, actor, programme.public_id, then)
    system = Actor.system("demo")
    for moment in (then, now):
        after: int | None = 0
        while after is not None:
            after, _seen = run_piece(session, system, programme.id, after, moment)


def _own_unit(session: Session, actor: Actor) -> str:
    return session.scalars(select(Unit.code).where(Unit.path == actor.scope_paths[0])).one()
