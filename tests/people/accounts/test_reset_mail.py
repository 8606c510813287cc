import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import OutboxMailer
from elearn.people.accounts import jobs
from elearn.people.accounts.models import AccessCode
from elearn.people.accounts.queries import usable_code


@pytest.fixture
def outbox(monkeypatch):
    kept = OutboxMailer()
    monkeypatch.setattr(jobs, "mailer", lambda: kept)
    return kept.sent


@pytest.fixture
def ask(database, session, now):
    def send(identifier, moment=now):
        session.commit()
        jobs.send_reset_mail(Progress(None, database.write, lambda: moment, lambda: False), identifier=identifier)
        session.expire_all()

    return send


@pytest.fixture
def ani_with_mail(session, cast):
    cast.ani.email = "ani@contoh.example"
    session.commit()
    return cast.ani


def test_the_mail_holds_a_code_that_works_for_a_day(session, ani_with_mail, outbox, ask, now):
    ask("19850101 201001 2 001")
    mail = outbox[0]
    assert mail.to == "ani@contoh.example"
    code = re.search(r"\w{4}-\w{4}-\w{4}", mail.text)[0]
    assert usable_code(session, ani_with_mail, code, now + timedelta(hours=23)) is not None
    assert usable_code(session, ani_with_mail, code, now + timedelta(hours=25)) is None


def test_nobody_fills_an_inbox(session, ani_with_mail, outbox, ask, now):
    for minutes in (0, 1, 4, 6):
        ask("ani@contoh.example", now + timedelta(minutes=minutes))
    assert len(outbox) == 2


def test_without_account_address_or_activity_there_is_no_mail_and_no_code(session, cast, outbox, ask):
    cast.eko.email, cast.eko.status = "eko@contoh.example", "suspended"
    for who in ("000000000000000000", cast.ani.nip, "eko@contoh.example", ""):
        ask(who)
    assert list(outbox) == []
    assert session.scalars(select(AccessCode)).all() == []


def test_the_mail_speaks_the_readers_language(session, ani_with_mail, outbox, ask):
    ani_with_mail.locale = "id"
    ask(ani_with_mail.nip)
    assert "Kode berlaku sampai" in outbox[0].text
