from collections.abc import Iterator

import pytest
from sqlalchemy import text

from elearn.foundation.database import Database
from elearn.foundation.jobs import registry, worker
from tests.foundation.jobs import counting


@pytest.fixture
def base(own_database: Database) -> Iterator[Database]:
    """A database with a table `counted`, in which jobs leave a row per step; no schedules but the test's own."""
    with own_database.write() as session, session.begin():
        session.execute(text("CREATE TABLE counted (n INTEGER NOT NULL)"))
    functions, schedules = dict(registry._functions), dict(registry._schedules)
    registry._schedules.clear()
    counting.register_all()
    yield own_database
    worker.stop()
    registry._functions.clear()
    registry._functions.update(functions)
    registry._schedules.clear()
    registry._schedules.update(schedules)
