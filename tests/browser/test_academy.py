"""A year of the academy, as people click it: from the nomination to the bundle for SIASN, on a real server.

On SQLite; the same steps over HTTP alone run on both databases in the tests beside the packages.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from datetime import timedelta

import openpyxl
import pytest
import segno

from tests import academy
from tests.browser.office import PHONE, Office, shown
from tests.browser.ways import answer, hand_in, nothing_waits
from tests.recognition.signing.keys import PASSPHRASE

# Who is shown by a browser of his or her own; the others send the same forms without one.
SEEN = 1


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    made.server.start()
    yield made
    made.close()


def test_from_the_nomination_to_siasn(office, chromium, tmp_path):
    """Ten in a class, one seminar, one internship; what the ledger, the unit's page and the bundle say of it."""
    place = a_class(office)
    ten_are_nominated_and_approved(office, chromium, place)
    all_check_in_by_the_qr(office, chromium, place)
    all_take_the_test(office, chromium)
    all_pass(office, chromium, place)
    all_learn_alone(office, chromium)
    signed = certificates_are_issued_and_signed(office, chromium, tmp_path)
    the_cap_holds_in_every_account(office, chromium)
    a_seminar_is_filed_by_phone_and_approved_with_one_key(office, chromium)
    an_internship_is_signed_by_a_link(office, chromium)
    the_units_page_shows_it(office, chromium)
    the_bundle_holds_these_rows(office, chromium, signed)


def a_class(office):
    """One morning, for those who are nominated; gives its page."""
    day = office.today.isoformat()
    place = office.post(
        "budi",
        "/kelola/angkatan/baru",
        course="surat-menyurat",
        name="Angkatan I",
        form_code="KL03",
        starts_on=day,
        ends_on=day,
        quota="10",
        nominated_only="1",
        least_attendance="80",
    )
    office.post("budi", f"{place}/keadaan", state="open")
    office.post("budi", f"{place}/sesi", title="Sesi pagi", day=day, starts="08:30", ends="11:30")
    return place


def ten_are_nominated_and_approved(office, chromium, place):
    """Citra ticks three of her people and pastes the rest; Dewi approves them all at once."""
    citra = office.window(chromium, "citra")
    citra.goto("/opd")
    citra.get_by_role("link", name="Usulkan").first.click()
    citra.get_by_role("link", name="Angkatan I").click()
    for person in office.ten[:3]:
        citra.get_by_role("checkbox", name=f"Pilih {person.name}", exact=True).check()
    citra.get_by_label("Atau tempel NIP").fill("\n".join(person.nip for person in office.ten[3:]))
    citra.get_by_role("button", name="Usulkan").click()
    citra.get_by_text("10 pegawai diusulkan").wait_for()
    dewi = office.window(chromium, "dewi")
    dewi.goto("/persetujuan")
    dewi.get_by_role("link", name="Usulan peserta (10)").click()
    dewi.get_by_role("button", name="Setujui semua 10 usulan di halaman ini").click()
    dewi.get_by_text("10 orang menjadi peserta").wait_for()
    citra.reload()
    assert citra.get_by_role("row").filter(has_text="Peserta").count() >= len(office.ten) - 1
    for window in (citra, dewi):
        window.context.close()


def all_check_in_by_the_qr(office, chromium, place):
    """The organiser shows the code; its address is what the phones open."""
    screen = office.window(chromium, "budi")
    screen.goto(f"{place}/sesi")
    screen.get_by_role("link", name="Sesi pagi").click()
    screen.get_by_role("link", name="Tampilkan QR").click()
    screen.wait_for_url("**/layar")
    link = shown_by(office, screen)
    for person in office.ten[:SEEN]:
        phone = office.window(chromium, person.nip, PHONE)
        phone.goto(link)
        phone.get_by_role("button", name="Saya hadir").click()
        phone.get_by_text("Kehadiran Anda tercatat").wait_for()
        phone.context.close()
    for person in office.ten[SEEN:]:
        form = office.client(person.nip).get(link).text
        code = re.search(r'name="code" value="([^"]+)"', form)[1]
        assert office.post(person.nip, link.split("?")[0], code=code) == "/jadwal"
    screen.get_by_role("link", name="Kembali ke daftar hadir").click()
    screen.wait_for_url("**/kelola/sesi/*")
    assert "10 hadir 0 belum" in words_of(screen)
    screen.context.close()


def words_of(page):
    return " ".join(page.locator("main").inner_text().split())


def shown_by(office, screen):
    """The address that the QR on the screen holds: drawn again from its parts, it is the same picture."""
    code = screen.locator(".e-code").inner_text()
    link = f"{office.address}/hadir/{screen.url.split('/')[-2]}?kode={code}"
    drawn = segno.make(link, error="m").svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    paths = screen.locator(".e-qr path")
    assert [path.get_attribute("d") for path in paths.all()] == re.findall(r' d="([^"]+)"', drawn)
    return link


def all_take_the_test(office, chromium):
    for person in office.ten[:SEEN]:
        phone = office.window(chromium, person.nip, PHONE)
        phone.goto("/")
        phone.get_by_role("link", name="Mulai belajar").first.click()
        phone.get_by_role("button", name="Mulai").click()
        phone.wait_for_url("**/kuis/*")
        start = phone.url.split("?")[0]
        for n in (1, 2):
            phone.goto(f"{start}?soal={n}")
            answer(phone)
            nothing_waits(phone)
        phone.goto(f"{start}/periksa")
        hand_in(phone)
        phone.get_by_text("Anda lulus").first.wait_for()
        phone.context.close()
    for person in office.ten[SEEN:]:
        attempt = office.post(person.nip, f"/belajar/{office.quiz}/kuis/mulai")
        for n in (1, 2):
            office.post(person.nip, f"{attempt}/soal/{n}", answer="5", revision="0")
        result = office.post(person.nip, f"{attempt}/kumpulkan")
        assert "Anda lulus" in office.client(person.nip).get(result).text


def all_pass(office, chromium, place):
    """The organiser sees no blocker left and decides for all at once."""
    budi = office.window(chromium, "budi")
    budi.goto(place)
    assert budi.get_by_text("belum lulus").count() == 0
    assert budi.get_by_text("100 %").count() == len(office.ten)
    budi.get_by_label("Semua yang tanpa halangan").check()
    budi.get_by_role("button", name="Tetapkan kelulusan").click()
    budi.get_by_text("10 peserta: Lulus").wait_for()
    budi.context.close()


def all_learn_alone(office, chromium):
    """Six JP of e-learning in one day."""
    for person in office.ten[:SEEN]:
        phone = office.window(chromium, person.nip, PHONE)
        phone.goto("/pelatihan")
        phone.get_by_role("link", name="Arsip Digital").first.click()
        phone.get_by_role("button", name="Daftar").click()
        phone.get_by_role("link", name="Mulai belajar").click()
        phone.get_by_role("button", name="Selesai").click()
        phone.wait_for_url("**/pelatihan/arsip**")
        phone.context.close()
    for person in office.ten[SEEN:]:
        office.post(person.nip, "/pelatihan/arsip/pendaftaran")
        office.post(person.nip, f"/belajar/{office.reading}/bacaan/selesai")


def certificates_are_issued_and_signed(office, chromium, tmp_path):
    """The class's PDFs are drawn by a job; then the queue is signed, the other course's too. Gives the PDFs."""
    dewi = office.window(chromium, "dewi")
    dewi.goto("/kelola/sertifikat/terbit")
    dewi.get_by_label("Pelatihan", exact=True).select_option("surat-menyurat")
    dewi.get_by_role("button", name="Periksa").click()
    dewi.get_by_role("button", name="Terbitkan 10 sertifikat").click()
    dewi.wait_for_url("**/pekerjaan/*")
    dewi.get_by_text("Selesai.").wait_for(timeout=60_000)
    dewi.goto("/ttd")
    dewi.get_by_text("20").first.wait_for()
    dewi.get_by_label("Frasa sandi", exact=True).fill(PASSPHRASE)
    dewi.get_by_role("button", name="Tandatangani 20").click()
    dewi.get_by_text("Tidak ada yang menunggu").wait_for(timeout=60_000)
    dewi.context.close()
    signed = set()
    for person in office.ten:
        home = office.client(person.nip)
        files = sorted(set(re.findall(r"/sertifikat/[\w-]+\.pdf", home.get("/capaian").text)))
        assert len(files) == 2
        for file in files:
            pdf = home.get(file).content
            is_signed(pdf, tmp_path / "sertifikat.pdf")
            signed.add(pdf)
    assert len(signed) == 2 * len(office.ten)
    return signed


def is_signed(pdf, file):
    """As a reader that is not ours sees it, where one is installed."""
    assert pdf.startswith(b"%PDF-")
    assert b"/ByteRange" in pdf
    if shutil.which("pdfsig"):
        file.write_bytes(pdf)
        said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in said, said
        assert "BKPSDM Contoh" in said


def the_cap_holds_in_every_account(office, chromium):
    """Ten JP were earned, seven are recognised: of e-learning three a day."""
    for person in office.ten[:SEEN]:
        phone = office.window(chromium, person.nip, PHONE)
        phone.goto("/capaian")
        assert told(phone.get_by_role("row").filter(has_text="Surat Menyurat")) == ["4", "4"]
        alone = phone.get_by_role("row").filter(has_text="Arsip Digital")
        assert told(alone) == ["6", "3"]
        assert "Paling banyak 3 JP sehari diakui" in alone.inner_text()
        phone.get_by_text("10 JP diperoleh, 7 JP diakui").wait_for()
        phone.get_by_text("Kurang 13 JP").first.wait_for()
        phone.context.close()
    for person in office.ten[SEEN:]:
        page = shown(office.client(person.nip).get("/capaian").text)
        assert "10 JP diperoleh, 7 JP diakui" in page
        assert "Kurang 13 JP" in page


def told(row):
    """Earned and recognised, as a line of the account tells them."""
    return [cell.inner_text().split()[-1] for cell in row.locator("td").all()[-2:]]


def a_seminar_is_filed_by_phone_and_approved_with_one_key(office, chromium):
    """A photo of three megapixels is made smaller on the phone; the officer presses S."""
    photo = academy.a_scan((2400, 1800))
    phone = office.window(chromium, office.ten[0].nip, PHONE)
    phone.goto("/capaian")
    phone.get_by_role("link", name="Unggah sertifikat luar").click()
    phone.locator("main input[type=file]").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    with phone.expect_request(lambda request: request.method == "POST") as sent:
        phone.get_by_role("button", name="Unggah dan lanjut").click()
    assert int(sent.value.header_value("content-length")) < len(photo) / 2
    phone.get_by_label("Nama kegiatan").fill("Seminar Arsip Daerah")
    phone.get_by_label("Penyelenggara").fill("Universitas Contoh")
    phone.get_by_label("Bentuk").select_option("KL06")
    phone.get_by_label("Tanggal mulai").fill(office.today.isoformat())
    phone.get_by_label("Nomor sertifikat").fill("SEM/0042")
    phone.get_by_role("button", name="Kirim untuk disetujui").click()
    # On the day of the class: he is asked whether it is another one, and the officer says why it counts.
    phone.get_by_label("Ini sertifikat yang lain").check()
    phone.get_by_role("button", name="Kirim untuk disetujui").click()
    phone.get_by_text("Menunggu keputusan").wait_for()
    citra = office.window(chromium, "citra")
    citra.goto("/persetujuan")
    citra.get_by_role("link", name="Mulai memutuskan").click()
    citra.get_by_role("heading", name="Seminar Arsip Daerah").wait_for()
    assert citra.locator("main img").first.evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 0
    citra.get_by_role("button", name="Matikan tombol cepat").click()
    citra.get_by_text("Tombol cepat: mati").wait_for()
    assert citra.get_by_text("Dengan papan ketik").count() == citra.locator("[aria-keyshortcuts]").count() == 0
    here = citra.url
    for key in ("s", "t", "/"):
        citra.keyboard.press(key)
    assert (citra.url, citra.locator("details[open]").count()) == (here, 0)
    citra.get_by_role("button", name="Aktifkan tombol cepat").click()
    citra.get_by_text("Dengan papan ketik").wait_for()
    citra.locator("#f-note").fill("Seminar sore, angkatan pagi.")
    citra.get_by_role("heading", name="Seminar Arsip Daerah").click()
    citra.keyboard.press("s")
    citra.wait_for_url("**/persetujuan")
    citra.get_by_text("Antrean kosong").wait_for()
    citra.context.close()
    phone.goto("/capaian")
    assert told(phone.get_by_role("row").filter(has_text="Seminar Arsip Daerah")) == ["4", "4"]
    phone.get_by_text("14 JP diperoleh, 11 JP diakui").wait_for()
    phone.context.close()


def an_internship_is_signed_by_a_link(office, chromium):
    """Placed, logged and reported; the host signs without an account, the admin confirms."""
    who, day = office.ten[1], office.today
    partner = office.post("dewi", "/kelola/mitra/baru", name="Kantor Mitra Contoh")
    days = {"starts_on": day - timedelta(days=30), "ends_on": day + timedelta(days=30)}
    office.post("dewi", f"{partner}/perjanjian", agreement_number="PKS/7", title="Magang pegawai", **days)
    citra = office.window(chromium, "citra")
    citra.goto("/kelola/magang/baru")
    citra.locator("[name=nip]").fill(who.nip)
    citra.locator("[name=partner]").select_option(label="Kantor Mitra Contoh")
    citra.locator("[name=form_code]").select_option("NKL12")
    citra.locator("[name=title]").fill("Magang pelayanan perizinan")
    citra.locator("[name=starts_on]").fill((day - timedelta(days=4)).isoformat())
    citra.locator("[name=ends_on]").fill(day.isoformat())
    citra.locator("[name=host_name]").fill("Rahmat Misalnya")
    citra.get_by_role("button", name="Tempatkan").click()
    citra.wait_for_url(re.compile(r"/kelola/magang/(?!baru)"))
    phone = office.window(chromium, who.nip, PHONE)
    phone.goto("/magang")
    phone.get_by_role("link", name="Magang pelayanan perizinan").click()
    phone.get_by_label("Yang dikerjakan dan dipelajari").fill("Melayani pemohon izin di loket.")
    phone.get_by_role("button", name="Simpan catatan").click()
    phone.get_by_text("Catatan tersimpan").wait_for()
    phone.locator("[name=report]").fill("Saya belajar melayani pemohon izin dan akan memakainya di kantor.")
    phone.get_by_role("button", name="Kirim laporan").click()
    phone.get_by_text("Laporan terkirim").wait_for()
    citra.reload()
    citra.get_by_role("button", name="Buat tautan").click()
    link = citra.locator("main code").inner_text()
    host = office.window(chromium, size=PHONE)
    host.goto(link)
    assert "Melayani pemohon izin di loket." in host.locator("main").inner_text()
    host.get_by_label("Penilaian atau pesan").fill("Rajin dan teliti.")
    host.get_by_label("Saya membimbing pegawai ini").check()
    host.get_by_role("button", name="Tanda tangani").click()
    host.get_by_text("sudah Anda tanda tangani").wait_for()
    assert host.goto(link).status == 404
    citra.goto(citra.url.removesuffix("/tautan"))
    citra.get_by_role("button", name="Sahkan").click()
    citra.get_by_text("JP-nya sudah dihitung").wait_for()
    phone.goto("/capaian")
    assert told(phone.get_by_role("row").filter(has_text="Magang pelayanan perizinan")) == ["20", "20"]
    phone.get_by_text("Target 20 JP tercapai").first.wait_for()
    for window in (citra, phone, host):
        window.context.close()


def the_units_page_shows_it(office, chromium):
    """Of those who owe JP at the school one has them; the list behind the numbers says who and how many."""
    citra = office.window(chromium, "citra")
    citra.goto("/opd?unit=DIK.SD1&tampilan=nama")
    for person, earned, recognised in accounts(office):
        cells = citra.get_by_role("row").filter(has_text=person.name).locator("td")
        assert [cell.inner_text().split()[-1] for cell in cells.all()[-3:]] == [
            str(earned),
            str(recognised),
            str(max(0, 20 - recognised)),
        ]
    citra.goto("/opd?unit=DIK.SD1")
    row = citra.get_by_role("row").filter(has_text="SD Contoh")
    assert [cell.inner_text().split()[-1] for cell in row.locator("td").all()[:3]] == ["10", "1", "8"]
    citra.context.close()
    assert "Ani Contoh" not in office.client("fitri").get("/opd?tampilan=nama").text


def accounts(office):
    """Everybody with JP earned and recognised: the class and e-learning, one seminar, one internship."""
    more = {0: 4, 1: 20}
    return [(person, 10 + more.get(n, 0), 7 + more.get(n, 0)) for n, person in enumerate(office.ten)]


def the_bundle_holds_these_rows(office, chromium, signed):
    """Nothing is refused, nothing is missing, nothing is there twice; a second bundle has nothing left to say."""
    dewi = office.window(chromium, "dewi")
    dewi.goto("/opd")
    dewi.get_by_role("link", name="Kirim ke SIASN").click()
    dewi.get_by_text("22 baru, 0 pengganti, 0 untuk dihapus").wait_for()
    assert dewi.get_by_text("Belum dapat dikirim (").count() == 0
    dewi.get_by_role("button", name="Buat paket").click()
    dewi.wait_for_url("**/pekerjaan/*")
    with dewi.expect_download(timeout=60_000) as download:
        dewi.get_by_role("link", name="Unduh siasn").click(timeout=60_000)
    packed = io.BytesIO(download.value.path().read_bytes())
    dewi.goto("/kelola/siasn")
    dewi.get_by_text("Tidak ada baris baru yang siap dikirim").wait_for()
    dewi.context.close()
    with zipfile.ZipFile(packed) as bundle:
        rows = list(csv.DictReader(io.StringIO(bundle.read("kursus.csv").decode("utf-8-sig")), delimiter=";"))
        assert Counter(key_of(row) for row in rows) == Counter(expected(office))
        told_by_json = json.loads(bundle.read("kursus.json"))
        assert Counter(key_of(row) for row in told_by_json) == Counter(expected(office))
        book = openpyxl.load_workbook(io.BytesIO(bundle.read("siasn.xlsx")))
        head, *cells = book["kursus"].iter_rows(values_only=True)
        assert Counter(key_of(dict(zip(head, row, strict=True))) for row in cells) == Counter(expected(office))
        assert json.loads(bundle.read("diklat.json")) == []
        pdfs = {name: bundle.read(name) for name in bundle.namelist() if name.endswith(".pdf")}
    assert sorted(pdfs) == sorted(row["berkas"] for row in rows)
    assert all(pdf.startswith(b"%PDF-") for pdf in pdfs.values())
    of_courses = {pdfs[row["berkas"]] for row in rows if row["namaKursus"] in ("Surat Menyurat", "Arsip Digital")}
    assert of_courses == signed


def key_of(row):
    nip = "".join(str(row["nip"]).split())
    return nip, row["pnsOrangId"], row["namaKursus"], int(row["jumlahJam"]), row["tanggalSelesaiKursus"]


def expected(office):
    """What SIASN is to hear: recognised JP, never more."""
    day = f"{office.today:%d-%m-%Y}"
    courses = [(each, title, jp) for each in office.ten for title, jp in (("Surat Menyurat", 4), ("Arsip Digital", 3))]
    courses += [(office.ten[0], "Seminar Arsip Daerah", 4), (office.ten[1], "Magang pelayanan perizinan", 20)]
    return [(each.nip, each.siasn_id, title, jp, day) for each, title, jp in courses]
