"""The doctor names what is wrong and how to mend it."""

import socket
import threading

import pytest

from elearn.foundation.database import Database


def lines(ended):
    """What was said of each thing: ok or problem."""
    return {line.split()[1]: line.split()[0] for line in ended.stdout.splitlines() if not line.startswith(" ")}


def test_a_sound_installation_is_told_line_by_line(elearn, own_database):
    ended = elearn("doctor")
    assert ended.returncode == 0, ended.stdout
    engine = "sqlite" if own_database.sqlite else "postgresql"
    assert set(lines(ended)) == {
        "settings",
        "secrets",
        "badges",
        engine,
        "database",
        "storage",
        "mail",
        "disk",
        "assets",
    }
    assert set(lines(ended).values()) == {"ok"}


def test_a_database_that_does_not_answer_is_a_problem(bare):
    ended = bare("doctor", ELEARN_DATABASE_URL="postgresql+psycopg://elearn:hush@127.0.0.1:1/elearn")
    assert ended.returncode == 1
    assert lines(ended)["database"] == "problem"
    assert "hush" not in ended.stdout
    assert "ELEARN_DATABASE_URL" in ended.stdout


def test_an_address_that_is_none_is_a_problem(bare):
    ended = bare("doctor", ELEARN_DATABASE_URL="nonsense")
    assert (ended.returncode, lines(ended)["database"]) == (1, "problem")


def test_a_database_that_was_never_made_is_a_problem_and_is_not_made(bare, tmp_path):
    ended = bare("doctor", ELEARN_DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    assert ended.returncode == 1
    assert "elearn migrate" in ended.stdout
    assert not (tmp_path / "none.db").exists()


def test_an_old_schema_is_a_problem(bare, tmp_path):
    empty = Database(f"sqlite:///{tmp_path}/old.db")
    with empty.writer.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
        connection.commit()
    empty.close()
    ended = bare("doctor", ELEARN_DATABASE_URL=f"sqlite:///{tmp_path}/old.db")
    assert (ended.returncode, lines(ended)["database"]) == (1, "problem")
    assert "elearn migrate" in ended.stdout


def test_a_schema_from_the_future_is_a_problem(elearn, own_database):
    with own_database.writer.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffffffff'")
        connection.commit()
    ended = elearn("doctor")
    assert ended.returncode == 1
    assert "newer than this program" in ended.stdout


@pytest.mark.parametrize(
    ("settings", "what", "mend"),
    [
        ({"ELEARN_MODE": "production", "ELEARN_SECRET_KEY": "short"}, "secrets", "token_urlsafe"),
        ({"ELEARN_MODE": "production", "ELEARN_BASE_URL": "http://x"}, "settings", "https://"),
        ({"ELEARN_BADGE_KEY": "/nowhere/badge.pem"}, "badges", "ELEARN_BADGE_KEY"),
        ({"ELEARN_WORKERS": "many"}, "settings", "ELEARN_WORKERS"),
        ({"ELEARN_STORAGE_URL": "ftp://x"}, "storage", "ELEARN_STORAGE_URL"),
        ({"ELEARN_DATA_DIR": "/proc/nowhere"}, "storage", "ELEARN_DATA_DIR"),
        ({"ELEARN_SMTP_HOST": "127.0.0.1", "ELEARN_SMTP_PORT": "1"}, "mail", "ELEARN_SMTP_HOST"),
    ],
)
def test_each_problem_has_its_remedy(bare, settings, what, mend):
    ended = bare("doctor", **settings)
    assert ended.returncode == 1
    assert lines(ended)[what] == "problem", ended.stdout
    assert mend in ended.stdout


@pytest.fixture
def mail_server():
    """Answers each line of a mail client with yes."""
    listening = socket.create_server(("127.0.0.1", 0))
    said = []

    def answer():
        talking, _address = listening.accept()
        with talking, talking.makefile("rw", newline="\r\n") as line:
            print("220 here", file=line, flush=True)
            for word in line:
                said.append(word.strip())
                print("221 bye" if word.startswith("QUIT") else "250 yes", file=line, flush=True)

    threading.Thread(target=answer, daemon=True).start()
    yield listening.getsockname()[1], said
    listening.close()


def test_the_mail_server_is_asked_and_gets_no_mail(bare, mail_server):
    port, said = mail_server
    ended = bare("doctor", ELEARN_SMTP_HOST="127.0.0.1", ELEARN_SMTP_PORT=str(port), ELEARN_SMTP_TLS="none")
    assert lines(ended)["mail"] == "ok", ended.stdout
    assert any(word.startswith("ehlo") for word in said)
    assert not any(word.startswith("mail") for word in said)
