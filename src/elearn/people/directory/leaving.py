"""Verbs of admins on the days of service: who leaves, who never left, and since when the last change holds."""

from datetime import datetime

from sqlalchemy.orm import Session

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts import tenure
from elearn.people.accounts.events import PeopleChanged
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import history_of, present_of
from elearn.people.accounts.rules import LEAVING_REASONS, leaving_problem, start_problem
from elearn.people.audit.actions import record
from elearn.people.directory.forms import LeavingWish, StartWish
from elearn.people.directory.guards import keep_an_admin, not_oneself


def let_go(session: Session, actor: Actor, person: Person, wish: LeavingWish, now: datetime) -> None:
    """Note that somebody retired, died or left since a day (TMT): the account is shut, and nothing is owed any more."""
    actor.must(Permission.MANAGE_PEOPLE)
    if wish.alasan not in LEAVING_REASONS:
        raise Invalid(_("Pilih alasannya."), {"alasan": _("Pilih salah satu dari daftar.")})
    not_oneself(actor, person)
    keep_an_admin(session, person)
    was = tenure.hold(session, person)
    if was == "left":
        raise Conflict(_("Orang ini sudah tercatat keluar."))
    present = present_of(session, [person.id]).get(person.id)
    if sentence := leaving_problem(wish.tmt, wib_date(now), person.nip, present):
        raise Invalid(sentence, {"tmt": sentence})
    person.left_as = wish.alasan
    session.flush()
    tenure.leave(session, actor, [person.id], now, {person.id: wish.tmt})
    after = {"status": "left", "since": wish.tmt.isoformat()}
    record(session, actor, "person.left", person, before={"status": was}, after=after, reason=wish.alasan)
    announce(session, PeopleChanged((person.id,)))


def take_back_leaving(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """Somebody was said to have left and never did: everything goes on as though it had not been noted."""
    actor.must(Permission.MANAGE_PEOPLE)
    if tenure.hold(session, person) != "left":
        return
    tenure.stay(session, actor, person, now)
    record(session, actor, "person.stayed", person, before={"status": "left"}, after={"status": "active"})
    announce(session, PeopleChanged((person.id,)))


def move_start(session: Session, actor: Actor, person: Person, wish: StartWish, now: datetime) -> None:
    """Correct the day (TMT) since which the last change holds, as it was forgotten or mistyped."""
    actor.must(Permission.MANAGE_PEOPLE)
    tenure.hold(session, person)
    history = history_of(session, person)
    if len(history) < 2 or history[0].valid_to:
        raise Conflict(_("Belum ada perubahan tugas yang TMT-nya dapat diperbaiki."))
    present, before = history[:2]
    if sentence := start_problem(wish.tmt, wib_date(now), person.nip, before.valid_from, present.valid_from):
        raise Invalid(sentence, {"tmt": sentence})
    was = {"since": present.valid_from.isoformat()}
    tenure.begin_on(session, actor, person, wish.tmt)
    record(session, actor, "person.start_moved", person, before=was, after={"since": wish.tmt.isoformat()})
    announce(session, PeopleChanged((person.id,)))
