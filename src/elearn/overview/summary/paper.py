"""The summary on one A4 page. In Bahasa Indonesia whatever the reader's language."""

import textwrap
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from elearn.foundation.clock import WIB, wib_date
from elearn.foundation.i18n import format_date
from elearn.foundation.pdf import day_on_paper, pdf_of
from elearn.foundation.settings import settings
from elearn.overview.attainment.rules import Tally
from elearn.overview.summary.queries import Summary

TEMPLATE = Path(__file__).parent / "summary.typ"
# So many rows are sure to leave room for the rest of the page.
MOST_UNITS = 15
LONGEST_NAME, LONGEST_SCOPE = 76, 150


def summary_pdf(found: Summary, moment: datetime) -> bytes:
    """The summary with the moment of its data; of many units those with the smallest share."""
    whole, day = found.whole, wib_date(moment)
    most = max((each.jp for each in found.trend), default=0) or 1
    left_out = max(0, len(found.units) - MOST_UNITS)
    printed = {
        "document_title": f"Ringkasan pembelajaran {found.year}",
        "summary": f"{_share(whole)} dari {_number(whole.owing)} pegawai sudah cukup JP pada tahun {found.year}.",
        "office": settings().office_name,
        "date": [day.year, day.month, day.day],
        "year": str(found.year),
        "scope": textwrap.shorten(found.top, LONGEST_SCOPE, placeholder=" …"),
        "trend_title": f"JP yang diakui tahun {found.year}" if found.past else "JP yang diakui, 12 bulan terakhir",
        "placed": f"pada 31 Desember {found.year}" if found.past else "sekarang",
        "moment": f"Data sampai {day_on_paper(day)}, {moment.astimezone(WIB):%H.%M} WIB",
        "numbers": [
            [_share(whole), "pegawai sudah cukup JP"],
            [_number(whole.behind), "pegawai di bawah separuh"],
            [_number(found.jp_each) if found.jp_each is not None else "–", "JP diakui per pegawai"],
            [_number(found.classes), f"angkatan tahun {found.year}" if found.past else "angkatan tahun ini"],
        ],
        "units": [_unit(unit.name if unit else "Tanpa unit", tally) for unit, tally in found.units[:MOST_UNITS]],
        "left_out": f"{left_out} unit lain tidak dimuat. Semuanya ada di layar." if left_out else "",
        "trend": [
            {"month": format_date(month, "MMM yy", "id"), "jp": _number(jp), "part": max(0, jp) / most}
            for month, jp in found.trend
        ],
    }
    return pdf_of(TEMPLATE, printed, day)


def _unit(name: str, tally: Tally) -> dict[str, Any]:
    return {
        "name": textwrap.shorten(name, LONGEST_NAME, placeholder=" …"),
        "owing": _number(tally.owing),
        "reached": _number(tally.reached),
        "behind": _number(tally.behind),
        "share": _share(tally),
        "part": (tally.share or 0) / 100,
    }


def _share(tally: Tally) -> str:
    return f"{_number(tally.share)} %" if tally.share is not None else "–"


def _number(number: float) -> str:
    return format_decimal(number, "#,##0.#", "id")
