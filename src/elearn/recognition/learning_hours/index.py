"""The competency part of IP ASN (indeks profesionalitas), as an estimate. Pure.

Source: Permenpan RB 38/2018 and BKN Regulation 8/2019: at most 40 points, shared out by the kind of position. BKN
changes details by yearly letters and reckons the official value itself, so what is told here is called an estimate.
"""

from dataclasses import dataclass

# What counts like a seminar; the rest of the forms count as technical training where their competency is technical.
SEMINARS = ("KL06", "KL07", "KL08", "KL11", "NKL12")
LEADERSHIP, FUNCTIONAL = "KL01", "KL04"
FULL_JP = 20
MOST = 40.0


@dataclass(frozen=True)
class Learned:
    """What the index looks at: recognised technical JP of the last year, and what was done at all.

    `seminars` are those of the last two years.
    """

    technical_jp: int
    seminars: int
    leadership: bool
    functional: bool


@dataclass(frozen=True)
class Part:
    """Points of one part of the index, of at most so many; `lacking` JP where they count in proportion."""

    name: str
    points: float
    most: float
    lacking: int = 0


def competency_index(position_kind: str, learned: Learned) -> list[Part]:
    """The parts of the index for a kind of position (struktural, fungsional, rangkap or pelaksana), 40 points together.

    Technical training counts by 20 JP a year, in proportion; the others wholly or not at all.
    """
    jp = min(FULL_JP, max(0, learned.technical_jp))
    most, seminar = (22.5, 17.5) if position_kind == "pelaksana" else (15.0, 10.0)
    shared = [
        Part("teknis", round(jp / FULL_JP * most, 1), most, FULL_JP - jp),
        Part("seminar", seminar if learned.seminars else 0.0, seminar),
    ]
    if position_kind == "pelaksana":
        return shared
    own = ("fungsional", learned.functional) if position_kind == "fungsional" else ("kepemimpinan", learned.leadership)
    return [Part(own[0], 15.0 if own[1] else 0.0, 15.0), *shared]


def total(parts: list[Part]) -> float:
    """Points together."""
    return round(sum(part.points for part in parts), 1)
