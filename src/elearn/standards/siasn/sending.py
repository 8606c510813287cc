"""Sending records by the web service: each exactly once, whatever is cut off in between.

A record is noted as being sent, sent, and noted as sent, in three steps. Where the last step is missing, nobody knows
whether the second happened; then SIASN is asked by the record's number before anything is sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from elearn.foundation.clock import wib_date
from elearn.foundation.settings import Settings
from elearn.foundation.storage.store import Store
from elearn.people.access.actor import Actor
from elearn.standards.siasn import actions
from elearn.standards.siasn.client import RecordRefused, SiasnClient
from elearn.standards.siasn.comparison import Theirs, history, told_of
from elearn.standards.siasn.files import LEAVING, file_name_of, pdf_bytes
from elearn.standards.siasn.queries import (
    Sessions,
    Wanted,
    bundle_for,
    documents_of,
    entries,
    entry_of,
    undocumented,
)
from elearn.standards.siasn.record import Entry, Record, body_of
from elearn.standards.siasn.rules import Judged, Tally, judged


@dataclass
class Outcome:
    """What came of it. `there` were found in SIASN after an earlier run was cut off.

    `by_hand` are to be deleted there by hand. `answers` are records that SIASN refused, now or before, with its words;
    `unproved` are records that it has and whose PDF it refused, which is tried again each time.
    """

    sent: int = 0
    there: int = 0
    deleted: int = 0
    by_hand: int = 0
    documents: int = 0
    refused: int = 0
    answers: list[tuple[Entry, str]] = field(default_factory=list)
    unproved: list[tuple[Entry, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": self.sent,
            "there": self.there,
            "deletion": self.deleted,
            "documents": self.documents,
            "refused": self.refused,
        }


@dataclass(frozen=True)
class Post:
    """All that one run needs. `step` gives a transaction that commits at the end of its block."""

    step: Sessions
    actor: Actor
    bundle: str
    client: SiasnClient
    office: Settings
    store: Store
    now: Callable[[], datetime]


def foreseen(sessions: Sessions, actor: Actor, wanted: Wanted, now: datetime) -> Tally:
    """What a run would do, without a word to SIASN."""
    tally = Tally()
    for each in judged(entries(sessions, actor, wanted), wib_date(now)):
        tally.count(each)
    return tally


def send(post: Post, wanted: Wanted, reading: Sessions, *, again: bool = False) -> Outcome:
    """Send what is new or changed, and the PDFs that an earlier run still owes. Raises ServiceFailed where it stops.

    With `again` also what SIASN refused before and is still the same.
    """
    outcome = Outcome()
    for export_id, line, siasn_id in _owed(post, reading):
        with reading() as session:
            entry = entry_of(session, post.actor, line)
        _upload(post, entry, export_id, siasn_id, outcome)
    for each in judged(entries(reading, post.actor, wanted), wib_date(post.now()), again=again):
        refused = each.entry.still_refused and each.outcome in ("refused", "deletion")
        if each.entry.answered and refused:
            outcome.answers.append((each.entry, each.entry.answered.words))
        if each.outcome in LEAVING:
            _send_one(post, each, outcome)
        elif each.outcome == "deletion" and not refused and _deletable(each.entry):
            _delete_one(post, each, outcome)
        elif each.outcome == "deletion":
            outcome.by_hand += 1
    with post.step() as session:
        bundle = bundle_for(session, post.actor, post.bundle)
        actions.end_sending(session, post.actor, bundle, outcome.counts, post.now())
    return outcome


def _owed(post: Post, reading: Sessions) -> list[tuple[int, str, str]]:
    with reading() as session:
        return list(undocumented(session, post.actor))


def _send_one(post: Post, each: Judged, outcome: Outcome) -> None:
    entry, record = each.entry, each.entry.record
    with post.step() as session:
        bundle = bundle_for(session, post.actor, post.bundle)
        in_doubt = actions.begin_sending(session, post.actor, bundle, each, post.now())
    refusal = siasn_id = ""
    known_id = entry.sent.siasn_id if entry.sent else ""
    found = _there(post.client, entry, record) if in_doubt or (each.outcome == "replacement" and not known_id) else None
    if in_doubt and found and found.jp == entry.jp:
        siasn_id = found.id
        outcome.there += 1
    else:
        body = body_of(entry, record, post.office.siasn_instansi_id, post.office.siasn_lokasi_id)
        try:
            siasn_id = post.client.save(record.history, {**body, "id": body["id"] or (found.id if found else None)})
            outcome.sent += 1
        except RecordRefused as refused:
            refusal = _refused(entry, refused, outcome)
    with post.step() as session:
        actions.note_answer(session, post.actor, entry, post.now(), siasn_id=siasn_id, refusal=refusal)
    if not refusal:
        _document(post, entry, siasn_id, outcome)


def _refused(entry: Entry, refused: RecordRefused, outcome: Outcome) -> str:
    outcome.refused += 1
    outcome.answers.append((entry, refused.message))
    return refused.message


def _deletable(entry: Entry) -> bool:
    """The service is known to delete a kursus by its id there, and nothing else."""
    return entry.form.history == "kursus" and entry.sent is not None and bool(entry.sent.siasn_id)


def _delete_one(post: Post, each: Judged, outcome: Outcome) -> None:
    entry, refusal = each.entry, ""
    siasn_id = entry.sent.siasn_id if entry.sent else ""
    with post.step() as session:
        bundle = bundle_for(session, post.actor, post.bundle)
        in_doubt = actions.begin_sending(session, post.actor, bundle, each, post.now())
    if in_doubt and siasn_id not in {row.id for row in _rows(post.client, entry)}:
        outcome.there += 1
    else:
        try:
            post.client.delete(entry.form.history, siasn_id)
            outcome.deleted += 1
        except RecordRefused as refused:
            refusal = _refused(entry, refused, outcome)
    with post.step() as session:
        actions.note_answer(session, post.actor, entry, post.now(), siasn_id=siasn_id, refusal=refusal)


def _there(client: SiasnClient, entry: Entry, record: Record) -> Theirs | None:
    """The entry with this record's number in SIASN, if there is one."""
    number = "".join(told_of(record)[0].lower().split())
    return next((row for row in _rows(client, entry) if row.id and "".join(row.number.lower().split()) == number), None)


def _rows(client: SiasnClient, entry: Entry) -> list[Theirs]:
    return history([{"nipBaru": entry.nip, **row} for row in client.history(entry.form.history, entry.nip or "")])


def _document(post: Post, entry: Entry, siasn_id: str, outcome: Outcome) -> None:
    with post.step() as session:
        owed = undocumented(session, post.actor, entry.line_id)
    for export_id, _line, _id in owed[-1:]:
        _upload(post, entry, export_id, siasn_id, outcome)


def _upload(post: Post, entry: Entry, export_id: int, siasn_id: str, outcome: Outcome) -> None:
    with post.step() as session:
        actions.beat(session, post.actor, bundle_for(session, post.actor, post.bundle), post.now())
        document = documents_of(session, [entry.line_id]).get(entry.line_id)
    if document is None or (document.certificate and document.certificate.awaits_signature):
        # Revoked, or issued anew and not signed yet: it is owed until then.
        return
    pdf = pdf_bytes(document, post.store, post.step)
    try:
        post.client.upload(siasn_id, entry.record.document, file_name_of(entry), pdf)
    except RecordRefused as refused:
        # The record stands; its PDF is owed, and the next run tries again.
        outcome.unproved.append((entry, refused.message))
        return
    with post.step() as session:
        actions.note_document(session, post.actor, export_id, post.now())
    outcome.documents += 1
