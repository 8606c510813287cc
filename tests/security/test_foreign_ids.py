"""Z2, Z4 and Z6: an id of somebody else's opens nothing and changes nothing, wherever in a request it stands."""

import pytest

from elearn.foundation.clock import wib_date
from elearn.people.accounts.scopes import SCOPES
from tests import belongings, world
from tests.routes import ABSENT, API_BODIES, API_ROWS, ROWS, filled
from tests.security.comparing import contents
from tests.teaching.materials import made

ACTORS = ("ani", "eko", "budi", "gilang", "citra", "fitri", "dewi")
QUESTION = {"kind": "true_false", "stem": "Diambil", "truth": "benar", "version": "1"}
pytestmark = pytest.mark.usefixtures("morning")
DAY = wib_date(world.MORNING).isoformat()
CLASS = {"name": "Diambil", "form_code": "KL06", "starts_on": DAY, "ends_on": DAY, "revision": "1"}
MEETING = {"title": "Diambil", "day": DAY, "starts": "08:00", "ends": "09:00"}
# A whole and right body for each route that has one; who may would get through with it.
BODIES = {
    "POST /saya/sandi": {"current": "x" * 12, "password": "lima kata yang baru"},
    "POST /kuis/{attempt}/soal/{position}": {"revision": "0", "choice": "1", "answer": "1"},
    "POST /belajar/{activity}/bacaan/soal/{item}": {"choice": "1"},
    "POST /ajar/dokumen/{activity}": {"title": "Diambil", "minutes": "9", "completion": "seen", "revision": "0"},
    "POST /ajar/rekaman/{activity}": {"title": "Diambil", "minutes": "9", "completion": "seen", "revision": "0"},
    "POST /ajar/kuis/{activity}": QUESTION,
    "POST /ajar/kuis/{activity}/teks": {"text": "? Diambil\njawaban: benar"},
    "POST /ajar/kuis/{activity}/ambil": {"source": f"{ABSENT}:", "count": "1"},
    "POST /ajar/kuis/{activity}/soal/{question}": QUESTION,
    "POST /ajar/kuis/{activity}/soal/{question}/pindah": {"ke": "turun"},
    "POST /ajar/kuis/{activity}/aturan": {"title": "Diambil", "revision": "1"},
    "POST /ajar/kuis/{activity}/tambahan": {"nip": "198501012010012001", "extra_minutes": "9", "reason": "Diambil"},
    "POST /ajar/bank/soal/{question}": QUESTION,
    "POST /kelola/sertifikat/{public_id:id}/cabut": {"reason": "Diambil orang lain"},
    "POST /kelola/sertifikat/{public_id:id}/ganti": {"why": "Diambil orang lain"},
    "POST /opd/pegawai/{person}/ubah": {"name": "Diambil", "nip": "199001012015011001", "unit": "KES"},
    "POST /opd/pegawai/{person}/tangguhkan": {"reason": "Diambil"},
    "POST /kelola/pengguna/{person}/peran": {"role": "regency_admin"},
    "POST /kelola/pengguna/{person}/peran/cabut": {"role": "opd_admin", "unit": "DIK"},
    "POST /kelola/unit/{unit_code}/ubah": {"name": "Diambil", "kind": "opd"},
    "POST /kelola/unit/{unit_code}/pindah": {"parent": "KES"},
    "POST /kelola/unit/{unit_code}/tutup": {"people_to": "KES"},
    "POST /impor/pegawai/{roster}/kolom": {"nip": "NIP", "name": "Nama", "unit": "Unit"},
    "POST /kelola/angkatan/{cohort}/ubah": CLASS,
    "POST /kelola/angkatan/{cohort}/salin": {"starts_on": "2027-01-04"},
    "POST /kelola/angkatan/{cohort}/keadaan": {"state": "cancelled"},
    "POST /kelola/angkatan/{cohort}/peserta": {"nips": "199005052015031005"},
    "POST /kelola/angkatan/{cohort}/peserta/{participant}/keluar": {"reason": "Diambil"},
    "POST /kelola/angkatan/{cohort}/kelulusan": {"whom": "clear", "result": "failed", "reason": "Diambil"},
    "POST /kelola/angkatan/{cohort}/sesi": MEETING,
    "POST /kelola/sesi/{class_session}/ubah": MEETING,
    "POST /kelola/sesi/{class_session}/koreksi/{participant}": {"present": "0", "reason": "Diambil"},
    "POST /kelola/program/{programme:id}/ubah": {"title": "Diambil", "courses": "etika-asn", "owner": "DIK"},
    "POST /kelola/program/{programme:id}/aturan": {"unit": "DIK.SD1", "sure": "1"},
    "POST /kelola/program/{programme:id}/unduh": {"format": "csv"},
    "POST /opd/usulan/{cohort}": {"nips": "198501012010012001"},
}
WITH_IDS = sorted(row for row in ROWS if not row.startswith("GET ") and "{" in row and "/api/" not in row)
NESTED = sorted(row for row in ROWS if row.count("{") > 1 and "/api/" not in row)
# Keys that mean something only inside the object before them.
KEYS_WITHIN = ("{item}", "{position}", "{number}")


def refused(row, name):
    """Whether the matrix says that this person may not."""
    rule = ROWS[row]
    if name == "dewi" and " /ajar/" in row:
        # She may teach everywhere; what the matrix says of her there is what Budi has left.
        return False
    wanted = rule.get(name, rule.get("others"))
    return wanted is not None and set(wanted if isinstance(wanted, list) else [wanted]) <= {403, 404}


@pytest.mark.parametrize("row", WITH_IDS)
def test_a_right_request_with_somebody_elses_id_changes_nothing(row, everybody, objects, session):
    """Z2: path ids. Whoever the matrix refuses is refused with a whole and right body as well."""
    method, path = row.split(" ", 1)
    before = contents(session)
    for name in ACTORS:
        if refused(row, name):
            sent = everybody[name].client.request(method, filled(path, objects), data=BODIES.get(row, {}))
            assert sent.status_code in (403, 404), f"{row} as {name}: {sent.status_code}"
    assert contents(session) == before


@pytest.mark.parametrize("row", [row for row in API_ROWS if not row.startswith("GET ") and "{" in row])
def test_a_program_with_somebody_elses_id_changes_nothing(row, everybody, objects, session):
    """Z2: path ids of the API, with a token of every scope; an absent id is answered in the same way."""
    method, path = row.split(" ", 1)
    programs = {name: everybody[name].program(*SCOPES) for name in ACTORS if refused(row, name)}
    before = contents(session)
    for name, program in programs.items():
        sent = program.request(method, filled(path, objects), json=API_BODIES.get(row))
        absent = program.request(method, filled(path, {**objects, **_absent(objects)}), json=API_BODIES.get(row))
        assert (sent.status_code, sent.content) == (404, absent.content), f"{row} as {name}"
    assert contents(session) == before


def _absent(objects):
    return dict.fromkeys(objects.keys() - {"position"}, ABSENT)


def test_an_id_in_a_body_of_the_api_is_looked_up_like_one_in_the_path(citra, objects, cast, session):
    """Z2: a foreign unit or NIP sent by an OPD admin's program is one that does not exist."""
    program = citra.program(*SCOPES)
    before = contents(session)
    for path in ("/api/v1/enrolment-batches", "/api/v1/enrolment-batches/preview"):
        for foreign, unknown in (({"unit": "KES"}, {"unit": "TIDAKADA"}), ({"unit": "KAB"}, {"unit": "TIDAKADA"})):
            sent = program.post(path, json={"course": objects["slug"], **foreign})
            absent = program.post(path, json={"course": objects["slug"], **unknown})
            assert (sent.status_code, sent.content) == (409, absent.content)
    nips = [cast.eko.nip, "199012122015011009"]
    seen = program.post("/api/v1/enrolment-batches/preview", json={"course": objects["slug"], "nips": nips})
    assert seen.json() == {
        "fresh": 0,
        "already": 0,
        "unknown": [{"place": place, "nip": nip} for place, nip in enumerate(nips, start=1)],
        "repeated": [],
    }
    assert contents(session) == before


def test_an_id_in_a_body_is_looked_up_like_one_in_the_path(citra, fitri, objects, cast, session):
    """Z2: body ids. A foreign unit, person or NIP is answered as one that does not exist, and nothing is done."""
    before = contents(session)
    enrol = {"course": objects["slug"], "by": "unit"}
    asked = [
        ("/opd/kode", {"unit": "KES"}, {"unit": "TIDAKADA"}),
        ("/opd/kode", {"person": [cast.eko.public_id]}, {"person": [ABSENT]}),
        ("/opd/kode", {"person": [cast.ani.public_id, cast.eko.public_id]}, {"person": [cast.ani.public_id, ABSENT]}),
        ("/kelola/pendaftaran", {**enrol, "unit": "KES"}, {**enrol, "unit": "TIDAKADA"}),
        ("/kelola/pendaftaran", {**enrol, "unit": "KAB"}, {**enrol, "unit": "TIDAKADA"}),
        ("/kelola/pendaftaran", {**enrol, "by": "nip", "nips": cast.eko.nip}, None),
        ("/kelola/pendaftaran/periksa", {**enrol, "unit": "KES"}, {**enrol, "unit": "TIDAKADA"}),
    ]
    for path, foreign, unknown in asked:
        sent = citra.post(path, foreign)
        assert sent.status_code in (404, 409, 422), f"{path} {foreign}: {sent.status_code}"
        assert "Eko Contoh" not in sent.text
        assert unknown is None or citra.post(path, unknown).status_code == sent.status_code
    seen = citra.post("/kelola/pendaftaran/periksa", {**enrol, "by": "nip", "nips": cast.eko.nip})
    assert "Eko Contoh" not in seen.text
    assert contents(session) == before


def test_an_id_in_a_query_shows_nothing_of_others(citra, objects, cast):
    """Z2: query ids. A foreign unit or person chosen in an address is not found or finds nobody."""
    for path in (
        "/opd/pegawai?unit=KES",
        f"/opd/pegawai?after={cast.eko.public_id}",
        f"/opd/pegawai?before={cast.eko.public_id}",
        "/opd/kode?unit=KES",
        f"/opd/kode?orang={cast.eko.public_id}",
        "/kelola/unit?q=Kesehatan&ditutup=1",
        f"/opd/kode/{objects['sheet']}?unit=KES",
        f"/opd/kode/{objects['sheet']}/slip?unit=KES",
    ):
        asked = citra.get(path)
        assert asked.status_code in (200, 404), path
        assert "Eko Contoh" not in asked.text, path
        assert "Dinas Kesehatan Contoh" not in asked.text, path


@pytest.fixture
def theirs(session, cast):
    """A course of Gilang's, with a file and activities."""
    course = world.a_course(session, "pelatihan-gilang", by=cast.gilang, title="Pelatihan Gilang")
    module = world.a_module(session, course)
    bank = world.a_bank(session, course)
    ids = {
        "slug": course.slug,
        "reading": world.a_reading(session, module).public_id,
        "quiz": world.a_quiz(session, module, bank).public_id,
        "question": world.first_question(session, bank).public_id,
        "document": world.a_document(session, module).public_id,
        "recording": world.a_recording(session, module).public_id,
        **belongings.of_course(session, course),
    }
    session.commit()
    return ids


def test_a_child_of_another_parent_is_not_found(budi, gilang, objects, theirs, session):
    """Z4: `/…/{mine}/…/{theirs}` for every nested route, both ways round."""
    before = contents(session)
    tried = 0
    for row in NESTED:
        method, path = row.split(" ", 1)
        inner = path[path.rindex("{") : path.rindex("}") + 1]
        if inner in KEYS_WITHIN:
            continue
        parent = path[: path.rindex("{")]
        for visitor, mine, foreign in ((budi, objects, theirs), (gilang, theirs, objects)):
            mixed = filled(parent + "THEIRS" + path[path.rindex("}") + 1 :], mine)
            child = filled(path, foreign)[len(filled(parent, foreign)) :].split("/")[0]
            sent = visitor.client.request(method, mixed.replace("THEIRS", child), data=BODIES.get(row, {}))
            assert sent.status_code == 404, f"{row} with {mixed}, {child}: {sent.status_code}"
            tried += 1
    assert tried >= 6
    assert contents(session) == before


def test_a_key_that_the_parent_does_not_have_is_not_found(ani, budi, objects):
    """Z4: an item, position or page that another object has does not exist in this one."""
    for path in (
        f"/belajar/{objects['reading']}/bacaan/soal/soal-99",
        f"/belajar/{objects['reading']}/bacaan/latihan/soal-1",
        f"/kuis/{objects['attempt']}/soal/99",
    ):
        assert ani.post(path, {"choice": "1", "revision": "0"}).status_code == 404, path
    assert ani.get(f"/berkas/{objects['material']}/halaman/2").status_code == 404


def test_a_module_of_another_course_takes_no_file(budi, dewi, objects, theirs, session):
    """Z4: the module that an upload names belongs to the course of the address, also for who teaches both."""
    modules = session.scalars(
        world.select(world.Module.public_id).join(world.Course).filter_by(slug=theirs["slug"])
    ).all()
    before = contents(session)
    address = f"/ajar/{objects['slug']}/berkas"
    for visitor in (budi, dewi):
        for module in (*modules, ABSENT):
            files = {"file": ("pedoman.pdf", made.pdf("Halo"))}
            sent = visitor.client.post(address, files=files, data={"module": module})
            assert sent.status_code == 404, sent.status_code
            assert visitor.post(f"{address}/{objects['material']}/pakai?modul={module}").status_code == 404
    assert contents(session) == before


FILES = ("/berkas/{public_id}", "/berkas/{public_id}/halaman/1")


def test_files_follow_the_right_to_their_course(everybody, objects, session):
    """Z6: whole or in part, files are for who learns or teaches in the course, by real ids only."""
    for path in FILES:
        address = filled(path, objects)
        for name, visitor in everybody.items():
            allowed = name in ("ani", "budi", "dewi")
            for method, headers in (("GET", {}), ("GET", {"Range": "bytes=0-3"})):
                asked = visitor.client.request(method, address, headers=headers)
                wanted = (206 if headers else 200) if allowed else (303 if name == "guest" else 404)
                assert asked.status_code == wanted, f"{method} {address} as {name}: {asked.status_code}"
                if not allowed:
                    assert b"%PDF-1.4 contoh" not in asked.content
                    assert b"Halaman contoh" not in asked.content
                    assert "etag" not in asked.headers
    real = objects["material"]
    guesses = [real[:-1] + sign for sign in "abcdefgh123" if sign != real[-1]]
    for guess in (*guesses, real.upper(), "1", "2", real + "0", "..%2f" + real):
        assert everybody["ani"].get(f"/berkas/{guess}").status_code == 404, guess


def test_no_address_leads_to_the_store_itself(everybody, objects, session):
    """Z6: neither keys of the store nor ways out of the folders of static files give a file."""
    key = session.scalars(world.select(world.Material.storage_key)).first()
    for path in (
        f"/berkas/{key}",
        f"/data/{key}",
        f"/files/{key}",
        "/static/../../settings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static/..%2f..%2fsettings.py",
        "/elearn.db",
        "/data/elearn.db",
    ):
        assert everybody["dewi"].get(path).status_code == 404, path


def test_files_end_with_the_place_in_the_course(ani, objects, session):
    """Z6: after leaving a course, and while it is a draft again, its files are gone for learners."""
    address = filled("/berkas/{public_id}", objects)
    course = session.scalars(world.select(world.Course).filter_by(slug=objects["slug"])).one()
    course.state = "draft"
    session.commit()
    assert ani.get(address).status_code == 404
    course.state = "published"
    session.commit()
    etag = ani.get(address).headers["etag"]
    assert ani.post(f"/pelatihan/{objects['slug']}/pendaftaran/batal").status_code == 303
    for path in FILES:
        assert ani.get(filled(path, objects)).status_code == 404
        assert ani.get(filled(path, objects), headers={"If-None-Match": etag}).status_code == 404
        assert ani.get(filled(path, objects), headers={"Range": "bytes=0-3"}).status_code == 404


def test_files_of_work_and_certificates_are_their_owners(everybody, objects):
    """Z6: what a job made, sheets of codes, refused rows and certificates are for one person each."""
    owners = {
        "/pekerjaan/{public_id}/berkas": ("dewi",),
        "/impor/pegawai/{roster}/ditolak": ("dewi",),
        "/opd/kode/{sheet}/xlsx": ("citra",),
        "/sertifikat/{public_id}.pdf": ("ani",),
    }
    for path, allowed in owners.items():
        for name, visitor in everybody.items():
            for headers in ({}, {"Range": "bytes=0-3"}):
                asked = visitor.get(filled(path, objects), headers=headers)
                if name in allowed:
                    assert asked.status_code in (200, 206), f"{path} as {name}: {asked.status_code}"
                    assert asked.headers["cache-control"] in ("no-store", "private, no-store"), path
                else:
                    assert asked.status_code in (303, 403, 404), f"{path} as {name}: {asked.status_code}"
