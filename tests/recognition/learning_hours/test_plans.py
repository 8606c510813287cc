"""An account costs the same however many others there are."""

import pytest
from sqlalchemy import event

from elearn.foundation.clock import utc_now, wib_date
from elearn.recognition.learning_hours.queries import my_account, yearly_jp


@pytest.mark.words_alone
def test_an_account_is_summed_from_its_own_lines_alone(session, database, ani):
    seen = []
    note = lambda *given: seen.append((given[2], given[3]))  # noqa: E731
    event.listen(database.connection, "before_cursor_execute", note)
    today = wib_date(utc_now())
    yearly_jp(session, ani.actor, today.year, today)
    my_account(session, ani.actor, today.year, today)
    event.remove(database.connection, "before_cursor_execute", note)
    plans = [
        row[3]
        for statement, given in seen
        if "ledger_lines" in statement
        for row in database.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
    ]
    read = [step for step in plans if "ledger_lines" in step]
    assert len(read) > 3
    assert all("person_id=?" in step or "PRIMARY KEY" in step for step in read), read
