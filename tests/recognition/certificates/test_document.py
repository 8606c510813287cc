import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.foundation.pdf import period_on_paper
from elearn.recognition.certificates.document import (
    CertificateFacts,
    ModuleLine,
    Signer,
    certificate_pdf,
    full_name,
)

SIGNER = Signer(
    position="Kepala BKPSDMD Contoh",
    name="Bambang Misalkan",
    title_before="Dr.",
    title_after="S.H., M.H.",
    rank="Pembina Utama Muda",
    nip="19700101 199501 1 000",
    note="Ditandatangani secara elektronik",
)
FACTS = CertificateFacts(
    number="800.2/0124/2026",
    code="BH26-7F3K-92QD-K4TX",
    verify_url="https://elearn.contoh.id/verifikasi/BH26-7F3K-92QD-K4TX",
    verify_address="elearn.contoh.id/verifikasi",
    name="Siti Contohwati",
    title_before="dr.",
    title_after="S.Pd.",
    nip="19780101 200501 2 000",
    position="Guru Ahli Muda",
    unit="SDN 999 Contoh",
    course="Core Values ASN BerAKHLAK",
    form="E-learning",
    starts_on=date(2026, 8, 3),
    ends_on=date(2026, 8, 21),
    jp=Decimal(6),
    score=Decimal("92.5"),
    government="Pemerintah Kabupaten Contoh",
    organiser="Badan Kepegawaian Contoh",
    place="Muara Contoh",
    issued_on=date(2026, 8, 22),
    signer=SIGNER,
    modules=(
        ModuleLine(title="Dasar nilai ASN", minutes=90, jp=Decimal(2)),
        ModuleLine(title="Kompeten dan harmonis", minutes=180, jp=Decimal(4)),
    ),
)


def certificate(**changes: Any) -> bytes:
    return certificate_pdf(FACTS.model_copy(update=changes))


def pages(pdf: bytes) -> list[str]:
    """The text of each page, line breaks and break marks taken out."""
    opened = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in opened]
    return [" ".join(text.replace("\u200b", "").split()) for text in texts]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return certificate_pdf(FACTS)


@pytest.mark.parametrize(
    "printed",
    [
        "800.2/0124/2026",
        "BH26-7F3K-92QD-K4TX",
        "elearn.contoh.id/verifikasi",
        "dr. Siti Contohwati, S.Pd.",
        "NIP 19780101 200501 2 000",
        "Guru Ahli Muda",
        "SDN 999 Contoh",
        "Core Values ASN BerAKHLAK",
        "dinyatakan lulus pelatihan",
        "E-learning, 3 sampai 21 Agustus 2026, setara 6 jam pelajaran (JP). Nilai akhir 92,5.",
        "Pemerintah Kabupaten Contoh",
        "Badan Kepegawaian Contoh",
        "Muara Contoh, 22 Agustus 2026",
        "Kepala BKPSDMD Contoh,",
        "Bambang Misalkan",
        "Ditandatangani secara elektronik",
    ],
)
def test_the_first_page_shows_every_fact(pdf: bytes, printed: str):
    assert printed in pages(pdf)[0]


def test_the_second_page_lists_the_modules_with_their_sum(pdf: bytes):
    second = pages(pdf)[1]
    assert "1 Dasar nilai ASN 90 2" in second
    assert "2 Kompeten dan harmonis 180 4" in second
    assert "Jumlah 270 6" in second
    assert "BH26-7F3K-92QD-K4TX" in second


def test_without_modules_there_is_one_page():
    assert len(pages(certificate(modules=()))) == 1


def test_minutes_alone_show_no_hours_column():
    (_, second) = pages(certificate(modules=(ModuleLine(title="Dasar", minutes=45),)))
    assert "Mata pelatihan Menit 1 Dasar 45" in second


def test_many_modules_go_on_to_further_pages_with_the_heads_repeated():
    modules = tuple(ModuleLine(title=f"Modul {n}", minutes=45) for n in range(60))
    (_, *rest) = pages(certificate(modules=modules))
    assert len(rest) >= 3
    assert all("No Mata pelatihan Menit" in page for page in rest)


def test_the_signer_stands_without_titles_unless_asked_for(pdf: bytes):
    assert "Dr." not in pages(pdf)[0]
    assert "Pembina" not in pages(pdf)[0]
    titled = pages(certificate(signer=SIGNER.model_copy(update={"with_titles": True})))[0]
    assert "Dr. Bambang Misalkan, S.H., M.H. Pembina Utama Muda NIP 19700101 199501 1 000" in titled


def test_a_course_without_a_test_is_completed_and_not_passed():
    first = pages(certificate(passed=False, score=None))[0]
    assert "telah menyelesaikan pelatihan" in first
    assert "lulus" not in first
    assert "Nilai" not in first


def test_the_file_says_it_is_pdf_a_2a_and_pdf_ua_1(pdf: bytes):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        metadata = opened.open_metadata()
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Sertifikat Core Values ASN BerAKHLAK"
        intents = list(opened.Root.OutputIntents)
        assert [str(intent.S) for intent in intents] == ["/GTS_PDFA1"]
        assert not opened.is_encrypted


def test_the_file_is_tagged_and_names_its_language(pdf: bytes):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang) == "id-ID"
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        tags, alternatives = structure(opened.Root.StructTreeRoot.K)
    assert {"H1", "H2", "P", "Figure", "Table", "TH", "TD", "Link"} <= set(tags)
    assert alternatives == [f"Kode QR ke halaman verifikasi {FACTS.verify_url}"]


def structure(node: Any) -> tuple[list[str], list[str]]:
    """Tag names of the structure tree and alternative texts of its figures, in reading order."""
    tags: list[str] = []
    alternatives: list[str] = []
    waiting = [node]
    while waiting:
        now = waiting.pop()
        if isinstance(now, pikepdf.Array):
            waiting += reversed(list(now))
        elif isinstance(now, pikepdf.Dictionary) and "/S" in now:
            tags.append(str(now.S).lstrip("/"))
            if tags[-1] == "Figure":
                alternatives.append(str(now["/Alt"]))
            waiting.append(now.get("/K"))
    return tags, alternatives


def test_all_fonts_are_embedded_so_that_it_prints_alike_everywhere(pdf: bytes):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        described = [
            thing
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]
        assert described
        assert all("/FontFile2" in font or "/FontFile3" in font for font in described)


def test_the_link_and_the_code_lead_to_the_certificate(pdf: bytes):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (annotation,) = opened.pages[0].Annots
        assert str(annotation.A.URI) == FACTS.verify_url


def test_the_page_is_a4_landscape(pdf: bytes):
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 210)


def test_the_same_facts_give_the_same_bytes(pdf: bytes):
    assert certificate_pdf(FACTS) == pdf
    assert certificate_pdf(CertificateFacts.model_validate(FACTS.model_dump(mode="json"))) == pdf


def test_several_threads_may_print_at_once():
    asked = [FACTS.model_copy(update={"name": f"Nama {n}"}) for n in range(12)]
    with ThreadPoolExecutor(4) as threads:
        printed = list(threads.map(certificate_pdf, asked))
    assert all(f"Nama {n}, S.Pd." in pages(pdf)[0] for n, pdf in enumerate(printed))


def test_a_certificate_is_small(pdf: bytes):
    assert len(pdf) < 100_000


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        '*tebal* _miring_ $x$ `kode` <label> @rujukan \\ "kutip" {"a": 1}',
        "= Judul",
        "// komentar /* x */",
        '=HYPERLINK("http://contoh")',
        "ʿAlī Šar ığ Đỗ Ñandú",
        "D'Artagnan-Siregar O\u2019Neil",
        "Ωμέγα Иван",
    ],
)
def test_odd_names_are_printed_letter_by_letter(name: str):
    first = pages(certificate(name=name, course=name, title_before="", title_after=""))[0]
    assert first.count(name) == 2


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Ani\nContoh\t\x00\x1b", "Ani Contoh"),
        ("\ud800Ani \ue000Contoh", "Ani Contoh"),
        ("\u202eAni\u2066 Contoh", "Ani Contoh"),
        ("Ani 😀", "Ani ?"),
        ("统治 Ani", "?? Ani"),
    ],
)
def test_what_cannot_be_drawn_is_left_out_or_marked(name: str, printed: str):
    first = pages(certificate(name=name, title_before="", title_after=""))[0]
    assert f"diberikan kepada {printed} NIP" in first


@pytest.mark.parametrize("name", ["W" * 5000, "Kusumaningrat " * 60, "a" * 300])
def test_endless_names_leave_the_rest_of_the_page_in_its_place(name: str):
    changed = certificate(name=name, course=name, unit=name, position=name)
    first = pages(changed)[0]
    assert "diberikan kepada" in first
    assert FACTS.code in first
    assert first.endswith(SIGNER.name) or SIGNER.name in first
    assert "telah menyelesaikan" in first


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=120), st.text(max_size=300))
def test_no_text_breaks_the_document(name: str, course: str):
    with pikepdf.open(io.BytesIO(certificate(name=name, course=course))) as opened:
        assert opened.open_metadata()["pdfaid:conformance"] == "A"


def test_a_period_names_month_and_year_once_where_they_are_the_same():
    assert period_on_paper(date(2026, 8, 21), date(2026, 8, 21)) == "21 Agustus 2026"
    assert period_on_paper(date(2026, 8, 3), date(2026, 8, 21)) == "3 sampai 21 Agustus 2026"
    assert period_on_paper(date(2026, 7, 28), date(2026, 8, 3)) == "28 Juli sampai 3 Agustus 2026"
    assert period_on_paper(date(2025, 12, 28), date(2026, 1, 3)) == "28 Desember 2025 sampai 3 Januari 2026"


def test_a_full_name_has_its_titles_around_it():
    assert full_name("Ani Sari", "dr.", "S.K.M., M.Kes.") == "dr. Ani Sari, S.K.M., M.Kes."
    assert full_name("Ani Sari") == "Ani Sari"
