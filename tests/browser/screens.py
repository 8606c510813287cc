"""Every screen: each page of the authorization matrix as the first who may see it, and the states worth a look.

A page comes here by its row in tests/architecture/authorization.yaml and its example object in tests/belongings.py.
What is no page, or needs more than a visit, is named below. The accessibility walk and the screenshots use this list.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.routes import ROWS, filled

WHO = ("ani", "budi", "citra", "dewi", "guest")

# Answers that are files or fragments, which no browser shows as a page.
NO_PAGES = {
    "/healthz",
    "/readyz",
    "/berkas/{public_id}",
    "/berkas/{public_id}/halaman/{number}",
    "/sertifikat/{public_id}.pdf",
    "/verifikasi/{code}/badge.json",
    "/verifikasi/{code}/badge.jwt",
    "/lencana/penerbit",
    "/lencana/kunci.json",
    "/lencana/pelatihan/{slug}",
    "/lencana/status/{number}",
    "/ttd/{public_id:id}/pdf",
    "/kelola/sertifikat/templat/{template:id}/contoh.pdf",
    "/kelola/sertifikat/templat/{template:id}/contoh.png",
    "/capaian/rekap.pdf",
    "/magang/{placement}/bukti.pdf",
    "/kelola/magang/{placement}/bukti.pdf",
    "/opd/pegawai/{person}/jp.pdf",
    "/ringkasan.pdf",
    "/bukti/{evidence}",
    "/bukti/{evidence}/{number}",
    "/opd/kode/{sheet}/xlsx",
    "/impor/pegawai/templat",
    "/impor/unit/templat",
    "/impor/pegawai/{roster}/ditolak",
    "/pekerjaan/{public_id}/kemajuan",
    "/pekerjaan/{public_id}/berkas",
    "/kuis/{attempt}/soal",
    "/jadwal.ics",
    "/kelola/sesi/{class_session}/layar/kode",
    "/angkatan/{cohort}/jadwal.ics",
    "/angkatan/{cohort}/berkas/{handout}",
    "/kelola/mitra/{partner}/perjanjian/{agreement}/berkas/{agreement_file}",
    "/kelola/angkatan/{cohort}/pemanggilan.pdf",
    "/kelola/sesi/{class_session}/lembar.pdf",
    "/opd/usulan/{cohort}/surat-tugas.pdf",
}
# Addresses that only lead on to another.
LEADS_ON = {
    "/impor",
    "/mulai",
    "/belajar/{activity}",
    "/impor/pegawai/{roster}",
    "/kelola/pendaftaran/periksa",
    "/kelola/sertifikat/{certificate:id}/jp",
}


@dataclass(frozen=True)
class Screen:
    """A page in one state. `path` names objects in braces; `then` does what leads to the state."""

    name: str
    who: str
    route: str
    path: str = ""
    then: Callable[[Any], None] | None = None
    status: int = 200

    def address(self, objects: dict[str, str]) -> str:
        return filled(self.path or self.route, objects)


def send(label: str, **fields: str) -> Callable[[Any], None]:
    """Fill in fields by name and press the button; a form is sent even where the browser itself would refuse."""

    def act(page: Any) -> None:
        page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
        for name, text in fields.items():
            page.locator(f"main [name={name}]").first.fill(text)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=label).first.click()

    return act


def open_dialog(label: str) -> Callable[[Any], None]:
    """Press a button that asks before it does something."""

    def act(page: Any) -> None:
        page.locator("main").get_by_role("button", name=label).first.click()
        page.locator("dialog[open]").wait_for()

    return act


def open_all(page: Any) -> None:
    """Unfold whatever is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def pages() -> list[Screen]:
    """One screen for each page of the matrix."""
    found = []
    for row, rule in ROWS.items():
        method, route = row.split(" ", 1)
        who = next((name for name in WHO if 200 in _allowed(rule, name)), None)
        if method == "GET" and who and not no_page(route):
            found.append(Screen(name_of(route), who, route))
    return found


def no_page(route: str) -> bool:
    """Whether a route answers no HTML of its own."""
    return route in NO_PAGES | LEADS_ON or route.startswith("/api/")


def _allowed(rule: dict[str, Any], name: str) -> list[int]:
    wanted = rule.get(name, rule.get("others", []))
    return wanted if isinstance(wanted, list) else [wanted]


def name_of(route: str) -> str:
    """A file name for a route: /kuis/{attempt}/periksa becomes kuis-attempt-periksa."""
    return re.sub(r"\W+", "-", route).strip("-") or "beranda"


STATES = [
    Screen("masuk-salah", "guest", "/masuk", then=send("Masuk", identifier="1985", password="salah"), status=422),
    Screen("aktivasi-salah", "guest", "/aktivasi", then=send("Simpan dan masuk", identifier="1985"), status=422),
    Screen("masuk-kode", "gilang", "/masuk/kode"),
    Screen("masuk-kode-salah", "gilang", "/masuk/kode", then=send("Lanjut", code="1"), status=422),
    Screen("verifikasi-tidak-ada", "guest", "/verifikasi/{code}", "/verifikasi/TIDAKADA", status=404),
    Screen("tidak-ada", "guest", "/tidak-ada", status=404),
    Screen("tidak-ada-peserta", "ani", "/tidak-ada", status=404),
    Screen("tidak-boleh", "ani", "/kelola/pengguna", status=403),
    Screen("beranda-kosong", "eko", "/"),
    Screen("capaian-kosong", "eko", "/capaian"),
    Screen("pekerjaan-kosong", "eko", "/pekerjaan"),
    Screen("katalog-kosong", "ani", "/pelatihan", "/pelatihan?q=zzzz"),
    Screen("pelatihan-belum-daftar", "eko", "/pelatihan/{slug}"),
    Screen("pelatihan-panjang", "ani", "/pelatihan/{slug}", "/pelatihan/{course}"),
    Screen("materi-nyata", "ani", "/belajar/{activity}/bacaan", "/belajar/{lesson}/bacaan", open_all),
    *(Screen(f"kuis-soal-{n}", "ani", "/kuis/{attempt}", f"/kuis/{{attempt}}?soal={n}") for n in range(2, 6)),
    Screen("kuis-kumpulkan", "ani", "/kuis/{attempt}/periksa", then=open_dialog("Kumpulkan")),
    Screen("kuis-hasil", "ani", "/kuis/{attempt}/hasil", "/kuis/{handed_in}/hasil", open_all),
    Screen("kuis-diulang", "ani", "/belajar/{activity}/kuis", "/belajar/{retried}/kuis"),
    Screen(
        "saya-sandi-salah", "ani", "/saya/sandi", then=send("Simpan kata sandi", current="x", password="y"), status=422
    ),
    Screen("saya-token-salah", "ani", "/saya/token", then=send("Buat token"), status=422),
    Screen("ajar-kosong", "gilang", "/ajar"),
    Screen("ajar-baru-salah", "budi", "/ajar/baru", then=send("Buat konsep"), status=422),
    Screen("ajar-susunan-kosong", "budi", "/ajar/{slug}", "/ajar/{blank}"),
    Screen("ajar-susunan-terbuka", "budi", "/ajar/{slug}", then=open_all),
    Screen("ajar-berkas-kosong", "budi", "/ajar/{slug}/berkas", "/ajar/{blank}/berkas"),
    Screen("ajar-pengaturan-salah", "budi", "/ajar/{slug}/pengaturan", then=send("Simpan", title=""), status=422),
    Screen("ajar-edisi-salah", "budi", "/ajar/{slug}/edisi", then=send("Salin", title=""), status=422),
    Screen("ajar-materi-salah", "budi", "/ajar/materi/{activity}", then=send("Simpan", title=""), status=422),
    *(
        Screen(f"ajar-kuis-{name}", "budi", "/ajar/kuis/{activity}", f"/ajar/kuis/{{activity}}?{query}", open_all)
        for name, query in (
            *((kind, f"jenis={kind}") for kind in ("multiple", "true_false", "short", "number", "matching")),
            ("teks", "tambah=teks"),
            ("bank", "tambah=bank"),
            ("ubah", "ubah={question}"),
        )
    ),
    Screen("ajar-kuis-salah", "budi", "/ajar/kuis/{activity}", then=send("Simpan & soal berikutnya"), status=422),
    Screen(
        "ajar-kuis-teks-salah",
        "budi",
        "/ajar/kuis/{activity}",
        "/ajar/kuis/{activity}?tambah=teks",
        send("Tambahkan soal", text="? Satu\n- a\n? Dua\n- b"),
        422,
    ),
    Screen(
        "ajar-kuis-aturan-salah", "budi", "/ajar/kuis/{activity}/aturan", then=send("Simpan kuis", title=""), status=422
    ),
    Screen(
        "ajar-kuis-tambahan-salah", "budi", "/ajar/kuis/{activity}/tambahan", then=send("Simpan tambahan"), status=422
    ),
    Screen("ajar-kuis-tambahan-ada", "budi", "/ajar/kuis/{activity}/tambahan", "/ajar/kuis/{retried}/tambahan"),
    Screen("ajar-kuis-dari-berkas", "dewi", "/ajar/kuis/{activity}", "/ajar/kuis/{real_quiz}"),
    Screen("ajar-bank-kosong", "gilang", "/ajar/bank"),
    Screen("ajar-bank-tidak-cocok", "budi", "/ajar/bank", "/ajar/bank?q=zzzz"),
    Screen("ajar-bank-soal-salah", "budi", "/ajar/bank/soal", then=send("Simpan & soal berikutnya"), status=422),
    Screen("ajar-bank-teks-salah", "budi", "/ajar/bank/teks", then=send("Tambahkan soal"), status=422),
    Screen("pegawai-kosong", "fitri", "/opd/pegawai"),
    Screen("pegawai-tidak-cocok", "dewi", "/opd/pegawai", "/opd/pegawai?q=zzzz"),
    Screen("kode-kosong", "fitri", "/opd/kode"),
    Screen("pegawai-ubah-tmt", "dewi", "/opd/pegawai/{person}/ubah", then=send("Simpan", tmt="2999-01-01"), status=422),
    Screen("pegawai-keluar-salah", "dewi", "/opd/pegawai/{person}/keluar", then=send("Catat keluar"), status=422),
    Screen("pegawai-tmt-salah", "dewi", "/opd/pegawai/{person}/tmt", then=send("Simpan", tmt="2999-01-01"), status=422),
    Screen("pengguna-baru-salah", "dewi", "/kelola/pengguna/baru", then=send("Simpan"), status=422),
    Screen("unit-baru-salah", "dewi", "/kelola/unit/baru", then=send("Simpan"), status=422),
    Screen("impor-salah", "dewi", "/impor/pegawai", then=send("Periksa"), status=422),
    Screen(
        "sertifikat-cabut-salah",
        "dewi",
        "/kelola/sertifikat/{public_id:id}",
        then=send("Cabut sertifikat"),
        status=422,
    ),
    Screen("opd-nama", "dewi", "/opd", "/opd?tampilan=nama"),
    Screen("opd-tidak-ada", "dewi", "/opd", "/opd?keadaan=sudah&tahun=2020"),
    Screen("opd-salah", "dewi", "/opd", "/opd?tahun=kemarin", status=422),
    Screen("luar-kosong", "eko", "/capaian/luar"),
    Screen("luar-isi", "ani", "/capaian/luar/{record}", "/capaian/luar/{draft}", open_all),
    Screen(
        "luar-isi-salah",
        "ani",
        "/capaian/luar/{record}",
        "/capaian/luar/{draft}",
        then=send("Kirim untuk disetujui", title="", jp="99", started_on="2026-11-20", ended_on="2026-11-10"),
        status=422,
    ),
    Screen("luar-disetujui", "ani", "/capaian/luar/{record}", "/capaian/luar/{approved}"),
    Screen("persetujuan-kosong", "fitri", "/persetujuan"),
    Screen("persetujuan-tolak", "citra", "/persetujuan/sertifikat/{record}", then=open_all),
    Screen("persetujuan-sudah", "citra", "/persetujuan/sertifikat/{record}", "/persetujuan/sertifikat/{approved}"),
    Screen("magang-kosong", "eko", "/magang"),
    Screen("ulang-kosong", "eko", "/ulang"),
    Screen("ulang-tanpa-jawaban", "ani", "/ulang/{review}", then=send("Periksa jawaban"), status=422),
    Screen("ulang-dijelaskan", "ani", "/ulang/{review}", "/ulang/{reviewed}"),
    Screen("wajib-kosong", "eko", "/wajib"),
    Screen("wajib-pembaruan", "gilang", "/wajib"),
    Screen("pelatihan-pembaruan", "gilang", "/pelatihan/{slug}", "/pelatihan/lama-contoh"),
    Screen("program-konsep", "dewi", "/kelola/program/{programme:id}", "/kelola/program/{draft_programme}"),
    Screen("program-salah", "citra", "/kelola/program/baru", then=send("Simpan dan atur pesertanya"), status=422),
    Screen(
        "program-nama",
        "citra",
        "/kelola/program/{programme:id}",
        "/kelola/program/{programme}?keadaan=terlambat",
    ),
    Screen(
        "program-aturan-periksa",
        "citra",
        "/kelola/program/{programme:id}/aturan",
        "/kelola/program/{programme}/aturan?periksa=1&unit=DIK.SD1&due_days=30",
    ),
    Screen(
        "program-aturan-kosong",
        "citra",
        "/kelola/program/{programme:id}/aturan",
        "/kelola/program/{programme}/aturan?periksa=1&ranks=XVII",
    ),
    Screen("magang-berjalan", "ani", "/magang/{placement}", "/magang/{running}"),
    Screen("magang-salah", "ani", "/magang/{placement}", "/magang/{running}", send("Simpan catatan", hours="40"), 422),
    Screen("magang-baru-salah", "citra", "/kelola/magang/baru", then=send("Tempatkan", nip="1"), status=422),
    Screen("magang-ditandatangani", "citra", "/kelola/magang/{placement}", "/kelola/magang/{signed}"),
    Screen("magang-tautan", "citra", "/kelola/magang/{placement}", "/kelola/magang/{linkless}", send("Buat tautan")),
    Screen("mitra-tanda-tangan-salah", "guest", "/tanda-tangan-mitra/{link}", then=send("Tanda tangani"), status=422),
    Screen("mitra-tautan-lama", "guest", "/tanda-tangan-mitra/{link}", "/tanda-tangan-mitra/lama", status=404),
    Screen("magang-dibatalkan", "ani", "/magang/{placement}", "/magang/{cancelled_stay}"),
    Screen("magang-disahkan", "citra", "/kelola/magang/{placement}", "/kelola/magang/{counting_stay}", open_all),
    Screen("magang-betulkan", "citra", "/kelola/magang/{placement}/ubah", "/kelola/magang/{signed}/ubah"),
    Screen(
        "magang-betulkan-salah",
        "citra",
        "/kelola/magang/{placement}/ubah",
        "/kelola/magang/{signed}/ubah",
        send("Simpan", title="Magang yang lain", host_email="rahmat@"),
        422,
    ),
    Screen(
        "perjanjian-akhiri-salah",
        "dewi",
        "/kelola/mitra/{partner}/perjanjian/{agreement}",
        then=lambda page: (open_all(page), send("Akhiri perjanjian")(page)),
        status=422,
    ),
    Screen(
        "perjanjian-berakhir",
        "dewi",
        "/kelola/mitra/{partner}/perjanjian/{agreement}",
        "/kelola/mitra/{partner}/perjanjian/{ended_agreement}",
    ),
    Screen(
        "perjanjian-berlaku-salah",
        "dewi",
        "/kelola/mitra/{partner}/perjanjian/{agreement}",
        "/kelola/mitra/{partner}/perjanjian/{ended_agreement}",
        lambda page: (open_all(page), send("Batalkan pengakhiran")(page)),
        422,
    ),
    Screen("mitra-salah", "dewi", "/kelola/mitra/{partner}", then=send("Catat perjanjian"), status=422),
    Screen("jp-kosong", "dewi", "/opd/pegawai/{person}/jp", "/opd/pegawai/{person}/jp?tahun=2020"),
    Screen("jp-salah", "dewi", "/kelola/jp/{line}", then=send("Catat pembetulan", jp="99"), status=422),
    Screen("laporan-kosong", "fitri", "/laporan"),
    *(
        Screen(f"laporan-{view}", "dewi", "/laporan", f"/laporan?tampilan={view}")
        for view in ("unit", "bulan", "daftar")
    ),
    Screen("laporan-salah", "dewi", "/laporan", "/laporan?dari=kemarin", status=422),
    Screen("peserta-kosong", "budi", "/ajar/{slug}/peserta", "/ajar/{blank}/peserta"),
    Screen("sertifikat-terbit-salah", "dewi", "/kelola/sertifikat/terbit", then=send("Periksa"), status=422),
    Screen(
        "penomoran-salah",
        "dewi",
        "/kelola/sertifikat/penomoran/baru",
        then=send("Simpan", name="Pola salah", pattern="{nomor}/{year}"),
        status=422,
    ),
    Screen(
        "penomoran-contoh",
        "dewi",
        "/kelola/sertifikat/penomoran/baru",
        then=send("Lihat contoh", name="Pola baru", organiser_code="BKPSDM"),
    ),
    Screen(
        "templat-salah",
        "dewi",
        "/kelola/sertifikat/templat/baru",
        then=send("Simpan", name="Templat salah", closing="Selamat, {namanya}"),
        status=422,
    ),
    Screen("sertifikat-kosong", "dewi", "/kelola/sertifikat", "/kelola/sertifikat?q=zzzz"),
    Screen("impor-unit-salah", "dewi", "/impor/unit", then=send("Periksa"), status=422),
    Screen("siasn-kosong", "dewi", "/kelola/siasn", "/kelola/siasn?tahun=2001"),
    Screen("siasn-bandingkan-salah", "dewi", "/kelola/siasn/bandingkan", then=send("Bandingkan"), status=422),
    Screen("angkatan-kosong", "gilang", "/kelola/angkatan"),
    Screen("angkatan-kalender", "budi", "/kelola/angkatan", "/kelola/angkatan?tampilan=kalender"),
    Screen("angkatan-baru-salah", "budi", "/kelola/angkatan/baru", then=send("Simpan"), status=422),
    Screen("angkatan-tunggu", "budi", "/kelola/angkatan/{cohort}", "/kelola/angkatan/{cohort}?status=waiting"),
    Screen(
        "angkatan-kelulusan-salah",
        "budi",
        "/kelola/angkatan/{cohort}",
        then=send("Tetapkan kelulusan"),
        status=422,
    ),
    Screen("sesi-salah", "budi", "/kelola/angkatan/{cohort}/sesi", then=send("Tambah sesi"), status=422),
    Screen("jadwal-kosong", "eko", "/jadwal"),
    Screen("hasil-angkatan-kosong", "fitri", "/opd/angkatan", "/opd/angkatan?tahun=2020"),
    Screen("hasil-angkatan-salah", "dewi", "/opd/angkatan", "/opd/angkatan?tahun=kemarin", status=422),
    Screen(
        "usulan-dilewati",
        "citra",
        "/opd/usulan/{cohort}",
        then=send("Usulkan", nips="198501012010012001, 198204042008012000, 1"),
    ),
    Screen("hadir-bukan-peserta", "eko", "/hadir/{class_session}", status=404),
    Screen("usulan-salah", "fitri", "/opd/usulan/{cohort}", then=send("Usulkan"), status=422),
    Screen("angkatan-berkas-salah", "budi", "/kelola/angkatan/{cohort}/berkas", then=send("Bagikan"), status=422),
    Screen("oneroster-salah", "dewi", "/impor/oneroster", then=send("Periksa"), status=422),
    Screen("bentuk-salah", "dewi", "/kelola/bentuk/{form}", then=send("Simpan aturan baru"), status=422),
    Screen("hitung-ulang-tanya", "dewi", "/kelola/hitung-ulang/{recount:id}", then=open_dialog("Tulis perubahan")),
    Screen("pendaftaran-salah", "dewi", "/kelola/pendaftaran", then=send("Periksa"), status=422),
]

SCREENS = [*pages(), *STATES]
