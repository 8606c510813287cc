"""One line of an account with all that it was decided on, for its owner and for whoever looks after him or her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import changed_since, valid_certificate
from elearn.recognition.external_records.queries import may_decide
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.recognition.learning_hours.queries import corrections_of, days_of
from elearn.recognition.learning_hours.rules import why_less
from elearn.teaching.delivery.models import FormRule
from elearn.teaching.delivery.rules import in_full


@dataclass(frozen=True)
class Explained:
    """A line that is no correction, with its form and rule.

    `days` are local days (WIB) with the minutes learned and those counted by now; `names` are those of officers by id;
    `rule` is the one by which it was counted last; `evidence` is where the reader may open what proves it, and `newer`
    the number of the certificate that took the place of the line's. `outdated` says that the certificate names other JP
    than were earned after all; `replace` is where the reader may mend that.
    """

    line: LedgerLine
    corrections: Sequence[LedgerLine]
    days: Sequence[tuple[date, int, int]]
    names: dict[int, str]
    unit: str
    evidence: str
    newer: str
    outdated: bool = False
    replace: str = ""

    @property
    def earned(self) -> int:
        return sum(each.jp_earned for each in (self.line, *self.corrections))

    @property
    def recognised(self) -> int:
        return sum(each.jp_recognised for each in (self.line, *self.corrections))

    @property
    def rule(self) -> FormRule:
        return (self.corrections or [self.line])[-1].form_rule

    @property
    def rule_in_words(self) -> str:
        words = in_full(self.rule)
        return words[:1].upper() + words[1:]

    @property
    def reasons(self) -> list[str]:
        """Why less is recognised than was earned."""
        return why_less(self.line, self.corrections)


def explained(session: Session, actor: Actor, line: LedgerLine, *, here_now: bool = True) -> Explained:
    """All about a line that was found through the actor's reach; `here_now` says whether its owner is in it today."""
    corrections = corrections_of(session, line)
    learned, counted = days_of(session, line)
    officers = {each.approved_by for each in (line, *corrections) if each.approved_by}
    names = session.execute(select(Person.id, Person.name).where(Person.id.in_(officers))).all() if officers else []
    unit = session.get(Unit, line.unit_id) if line.unit_id else None
    certificate = valid_certificate(session, line.counted_id) if line.source == "course" else None
    outdated = certificate is not None and bool(changed_since(session, [certificate]))
    return Explained(
        line,
        corrections,
        [(day, learned[day], counted.get(day, 0)) for day in sorted(learned)],
        {row.id: row.name for row in names},
        unit.name if unit else "",
        _evidence(session, actor, line, certificate, here_now),
        certificate.number if certificate and line.evidence and certificate.number != line.evidence else "",
        outdated,
        _replace(actor, certificate) if outdated else "",
    )


def _replace(actor: Actor, certificate: Certificate | None) -> str:
    may = certificate is not None and actor.may(Permission.REVOKE_CERTIFICATES)
    return f"/kelola/sertifikat/{certificate.public_id}#ganti" if certificate is not None and may else ""


def _evidence(session: Session, actor: Actor, line: LedgerLine, certificate: Certificate | None, here_now: bool) -> str:
    mine = line.person_id == actor.person_id
    if line.source == "course":
        if certificate is None:
            return ""
        return f"/sertifikat/{certificate.public_id}.pdf" if mine else f"/verifikasi/{certificate.code}"
    if line.source == "record":
        if mine:
            return f"/capaian/luar/{line.counted_id}"
        return f"/persetujuan/sertifikat/{line.counted_id}" if may_decide(session, actor, line.counted_id) else ""
    if mine:
        return f"/magang/{line.counted_id}"
    return f"/kelola/magang/{line.counted_id}" if here_now and actor.may(Permission.PLACE_PEOPLE) else ""
