"""Tables of what went to SIASN: bundles, and for each line of the JP account when it left and as what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.foundation.database import Base, BigId
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit

_REFUSED = "state = 'refused'"


class SiasnBundle(Base):
    """One set of records that is made, or was made, for SIASN. States: making, made, failed, withdrawn."""

    __tablename__ = "siasn_bundles"
    __table_args__ = (
        # Two at once would hold the same records.
        Index(
            "ix_siasn_bundles_one_making",
            "state",
            unique=True,
            sqlite_where=text("state = 'making'"),
            postgresql_where=text("state = 'making'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), doc="with its subtree; none is everything")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), doc="none for the command line")
    state: Mapped[str] = mapped_column(String(12), default="making")
    counts: Mapped[dict[str, Any] | None] = mapped_column(doc="records by their outcome, once made")
    job_public_id: Mapped[str] = mapped_column(String(20), default="")
    storage_key: Mapped[str | None] = mapped_column(String(120), doc="the ZIP, which is kept for a day")
    created_at: Mapped[datetime]
    beat_at: Mapped[datetime | None] = mapped_column(doc="last sign of life of a command line that makes it")
    made_at: Mapped[datetime | None]
    unit: Mapped[Unit | None] = relationship(lazy="raise")
    maker: Mapped[Person | None] = relationship(lazy="raise")


class SiasnExport(Base):
    """One record that left, or is leaving. The latest of a line that was not withdrawn says what SIASN has."""

    __tablename__ = "siasn_exports"
    __table_args__ = (
        Index("ix_siasn_exports_refused", "line_id", sqlite_where=text(_REFUSED), postgresql_where=text(_REFUSED)),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("ledger_lines.id"), index=True)
    bundle_id: Mapped[int | None] = mapped_column(
        ForeignKey("siasn_bundles.id"), index=True, doc="none for what was sent by the service or found there"
    )
    way: Mapped[str] = mapped_column(String(8), doc="file, service, or found: SIASN had it already")
    change: Mapped[str] = mapped_column(String(12), doc="new, replacement or deletion")
    fingerprint: Mapped[str] = mapped_column(
        String(64), doc="of the record's fields as they left; of a refused one with whose it is"
    )
    jp: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="left", doc="sending, left, refused or withdrawn")
    siasn_id: Mapped[str] = mapped_column(String(64), default="", doc="id of the history entry there, where known")
    document_at: Mapped[datetime | None] = mapped_column(doc="when its PDF was uploaded by the service")
    note: Mapped[str] = mapped_column(String(300), default="", doc="what SIASN answered to a refused one")
    left_at: Mapped[datetime]
