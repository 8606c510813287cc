"""A history as SIASN gives it, beside our own records."""

import json

import pytest
from sqlalchemy import select

from elearn.foundation.errors import Invalid
from elearn.foundation.tables import Column, xlsx_chunks
from elearn.standards.siasn.comparison import from_json, from_table, history
from elearn.standards.siasn.models import SiasnExport
from elearn.standards.siasn.queries import entry_of
from tests.standards.siasn.ledger import a_line, corrected, known_to_siasn

PLACE = "/kelola/siasn/bandingkan"
OUTSIDE = {"id": "X", "noSertipikat": "Z", "namaKursus": "Dari luar"}


def theirs(person, line, **fields):
    given = {
        "id": f"RW-{line.id}",
        "idPns": person.siasn_id,
        "nipBaru": person.nip,
        "jenisKursusSertifikat": "T",
        "institusiPenyelenggara": "BKPSDM Contoh",
        "jumlahJam": line.jp_recognised,
        "namaKursus": line.title,
        "noSertipikat": line.evidence,
        "tahunKursus": 2026,
        "tanggalKursus": f"{line.started_on:%d-%m-%Y}",
        "tanggalSelesaiKursus": f"{line.ended_on:%d-%m-%Y}",
    }
    return {**given, **fields}


def ticked(page):
    return [part.split('"')[0] for part in page.split('name="found" value="')[1:]]


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_what_is_there_does_not_leave_and_what_differs_leaves_as_a_replacement(dewi, session, cast, now, form):
    known_to_siasn(session, cast.ani)
    same, other, ours = (a_line(session, cast.ani, jp, title=f"Pelatihan {jp}") for jp in (10, 11, 12))
    session.commit()
    rows = [
        theirs(cast.ani, same),
        theirs(cast.ani, other, jumlahJam=9),
        theirs(cast.ani, same, id="X", noSertipikat="Z", namaKursus="Dari luar"),
    ]
    content = json.dumps({"data": rows}).encode()
    if form == "xlsx":
        columns = [Column(name, name, "nip" if name == "nipBaru" else "text") for name in rows[0]]
        content = b"".join(xlsx_chunks(columns, rows))
    page = dewi.post(PLACE, files={"file": (f"rw.{form}", content)}).text
    assert "Dari luar" in page
    # Whose it is, as a file may tell of many people.
    assert page.count("19850101 201001 2 001") == 1
    assert "Pelatihan 12" in page
    found = ticked(page)
    assert found == [f"{same.public_id}:there:10:RW-{same.id}", f"{other.public_id}:differs:9:RW-{other.id}"]
    assert dewi.post(f"{PLACE}/tandai", {"found": found}).status_code == 303
    assert dewi.post(f"{PLACE}/tandai", {"found": found}).status_code == 303
    assert len(session.scalars(select(SiasnExport)).all()) == 2
    page = dewi.get("/kelola/siasn?tahun=2026").text
    assert "1 baru, 1 pengganti" in page
    assert entry_of(session, dewi.actor, other.public_id).sent.siasn_id == f"RW-{other.id}"
    corrected(session, dewi.actor, same, 0, now)
    session.commit()
    assert "1 untuk dihapus" in dewi.get("/kelola/siasn?tahun=2026").text
    assert ours.public_id not in str(found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\n<html>galat</html>", "mungkin halaman galat"),
        (b'{"code": 0, "data": "Data tidak ditemukan"}', "SIASN menjawab &#34;Data tidak ditemukan&#34;"),
        (b'{"success": false, "message": "token mati"}', "SIASN menjawab &#34;token mati&#34;"),
        (b"{", "bukan JSON yang utuh"),
        (b'{"data": 3}', "tidak berisi daftar riwayat"),
        (b"[1]", "tidak berisi daftar riwayat"),
        (b"a;b\n1;2\n", "tidak ada"),
        (b'[{"a": 1}]', "tidak ada"),
    ],
)
def test_what_is_no_history_comes_back_with_a_sentence(dewi, content, said):
    answer = dewi.post(PLACE, files={"file": ("rw.json", content)})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert dewi.post(f"{PLACE}/tandai", {"found": "a:b"}).status_code == 422


def test_both_spellings_and_both_histories_are_read():
    nip = "198501012010012001"
    [kursus] = from_table(["nipBaru", "noSertifikat", "jumlahJam", "tanggalKursus"], [[nip, "7", "10.0", "2026-03-02"]])
    assert (kursus.history, kursus.number, kursus.jp, kursus.first) == ("kursus", "7", 10, "02-03-2026")
    [diklat] = from_json(json.dumps([{"nipBaru": nip, "nomor": "9", "latihanStrukturalId": "3"}]).encode())
    assert (diklat.history, diklat.number) == ("diklat", "9")
    with pytest.raises(Invalid):
        history([{"nipBaru": "123", "noSertipikat": "1"}])
