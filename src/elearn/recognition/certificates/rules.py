"""How certificates are numbered, coded and shown to the public. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any, Literal

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import clean_code
from elearn.people.accounts import nip
from elearn.recognition.certificates.document import CertificateFacts, ModuleLine, Signer
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.designs.design import Block

# 16 signs of 5 bits: 80 bits, beyond guessing even without a limiter.
CODE_GROUPS = 4
CODE_LENGTH = 16
LARGEST_UPLOAD = 5 * 1024 * 1024


def stored_code(typed: str) -> str:
    """A code as it is kept, whatever dashes, spaces and mistaken letters were typed; empty if it cannot be one."""
    code = clean_code(typed)
    return code if re.fullmatch(f"[0-9A-Z]{{{CODE_LENGTH}}}", code) else ""


def printed_code(code: str) -> str:
    """`7F3K-9QTA-XM2P-04ZW`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def module_lines(minutes: Iterable[tuple[str, int]], minutes_per_jp: int) -> tuple[ModuleLine, ...]:
    """One line a module, in order, from (module title, minutes of an activity), with what its minutes are worth.

    The JP of the lines are for reading; what counts is the certificate's own JP, after the rule of the form.
    """
    sums: dict[str, int] = {}
    for title, length in minutes:
        sums[title] = sums.get(title, 0) + length
    return tuple(ModuleLine(title=title, minutes=total, jp=_jp(total, minutes_per_jp)) for title, total in sums.items())


def _jp(minutes: int, minutes_per_jp: int) -> Decimal:
    return (Decimal(minutes) / minutes_per_jp).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rounded_score(score: float | None) -> Decimal | None:
    """A score as it is printed: percent with at most two decimals."""
    return None if score is None else Decimal(str(round(score, 2)))


def public_facts(facts: CertificateFacts) -> CertificateFacts:
    """What anybody may read: every printed field, with the NIP masked."""
    signer = facts.signer.model_copy(update={"nip": nip.masked(facts.signer.nip) if facts.signer.nip else ""})
    return facts.model_copy(update={"nip": nip.masked(facts.nip) if facts.nip else "", "signer": signer})


def fingerprint_of(pieces: Iterable[bytes]) -> str:
    """SHA-256 of a file that comes in pieces."""
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def same_file(fingerprint: str, certificate: Certificate) -> Literal["same", "draft", "other"]:
    """Whether a file is the certificate's PDF, the one from before it was signed, or neither."""
    if fingerprint == certificate.sha256:
        return "same"
    return "draft" if fingerprint == certificate.draft_sha256 else "other"


def days_left(today: date) -> int:
    """Days from today to the end of the calendar year."""
    return (date(today.year, 12, 31) - today).days


def signer_of(block: Block, position: str, name: str) -> Signer:
    """Who stands under a certificate: the design's signer, or for what it leaves empty that of the settings."""
    own = bool(block.name)
    return Signer(
        position=block.position or position,
        name=block.name or name,
        title_before=block.title_before if own else "",
        title_after=block.title_after if own else "",
        rank=block.rank if block.with_rank else "",
        nip=block.nip if block.with_nip else "",
        with_titles=block.with_titles and own,
        with_lines=True,
        note=block.note,
    )


def jp_since(facts: Mapping[str, Any], completed_jp: int | None) -> int | None:
    """JP that the course gave after all, where a certificate with these printed facts says another number."""
    return None if completed_jp is None or Decimal(facts["jp"]) == completed_jp else completed_jp


def check_reason(reason: str, said: str) -> None:
    """Refuse to take a certificate back without a reason that the public may read."""
    if not reason.strip():
        raise Invalid(said, {"reason": said})


def check_days(first: date, last: date) -> None:
    """Refuse a period that ends before it begins."""
    if last < first:
        said = _("Hari terakhir mendahului hari pertama. Tukar keduanya.")
        raise Invalid(said, {"last": said})
