"""Tables of the JP account. The database itself refuses to change or delete their rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base, BigId
from elearn.people.accounts.models import Person
from elearn.teaching.delivery.models import DeliveryForm, FormRule


class LedgerLine(Base):
    """One entry of somebody's account, with all that it was decided on."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        # With all that an account sums: without statistics SQLite would rather take the next one, which has all columns
        # too, and go through everybody's year.
        Index("ix_ledger_lines_account", "person_id", "year", "jp_earned", "jp_recognised"),
        # A unit's sums read these columns alone, so they need not visit the rows.
        Index("ix_ledger_lines_units", "year", "unit_id", "person_id", "asn_kind", "jp_earned", "jp_recognised"),
        # So do the sums of months.
        Index("ix_ledger_lines_months", "ended_on", "unit_id", "jp_recognised"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    key: Mapped[str] = mapped_column(String(60), unique=True, doc="what it counts, so that nothing counts twice")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    year: Mapped[int] = mapped_column(doc="calendar year (WIB) of ended_on")
    started_on: Mapped[date] = mapped_column(doc="the first day of the learning, in WIB")
    ended_on: Mapped[date] = mapped_column(doc="the last day of the learning, in WIB")
    source: Mapped[str] = mapped_column(String(12), doc="course, record, placement or correction")
    title: Mapped[str] = mapped_column(String(200))
    organiser: Mapped[str] = mapped_column(String(200), default="")
    form_code: Mapped[str] = mapped_column(ForeignKey("delivery_forms.code"))
    competency: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    jp_earned: Mapped[int] = mapped_column(doc="negative in a correction that takes away")
    jp_recognised: Mapped[int] = mapped_column(doc="what the form's caps leave; no ceiling of a year is in it")
    form_rule_id: Mapped[int] = mapped_column(ForeignKey("form_rules.id"), doc="the rule that it was counted by")
    minutes_per_jp: Mapped[int]
    evidence: Mapped[str] = mapped_column(String(120), default="", doc="number of the certificate or letter")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), doc="where the person worked then")
    asn_kind: Mapped[str] = mapped_column(String(20), doc="what the person was then")
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), doc="none where a rule decided")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_lines.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    form: Mapped[DeliveryForm] = relationship(lazy="raise")
    form_rule: Mapped[FormRule] = relationship(lazy="raise")

    def corrected(self, **fields: Any) -> "LedgerLine":
        """A new line that corrects this one: of the same person, year and unit, whatever has changed since."""
        same = {name: getattr(self, name) for name in _SAME}
        return LedgerLine(**{**same, "source": "correction", "minutes": 0, "corrects_id": self.id, **fields})

    @property
    def lost(self) -> int:
        """JP that the form's caps took."""
        return max(0, self.jp_earned - self.jp_recognised)

    @property
    def counted_id(self) -> str:
        """Public id of the enrolment, record or placement that it counts; `source` tells which."""
        return counted_by(self.key)


def counted_by(key: str) -> str:
    """The public id within a line's key, which is the source, the id, and what tells repetitions apart."""
    return key.partition(":")[2].partition(":")[0].partition("#")[0]


_SAME = (
    "person_id",
    "year",
    "started_on",
    "ended_on",
    "title",
    "organiser",
    "form_code",
    "competency",
    "form_rule_id",
    "minutes_per_jp",
    "evidence",
    "unit_id",
    "asn_kind",
)


class LedgerDay(Base):
    """Minutes of one line on one local day (WIB)."""

    __tablename__ = "ledger_days"
    line_id: Mapped[int] = mapped_column(ForeignKey("ledger_lines.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(doc="learned")
    counted: Mapped[int] = mapped_column(doc="recognised under the day's cap")
