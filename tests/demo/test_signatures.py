"""The demo's key and what it signed: nothing has to be set, and nothing of it is worth anything elsewhere."""

import io
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import func, select, update

from elearn.demo import classes, history, people, signatures
from elearn.demo.progress import DEMO_COURSE
from elearn.foundation.settings import DEMO_KEY, Settings, settings
from elearn.foundation.storage.current import store
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.accounts.models import Person
from elearn.recognition.certificates.actions import issue
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.signing import current
from elearn.wiring import connect
from tests import world

pytestmark = pytest.mark.words_alone


@pytest.fixture
def keyed(tmp_path, monkeypatch):
    """A data folder of the demo's with its key."""
    monkeypatch.setenv("ELEARN_DATA_DIR", str(tmp_path))
    signatures.make_key(tmp_path / DEMO_KEY, datetime(2026, 1, 1, tzinfo=UTC))
    settings.cache_clear()
    current.signer.cache_clear()
    yield tmp_path / DEMO_KEY
    monkeypatch.undo()
    settings.cache_clear()
    current.signer.cache_clear()


def test_the_key_is_the_demos_own_and_gives_way_to_what_is_set(keyed, monkeypatch):
    assert keyed.stat().st_mode & 0o077 == 0
    made = keyed.read_bytes()
    signatures.make_key(keyed, datetime.now(UTC))
    assert keyed.read_bytes() == made
    assert (settings().signing, settings().signs_with_demo_key) == ("pkcs12", True)
    assert not any("PKCS12" in each for each in settings().problems())
    monkeypatch.setenv("ELEARN_SIGNING", "off")
    assert (Settings().signing, Settings().signs_with_demo_key) == ("off", False)
    monkeypatch.delenv("ELEARN_SIGNING")
    monkeypatch.setenv("ELEARN_MODE", "production")
    assert (Settings().signing, Settings().signs_with_demo_key) == ("off", False)


def test_classes_of_the_year_have_results_and_the_last_ones_certificates_are_signed(session, keyed, monkeypatch):
    # In the first days of a year, when nothing can be far back.
    day = datetime(2026, 1, 5, 2, 14, tzinfo=UTC)
    connect()
    people.load_people(session, day)
    # A few of them will do.
    session.execute(update(Person).where(Person.id > 17).values(activated_at=None))
    monkeypatch.setattr(classes, "_YEAR", (classes._YEAR[0], classes._YEAR[-1]))
    monkeypatch.setattr(classes, "_coming", lambda *_given: None)
    world.a_course(session, DEMO_COURSE)
    history._designed(session, day)
    classes.load_classes(session, day)
    signatures.load_signatures(session, day)
    signatures.load_signatures(session, day)
    held = session.scalars(select(Cohort).filter_by(state="finished")).all()
    assert len(held) == 2
    assert {cohort.starts_on.year for cohort in held} == {2026}
    found = dict(session.execute(select(Participant.result, func.count()).group_by(Participant.result)).all())
    assert found["passed"] > found["failed"] > 3
    wanted = select(Certificate).where(Certificate.wants_signature)
    signed = session.scalars(wanted.where(Certificate.signed_at.is_not(None))).all()
    waiting = session.scalars(wanted.where(Certificate.signed_at.is_(None))).all()
    assert (len(waiting), len(signed) > 5) == (signatures.WAITING, True)
    # Whom visitors sign in as has one.
    learner = session.scalars(select(Person).filter_by(nip=people.ACCOUNTS[0].nip)).one()
    assert learner.id in {each.person_id for each in signed}
    pdf = PdfFileReader(io.BytesIO(store().read(signed[0].storage_key)))
    (signature,) = pdf.embedded_signatures
    assert "CONTOH" in signature.signer_cert.subject.human_friendly
    assert "kunci contoh" in signed[0].facts["signer"]["note"]


def test_the_queue_tells_the_demos_passphrase_and_signs_with_it(session, dewi, cast, keyed, now):
    course = world.a_course(session)
    enrolment = world.enrolled(session, cast.ani, course, completed_at=now, completed_jp=2)
    session.commit()
    made = issue(session, dewi.actor, enrolment.id, now)
    session.commit()
    assert "Frasa sandinya: frasa sandi contoh" in dewi.get("/ttd").text
    assert "1 sertifikat ditandatangani" in dewi.post("/ttd", {"passphrase": "frasa sandi contoh", "count": "1"}).text
    session.expire_all()
    assert made.signed_at is not None
