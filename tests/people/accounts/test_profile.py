"""Screen 16: what one sees and changes of oneself."""

from datetime import UTC, datetime

import pyotp
import pytest

from elearn.people.accounts.actions import start_session
from elearn.people.accounts.rules import device_of
from elearn.people.accounts.second_factor import secret_of
from tests import academy

CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (CHROME, "Chrome di Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox di Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
            "Safari/537.36 Edg/140.0.0.0",
            "Edge di Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari di iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101", "Linux"),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_device_is_named_as_a_person_would(agent, device):
    assert device_of(agent) == device


def test_the_own_page_holds_all_that_is_ones_own_to_change(ani, session):
    start_session(session, ani.actor, ani.person, datetime.now(UTC), user_agent=CHROME)
    session.commit()
    page = ani.get("/saya").text
    assert "Chrome di Android" in page
    assert "Perangkat ini" in page
    for part in ("/saya/sandi", "/masuk/faktor-kedua", "/saya/token", 'name="locale"', 'name="theme"', "/privasi"):
        assert part in page, part


def test_a_second_factor_can_be_switched_off_by_its_owner(ani, session, now):
    assert "/saya/faktor-kedua/hapus" not in ani.get("/masuk/faktor-kedua").text
    ani.person.totp_confirmed_at = now
    session.commit()
    assert "/saya/faktor-kedua/hapus" in ani.get("/masuk/faktor-kedua").text
    assert ani.post("/saya/faktor-kedua/hapus").status_code == 303
    assert "Matikan" not in ani.get("/masuk/faktor-kedua").text


def test_whose_role_asks_for_a_second_factor_goes_on_to_work_and_others_to_their_page(ani, citra):
    for visitor, leads_to in ((ani, "/saya"), (citra, "/mulai")):
        visitor.post("/masuk/faktor-kedua/mulai")
        visitor.session.expire_all()
        code = pyotp.TOTP(secret_of(visitor.person)).now()
        assert visitor.post("/masuk/faktor-kedua", {"code": code}).headers["location"] == leads_to


def test_single_keys_are_switched_off_on_a_device(citra, cast, session):
    """WCAG 2.1.4."""
    here = f"/persetujuan/sertifikat/{academy.a_record(session, cast.ani).public_id}"
    session.commit()
    shown = citra.get(here).text
    assert ("Tombol cepat: aktif" in shown, shown.count("aria-keyshortcuts") > 3) == (True, True)
    assert citra.post("/saya/tombol", {"keys": "off", "lanjut": here}).headers["location"] == here
    shown = citra.get(here).text
    assert ('data-keys="off"' in shown, "Tombol cepat: mati" in shown) == (True, True)
    assert not [word for word in ("aria-keyshortcuts", "data-key=", "Dengan papan ketik") if word in shown]
    assert "Aktifkan tombol cepat" in citra.get("/saya").text
    away = citra.post("/saya/tombol", {"keys": "on", "lanjut": "https://contoh.test/"})
    assert (away.headers["location"], 'data-keys="off"' in citra.get(here).text) == ("/saya", False)
    assert citra.post("/saya/tombol", {"keys": "kadang"}).status_code == 422
