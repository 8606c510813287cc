"""A whole quiz by keyboard alone, and one without JavaScript."""

from tests.browser.ways import answer, enrol, open_quiz, sign_in

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


def test_a_quiz_is_taken_with_the_keyboard_alone(server, chromium):
    """X4: every control is reached by Tab and worked by Space, Enter and the arrows."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, server)
    enrol(page, server)
    open_quiz(page)
    address = page.url.split("?")[0]
    for n in range(1, 6):
        answer_by_keys(page)
        tab_to(page, NEXT)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/periksa" if n == 5 else f"{address}?soal={n + 1}")
    page.get_by_text("Semua soal sudah terjawab").wait_for()
    tab_to(page, "main form[action$=kumpulkan] button")
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    tab_to(page, "dialog[open] button:not([value=cancel]):not(.e-btn--2)")
    page.keyboard.press("Enter")
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
