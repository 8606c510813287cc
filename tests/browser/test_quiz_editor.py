"""An instructor writes a quiz: how many clicks it takes, and what the script makes smoother."""

import pytest

from tests.browser.ways import BUDI, Clicks, enter

TEXT = "\n".join(f"? Pernyataan {n}\njawaban: benar\n" for n in range(1, 6))


@pytest.fixture
def page(server, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    enter(page, server, BUDI)
    page.goto(f"{server.address}/ajar/baru")
    page.fill("[name=title]", "Pelatihan Baru")
    page.get_by_role("button", name="Buat konsep").click()
    page.wait_for_url("**/ajar/pelatihan-baru")
    page.goto(f"{server.address}/ajar")
    yield page
    context.close()


def new_quiz(page, click):
    click(page.locator("a[href='/ajar/pelatihan-baru']").first)
    click(page.locator("label:has(input[value=quiz])").first)
    page.fill("#f-title", "Kuis Baru")
    click(page.locator("form[action$='/materi'] button").first)
    page.wait_for_url("**/ajar/kuis/*")


def write(page, stem):
    page.locator("[name=stem]").fill(stem)
    for n, text in enumerate(("Atasan langsung", "Bupati", "Kepala BKPSDM")):
        page.locator("[name=option]").nth(n).fill(text)


def test_five_questions_take_thirteen_clicks_by_form(page):
    """X6: 3 + 5 x 2, from the instructor's first page; the next question is ready to be typed."""
    click = Clicks()
    new_quiz(page, click)
    for n in range(1, 6):
        write(page, f"Pertanyaan {n}")
        click(page.locator("label.e-qo__r").first)
        click(page.locator("text=Simpan & soal berikutnya").first)
        page.get_by_role("heading", name=f"Soal nomor {n + 1}").wait_for()
        assert page.evaluate("document.activeElement.name") == "stem"
    assert click.count <= 13
    assert page.locator("li[id^=q-]").count() == 5


def test_five_questions_take_five_clicks_by_paste(page):
    """X6."""
    click = Clicks()
    new_quiz(page, click)
    click(page.locator("a:has-text('Tempel teks')").first)
    page.fill("[name=text]", TEXT)
    click(page.locator("text=Tambahkan soal").first)
    page.get_by_text("5 soal ditambahkan.").wait_for()
    assert click.count <= 5


def test_another_kind_and_more_rows_come_in_place(page):
    """The script keeps what was typed and the place; Enter in a row saves."""
    new_quiz(page, Clicks())
    write(page, "Siapa memutuskan?")
    page.click("text=Tambah pilihan")
    page.locator("#f-option-5").wait_for()
    assert page.evaluate("document.activeElement.id") == "f-option-4"
    assert page.input_value("#f-option-2") == "Kepala BKPSDM"
    page.select_option("[name=kind]", "multiple")
    page.locator("input[type=checkbox][name=right]").first.wait_for()
    assert page.input_value("[name=stem]") == "Siapa memutuskan?"
    page.check("#f-right")
    page.press("#f-option", "Enter")
    page.get_by_text("Soal tersimpan.").wait_for()


def test_a_question_is_written_without_javascript(page, chromium, server):
    """X5: kind and rows are shown by buttons."""
    context = chromium.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    new_quiz(page, Clicks())
    plain.goto(page.url)
    plain.fill("[name=stem]", "Pasangkan.")
    plain.select_option("[name=kind]", "matching")
    plain.click("text=Tampilkan isiannya")
    assert plain.input_value("[name=stem]") == "Pasangkan."
    for n in range(2):
        plain.locator("[name=left]").nth(n).fill(f"Kiri {n}")
        plain.locator("[name=partner]").nth(n).fill(f"Kanan {n}")
    plain.click("text=Simpan & soal berikutnya")
    assert plain.locator("li[id^=q-]").count() == 1
    context.close()
