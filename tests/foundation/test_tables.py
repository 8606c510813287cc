import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import load_workbook

from elearn.foundation.sheets import read_rows
from elearn.foundation.tables import (
    Column,
    csv_chunks,
    grouped_nip,
    json_chunks,
    xlsx_chunks,
    xlsx_file,
)

NIP = "198501012010011001"
COLUMNS = [
    Column("name", "Nama"),
    Column("nip", "NIP", "nip"),
    Column("jp", "JP", "decimal"),
    Column("n", "Nilai", "int"),
    Column("on", "Selesai", "date"),
    Column("at", "Masuk", "moment"),
]
# 23 November, 20.30 in UTC is the 24th in WIB.
LATE = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
ROW = ("Ani", NIP, Decimal("2.50"), -3, LATE, LATE)


def as_csv(columns: list[Column], rows: list[Any]) -> list[list[str]]:
    text = b"".join(csv_chunks(columns, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def as_xlsx(columns: list[Column], rows: list[Any]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_chunks(columns, rows)))).active


def test_csv_is_what_excel_with_indonesian_settings_opens() -> None:
    content = b"".join(csv_chunks(COLUMNS, [ROW]))
    assert content.startswith("\ufeffNama;NIP;JP;Nilai;Selesai;Masuk\r\n".encode())
    assert as_csv(COLUMNS, [ROW])[1] == [
        "Ani",
        "19850101 201001 1 001",
        "2,50",
        "-3",
        "2026-11-24",
        "2026-11-24 03:30",
    ]


def test_rows_may_be_mappings_and_cells_may_be_missing() -> None:
    assert as_csv(COLUMNS, [{"name": "Ani"}])[1] == ["Ani", "", "", "", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+62811",
        "-1",
        "@x",
        "\t=1",
        "\r=1",
        "\n=1",
        "|calc",
        "%0",
        "＝1",
        " =1",
        "'=1",
    ],
)
@pytest.mark.parametrize("column", [Column("a", "A"), Column("a", "A", "nip"), Column("a", "A", "int")])
def test_nothing_a_person_wrote_becomes_a_formula_in_csv(column: Column, text: str) -> None:
    assert as_csv([column], [(text,)])[1][0].startswith("'")


def test_a_header_becomes_no_formula_either() -> None:
    assert as_csv([Column("a", "=A1")], []) == [["'=A1"]]


@given(st.text(), st.sampled_from(["text", "nip", "int", "decimal", "date", "moment"]))
@example('=HYPERLINK("http://x")', "text")
@example('"\n=1', "text")
@example("\ud800", "text")
def test_no_text_whatever_breaks_a_row_or_begins_a_formula(text: str, kind: Any) -> None:
    cells = as_csv([Column("a", "A", kind), Column("b", "B")], [(text, "next")])[1]
    assert len(cells) == 2
    assert cells[1] == "next"
    assert not cells[0].startswith(("=", "+", "-", "@", "|", "%", "\t", "\r"))
    assert not cells[0].lstrip().startswith(("=", "@"))


def test_xlsx_keeps_text_as_text_and_digits_as_digits() -> None:
    sheet = as_xlsx(COLUMNS, [("=1+1", NIP, Decimal("2.5"), 7, date(2026, 1, 2), LATE)])
    name, nip, jp, n, on, at = next(sheet.iter_rows(min_row=2))
    assert (name.value, name.data_type) == (
        "=1+1",
        "s",
    ) or name.data_type == "inlineStr"
    assert (nip.value, nip.data_type) in {(NIP, "s"), (NIP, "inlineStr")}
    assert (jp.value, n.value) == (2.5, 7)
    assert (on.value, on.number_format) == (datetime.fromisoformat("2026-01-02"), "yyyy-mm-dd")
    assert at.value == datetime.fromisoformat("2026-11-24T03:30")


def test_xlsx_is_read_the_same_by_another_reader() -> None:
    content = b"".join(xlsx_chunks(COLUMNS, [("0012", NIP, 1, 2, date(2026, 1, 2), None)]))
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:2] == ["0012", NIP]
    assert rows[1][4] in (date(2026, 1, 2), datetime.fromisoformat("2026-01-02"))


def test_an_xlsx_without_rows_still_has_its_header() -> None:
    sheet = as_xlsx(COLUMNS, [])
    assert [cell.value for cell in sheet[1]] == [column.label for column in COLUMNS]
    assert all(cell.value is None for row in sheet.iter_rows(min_row=2) for cell in row)


def test_two_columns_may_bear_the_same_label() -> None:
    sheet = as_xlsx([Column("a", "A"), Column("b", "A")], [("1", "2")])
    assert [cell.value for cell in sheet[2]] == ["1", "2"]


def test_a_text_longer_than_a_cell_is_cut_not_refused() -> None:
    assert len(as_xlsx([Column("a", "A")], [("x" * 40_000,)])["A2"].value) == 32_767


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_survives_xlsx_without_becoming_a_formula(
    rows: list[tuple[str, str]],
) -> None:
    sheet = as_xlsx([Column("a", "A"), Column("b", "B")], rows)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_json_has_numbers_as_numbers_and_the_plain_nip() -> None:
    assert json.loads(b"".join(json_chunks(COLUMNS, [ROW, ROW])))[1] == {
        "name": "Ani",
        "nip": NIP,
        "jp": 2.5,
        "n": -3,
        "on": "2026-11-24",
        "at": "2026-11-24T03:30+07:00",
    }
    assert json.loads(b"".join(json_chunks(COLUMNS, []))) == []


def test_only_eighteen_digits_are_grouped() -> None:
    assert grouped_nip(NIP) == "19850101 201001 1 001"
    assert grouped_nip("12345") == "12345"
    assert grouped_nip("x" * 18) == "x" * 18


@pytest.mark.load
@pytest.mark.parametrize("write", [csv_chunks, json_chunks])
def test_memory_stays_flat_over_many_rows(write: Any) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for _n in range(60_000):
            yield ROW

    tracemalloc.start()
    size = sum(len(chunk) for chunk in write(COLUMNS, rows()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 3_000_000
    assert peak < 2_000_000


def test_what_was_exported_can_be_imported(tmp_path: Path) -> None:
    target = tmp_path / "orang.xlsx"
    xlsx_file(COLUMNS[:2], [("Ani", NIP)], target)
    with target.open("rb") as file:
        assert read_rows(file, "orang.xlsx").rows[0].values == ["Ani", NIP]
    exported = io.BytesIO(b"".join(csv_chunks(COLUMNS[:2], [("Ani; dkk", NIP)])))
    assert read_rows(exported, "orang.csv").rows[0].values == [
        "Ani; dkk",
        "19850101 201001 1 001",
    ]
