"""Verbs of recounts: count again without writing, and on an admin's word write what was shown."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _, format_date
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.audit.actions import record, record_all
from elearn.recognition.learning_hours.models import LedgerDay, LedgerLine
from elearn.recognition.recounting.models import Recount, RecountChange
from elearn.recognition.recounting.queries import (
    Plan,
    at_work,
    how_many_planned,
    next_people,
    people_concerned,
    plan_for,
    planned_people,
)
from elearn.recognition.recounting.rules import Verdict, check_year
from elearn.teaching.delivery.models import DeliveryForm

COUNT, WRITE = "recounting.count", "recounting.write"
AT_ONCE = 50
"""People in one transaction."""


def ask(session: Session, actor: Actor, form: DeliveryForm, year: int, now: datetime) -> Recount:
    """Have a form's lines of a year counted again by a job, without writing any. Raises Invalid for a closed year,
    and where nobody has a line."""
    actor.must(Permission.SET_JP_RULES)
    check_year(year, wib_date(now))
    people = people_concerned(session, form.code, year)
    if not people:
        sentence = _("Belum ada JP dari bentuk ini pada tahun %(year)s.", year=year)
        raise Invalid(sentence, {"form": sentence})
    recount = Recount(public_id=new_id(), form_code=form.code, form=form, year=year, made_by=actor.me(), created_at=now)
    session.add(recount)
    session.flush()
    record(session, actor, "recount.asked", recount, after={"form": form.code, "year": year})
    _work(session, actor, recount, COUNT, _("Pratinjau hitung ulang %(form)s", form=form.name), people, now)
    return recount


def count_next(session: Session, actor: Actor, recount: Recount) -> int:
    """Count the next 50 people and keep what would change; gives how many people. With zero all are counted.

    May be run again at any point: it goes on after the last person whose changes were kept.
    """
    actor.must(Permission.SET_JP_RULES)
    if recount.state != "counting":
        return 0
    people = next_people(session, recount, AT_ONCE)
    for person_id in people:
        plan = plan_for(session, person_id, recount)
        recount.lines += plan.looked_at
        recount.by_hand += plan.by_hand
        session.add_all(_change(recount, plan.lines[each.case.line_id], each) for each in plan.verdicts)
    if people:
        recount.reached = people[-1]
    else:
        recount.state = "ready"
    session.flush()
    return len(people)


def _change(recount: Recount, line: LedgerLine, verdict: Verdict) -> RecountChange:
    earned_before, earned_after, recognised_before, recognised_after = verdict.worth
    return RecountChange(
        recount_id=recount.id,
        line_id=line.id,
        person_id=line.person_id,
        unit_id=line.unit_id,
        earned_before=earned_before,
        earned_after=earned_after,
        recognised_before=recognised_before,
        recognised_after=recognised_after,
    )


def confirm(session: Session, actor: Actor, recount: Recount, now: datetime) -> None:
    """Have the changes written as they were shown, by a job. Asked twice, it is the same job.

    Raises Conflict before all is counted, and Invalid once the year has been closed.
    """
    actor.must(Permission.SET_JP_RULES)
    name = recount.form.name
    session.get_one(Recount, recount.id, with_for_update=True, populate_existing=True)
    if recount.state == "written" or (recount.state == "writing" and at_work(session, recount)):
        return
    if recount.state == "counting":
        raise Conflict(_("Pratinjau belum selesai. Tunggu sebentar, lalu muat ulang halaman ini."))
    check_year(recount.year, wib_date(now))
    people = how_many_planned(session, recount)
    if not people:
        raise Conflict(_("Tidak ada JP yang berubah, jadi tidak ada yang perlu ditulis."))
    recount.state, recount.confirmed_by, recount.confirmed_at = "writing", actor.me(), now
    record(session, actor, "recount.confirmed", recount, after={"form": recount.form_code, "year": recount.year})
    _work(session, actor, recount, WRITE, _("Hitung ulang %(form)s", form=name), people, now)


def write_next(session: Session, actor: Actor, recount: Recount, now: datetime) -> int:
    """Write the changes of the next 50 people as correcting lines; gives how many people. With zero all are written.

    An account that moved since the preview is left alone, its changes are called stale. Nothing is written twice: a
    change is written in the transaction that says so.
    """
    actor.must(Permission.SET_JP_RULES)
    if recount.state != "writing":
        return 0
    people = planned_people(session, recount, AT_ONCE)
    for person_id in people:
        # Whoever credits or corrects the same account waits, or has come first and is seen.
        session.get_one(Person, person_id, with_for_update={"key_share": True})
        plan = plan_for(session, person_id, recount)
        planned = session.scalars(
            select(RecountChange)
            .filter_by(recount_id=recount.id, person_id=person_id, state="planned")
            .execution_options(populate_existing=True)
        ).all()
        shown = {each.line_id: each.worth for each in planned}
        same = {each.case.line_id: each.worth for each in plan.verdicts} == shown
        if same:
            _write(session, actor, recount, plan, now)
        session.execute(
            update(RecountChange)
            .where(RecountChange.id.in_([each.id for each in planned]))
            .values(state="written" if same else "stale")
        )
    if not people:
        recount.state = "written"
        session.flush()
        record(session, actor, "recount.written", recount, after={"form": recount.form_code, "year": recount.year})
    session.flush()
    return len(people)


def _write(session: Session, actor: Actor, recount: Recount, plan: Plan, now: datetime) -> None:
    told = []
    for verdict in plan.verdicts:
        case, line = verdict.case, plan.lines[verdict.case.line_id]
        made = line.corrected(
            public_id=new_id(),
            key=f"{line.key}@{recount.id}",
            jp_earned=case.jp - case.earned,
            jp_recognised=verdict.recognised - case.recognised,
            form_rule_id=case.rule.id,
            approved_by=actor.person_id,
            reason=_reason(verdict),
            created_at=now,
        )
        session.add(made)
        session.flush()
        before = plan.counted[line.id]
        for day in sorted({*before, *verdict.counted}):
            if difference := verdict.counted.get(day, 0) - before.get(day, 0):
                session.add(LedgerDay(line_id=made.id, day=day, minutes=0, counted=difference))
        old = {"earned": case.earned, "recognised": case.recognised}
        told.append((line.public_id, old, {"earned": case.jp, "recognised": verdict.recognised}))
    session.flush()
    record_all(session, actor, "jp.recounted", LedgerLine, told)


def _reason(verdict: Verdict) -> str:
    rule = verdict.case.rule
    day = format_date(rule.effective_from)
    return _("Dihitung ulang menurut aturan sejak %(day)s: %(source)s", day=day, source=rule.source)[:300]


def _work(session: Session, actor: Actor, recount: Recount, kind: str, title: str, people: int, now: datetime) -> None:
    job = enqueue(
        session,
        kind=kind,
        title=title[:200],
        owner_id=actor.me(),
        arguments={"recount": recount.public_id, "total": people},
        unit=_("orang"),
        now=now,
    )
    recount.job_public_id = job.public_id
    session.flush()
