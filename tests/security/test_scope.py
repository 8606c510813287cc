"""Z3: an OPD admin sees his own OPD, on every screen, in every table and by every search."""

import io
import re
import zipfile

import pytest

from tests import world
from tests.routes import ROWS, filled
from tests.security.test_pages import walk

OWN, FOREIGN = "KENARI", "CANARY"
PLAIN = sorted(row.split(" ", 1)[1] for row in ROWS if row.startswith("GET ") and "{" not in row and "/api/" not in row)


@pytest.fixture
def many(session, cast, objects):
    """Five people in each of three OPDs; all have completed the course."""
    roads = world.a_unit(session, "PUP", "Dinas Pekerjaan Umum Contoh", cast.kabupaten)
    course = session.scalars(world.select(world.Course).filter_by(slug=objects["slug"])).one()
    people = {}
    for place, (unit, mark) in enumerate(((cast.dinas, OWN), (cast.kesehatan, FOREIGN), (roads, FOREIGN))):
        people[unit.code] = []
        for n in range(5):
            nip = f"19900{place + 1}0{n + 1}2015011{place}{n}1"
            person = world.a_person(session, f"{mark} {unit.code} {n} Contoh", nip, unit)
            person.email = f"{mark.lower()}-{unit.code.lower()}-{n}@contoh.test"
            person.activated_at = None
            world.enrolled(
                session,
                person,
                course,
                completed_at=world.THEN,
                completed_jp=2,
                completed_unit_id=unit.id,
                score=90.0,
                batch_id=None,
            )
            people[unit.code].append(person)
    session.commit()
    return people


def words(answer):
    """What an answer says; a workbook is unpacked."""
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return answer.content.decode(errors="replace")


def clean(answer, path, many):
    text = words(answer)
    assert FOREIGN not in text, f"{path} shows people of another OPD"
    assert FOREIGN.lower() not in text, f"{path} shows an address of another OPD's"
    for code in ("KES", "PUP"):
        for person in many[code]:
            assert person.nip not in text.replace(" ", ""), f"{path} shows a NIP of another OPD"
            assert person.public_id not in text, f"{path} names somebody of another OPD"


@pytest.mark.parametrize("name", ["citra", "hana"])
def test_no_page_that_an_opd_admin_or_a_head_can_reach_shows_other_opds(request, many, name):
    """Z3: every page behind every link."""
    visitor = request.getfixturevalue(name)
    pages = walk(visitor, ("/", "/opd/pegawai", *(path for path in PLAIN if visitor.get(path).status_code == 200)))
    assert any(OWN in words(answer) for answer in pages.values())
    for path, answer in pages.items():
        clean(answer, path, many)


QUERIES = (
    "q=CANARY&nama=CANARY",
    "q=Contoh&page=2&halaman=2",
    "unit=KES&opd=KES&unit_kode=KES",
    "unit=KAB",
    "unit=%25&q=%25",
    "q=199002&nip=199002",
    "dari=2026-01-01&sampai=2026-12-31&unit=PUP",
    "format=csv&unit=KES",
    "ditutup=1&q=dinas",
    "role=&status=new&keadaan=new",
)


@pytest.mark.parametrize("query", QUERIES)
def test_no_filter_or_search_leads_out_of_the_opd(citra, many, objects, query):
    """Z3: filters, searches and exports with other OPDs' words, codes and numbers."""
    for path in PLAIN:
        not_led_out(citra, f"{path}?{query}", many)
    for row in ROWS:
        if row.startswith("GET /opd/") and "{sheet}" in row:
            answer = citra.get(f"{filled(row.split(' ', 1)[1], objects)}?{query}")
            clean(answer, row, many)


def not_led_out(visitor, address, many):
    answer = visitor.get(address)
    assert answer.status_code < 500, address
    typed = re.sub(r'value="CANARY"|q=CANARY|“CANARY”|&ldquo;CANARY&rdquo;', "", words(answer))
    # What was typed may come back in the field; people may not.
    assert f"{FOREIGN} KES" not in typed, address
    assert f"{FOREIGN} PUP" not in typed, address
    for code in ("KES", "PUP"):
        assert not any(person.public_id in typed for person in many[code]), address


def test_no_filter_or_search_leads_a_head_out_of_the_unit(hana, many):
    """Z3, on the pages that the role opens."""
    for path in (path for path in PLAIN if path.startswith(("/opd", "/laporan", "/ringkasan", "/kelola"))):
        if hana.get(path).status_code == 200:
            for query in QUERIES:
                not_led_out(hana, f"{path}?{query}", many)


def test_totals_count_the_own_opd_only(citra, fitri, dewi, many):
    """Z3: the number of people found is that of the own OPD."""
    for visitor, text, wanted in ((citra, OWN, 5), (citra, FOREIGN, 0), (fitri, FOREIGN, 5), (dewi, FOREIGN, 10)):
        page = visitor.get("/opd/pegawai", params={"q": text})
        shown = len(set(re.findall(rf"{text} \w+ \d Contoh", words(page))))
        assert shown == wanted
        assert wanted == 0 or re.search(rf"\b{wanted}\b", re.sub(r"<[^>]+>", " ", page.text))


def test_a_sheet_of_codes_keeps_to_the_subtree(citra, many, session):
    """Z3: codes are made for the own OPD only, and the workbook holds nobody else."""
    made = citra.post("/opd/kode", {"unit": "DIK"})
    assert made.status_code == 303, made.text
    for ending in ("", "/slip", "/xlsx"):
        answer = citra.get(made.headers["location"] + ending)
        clean(answer, ending, many)
        assert OWN in words(answer)
