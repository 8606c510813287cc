from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.foundation.errors import Invalid
from elearn.foundation.sheets import Sheet, SheetRow, read_rows
from elearn.foundation.tables import Column, xlsx_chunks
from elearn.people.imports.columns import guessed
from elearn.people.imports.roll import asn_kind, read_roll
from tests.people.imports.files import HEADERS, as_csv, nip, row


def roll_of(content, name="pegawai.csv"):
    sheet = read_rows(BytesIO(content), name)
    return read_roll(sheet, guessed(sheet.headers))


def reasons_of(*rows):
    return {each.number: " ".join(each.reasons) for each in roll_of(as_csv(rows)).refused}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_any_usual_csv_is_read(delimiter, encoding):
    roll = roll_of(as_csv([row(1, NAMA="José Contoh")], delimiter=delimiter, encoding=encoding))
    assert [draft.values["name"] for draft in roll.drafts] == ["José Contoh"]
    assert roll.drafts[0].number == 2


def test_a_number_cell_has_lost_digits_and_the_row_says_how_to_mend_it():
    columns = [Column("nip", "NIP", "int"), Column("nama", "Nama")]
    roll = roll_of(b"".join(xlsx_chunks(columns, [(198501012010012001, "Sari Contoh")])), "a.xlsx")
    assert "Jadikan kolom NIP teks" in roll.refused[0].reasons[0]


def test_spaces_quotes_and_the_formula_that_excel_users_write_around_an_nip_are_no_matter():
    written = ["19850101 201001 2 001", "'198501012010012002", '="198501012010012003"']
    roll = roll_of(as_csv([row(1, **{"NIP BARU": each, "EMAIL": ""}) for each in written]))
    assert [draft.nip for draft in roll.drafts] == [f"19850101201001200{n}" for n in (1, 2, 3)]


def test_each_bad_row_says_its_line_and_every_reason():
    reasons = reasons_of(
        row(1),
        row(2, **{"NIP BARU": "123"}),
        row(3, EMAIL="bukan surel"),
        row(4, NAMA='=HYPERLINK("http://jahat.test")'),
        row(1, EMAIL=""),
        row(5, EMAIL="PEGAWAI1@contoh.test"),
        row(6, NAMA="1234"),
        row(7, NAMA="x" * 201),
        row(8, **{"UNOR NAMA": "#REF!"}),
    )
    assert list(reasons) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "seharusnya 18" in reasons[3]
    assert "Surel bukan surel" in reasons[4]
    assert "rumus" in reasons[5]
    assert "sama dengan baris 2" in reasons[6]
    assert "Surel sama dengan baris 2" in reasons[7]


def test_a_row_that_asks_for_a_role_is_refused():
    content = as_csv([[nip(1), "Sari Contoh", "admin"], [nip(2), "Tono Contoh", "peserta"]], ("NIP", "Nama", "Role"))
    roll = roll_of(content)
    assert [each.number for each in roll.refused] == [2]
    assert "tidak memberi peran" in roll.refused[0].reasons[0]


def test_an_odd_nip_is_warned_about_and_imported():
    headers = ("NIP", "Nama", "Tanggal lahir", "Jenis ASN")
    roll = roll_of(as_csv([["198513012010012001", "Sari Contoh", "02-02-1985", "PPPK"]], headers))
    assert len(roll.drafts) == 1
    words = " ".join(each.sentence for each in roll.warnings)
    assert "bukan tanggal lahir" in words
    assert "tidak cocok dengan NIP" in words


def test_kinds_of_civil_servants_are_known_in_many_spellings():
    spelt = {"PNS Daerah": "PNS", "p3k": "PPPK", "PPPK Paruh Waktu": "PPPK_PARUH_WAKTU", "CPNS": "CPNS", "x": None}
    assert {word: asn_kind(word) for word in spelt} == spelt


@given(st.lists(st.lists(st.text(max_size=30), min_size=len(HEADERS), max_size=len(HEADERS)), max_size=20))
def test_no_row_is_lost_or_raises_whatever_it_holds(rows):
    sheet = Sheet(list(HEADERS), [SheetRow(n, cells) for n, cells in enumerate(rows, start=2)])
    assert read_roll(sheet, guessed(sheet.headers)).size == len(rows)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_sentence(content):
    with suppress(Invalid):
        roll_of(content)


def test_a_refused_number_is_shown_as_it_stands_in_the_file():
    assert roll_of(as_csv([row(1, **{"NIP BARU": "1.98501E+17"})])).refused[0].nip == "1.98501E+17"
