"""quiz.js in a real browser: no answer is dropped when sending goes wrong."""

import pytest

from tests.browser.ways import begin_quiz, give

NOTHING_WAITS = "!Object.keys(localStorage).some((key) => key.startsWith('answer:'))"


@pytest.fixture
def taking(server, chromium):
    """A page on the question that wants a number."""
    # Playwright waits by evaluated code, which the page's own policy forbids.
    context = chromium.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    begin_quiz(page, server)
    address = page.url.split("?")[0]
    for n in range(1, 6):
        page.goto(f"{address}?soal={n}")
        if page.locator("main input[inputmode=decimal]").count():
            break
    yield page
    context.close()


def kept(page):
    page.wait_for_function(NOTHING_WAITS, timeout=20_000)
    page.reload()
    return page.locator("main [name=answer]").input_value()


def test_a_second_answer_given_while_the_first_is_on_its_way_is_the_one_kept(taking):
    give(taking, "4")
    give(taking, "5")
    assert kept(taking) == "5"


def test_an_answer_whose_receipt_was_lost_is_no_stranger_afterwards(taking):
    def lose(route):
        route.fetch()
        route.abort()

    taking.route("**/soal/*", lose)
    give(taking, "4")
    taking.get_by_text("Tersimpan di HP ini").first.wait_for()
    taking.unroute("**/soal/*")
    give(taking, "5")
    assert kept(taking) == "5"


def test_who_goes_on_while_an_earlier_answer_is_on_its_way_gets_on(taking):
    """On a slow network the form would carry the revision from before that answer."""
    held = []
    taking.route("**/soal/*", lambda route: route.continue_() if held else held.append(route))
    give(taking, "4")
    give(taking, "5")
    shown = taking.url
    taking.get_by_role("button", name="Berikutnya").or_(taking.get_by_role("button", name="Periksa")).first.click()
    taking.wait_for_timeout(300)
    assert taking.url == shown
    held[0].continue_()
    taking.wait_for_url(lambda url: url != shown)
    taking.goto(shown)
    assert taking.get_by_text("terbuka di tab lain").count() == 0
    assert kept(taking) == "5"


def test_a_form_that_could_not_be_sent_leaves_the_answer_on_the_device(taking):
    taking.route("**/soal/*", lambda route: route.abort())
    give(taking, "5")
    address = taking.url
    taking.get_by_role("button", name="Berikutnya").or_(taking.get_by_role("button", name="Periksa")).first.click()
    taking.wait_for_timeout(300)
    taking.unroute("**/soal/*")
    taking.goto(address)
    assert kept(taking) == "5"


def test_two_tabs_that_disagree_leave_the_choice_to_the_learner(taking):
    """Q8."""
    other = taking.context.new_page()
    other.goto(taking.url)
    give(other, "7")
    other.wait_for_function(NOTHING_WAITS)
    give(taking, "5")
    taking.get_by_text("terbuka di tab lain").wait_for()
    assert "7" in taking.locator("[data-notice]").inner_text()
    taking.get_by_role("button", name="Simpan jawaban saya").click()
    assert kept(taking) == "5"


def test_what_another_tab_gave_is_told_although_it_went_out_from_here(taking):
    """Q8: both tabs share what waits on the device, and the first that has a network sends it."""
    other = taking.context.new_page()
    other.goto(taking.url)
    other.route("**/soal/*", lambda route: route.abort())
    give(other, "7")
    other.get_by_text("Tersimpan di HP ini").first.wait_for()
    taking.evaluate("dispatchEvent(new Event('focus'))")
    taking.wait_for_function(NOTHING_WAITS)
    other.close()
    give(taking, "5")
    taking.get_by_text("terbuka di tab lain").wait_for()
    taking.get_by_role("button", name="Simpan jawaban saya").click()
    assert kept(taking) == "5"
