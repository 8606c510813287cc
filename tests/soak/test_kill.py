"""The kill test can fail: what it compares tells each kind of loss."""

from tests.soak.kill import Place, Saved, losses

HERE = Place("percobaan", 1)


def test_an_answer_that_is_stored_as_acknowledged_is_no_loss():
    assert losses({HERE: Saved(2, "7")}, {HERE: Saved(2, "7")}) == []


def test_a_later_answer_that_nobody_acknowledged_is_no_loss():
    assert losses({HERE: Saved(2, "7")}, {HERE: Saved(3, "8")}) == []


def test_a_missing_an_older_and_another_answer_are_losses():
    known = {HERE: Saved(2, "7")}
    for stored in ({}, {HERE: Saved(1, "7")}, {HERE: Saved(2, "8")}):
        assert len(losses(known, stored)) == 1
