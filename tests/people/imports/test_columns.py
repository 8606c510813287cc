import pytest

from elearn.foundation.errors import Invalid
from elearn.people.imports.columns import check_mapping, complete, guessed
from tests.people.imports.files import HEADERS


def test_the_headers_of_a_siasn_export_are_known():
    mapping = guessed(HEADERS)
    assert mapping == {
        "nip": "NIP BARU",
        "name": "NAMA",
        "title_before": "GELAR DEPAN",
        "title_after": "GELAR BLK",
        "unit": "UNOR NAMA",
        "position": "JABATAN NAMA",
        "email": "EMAIL",
        "asn_kind": "JENIS PEGAWAI",
    }
    assert complete(mapping)


def test_the_units_code_is_preferred_to_its_name():
    assert guessed(["Unit kerja", "Kode unit", "NIP", "Nama"])["unit"] == "Kode unit"


def test_what_was_chosen_before_wins_over_the_guess():
    mapping = guessed(["NIP", "Nama", "Nama panggilan"], {"name": "Nama panggilan", "phone": "gone"})
    assert mapping["name"] == "Nama panggilan"
    assert "phone" not in mapping


def test_a_column_cannot_be_two_things_and_the_nip_must_be_one():
    with pytest.raises(Invalid) as refusal:
        check_mapping(["A", "B"], {"name": "A", "position": "A", "unit": "C"})
    assert set(refusal.value.fields) == {"name", "position", "unit", "nip"}
