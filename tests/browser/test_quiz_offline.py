"""Q10: the network goes in the middle of a quiz and comes back later."""

import pytest
from playwright.sync_api import Error
from sqlalchemy import select

from elearn.activities.quizzes.models import AttemptQuestion
from tests import databases, world
from tests.browser.ways import answer, begin_quiz, give, nothing_waits

TEN = "\n\n".join(f"? Berapa {n} + {n}?\nid: soal-{n}\nangka: {2 * n}\ntoleransi: 0" for n in range(1, 11))
AT_HAND = "Object.keys(sessionStorage).some((key) => key.startsWith('questions:'))"


@pytest.fixture
def base(server):
    database = databases.Database(server.environment["ELEARN_DATABASE_URL"])
    yield database
    database.close()


@pytest.fixture
def page(server, base, chromium):
    """The first of ten questions, in a tab that has the others at hand; none of them was opened."""
    with base.write() as session:
        course = session.scalars(select(world.Course)).one()
        bank = world.a_bank(session, course, TEN, "sepuluh")
        session.scalars(select(world.Quiz)).one().draws = [{"bank": bank.id, "all": True}]
        session.commit()
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    begin_quiz(page, server)
    for _ in range(100):
        if page.evaluate(AT_HAND):
            break
        page.wait_for_timeout(100)
    yield page
    context.close()


def go_on(page):
    page.get_by_role("button", name="Berikutnya").click()


def answer_ten(page):
    """Ten different answers, each told as kept here; gives them by position."""
    for n in range(1, 11):
        page.get_by_role("heading", name=f"Soal {n} dari 10").wait_for()
        give(page, str(100 + n))
        page.get_by_text("Tersimpan di HP ini").first.wait_for()
        page.get_by_text(f"{n} jawaban aman di HP ini").wait_for()
        if n < 10:
            go_on(page)
    return {n: {"number": str(100 + n)} for n in range(1, 11)}


def saved(base):
    """What the server has, by position, in the order in which it came."""
    with base.read() as session:
        rows = session.scalars(
            select(AttemptQuestion)
            .where(AttemptQuestion.answer.is_not(None))
            .order_by(AttemptQuestion.answered_at, AttemptQuestion.id)
        )
        return {row.position: row.answer for row in rows}


def test_ten_questions_are_answered_without_a_network_and_saved_in_order_on_return(page, base):
    page.context.set_offline(True)
    given = answer_ten(page)
    assert saved(base) == {}
    page.context.set_offline(False)
    nothing_waits(page)
    assert list(saved(base).items()) == list(given.items())
    page.get_by_role("button", name="Periksa jawaban").click()
    page.get_by_text("Semua soal sudah terjawab").wait_for()


def test_answers_outlive_a_reload_without_a_network(page, base):
    page.context.set_offline(True)
    given, address = answer_ten(page), page.url.split("?")[0]
    with pytest.raises(Error, match="INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(f"{address}?soal=4")
    assert page.locator("main [name=answer]").input_value() == "104"
    nothing_waits(page)
    assert saved(base) == given


def test_going_back_and_forth_shows_what_was_given_and_builds_on_what_was_saved(page, base):
    """Saved with a network, changed without one; the mark of doubt goes along; the map and Back lead there as well."""
    give(page, "7")
    nothing_waits(page)
    assert saved(base) == {1: {"number": "7"}}
    page.context.set_offline(True)
    page.get_by_role("link", name="Soal 2,").click()
    page.get_by_role("heading", name="Soal 2 dari 10").wait_for()
    page.get_by_label("Tandai ragu").check()
    page.get_by_role("link", name="Soal 9,").click()
    give(page, "9")
    assert page.get_by_role("link", name="Soal 9,").get_attribute("aria-current") == "true"
    page.go_back()
    page.get_by_role("heading", name="Soal 2 dari 10").wait_for()
    assert page.get_by_label("Tandai ragu").is_checked()
    page.get_by_role("button", name="Sebelumnya").click()
    assert page.locator("main [name=answer]").input_value() == "7"
    give(page, "8")
    page.get_by_role("link", name="Periksa dan kumpulkan").click()
    page.get_by_text("Memeriksa dan mengumpulkan memerlukan sinyal").wait_for()
    page.context.set_offline(False)
    nothing_waits(page)
    assert saved(base) == {1: {"number": "8"}, 9: {"number": "9"}}
    with base.read() as session:
        flagged = session.scalars(select(AttemptQuestion.position).where(AttemptQuestion.flagged)).all()
    assert flagged == [2]


def test_a_question_that_was_not_fetched_in_time_is_told_and_waits(server, chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.route("**/kuis/*/soal", lambda route: route.abort())
    begin_quiz(page, server)
    context.set_offline(True)
    answer(page)
    go_on(page)
    page.get_by_text("belum sempat diunduh").wait_for()
    page.get_by_text("1 jawaban aman di HP ini").wait_for()
    assert page.get_by_role("heading", name="Soal 1 dari 5").is_visible()
    context.set_offline(False)
    nothing_waits(page)
    go_on(page)
    page.wait_for_url("**soal=2")
    context.close()
