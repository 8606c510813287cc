"""What was measured, with the targets of this product beside it: a table to read and a file for programs."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Target:
    """A limit on a value or, with `of_reference`, on its ratio to REF in the same run."""

    must: float | None
    strive: float | None
    unit: str = ""
    at_least: bool = False
    of_reference: bool = False

    def words(self, limit: float | None) -> str:
        if limit is None:
            return ""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {limit:g} × REF" if self.of_reference else f"{sign} {limit:g} {self.unit}".strip()

    def met(self, value: float, ratio: float | None) -> bool | None:
        measured = ratio if self.of_reference else value
        if measured is None or self.must is None:
            return None
        return measured >= self.must if self.at_least else measured <= self.must


NONE = Target(None, None)


@dataclass(frozen=True)
class Result:
    """One line."""

    measure: str
    database: str
    value: float
    unit: str
    ref_ratio: float | None
    must: str
    strive: str


class Results:
    """All lines of a run, in order."""

    def __init__(self) -> None:
        self.lines: list[Result] = []
        self.missed: list[str] = []

    def add(
        self, measure: str, database: str, value: float, unit: str, target: Target = NONE, ratio: float | None = None
    ) -> None:
        """Note a value; `unit` of the target is that of the value."""
        target = Target(target.must, target.strive, unit, target.at_least, target.of_reference)
        rounded = None if ratio is None else round(ratio, 2)
        must, strive = target.words(target.must), target.words(target.strive)
        line = Result(measure, database, round(value, 2), unit, rounded, must, strive)
        self.lines.append(line)
        if target.met(value, ratio) is False:
            self.missed.append(f"{database}: {measure}")
        print(_row(line, target.met(value, ratio)), flush=True)

    def write(self, file: Path = FILE) -> None:
        file.write_text(json.dumps([asdict(line) for line in self.lines], ensure_ascii=False, indent=1) + "\n")


HEAD = f"{'measure':56} {'database':10} {'value':>10} {'unit':8} {'ref_ratio':>9}  {'must':14} {'strive':14}"


def _row(line: Result, met: bool | None) -> str:
    ratio = "" if line.ref_ratio is None else f"{line.ref_ratio:.2f}"
    verdict = {True: "met", False: "MISSED", None: ""}[met]
    return (
        f"{line.measure:56} {line.database:10} {line.value:>10,.2f} {line.unit:8} {ratio:>9}  "
        f"{line.must:14} {line.strive:14} {verdict}"
    )
