"""Verbs of reviews. An answer is written once; what comes back when is decided here and nowhere else."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from elearn.activities.quizzes.queries import draft_of
from elearn.activities.reviews import queries
from elearn.activities.reviews.models import Review, ReviewAnswer
from elearn.activities.reviews.rules import NotAskedNow, check_day, first_day, next_day
from elearn.foundation.clock import wib_date
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.ids import new_id
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.models import Person
from elearn.teaching.questions.grading import clean_answer, score


def begin(session: Session, actor: Actor, now: datetime) -> str | None:
    """Plan what is asked for the first time from today on; gives the public id of today's next review, if any.

    Beginning again changes nothing.
    """
    actor.must(Permission.LEARN)
    _one_after_the_other(session, actor)
    today = wib_date(now)
    planned = [
        {
            "public_id": new_id(16),
            "person_id": actor.me(),
            "enrolment_id": row.enrolment_id,
            "attempt_id": row.attempt_id,
            "version_id": row.version_id,
            "seed": secrets.token_hex(16),
            "asked": 0,
            "gap": 0,
            "due_on": first_day(wib_date(row.completed_at)),
        }
        for row in queries.unplanned(session, actor, today)
    ]
    if planned:
        session.execute(insert(Review), planned)
    return queries.next_review(session, actor, today)


def answer(
    session: Session, actor: Actor, public_id: str, number: int, raw: Any, now: datetime, *, forgotten: bool = False
) -> ReviewAnswer:
    """Keep the answer to a review of the actor's, mark it and plan the next time.

    `number` says which time of asking the learner has seen: the same one sent again, whatever it says, changes nothing
    and gives the answer that was kept. `forgotten` answers that one does not remember, which counts as not right.
    Raises NotFound, NotAskedNow, Invalid.
    """
    actor.must(Permission.LEARN)
    _one_after_the_other(session, actor)
    review = queries.review_of(session, actor, public_id, lock=True)
    if given := queries.answer_to(session, review, number):
        return given
    today = wib_date(now)
    if number != review.asked + 1 or review.due_on is None or review.due_on > today:
        raise NotAskedNow(_("Soal ini tidak sedang ditanyakan. Lanjutkan dari halaman Latihan ulang."))
    if not queries.may_be_asked(session, review, today):
        raise NotAskedNow(_("Soal ini sudah tidak dipakai. Lanjutkan dengan soal berikutnya."))
    place = queries.given_today(session, actor, today)
    check_day(place)
    draft, seed = draft_of(queries.wording_of(session, review)), queries.seed_of(review, number)
    kept = None if forgotten else clean_answer(draft, seed, raw)
    if kept is None and not forgotten:
        raise Invalid(_("Pilih atau isi jawaban dahulu. Kalau lupa, tekan Saya lupa."))
    # Half right is not remembered yet.
    right = score(draft, seed, kept) >= 1
    review.gap, review.due_on = next_day(review.gap, right, today)
    review.asked = number
    written = ReviewAnswer(
        review_id=review.id,
        person_id=actor.me(),
        version_id=review.version_id,
        number=number,
        place=place + 1,
        answer=kept,
        right=right,
        answered_at=now,
        answered_on=today,
        due_on=review.due_on,
    )
    session.add(written)
    session.flush()
    return written


def _one_after_the_other(session: Session, actor: Actor) -> None:
    """Let what one person does in two windows happen one after the other, so that a day has no more than three."""
    session.execute(select(Person.id).where(Person.id == actor.me()).with_for_update(key_share=True))
