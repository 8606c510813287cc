"""The learner's way through a course, in a real browser."""

from tests.browser.conftest import PASSWORD


def sign_in(page, server):
    page.goto(f"{server.address}/masuk")
    page.fill("[name=identifier]", "19850101 201001 2 001")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(f"{server.address}/")


def enrol(page, server):
    page.goto(f"{server.address}/pelatihan/etika-asn")
    page.get_by_role("button", name="Daftar").click()
    page.get_by_role("link", name="Mulai belajar").click()
    page.wait_for_url("**/bacaan")


def open_quiz(page, server):
    page.get_by_role("button", name="Selesai").click()
    page.wait_for_url("**/kuis")
    page.get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/kuis/*")


def answer(page):
    """Give some answer to the question that is shown."""
    if page.locator("main input[type=radio]").count() or page.locator("main input[name=choices]").count():
        page.locator("main .e-opt").first.click()
    elif page.locator("main select[name^=pair-]").count():
        for field in page.locator("main select[name^=pair-]").all():
            field.select_option(index=1)
    else:
        page.locator("main [name=answer]").fill("5")
        page.locator("main [name=answer]").blur()


def nothing_waits(page):
    """Until every answer kept on the device has gone out."""
    for _ in range(120):
        if not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('answer:'))"):
            return
        page.wait_for_timeout(400)
    raise AssertionError("answers still wait on the device")


def test_answers_survive_no_network_and_a_killed_server(server, chromium):
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in(page, server)
    enrol(page, server)
    open_quiz(page, server)
    answer(page)
    page.get_by_text("Tersimpan", exact=False).first.wait_for()
    address = page.url.split("?")[0]
    page.goto(f"{address}?soal=2")
    context.set_offline(True)
    answer(page)
    page.get_by_text("Tersimpan di HP ini").first.wait_for()
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    nothing_waits(page)
    page.goto(f"{address}?soal=3")
    server.kill()
    answer(page)
    page.wait_for_timeout(500)
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    nothing_waits(page)
    page.goto(f"{address}/periksa")
    assert "2 soal kosong" in page.content()
    page.get_by_role("button", name="Kumpulkan").click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button", name="Kumpulkan").click()
    page.wait_for_url("**/hasil")
    context.close()
