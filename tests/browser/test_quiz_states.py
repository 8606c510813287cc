"""What the learner is told about an answer, and the way back after the session ended."""

from tests.browser.conftest import PASSWORD
from tests.browser.test_quiz_answers import NOTHING_WAITS, kept
from tests.browser.test_quiz_answers import taking as taking
from tests.browser.ways import give


def test_an_answer_shows_that_it_is_on_its_way_and_then_when_it_was_saved(taking):
    state, told = taking.locator("#state"), []

    def look(route):
        told.append(state.inner_text())
        route.continue_()

    taking.route("**/soal/*", look)
    give(taking, "5")
    taking.wait_for_function(NOTHING_WAITS, timeout=20_000)
    assert "Menyimpan" in told[0]
    assert "Tersimpan" in state.inner_text()


def test_a_server_in_trouble_is_told_and_asked_again(taking):
    taking.route("**/soal/*", lambda route: route.fulfill(status=500, body="rusak"))
    give(taking, "5")
    taking.locator("#state").get_by_text("Belum tersimpan").wait_for()
    taking.unroute("**/soal/*")
    assert kept(taking) == "5"


def test_a_session_that_ends_in_the_middle_loses_nothing(taking):
    """Q11: the answer waits on the device, and signing in again leads back to the same question."""
    address = taking.url
    taking.context.clear_cookies()
    give(taking, "5")
    taking.get_by_role("link", name="Masuk lagi").click()
    taking.fill("[name=identifier]", "198501012010012001")
    taking.fill("[name=password]", PASSWORD)
    taking.get_by_role("button", name="Masuk", exact=True).click()
    taking.wait_for_url(address)
    taking.wait_for_function(NOTHING_WAITS, timeout=20_000)
    assert kept(taking) == "5"
