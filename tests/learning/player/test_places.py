"""Where a learner goes on, and how much of each module is done. Pure."""

from elearn.learning.player.queries import Step, resume, shares
from elearn.learning.progress.rules import Outlined


def step(number: int, module: int, status: str = "new", *, minutes: int = 10, required: bool = True) -> Step:
    line = Outlined(number, f"a{number}", module, "reading", f"Materi {number}", minutes, required, "read", 0, 0)
    return Step(line, None, f"/belajar/a{number}/bacaan", status)


def test_one_goes_on_where_one_was():
    steps = [step(1, 1, "done"), step(2, 1), step(3, 1, "going")]
    assert resume(steps, 3) == steps[2]


def test_what_was_seen_last_and_is_done_gives_way_to_the_first_that_is_not():
    steps = [step(1, 1, "done"), step(2, 1), step(3, 1, "done")]
    assert resume(steps, 3) == steps[1]


def test_a_course_that_is_done_opens_at_its_beginning_and_an_empty_one_nowhere():
    done = [step(1, 1, "done"), step(2, 1, "done")]
    assert resume(done, 2) == done[0]
    assert resume([], None) is None


def test_a_module_is_as_wide_as_its_required_minutes():
    steps = [step(1, 1, "done", minutes=30), step(2, 1, minutes=10), step(3, 2, minutes=20)]
    assert shares([*steps, step(4, 2, minutes=90, required=False)]) == [(40, 0.75), (20, 0.0)]
