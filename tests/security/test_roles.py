"""Heads and signers: what their roles open, that it keeps to the subtree, and that nothing they see answers "no"."""

import html
import re

import pytest

from elearn.foundation.settings import settings
from elearn.people.access.permissions import Permission, Role
from elearn.people.accounts.models import RoleGrant
from elearn.people.accounts.queries import actor_for
from tests import world
from tests.routes import API_ROWS, ROWS, filled
from tests.security.test_pages import walk

FORM = re.compile(r'<form\b(?=[^>]*\bmethod="post")[^>]*\baction="([^"]+)"')

# What a head may open that a learner of the same unit may not: all of it only to look at, or to take along as a file.
HEADS = {
    "GET /ringkasan",
    "GET /ringkasan.pdf",
    "POST /ringkasan/unduh",
    "GET /opd",
    "POST /opd/unduh",
    "POST /opd/unduh/unit",
    "GET /opd/pegawai",
    "GET /opd/pegawai/{person}",
    "GET /opd/pegawai/{person}/jp",
    "GET /opd/pegawai/{person}/jp.pdf",
    "GET /opd/pegawai/{person}/jp/{line}",
    "GET /opd/angkatan",
    "GET /opd/angkatan/{cohort:id}",
    "POST /opd/angkatan/unduh",
    "GET /laporan",
    "POST /laporan/unduh",
    "GET /kelola/program",
    "GET /kelola/program/{programme:id}",
    "GET /kelola/program/{programme:id}/teks",
    "POST /kelola/program/{programme:id}/unduh",
    "GET /kelola/unit",
    "GET /kelola/unit/{unit_code}",
}
SIGNERS = {"GET /ttd", "POST /ttd"}
REFUSED = (403, 404)


def opened(visitor, objects, rows):
    """Those of the rows that do not refuse this visitor."""
    found = set()
    for row in sorted(rows):
        method, path = row.split(" ", 1)
        ask = {"data": {}} if method == "POST" else {}
        answer = visitor.client.request(method, filled(path, objects), **ask)
        assert answer.status_code < 500, row
        if answer.status_code not in REFUSED:
            found.add(row)
    return found


def refuses_learners(row):
    """Whether the matrix lets no learner in."""
    wanted = ROWS[row].get("eko", ROWS[row].get("others"))
    return set(wanted if isinstance(wanted, list) else [wanted]) <= set(REFUSED)


@pytest.mark.words_alone
def test_each_role_opens_its_pages_and_no_other(session, cast, objects, visitor, hana, sari):
    """Z1, over every row that refuses learners. A head of another unit is told of ours what a learner is told."""
    both = world.a_person(session, "Tono Contoh", "197301012000031001", None, Role.SIGNER, Role.HEAD, scope=cast.dinas)
    other = world.a_person(session, "Ira Contoh", "197201012000031001", cast.kesehatan, Role.HEAD, scope=cast.kesehatan)
    session.commit()
    closed = filter(refuses_learners, set(ROWS) - set(API_ROWS))
    assert opened(visitor(both), objects, closed) == HEADS | SIGNERS
    assert opened(hana, objects, HEADS | SIGNERS) == HEADS
    assert opened(sari, objects, HEADS | SIGNERS) == SIGNERS
    assert opened(visitor(other), objects, HEADS) == {row for row in HEADS if "{" not in row}


@pytest.mark.words_alone
@pytest.mark.parametrize("who", ["hana", "sari"])
def test_nothing_on_their_pages_answers_no(request, objects, cast, who):
    """Every link that they come across opens, and every button on the way is theirs to press."""
    visitor = request.getfixturevalue(who)
    pages = walk(visitor)
    buttons = {}
    for path, answer in pages.items():
        assert answer.status_code in (200, 303), f"{who} is led to {path}: {answer.status_code}"
        if answer.headers.get("content-type", "").startswith("text/html"):
            buttons.update((html.unescape(action), path) for action in FORM.findall(answer.text))
    assert ("/opd/unduh" in buttons) == (who == "hana")
    assert {"hana": f"/opd/pegawai/{cast.ani.public_id}/jp", "sari": "/ttd"}[who] in pages
    for action, path in sorted(buttons.items()):
        if action != "/keluar":
            answer = visitor.post(action)
            assert answer.status_code in (200, 303, 409, 422), f"{action} on {path}: {answer.status_code}"


def test_the_menu_of_each_has_its_own_rows(session, cast, hana, sari, visitor):
    def entries(who, path):
        menu = re.search(r'<nav class="e-nav".*?</nav>', who.get(path).text, re.DOTALL)
        return re.findall(r'href="([^"]+)"', menu[0]) if menu else []

    assert hana.get("/mulai").headers["location"] == "/ringkasan"
    assert sari.get("/mulai").headers["location"] == "/ttd"
    own = ["/ringkasan", "/opd", "/opd/pegawai", "/opd/angkatan", "/kelola/program", "/laporan"]
    assert entries(hana, "/opd/pegawai") == entries(hana, "/kelola/unit/DIK") == entries(hana, "/ringkasan") == own
    assert entries(sari, "/ttd") == ["/ttd"]
    page = hana.get("/ringkasan").text
    assert "Pimpinan" in page
    assert ">Admin<" not in page
    # A head who also signs has one switch with both.
    session.add(RoleGrant(person_id=hana.person.id, role=Role.SIGNER, granted_at=world.THEN))
    session.commit()
    assert entries(hana, "/ttd") == ["/ttd"]
    assert entries(hana, "/opd") == own


def test_a_password_alone_lets_neither_of_them_in(hana, sari, ani, monkeypatch):
    monkeypatch.setenv("ELEARN_SECOND_FACTOR", "admins")
    settings.cache_clear()
    try:
        for visitor, path in ((hana, "/opd"), (sari, "/ttd")):
            assert visitor.get(path).headers["location"].startswith("/masuk/")
        assert ani.get("/capaian").status_code == 200
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_what_a_head_sees_never_widens_what_an_admin_may_do(session, cast, citra):
    """Both roles are never given to one person. Were they there, the admin's unit is the whole reach."""
    session.add(RoleGrant(person_id=cast.citra.id, role=Role.HEAD, unit_id=cast.kabupaten.id, granted_at=world.THEN))
    session.commit()
    actor = actor_for(session, cast.citra.id)
    assert actor.scope_paths == (cast.dinas.path,)
    assert not actor.may(Permission.ISSUE_ACCESS, cast.kesehatan.path)
    assert "Eko Contoh" not in citra.get("/opd/pegawai").text
