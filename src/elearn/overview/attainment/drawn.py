"""The share of those who have their JP, drawn by unit, and the JP of the months."""

from collections.abc import Sequence

from markupsafe import Markup

from elearn.foundation.charts import Bar, Month, bars, months
from elearn.foundation.i18n import _, format_date, format_number
from elearn.overview.attainment.months import MonthlyJp
from elearn.overview.attainment.rules import Tally

DRAWN = 12


def shares(rows: Sequence[tuple[str, Tally]]) -> tuple[Markup, ...]:
    """The first units' shares, wide and narrow; nothing where nobody owes JP."""
    drawn = [
        Bar(name, tally.share, f"{format_number(tally.share)} %", reached=tally.share == 100)
        for name, tally in rows
        if tally.share is not None
    ][:DRAWN]
    if not drawn:
        return ()
    told = _("Bagian pegawai yang sudah cukup JP, menurut unit, dalam persen")
    return tuple(
        bars(drawn, name="cukup-jp", title=told, description=told, limit=100, limit_label=_("semua"), narrow=narrow)
        for narrow in (False, True)
    )


def trend(found: Sequence[MonthlyJp]) -> tuple[Markup, ...]:
    """The JP of the months, wide and narrow; a phone has no room for the years."""
    told = _("JP diakui menurut bulan")
    return tuple(
        months(
            [Month(format_date(month, form), jp, format_number(jp)) for month, jp in found],
            name="tren",
            title=told,
            description=told,
            narrow=narrow,
        )
        for narrow, form in ((False, "MMM yy"), (True, "MMM"))
        if found
    )
