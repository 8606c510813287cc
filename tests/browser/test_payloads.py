"""U9 and S2 in a real browser: payloads run nowhere, and the way back after leaving shows nothing."""

from sqlalchemy import select

from elearn.activities.readings.models import Reading
from tests import databases
from tests.browser.conftest import PASSWORD
from tests.foundation.markdown_payloads import PAYLOADS
from tests.world import Activity


def sign_in(page, address):
    page.goto(f"{address}/masuk")
    page.fill("[name=identifier]", "198501012010012001")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/masuk" not in url)


def test_a_lesson_full_of_payloads_runs_nothing(server, chromium):
    """U9: no dialog, no marker in the console, no form, nothing for the policy to stop, nothing fetched elsewhere."""
    database = databases.Database(server.environment["ELEARN_DATABASE_URL"])
    with database.write() as session:
        reading = session.scalars(select(Reading)).one()
        reading.source = "\n\n---\n\n".join(payload.replace(":::", "") for payload in PAYLOADS)[:190_000]
        public_id = session.get_one(Activity, reading.activity_id).public_id
        session.commit()
    database.close()
    context = chromium.new_context()
    page = context.new_page()
    noticed, asked = [], []
    page.on("dialog", lambda dialog: (noticed.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: noticed.append(said.text) if "olicy" in said.text or "alert" in said.text else None)
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, server.address)
    page.goto(f"{server.address}/pelatihan/etika-asn")
    page.click("main form[action*='pendaftaran'] button")
    page.goto(f"{server.address}/belajar/{public_id}/bacaan")
    page.wait_for_timeout(500)
    assert page.locator("h1").count() == 1
    assert noticed == []
    away = [url for url in asked if not url.startswith((server.address, "data:", "blob:"))]
    assert away == [], "a lesson fetches nothing from other hosts"
    inside = page.locator("article form, main form[action^='http'], main iframe, main svg[onload], main [onerror]")
    assert inside.count() == 0
    context.close()


def test_the_way_back_after_signing_out_shows_nothing(server, chromium):
    """S2: Back after leaving asks the server again, which sends to the door."""
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, server.address)
    page.goto(f"{server.address}/saya")
    assert "Ani Contoh" in page.content()
    page.locator("form[action='/keluar'] button").first.dispatch_event("click")
    page.wait_for_url("**/masuk**")
    page.go_back()
    page.wait_for_load_state()
    assert "Ani Contoh" not in page.content()
    assert "/masuk" in page.url
    context.close()
