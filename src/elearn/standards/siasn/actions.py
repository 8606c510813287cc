"""Verbs of the exchange with SIASN: ask for a bundle, note what left, take it back, note what is there already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import FINISHED, Job
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.audit.actions import record
from elearn.standards.siasn.models import SiasnBundle, SiasnExport
from elearn.standards.siasn.queries import Wanted, bundle_for, entry_of, how_many
from elearn.standards.siasn.record import Entry, Found
from elearn.standards.siasn.rules import Judged, check_office, left_jp

JOB = "siasn.make_bundle"
BATCH = 1_000
# Longer than any call may take, so that no two speak to SIASN about the same record.
ABANDONED = timedelta(minutes=10)
# The fingerprint of an entry that is not as ours would be.
UNLIKE = "unlike"


def begin_bundle(session: Session, actor: Actor, wanted: Wanted, now: datetime, reason: str = "") -> SiasnBundle:
    """Open a bundle; only one is made at a time. Raises Conflict while another is, and without the office's ids."""
    actor.must(Permission.EXCHANGE_RECORDS)
    check_office(settings().siasn_instansi_id, settings().siasn_lokasi_id)
    _give_up_the_dead(session, now)
    unit_id = wanted.unit.id if wanted.unit else None
    bundle = SiasnBundle(public_id=new_id(), year=wanted.year, unit_id=unit_id, made_by=actor.person_id, created_at=now)
    try:
        with session.begin_nested():
            session.add(bundle)
            session.flush()
    except IntegrityError as other:
        raise Conflict(_("Paket lain sedang dibuat. Tunggu sampai selesai, lalu coba lagi.")) from other
    told = {"year": wanted.year, "unit": wanted.unit.code if wanted.unit else None}
    record(session, actor, "siasn.bundle_begun", bundle, after=told, reason=reason)
    return bundle


def start_bundle(session: Session, actor: Actor, wanted: Wanted, now: datetime, reason: str = "") -> Job:
    """Have a bundle made by a job."""
    bundle = begin_bundle(session, actor, wanted, now, reason)
    place = wanted.unit.name if wanted.unit else _("semua unit")
    job = enqueue(
        session,
        kind=JOB,
        title=_("Paket SIASN %(year)s, %(unit)s", year=wanted.year, unit=place)[:200],
        owner_id=actor.me(),
        arguments={"bundle": bundle.public_id, "total": how_many(session, actor, wanted)},
        now=now,
        unit=_("baris"),
    )
    bundle.job_public_id = job.public_id
    session.flush()
    return job


def _give_up_the_dead(session: Session, now: datetime) -> None:
    """A bundle whose job ended without it, or whose command line was cut off, stands in nobody's way."""
    for bundle in session.scalars(select(SiasnBundle).filter_by(state="making")):
        job = session.scalar(select(Job).filter_by(public_id=bundle.job_public_id))
        if job.state in FINISHED if job is not None else (bundle.beat_at or bundle.created_at) < now - ABANDONED:
            bundle.state = "failed"
    session.flush()


def give_up(session: Session, actor: Actor, bundle: SiasnBundle) -> None:
    """Say that a bundle will not be made; nothing left with it."""
    actor.must(Permission.EXCHANGE_RECORDS)
    if bundle.state == "making":
        bundle.state = "failed"
        session.flush()


def note_left(
    session: Session,
    actor: Actor,
    bundle: SiasnBundle,
    left: Iterable[Mapping[str, Any]],
    counts: Mapping[str, int],
    now: datetime,
    storage_key: str | None = None,
) -> None:
    """Remember what left in a bundle, in the transaction that makes it known as made."""
    actor.must(Permission.EXCHANGE_RECORDS)
    _still_ours(session, bundle)
    rows: list[dict[str, Any]] = []
    for each in left:
        rows.append({**each, "bundle_id": bundle.id, "way": "file", "left_at": now})
        if len(rows) == BATCH:
            session.execute(insert(SiasnExport), rows)
            rows = []
    if rows:
        session.execute(insert(SiasnExport), rows)
    bundle.state, bundle.counts, bundle.made_at, bundle.storage_key = "made", dict(counts), now, storage_key
    session.flush()
    record(session, actor, "siasn.bundle_made", bundle, after=dict(counts))


def beat(session: Session, actor: Actor, bundle: SiasnBundle, now: datetime) -> None:
    """Give a sign of life; Conflict when the bundle was given up meanwhile."""
    actor.must(Permission.EXCHANGE_RECORDS)
    _still_ours(session, bundle)
    bundle.beat_at = now
    session.flush()


def _still_ours(session: Session, bundle: SiasnBundle) -> None:
    session.refresh(bundle, with_for_update={"of": SiasnBundle})
    if bundle.state != "making":
        raise Conflict(_("Pekerjaan ini sudah diambil alih yang lain. Jalankan lagi."))


def begin_sending(session: Session, actor: Actor, bundle: SiasnBundle, judged: Judged, now: datetime) -> bool:
    """Note that a record is about to be sent. True if it was so before, and nobody knows whether it arrived."""
    beat(session, actor, bundle, now)
    entry = judged.entry
    open_one = session.scalar(select(SiasnExport).filter_by(line_id=entry.line_id, state="sending"))
    if open_one is not None:
        open_one.bundle_id, open_one.change, open_one.jp = bundle.id, judged.outcome, left_jp(judged)
        open_one.fingerprint = entry.record.fingerprint
        session.flush()
        return True
    session.add(
        SiasnExport(
            line_id=entry.line_id,
            bundle_id=bundle.id,
            way="service",
            change=judged.outcome,
            fingerprint=entry.record.fingerprint,
            jp=left_jp(judged),
            state="sending",
            left_at=now,
        )
    )
    session.flush()
    return False


def note_answer(
    session: Session, actor: Actor, entry: Entry, now: datetime, *, siasn_id: str = "", refusal: str = ""
) -> None:
    """Note what SIASN answered to the record that was being sent: the entry's id there, or why it was refused.

    What was refused is not sent again until something of it has changed, or somebody wishes it.
    """
    actor.must(Permission.EXCHANGE_RECORDS)
    sent = session.scalars(select(SiasnExport).filter_by(line_id=entry.line_id, state="sending")).one()
    sent.state, sent.siasn_id, sent.note = "refused" if refusal else "left", siasn_id[:64], refusal[:300]
    sent.left_at = now
    if refusal:
        sent.fingerprint = entry.whole
    session.flush()


def note_document(session: Session, actor: Actor, export_id: int, now: datetime) -> None:
    """Note that the PDF of a record was uploaded."""
    actor.must(Permission.EXCHANGE_RECORDS)
    session.get_one(SiasnExport, export_id).document_at = now
    session.flush()


def end_sending(session: Session, actor: Actor, bundle: SiasnBundle, counts: Mapping[str, int], now: datetime) -> None:
    """Close what was sent by the service, with its counts."""
    actor.must(Permission.EXCHANGE_RECORDS)
    _still_ours(session, bundle)
    bundle.state, bundle.counts, bundle.made_at = "made", dict(counts), now
    session.flush()
    record(session, actor, "siasn.sent", bundle, after=dict(counts))


def withdraw_bundle(session: Session, actor: Actor, public_id: str) -> SiasnBundle:
    """Say that a bundle never reached SIASN, so that its records leave again with the next one."""
    bundle = bundle_for(session, actor, public_id)
    session.refresh(bundle, with_for_update={"of": SiasnBundle})
    if bundle.state == "withdrawn":
        return bundle
    if bundle.state != "made":
        raise Conflict(_("Paket ini belum jadi, jadi tidak ada yang dibatalkan."))
    if session.scalar(select(SiasnExport.id).filter_by(bundle_id=bundle.id, way="service").limit(1)) is not None:
        raise Conflict(_("Baris ini sudah diterima SIASN lewat layanan webnya. Hapus di SIASN bila perlu."))
    session.execute(update(SiasnExport).where(SiasnExport.bundle_id == bundle.id).values(state="withdrawn"))
    bundle.state = "withdrawn"
    session.flush()
    record(session, actor, "siasn.bundle_withdrawn", bundle, before=dict(bundle.counts or {}))
    return bundle


def try_again(session: Session, actor: Actor, public_id: str) -> int:
    """Have what SIASN refused of a bundle sent once more as it is; gives how many. Raises Conflict where none was."""
    bundle = bundle_for(session, actor, public_id)
    refused = session.scalars(select(SiasnExport).filter_by(bundle_id=bundle.id, state="refused")).all()
    if not refused:
        raise Conflict(_("Tidak ada baris dalam paket ini yang ditolak SIASN dan belum dicoba lagi."))
    for row in refused:
        row.state = "withdrawn"
    session.flush()
    record(session, actor, "siasn.tried_again", bundle, after={"lines": len(refused)})
    return len(refused)


def note_found(session: Session, actor: Actor, found: Sequence[Found], now: datetime) -> int:
    """Remember lines that stand in SIASN already; gives how many were news.

    What is the same there does not leave again; what differs leaves next as a replacement of that entry.
    """
    actor.must(Permission.EXCHANGE_RECORDS)
    news = 0
    for each in found:
        entry = entry_of(session, actor, each.line)
        fingerprint = entry.record.fingerprint if each.same else UNLIKE
        if entry.sent and (entry.sent.fingerprint, entry.sent.siasn_id) == (fingerprint, each.siasn_id):
            continue
        session.add(
            SiasnExport(
                line_id=entry.line_id,
                way="found",
                change="new",
                fingerprint=fingerprint,
                jp=each.jp,
                siasn_id=each.siasn_id,
                left_at=now,
            )
        )
        news += 1
    session.flush()
    if news:
        record(session, actor, "siasn.found", "siasn", after={"lines": news})
    return news
