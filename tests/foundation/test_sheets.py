import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.foundation.errors import Invalid
from elearn.foundation.sheets import Sheet, SheetRow, read_rows

NIP = "198501012010011001"


def csv_of(content: bytes | str, **limits: int) -> Sheet:
    return read_rows(
        io.BytesIO(content.encode() if isinstance(content, str) else content),
        "orang.csv",
        **limits,
    )


def book(*rows: list[Any], change: Callable[[Any], None] = lambda sheet: None) -> io.BytesIO:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    change(made.active)
    target = io.BytesIO()
    made.save(target)
    return target


def repacked(file: io.BytesIO, change: Callable[[str, bytes], bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(file) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_usual_kinds_of_csv_are_read_alike(sign: str, encoding: str, line_end: str) -> None:
    text = line_end.join([f"nama{sign}nip", f'"Siti{sign} S.É."{sign}{NIP}', ""])
    assert csv_of(text.encode(encoding)) == Sheet(["nama", "nip"], [SheetRow(2, [f"Siti{sign.strip()} S.É.", NIP])])


def test_the_separator_may_be_declared_as_excel_does() -> None:
    assert csv_of("sep=;\r\na;b,c\r\n1;2\r\n") == Sheet(["a", "b,c"], [SheetRow(3, ["1", "2"])])


def test_blank_rows_are_left_out_and_short_rows_filled() -> None:
    assert csv_of("\n a ;b;c;\n\n1\n;;\n x  y ;\xa02\n").rows == [
        SheetRow(4, ["1", "", ""]),
        SheetRow(6, ["x y", "2", ""]),
    ]


def test_a_row_knows_its_line_even_after_a_cell_of_several_lines() -> None:
    assert [row.number for row in csv_of('a;b\n"1\n1";2\n3;4\n').rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "kosong"),
        ("\n\n;;\n", "judul"),
        ("a;b;a\n1;2;3", "dua kali"),
        ("a;b\n1;2;3\n", "Baris 2"),
        ("a;b\n" + "1;2\n" * 11, "lebih dari 10 baris"),
        ("a;b\n" + "x" * 3000, "lebih besar"),
        (b"\x89PNG\x00\x00", "bukan CSV"),
        (b"%PDF-1.4 x", "bukan CSV"),
        (b"\xef\xbb\xbf <table><tr><td>NIP</td></tr></table>", "bukan CSV"),
        (b"a;b\n\x81\x8d;", "tidak dikenal"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS lama"),
        (b"PK\x03\x04 but no zip", "XLSX"),
        (";".join("abcdefgh" + str(n) for n in range(201)), "kolom"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(content: bytes | str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        csv_of(content, max_rows=10, max_bytes=2900)
    assert refused.value.message.endswith(".")


def test_cells_of_a_workbook_become_text_as_a_person_would_write_it() -> None:
    sheet = read_rows(
        book(
            [],
            [
                "teks",
                "hari",
                "saat",
                "jam",
                "benar",
                "bulat",
                "pecahan",
                "kosong",
                "rumus",
            ],
            [
                "  0012 ",
                date(2026, 1, 2),
                datetime.fromisoformat("2026-01-02T03:04"),
                time(3, 4),
                True,
                7,
                1.5,
                None,
                "=1+1",
            ],
        ),
        "orang.xlsx",
    )
    assert sheet.headers[0] == "teks"
    assert sheet.rows == [
        SheetRow(
            3,
            [
                "0012",
                "2026-01-02",
                "2026-01-02 03:04:00",
                "03:04:00",
                "TRUE",
                "7",
                "1.5",
                "",
                "",
            ],
        )
    ]


def test_an_nip_kept_as_text_is_exact_and_one_kept_as_a_number_cannot_pass_for_one() -> None:
    text, number = read_rows(book(["nip"], [NIP], [int(NIP)]), "x").rows
    assert text.values == [NIP]
    assert number.values == ["1.98501E+17"]


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "XFD1048576"])
def test_a_cell_in_the_last_corner_is_refused_before_it_is_laid_out(cell: str) -> None:
    with pytest.raises(Invalid, match="jauh di luar"):
        read_rows(book(["a"], ["1"], change=lambda sheet: sheet.__setitem__(cell, 1)), "x")


def test_cells_that_do_not_say_where_they_are_cannot_reach_far_either() -> None:
    def swell(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return content
        return content.replace(b"</sheetData>", b"<row>" + b"<c/>" * 1_000_000 + b"</row></sheetData>")

    with pytest.raises(Invalid):
        read_rows(repacked(book(["a"], ["1"]), swell), "x")


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    bomb = repacked(
        book(["a"], ["1"]),
        lambda name, content: content + b" " * 150_000_000 if "sheet1" in name else content,
    )
    assert bomb.getbuffer().nbytes < 1_000_000
    with pytest.raises(Invalid, match="terlalu besar"):
        read_rows(bomb, "x")


@pytest.mark.parametrize(
    "mark",
    [b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', b"<!ENTITY a 'b'>"],
)
def test_entities_are_refused_unread(mark: bytes) -> None:
    bad = repacked(
        book(["a"], ["1"]),
        lambda name, content: mark + content if name.endswith(".xml") else content,
    )
    with pytest.raises(Invalid):
        read_rows(bad, "x")


@pytest.mark.parametrize("keep", [30, 2000, 4000])
def test_half_a_workbook_is_refused(keep: int) -> None:
    with pytest.raises(Invalid):
        read_rows(io.BytesIO(book(["a"], ["1"]).getvalue()[:keep]), "x")


def test_another_kind_of_zip_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("content.xml", "<office/>")
    with pytest.raises(Invalid):
        read_rows(target, "x.ods")


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail),
        st.text(max_size=300).map(str.encode),
    )
)
def test_no_bytes_whatever_raise_anything_but_a_refusal(content: bytes) -> None:
    try:
        sheet = csv_of(content)
    except Invalid:
        return
    assert all(len(row.values) == len(sheet.headers) for row in sheet.rows)


@given(st.integers(0, 6000), st.integers(0, 255))
def test_no_flipped_byte_in_a_workbook_raises_anything_but_a_refusal(at: int, value: int) -> None:
    content = bytearray(GOOD)
    content[at % len(content)] = value
    try:
        read_rows(io.BytesIO(bytes(content)), "x")
    except Invalid:
        return


GOOD = book(["nama", "nip"], ["Ani", NIP]).getvalue()
