from datetime import timedelta

import pytest

from elearn.foundation.jobs.models import Job
from elearn.overview.work.rules import time_left
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("done", "total", "gone", "words"),
    [
        (0, 100, 10, ""),
        (50, 100, 0, ""),
        (100, 100, 10, ""),
        (62, 100, 31, "kira-kira 20 detik lagi"),
        (99, 100, 10, "kira-kira 5 detik lagi"),
        (10, 100, 20, "kira-kira 3 menit lagi"),
        (1, 1000, 20, "kira-kira 6 jam lagi"),
    ],
)
def test_the_time_left_is_round(done, total, gone, words):
    assert time_left(Job(done=done, total=total, started_at=NOW), NOW + timedelta(seconds=gone)) == words
