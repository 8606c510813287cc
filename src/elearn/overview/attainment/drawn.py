"""The share of those who have their JP, drawn by unit."""

from collections.abc import Sequence

from markupsafe import Markup

from elearn.foundation.charts import Bar, bars
from elearn.foundation.i18n import _, format_number
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
