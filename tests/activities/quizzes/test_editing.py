"""Several authors, or one who clicks twice, at once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from elearn.activities.quizzes import editing
from elearn.activities.quizzes.models import Quiz
from elearn.people.accounts.queries import actor_for
from elearn.teaching.banks.actions import add_question
from elearn.teaching.courses.queries import taught_activity
from elearn.teaching.questions.drafts import Kind, QuestionDraft
from elearn.teaching.questions.models import Question, QuestionBank
from tests import world


def test_first_questions_at_once_stand_in_one_bank_in_an_order(own_database, now):
    with own_database.write() as session:
        budi = world.cast(session).budi
        course = world.a_course(session, by=budi, state="draft")
        quiz = world.an_activity(session, world.a_module(session, course), "quiz", "Kuis Baru").public_id
        budi_id = budi.id
        session.commit()

    def write(n):
        with own_database.write() as session:
            actor = actor_for(session, budi_id)
            bank = editing.own_bank(session, actor, taught_activity(session, actor, quiz, "quiz"), now)
            draft = QuestionDraft(Kind.TRUE_FALSE, f"Pernyataan {n}", truth=True)
            add_question(session, actor, bank, draft, now)
            session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with own_database.read() as session:
        bank = session.scalars(select(QuestionBank)).one()
        assert session.scalars(select(Quiz)).one().draws == [{"bank": bank.id, "all": True}]
        assert sorted(session.scalars(select(Question.position))) == list(range(1, 9))
