"""What SIASN would refuse, and what becomes of a record."""

from dataclasses import replace
from datetime import date

import pytest

from elearn.standards.siasn.record import Answered, Entry, Sent, record_of
from elearn.standards.siasn.rules import Tally, judged
from elearn.teaching.delivery.models import DeliveryForm

TODAY = date(2026, 6, 1)
KURSUS = DeliveryForm(code="NKL04", name="Pelatihan jarak jauh", siasn_id=17, siasn_letter="T", history="kursus")
DIKLAT = DeliveryForm(code="KL01", name="Struktural", siasn_id=1, siasn_letter="T", history="diklat")
STUDY = DeliveryForm(code="TB", name="Tugas belajar", siasn_id=None, siasn_letter="", history="tubel")
GOOD = Entry(
    line_id=1,
    line="baris",
    person_id=7,
    person="orang",
    nip="198501012010012001",
    name="Siti Contoh",
    pns_id="A" * 32,
    unit="Dinas Contoh",
    title="Pelatihan Contoh",
    organiser="BKPSDM Contoh",
    evidence="BKPSDM/0001/2026",
    competency="teknis",
    started_on=date(2026, 1, 5),
    ended_on=date(2026, 2, 3),
    jp=20,
    form=KURSUS,
    document=True,
    sent=None,
)


def outcome(*entries):
    return [each.outcome for each in judged(entries, TODAY)]


def sent(entry, change="new", **fields):
    return replace(entry, sent=Sent(entry.record.fingerprint, entry.jp, change, ""), **fields)


def test_a_good_record_leaves_once_and_again_only_when_it_changed():
    assert outcome(GOOD) == ["new"]
    assert outcome(sent(GOOD)) == ["known"]
    assert outcome(sent(GOOD, jp=12)) == ["replacement"]
    assert outcome(sent(GOOD, jp=0)) == ["deletion"]
    gone = sent(replace(GOOD, jp=0), "deletion")
    assert outcome(gone) == ["known"]
    assert outcome(replace(gone, jp=5)) == ["new"]
    assert outcome(replace(GOOD, form=STUDY)) == ["apart"]
    [never] = judged([replace(GOOD, jp=0)], TODAY)
    assert (never.outcome, never.problems[0].href) == ("apart", "/kelola/jp/baris")
    assert "JP yang diakui 0" in never.problems[0].sentence


def test_what_was_revoked_and_had_left_is_to_be_deleted_and_its_replacement_leaves_again():
    taken = {"document": False, "revoked": "lama"}
    assert outcome(sent(GOOD, **taken)) == ["deletion"]
    tally = Tally()
    tally.count(*judged([sent(GOOD, **taken)], TODAY))
    assert (tally.deletion, tally.jp) == (1, 0)
    assert outcome(sent(GOOD, "deletion", **taken)) == ["known"]
    assert outcome(sent(GOOD, "deletion", evidence="BKPSDM/0002/2026")) == ["new"]
    assert outcome(sent(GOOD, evidence="BKPSDM/0002/2026")) == ["replacement"]


def test_what_siasn_refused_waits_until_something_changes_or_somebody_wishes_it():
    refused = replace(GOOD, answered=Answered(GOOD.whole, "tanggal tidak valid", "paket"))
    [found] = judged([refused], TODAY)
    assert (found.outcome, found.problems[0].href) == ("refused", "/kelola/siasn/paket/paket#tangan")
    assert "tanggal tidak valid" in found.problems[0].sentence
    assert outcome(replace(refused, title="Judul lain"), replace(refused, pns_id="B" * 32, person_id=8)) == ["new"] * 2
    assert [each.outcome for each in judged([refused], TODAY, again=True)] == ["new"]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"pns_id": None}, "pnsOrangId"),
        ({"started_on": date(2026, 2, 4)}, "sesudah tanggal selesai"),
        ({"ended_on": date(2026, 6, 2)}, "belum tiba"),
        ({"started_on": date(1900, 1, 1)}, "tidak masuk akal"),
        ({"evidence": " "}, "Nomor sertifikat kosong"),
        ({"evidence": "9" * 101}, "lebih dari 100"),
        ({"title": "x" * 201}, "Nama kegiatan"),
        ({"organiser": ""}, "Institusi penyelenggara"),
        ({"form": DeliveryForm(name="Lain", siasn_id=26, siasn_letter="T", history="kursus")}, "kode di SIASN"),
        ({"form": DeliveryForm(name="Lain", siasn_id=16, siasn_letter="X", history="kursus")}, "kode di SIASN"),
        ({"document": False}, "PDF"),
        ({"document": False, "source": "course"}, "Terbitkan sertifikatnya"),
        ({"document": False, "source": "course", "revoked": "lama"}, "sertifikatnya dicabut"),
        ({"unsigned": True, "certificate": "sah"}, "menunggu tanda tangan"),
        ({"evidence": "", "certificate": "sah"}, "Terbitkan sertifikat penggantinya"),
        ({"evidence": "", "source": "record", "counted": "luar"}, "Batalkan persetujuannya"),
        ({"organiser": "", "source": "placement", "counted": "stay"}, "Batalkan pengesahannya"),
    ],
)
def test_each_refusal_says_why_and_leads_to_where_it_is_mended(fields, word):
    [found] = judged([replace(GOOD, **fields)], TODAY)
    assert found.outcome == "refused"
    [problem] = found.problems
    assert word in problem.sentence
    places = (
        "/opd/pegawai/orang",
        "/kelola/jp/baris",
        "/kelola/sertifikat/",
        "/persetujuan/sertifikat/luar",
        "/kelola/magang/stay",
    )
    assert problem.href.startswith(places)


def test_twins_of_one_person_are_refused_but_not_those_of_two():
    other = replace(GOOD, line_id=2, person_id=8)
    assert outcome(GOOD, other) == ["new", "new"]
    assert outcome(GOOD, replace(GOOD, line_id=2, evidence="bkpsdm/0001/2026 ", title="Lain")) == ["new", "refused"]
    assert outcome(sent(GOOD), replace(GOOD, line_id=2, evidence="Nomor lain")) == ["known", "refused"]


def test_the_tally_holds_what_leaves():
    tally = Tally()
    for each in judged([GOOD, sent(replace(GOOD, person_id=8), jp=3), replace(GOOD, pns_id=None, person_id=9)], TODAY):
        tally.count(each)
    assert tally.counts == {
        "new": 1,
        "replacement": 1,
        "deletion": 0,
        "known": 0,
        "refused": 1,
        "apart": 0,
        "jp": 23,
        "people": 2,
    }


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Diklatpim Tk. IV", "2"),
        ("Diklat PIM IV angkatan 2", "2"),
        ("Diklat Kepemimpinan Tingkat III", "3"),
        ("Pelatihan Kepemimpinan Nasional Tingkat II", "8"),
        ("PIM Tingkat II", "4"),
        ("Pelatihan Kepemimpinan Administrator", "8"),
    ],
)
def test_programmes_of_leadership_have_the_keys_of_the_code_list(title, key):
    assert record_of(replace(GOOD, form=DIKLAT, title=title), 900).fields["latihanStrukturalId"] == key
