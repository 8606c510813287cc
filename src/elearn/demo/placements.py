"""The demo's placements: partners with agreements, an internship that runs, one that waits, and some that count.

Plainly fictitious, and made by the same actions as everybody's: placed, logged, reported, signed by a link, confirmed.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.demo.people import ACCOUNTS, acting
from elearn.foundation.clock import start_of, wib_date
from elearn.learning.placements import actions
from elearn.learning.placements.forms import AgreementWish, LogWish, PartnerWish, PlacementWish, ReportWish, Signing
from elearn.learning.placements.models import Partner
from elearn.learning.placements.partners import add_agreement, add_partner
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for

# Name, address, whom to ask, and who supervises there.
_PARTNERS = (
    (
        "Mal Pelayanan Publik Kota Misalnya",
        "Jalan Umpama 1, Kota Misalnya",
        "Bagian Umum, Ibu Andaikan",
        ("Wulan Andaikan", "Kepala Seksi Loket"),
    ),
    (
        "Universitas Contoh",
        "Kampus Contoh, Kota Misalnya",
        "Pusat Pelatihan, Bapak Seandainya",
        ("Dr. Rahmat Misalnya", "Kepala Pusat Pelatihan"),
    ),
    (
        "PT Arsip Contoh (BUMN)",
        "Jalan Teladan 7, Kota Misalnya",
        "Sumber daya manusia",
        ("Tegar Umpama", "Manajer Arsip"),
    ),
)


class _Stay(NamedTuple):
    """Who (0 is the learner whose account is told) was where, in which form; how long ago it ended, how far it is."""

    who: int
    partner: int
    form: str
    title: str
    ago: int
    days: int
    reached: str


_STAYS = (
    _Stay(0, 1, "NKL07", "Patok banding layanan perpustakaan sekolah (contoh)", 96, 3, "confirmed"),
    _Stay(0, 0, "NKL12", "Magang pelayanan perizinan pendidikan (contoh)", -9, 12, "running"),
    _Stay(1, 0, "NKL12", "Magang antrean dan loket pelayanan (contoh)", 40, 12, "confirmed"),
    _Stay(2, 2, "NKL08", "Pertukaran pegawai: tata kelola arsip (contoh)", 6, 26, "signed"),
    _Stay(3, 1, "NKL12", "Magang penyusunan modul pelatihan (contoh)", 2, 12, "reported"),
)
_WORK = (
    "Pengenalan alur layanan dan pembagian tugas oleh pembimbing.",
    "Mendampingi petugas loket dan mencatat waktu tunggu pemohon.",
    "Memeriksa kelengkapan berkas bersama petugas dan membuat daftar kekurangannya.",
    "Menyusun usulan formulir yang lebih pendek, dibahas dengan pembimbing.",
    "Mencoba formulir baru pada sepuluh pemohon dan menghitung hasilnya.",
)
_REPORT = (
    "Saya belajar bahwa waktu tunggu terlama ada pada pemeriksaan berkas, bukan pada tanda tangan.\n\n"
    "Di kantor sendiri saya akan memasang daftar syarat di pintu masuk dan memeriksa berkas sebelum pemohon antre."
)


def load_placements(session: Session, now: datetime) -> None:
    """Partners and placements; nothing happens when there is any partner already."""
    if session.scalar(select(Partner.id).limit(1)) is not None:
        return
    regency, opd = acting(session, "regency_admin"), acting(session, "opd_admin")
    partners = [_partner(session, regency, n, now) for n in range(len(_PARTNERS))]
    learner = session.scalars(select(Person).filter_by(nip=ACCOUNTS[0].nip)).one()
    colleagues = session.scalars(
        select(Person)
        .where(Person.unit_id == learner.unit_id, Person.activated_at.is_not(None), Person.id != learner.id)
        .order_by(Person.nip)
    ).all()
    people = [learner, *colleagues]
    for stay in _STAYS:
        if stay.who < len(people):
            _stay(session, opd, people[stay.who], partners[stay.partner], stay, now)


def _partner(session: Session, admin: Actor, n: int, now: datetime) -> Partner:
    name, address, contact, _host = _PARTNERS[n]
    begun = now - timedelta(days=400 - 30 * n)
    partner = add_partner(session, admin, PartnerWish(name=name, address=address, contact=contact), begun)
    first = wib_date(begun)
    # The last one's agreement ends soon, which its page says.
    last = first + timedelta(days=3 * 365) if n < 2 else wib_date(now) + timedelta(days=20)
    wish = AgreementWish(
        agreement_number=f"PKS/{n + 1:02d}/CONTOH/{first.year}",
        title="Magang dan patok banding pegawai",
        starts_on=first,
        ends_on=last,
    )
    add_agreement(session, admin, partner.public_id, wish)
    return partner


def _stay(session: Session, admin: Actor, person: Person, partner: Partner, stay: _Stay, now: datetime) -> None:
    today, (host, position) = wib_date(now), _PARTNERS[stay.partner][3]
    first = today - timedelta(days=stay.ago + stay.days - 1)
    # Such stays begin on a Monday.
    first -= timedelta(days=first.weekday())
    last = first + timedelta(days=stay.days - 1)
    session.refresh(partner, ["agreements"])
    wish = PlacementWish(
        nip=person.nip or "",
        partner=partner.public_id,
        form_code=stay.form,
        title=stay.title,
        competency="teknis",
        starts_on=first,
        ends_on=last,
        letter=f"800/{abs(stay.ago):03d}/CONTOH/{first.year}",
        host_name=host,
        host_position=position,
    )
    here = actions.place(session, admin, wish, start_of(first - timedelta(days=10))).public_id
    learner = actor_for(session, person.id)
    assert learner is not None  # noqa: S101 - only active people were asked for
    days = (first + timedelta(days=n) for n in range(stay.days))
    for n, day in enumerate(each for each in days if each.weekday() < 5 and each <= today):
        entry = LogWish(day=day, hours=8 if n % 3 else 7, text=_WORK[n % len(_WORK)])
        actions.log(session, learner, here, entry, min(now, start_of(day) + timedelta(hours=17)))
    if stay.reached == "running":
        return
    evening = min(now, start_of(last) + timedelta(hours=19))
    actions.report(session, learner, here, ReportWish(report=_REPORT), evening)
    secret = actions.make_link(session, admin, here, evening)
    if stay.reached == "reported":
        return
    signing = Signing(name=host, remark="Tekun, dan usulannya langsung kami pakai.", agreed=True)
    actions.sign(session, Actor.system(f"pembimbing di tempat mitra: {host}"), secret, signing, evening)
    if stay.reached == "confirmed":
        actions.confirm(session, admin, here, min(now, evening + timedelta(days=1)))
