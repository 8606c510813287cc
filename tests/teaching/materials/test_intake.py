"""Files are looked into, made light, and gone when they are refused."""

import asyncio
import io
import tracemalloc

import pytest
from PIL import Image
from starlette.requests import Request

from elearn.foundation.errors import Invalid
from elearn.foundation.storage.local import LocalDisk
from elearn.foundation.storage.store import new_key
from elearn.foundation.web.uploads import receive_file
from elearn.teaching.materials.captions import to_vtt, words
from elearn.teaching.materials.intake import take_in
from tests.teaching.materials import made

MB = 1024**2


@pytest.fixture
def files(tmp_path):
    return LocalDisk(tmp_path)


def taken(files, name, content):
    key = new_key()
    stored = files.put(key, iter([content]))
    return take_in(files, key, name, stored.size, stored.sha256)


def test_a_pdf_is_counted(files):
    found = taken(files, "Pedoman.pdf", made.pdf("satu", "dua", "tiga"))
    assert (found.kind, found.pages, found.name) == ("pdf", 3, "Pedoman.pdf")


def test_office_files_are_told_by_their_parts(files):
    assert taken(files, "surat.pdf", made.docx()).name == "surat.docx"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made.pdf("satu" * 500)[:900], "terpotong"),
        (b"%PDF-1.4\n" + b"sampah" * 100 + b"%%EOF", "rusak"),
        (made.locked_pdf(), "kata sandi"),
        (made.archive(), "arsip ZIP"),
        (made.docx(macro=True), "makro"),
        (made.docx()[:-40], "rusak"),
        (made.picture()[:40], "rusak"),
        (made.picture("PNG", (9_000, 9_000)), "megapiksel"),
        (made.EXE, "program Windows"),
        (b"1\n00:00:xx --> 00:00:05,000\nhalo", "Baris 2"),
    ],
)
def test_what_is_broken_is_refused_with_its_reason_and_nothing_stays(files, content, words):
    with pytest.raises(Invalid, match=words) as refused:
        taken(files, "berkas.pdf", content)
    assert refused.value.fields["file"] == refused.value.message
    assert list(files.keys()) == []


def test_a_zip_bomb_is_refused_without_unpacking_it(files):
    bomb = made.docx(bomb=True)
    tracemalloc.start()
    with pytest.raises(Invalid, match="mengembang"):
        taken(files, "bom.docx", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < 2 * MB
    assert peak < 20 * MB


def test_a_pdf_with_too_many_pages_names_the_limit(files):
    with pytest.raises(Invalid, match="401 halaman, paling banyak 400"):
        taken(files, "tebal.pdf", made.pdf(*["x"] * 401))


def test_a_picture_becomes_small_and_loses_where_it_was_taken(files):
    exif = Image.Exif()
    exif[0x010F] = "Kamera Contoh"
    found = taken(files, "IMG_1.JPG", made.picture("JPEG", (3_200, 1_600), exif=exif))
    assert (found.media_type, found.width, found.height, found.name) == ("image/webp", 1600, 800, "IMG_1.webp")
    with Image.open(io.BytesIO(files.read(found.key))) as kept:
        assert not kept.getexif()
    assert list(files.keys()) == [found.key]


def test_subrip_becomes_webvtt(files):
    found = taken(files, "takarir.srt", made.SRT.replace("\n", "\r\n").encode())
    vtt = files.read(found.key)
    assert found.name == "takarir.vtt"
    assert vtt.startswith(b"WEBVTT\n\n00:00:01.000 --> 00:00:04.500\nSelamat <b>datang</b>")
    assert words(vtt) == "Selamat datang\ndi pelatihan"
    assert to_vtt(made.VTT).startswith(b"WEBVTT")


def sending(content, *, fields=(), name="file", file_name="video.mp4"):
    """A request that sends a form piece by piece; `content` is an iterable of bytes."""

    def body():
        for key, value in fields:
            yield f'--batas\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        yield f'--batas\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'.encode()
        yield from content
        yield b'\r\n--batas\r\nContent-Disposition: form-data; name="after"\r\n\r\nakhir\r\n--batas--\r\n'

    pieces = body()

    async def receive():
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    headers = [(b"content-type", b"multipart/form-data; boundary=batas")]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_memory_stays_flat_for_a_big_upload(files):
    size = 200 * MB
    video = made.mp4(b"vide", media=b"")[:-8] + (size + 8).to_bytes(4, "big") + b"mdat"

    def content():
        yield video
        for _n in range(size // 65_536):
            yield bytes(65_536)

    tracemalloc.start()
    received = asyncio.run(receive_file(sending(content()), files, limit=300 * MB))
    found = take_in(files, received.key, received.name, received.size, received.sha256)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.kind, found.size) == ("video", len(video) + size)
    assert peak < 16 * MB


def test_fields_before_and_after_the_file_arrive(files):
    request = sending([b"isi"], fields=[("module", "abc")])
    received = asyncio.run(receive_file(request, files, limit=MB))
    assert received.fields == {"module": "abc", "after": "akhir"}
    assert files.read(received.key) == b"isi"


@pytest.mark.parametrize(
    ("options", "content", "words"),
    [
        ({}, [], "kosong"),
        ({"file_name": ""}, [], "Pilih berkas"),
        ({"name": "lain"}, [b"isi"], "Pilih berkas"),
        ({}, [b"x" * MB] * 3, "lebih besar dari 2 MB"),
    ],
)
def test_a_form_without_a_usable_file_is_refused_and_nothing_stays(files, options, content, words):
    with pytest.raises(Invalid, match=words):
        asyncio.run(receive_file(sending(content, **options), files, limit=2 * MB))
    assert list(files.keys()) == []


def test_a_broken_form_is_refused(files):
    async def receive():
        return {"type": "http.request", "body": b"bukan formulir", "more_body": False}

    for kind in (b"multipart/form-data; boundary=batas", b"multipart/form-data", b"application/json"):
        request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}, receive)
        with pytest.raises(Invalid):
            asyncio.run(receive_file(request, files, limit=MB))
    assert list(files.keys()) == []
