import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from elearn.people.access.actor import Actor
from elearn.people.accounts import gate
from elearn.people.accounts.actions import issue_code
from elearn.people.accounts.models import Person, SignInGuess, WebSession
from elearn.people.accounts.passwords import hash_password
from tests import world

PASSWORD = "empat kata yang panjang"


@pytest.fixture
def ani_with_password(session, cast):
    cast.ani.password_hash = hash_password(PASSWORD)
    session.commit()
    return cast.ani


def sign_in(guest, identifier, password=PASSWORD, **more):
    return guest.post("/masuk", {"identifier": identifier, "password": password, **more})


def test_a_nip_may_be_typed_with_spaces(guest, ani_with_password):
    answer = sign_in(guest, "19850101 201001 2 001", lanjut="/pelatihan?q=a")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/pelatihan?q=a"
    assert guest.get("/saya").status_code == 200


def bare(page):
    """The page without what differs for everybody: the number typed and the nonce."""
    return re.sub(r"1(99901012020121009|98501012010012001)|nonce=\"[^\"]+\"", "", page)


def test_unknown_and_wrong_are_answered_alike(guest, ani_with_password):
    unknown = sign_in(guest, "199901012020121009")
    wrong = sign_in(guest, "198501012010012001", "bukan kata sandinya")
    assert unknown.status_code == wrong.status_code == 422
    assert bare(unknown.text) == bare(wrong.text)


def test_the_password_is_not_sent_back(guest, ani_with_password):
    assert "bukan kata sandinya" not in sign_in(guest, "198501012010012001", "bukan kata sandinya").text


def test_after_five_wrong_guesses_even_the_right_one_waits(guest, ani_with_password):
    for _ in range(gate.GUESSES_AN_ACCOUNT):
        sign_in(guest, "198501012010012001", "salah salah")
    refused = sign_in(guest, "198501012010012001")
    assert refused.status_code == 429
    assert "detik" in refused.text


def test_strangers_do_not_lock_out_the_owner_on_a_known_device(guest, ani_with_password, session):
    sign_in(guest, "198501012010012001")
    device = guest.client.cookies.get("device")
    guest.client.cookies.clear()
    for _ in range(gate.GUESSES_AN_ACCOUNT + 1):
        sign_in(guest, "198501012010012001", "salah salah")
    guest.client.cookies.set("device", device)
    assert sign_in(guest, "198501012010012001").status_code == 303


def test_signing_in_always_makes_a_new_session(guest, ani_with_password, session):
    sign_in(guest, "198501012010012001")
    first = guest.client.cookies.get("session")
    guest.client.cookies.delete("session")
    sign_in(guest, "198501012010012001")
    assert guest.client.cookies.get("session") != first


def test_signing_out_ends_the_session_on_the_server(ani, session):
    assert ani.get("/saya").status_code == 200
    cookie = ani.client.cookies.get("session")
    ani.post("/keluar")
    ani.client.cookies.set("session", cookie)
    assert ani.get("/saya").status_code == 303
    assert session.scalars(select(WebSession).filter_by(person_id=ani.person.id)).all() == []


def test_a_suspended_person_is_out_at_once(ani, session):
    ani.person.status = "suspended"
    session.commit()
    assert ani.get("/saya").headers["location"].startswith("/masuk")


@pytest.mark.parametrize("target", ["//jahat.example", "https://jahat.example", "/\\jahat", "javascript:1", "/a\nb"])
def test_after_signing_in_one_stays_on_this_site(guest, ani_with_password, target):
    assert sign_in(guest, "198501012010012001", lanjut=target).headers["location"] == "/"


def code_for(session, person: Person, now) -> str:
    loaded = session.scalars(select(Person).filter_by(id=person.id).options(joinedload(Person.unit))).one()
    return issue_code(session, Actor.system("tests"), loaded, "activation", now)


def activate(guest, nip, code, password=PASSWORD):
    return guest.post("/aktivasi", {"identifier": nip, "code": code, "password": password})


def test_a_code_opens_the_account_once(guest, cast, session, now):
    code = code_for(session, cast.ani, datetime.now(UTC))
    session.commit()
    assert activate(guest, "198501012010012001", code.lower().replace("-", " ")).status_code == 303
    assert guest.get("/saya").status_code == 200
    again = activate(guest, "198501012010012001", code)
    assert again.status_code == 422
    assert "Minta kode baru" in again.text


def test_a_code_is_for_its_own_person_only(guest, cast, session):
    code = code_for(session, cast.ani, datetime.now(UTC))
    session.commit()
    assert activate(guest, cast.eko.nip, code).status_code == 422


def test_a_short_password_is_refused_and_the_code_stays_good(guest, cast, session):
    code = code_for(session, cast.ani, datetime.now(UTC))
    session.commit()
    assert activate(guest, "198501012010012001", code, "pendek").status_code == 422
    assert activate(guest, "198501012010012001", code).status_code == 303


def test_wrong_codes_are_throttled_like_passwords(guest, cast, session):
    for _ in range(gate.GUESSES_AN_ACCOUNT):
        activate(guest, "198501012010012001", "AAAA-BBBB-CCCC")
    assert activate(guest, "198501012010012001", "AAAA-BBBB-CCCC").status_code == 429
    assert session.scalar(select(SignInGuess.count).limit(1)) == gate.GUESSES_AN_ACCOUNT


def test_staff_begin_at_their_own_desk_and_instructors_with_what_they_learn(
    guest, budi, citra, dewi, eko, session, cast
):
    course = world.a_course(session)
    for person in (cast.budi, cast.citra, cast.dewi):
        world.enrolled(session, person, course)
    cast.gilang.password_hash = hash_password(PASSWORD)
    session.commit()
    begun = sign_in(guest, cast.gilang.nip, lanjut="/")
    assert begun.headers["location"] == "/mulai"
    assert guest.get("/mulai").headers["location"] == "/ajar"
    assert dewi.get("/mulai").headers["location"] == "/kelola"
    assert citra.get("/mulai").headers["location"] == "/opd"
    assert budi.get("/mulai").headers["location"] == "/"
    assert 'href="/ajar"' in budi.get("/").text
    assert eko.get("/mulai").headers["location"] == "/"


def test_a_learner_goes_straight_home_or_to_the_page_that_was_asked_for(guest, ani_with_password):
    assert sign_in(guest, "198501012010012001").headers["location"] == "/"
    assert sign_in(guest, "198501012010012001", lanjut="/capaian").headers["location"] == "/capaian"


def test_a_guest_chooses_the_language_and_an_account_has_its_own(guest, ani_with_password):
    assert '<html lang="id"' in guest.get("/masuk").text
    chosen = guest.post("/bahasa", {"locale": "en", "lanjut": "/masuk"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/masuk")
    page = guest.get("/masuk").text
    assert '<html lang="en"' in page
    assert "Bahasa Indonesia" in page
    assert guest.post("/bahasa", {"locale": "xx"}).status_code == 422
    assert guest.post("/bahasa", {"locale": "en", "lanjut": "//example.org"}).headers["location"] == "/"
    sign_in(guest, "198501012010012001")
    assert '<html lang="id"' in guest.get("/saya").text
    assert 'action="/bahasa"' not in guest.get("/saya").text
