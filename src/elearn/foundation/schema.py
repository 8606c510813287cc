"""The database's schema: bring it up to date, and tell whether it is. A separate step, never done while serving."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from elearn.foundation.database import Database
from elearn.foundation.jobs.queue import create_tables
from elearn.foundation.web.rendering import SOURCE

# In a wheel the migrations lie inside the package, in a work tree beside src/.
_INSIDE = SOURCE / "migrations"
MIGRATIONS = _INSIDE if _INSIDE.exists() else SOURCE.parents[1] / "migrations"


def upgrade(database: Database) -> None:
    """Run every migration that is still missing, and make the job queue's own tables. Safe to repeat."""
    config = _config()
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    create_tables(database.url.render_as_string(hide_password=False))


def revision(database: Database) -> str | None:
    """The schema revision that the database has; None when it is empty."""
    with database.reader.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The schema revision that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def knows(revision: str) -> bool:
    """Whether this program has the migrations that lead to a revision."""
    return revision in {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def create_at(connection: Connection, revision: str) -> None:
    """Make the schema of an older revision in an empty database, in the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
