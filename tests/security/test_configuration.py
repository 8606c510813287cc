"""W9: an unsafe configuration does not serve, and says what to do."""

import os
import subprocess
import sys

import pytest

SOUND = {
    "ELEARN_MODE": "production",
    "ELEARN_SECRET_KEY": "s" * 48,
    "ELEARN_BASE_URL": "https://belajar.example",
    "ELEARN_SECOND_FACTOR": "admins",
}


def serve(folder, changes):
    folder.chmod(0o750)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ELEARN_")}
    wanted = {**kept, **SOUND, "ELEARN_DATA_DIR": str(folder), "PORT": "0", **changes}
    env = {key: value for key, value in wanted.items() if value is not None}
    command = [sys.executable, "-c", "from elearn.cli import main; main()", "serve"]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


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
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ELEARN_")}
    command = [sys.executable, "-c", "from elearn.cli import main; main()", "serve"]
    env = {**kept, **SOUND, "ELEARN_DATA_DIR": str(data)}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "chmod" in ended.stderr
