import io

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import select
from tests import world

from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import issue
from elearn.recognition.designs.models import CertificateTemplate, TemplateVersion

SYSTEM = Actor.system("tests")
PLACE = "/kelola/sertifikat/templat"
WISH = {
    "name": "Templat dinas",
    "kind": "sttpp",
    "title": "Surat Tanda Tamat Pendidikan dan Pelatihan",
    "opening": "dianugerahkan kepada",
    "statement": "atas keikutsertaan dalam",
    "closing": "Selama {waktu} di {tempat}, sejumlah {jp} JP dengan nilai {nilai}.",
    "shown": ["position"],
    "position": "Kepala Contoh",
    "signer": "Bambang Misalkan",
    "title_before": "Dr.",
    "rank": "Pembina Utama Muda",
    "nip": "19700101 199501 1 000",
}


def words(pdf):
    texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return [" ".join(text.replace("\u200b", "").split()) for text in texts]


def preview(dewi, **changes):
    answer = dewi.post(PLACE + "/pratinjau", {**WISH, **changes})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def test_a_preview_shows_the_words_as_typed_and_is_tagged_pdf_a(dewi):
    pdf = preview(dewi)
    (first,) = words(pdf)
    assert (
        "Surat Tanda Tamat Pendidikan dan Pelatihan dianugerahkan kepada Nama Contoh, S.Contoh. Analis Contoh" in first
    )
    assert "atas keikutsertaan dalam Judul Pelatihan Contoh Selama 3 sampai 21 Agustus 2026 di" in first
    assert "sejumlah 6 JP dengan nilai 92,5." in first
    assert "Kepala Contoh, Bambang Misalkan" in first
    assert "Dr." not in first
    assert "Pembina" not in first
    assert "19850101" not in first
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        assert bool(opened.Root.MarkInfo.Marked)


def test_titles_rank_nip_and_second_page_are_shown_when_ticked(dewi):
    shown = {"with_titles": "1", "with_rank": "1", "with_nip": "1", "second_page": "1", "second_title": "Daftar mata"}
    first, second = words(preview(dewi, **shown))
    assert "Dr. Bambang Misalkan Pembina Utama Muda NIP 19700101 199501 1 000" in first
    assert second.startswith("Daftar mata")
    rank_only = words(preview(dewi, with_rank="1"))[0]
    assert "Bambang Misalkan Pembina Utama Muda" in rank_only
    assert "Dr." not in rank_only


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0": *',
        "#panic() $x$ *tebal* _miring_ `kode` <label> @rujukan \\ // komentar /* x */",
        '"}} #include("/etc/passwd") #sys.inputs',
    ],
)
def test_no_text_runs_as_code(dewi, text):
    changed = dict.fromkeys(("opening", "statement", "closing"), text)
    changed |= {name: text.replace("}}", "}") for name in ("position", "note", "second_title")}
    (first,) = words(preview(dewi, **changed))
    assert first.count(text.replace("}}", "}")) == 5
    assert "root:" not in first


def test_an_unknown_field_is_refused_with_those_that_exist(session, dewi):
    for name, text in (("opening", "{nama} {alamat}"), ("closing", "{nama.__class__}"), ("statement", "{0} x")):
        refused = dewi.post(PLACE + "/baru", {**WISH, name: text})
        assert refused.status_code == 422
        assert "tidak dikenal. Yang ada: {nama}, {nip}, {jabatan}" in refused.text
        assert dewi.post(PLACE + "/pratinjau", {**WISH, name: text}).status_code == 422
    open_brace = dewi.post(PLACE + "/baru", {**WISH, "closing": "{nama"})
    assert "tidak berpasangan" in open_brace.text
    assert "hanya berlaku di kalimat" in dewi.post(PLACE + "/baru", {**WISH, "title": "{nama}"}).text
    assert "Isi pangkat" in dewi.post(PLACE + "/baru", {**WISH, "rank": "", "with_rank": "1"}).text
    assert session.scalar(select(CertificateTemplate)) is None


def test_a_change_of_the_template_changes_no_certificate_that_was_issued(session, ani, dewi, cast, now):
    course = world.a_course(session)
    enrolled = lambda person: world.enrolled(session, person, course, completed_at=now, completed_jp=2, score=80)  # noqa: E731
    plain = issue(session, SYSTEM, enrolled(cast.budi).id, now)
    assert dewi.post(PLACE + "/baru", {**WISH, "course": course.slug}).status_code == 303
    certificate = issue(session, SYSTEM, enrolled(cast.ani).id, now)
    session.commit()
    template = session.scalars(select(CertificateTemplate)).one()
    changed = {**WISH, "course": course.slug, "opening": "diberikan pula kepada", "title": "Piagam", "signer": "Lain"}
    assert dewi.post(f"{PLACE}/{template.public_id}", changed).status_code == 303
    (first,) = words(ani.get(f"/sertifikat/{certificate.public_id}.pdf").content)
    assert "Surat Tanda Tamat Pendidikan dan Pelatihan dianugerahkan kepada Ani Contoh" in first
    assert "Bambang Misalkan" in first
    assert plain.version_id is None
    assert len(session.scalars(select(TemplateVersion)).all()) == 2
    session.expire_all()
    later = issue(session, SYSTEM, enrolled(cast.eko).id, now)
    assert later.facts["document"] == "Piagam"
    shown = dewi.get(f"{PLACE}/{template.public_id}")
    assert "diberikan pula kepada" in shown.text
    assert dewi.get(f"{PLACE}/{template.public_id}/contoh.png").content.startswith(b"\x89PNG")
    assert dewi.get(f"{PLACE}/{template.public_id}/contoh.pdf").content.startswith(b"%PDF")
