import pytest

from elearn.foundation.errors import Invalid
from elearn.teaching.materials.content import tell
from elearn.teaching.materials.rules import clean_name, guessed_minutes, numbered, picture_name, title_of
from tests.teaching.materials import made


def told(content):
    return tell(lambda start, count: content[start : start + count], len(content))


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (made.pdf("halo"), "pdf", "application/pdf"),
        (made.docx(), "office", "application/zip"),
        (made.picture("PNG"), "image", "image/png"),
        (made.picture("JPEG"), "image", "image/jpeg"),
        (made.picture("WEBP"), "image", "image/webp"),
        (made.mp4(b"vide", b"soun"), "video", "video/mp4"),
        (made.mp4(b"soun", brand=b"M4A "), "audio", "audio/mp4"),
        (made.webm(), "video", "video/webm"),
        (made.webm(codec=b"A_OPUS"), "audio", "audio/webm"),
        (made.mp3(), "audio", "audio/mpeg"),
        (b"ID3\x04" + b"\0" * 60, "audio", "audio/mpeg"),
        (made.ogg(), "audio", "audio/ogg"),
        (made.VTT, "captions", "text/vtt"),
        (b"\xef\xbb\xbf" + made.SRT.encode(), "captions", "text/vtt"),
    ],
)
def test_content_tells_the_kind(content, kind, media_type):
    found = told(content)
    assert (found.kind, found.media_type) == (kind, media_type)


def test_the_length_of_a_video_is_read_from_its_index():
    assert told(made.mp4(b"vide", seconds=95)).seconds == 95


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made.EXE, "program Windows"),
        (b"\x7fELF" + b"\0" * 60, "program"),
        (b"#!/bin/sh\nrm -rf /", "naskah program"),
        (made.HTML, "halaman web"),
        (b"\xef\xbb\xbf  <html>", "halaman web"),
        (b"Halo <script>alert(1)</script>", "halaman web"),
        (made.SVG, "gambar SVG"),
        (b"<svg onload=alert(1)>", "gambar SVG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "Office lama"),
        (b"GIF89a" + b"\0" * 60, "gambar GIF"),
        (made.webm(b"matroska"), "Matroska"),
        (made.mp4(b"vide", brand=b"qt  "), "QuickTime"),
        (made.mp4(brand=b"heic"), "HEIC"),
        (b"\xff\xfe" + "teks".encode("utf-16-le"), "tidak dikenali"),
        (b"\xff\xfb\x90\x00" + b"bukan mp3" * 99, "tidak dikenali"),
        (b"Halo dunia", "tidak dikenali"),
        (b"\0" * 100, "tidak dikenali"),
    ],
)
def test_a_stranger_is_refused_by_what_it_is(content, words):
    with pytest.raises(Invalid, match=words) as refused:
        told(content)
    assert "Berkas harus PDF" in refused.value.message


@pytest.mark.parametrize(
    "content", [made.mp4(b"vide")[:-30], made.box(b"ftyp", b"isom" + b"\0" * 8), b"\0\0\0\x08ftyp"]
)
def test_a_cut_video_is_told(content):
    with pytest.raises(Invalid, match="terpotong"):
        told(content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ani\\Pedoman Cuti.PDF", "Pedoman Cuti.pdf"),
        ("..", "berkas.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "berkas.pdf"),
        ("surat\r\nSet-Cookie: a=b.pdf", "suratSet-Cookie a=b.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("pedoman.exe", "pedoman.pdf"),
        ("Laporan versi 2.1 akhir sekali", "Laporan versi 2.1 akhir sekali.pdf"),
        ("ᮊᮥᮙᮕᮥᮜᮔ᮪ 日本語 é.pdf", "ᮊᮥᮙᮕᮥᮜᮔ᮪ 日本語 é.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
    ],
)
def test_names_lose_what_is_dangerous_and_keep_what_people_wrote(sent, kept):
    assert clean_name(sent, "application/pdf") == kept


def test_a_very_long_name_is_cut_before_its_ending():
    name = clean_name("é" * 5_000 + ".pdf", "application/pdf")
    assert len(name) == 150
    assert name.endswith("é.pdf")


def test_a_title_is_made_of_the_name():
    assert title_of("modul_1_tata naskah.pdf") == "Modul 1 tata naskah"
    assert picture_name("Denah Kantor (baru) é.webp") == "denah-kantor-baru-e.webp"
    assert picture_name("日本.webp") == "gambar.webp"
    assert numbered("denah.webp", {"denah.webp", "denah-2.webp"}) == "denah-3.webp"
    assert guessed_minutes("video", 0, 95) == 2
    assert guessed_minutes("pdf", 12, None) == 24
