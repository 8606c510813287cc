"""Q10: the network goes in the middle of a quiz and comes back later."""

import pytest
from playwright.sync_api import Error

from tests.browser.ways import answer, enrol, nothing_waits, open_quiz, sign_in


@pytest.fixture
def tabs(server, chromium):
    """One learner's quiz, open at each of its five questions."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    first = context.new_page()
    sign_in(first, server)
    enrol(first, server)
    open_quiz(first)
    address = first.url.split("?")[0]
    pages = [first, *(context.new_page() for _ in range(4))]
    for n, page in enumerate(pages, start=1):
        page.goto(f"{address}?soal={n}")
    yield pages
    context.close()


def test_answers_given_without_a_network_are_counted_kept_over_a_reload_and_saved_on_return(tabs):
    context, address = tabs[0].context, tabs[0].url.split("?")[0]
    context.set_offline(True)
    for n, page in enumerate(tabs, start=1):
        answer(page)
        page.get_by_text("Tersimpan di HP ini").first.wait_for()
        page.get_by_text(f"{n} jawaban aman di HP ini").wait_for()
    with pytest.raises(Error, match="INTERNET_DISCONNECTED"):
        tabs[0].reload()
    context.set_offline(False)
    tabs[0].goto(f"{address}/periksa")
    nothing_waits(tabs[0])
    tabs[0].goto(f"{address}/periksa")
    tabs[0].get_by_text("Semua soal sudah terjawab").wait_for()


def test_going_on_without_a_network_leaves_the_answer_and_the_page(tabs):
    """The next question cannot be fetched: the learner stays, is told, and goes on when the signal is back."""
    page = tabs[0]
    page.context.set_offline(True)
    answer(page)
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_text("1 jawaban aman di HP ini").wait_for()
    assert "soal=1" in page.url
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    nothing_waits(page)
    page.get_by_role("button", name="Berikutnya").click()
    page.wait_for_url("**soal=2")
