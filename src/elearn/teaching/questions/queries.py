"""Questions about banks and what stands in them; whoever asks has checked the right to the bank's course."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from elearn.teaching.questions.drafts import Difficulty, QuestionDraft, from_body
from elearn.teaching.questions.models import Question, QuestionVersion


def newest() -> Select[QuestionVersion]:
    """The current wording of every question, each with its question, retired ones too."""
    return (
        select(QuestionVersion)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.current == QuestionVersion.number))
        .options(contains_eager(QuestionVersion.question))
    )


def standing_in(session: Session, bank_ids: Collection[int]) -> Sequence[QuestionVersion]:
    """The current wording of the questions that stand in these banks, in order."""
    wanted = newest().where(Question.bank_id.in_(bank_ids), Question.retired_at.is_(None))
    return session.scalars(wanted.order_by(Question.bank_id, Question.position, Question.id)).all()


def topic_counts(session: Session, bank_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """How many questions stand in each topic of these banks; those of topics below it are not in a topic's number."""
    rows = session.execute(
        select(Question.bank_id, Question.topic, func.count())
        .where(Question.bank_id.in_(bank_ids), Question.retired_at.is_(None))
        .group_by(Question.bank_id, Question.topic)
    )
    return {(bank_id, topic): count for bank_id, topic, count in rows}


def authored(version: QuestionVersion) -> QuestionDraft:
    """The question as its author wrote it, with key, topic and difficulty."""
    question = version.question
    draft = from_body(version.kind, version.stem, version.body, basis=version.basis, weight=version.weight)
    return replace(draft, key=question.key, topic=question.topic, difficulty=Difficulty(question.difficulty))
