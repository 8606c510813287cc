"""Tables of the unit tree."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base, TreePath

UNIT_KINDS = (
    "instansi",
    "opd",
    "bidang",
    "seksi",
    "uptd",
    "sekolah",
    "puskesmas",
    "kecamatan",
    "kelurahan",
)


class Unit(Base):
    """An OPD, or a part of one, as it is today."""

    __tablename__ = "units"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="opd")
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60), default="")
    path: Mapped[str] = mapped_column(TreePath, index=True, doc="ids from the root, `/1/5/9/`")
    siasn_unor_id: Mapped[str | None] = mapped_column(
        String(40), unique=True, index=True, doc="the unit's id in SIASN's own tree (unor)"
    )
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(doc="last day; empty while the unit exists")

    @property
    def active(self) -> bool:
        return self.valid_to is None

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


class UnitHistory(Base):
    """What a unit was called and where it stood up to a day."""

    __tablename__ = "unit_history"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
