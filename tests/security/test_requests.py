"""W1: a state change needs the site's own page, the right method and the right kind of body."""

import pytest

from tests.routes import ROWS, filled
from tests.security.comparing import contents

# Who gets farthest into an action is who may do it; the regency's admin where a row names nobody.
WHO = ("ani", "budi", "citra", "dewi")
UNSAFE = sorted(row for row in ROWS if not row.startswith("GET ") and "/api/" not in row)
POST_ONLY = sorted(row for row in UNSAFE if f"GET {row.split(' ', 1)[1]}" not in ROWS)


def farthest(row):
    """The member of the cast whom the matrix lets do this action, or nearest to it."""
    rule = ROWS[row]
    done = {name: rule.get(name, rule.get("others")) for name in WHO}
    return min(reversed(WHO), key=lambda name: done[name] in (None, 403, 404, [403, 404]))


@pytest.mark.words_alone
def test_another_site_changes_nothing_whatever_the_route(everybody, objects, session):
    before = contents(session)
    for row in UNSAFE:
        method, path = row.split(" ", 1)
        name = farthest(row)
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "", "Origin": "null"},
        ):
            client = everybody[name].client
            sent = client.request(method, filled(path, objects), headers=headers, data={"title": "jahat"})
            assert sent.status_code == 403, f"{row} as {name} with {headers}: {sent.status_code}"
    assert contents(session) == before


def test_reading_the_address_of_an_action_does_nothing(everybody, objects, session):
    before = contents(session)
    for row in POST_ONLY:
        path, name = filled(row.split(" ", 1)[1], objects), farthest(row)
        asked = everybody[name].get(path)
        assert asked.status_code in (404, 405), f"GET {path} as {name}: {asked.status_code}"
    assert contents(session) == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        # Refused before anything is asked of a database.
        pytest.param(b'{"title": "x"}', "application/json", marks=pytest.mark.words_alone),
        pytest.param(b"title=x", "text/plain", marks=pytest.mark.words_alone),
        pytest.param(b"<a/>", "text/xml", marks=pytest.mark.words_alone),
        pytest.param(b"--x\r\nbroken", "multipart/form-data; boundary=x", marks=pytest.mark.words_alone),
        pytest.param(b"", "multipart/form-data", marks=pytest.mark.words_alone),
        pytest.param(b"a" * 70_000, "application/x-www-form-urlencoded", marks=pytest.mark.words_alone),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"a[b][c]=1&a=%00&a=%F0%9F%98%80", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_of_the_wrong_kind_is_no_server_error(everybody, objects, body, kind):
    for row in UNSAFE:
        (method, path), name = row.split(" ", 1), farthest(row)
        client = everybody[name].client
        sent = client.request(method, filled(path, objects), content=body, headers={"Content-Type": kind})
        assert sent.status_code < 500, f"{row} as {name} with {kind}: {sent.status_code}"


@pytest.mark.parametrize(
    "strange", ["%00", "%F0%9F%98%80", "..%2F..%2Fetc%2Fpasswd", "9" * 400, "-1", "%27%20OR%201=1"]
)
def test_a_strange_id_is_not_found(everybody, objects, strange):
    for row in sorted(ROWS):
        method, path = row.split(" ", 1)
        if "{" not in path or "/api/" in path:
            continue
        asked = everybody["dewi"].client.request(method, filled(path, dict.fromkeys(objects, strange), strange))
        assert asked.status_code in (303, 403, 404, 405, 422), f"{row} with {strange}: {asked.status_code}"


def test_a_strange_query_is_no_server_error(everybody, objects):
    for row in sorted(row for row in ROWS if row.startswith("GET ") and "/api/" not in row):
        path = filled(row.split(" ", 1)[1], objects)
        for query in ("halaman=-1&page=x&after=%00", "q=%00%F0%9F%98%80%27%22%3C", "dari=2026-13-99&sampai=x&unit=%27"):
            asked = everybody["dewi"].get(f"{path}?{query}")
            assert asked.status_code < 500, f"{path}?{query}: {asked.status_code}"
