"""The instructor's way from an empty draft to a published course, in a real browser, and what it costs in clicks."""

import shutil
import subprocess

from tests.browser.ways import BUDI, Clicks, sign_in
from tests.teaching.materials import made

MOST_FOR_A_PDF = 4


def test_a_course_is_made_from_a_pdf_a_text_a_video_and_a_quiz_and_published(server, chromium, tmp_path):
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in(page, server, BUDI)
    page.goto(f"{server.address}/ajar/baru")
    page.fill("[name=title]", "Surat Keluar")
    page.fill("[name=summary]", "Untuk semua pegawai yang menyusun surat.")
    page.get_by_role("button", name="Buat konsep").click()
    page.wait_for_url("**/ajar/surat-keluar**")
    upload_a_pdf(page, server, tmp_path)
    write_a_text(page, server)
    upload_a_video(page, server, tmp_path)
    add_a_quiz(page, server)
    page.goto(f"{server.address}/ajar/surat-keluar")
    lacking = page.get_by_text("Sebelum terbit").locator("xpath=ancestor::section")
    assert lacking.count() == 0, lacking.inner_text()
    page.get_by_role("button", name="Terbitkan").click()
    page.get_by_role("button", name="Arsipkan").wait_for()
    page.goto(f"{server.address}/pelatihan")
    page.get_by_role("link", name="Surat Keluar").first.wait_for()
    page.context.close()


def upload_a_pdf(page, server, tmp_path):
    """From the instructor's room: the course, upload, choose, save."""
    file = tmp_path / "Pedoman Surat.pdf"
    file.write_bytes(made.pdf("Surat keluar diberi nomor.", "Lalu diarsipkan."))
    page.goto(f"{server.address}/ajar")
    click = Clicks()
    click(page.get_by_role("link", name="Surat Keluar"))
    click(page.get_by_role("link", name="Unggah berkas"))
    click.choose(page.locator("main input[type=file]").first, file)
    click(page.get_by_role("button", name="Simpan"))
    page.wait_for_url("**/ajar/dokumen/*")
    assert click.count <= MOST_FOR_A_PDF


def write_a_text(page, server):
    add(page, server, "Bacaan", "Nomor surat")
    page.wait_for_url("**/ajar/materi/*")
    page.fill("[name=source]", "## Nomor surat\n\nSetiap surat keluar mendapat **satu** nomor.\n")
    page.locator("[data-preview-here]").get_by_text("Setiap surat keluar").wait_for()
    page.fill("[name=minutes]", "45")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.wait_for_load_state()


def upload_a_video(page, server, tmp_path):
    page.goto(f"{server.address}/ajar/surat-keluar/unggah")
    page.locator("main input[type=file]").first.set_input_files(a_video(tmp_path / "Alur Surat.mp4"))
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url("**/ajar/rekaman/*")
    captions = {"name": "alur.vtt", "mimeType": "text/vtt", "buffer": made.VTT}
    page.locator("main input[type=file]").set_input_files(captions)
    page.get_by_role("button", name="Unggah", exact=True).click()
    page.get_by_role("button", name="Lepas takarir").wait_for()
    page.fill("[name=transcript]", "Surat keluar diberi nomor, lalu diarsipkan.")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.wait_for_load_state()


def a_video(file):
    """Two seconds of a test picture where ffmpeg is installed, else the smallest file that says it is a video."""
    if shutil.which("ffmpeg"):
        command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc=d=2:s=160x90:r=5", str(file)]
        subprocess.run(command, check=True)
    else:
        file.write_bytes(made.mp4(b"vide"))
    return file


def add(page, server, kind, title):
    page.goto(f"{server.address}/ajar/surat-keluar")
    page.locator("main form[action$='/materi'] label").filter(has_text=kind).click()
    page.locator("main form[action$='/materi'] [name=title]").fill(title)
    page.get_by_role("button", name="Tambah", exact=True).click()


def add_a_quiz(page, server):
    add(page, server, "Kuis", "Kuis tulis")
    page.wait_for_url("**/ajar/kuis/*")
    for n in range(1, 6):
        page.get_by_role("heading", name=f"Soal nomor {n}").wait_for()
        page.fill("main [name=stem]", f"Berapa nomor untuk {n} surat?")
        options = page.locator("main [name=option]")
        options.nth(0).fill("Satu nomor")
        options.nth(1).fill("Dua nomor")
        page.locator("main .e-qo__r").first.click()
        page.get_by_role("button", name="Simpan & soal berikutnya").click()
    page.get_by_role("heading", name="Soal nomor 6").wait_for()
