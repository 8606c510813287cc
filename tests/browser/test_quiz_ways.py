"""A whole quiz by keyboard alone, and one without JavaScript."""

from tests.browser.conftest import PASSWORD
from tests.browser.ways import ANI, answer, enrol, open_quiz, sign_in

NEXT = "main form[data-quiz] button[name=go]:is(.e-pair > :last-child)"


def tab_to(page, selector):
    """Press Tab until the focus is on such an element, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def answer_by_keys(page):
    if page.locator("main input[type=radio]").count():
        tab_to(page, "main input[type=radio]")
        page.keyboard.press("Space")
    elif page.locator("main input[name=choices]").count():
        tab_to(page, "main input[name=choices]")
        page.keyboard.press("Space")
    elif page.locator("main select[name^=pair-]").count():
        for _ in range(page.locator("main select[name^=pair-]").count()):
            tab_to(page, "main select[name^=pair-]")
            page.keyboard.press("ArrowDown")
    else:
        tab_to(page, "main input[name=answer]")
        page.keyboard.type("5")


def press(page, selector):
    tab_to(page, selector)
    page.keyboard.press("Enter")


def begin_by_keys(page, server):
    """From the door to the first question."""
    page.goto(f"{server.address}/masuk")
    for name, text in (("identifier", ANI), ("password", PASSWORD)):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.address}/")
    page.goto(f"{server.address}/pelatihan/etika-asn")
    press(page, "main form[action$=pendaftaran] button")
    page.get_by_role("link", name="Mulai belajar").wait_for()
    press(page, "main a[href^='/belajar/']")
    page.wait_for_url("**/bacaan")
    press(page, "form[action$='/bacaan/selesai'] button")
    page.wait_for_url("**/kuis")
    press(page, "main form[action$='/mulai'] button")
    page.wait_for_url("**/kuis/*")


def test_a_quiz_is_taken_with_the_keyboard_alone(server, chromium):
    """X4: every control is reached by Tab and worked by Space, Enter and the arrows, from the door to the result."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    begin_by_keys(page, server)
    address = page.url.split("?")[0]
    for n in range(1, 6):
        answer_by_keys(page)
        press(page, NEXT)
        page.wait_for_url(f"{address}/periksa" if n == 5 else f"{address}?soal={n + 1}")
    page.get_by_text("Semua soal sudah terjawab").wait_for()
    press(page, "main form[action$=kumpulkan] button")
    page.locator("dialog[open]").wait_for()
    press(page, "dialog[open] button:not([value=cancel]):not(.e-btn--2)")
    page.wait_for_url("**/hasil")
    context.close()


def test_a_quiz_is_taken_without_javascript(server, chromium):
    """X5: plain forms do it all."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, server)
    enrol(page, server)
    open_quiz(page)
    for n in range(1, 6):
        answer(page)
        page.get_by_role("button", name="Periksa jawaban" if n == 5 else "Berikutnya").click()
    page.get_by_text("Semua soal sudah terjawab").wait_for()
    page.get_by_role("button", name="Kumpulkan").click()
    page.wait_for_url("**/hasil")
    page.get_by_text("Pembahasan").first.wait_for()
    context.close()
