"""The demo's learner has something to remember."""

from datetime import UTC, datetime

import pytest

from elearn import wiring
from elearn.activities.reviews.queries import standing
from elearn.demo import people, reviews
from elearn.foundation.clock import wib_date

pytestmark = pytest.mark.words_alone


def test_three_questions_come_back_to_the_demos_learner(session):
    moment = datetime(2027, 1, 1, 17, 30, tzinfo=UTC)
    wiring.connect()
    people.load_people(session, moment)
    for _twice in range(2):
        reviews.load_reviews(session, moment)
    assert standing(session, people.acting(session, "learner"), wib_date(moment)).left == 3
