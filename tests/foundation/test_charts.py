import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from elearn.foundation.charts import Bar, Look, Month, Part, bars, months, status

NAMES = [
    "BKPSDMD",
    "Inspektorat",
    "Dinas Kesehatan",
    "RSUD Contoh",
    "Dinas Pendidikan dan Kebudayaan",
    "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan dan Pelindungan Anak",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Daerah",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
    "Dinas Tanaman Pangan, Hortikultura, Perikanan dan Ketahanan Pangan",
    "Dinas Koperasi, Usaha Kecil dan Menengah, Perindustrian dan Perdagangan",
    "Sekretariat Dewan Perwakilan Rakyat Daerah Kabupaten Contoh",
    "Kecamatan Maro Sebo Ulu",
]
ROWS = [Bar(name, 26.4 - 2 * n, f"{26.4 - 2 * n:.1f}".replace(".", ","), n < 4) for n, name in enumerate(NAMES)]
POINTS = [
    Month(label, None if n in (5, 11) else 100.0 + 90 * n, str(100 + 90 * n))
    for n, label in enumerate(["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"])
]
PARTS = [
    Part("Selesai", 120, "120", Look.FULL),
    Part("Sedang belajar", 64, "64", Look.HATCHED),
    Part("Belum mulai", 30, "30", Look.EMPTY),
    Part("Lewat tenggat", 6, "6", Look.LATE),
]
SAID = {"title": "Rata-rata JP", "description": "Empat dari dua belas mencapai 20 JP."}


def all_charts(narrow: bool) -> list[Markup]:
    return [
        bars(ROWS, name="jp", limit=20, limit_label="batas 20 JP", narrow=narrow, **SAID),
        months(POINTS, name="bulan", limit=500, limit_label="sasaran 500", narrow=narrow, **SAID),
        status(PARTS, name="status", narrow=narrow, **SAID),
    ]


EVERY = [*all_charts(narrow=False), *all_charts(narrow=True)]


def drawn(chart: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(chart))


def texts(chart: Markup) -> list[str]:
    return ["".join(text.itertext()) for text in drawn(chart).iter("text")]


@pytest.mark.parametrize("chart", EVERY)
def test_a_chart_is_small(chart: Markup):
    assert len(chart.encode()) <= 4096


@pytest.mark.parametrize("chart", EVERY)
def test_a_chart_is_an_image_with_a_name_and_a_description(chart: Markup):
    svg = drawn(chart)
    assert svg.get("role") == "img"
    named = [svg.find(f".//*[@id='{key}']") for key in (svg.get("aria-labelledby") or "").split()]
    assert [part is not None and part.text for part in named] == [SAID["title"], SAID["description"]]


@pytest.mark.parametrize("chart", EVERY)
def test_a_chart_keeps_to_the_content_security_policy_and_the_tokens(chart: Markup):
    assert "style=" not in chart
    assert "<style" not in chart
    assert "<script" not in chart
    assert not re.search(r"#[0-9a-f]{3}", chart.replace("url(#", ""))


def test_charts_on_one_page_share_no_id():
    ids = [element.get("id") for chart in EVERY for element in drawn(chart).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    referred = [key for chart in EVERY for key in re.findall(r"url\(#([^)]+)\)", chart)]
    assert referred
    assert set(referred) <= set(ids)


def test_each_form_is_shown_where_it_belongs():
    assert [drawn(chart).get("class") for chart in EVERY] == ["e-ch e-d"] * 3 + ["e-ch e-m"] * 3


@pytest.mark.parametrize("narrow", [False, True])
def test_bars_show_names_values_and_the_limit_in_order(narrow: bool):
    said = texts(bars(ROWS[:3], name="jp", limit=20, limit_label="batas 20 JP", narrow=narrow, **SAID))
    wanted = ["BKPSDMD", "Inspektorat", "Dinas Kesehatan", "26,4", "24,4", "22,4", "batas 20 JP"]
    assert [text for text in said if text in wanted] == wanted


@pytest.mark.parametrize("narrow", [False, True])
def test_bars_are_as_long_as_their_values_and_the_limit_stands_at_its_own(narrow: bool):
    chart = drawn(bars([Bar("A", 10, "10"), Bar("B", 40, "40")], name="x", limit=20, narrow=narrow, **SAID))
    short, long = [float(bar.get("width") or 0) for bar in chart.iter("rect")]
    left = float(next(chart.iter("rect")).get("x") or 0)
    (line,) = [path for path in chart.iter("path") if path.get("class") == "lim"]
    at = float((re.match(r"M([\d.]+)", line.get("d") or "") or [0, 0])[1])
    assert long / short == pytest.approx(4, rel=0.01)
    assert at - left == pytest.approx(2 * short, rel=0.01)


def test_bars_that_reached_are_filled_and_the_others_hatched():
    chart = drawn(bars([Bar("A", 30, "30"), Bar("B", 10, "10", reached=False)], name="x", **SAID))
    filled, hatched = [group for group in chart.iter("g") if group.find("rect") is not None]
    assert filled.get("class") == "b"
    assert hatched.get("fill") == "url(#x-w-h)"


def test_a_long_name_takes_two_lines_and_no_more():
    said = texts(bars([Bar(NAMES[5], 3, "3")], name="x", narrow=True, **SAID))
    assert said[:2] == ["Dinas Pengendalian Penduduk,", "Keluarga Berencana, …"]


def test_months_without_a_value_leave_a_gap():
    chart = drawn(months(POINTS, name="x", **SAID))
    (line,) = [path for path in chart.iter("path") if path.get("fill") == "none"]
    assert (line.get("d") or "").count("M") == 2
    assert len(list(chart.iter("circle"))) == 10


def test_on_a_phone_only_the_last_value_of_a_line_is_written():
    said = texts(months(POINTS, name="x", narrow=True, **SAID))
    assert said[-1] == "1000"
    assert "550" not in said
    assert [label for label in said if label in ("Jan", "Feb", "Mar", "Nov")] == ["Jan", "Mar", "Nov"]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_status_bar_says_every_part_in_words(narrow: bool):
    said = " ".join(texts(status(PARTS, name="x", narrow=narrow, **SAID)))
    assert all(part.label in said and part.text in said for part in PARTS)


def test_the_parts_of_a_status_bar_fill_it():
    rects = [rect for rect in drawn(status(PARTS, name="x", **SAID)).iter("rect") if rect.get("height") == "30"]
    widths = [float(rect.get("width") or 0) + 3 for rect in rects]
    assert sum(widths) == pytest.approx(898, abs=1)
    assert widths[0] / widths[1] == pytest.approx(120 / 64, rel=0.01)


@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_to_show_is_still_a_drawing(narrow: bool):
    for chart in (
        bars([], name="x", narrow=narrow, **SAID),
        bars([Bar("A", 0, "0")], name="x", narrow=narrow, **SAID),
        months([], name="x", narrow=narrow, **SAID),
        months([Month("Jan", None)], name="x", narrow=narrow, **SAID),
        months([Month("Jan", 0, "0")], name="x", narrow=narrow, **SAID),
        status([], name="x", narrow=narrow, **SAID),
        status([Part("Selesai", 0, "0", Look.FULL)], name="x", narrow=narrow, **SAID),
    ):
        assert drawn(chart).get("role") == "img"


def test_names_are_escaped():
    chart = bars([Bar('<b>"&', 1, "<1>")], name="x", title="<t>", description="&d", limit=1, limit_label="<l>")
    assert "<b>" not in chart
    assert {"<1>", "<l>", '<b>"&'} <= set(texts(chart))


@pytest.mark.parametrize("name", ["", "Jp", "1a", 'a"b', "a b"])
def test_a_name_that_would_break_an_id_is_refused(name: str):
    with pytest.raises(ValueError, match="not a name"):
        status(PARTS, name=name, **SAID)


values = st.floats(0, 1e9, allow_nan=False)


@given(st.lists(st.tuples(values, st.booleans()), max_size=15), st.none() | values, st.booleans())
def test_any_values_stay_inside_the_drawing(rows: list[tuple[float, bool]], limit: float | None, narrow: bool):
    chart = drawn(bars([Bar("A", value, "x", ok) for value, ok in rows], name="x", limit=limit, narrow=narrow, **SAID))
    width = float((chart.get("viewBox") or "").split()[2])
    for rect in chart.iter("rect"):
        assert float(rect.get("x") or 0) + float(rect.get("width") or 0) <= width + 0.1
    line = drawn(months([Month("Jan", value, "x") for value, _ in rows], name="x", limit=limit, narrow=narrow, **SAID))
    height = float((line.get("viewBox") or "").split()[3])
    for dot in line.iter("circle"):
        assert 0 <= float(dot.get("cx") or 0) <= width
        assert 0 <= float(dot.get("cy") or 0) <= height
