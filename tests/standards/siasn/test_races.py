"""Two officers who ask for a bundle at the same moment: one gets it, the other is told to wait."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

from sqlalchemy import select

from elearn.foundation.errors import Conflict
from elearn.standards.siasn.actions import begin_bundle
from elearn.standards.siasn.models import SiasnBundle
from elearn.standards.siasn.queries import Wanted
from tests import world
from tests.standards.siasn.ledger import SYSTEM


def begun(database, now):
    with database.write() as session:
        try:
            begin_bundle(session, SYSTEM, Wanted(2026), now)
        except Conflict:
            return "waits"
        # Long enough for the other one to have looked, if nothing made it wait.
        sleep(0.3)
        session.commit()
        return "makes"


def test_two_bundles_begun_at_once_are_one(own_database, now):
    with own_database.write() as session:
        world.cast(session)
        session.commit()
    with ThreadPoolExecutor(2) as pool:
        answers = [done.result() for done in [pool.submit(begun, own_database, now) for _officer in range(2)]]
    assert sorted(answers) == ["makes", "waits"]
    with own_database.read() as session:
        assert [bundle.state for bundle in session.scalars(select(SiasnBundle))] == ["making"]
