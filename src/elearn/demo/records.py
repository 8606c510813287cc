"""The demo's certificates from elsewhere: some wait, some were decided, so that queue and accounts say something.

Plainly fictitious, and filed and decided by the same actions as everybody's.
"""

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.demo.people import ACCOUNTS
from elearn.foundation.clock import wib_date
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.people.organisation.models import Unit
from elearn.recognition.external_records import actions
from elearn.recognition.external_records.forms import Approval, Question, RecordWish, Refusal
from elearn.recognition.external_records.intake import look_into
from elearn.recognition.external_records.models import ExternalRecord
from elearn.recognition.external_records.queries import twins_of

# What was learned, where, in which form, how many days ago and for how many days, JP as printed, and what became of it.
_RECORDS = (
    ("Seminar Literasi Digital (contoh)", "Universitas Contoh", "KL06", 33, 2, None, ""),
    ("Bimtek Penyusunan Laporan Kinerja (contoh)", "Lembaga Contoh", "KL10", 370, 3, 24, "approved"),
    ("Lokakarya Pelayanan Ramah Anak (contoh)", "Yayasan Contoh", "KL07", 120, 1, None, "approved"),
    ("Sosialisasi Gratifikasi (contoh)", "Inspektorat Contoh", "KL11", 12, 1, None, ""),
    ("Kursus Bahasa Isyarat Dasar (contoh)", "Balai Contoh", "KL08", 150, 5, 20, "asked"),
    ("Webinar Tata Kelola Data (contoh)", "Komunitas Contoh", "KL06", 20, 1, None, "refused"),
)
_LEARNER = ACCOUNTS[0].nip
# Of these the learner has one that waits, one that counted last year and one that is asked about.
_LEARNERS = (0, 1, 4)


def load_records(session: Session, now: datetime) -> None:
    """Certificates of the learner whose account is told, and of colleagues; nothing happens when there are some."""
    if session.scalar(select(ExternalRecord.id).limit(1)) is not None:
        return
    officers = {
        account.role: actor_for(session, _by_nip(session, account.nip).id)
        for account in ACCOUNTS
        if account.role.endswith("admin")
    }
    schools = select(Unit.id).where(Unit.code.startswith("DIK"))
    colleagues = session.scalars(
        select(Person)
        .where(Person.unit_id.in_(schools), Person.activated_at.is_not(None), Person.nip != _LEARNER)
        .order_by(Person.nip)
        .limit(len(_RECORDS))
    ).all()
    people = [_by_nip(session, _LEARNER), *colleagues]
    for n, record in enumerate(_RECORDS):
        officer = officers["opd_admin" if n % 2 else "regency_admin"]
        person = people[0] if n in _LEARNERS else people[1 + n % len(colleagues)]
        learner = actor_for(session, person.id)
        if learner is not None and officer is not None and person.id != officer.person_id:
            _file(session, learner, officer, n, record, now)


def _by_nip(session: Session, nip: str) -> Person:
    return session.scalars(select(Person).filter_by(nip=nip)).one()


def _file(
    session: Session,
    learner: Actor,
    officer: Actor,
    n: int,
    record: tuple[str, str, str, int, int, int | None, str],
    now: datetime,
) -> None:
    title, organiser, form, ago, days, jp, outcome = record
    ended_on = wib_date(now) - timedelta(days=ago)
    key = new_key("png")
    stored = store().put(key, [_certificate(title, organiser)])
    evidence = look_into(store(), key, "sertifikat.png", stored.size, stored.sha256)
    filed_at = now - timedelta(days=ago - 1, minutes=n)
    draft = actions.begin(session, learner, evidence, filed_at)
    wish = RecordWish(
        title=title,
        organiser=organiser,
        form_code=form,
        competency="teknis",
        started_on=ended_on - timedelta(days=days - 1),
        ended_on=ended_on,
        jp=jp,
        certificate_number=f"CONTOH/{n + 1:04d}/{ended_on.year}",
        # Some fall on days of a course or of another record.
        sure=True,
    )
    actions.describe(session, learner, draft.public_id, wish, filed_at)
    actions.file(session, learner, draft.public_id, wish, filed_at)
    decided_at = filed_at + timedelta(hours=5)
    if outcome == "approved":
        actions.approve(session, officer, draft.public_id, Approval(note=_note(session, officer, draft)), decided_at)
    elif outcome == "asked":
        question = Question(question="Halaman kedua tidak terbaca. Mohon unggah lagi.")
        actions.ask(session, officer, draft.public_id, question, decided_at)
    elif outcome == "refused":
        actions.refuse(session, officer, draft.public_id, Refusal(reason="tanpa-bukti"), decided_at)


def _note(session: Session, officer: Actor, draft: ExternalRecord) -> str:
    return (
        "Kegiatan lain pada hari yang sama." if any(twin.likely for twin in twins_of(session, officer, draft)) else ""
    )


def _certificate(title: str, organiser: str) -> bytes:
    """A picture that nobody takes for a real certificate."""
    paper = Image.new("RGB", (1200, 850), "#fdfbf4")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((30, 30, 1170, 820), outline="#8a6a2f", width=8)
    for words, top, size in (("CONTOH SERTIFIKAT", 150, 64), (title, 340, 40), (organiser, 440, 32)):
        pen.text((600, top), words, fill="#333", font_size=size, anchor="mm")
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()
