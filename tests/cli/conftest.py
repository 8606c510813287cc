"""The program as a shell runs it, on a database of its own."""

import os
from pathlib import Path

import pytest

from tests import programs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bare(tmp_path):
    """Runs a command where there is no database yet; `settings` are environment variables, None takes one away."""
    data = tmp_path / "data"
    data.mkdir(mode=0o750)
    chosen = {
        "ELEARN_MODE": "demo",
        "ELEARN_SECRET_KEY": "s" * 48,
        "ELEARN_DATA_DIR": str(data),
    }

    def run(*words, **settings):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ELEARN_")}
        wanted = {**kept, **chosen, **settings}
        env = {key: value for key, value in wanted.items() if value is not None}
        ended = programs.run([str(word) for word in words], env)
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended

    return run


@pytest.fixture
def elearn(bare, own_database):
    """Runs a command on a migrated database."""
    url = own_database.url.render_as_string(hide_password=False)
    return lambda *words, **settings: bare(*words, **{"ELEARN_DATABASE_URL": url, **settings})
