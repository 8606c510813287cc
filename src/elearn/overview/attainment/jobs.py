"""Work of attainment: counting beforehand where there are so many people that no page could."""

from elearn.foundation.clock import wib_date
from elearn.foundation.jobs.progress import Progress
from elearn.overview.attainment.actions import count_beforehand, count_months_beforehand
from elearn.people.access.actor import Actor

YEARS = 3


def count_attainment(progress: Progress) -> None:
    """Count this year and the two before it, then the months, each in a transaction of its own."""
    actor, this_year = Actor.system("hitungan capaian"), wib_date(progress.now()).year
    for year in range(this_year, this_year - YEARS, -1):
        with progress.session() as session:
            count_beforehand(session, actor, year, progress.now())
    with progress.session() as session:
        count_months_beforehand(session, actor, progress.now())
