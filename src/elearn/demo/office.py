"""The demo's office: who was moved, retired or is called otherwise now, what a class was given, a certificate issued
anew, what goes to SIASN and comes in.

Plainly fictitious, and done by the same actions as everybody's. What jobs do is done when the server runs.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.demo.people import FOUNDED, acting
from elearn.demo.progress import DEMO_COURSE
from elearn.foundation.clock import wib_date
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.learning.cohorts.models import Cohort
from elearn.learning.handouts.actions import give
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person, Placement
from elearn.people.directory.actions import change_person
from elearn.people.directory.forms import LeavingWish, PersonDraft
from elearn.people.directory.leaving import let_go
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.actions import reissue
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.recounting.actions import ask
from elearn.recognition.recounting.models import Recount
from elearn.standards.oneroster.actions import bring
from elearn.standards.oneroster.feed import read_feed
from elearn.standards.siasn.actions import start_bundle
from elearn.standards.siasn.models import SiasnBundle
from elearn.standards.siasn.queries import Wanted
from elearn.teaching.courses.models import Course
from elearn.teaching.delivery.actions import add_version
from elearn.teaching.delivery.forms import VersionWish
from elearn.teaching.delivery.models import DeliveryForm
from elearn.teaching.materials.intake import take_in

# How many of the people were moved, from which units to which, and how many months ago.
_MOVES = (("DIK.SD2", "DIK.SD1", 4), ("KOM", "BKP", 9))
# Of which units the eldest has retired, and somebody has got a title.
_RETIRED, _GRADUATED = "KES.PKM2", "KEC"
_SENT = "DIK"
_WORKSHOPS = "KL07"
_GIVEN = ("Jadwal dan tata tertib (contoh)", "Bahan tayang narasumber (contoh)")


def load_office(session: Session, now: datetime) -> None:
    """All of it; nothing happens when there is a bundle already."""
    if session.scalar(select(SiasnBundle.id).limit(1)) is not None:
        return
    admin = acting(session, "regency_admin")
    _move(session, now)
    _retire(session, admin, now)
    _graduate(session, admin, now)
    _give(session, admin, now)
    _issue_anew(session, admin, now)
    _bring(session, admin, now)
    # Of one OPD: what the others learned is ready to be sent.
    sent = session.scalars(select(Unit).filter_by(code=_SENT)).one()
    start_bundle(session, admin, Wanted(wib_date(now).year, sent), now)
    if session.scalar(select(Recount.id).limit(1)) is None:
        _count_anew(session, admin, now)


def _move(session: Session, now: datetime) -> None:
    """Everybody has worked where he or she is for long, but for some who came from another unit this year or last."""
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    for before, after, months in _MOVES:
        moved = wib_date(now) - timedelta(days=30 * months)
        wanted = (
            select(Placement).join(Person).where(Placement.unit_id == units[after].id, Placement.valid_to.is_(None))
        )
        for here in session.scalars(wanted.order_by(Person.id.desc()).limit(1)):
            ended = moved - timedelta(days=1)
            there = {"unit_id": units[before].id, "position": here.position, "valid_to": ended}
            here.valid_from = moved
            session.add(Placement(person_id=here.person_id, valid_from=FOUNDED, **there))
    session.flush()


def _eldest(session: Session, unit: str) -> Sequence[Person]:
    mine = select(Person).join(Unit, Unit.id == Person.unit_id).where(Unit.code == unit)
    return session.scalars(mine.order_by(Person.nip).limit(1)).all()


def _retire(session: Session, admin: Actor, now: datetime) -> None:
    for person in _eldest(session, _RETIRED):
        let_go(session, admin, person, LeavingWish(alasan="pensiun", tmt=wib_date(now).replace(day=1)), now)


def _graduate(session: Session, admin: Actor, now: datetime) -> None:
    for person in _eldest(session, _GRADUATED):
        kept = {name: getattr(person, name) for name in ("name", "nip", "asn_kind", "position", "siasn_id")}
        change_person(session, admin, person, PersonDraft(**kept, title_after="S.A.P.", unit=_GRADUATED), now)


def _give(session: Session, admin: Actor, now: datetime) -> None:
    for cohort in session.scalars(select(Cohort).order_by(Cohort.id)).all():
        for title in _GIVEN:
            key = new_key("pdf")
            stored = store().put(key, [_paper(title)])
            upload = take_in(store(), key, f"{title}.pdf", stored.size, stored.sha256)
            give(session, admin, cohort, title, upload, now)


def _count_anew(session: Session, admin: Actor, now: datetime) -> None:
    """A newer rule for a form, made up, and what it would change: to be looked at before it is written."""
    today = wib_date(now)
    form = session.get_one(DeliveryForm, _WORKSHOPS)
    source = "Surat edaran contoh. Di luar demo ini tetap 5 JP sehari."
    rule = VersionWish(since=today.replace(month=1, day=1), basis="day", jp=6, jp_abroad=7, source=source)
    add_version(session, admin, form, rule, today)
    ask(session, admin, form, today.year, now)


def _issue_anew(session: Session, admin: Actor, now: datetime) -> None:
    newest = select(Certificate).where(Certificate.revoked_at.is_(None)).order_by(Certificate.issued_at.desc())
    for certificate in session.scalars(newest.limit(1)):
        reissue(session, admin, certificate.public_id, "Gelar pada nama sudah diperbaiki.", now)


def _bring(session: Session, admin: Actor, now: datetime) -> None:
    """A partner's feed that waits for somebody to look at it: one class with three people, one of them without NIP."""
    course = session.scalars(select(Course).filter_by(slug=DEMO_COURSE)).one()
    known = session.scalars(select(Person).where(Person.nip.is_not(None)).order_by(Person.id.desc()).limit(2)).all()
    day = wib_date(now)
    users = [("u1", known[0].name, known[0].nip), ("u2", known[1].name, known[1].nip), ("u3", "Tamu Contoh", "")]
    files = {
        "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n",
        "orgs.csv": "sourcedId,name,type\no1,Universitas Contoh,school\n",
        "academicSessions.csv": "sourcedId,title,type,startDate,endDate,schoolYear\n"
        f"t1,Semester contoh,semester,{day},{day + timedelta(days=60)},{day.year}\n",
        "courses.csv": "sourcedId,title,orgSourcedId\nc1,Administrasi (contoh),o1\n",
        "classes.csv": "sourcedId,title,courseSourcedId,schoolSourcedId,termSourcedIds\n"
        "k1,Kelas kerja sama (contoh),c1,o1,t1\n",
        "users.csv": "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email\n"
        + "".join(f"{id},true,o1,student,{id},{name},,{nip},\n" for id, name, nip in users),
        "enrollments.csv": "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n"
        + "".join(f"e{n},k1,o1,{id},student\n" for n, (id, _name, _nip) in enumerate(users, start=1)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    bring(session, admin, course, "Universitas Contoh", "mitra-contoh.zip", read_feed(packed.getvalue()), now)


def _paper(title: str) -> bytes:
    paper = Image.new("RGB", (1240, 1754), "#ffffff")
    pen = ImageDraw.Draw(paper)
    for words, top, size in ((title, 300, 48), ("Contoh. Isinya rekaan.", 420, 32)):
        pen.text((620, top), words, fill="#222", font_size=size, anchor="mm")
    out = io.BytesIO()
    paper.save(out, "PDF")
    return out.getvalue()
