"""Verbs of admins on people, roles, units and codes."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.events import announce
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import OF_A_UNIT, Permission, Role
from elearn.people.accounts.actions import (
    issue_codes,
    new_sheet,
    remove_second_factor,
    revoke_access,
    revoke_tokens,
)
from elearn.people.accounts.events import PeopleChanged
from elearn.people.accounts.models import ASN_KINDS, POSITION_KINDS, AccessCode, CodeSheet, Person, RoleGrant
from elearn.people.accounts.queries import present_of, roles_of
from elearn.people.accounts.reach import lay_down, outgrown
from elearn.people.accounts.rules import ROLE_NAMES, change_problem, check_may_help
from elearn.people.accounts.tenure import A_DAY, check_since, keep_former_names, place
from elearn.people.audit.actions import record, record_all
from elearn.people.directory.forms import PersonDraft, RoleWish
from elearn.people.directory.guards import keep_an_admin, not_oneself
from elearn.people.directory.queries import count_without_code, grants_of, people_without_code
from elearn.people.organisation.actions import close_unit as close_empty_unit
from elearn.people.organisation.models import Unit
from elearn.people.organisation.queries import chosen_unit
from elearn.people.organisation.rules import check_open

AT_ONCE = 200
"""Codes made in one transaction; more are a job."""

_PROTECTED = (
    "name",
    "nip",
    "siasn_id",
    "email",
    "title_before",
    "title_after",
    "asn_kind",
    "position",
    "position_kind",
    "rank",
    "phone",
    "unit_id",
)


def add_person(session: Session, actor: Actor, wish: PersonDraft, now: datetime) -> Person:
    """A new person without a password; a code gives the first access."""
    actor.must(Permission.MANAGE_PEOPLE)
    person = Person(public_id=new_id(), name=wish.name, created_at=now)
    _fill(session, actor, person, wish, now)
    record(session, actor, "person.added", person, after=_facts(person))
    return person


def change_person(session: Session, actor: Actor, person: Person, wish: PersonDraft, now: datetime) -> bool:
    """Correct what is known of a person; says whether he or she works elsewhere, or as something else, than before.

    A new unit, position or kind of employment holds since the day (TMT) of the wish, or since today; `rules` of
    accounts say how far back, and none lies ahead. Lines of JP stay under the unit in which they were written.
    """
    actor.must(Permission.MANAGE_PEOPLE)
    before = _facts(person)
    moved = _fill(session, actor, person, wish, now)
    if before != _facts(person):
        since = {"since": wish.tmt.isoformat()} if moved and wish.tmt else {}
        record(session, actor, "person.changed", person, before=before, after=_facts(person) | since)
    return moved


def _fill(session: Session, actor: Actor, person: Person, wish: PersonDraft, now: datetime) -> bool:
    if wish.asn_kind not in ASN_KINDS:
        raise Invalid(_("Pilih jenis kepegawaian."), {"asn_kind": _("Pilih salah satu dari daftar.")})
    if wish.position_kind not in ("", *POSITION_KINDS):
        raise Invalid(_("Pilih jenis jabatan."), {"position_kind": _("Pilih salah satu dari daftar.")})
    unit = chosen_unit(session, actor, wish.unit, "unit")
    if person.unit_id != unit.id:
        check_open(unit, "unit")
    _refuse_twins(session, person, wish)
    was, called = (person.unit_id, person.position, person.asn_kind), person.full_name
    moved = was != (unit.id, wish.position, wish.asn_kind)
    if moved and person.status == "left":
        raise Conflict(_("Orang ini sudah tercatat keluar. Batalkan catatan itu dahulu, bila ia masih bertugas."))
    if wish.tmt:
        check_since(session, person, wish.nip, wish.tmt, now, moved=moved)
    known = person.id is not None
    over = outgrown(session, {person.id: (person.unit_id, unit.id)}) if known and person.unit_id != unit.id else []
    if over and not wish.roles:
        raise Conflict(_("Orang ini memegang peran atas unit lamanya."), {"roles": _("Pilih: dicabut, atau tetap.")})
    for field in _PROTECTED[:-1]:
        setattr(person, field, getattr(wish, field))
    person.unit_id, person.unit = unit.id, unit
    try:
        with session.begin_nested():
            session.add(person)
            session.flush()
    except IntegrityError as twin:
        # Two admins at the same moment; the check above saw neither.
        raise Conflict(_("NIP atau surel ini baru saja dipakai orang lain. Cari orang itu dahulu.")) from twin
    if moved:
        since = {person.id: wish.tmt} if wish.tmt else {}
        place(session, actor, [person.id], now, since, {person.id: was[2]} if known else {})
    if known:
        keep_former_names(session, actor, {person.id: called}, now)
    lay_down(session, actor, over if wish.roles == "revoke" else [])
    announce(session, PeopleChanged((person.id,)))
    return moved


def _refuse_twins(session: Session, person: Person, wish: PersonDraft) -> None:
    errors = {}
    for field, value in (("nip", wish.nip), ("email", wish.email), ("siasn_id", wish.siasn_id)):
        twin = value and session.scalar(
            select(Person)
            .where(getattr(Person, field) == value, Person.id != (person.id or 0))
            .options(joinedload(Person.unit))
        )
        if twin:
            unit = twin.unit.name if twin.unit else _("tanpa unit")
            errors[field] = _("Sudah dipakai oleh %(name)s, %(unit)s. Periksa angkanya.", name=twin.name, unit=unit)
    if errors:
        raise Conflict(_("Orang ini sudah terdaftar."), errors)


def _facts(person: Person) -> dict[str, object]:
    return {field: getattr(person, field) for field in _PROTECTED}


def sign_out(session: Session, actor: Actor, person: Person) -> None:
    """End every session of a person whom the actor may help."""
    _must_help(actor, person, roles_of(session, person))
    revoke_access(session, actor, person)
    record(session, actor, "sessions.ended", person)


def reset_second_factor(session: Session, actor: Actor, person: Person) -> None:
    """For a lost phone: the second factor goes and every session ends; an admin has to set up a new one."""
    _must_help(actor, person, roles_of(session, person))
    revoke_access(session, actor, person)
    remove_second_factor(session, actor, person)


def _must_help(actor: Actor, person: Person, roles: Collection[str]) -> None:
    actor.must(Permission.ISSUE_ACCESS, person.unit.path if person.unit else "/")
    check_may_help(actor, roles)


def suspend(session: Session, actor: Actor, person: Person, now: datetime) -> None:
    """Shut a person out at once: sessions, tokens and waiting codes end."""
    actor.must(Permission.MANAGE_PEOPLE)
    not_oneself(actor, person)
    keep_an_admin(session, person)
    person.status = "suspended"
    revoke_access(session, actor, person)
    revoke_tokens(session, actor, person, now)
    session.execute(
        update(AccessCode).where(AccessCode.person_id == person.id, AccessCode.used_at.is_(None)).values(used_at=now)
    )
    session.flush()
    record(session, actor, "person.suspended", person)
    announce(session, PeopleChanged((person.id,)))


def restore(session: Session, actor: Actor, person: Person) -> None:
    """Let a suspended person in again, with the password as it was."""
    actor.must(Permission.MANAGE_PEOPLE)
    if person.status == "suspended":
        person.status = "active"
        session.flush()
        record(session, actor, "person.restored", person)
        announce(session, PeopleChanged((person.id,)))


def grant_role(session: Session, actor: Actor, person: Person, wish: RoleWish, now: datetime) -> None:
    """Give a role; giving it twice is the same as once."""
    actor.must(Permission.GRANT_ROLES)
    role, unit = _role_of(session, actor, wish)
    if not person.active:
        raise Conflict(_("Akun ini ditangguhkan. Pulihkan dahulu, lalu beri peran."))
    if unit:
        check_open(unit, "unit")
    if _grants(session, person, role, unit):
        return
    _not_beside(session, person, role)
    unit_id = unit.id if unit else None
    session.add(RoleGrant(person_id=person.id, role=role, unit_id=unit_id, granted_at=now))
    session.flush()
    revoke_access(session, actor, person)
    record(session, actor, "role.granted", person, after={"role": role, "unit_id": unit_id})


def _not_beside(session: Session, person: Person, role: str) -> None:
    """One scope a person: an admin of one unit who heads another would act where he may only look."""
    held = roles_of(session, person)
    other = next((each for each in OF_A_UNIT if each != role and each in held), None)
    if role in OF_A_UNIT and other:
        name = _(ROLE_NAMES[other])
        raise Conflict(_("Orang ini sudah memegang peran %(role)s. Cabut peran itu dahulu.", role=name))


def revoke_role(session: Session, actor: Actor, person: Person, wish: RoleWish) -> None:
    """Take a role; never one's own, and never the last regency admin's."""
    actor.must(Permission.GRANT_ROLES)
    role, unit = _role_of(session, actor, wish)
    not_oneself(actor, person)
    if role == Role.REGENCY_ADMIN:
        keep_an_admin(session, person)
    found = _grants(session, person, role, unit)
    if not found:
        raise NotFound
    for grant in found:
        session.delete(grant)
    session.flush()
    revoke_access(session, actor, person)
    record(session, actor, "role.revoked", person, before={"role": role, "unit_id": unit.id if unit else None})


def _role_of(session: Session, actor: Actor, wish: RoleWish) -> tuple[str, Unit | None]:
    if wish.role not in ROLE_NAMES:
        raise Invalid(_("Pilih peran."), {"role": _("Pilih salah satu dari daftar.")})
    if wish.role not in OF_A_UNIT:
        return wish.role, None
    if not wish.unit:
        raise Invalid(_("Peran ini memerlukan unit."), {"unit": _("Pilih unit yang dilayani atau dipimpin orang ini.")})
    return wish.role, chosen_unit(session, actor, wish.unit, "unit")


def _grants(session: Session, person: Person, role: str, unit: Unit | None) -> Sequence[RoleGrant]:
    wanted = select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role)
    return session.scalars(wanted.where(RoleGrant.unit_id == unit.id) if unit else wanted).all()


def close_unit(
    session: Session, actor: Actor, unit: Unit, last_day: date | None, people_to: Unit | None, now: datetime
) -> int:
    """Close a unit. Its people go to another unit first, on the day after the last; refused while somebody remains.

    Gives how many roles over the unit they laid down with that.
    """
    actor.must(Permission.MANAGE_UNITS)
    outgrew: list[RoleGrant] = []
    staying = session.scalars(select(Person).where(Person.unit_id == unit.id, Person.status != "left")).all()
    if staying and (people_to is None or people_to.id == unit.id):
        sentence = _("Masih ada %(n)s pegawai. Pilih unit yang menerima mereka.", n=len(staying))
        raise Conflict(sentence, {"people_to": sentence})
    if people_to is not None:
        check_open(people_to, "people_to")
        for person in staying:
            person.unit_id = people_to.id
        session.flush()
        place(session, actor, [person.id for person in staying], now, _days_after(session, staying, last_day, now))
        outgrew = outgrown(session, {person.id: (unit.id, people_to.id) for person in staying})
        lay_down(session, actor, outgrew)
        moved = {"unit_id": unit.id}, {"unit_id": people_to.id}
        record_all(session, actor, "person.changed", Person, [(person.public_id, *moved) for person in staying])
        announce(session, PeopleChanged(tuple(person.id for person in staying)))
    close_empty_unit(session, actor, unit, last_day, now)
    return len(outgrew)


def _days_after(session: Session, people: Sequence[Person], last_day: date | None, now: datetime) -> dict[int, date]:
    """The day on which each of the people begins elsewhere, where that day is possible; of the others it is today."""
    today = wib_date(now)
    if last_day is None or (day := last_day + A_DAY) >= today:
        return {}
    present = present_of(session, [person.id for person in people])
    return {person.id: day for person in people if not change_problem(day, today, person.nip, present.get(person.id))}


def start_sheet(
    session: Session, actor: Actor, unit: Unit | None, people: Sequence[Person], now: datetime
) -> CodeSheet:
    """New codes for ticked people, or for all in a unit's subtree who never signed in; many are made by a job."""
    actor.must(Permission.ISSUE_ACCESS, unit.path if unit else None)
    total = count_without_code(session, actor, unit) if unit else len(people)
    if total == 0:
        raise Conflict(_("Tidak ada yang perlu kode di sini. Pilih unit lain."))
    sheet = new_sheet(session, actor, unit, total, now)
    if unit is None:
        roles = grants_of(session, actor, people)
        for person in people:
            _must_help(actor, person, {grant.role for grant in roles[person.id]})
        issue_codes(session, actor, [person for person in people if person.active], now, sheet)
    elif total <= AT_ONCE:
        fill_sheet(session, actor, sheet.public_id, now)
    else:
        arguments = {"sheet": sheet.public_id}
        title = _("Kode masuk untuk %(unit)s", unit=unit.name)
        kind = "directory.fill_code_sheet"
        job = enqueue(
            session, kind=kind, title=title, owner_id=actor.me(), arguments=arguments, unit=_("orang"), now=now
        )
        sheet.job_id = job.public_id
    session.flush()
    return sheet


def fill_sheet(session: Session, actor: Actor, public_id: str, now: datetime) -> int:
    """Make the next codes of a unit's sheet; gives how many. Zero when all have theirs, so it may be run again."""
    sheet = session.scalar(
        select(CodeSheet).filter_by(public_id=public_id, owner_id=actor.me()).options(joinedload(CodeSheet.unit))
    )
    if sheet is None or sheet.unit is None or sheet.nonce is None:
        raise NotFound(_("Lembar kode itu sudah tidak ada. Buat yang baru."))
    actor.must(Permission.ISSUE_ACCESS, sheet.unit.path)
    done = select(AccessCode.person_id).where(AccessCode.sheet_id == sheet.id)
    wanted = select(Person).where(*people_without_code(actor, sheet.unit), Person.id.not_in(done))
    people = session.scalars(wanted.order_by(Person.id).limit(AT_ONCE)).all()
    issue_codes(session, actor, people, now, sheet)
    return len(people)


def forget_sheets(session: Session, actor: Actor, now: datetime) -> None:
    """Erase what shows the codes of sheets whose day is over; the codes themselves go on working."""
    session.execute(
        update(CodeSheet).where(CodeSheet.visible_until <= now, CodeSheet.nonce.is_not(None)).values(nonce=None)
    )
