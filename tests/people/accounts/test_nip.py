from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.people.accounts.nip import (
    InvalidNip,
    Kind,
    Sex,
    clean,
    grouped,
    masked,
    parse,
    problem,
    warnings,
)

PNS = "198501012010011001"
PPPK = "200012312024211001"


def nip(birth: date, year: int, mark: int, sex: int, serial: int) -> str:
    return f"{birth:%Y%m%d}{year:04}{mark:02}{sex}{serial:03}"


births = st.dates(min_value=date(1950, 1, 1), max_value=date(2008, 12, 31))
serials = st.integers(1, 999)


def test_a_pns_number_gives_birth_appointment_and_sex():
    read = parse(PNS)
    assert (read.kind, read.birth_date, read.sex) == (Kind.PNS, date(1985, 1, 1), Sex.MALE)
    assert (read.appointed_year, read.appointed_month, read.frequency) == (2010, 1, None)
    assert read.serial == "001"


def test_a_pppk_number_has_a_frequency_where_the_month_would_be():
    read = parse(PPPK)
    assert (read.kind, read.birth_date) == (Kind.PPPK, date(2000, 12, 31))
    assert (read.appointed_year, read.appointed_month, read.frequency) == (2024, None, 1)


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        *(("00", Kind.UNKNOWN), ("01", Kind.PNS), ("12", Kind.PNS), ("13", Kind.UNKNOWN)),
        *(("20", Kind.UNKNOWN), ("21", Kind.PPPK), ("29", Kind.PPPK), ("30", Kind.UNKNOWN)),
    ],
)
def test_digits_13_and_14_decide_the_kind(mark: str, kind: Kind):
    assert parse(f"198501012010{mark}1001").kind is kind


@pytest.mark.parametrize(
    "written",
    [
        "19850101 201001 1 001",
        "19850101.201001.1.001",
        "19850101-201001-1-001",
        "'198501012010011001",
        " 198501012010011001\n",
        "19850101\u00a0201001\u202f1\u2009001",
        "\ufeff198501012010011001",
        "19850101\u2013201001\u20131\u2013001",
        "".join(chr(0xFF10 + int(digit)) for digit in PNS),
    ],
)
def test_spaces_dots_and_dashes_do_not_matter(written: str):
    assert clean(written) == PNS
    assert parse(written) == parse(PNS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "NIP belum diisi."),
        (" . - ", "NIP belum diisi."),
        (PNS[:-1], "NIP berisi 17 angka, seharusnya 18."),
        (PNS + "1", "NIP berisi 19 angka, seharusnya 18."),
        ("19850101201001I001", "NIP hanya berisi angka. Hapus huruf atau tanda lain."),
        ("١٩٨٥٠١٠١٢٠١٠٠١١٠٠١", "NIP hanya berisi angka. Hapus huruf atau tanda lain."),
        ("1.98501E+17", "NIP ini terbaca sebagai bilangan. Jadikan kolom NIP teks, lalu isi kembali."),
        (
            "1,98501012010011e17",
            "NIP ini terbaca sebagai bilangan. Jadikan kolom NIP teks, lalu isi kembali.",
        ),
    ],
)
def test_a_refused_number_says_what_is_wrong_with_it(text: str, sentence: str):
    assert problem(text) == sentence
    with pytest.raises(InvalidNip) as refusal:
        parse(text)
    assert refusal.value.message == sentence
    assert warnings(text) == []


@pytest.mark.parametrize("number", [PNS, PPPK])
def test_a_good_number_raises_no_question(number: str):
    assert problem(number) is None
    assert warnings(number) == []


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("198513012010011001", "bukan tanggal lahir"),
        ("198502302010011001", "bukan tanggal lahir"),
        ("198501011985011001", "tidak cocok dengan tahun lahir"),
        ("198501012060011001", "tidak cocok dengan tahun lahir"),
        ("198501012010131001", "Angka 13 dan 14"),
        ("198501012010013001", "Angka 15"),
        ("198501012010011000", "dibulatkan"),
    ],
)
def test_odd_digits_are_warned_about_and_never_refused(number: str, part: str):
    assert parse(number).digits == number
    (warning,) = warnings(number)
    assert part in warning


def test_another_birth_date_is_warned_about():
    assert warnings(PNS, date(1985, 1, 1)) == []
    assert warnings(PNS, date(1985, 1, 2)) == ["Tanggal lahir dalam NIP berbeda dari data pegawai."]


def test_grouped_is_how_people_write_it():
    assert grouped(PNS) == "19850101 201001 1 001"
    assert grouped("123-4") == "1234"


def test_masked_shows_neither_the_number_nor_the_birth_date():
    assert masked(PNS) == "1985**** ****** * 001"
    assert masked("19850101") == "********"


@given(births, st.integers(1968, 2030), st.integers(1, 12), st.integers(1, 2), serials)
def test_every_pns_number_is_read_back(birth: date, year: int, month: int, sex: int, serial: int):
    number = nip(birth, year, month, sex, serial)
    read = parse(grouped(number))
    assert read.digits == number
    assert (read.kind, read.birth_date, read.appointed_year) == (Kind.PNS, birth, year)
    assert read.appointed_month == month
    assert read.sex is (Sex.MALE if sex == 1 else Sex.FEMALE)


@given(births, st.integers(2019, 2030), st.integers(1, 9), serials)
def test_every_pppk_number_is_read_back(birth: date, year: int, frequency: int, serial: int):
    read = parse(nip(birth, year, 20 + frequency, 2, serial))
    assert (read.kind, read.frequency, read.appointed_month) == (Kind.PPPK, frequency, None)


@given(st.text(alphabet="0123456789", min_size=18, max_size=18))
def test_any_18_digits_are_read_without_an_error(digits: str):
    assert parse(digits).digits == digits
    warnings(digits)
    assert clean(grouped(digits)) == digits
    assert digits[4:15] not in masked(digits)


@given(st.text())
def test_any_text_is_either_a_nip_or_has_a_problem(text: str):
    if problem(text) is None:
        assert len(parse(text).digits) == 18
    else:
        with pytest.raises(InvalidNip):
            parse(text)
    assert grouped(grouped(text)) == grouped(text)
    masked(text)
