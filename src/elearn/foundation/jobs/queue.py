"""The queue: DBOS's tables in our database, written in the caller's own transaction."""

import json
import logging
from functools import lru_cache
from typing import Any

from dbos import DBOS, DBOSClient, Serializer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from elearn.foundation.ids import new_id
from elearn.foundation.jobs.models import Job

# On SQLite these stand beside our own tables; no table of ours may bear such a name, and migrations ignore them.
# On PostgreSQL they are in a schema of their own, "dbos".
DBOS_TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)

APPLICATION = "elearn"
QUEUE = "elearn"
WORKFLOW = "elearn.run_job"


class JsonSerializer(Serializer):
    """What the queue keeps, as JSON instead of the library's default, pickle."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=str)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "elearn_json"


def quieten() -> None:
    """Leave DBOS's warnings to our own log, and nothing on the console."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        # Finding a handler, DBOS adds none of its own.
        log.addHandler(logging.NullHandler())
    log.setLevel(logging.WARNING)


def create_tables(url: str) -> None:
    """Create or update the queue's tables in this database. Part of `elearn migrate`."""
    quieten()
    DBOS.migrate(url)


def put_in_queue(session: Session, job: Job) -> None:
    """Let a worker find the job as soon as the caller's transaction commits. More than once does no harm."""
    _client(session.get_bind().engine).enqueue_in_transaction(
        session,
        {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": f"{job.public_id}.{new_id()}",
        },
        job.public_id,
    )


@lru_cache(maxsize=8)
def _client(engine: Engine) -> DBOSClient:
    quieten()
    return DBOSClient(
        system_database_engine=engine,
        serializer=JsonSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )
