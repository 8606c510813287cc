"""Short handlers take turns on SQLite, and none holds its turn while it waits for a connection."""

import threading

import pytest

from elearn.foundation.database import Database
from elearn.foundation.settings import settings
from elearn.foundation.turns import give_way, quick
from tests import databases

pytestmark = pytest.mark.skipif("sqlite" not in databases.KINDS, reason="turns are for SQLite")


def at_once(*works):
    """Run all in threads of their own; True if all ended."""
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return not any(thread.is_alive() for thread in threads)


@pytest.fixture
def own():
    url = databases.fresh_url("sqlite")
    made = Database(url)
    yield made
    made.close()
    databases.drop(url)


def test_short_handlers_run_one_after_the_other():
    assert settings().sqlite, "the suite's own settings name no PostgreSQL"
    inside, most = [], []

    @quick
    def handler(n):
        inside.append(n)
        most.append(len(inside))
        threading.Event().wait(0.01)
        inside.remove(n)

    assert at_once(*(lambda n=n: handler(n) for n in range(8)))
    assert most == [1] * 8


def test_a_turn_ends_with_a_refusal():
    @quick
    def refuses():
        raise ZeroDivisionError

    @quick
    def answers():
        return "ya"

    with pytest.raises(ZeroDivisionError):
        refuses()
    assert at_once(answers)
    assert answers() == "ya"


def test_who_waits_for_the_writing_connection_keeps_nobody_from_reading(own):
    """The connection is in the hands of one who takes no turn, such as a job, until somebody has read."""
    read, waits = threading.Event(), threading.Event()

    def long_work():
        with own.write() as session:
            session.connection()
            waits.set()
            assert read.wait(10)

    @quick
    def writes():
        with own.write() as session:
            session.connection()

    @quick
    def reads():
        with own.read() as session:
            session.connection()
        read.set()

    def in_this_order():
        assert waits.wait(10)
        writer = threading.Thread(target=writes, daemon=True)
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
        reads()
        writer.join(10)

    assert at_once(long_work, in_this_order)
    assert read.is_set()


def test_many_writers_in_turns_end_although_connections_change_hands(own):
    """Each holds the one writing connection beyond its turn, as a request does that commits afterwards."""

    @quick
    def writes(session):
        session.connection()

    def in_a_row():
        for _ in range(25):
            with own.write() as session:
                writes(session)

    assert at_once(*[in_a_row] * 8)


def test_long_work_waits_for_the_handlers_at_hand_but_not_for_ever(monkeypatch):
    monkeypatch.setattr("elearn.foundation.turns.LONGEST_WAY", 5)
    entered, leave, order = threading.Event(), threading.Event(), []

    @quick
    def handler():
        entered.set()
        leave.wait(5)
        order.append("handler")

    def long_work():
        entered.wait(5)
        give_way()
        order.append("job")

    def lets_go():
        entered.wait(5)
        leave.wait(0.05)
        leave.set()

    assert at_once(handler, long_work, lets_go)
    assert order == ["handler", "job"]
    # Where handlers never end, the job gets on all the same.
    monkeypatch.setattr("elearn.foundation.turns.LONGEST_WAY", 0.01)
    entered.clear()
    leave.clear()
    assert at_once(handler, lambda: (entered.wait(5), give_way(), order.append("job"), leave.set()))
    assert order[2:] == ["job", "handler"]
