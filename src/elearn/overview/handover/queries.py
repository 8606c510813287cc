"""What the page tells of the records before anything leaves."""

from dataclasses import dataclass
from datetime import date

from elearn.overview.exports.rules import Size
from elearn.people.access.actor import Actor
from elearn.standards.siasn.queries import Sessions, Wanted, entries
from elearn.standards.siasn.rules import Judged, Tally, judged

SHOWN = 100
# A page judges so many lines in less than a second; more are judged by the job, or unit by unit.
MOST_JUDGED = 10_000


@dataclass(frozen=True)
class Summary:
    """How many records of each outcome, and the first of those that need a hand."""

    tally: Tally
    refused: list[Judged]
    changed: list[Judged]
    refused_people: int

    @property
    def leaving(self) -> Size:
        """How much the bundle tells."""
        return Size(self.tally.leaving, len(self.tally.people))

    @property
    def waiting(self) -> Size:
        """How much the file of refused records tells."""
        return Size(self.tally.refused, self.refused_people)


def summary(sessions: Sessions, actor: Actor, wanted: Wanted, today: date) -> Summary:
    """Judge every record; only the first of each sort are kept in memory."""
    tally, refused, changed = Tally(), list[Judged](), list[Judged]()
    people = set[int]()
    for each in judged(entries(sessions, actor, wanted), today):
        tally.count(each)
        if each.outcome == "refused":
            people.add(each.entry.person_id)
            if len(refused) < SHOWN:
                refused.append(each)
        elif each.outcome in ("replacement", "deletion") and len(changed) < SHOWN:
            changed.append(each)
    return Summary(tally, refused, changed, len(people))
