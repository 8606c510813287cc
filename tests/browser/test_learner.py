"""The learner's way from signing in to a verified certificate, in a real browser."""

import re

import pytest
from playwright.sync_api import Error

from tests.browser.ways import Clicks, answer, enrol, hand_in, nothing_waits, open_quiz, sign_in


def test_a_course_is_completed_through_a_killed_server_and_an_outage(server, chromium, tmp_path):
    """Signs in by NIP with spaces, enrols, reads, practises, takes the quiz, has the certificate verified."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in(page, server)
    page.get_by_role("link", name="Katalog").first.click()
    page.get_by_role("link", name="Wewenang Contoh").first.click()
    enrol(page, server)
    practise(page)
    open_quiz(page)
    take_through_trouble(page, server)
    assert "Anda lulus" in page.content()
    page.goto(f"{server.address}/capaian")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh PDF").click()
    file = tmp_path / "sertifikat.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")
    path = re.search(
        r"/verifikasi/[\w-]+", page.locator("[data-copy*='/verifikasi/']").first.get_attribute("data-copy")
    )
    context.close()
    verify(server, chromium, path[0], file)


def practise(page):
    page.locator("main .e-opt").filter(has_text="Cuti tahunan").click()
    page.get_by_role("button", name="Periksa jawaban").click()
    page.get_by_text("Cuti tahunan adalah tugas rutin").wait_for()


def take_through_trouble(page, server):
    """The first answer in peace, the second while the server is dead, the third without a network and over a reload."""
    address = page.url.split("?")[0]
    answer(page)
    page.get_by_text("Tersimpan", exact=False).first.wait_for()
    page.goto(f"{address}?soal=2")
    server.kill()
    answer(page)
    page.get_by_text("Tersimpan di HP ini").first.wait_for()
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    nothing_waits(page)
    page.goto(f"{address}?soal=3")
    without_network(page)
    for n in (4, 5):
        page.goto(f"{address}?soal={n}")
        answer(page)
        nothing_waits(page)
    page.goto(f"{address}/periksa")
    page.get_by_text("Semua soal sudah terjawab").wait_for()
    hand_in(page)


def without_network(page):
    address = page.url
    page.context.set_offline(True)
    answer(page)
    page.get_by_text("Tersimpan di HP ini").first.wait_for()
    with pytest.raises(Error, match="INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(address)
    nothing_waits(page)


def verify(server, chromium, path, file):
    """As somebody who holds the paper: every printed field, the file itself, and a file that was changed."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(server.address + path)
    page.get_by_text("Kami menerbitkan sertifikat ini").wait_for()
    assert "Ani Contoh" in page.content()
    assert "198501012010012001" not in page.content().replace(" ", "")
    for content, said in ((file.read_bytes(), "sama persis"), (file.read_bytes() + b"%", "bukan berkas")):
        page.locator("main input[type=file]").set_input_files(
            {"name": "sertifikat.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.get_by_role("button", name="Periksa berkas").click()
        page.get_by_text(said).wait_for()
    context.close()


def test_the_next_lesson_is_one_click_from_home(server, chromium):
    """X6."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in(page, server)
    enrol(page, server)
    lesson = page.url
    page.goto(f"{server.address}/")
    click = Clicks()
    click(page.get_by_role("link", name="Lanjutkan belajar"))
    page.wait_for_url(f"{lesson}**")
    assert click.count <= 1
    context.close()
