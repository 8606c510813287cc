"""Z7: what a form does not ask for cannot be set by sending it."""

from functools import cache

import pytest
from pydantic import BaseModel

from elearn.app import face_modules
from elearn.foundation.database import Base
from elearn.people.accounts.scopes import SCOPES
from tests.routes import API_BODIES, API_ROWS, ROWS, filled
from tests.security.comparing import contents
from tests.security.test_foreign_ids import BODIES, CLASS, MEETING, QUESTION
from tests.security.test_requests import farthest

# What the server alone decides; no input shape may have a field of that name.
SERVERS_OWN = {
    "id", "public_id", "person_id", "owner_id", "made_by", "uploaded_by", "enrolled_by", "actor", "actor_id",
    "password_hash", "token_hash", "totp_secret", "second_factor_at", "activated_at", "status",
    "created_at", "started_at", "finished_at", "submitted_at", "completed_at", "completed_jp", "deadline", "expires_at",
    "score", "points", "passed", "correct", "progress", "percent", "number", "facts", "revoked_at", "withdrawn_at",
    "storage_key", "sha256", "media_type", "size", "path", "state", "seconds_active",
}  # fmt: skip
COLUMNS = sorted({column.name for table in Base.metadata.sorted_tables for column in table.columns})
UNSAFE = sorted(row for row in ROWS if not row.startswith("GET ") and "/api/" not in row)
CANARIES = ("424242", "2099-09-09T09:09:09+00:00")
RIGHT = {
    "POST /saya/tampilan": ("ani", {"locale": "id", "theme": "dark"}),
    "POST /saya/token": ("ani", {"name": "Token contoh", "scopes": "courses:read", "days": "30"}),
    "POST /pelatihan/{slug}/pendaftaran": ("eko", {}),
    "POST /belajar/{activity}/bacaan/selesai": ("ani", {}),
    "POST /kelola/pengguna/baru": ("dewi", {"name": "Hana Contoh", "nip": "199001012015011001", "unit": "DIK"}),
    "POST /kelola/pengguna/{person}/peran": ("dewi", {"role": "instructor"}),
    "POST /kelola/unit/baru": ("dewi", {"code": "DIK.SD9", "name": "SD Contoh 9", "kind": "sekolah", "parent": "DIK"}),
    "POST /kelola/unit/{unit_code}/ubah": ("dewi", {"name": "SD Contoh Satu", "kind": "sekolah"}),
    "POST /opd/pegawai/{person}/ubah": ("dewi", {"name": "Ani Baru", "nip": "198501012010012001", "unit": "DIK.SD1"}),
    "POST /ajar/kuis/{activity}": ("budi", QUESTION),
    "POST /ajar/kuis/{activity}/aturan": ("budi", {"title": "Kuis Baru", "revision": "1"}),
    "POST /ajar/kuis/{activity}/tambahan": (
        "budi",
        {"nip": "198501012010012001", "extra_minutes": "9", "reason": "Contoh"},
    ),
    "POST /ajar/bank/baru": ("budi", {"course": "etika-asn", "name": "Bank Baru"}),
    "POST /kelola/angkatan/baru": ("budi", {"course": "etika-asn", **CLASS}),
    "POST /kelola/angkatan/{cohort}/sesi": ("budi", MEETING),
    "POST /opd/usulan/{cohort}": ("citra", {"nips": "198003032008012003"}),
    "POST /kelola/pendaftaran": ("dewi", {"course": "etika-asn", "by": "unit", "unit": "KES"}),
}


@cache
def shapes():
    """The input shapes of each unsafe route, as its dependencies and body name them."""
    found = {}
    faces = [("", module) for module in face_modules("pages")]
    faces += [("/api/v1", module) for module in face_modules("api")]
    for prefix, module in faces:
        for route in module.router.routes:
            inside = [
                cell.cell_contents
                for dependency in route.dependant.dependencies
                for cell in getattr(dependency.call, "__closure__", None) or ()
            ]
            bodies = [parameter.field_info.annotation for parameter in route.dependant.body_params]
            models = [each for each in (*inside, *bodies) if isinstance(each, type) and issubclass(each, BaseModel)]
            for method in route.methods:
                found[f"{method} {prefix}{route.path}"] = models
    return found


def extras(row, value):
    """Every column of every table, but what the route's own form asks for."""
    asked = {field for shape in shapes().get(row, []) for field in shape.model_fields}
    asked |= set(BODIES.get(row, {})) | set(RIGHT.get(row, ("", {}))[1])
    return {column: value for column in COLUMNS if column not in asked}


def test_no_form_asks_for_what_the_server_decides():
    """Z7: fields that the server manages stand in no input shape."""
    assert any(shapes().values())
    for row, models in shapes().items():
        for shape in models:
            assert not SERVERS_OWN & set(shape.model_fields), f"{row}: {shape.__name__}"


@pytest.mark.parametrize("value", CANARIES)
def test_columns_sent_along_are_ignored_everywhere(everybody, objects, session, value):
    """Z7: all columns of all tables sent to every route that writes; none of the values arrives anywhere."""
    for row in UNSAFE:
        method, path = row.split(" ", 1)
        if path in ("/keluar", "/saya/sesi-lain/akhir"):
            continue
        name = farthest(row)
        data = {**extras(row, value), **BODIES.get(row, {})}
        sent = everybody[name].client.request(method, filled(path, objects), data=data)
        assert sent.status_code < 500, f"{row} as {name}: {sent.status_code}"
    found = [line for lines in contents(session).values() for line in lines if "424242" in line or "2099, 9" in line]
    assert found == []


@pytest.mark.parametrize("row", sorted(RIGHT))
def test_a_right_form_with_columns_sent_along_does_only_what_it_says(row, everybody, objects, session):
    """Z7: the request succeeds, and the database holds none of what was sent along."""
    name, data = RIGHT[row]
    method, path = row.split(" ", 1)
    for value in CANARIES:
        sent = everybody[name].client.request(method, filled(path, objects), data={**extras(row, value), **data})
        # The second time some are refused as a twin; a form with an unknown field may be refused as a whole.
        assert sent.status_code in ((200, 303) if value == CANARIES[0] else (200, 303, 409, 422)), sent.text[:2000]
    found = [line for lines in contents(session).values() for line in lines if "424242" in line or "2099, 9" in line]
    assert found == []


@pytest.mark.parametrize("row", sorted(API_BODIES))
def test_columns_sent_along_to_the_api_are_refused_by_name(row, everybody, objects, session):
    """Z7: a right body of the API with any column of any table beside it is 422, names it, and does nothing."""
    method, path = row.split(" ", 1)
    fields = {field for shape in shapes()[row] for field in shape.model_fields}
    programs = [everybody[name].program(*SCOPES) for name in ("ani", "citra", "dewi")]
    before = contents(session)
    along = dict.fromkeys(set(COLUMNS) - fields, 424242)
    for program in programs:
        sent = program.request(method, filled(path, objects), json={**API_BODIES[row], **along})
        assert sent.status_code == 422
        assert set(sent.json()["errors"]) == set(along)
    assert contents(session) == before


def test_every_body_of_the_api_is_tried():
    """Z7: a route that reads JSON has a right body in tests/routes.py."""
    assert {row for row in API_ROWS if shapes()[row] and not row.startswith("GET ")} == set(API_BODIES)


def test_a_report_of_the_player_takes_only_what_it_asks_for(ani, objects, session):
    """Z7: JSON of the player with columns sent along leaves completion and person to the server."""
    for path in ("/belajar/{activity}/bacaan/waktu", "/belajar/{activity}/dokumen/waktu"):
        data = {"seconds": 1, **dict.fromkeys(set(COLUMNS) - {"seconds", "place", "end"}, 424242)}
        sent = ani.client.post(filled(path, objects), json=data)
        assert sent.status_code in (200, 422)
    rows = [line for lines in contents(session).values() for line in lines]
    assert not any("424242" in line for line in rows)


@pytest.mark.parametrize("place", ["NaN", "Infinity", "-Infinity", "1e400", "-1", "9" * 400, "1e7", '"1"x', "[1]"])
def test_a_number_out_of_this_world_is_refused(ani, objects, place):
    """Numbers of the player: not finite, huge or negative ones are 422, never an error of the server."""
    for path in ("bacaan", "dokumen", "rekaman"):
        address = filled(f"/belajar/{{activity}}/{path}/waktu", objects)
        for body in (f'{{"seconds": 1, "place": {place}}}', f'{{"seconds": {place}}}', place):
            sent = ani.client.post(address, content=body, headers={"Content-Type": "application/json"})
            assert sent.status_code == 422, f"{address} {body[:60]}: {sent.status_code}"
