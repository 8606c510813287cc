"""D2: what was acknowledged is on the disk: each connection has the settings that promise it."""

from contextlib import ExitStack

from sqlalchemy import text


def test_each_connection_promises_what_it_has_acknowledged(own_database):
    """D2."""
    with ExitStack() as opened:
        sessions = [opened.enter_context(own_database.read()) for _ in range(4)]
        sessions.append(opened.enter_context(own_database.write()))
        for session in sessions:
            if session.get_bind().dialect.name == "sqlite":
                ask = [
                    session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
                ]
                assert ask == ["wal", 2, 1]
                assert session.scalar(text("PRAGMA busy_timeout")) >= 10_000
            else:
                assert session.scalar(text("SHOW fsync")) == "on"
                assert session.scalar(text("SHOW synchronous_commit")) == "on"
