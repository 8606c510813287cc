"""Charts drawn by the server as SVG, for the head of a report. Pure.

The caller's heading says the finding and the table below has the same numbers; a chart shows their shape. Filled
means reached, hatched means not yet: nothing is told by colour alone. Colours are the page's tokens, so light and
dark need no second drawing. Each chart has a wide form and a narrow one for phones, whose text is 15 px at 360 px;
a template puts both on the page and the stylesheet shows one.
"""

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from elearn.foundation.i18n import format_number

WIDE, NARROW = 900, 288
_ACCENT, _LATE, _QUIET = "var(--accent)", "var(--manggis)", "var(--line-2)"
_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Bar:
    """One row. `text` is the value as people read it; `reached` fills the bar, otherwise it is hatched."""

    label: str
    value: float
    text: str
    reached: bool = True


@dataclass(frozen=True)
class Month:
    """One point of a line; a value of None has not happened yet and leaves a gap."""

    label: str
    value: float | None
    text: str = ""


class Look(StrEnum):
    """How a part of a status bar is drawn; each differs by more than its colour."""

    FULL = "full"
    HATCHED = "hatched"
    EMPTY = "empty"
    LATE = "late"


@dataclass(frozen=True)
class Part:
    """One part of a whole, such as the people who are done. `text` is the value as people read it."""

    label: str
    value: float
    text: str
    look: Look


def bars(
    rows: Sequence[Bar],
    *,
    name: str,
    title: str,
    description: str,
    limit: float | None = None,
    limit_label: str = "",
    narrow: bool = False,
) -> Markup:
    """Horizontal bars in the given order, with a line at the limit; at most 4 KB for 12 rows.

    `name` is the chart's own on its page: lower case letters, digits and hyphens.
    """
    key = _key(name, narrow)
    ticks = _ticks([row.value for row in rows], limit)
    left, right = (1, NARROW - 1) if narrow else (250, 840)
    scale = (right - left) / ticks[-1]
    labels: list[Markup] = []
    numbers: list[Markup] = []
    full: list[Markup] = []
    hatched: list[Markup] = []
    boxes: list[tuple[float, float]] = []
    y = 26
    for row in rows:
        lines = _wrapped(row.label)
        top = y + 20 * len(lines) if narrow else y + 7
        height = 18 if narrow else 21
        labels += _label(lines, 0 if narrow else left - 12, y + 14 if narrow else top + 16, beside=not narrow)
        numbers.append(_text(row.text, x=NARROW if narrow else 896, y=y + 14 if narrow else top + 16))
        if row.value > 0:
            bar = _tag("rect", x=left, y=top, width=max(row.value * scale, 2), height=height, rx=3)
            (full if row.reached else hatched).append(bar)
        boxes.append((top, height))
        y = top + height + (14 if narrow else 6)
    drawn = [
        *([] if narrow else _grid_lines(left, scale, [tick for tick in ticks if tick != limit], y)),
        _group(labels, **({} if narrow else {"text_anchor": "end"})),
        _group(full, class_="b"),
        _group(hatched, fill=f"url(#{key}-h)", stroke=_ACCENT, stroke_width=1.5),
        _group(numbers, class_="n"),
    ]
    if limit is not None:
        drawn += _limit_line(left + limit * scale, boxes if narrow else [(20, y - 20)], limit_label, right)
    height = y if narrow else y + 24
    return _chart(drawn, key, height, title, description, hatches=[("h", _ACCENT, 45)] if hatched else [])


def months(
    points: Sequence[Month],
    *,
    name: str,
    title: str,
    description: str,
    limit: float | None = None,
    limit_label: str = "",
    narrow: bool = False,
) -> Markup:
    """A line by month from the left; the last value that exists is marked. At most 4 KB for 12 points."""
    key = _key(name, narrow)
    ticks = _ticks([point.value for point in points if point.value is not None], limit)
    left, right, top, bottom = (48, NARROW - 14, 34, 190) if narrow else (52, 876, 34, 250)
    step = (right - left) / max(len(points) - 1, 1)
    up = (bottom - top) / ticks[-1]
    places = [
        None if point.value is None else (left + step * n, bottom - max(point.value, 0) * up)
        for n, point in enumerate(points)
    ]
    known = [n for n, place in enumerate(places) if place is not None]
    every = math.ceil(len(points) / 6) if narrow else 1
    told = known[-1:] if narrow else known
    grid = [_tag("path", d=f"M{left} {_short(bottom - tick * up)}H{right}", class_="g") for tick in ticks]
    scale = [_text(format_number(tick), x=left - 8, y=bottom - tick * up + 5, class_="m") for tick in ticks]
    names = [
        _text(point.label, x=left + step * n, y=bottom + 24, class_="m")
        for n, point in enumerate(points)
        if n % every == 0
    ]
    dots = [_tag("circle", cx=x, cy=y, r=6 if n == known[-1] else 3.5) for n in known for x, y in [_place(places[n])]]
    numbers = [
        _text(
            points[n].text, x=min(x, right - 2), y=max(y - 12, 14), **({"font_weight": 700} if n == known[-1] else {})
        )
        for n in told
        for x, y in [_place(places[n])]
    ]
    drawn = [
        *grid,
        _group(scale, text_anchor="end", font_size=13),
        _group(names, text_anchor="middle", font_size=13),
        _tag("path", d=_path(places), fill="none", stroke=_ACCENT, stroke_width=3, stroke_linejoin="round"),
        _group(dots, class_="b"),
    ]
    if limit is not None:
        y = bottom - limit * up
        drawn.append(_tag("path", d=f"M{left} {_short(y)}H{right}", class_="lim", stroke_dasharray="8 5"))
        drawn.append(_text(limit_label, x=left + 2, y=y - 8, class_="x"))
    drawn.append(_group(numbers, text_anchor="middle"))
    return _chart(drawn, key, bottom + 30, title, description)


def status(parts: Sequence[Part], *, name: str, title: str, description: str, narrow: bool = False) -> Markup:
    """One bar cut into the parts of a whole, with a legend that carries the words and numbers."""
    key = _key(name, narrow)
    width = NARROW if narrow else WIDE
    whole = sum(max(part.value, 0) for part in parts)
    drawn = []
    x = 1.0
    for part in parts:
        share = (width - 2) * max(part.value, 0) / whole if whole else 0
        if share:
            # The paper between two parts; a part of one person in thousands is still seen.
            drawn.append(_piece(part.look, key, x=x, y=1, width=max(share - 3, 2), height=30))
        x += share
    if not whole:
        drawn.append(_piece(Look.EMPTY, key, x=1, y=1, width=width - 2, height=30))
    y = 60
    for n, part in enumerate(parts):
        at = 1 if narrow else 1 + n * (WIDE - 2) / len(parts)
        drawn.append(_piece(part.look, key, x=at, y=y - 14, width=16, height=16))
        if narrow:
            drawn += [_text(part.label, x=26, y=y), _text(part.text, x=NARROW, y=y, class_="n")]
            y += 28
        else:
            drawn.append(_tag("text", _tag("tspan", part.text, font_weight=700), f" {part.label}", x=at + 25, y=y))
    hatches = [("h", _ACCENT, 45), ("l", _LATE, 0)]
    looks = {part.look for part in parts}
    used = [hatch for hatch, look in zip(hatches, (Look.HATCHED, Look.LATE), strict=True) if look in looks]
    return _chart(drawn, key, y - 18 if narrow else y + 6, title, description, hatches=used)


def _chart(
    drawn: Iterable[Markup],
    key: str,
    height: float,
    title: str,
    description: str,
    hatches: Sequence[tuple[str, str, int]] = (),
) -> Markup:
    narrow = key.endswith("-n")
    patterns = [
        _tag(
            "pattern",
            _tag("path", d="M0 0v7", stroke=colour, stroke_width=5),
            id=f"{key}-{mark}",
            width=7,
            height=7,
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({turn})",
        )
        for mark, colour, turn in hatches
    ]
    return _tag(
        "svg",
        _tag("title", title, id=f"{key}-t"),
        _tag("desc", description, id=f"{key}-d"),
        *([_tag("defs", *patterns)] if patterns else []),
        _group(drawn, font_size=15),
        class_=f"e-ch {'e-m' if narrow else 'e-d'}",
        viewBox=f"0 0 {NARROW if narrow else WIDE} {_short(height)}",
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
    )


def _key(name: str, narrow: bool) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name for a chart: {name!r}")
    return f"{name}-n" if narrow else f"{name}-w"


def _tag(tag: str, *content: str, **attributes: str | float) -> Markup:
    """One element; contents and values are escaped, `class_` and `font_size` become `class` and `font-size`."""
    written = Markup("").join(
        Markup(' {}="{}"').format(
            key.rstrip("_").replace("_", "-"),
            value if isinstance(value, str) else _short(value),
        )
        for key, value in attributes.items()
    )
    if not content:
        return Markup("<{}{}/>").format(tag, written)
    return Markup("<{}{}>{}</{}>").format(tag, written, Markup("").join(content), tag)


def _text(words: str, **attributes: str | float) -> Markup:
    return _tag("text", words, **attributes)


def _group(inside: Iterable[Markup], **attributes: str | float) -> Markup:
    pieces = list(inside)
    return _tag("g", *pieces, **attributes) if pieces else Markup("")


def _label(lines: Sequence[str], x: float, y: float, *, beside: bool) -> list[Markup]:
    """A name in one or two lines: centred on its bar when beside it, downwards when above it."""
    if len(lines) == 1:
        return [_text(lines[0], x=x, y=y)]
    first, pitch = (y - 9, 17) if beside else (y, 19)
    return [_text(line, x=x, y=first + pitch * n) for n, line in enumerate(lines)]


def _wrapped(label: str) -> list[str]:
    """At most two lines; the table below has the whole name."""
    return textwrap.wrap(" ".join(label.split()), 28, max_lines=2, placeholder=" …") or [""]


def _ticks(values: Sequence[float], limit: float | None) -> list[float]:
    """Round steps from 0 to at least the greatest value: 0, 10, 20, 30."""
    most = max([*values, limit or 0, 0])
    if most < 1e-6:
        return [0, 1]
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough))
    # People and completions come whole: no step of 2.5 between 1 and 10.
    factors = (1, 2, 5, 10) if power == 1 else (1, 2, 2.5, 5, 10)
    step = next(factor * power for factor in factors if factor * power >= rough)
    return [step * n for n in range(math.ceil(most / step - 1e-9) + 1)]


def _grid_lines(left: float, scale: float, ticks: Sequence[float], bottom: float) -> list[Markup]:
    lines = "".join(f"M{_short(left + tick * scale)} 26V{_short(bottom)}" for tick in ticks)
    names = [_text(format_number(tick), x=left + tick * scale, y=bottom + 18, class_="m") for tick in ticks]
    return [_tag("path", d=lines, class_="g"), _group(names, text_anchor="middle", font_size=13)]


def _limit_line(x: float, boxes: Sequence[tuple[float, float]], label: str, right: float) -> list[Markup]:
    """A line with a halo of paper; on phones one piece for each bar, so that it never crosses a name."""
    reach = 2 if len(boxes) > 1 else 0
    d = "".join(f"M{_short(x)} {top - reach}v{height + 2 * reach}" for top, height in boxes)
    anchor = "end" if x > right - 50 else "middle"
    return [
        _tag("path", d=d, class_="halo"),
        _tag("path", d=d, class_="lim"),
        _text(label, x=x, y=14, text_anchor=anchor, class_="x"),
    ]


def _piece(look: Look, key: str, **box: float) -> Markup:
    match look:
        case Look.FULL:
            return _tag("rect", **box, rx=3, class_="b")
        case Look.HATCHED:
            return _tag("rect", **box, rx=3, fill=f"url(#{key}-h)", stroke=_ACCENT, stroke_width=1.5)
        case Look.LATE:
            return _tag("rect", **box, rx=3, fill=f"url(#{key}-l)", stroke=_LATE, stroke_width=1.5)
        case Look.EMPTY:
            return _tag("rect", **box, rx=3, fill="none", stroke=_QUIET, stroke_width=1.5)


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    """Lines between neighbours that both exist."""
    parts = []
    for n, place in enumerate(places):
        if place is not None:
            joined = n > 0 and places[n - 1] is not None
            parts.append(f"{'L' if joined else 'M'}{_short(place[0])} {_short(place[1])}")
    return "".join(parts) or "M0 0"


def _place(place: tuple[float, float] | None) -> tuple[float, float]:
    assert place is not None  # noqa: S101 - only known points are asked for
    return place


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
