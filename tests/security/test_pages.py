"""W2 and Q1 over every page that somebody can walk to: headers, no inline code, no dead link, no key."""

import html
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from elearn.app import create_app
from elearn.foundation import settings as configuration
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.passwords import hash_password

pytestmark = pytest.mark.words_alone

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)|<img\b[^>]*\bsrc="(/[^"#]*)')
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)|\son[a-z]+=|\sstyle=|javascript:", re.IGNORECASE)
SOURCES = ("'self'", "'none'", "data:", "blob:")


def walk(visitor, starts=("/",)):
    """Every page that can be reached by links, with its answer; forms are not sent.

    Of pages that differ in the values of their filters alone two are read.
    """
    waiting, seen, filters = list(starts), {}, Counter()
    while waiting:
        path = waiting.pop()
        where, _mark, query = path.partition("?")
        names = (where, *sorted(part.partition("=")[0] for part in query.split("&")))
        if path in seen or path.startswith("/static/") or filters[names] == 2:
            continue
        filters[names] += 1
        answer = visitor.get(path)
        seen[path] = answer
        if answer.status_code == 303:
            waiting.append(re.sub(r"^https?://[^/]+", "", answer.headers["location"]).split("#")[0])
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for link in LINK.findall(answer.text):
            waiting.append(html.unescape(link[0] or link[1]))
        assert len(seen) < 400, "the pages do not end"
    return seen


# What each must come across by links alone.
MEETS = {
    "guest": "/lupa-sandi",
    "ani": "/capaian",
    "eko": "/pelatihan",
    "budi": "/saya",
    "citra": "/opd/pegawai",
    "dewi": "/kelola/unit",
}
STARTS = {
    "guest": ("/masuk", "/bantuan", "/verifikasi", "/privasi", "/aktivasi", "/lupa-sandi"),
    **dict.fromkeys(("ani", "eko", "budi", "citra", "dewi"), ("/",)),
}


@pytest.mark.parametrize("name", STARTS)
def test_each_page_has_its_headers_and_each_link_a_page(everybody, objects, name):
    pages = walk(everybody[name], STARTS[name])
    assert MEETS[name] in pages
    for path, answer in pages.items():
        assert answer.status_code in (200, 303), f"{name} is led to {path}: {answer.status_code}"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.status_code == 200 and not answer.headers["content-type"].startswith("text/html"):
            # A file of a course: nothing in it may load or run anything.
            assert "default-src 'none'" in answer.headers["content-security-policy"], path
            continue
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        for directive, allowed in policy.items():
            for source in allowed.split():
                assert source in SOURCES or source.startswith("'nonce-"), f"{path}: {directive} {source}"
        assert answer.headers["referrer-policy"] == "same-origin"
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not INLINE.search(answer.text), f"{path}: {INLINE.search(answer.text)}"
            if name != "guest":
                assert answer.headers["cache-control"] == "no-store", path


@pytest.fixture
def in_production(monkeypatch, database):
    monkeypatch.setenv("ELEARN_MODE", "production")
    monkeypatch.setenv("ELEARN_BASE_URL", "https://belajar.example")
    configuration.settings.cache_clear()
    yield create_app(database)
    monkeypatch.undo()
    configuration.settings.cache_clear()


def test_in_production_cookies_are_bound_to_tls_and_to_this_host(in_production, session, cast):
    cast.ani.password_hash = hash_password("rahasia-contoh-1")
    session.commit()
    client = TestClient(in_production, base_url="https://belajar.example", follow_redirects=False)
    sent = client.post("/masuk", data={"identifier": cast.ani.nip, "password": "rahasia-contoh-1"})
    assert sent.status_code == 303
    for cookie in sent.headers.get_list("set-cookie"):
        name, *attributes = (part.strip() for part in cookie.split(";"))
        assert "Secure" in attributes
        if name.startswith("__Host-session="):
            assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(attributes)
            assert not any(part.startswith("Domain") for part in attributes)
    assert any(cookie.startswith("__Host-session=") for cookie in sent.headers.get_list("set-cookie"))
    assert "max-age=" in sent.headers["strict-transport-security"]
    # A cookie of the plain name, as another host could set it, opens nothing.
    token = start_session(session, Actor.system("tests"), cast.ani, datetime.now(UTC))
    session.commit()
    stranger = TestClient(in_production, base_url="https://belajar.example", follow_redirects=False)
    stranger.cookies.set("session", token)
    assert stranger.get("/").headers["location"].startswith("/masuk")
