"""Z1: every route has a row that says who may use it; a new route without one is red.

The rows hold for real objects: Ani's own, of Budi's course, of the admins' work. What is absent is in tests/security.
"""

import pytest

from elearn.app import face_modules
from elearn.people.accounts.scopes import SCOPES
from tests.routes import API_BODIES, API_ROWS, ROWS, filled

ACTORS = ("guest", "ani", "eko", "budi", "gilang", "citra", "fitri", "dewi")


def routes():
    """Method and path of every page and API route; the API's carry their prefix."""
    found = [("", module) for module in face_modules("pages")]
    found += [("/api/v1", module) for module in face_modules("api")]
    return {
        f"{method} {prefix}{route.path}"
        for prefix, module in found
        for route in module.router.routes
        for method in route.methods
    }


def test_every_route_has_a_row_and_every_row_a_route():
    there = {route for route in routes() if not route.startswith("HEAD ")}
    assert there - set(ROWS) == set(), "add rows to tests/architecture/authorization.yaml"
    assert set(ROWS) - there == set(), "remove rows of routes that are gone"


@pytest.mark.parametrize("row", sorted(set(ROWS) - set(API_ROWS)))
def test_the_row_holds_for_everybody(row, objects, guest, ani, eko, budi, gilang, citra, fitri, dewi):
    method, path = row.split(" ", 1)
    rule = ROWS[row]
    address = filled(path, objects)
    everybody = dict(zip(ACTORS, (guest, ani, eko, budi, gilang, citra, fitri, dewi), strict=True))
    for name, visitor in everybody.items():
        wanted = rule.get(name, rule.get("others"))
        if wanted is None:
            continue
        ask = visitor.client.request(method, address, data={} if method == "POST" else None)
        allowed = wanted if isinstance(wanted, list) else [wanted]
        assert ask.status_code in allowed, f"{row} as {name}: {ask.status_code}, expected {wanted}"
        if name == "guest" and rule.get("guest") == 303 and not rule.get("public"):
            assert ask.headers["location"].startswith("/masuk"), f"{row}: a guest is sent to sign in"


@pytest.mark.parametrize("row", API_ROWS)
def test_the_row_holds_for_everybodys_programs(row, objects, guest, ani, eko, budi, gilang, citra, fitri, dewi):
    """Scope and role both: a session opens nothing, a token only what its scope names and its owner may."""
    method, path = row.split(" ", 1)
    rule, address, body = ROWS[row], filled(path, objects), API_BODIES.get(row)
    assert guest.client.request(method, address, json=body).status_code == 401
    everybody = dict(zip(ACTORS[1:], (ani, eko, budi, gilang, citra, fitri, dewi), strict=True))
    for name, visitor in everybody.items():
        assert visitor.client.request(method, address, json=body).status_code == 401, f"{row}: {name}'s session"
        blind = visitor.program(*(set(SCOPES) - {rule["scope"]}))
        refused = blind.request(method, address, json=body)
        assert refused.status_code == 403, f"{row}: {name}'s token without {rule['scope']}"
        assert rule["scope"] in refused.json()["detail"]
        asked = visitor.program(rule["scope"]).request(method, address, json=body)
        wanted = rule.get(name, rule.get("others"))
        assert asked.status_code == wanted, f"{row} as {name}: {asked.status_code}, expected {wanted}: {asked.text}"
