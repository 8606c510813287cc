"""The whole database as text, to compare before with after."""

import sqlalchemy

from elearn.foundation.database import Base

# What reading and being seen may change.
NOT_COUNTED = {"sessions", "sign_in_guesses"}


def contents(session):
    """Every row of every table."""
    session.expire_all()
    return {
        table.name: sorted(str(row) for row in session.execute(sqlalchemy.select(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_COUNTED
    }
