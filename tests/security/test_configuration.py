"""W9: an unsafe configuration does not serve, and says what to do."""

import os
from pathlib import Path

import psycopg
import pytest
import yaml

from elearn.foundation.ids import new_id
from tests import databases, programs

COMPOSE = Path(__file__).parents[2] / "docker-compose.yml"
SOUND = {
    "ELEARN_MODE": "production",
    "ELEARN_SECRET_KEY": "s" * 48,
    "ELEARN_BASE_URL": "https://belajar.example",
    "ELEARN_SECOND_FACTOR": "admins",
}


def serve(folder, changes, verb="serve", mode=0o750):
    folder.chmod(mode)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ELEARN_")}
    wanted = {**kept, **SOUND, "ELEARN_DATA_DIR": str(folder), "PORT": "0", **changes}
    env = {key: value for key, value in wanted.items() if value is not None}
    return programs.run([verb], env)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ELEARN_SECRET_KEY": None}, "ELEARN_SECRET_KEY"),
        ({"ELEARN_SECRET_KEY": "short"}, "ELEARN_SECRET_KEY"),
        ({"ELEARN_BASE_URL": "http://belajar.example"}, "ELEARN_BASE_URL"),
        ({"ELEARN_SECOND_FACTOR": "off"}, "ELEARN_SECOND_FACTOR"),
        ({"ELEARN_WORKERS": "2"}, "ELEARN_WORKERS"),
        ({"ELEARN_WORKERS": "many"}, "ELEARN_WORKERS"),
        ({}, "elearn migrate"),
    ],
)
def test_what_is_unsafe_is_named_and_nothing_is_served(tmp_path, changes, told):
    ended = serve(tmp_path, changes)
    assert ended.returncode == 1, ended.stderr
    assert told.lower() in ended.stderr.lower()
    assert "Traceback" not in ended.stderr


def test_a_data_folder_open_to_everybody_is_refused(tmp_path):
    ended = serve(tmp_path, {}, mode=0o755)
    assert ended.returncode == 1
    assert "chmod" in ended.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"ELEARN_SECRET_KEY": None}, "ELEARN_SECRET_KEY"), ({"ELEARN_BASE_URL": "http://x"}, "https"), ({}, "migrate")],
)
def test_the_worker_is_as_careful_as_the_server(tmp_path, changes, told):
    """W9: on PostgreSQL the worker refuses what the server refuses."""
    url = databases._server()
    with psycopg.connect(url, autocommit=True) as connection:
        name = f"empty_{new_id()}"
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        ended = serve(tmp_path, {"ELEARN_DATABASE_URL": databases._url(name), **changes}, "worker")
    finally:
        databases.drop(databases._url(name))
    assert ended.returncode == 1, ended.stderr
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_worker_says_that_sqlite_needs_none(tmp_path):
    ended = serve(tmp_path, {}, "worker")
    assert ended.returncode == 1
    assert "SQLite" in ended.stderr


def test_the_compose_file_holds_no_secret():
    """W9: passwords, keys and the public name come from outside, and each start without them is refused."""
    text = COMPOSE.read_text()
    services = yaml.safe_load(text)["services"]
    assert {"app", "worker", "migrate", "postgres", "caddy"} == set(services)
    for name in ("ELEARN_SECRET_KEY", "POSTGRES_PASSWORD", "ELEARN_DOMAIN"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
        assert f"${{{name}}}" not in text
    for service in services.values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key or "SECRET" in key:
                assert str(value).startswith("${"), key
