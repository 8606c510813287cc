"""What the numbers about a question mean, and the words of a reminder. Pure."""

import math
from dataclasses import dataclass
from datetime import date

from elearn.foundation.i18n import N_, _, format_date

# With fewer answers a share is chance.
ENOUGH = 10
# Usual bounds for a question's discrimination (Ebel): from .3 good, below .2 poor, below 0 the key is suspect.
WORDS = ((0.3, N_("Baik"), "ok"), (0.2, N_("Cukup"), ""), (0.0, N_("Lemah"), "w"), (-1.1, N_("Periksa kuncinya"), "x"))


@dataclass(frozen=True)
class Item:
    """How a question did: `share` of its points that were won (0 to 1), and how well it tells strong from weak.

    `discrimination` is the correlation of its points with the score of the whole attempt, -1 to 1; None where it
    cannot be told, as when everybody was right.
    """

    answers: int
    share: float
    discrimination: float | None

    @property
    def known(self) -> bool:
        return self.answers >= ENOUGH

    @property
    def word(self) -> tuple[str, str]:
        """Word and colour of the discrimination."""
        if not self.known or self.discrimination is None:
            return "", ""
        found = self.discrimination
        return next((_(word), kind) for least, word, kind in WORDS if found >= least)


def item(n: int, points: float, points_squared: float, score: float, score_squared: float, product: float) -> Item:
    """From the sums over all answers: of the points (0 to 1), of the attempts' scores, and of their products."""
    spread = (n * points_squared - points**2) * (n * score_squared - score**2)
    told = spread > 1e-9
    return Item(n, points / n if n else 0.0, (n * product - points * score) / math.sqrt(spread) if told else None)


def reminder(title: str, address: str, due_on: date | None) -> str:
    """A message to one person or a group; it names nobody, so that nobody is shown up."""
    due = _(" Tenggatnya %(day)s.", day=format_date(due_on)) if due_on else ""
    return _(
        "Yth. Bapak/Ibu,\n\nPelatihan “%(title)s” belum Anda selesaikan.%(due)s\n"
        "Lanjutkan dari tempat terakhir di %(address)s\n\nAda kendala? Balas pesan ini.",
        title=title,
        due=due,
        address=address,
    )
