import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.overview.search.stems import ROOTS
from elearn.overview.search.words import MOST_BYTES, excerpt, highlight, index_terms, query_terms


def finds(query: str, text: str) -> bool:
    """Whether a text answers a query, as the databases decide it."""
    groups = query_terms(query)
    terms = set(index_terms(text).split())
    return bool(groups) and all(terms & set(group) for group in groups)


MATCHING = """
pegawai kepegawaian | layanan pelayanan | nilai penilaian | nilai menilai | nilai dinilai | nilai penilai
ajar pembelajaran | belajar pelajaran | mengajar pembelajaran | pengajar mengajarkan | latih pelatihan
pelatihan melatih | didik pendidikan | guru guru-guru | pemerintah pemerintahan | atur peraturan
aturan pengaturan | awas pengawasan | pengawas mengawasi | izin perizinan | izin mengizinkan | ijin perizinan
uang keuangan | putus keputusan | memutuskan putusan | tetap penetapan | menetapkan ketetapan
lapor laporan | pelaporan melaporkan | susun penyusunan | menyusun penyusun | simpan penyimpanan
kirim pengiriman | tulis menulis | penulisan tulisan | periksa pemeriksaan | memeriksa pemeriksa
kelola pengelolaan | mengelola pengelola | selenggara penyelenggaraan | daya pemberdayaan
tanggung menanggung | adil keadilan | peradilan pengadilan | buka keterbukaan | wajib kewajiban
wenang kewenangan | wewenang berwenang | sah mengesahkan | pengesahan disahkan | uji pengujian | ujian menguji
paham memahami | pakai pemakaian | layak kelayakan | sehat kesehatan | bersih kebersihan | umum pengumuman
jabat pejabat | jabatan menjabat | hadir kehadiran | hadir ketidakhadiran | lulus kelulusan | tani pertanian
usaha perusahaan | camat kecamatan | ikan perikanan | aju pengajuan | usul diusulkan | pindah memindahkan
korupsi antikorupsi | disiplin kedisiplinan | kinerja kinerjanya | digital digitalisasi
kerjasama bekerjasama | tandatangan penandatanganan | salahguna penyalahgunaan | risiko resiko
sertifikat bersertifikat | praktik praktek | sertifikat sertipikat | kompeten kompetensi
akuntabel akuntabilitas | efektif efektivitas
transparan transparansi | administrasi administratif | strategi strategis | perhati memperhatikan
keluh keluhan | adu pengaduan | lindung pelindungan | minta permintaan | bayar pembayaran | beli pembelian
sebar penyebaran | kembang pengembangan | mengembangkan perkembangan | bina pembinaan | tugas penugasan
"""

DIFFERENT = """
kepala kelapa | perintah pemerintah | perintah pemerintahan | nila nilai | nila penilaian | kelas kelapa
bulan bulat | tanda tunda | makan makam | angkatan pengangkatan | undangan mengundang | pala kepala
lapa kelapa | gawai pegawai | bagian membagi | tahun tahan | surat syarat | harga hari | menteri materi
pajak pejabat | data datang | pusat putus | kursus kasus | pasar dasar | sanksi saksi | asas atas
camat cermat | layar layanan | aman iman | ikat ikan | pendapatan pendapat | keberatan pemberatan
satuan kesatuan | gaji uji | latih letih | berita beri | pesan peserta | teknik tekanan
"""


def pairs(table: str) -> list[tuple[str, str]]:
    listed = [entry.split() for entry in table.replace("\n", "|").split("|") if entry.strip()]
    return [(one, other) for one, other in listed]


@pytest.mark.parametrize(("one", "other"), pairs(MATCHING))
def test_words_of_one_root_find_each_other(one: str, other: str):
    assert finds(one, other)
    assert finds(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_words_that_only_look_alike_do_not(one: str, other: str):
    assert not finds(one, other)
    assert not finds(other, one)


def test_the_tables_stay_long_enough():
    assert len(pairs(MATCHING)) >= 80
    assert len(pairs(DIFFERENT)) >= 35


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Batang Hari", "Pemerintah Kabupaten Batanghari"),
        ("batanghari", "Kabupaten Batang Hari"),
        ("kerja sama", "Bekerja sama dengan desa"),
        ("kerjasama", "Perjanjian kerja sama daerah"),
        ("pertanggungjawaban", "tanggung jawab bendahara"),
        ("tanda tangan", "Penandatanganan naskah dinas"),
        ("undang-undang", "UU Nomor 30 Tahun 2014"),
        ("UU 30", "Undang-Undang Nomor 30 Tahun 2014"),
        ("perundangan", "peraturan perundang-undangan"),
        ("PP 94", "Peraturan Pemerintah Nomor 94 Tahun 2021"),
        ("asn", "Aparatur Sipil Negara"),
        ("e-learning", "elearning mandiri"),
        ("elearning", "E-learning"),
        ("anti korupsi", "Antikorupsi dan gratifikasi"),
        ("antikorupsi", "Anti-Korupsi"),
        ("pasca pelatihan", "evaluasi pascapelatihan"),
        ("tindak lanjut", "menindaklanjuti temuan"),
        ("Jumat", "hari Jum'at"),
        ("jum\u2019at", "Jumat"),
    ],
)
def test_spellings_find_each_other(query: str, text: str):
    assert finds(query, text)


def test_every_word_of_the_query_has_to_be_met():
    text = "Disiplin pegawai negeri sipil"
    assert finds("disiplin kepegawaian", text)
    assert not finds("disiplin keuangan", text)


def test_case_accents_and_punctuation_do_not_matter():
    assert finds("KINERJA, dévelopment!", "kinerja (development)")


def test_stop_words_are_not_looked_for():
    assert query_terms("yang dan di") == []
    assert query_terms("") == []
    assert query_terms("?! --") == []
    assert finds("disiplin yang baik dan benar", "baik benar disiplin")


def test_numbers_are_words():
    assert finds("pasal 53", "Pasal 53 ayat (2)")
    assert not finds("pasal 53", "Pasal 54")


def test_other_scripts_are_spelt_out_as_ascii():
    assert finds("統治", "統治 統治")
    assert index_terms("統治 мир").isascii()


@given(st.text(max_size=300))
def test_terms_are_plain_words_whatever_the_text(text: str):
    terms = index_terms(text)
    groups = query_terms(text)
    for term in [*terms.split(), *(term for group in groups for term in group)]:
        assert term.isascii()
        assert term.isalnum()
        assert term == term.lower()
    assert not groups or finds(text, text)
    assert all(groups)


def test_two_spaces_stand_between_terms_so_that_they_can_be_counted():
    assert index_terms("pasal pasal pasal").count(" pasal ") == 3


def test_repeating_a_word_does_not_help_a_text_for_ever():
    assert index_terms("pasal " * 1000).count(" pasal ") == 5


@pytest.mark.load
def test_a_text_of_endless_new_words_is_cut():
    terms = index_terms(" ".join(f"w{number:x}" for number in range(200_000))).split()
    assert 0.9 * MOST_BYTES < sum(len(term) + 5 for term in terms) <= MOST_BYTES


def test_a_long_query_is_cut_and_not_refused():
    assert len(query_terms(" ".join(f"kata{number}" for number in range(500)))) <= 12


def test_highlight_marks_the_form_in_the_text():
    assert highlight("Pelayanan publik", "layanan") == "<mark>Pelayanan</mark> publik"
    assert highlight("di Batang Hari", "batanghari") == "di <mark>Batang</mark> <mark>Hari</mark>"
    assert highlight("hari ini", "batanghari") == "hari ini"


def test_highlight_escapes_what_is_not_its_own():
    assert highlight("<b>nilai</b> & dan", "nilai") == "&lt;b&gt;<mark>nilai</mark>&lt;/b&gt; &amp; dan"
    assert highlight("<script>", "script") == "&lt;<mark>script</mark>&gt;"


@given(st.text(max_size=200), st.text(max_size=20))
def test_highlight_never_lets_markup_through(text: str, query: str):
    marked = str(highlight(text, query))
    plain = marked.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert ">" not in plain
    excerpt(text, query)


def test_an_excerpt_shows_the_place():
    text = "awal " * 100 + "Badan Kepegawaian Daerah " + "akhir " * 100
    shown = str(excerpt(text, "pegawai", width=80))
    assert "Badan <mark>Kepegawaian</mark> Daerah" in shown
    assert shown.startswith("… awal")
    assert shown.endswith(" …")
    assert len(shown) < 120


def test_an_excerpt_without_a_hit_is_the_beginning():
    assert excerpt("Pengantar modul pertama", "xyz") == "Pengantar modul pertama"
    assert str(excerpt("kata " * 100, "xyz", width=20)) == "kata kata kata kata …"


def test_every_family_word_stands_for_a_root():
    assert all(ROOTS.get(root) == root for root in ROOTS.values())
