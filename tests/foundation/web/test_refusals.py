"""What a person reads when something cannot be done: what happened, is the work safe, what to do next, a code."""

import re

import pytest
from fastapi import HTTPException
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from elearn.app import create_app
from elearn.foundation.errors import Conflict, Forbidden, Invalid, NotFound, TooOften

WRONG = {
    403: Forbidden(),
    404: NotFound(),
    405: HTTPException(405),
    409: Conflict(),
    413: HTTPException(413),
    422: Invalid(),
    429: TooOften("", 40),
    500: ZeroDivisionError(),
    503: OperationalError("SELECT 1", {}, Exception("gone")),
}
INDONESIAN = re.compile(r"\b(Anda|yang|tidak|sudah|kode|lagi)\b", re.IGNORECASE)


@pytest.fixture
def broken(database):
    """An application with an address for each thing that can go wrong: /salah/409 and so on."""
    made = create_app(database)

    def fail(status: int) -> None:
        # Otherwise it would carry the tracebacks of the times before along.
        raise WRONG[status].with_traceback(None)

    made.add_api_route("/salah/{status}", fail, methods=["GET", "POST"])
    headers = {"Sec-Fetch-Site": "same-origin", "Referer": "http://testserver/saya?dari=sini"}
    return TestClient(made, raise_server_exceptions=False, headers=headers)


def said(response) -> str:
    main = response.text.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.parametrize("status", WRONG)
def test_an_error_says_what_happened_whether_the_work_is_safe_and_what_to_do(broken, status):
    shown = broken.get(f"/salah/{status}")
    assert shown.status_code == status
    assert '<html lang="id"' in shown.text
    assert "Tidak ada data Anda yang hilang." in said(shown) or "tetap aman" in said(shown)
    assert "Hubungi admin" in said(shown)
    code = f"{status}-{shown.headers['X-Request-Id'][-4:].upper()}"
    assert code in said(shown), "the help desk finds the lines of the log by the request id's last signs"
    assert shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize("status", WRONG)
def test_an_error_is_told_in_english_too(broken, status):
    shown = broken.get(f"/salah/{status}", headers={"Cookie": "bahasa=en"})
    assert '<html lang="en"' in shown.text
    assert not INDONESIAN.search(said(shown)), said(shown)


@pytest.mark.parametrize("status", WRONG)
def test_a_form_that_failed_leads_back_to_the_page_it_came_from(broken, status):
    shown = broken.post(f"/salah/{status}")
    assert "belum tersimpan" in said(shown)
    assert 'href="/saya?dari=sini"' in shown.text
    assert f'href="/salah/{status}"' not in shown.text, "a form's address takes no GET"


def test_a_form_of_another_site_leads_nowhere(broken):
    shown = broken.post("/salah/500", headers={"Referer": "https://lain.example/jebakan"})
    assert "jebakan" not in shown.text


def test_an_address_that_looks_like_another_site_is_not_tried_again(broken):
    shown = broken.get("//lain.example/salah", headers={"Host": "testserver"})
    assert 'href="//' not in shown.text


def test_a_page_that_is_busy_says_when_to_come_back(broken):
    assert broken.get("/salah/429").headers["Retry-After"] == "40"
    assert broken.get("/salah/503").headers["Retry-After"] == "30"


def test_a_form_sent_by_another_site_is_refused_with_a_page(broken):
    shown = broken.post("/salah/404", headers={"Sec-Fetch-Site": "cross-site"})
    assert shown.status_code == 403
    assert "situs lain" in said(shown)


def test_a_wrong_value_in_an_address_is_told_in_plain_words(ani):
    shown = ani.get("/pelatihan?halaman=banyak")
    assert "Input should be" not in shown.text
