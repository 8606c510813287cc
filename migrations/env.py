"""Runs migrations on a given connection, or on the database of the settings."""

import importlib
from logging import getLogger

import sqlalchemy as sa
from alembic import context

from elearn.foundation.database import Base, UTCDateTime, database
from elearn.foundation.jobs.queue import DBOS_TABLES
from elearn.foundation.web.rendering import SOURCE

for file in sorted(SOURCE.glob("*/*/models.py")):
    importlib.import_module(".".join(("elearn", *file.relative_to(SOURCE).with_suffix("").parts)))

getLogger("alembic").setLevel("WARNING")


def ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave alone what is in the database and not in our models: the job library's tables, the search index."""
    if kind in ("table", "index") and reflected and compare_to is None:
        return name not in DBOS_TABLES and not str(name).startswith("search_index")
    return True


def plainly(kind: str, thing: object, _context: object) -> str | bool:
    """Write our own column types as what they are in SQL, since a migration never imports elearn."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return "JSON" if kind == "type" and isinstance(thing, sa.JSON) else False


def run(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_object=ours,
        render_item=plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with database().writer.connect() as connection:
        run(connection)
        connection.commit()
