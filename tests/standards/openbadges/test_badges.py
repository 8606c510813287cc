"""Credentials, held against openbadgeslib, which shares no code with what makes them."""

import json
import stat
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import OKPAlgorithm
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.status import decode_encoded_list, set_indices
from openbadgeslib.ob3.verifier import OB3VerificationError

from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import issue, revoke
from elearn.standards.openbadges import keys
from elearn.standards.openbadges.status import SIZE, entry, status_list
from elearn.teaching.courses.models import Course
from tests import world

SYSTEM = Actor.system("tests")


@pytest.fixture
def certificate(session, cast, now):
    course = world.a_course(session, organiser="BKPSDM Contoh")
    done = world.enrolled(session, cast.ani, course, completed_at=now, completed_jp=6, score=90)
    made = issue(session, SYSTEM, done.id, now)
    session.commit()
    return made


def pem(jwk):
    key = OKPAlgorithm.from_jwk(json.dumps(jwk))
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def published_key(guest):
    (jwk,) = guest.get("/lencana/kunci.json").json()["keys"]
    assert "d" not in jwk
    return pem(jwk)


def test_an_independent_verifier_accepts_the_credential_offline(guest, certificate):
    token = guest.get(f"/verifikasi/{certificate.code}/badge.jwt")
    assert token.headers["content-type"].startswith("application/vc+jwt")
    assert jwt.get_unverified_header(token.text)["alg"] == "EdDSA"
    found = OB3Verifier(published_key(guest)).verify(token.text)
    assert found.achievement.name == "Etika ASN Contoh"
    assert found.issuer.id == "http://localhost:8000/lencana/penerbit"
    assert found.id == f"http://localhost:8000/verifikasi/{certificate.facts['code']}/badge.json"


def test_one_changed_sign_or_another_key_is_refused(guest, certificate):
    token = guest.get(f"/verifikasi/{certificate.code}/badge.jwt").text
    head, body, proof = token.split(".")
    other = keys.Ed25519PrivateKey.generate().public_key()
    forged = f"{head}.{body[:-6]}{'A' if body[-6] != 'A' else 'B'}{body[-5:]}.{proof}"
    with pytest.raises(OB3VerificationError):
        OB3Verifier(published_key(guest)).verify(forged)
    with pytest.raises(OB3VerificationError):
        OB3Verifier(pem(json.loads(OKPAlgorithm.to_jwk(other)))).verify(token)


def test_the_documents_say_the_same_as_the_certificate_and_no_nip(guest, certificate):
    answer = guest.get(f"/verifikasi/{certificate.code}/badge.json")
    assert answer.headers["content-type"].startswith("application/ld+json")
    told = answer.json()
    subject = told["credentialSubject"]
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert (subject["creditsEarned"], subject["licenseNumber"]) == (6.0, certificate.number)
    assert subject["identifier"][0]["identityHash"] == "Ani Contoh"
    assert "198501012010012001" not in answer.text
    assert told["evidence"][0]["id"].endswith(f"/verifikasi/{certificate.facts['code']}")
    achievement = guest.get(subject["achievement"]["id"].removeprefix("http://localhost:8000")).json()
    assert {name: achievement[name] for name in subject["achievement"]} == subject["achievement"]
    issuer = guest.get("/lencana/penerbit").json()
    assert {name: issuer[name] for name in told["issuer"]} == told["issuer"]
    token = guest.get(f"/verifikasi/{certificate.code}/badge.jwt").text
    claims = jwt.decode(token, options={"verify_signature": False})
    assert {name: claims[name] for name in told} == told


def test_a_revoked_one_and_a_course_without_certificates_are_not_handed_out(session, guest, dewi, certificate, now):
    world.a_course(session, "tanpa-sertifikat")
    revoke(session, dewi.actor, certificate.public_id, "Data salah.", now)
    session.commit()
    for ending in ("json", "jwt"):
        assert guest.get(f"/verifikasi/{certificate.code}/badge.{ending}").status_code == 409
        assert guest.get(f"/verifikasi/{'0' * 16}/badge.{ending}").status_code == 404
    assert guest.get("/lencana/pelatihan/tanpa-sertifikat").status_code == 404


def test_a_copy_of_a_revoked_badge_is_refused_by_a_verifier_that_asks(session, cast, guest, dewi, certificate, now):
    course = session.get_one(Course, certificate.course_id)
    done = world.enrolled(session, cast.eko, course, completed_at=now, completed_jp=6)
    others = issue(session, SYSTEM, done.id, now)
    session.commit()
    tokens = {each.id: guest.get(f"/verifikasi/{each.code}/badge.jwt").text for each in (certificate, others)}
    verifier = OB3Verifier(published_key(guest))

    def asked(each):
        fetch = lambda address: guest.get(address.removeprefix("http://localhost:8000")).content  # noqa: E731
        # The list's own signature is looked at as well.
        return verifier.verify(tokens[each.id], check_status=True, download=fetch)

    assert asked(certificate).credential_status[0]["type"] == "BitstringStatusListEntry"
    assert guest.get("/lencana/status/0").headers["content-type"].startswith("application/vc+jwt")
    revoke(session, dewi.actor, certificate.public_id, "Data salah.", now)
    session.commit()
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        asked(certificate)
    assert asked(others).id.endswith(f"/verifikasi/{others.facts['code']}/badge.json")
    assert guest.get("/lencana/status/1").status_code == 404
    assert guest.get("/lencana/status/99999999999999999999").status_code == 404


@given(revoked=st.sets(st.integers(0, 3 * SIZE), max_size=20), certificate_id=st.integers(0, 3 * SIZE))
def test_the_bit_of_a_certificate_is_set_when_it_was_revoked_and_no_other(revoked, certificate_id):
    told = entry("https://contoh.example", certificate_id)
    number = int(told["statusListCredential"].rpartition("/")[2])
    here = [each for each in revoked if each // SIZE == number]
    made = status_list("https://contoh.example", "https://contoh.example/x", number, here, datetime.now(UTC))
    bits = set_indices(decode_encoded_list(made["credentialSubject"]["encodedList"]))
    assert (int(told["statusListIndex"]) in bits) == (certificate_id in revoked)
    assert len(bits) == len(here)


def test_wrong_codes_are_counted_with_those_of_the_page(guest, certificate):
    for n in range(60):
        assert guest.get(f"/verifikasi/{n:016d}/badge.json").status_code == 404
    assert guest.get(f"/verifikasi/{certificate.code}/badge.json").status_code == 429
    assert guest.get(f"/verifikasi/{certificate.code}").status_code == 429


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    file = tmp_path / "badge-key.pem"
    keys._make(file)
    before = file.read_bytes()
    keys._make(file)
    assert file.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["badge-key.pem"]
