"""The queue over HTTP: each certificate is signed once, whatever happens in between."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests import world
from tests.recognition.certificates.test_certificates import completed, upload
from tests.recognition.signing import keys, service
from tests.security.comparing import contents

from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.actions import issue, revoke
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.signing import current, pages
from elearn.recognition.signing.actions import CLAIM, claim, keep_signed
from elearn.recognition.signing.bsre import BsreSigner
from elearn.recognition.signing.pades import Pkcs12Signer

SYSTEM = Actor.system("tests")
TYPED = {"passphrase": service.PASSPHRASE, "nik": service.NIK, "count": "1000"}


@pytest.fixture
def signing(monkeypatch):
    """Signatures are asked for, as the setting does."""
    monkeypatch.setenv("ELEARN_SIGNING", "bsre2")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    current.signer.cache_clear()


@pytest.fixture
def bsre(signing, monkeypatch):
    with service.running() as found:
        signer = BsreSigner(found.address, service.ACCOUNT, "v2", patience=0.5)
        monkeypatch.setattr(pages, "signer", lambda: signer)
        yield found


@pytest.fixture
def waiting(session, signing, cast, now):
    course = world.a_course(session)
    people = (cast.ani, cast.budi, cast.citra, cast.eko, cast.fitri)
    made = [issue(session, SYSTEM, completed(session, person, course, now).id, now) for person in people]
    session.commit()
    return made


def signed_ids(session):
    session.expire_all()
    return set(session.scalars(select(Certificate.id).where(Certificate.signed_at.is_not(None))))


def test_a_queue_is_signed_piece_by_piece_and_each_certificate_once(
    session, ani, dewi, guest, waiting, bsre, monkeypatch
):
    monkeypatch.setattr(pages, "PIECE", 2)
    draft = ani.get(f"/sertifikat/{waiting[0].public_id}.pdf").content
    assert "5" in dewi.get("/ttd").text
    looked = dewi.get(f"/ttd/{waiting[0].public_id}/pdf")
    assert looked.content == draft
    assert ani.get(f"/ttd/{waiting[0].public_id}/pdf").status_code == 403
    answers = [dewi.post("/ttd", TYPED) for _n in range(4)]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert 'data-more="3"' in answers[0].text
    assert "2 sertifikat ditandatangani." in answers[0].text
    assert 'name="count" value="3"' in answers[0].text
    assert "Tidak ada yang menunggu." in answers[3].text
    assert len(bsre.asked) == 5
    assert signed_ids(session) == {each.id for each in waiting}
    pdf = ani.get(f"/sertifikat/{waiting[0].public_id}.pdf").content
    assert pdf == draft + service.MARK
    assert "sama persis" in upload(guest, waiting[0], pdf).text
    assert "terbit sebelum ditandatangani" in upload(guest, waiting[0], draft).text
    assert "ditandatangani secara elektronik pada" in guest.get(f"/verifikasi/{waiting[0].code}").text
    entries = session.scalars(select(AuditEntry).filter_by(action="certificate.signed")).all()
    assert sorted(entry.after["number"] for entry in entries) == sorted(each.number for each in waiting)


def test_what_goes_wrong_keeps_the_queue_and_says_what_to_do(session, dewi, waiting, bsre):
    wrong = dewi.post("/ttd", {**TYPED, "passphrase": "salah-sekali-ketik"})
    assert (wrong.status_code, "Frasa sandi atau NIK ini ditolak" in wrong.text) == (422, True)
    assert "salah-sekali-ketik" not in wrong.text
    assert dewi.post("/ttd", {"count": "5"}).status_code == 422
    for mood in ("500", "page", "slow"):
        bsre.mood = mood
        down = dewi.post("/ttd", TYPED)
        assert down.status_code == 422
        assert "Antrean tetap tersimpan" in down.text
        assert "Coba lagi pada" in down.text
    assert signed_ids(session) == set()
    assert session.scalar(select(func.count(Certificate.claimed_until))) == 0
    bsre.mood = "sign"
    assert "5 sertifikat ditandatangani." in dewi.post("/ttd", TYPED).text


def test_a_pdf_that_the_store_has_lost_holds_nobody_up(session, ani, dewi, waiting, bsre):
    draft = ani.get(f"/sertifikat/{waiting[0].public_id}.pdf").content
    session.expire_all()
    store().delete(session.get_one(Certificate, waiting[0].id).storage_key)
    assert "5 sertifikat ditandatangani." in dewi.post("/ttd", TYPED).text
    assert signed_ids(session) == {each.id for each in waiting}
    assert ani.get(f"/sertifikat/{waiting[0].public_id}.pdf").content == draft + service.MARK


def test_after_five_wrong_passphrases_the_service_is_left_alone(dewi, waiting, bsre):
    for _n in range(5):
        assert dewi.post("/ttd", {**TYPED, "passphrase": "salah"}).status_code == 422
    assert dewi.post("/ttd", TYPED).status_code == 429
    assert len(bsre.asked) == 5


def test_no_secret_is_stored_logged_or_shown(session, dewi, waiting, bsre, caplog, capfd, now):
    caplog.set_level(logging.DEBUG)
    seen = [dewi.post("/ttd", TYPED).text]
    bsre.mood = "500"
    issue(
        session,
        SYSTEM,
        completed(session, dewi.person, world.a_course(session, "lain"), waiting[0].issued_at).id,
        waiting[0].issued_at,
    )
    session.commit()
    seen.append(dewi.post("/ttd", TYPED).text)
    out = capfd.readouterr()
    everything = "\n".join([*seen, caplog.text, out.out, out.err, str(contents(session))])
    assert service.PASSPHRASE not in everything
    assert service.NIK not in everything


def test_only_what_was_looked_at_is_signed_and_a_revoked_one_never(session, dewi, waiting, bsre, now):
    revoke(session, dewi.actor, waiting[0].public_id, "Data salah.", now)
    session.commit()
    dewi.post("/ttd", {**TYPED, "count": "2"})
    assert signed_ids(session) == {waiting[1].id, waiting[2].id}


def test_only_who_may_sign_comes_here_and_nothing_is_signed_while_it_is_off(session, dewi, budi, citra, cast, now):
    for visitor in (budi, citra):
        assert visitor.get("/ttd").status_code == 403
        assert visitor.post("/ttd", TYPED).status_code == 403
    made = issue(session, SYSTEM, completed(session, cast.ani, world.a_course(session), now).id, now)
    session.commit()
    assert not made.wants_signature
    assert "belum diatur" in dewi.get("/ttd").text
    assert dewi.post("/ttd", TYPED).status_code == 409


def test_the_organisations_own_key_signs_too(session, ani, dewi, waiting, signing, monkeypatch, tmp_path):
    signer = Pkcs12Signer(keys.pkcs12_file(tmp_path))
    monkeypatch.setattr(pages, "signer", lambda: signer)
    assert "NIK" not in dewi.get("/ttd").text
    wrong = dewi.post("/ttd", {"passphrase": "salah", "count": "5"}).text
    assert "Frasa sandi atau kode ini ditolak" in wrong
    assert "NIK" not in wrong
    assert "5 sertifikat ditandatangani." in dewi.post("/ttd", TYPED).text
    assert b"/ByteRange" in ani.get(f"/sertifikat/{waiting[0].public_id}.pdf").content


def test_two_signers_share_a_queue_and_one_who_vanished_holds_it_up_for_minutes_only(own_database, signing, now):
    with own_database.write() as session:
        people = world.cast(session)
        course = world.a_course(session)
        learners = [world.a_person(session, f"Peserta Contoh {n}", None) for n in range(12)]
        for learner in learners:
            issue(session, SYSTEM, completed(session, learner, course, now).id, now)
        admin = actor_for(session, people.dewi.id)
        session.commit()
        vanished = claim(session, admin, now)
        session.commit()

    def work(_n):
        mine = []
        while True:
            with own_database.write() as session:
                claimed = claim(session, admin, now)
                session.commit()
            if claimed is None:
                return mine
            with own_database.write() as session:
                assert keep_signed(session, admin, claimed, f"k{claimed.certificate_id}", "s", "d", now)
                session.commit()
            mine.append(claimed.certificate_id)

    with ThreadPoolExecutor(4) as pool:
        taken = [one for part in pool.map(work, range(4)) for one in part]
    assert len(taken) == len(set(taken)) == 11
    with own_database.write() as session:
        again = claim(session, admin, now + CLAIM + timedelta(seconds=1))
        assert again.certificate_id == vanished.certificate_id
        assert keep_signed(session, admin, again, "neu", "s", "d", now)
        # The one who was thought gone comes back too late.
        assert not keep_signed(session, admin, vanished, "alt", "s", "d", now)
        session.commit()
        assert session.get_one(Certificate, vanished.certificate_id).storage_key == "neu"
