"""What a grouped report says: the finding as its title, the drawing, and the lines of the table below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from elearn.foundation.charts import Bar, Month, bars, months
from elearn.foundation.i18n import _, format_date, format_number
from elearn.overview.reports.rules import Sum, together

DRAWN = 12


@dataclass(frozen=True)
class Line:
    """One row: a course, a unit or a month; `href` leads to what it is made of."""

    name: str
    sum: Sum
    href: str = ""


@dataclass(frozen=True)
class Finding:
    """A chart with its table; `head` names the first column. `drawings` are the wide and the narrow one."""

    title: str
    head: str
    lines: Sequence[Line]
    whole: Sum
    drawings: tuple[Markup, ...]
    note: str = ""


def of_courses(lines: Sequence[Line]) -> Finding:
    """Which courses are completed most."""
    title = _("Terbanyak diselesaikan: %(name)s, %(n)s dari %(total)s", **_most(lines))
    if len(lines) == 1:
        title = _("%(name)s: %(n)s penyelesaian", **_most(lines))
    return _barred(lines, title, _("Pelatihan"), "pelatihan")


def of_units(lines: Sequence[Line]) -> Finding:
    """Which units have completions, and how many have none."""
    none = sum(not line.sum.completions for line in lines)
    if none:
        words = {"none": format_number(none), "all": format_number(len(lines))}
        title = _("%(none)s dari %(all)s unit belum punya penyelesaian", **words)
    elif len(lines) == 1:
        title = _("%(name)s: %(n)s penyelesaian", **_most(lines))
    else:
        title = _("Terbanyak: %(name)s, %(n)s dari %(total)s penyelesaian", **_most(lines))
    return _barred(lines, title, _("Unit"), "unit")


def of_months(sums: Sequence[tuple[str, Sum, str]]) -> Finding:
    """When courses were completed: months as `2026-11`, with all in between, and where each leads."""
    lines = [Line(_month(month, "MMMM y"), each, href) for month, each, href in sums]
    most = _most(sorted(lines, key=lambda line: -line.sum.completions))
    title = _("Terbanyak pada %(name)s: %(n)s dari %(total)s penyelesaian", **most)
    if len(lines) < 3:
        return _barred(lines, title, _("Bulan"), "bulan")
    name = _("Penyelesaian per bulan")
    drawings = tuple(
        months(_points(sums[-DRAWN:], form), name="bulan", title=name, description=title, narrow=narrow)
        for narrow, form in ((False, "MMM yy"), (True, "MMM"))
    )
    note = _("Grafik menampilkan %(n)s bulan terakhir.", n=DRAWN) if len(lines) > DRAWN else ""
    return Finding(title, _("Bulan"), lines[::-1], together(*(line.sum for line in lines)), drawings, note)


def _points(sums: Sequence[tuple[str, Sum, str]], form: str) -> list[Month]:
    return [
        Month(_month(month, form), each.completions, format_number(each.completions)) for month, each, _href in sums
    ]


def _barred(lines: Sequence[Line], title: str, head: str, name: str) -> Finding:
    drawn = [Bar(line.name, line.sum.completions, format_number(line.sum.completions)) for line in lines[:DRAWN]]
    told = _("Penyelesaian menurut %(head)s", head=head.lower())
    drawings = tuple(bars(drawn, name=name, title=told, description=title, narrow=narrow) for narrow in (False, True))
    note = _("Grafik menampilkan %(n)s teratas. Semuanya ada di tabel.", n=DRAWN) if len(lines) > DRAWN else ""
    return Finding(title, head, lines, together(*(line.sum for line in lines)), drawings, note)


def _most(lines: Sequence[Line]) -> dict[str, str]:
    """The first line in words; lines come with the greatest first."""
    whole = sum(line.sum.completions for line in lines)
    return {
        "name": lines[0].name,
        "n": format_number(lines[0].sum.completions),
        "total": format_number(whole),
    }


def _month(month: str, form: str) -> str:
    return format_date(date(int(month[:4]), int(month[5:]), 1), form)
