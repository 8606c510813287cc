"""The tables in the code and the migrations tell the same story, on both databases."""

import importlib

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from elearn.foundation.database import Base
from elearn.foundation.jobs.queue import DBOS_TABLES
from elearn.foundation.schema import newest, revision
from elearn.foundation.web.rendering import SOURCE

for file in sorted(SOURCE.glob("*/*/models.py")):
    importlib.import_module(".".join(("elearn", *file.relative_to(SOURCE).with_suffix("").parts)))


def ours(thing, name, kind, reflected, compare_to):
    foreign = kind == "table" and reflected and compare_to is None
    return not (foreign and (name in DBOS_TABLES or str(name).startswith(("search_index", "alembic"))))


def test_models_and_migrations_do_not_drift(own_database):
    assert revision(own_database) == newest()
    with own_database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        differences = compare_metadata(context, Base.metadata)
    tables = [each for each in differences if not str(each).count("search")]
    assert tables == [], "add a migration: alembic revision --autogenerate"


def test_every_connection_is_durable(own_database):
    with own_database.writer.connect() as connection:
        if own_database.sqlite:
            live = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert live == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
        else:
            assert connection.exec_driver_sql("SHOW fsync").scalar() == "on"
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
