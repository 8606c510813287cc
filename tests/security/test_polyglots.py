"""U6: files in disguise are refused or stored inert, and served as what they are."""

import io
import re
import zipfile

import pikepdf
import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import select

from elearn.teaching.materials.models import Material
from tests import world
from tests.teaching.materials import made

pytestmark = pytest.mark.words_alone

EVIL = b"<script>kanari()</script>"
SHOWN = ("image/webp", "application/pdf", "text/vtt", "audio/", "video/")
OFFICE = "application/vnd.openxmlformats-officedocument."


def pdf_with_script():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.pdf("Halo"))) as document:
        script = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
        document.Root.OpenAction = script
        document.save(out)
    return out.getvalue()


def png_with_words():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", EVIL.decode())
    return made.picture("PNG", pnginfo=words)


def jpeg_with_words():
    exif = Image.Exif()
    exif[0x010E] = EVIL.decode()
    return made.picture("JPEG", exif=exif.tobytes(), comment=EVIL)


def docx_holding(name, content):
    out = io.BytesIO(made.docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
BIG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + b"\0" * 64
CORPUS = {
    "halaman.pdf": made.HTML,
    "halaman.png": made.HTML,
    "halaman.docx": made.HTML,
    "halaman.mp4": made.HTML,
    "halaman.vtt": made.HTML,
    "halaman.html": made.HTML,
    "bom.html": b"\xef\xbb\xbf" + made.HTML,
    "utf16.html": made.HTML.decode().encode("utf-16"),
    "spasi.pdf": b" \n\t" * 900 + made.HTML,
    "komentar.pdf": b"<!-- %PDF-1.4 -->" + made.HTML,
    "gambar.svg": made.SVG,
    "gambar.svg.png": made.SVG,
    "gambar.svgz": b"\x1f\x8b" + made.SVG,
    "tanpa-kepala.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="kanari()"/>',
    "lama.gif": b"GIF89a/*" + EVIL + b"*/=1;kanari()",
    "lama.bmp": b"BM" + EVIL * 20,
    "skrip.pdf": pdf_with_script(),
    "ekor.pdf": made.pdf("Halo") + made.HTML,
    "ganda.pdf": made.pdf("Halo") + made.archive(),
    "kepala.pdf": b"%PDF-1.4\n" + made.HTML,
    "terkunci.pdf": made.locked_pdf(),
    "makro.docx": made.docx(macro=True),
    "makro.docm": made.docx(macro=True),
    "eicar.docx": docx_holding("word/embeddings/eicar.com", EICAR),
    "html.docx": docx_holding("word/afchunk.html", made.HTML),
    "keluar.docx": docx_holding("../../../etc/cron.d/x", b"x"),
    "arsip.docx": made.archive(),
    "bom.docx": made.docx(bomb=True),
    "shell.php": b"<?php system($_GET['c']); ?>",
    "shell.pdf.php": made.pdf("Halo"),
    "shell.php.pdf": b"<?php system($_GET['c']); ?>",
    "shell.php\x00.pdf": made.pdf("Halo"),
    "gambar.phtml": png_with_words(),
    "eicar.com": EICAR,
    "eicar.pdf": EICAR,
    "program.pdf": made.EXE,
    "program.mp4": b"\x7fELF" + b"\0" * 200,
    "naskah.sh": b"#!/bin/sh\nrm -rf /\n",
    "kata.png": png_with_words(),
    "kata.jpg": jpeg_with_words(),
    "ekor.png": made.picture() + made.HTML,
    "ekor.jpg": made.picture("JPEG") + made.archive(),
    "ekor.webp": made.picture("WEBP") + made.HTML,
    "raksasa.png": BIG,
    "film.html": made.mp4(b"vide", media=EVIL * 20),
    "film.mkv": made.webm(b"matroska"),
    "film.mov": made.mp4(b"vide", brand=b"qt  "),
    "foto.heic": made.mp4(b"vide", brand=b"heic"),
    "lagu.mp3": b"ID3\x03\0\0\0\0\0\x40" + EVIL * 20 + made.mp3(),
    "takarir.vtt": b"WEBVTT\n\n00:01.000 --> 00:04.000\n" + EVIL + b"<b onclick=kanari()>a</b>\n",
    "takarir.srt": b"1\n00:00:01,000 --> 00:00:04,500\n" + EVIL + b"\n",
    "kosong.pdf": b"",
    "satu.png": b"\x89",
    "data.json": b'{"a": 1}',
    "gaya.css": b"body{background:url(//evil.example)}",
    "../../../../etc/x.pdf": made.pdf("Halo"),
    "C:\\Windows\\x.pdf": made.pdf("Halo"),
    "tajuk.pdf\r\nX-Evil: 1": made.pdf("Halo"),
    "terbalik\u202efdp.exe": made.pdf("Halo"),
    "a" * 300 + ".pdf": made.pdf("Halo"),
    '"><script>kanari()</script>.pdf': made.pdf("Halo"),
}


@pytest.fixture
def course(session, cast):
    made_course = world.a_course(session, by=cast.budi, state="draft")
    world.a_module(session, made_course)
    session.commit()
    return made_course


def test_the_corpus_is_large_enough():
    """U6: at least 40 files."""
    assert len(CORPUS) >= 40


@pytest.mark.parametrize("name", CORPUS)
@pytest.mark.parametrize("door", ["berkas", "gambar"])
def test_a_file_in_disguise_is_refused_or_inert(budi, course, session, name, door):
    """U6: refused with a sentence and nothing kept; or served with its type, `nosniff`, and nothing that runs."""
    sent = budi.client.post(f"/ajar/{course.slug}/{door}", files={"file": (name, CORPUS[name])})
    assert sent.status_code in (303, 422), sent.status_code
    kept = session.scalars(select(Material)).all()
    if sent.status_code == 422:
        assert kept == [], "what is refused leaves nothing"
        assert "kanari()</script>" not in sent.text.replace("&lt;", "<") or "&lt;script" in sent.text
        return
    (material,) = kept
    answer = budi.get(f"/berkas/{material.public_id}")
    assert answer.status_code == 200
    type_told = answer.headers["content-type"].split(";")[0]
    assert type_told.startswith((*SHOWN, OFFICE)), type_told
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    shown_as = answer.headers["content-disposition"]
    assert shown_as.startswith("attachment") or type_told.startswith(SHOWN)
    assert not re.search(r"[\x00-\x1f/\\]|\.\.", material.file_name.replace(" ", "")), material.file_name
    assert not material.file_name.endswith((".php", ".html", ".phtml", ".exe", ".docm", ".com"))
    assert "x-evil" not in answer.headers
    if type_told == "image/webp":
        assert b"<script" not in answer.content, "pictures are drawn anew"
        width, height = Image.open(io.BytesIO(answer.content)).size
        assert width * height <= 50_000_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (made.EXE, "EXE"),
        (made.locked_pdf(), "sandi"),
        (b"%PDF-1.4\nrusak", "PDF"),
        (made.docx(macro=True), "makro"),
        (made.HTML, "HTML"),
    ],
)
def test_a_refusal_says_what_to_do(budi, course, content, words):
    """Each broken rule has a sentence of its own, in a summary that leads to the field, also for scripts."""
    sent = budi.client.post(f"/ajar/{course.slug}/berkas", files={"file": ("berkas.pdf", content)})
    assert sent.status_code == 422
    assert words in sent.text
    told = budi.client.post(
        f"/ajar/{course.slug}/berkas",
        files={"file": ("berkas.pdf", content)},
        headers={"Accept": "application/json"},
    )
    assert told.status_code == 422
    assert words in told.json()["error"]
