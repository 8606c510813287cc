"""What people do again and again: sign in, enrol, answer; and a count of their clicks."""

from elearn.people.accounts.door import session_cookie
from tests.browser.conftest import PASSWORD

ANI, BUDI, DEWI = "19850101 201001 2 001", "19790202 200501 1 002", "19770404 200312 2 004"
RIGHT = {
    "Pejabat pengganti": ["Plt"],
    "Mana saja": ["Organisasi", "Kepegawaian"],
    "Pada mandat": ["Benar"],
}


class Clicks:
    """Clicks as UX.md counts them: from the landing page, typing is free, choosing a file or an option is one."""

    def __init__(self):
        self.count = 0

    def __call__(self, locator):
        locator.click()
        self.count += 1

    def choose(self, locator, wanted):
        """An option of a list, or a file."""
        if locator.get_attribute("type") == "file":
            locator.set_input_files(wanted)
        else:
            locator.select_option(wanted)
        self.count += 1


def sign_in(page, server, nip=ANI):
    page.goto(f"{server.address}/masuk")
    page.fill("[name=identifier]", nip)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(lambda url: "/masuk" not in url)


def enter(page, server, nip=ANI):
    """Signed in without the door, for tests of what comes after it."""
    token = server.tokens[nip.replace(" ", "")]
    page.context.add_cookies([{"name": session_cookie(), "value": token, "url": server.address}])


def begin_quiz(page, server):
    """At the first question, by the shortest way."""
    enter(page, server)
    for path in ("/pelatihan/etika-asn/pendaftaran", f"/belajar/{server.quiz}/kuis/mulai"):
        last = page.request.post(server.address + path, headers={"Sec-Fetch-Site": "same-origin"})
        assert last.ok
    page.goto(last.url)


def enrol(page, server):
    page.goto(f"{server.address}/pelatihan/etika-asn")
    page.get_by_role("button", name="Daftar").click()
    page.get_by_role("link", name="Mulai belajar").click()
    page.wait_for_url("**/bacaan")


def open_quiz(page):
    page.get_by_role("button", name="Selesai").click()
    page.wait_for_url("**/kuis")
    page.get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/kuis/*")


def answer(page):
    """Give the right answer to the question that is shown."""
    asked = page.locator("main fieldset").first.inner_text()
    right = next((words for beginning, words in RIGHT.items() if beginning in asked), None)
    if right:
        for words in right:
            page.locator("main .e-opt").filter(has_text=words).click()
    elif page.locator("main select[name^=pair-]").count():
        for field in page.locator("main select[name^=pair-]").all():
            mine = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
            partner = "undang-undang" if "Atribusi" in mine else "lebih tinggi"
            field.select_option(field.locator("option").filter(has_text=partner).get_attribute("value"))
    else:
        page.locator("main [name=answer]").fill("5")
        page.locator("main [name=answer]").blur()


def give(page, text):
    """Type an answer and leave its field."""
    page.locator("main [name=answer]").fill(text)
    page.locator("main [name=answer]").blur()


def nothing_waits(page):
    """Until every answer kept on the device has gone out."""
    for _ in range(120):
        if not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('answer:'))"):
            return
        page.wait_for_timeout(400)
    raise AssertionError("answers still wait on the device")


def hand_in(page):
    page.get_by_role("button", name="Kumpulkan").click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button", name="Kumpulkan").click()
    page.wait_for_url("**/hasil")
