"""Tables of delivery forms. Their rows come with the migrations; a ministry may change a rule from a day on."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base

# Learning by oneself over the network; what a course is unless somebody says otherwise.
E_LEARNING = "NKL03"


class DeliveryForm(Base):
    """One way of developing competence (bentuk, jalur)."""

    __tablename__ = "delivery_forms"
    code: Mapped[str] = mapped_column(String(8), primary_key=True, doc="KL01 to KL12 classical, NKL01 to NKL13 not")
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(doc="the order of the regulation's table")
    siasn_id: Mapped[int | None] = mapped_column(doc="BKN's jenisDiklatId; none for study leave")
    siasn_letter: Mapped[str] = mapped_column(String(1), doc="jenisKursusSertipikat: T, F or P")
    history: Mapped[str] = mapped_column(String(8), doc="where SIASN keeps it: diklat, kursus or tubel")

    @property
    def classical(self) -> bool:
        return self.code.startswith("KL")


class FormRule(Base):
    """What a form is worth from a day on."""

    __tablename__ = "form_rules"
    __table_args__ = (UniqueConstraint("form_code", "effective_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    form_code: Mapped[str] = mapped_column(ForeignKey("delivery_forms.code"))
    effective_from: Mapped[date]
    basis: Mapped[str] = mapped_column(String(10), doc="programme, day, time, daily or stated")
    jp: Mapped[int | None] = mapped_column(doc="a day, a time, or at most a day; none for programme and stated")
    jp_international: Mapped[int | None] = mapped_column(doc="the same abroad or with foreign participants")
    times_a_month: Mapped[int | None] = mapped_column(doc="at most so many times count in a calendar month")
    source: Mapped[str] = mapped_column(String(200), doc="where the rule is written")
