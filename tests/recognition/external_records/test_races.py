"""Two officers who decide the same record at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

from sqlalchemy import select
from tests import academy, world

from elearn.foundation.errors import Conflict
from elearn.people.accounts.queries import actor_for
from elearn.recognition.external_records import actions
from elearn.recognition.external_records.forms import Approval, Refusal
from elearn.recognition.external_records.models import RecordNote
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.wiring import connect


def decided(database, person_id, record, act, wish, now):
    with database.write() as session:
        try:
            act(session, actor_for(session, person_id), record, wish, now)
        except Conflict as refusal:
            return refusal.message
        sleep(0.3)
        session.commit()
        return "decided"


def test_of_two_decisions_at_once_one_holds(own_database, now):
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        record = academy.a_record(session, cast.ani).public_id
        session.commit()
    with ThreadPoolExecutor(2) as pool:
        tries = [
            pool.submit(decided, own_database, cast.citra.id, record, actions.approve, Approval(), now),
            pool.submit(decided, own_database, cast.dewi.id, record, actions.refuse, Refusal(reason="ganda"), now),
        ]
        said = [each.result() for each in tries]
    assert said.count("decided") == 1
    assert any("sudah diputuskan oleh" in each for each in said)
    with own_database.read() as session:
        approved = said[0] == "decided"
        assert session.scalars(select(RecordNote.kind)).all() == ["approved" if approved else "refused"]
        assert len(session.scalars(select(LedgerLine)).all()) == (1 if approved else 0)
