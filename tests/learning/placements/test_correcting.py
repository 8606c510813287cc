"""A placement put right: changed while it runs or after it was signed, its confirmation taken back, cancelled."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from time import sleep

import pytest
from sqlalchemy import func, select

from elearn.foundation.clock import utc_now
from elearn.foundation.errors import Conflict, Invalid, NotFound
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import OutboxMailer
from elearn.learning.placements import actions, correcting
from elearn.learning.placements.forms import PlacementChange, Signing, TakingBack
from elearn.learning.placements.jobs import tell_owner_of_placement
from elearn.learning.placements.models import Placement
from elearn.people.access.actor import Actor
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.standards.siasn.models import SiasnExport
from elearn.standards.siasn.queries import Wanted, entries
from elearn.standards.siasn.rules import judged
from elearn.wiring import connect
from tests import academy, world
from tests.learning.placements.test_placements import REPORT, TODAY, link_of, placed, wish

pytestmark = pytest.mark.usefixtures("morning")
HOST = {"name": "Rahmat Misalnya", "agreed": "1", "remark": "Rajin."}


@pytest.fixture
def partner(session, cast):
    made = academy.a_partner(session)
    session.commit()
    return made


@pytest.fixture
def outbox(session, cast, monkeypatch):
    box = OutboxMailer()
    box.enabled = True
    for module in ("notices", "jobs"):
        monkeypatch.setattr(f"elearn.learning.placements.{module}.mailer", lambda: box)
    cast.ani.email = "ani@contoh.test"
    session.commit()
    return box


def mailed(session, database, outbox):
    """Let the jobs that were asked for send; gives the subjects and texts that arrived."""
    session.expire_all()
    for job in session.scalars(select(Job).filter_by(kind="placements.tell").order_by(Job.id)).all():
        tell_owner_of_placement(Progress(None, database.write, utc_now, lambda: False), **job.arguments)
    return [(sent.to, sent.subject, sent.text) for sent in outbox.sent]


def reported(ani, placement):
    ani.post(f"/magang/{placement}/catatan", {"day": "2026-11-03", "hours": "8", "text": "Belajar arsip."})
    assert ani.post(f"/magang/{placement}/laporan", {"report": REPORT}).status_code == 303


def signed(ani, admin, guest, placement):
    reported(ani, placement)
    assert guest.post(f"{link_of(admin, placement)}/setuju", HOST).status_code == 200


def changed(partner, **fields):
    given = wish(partner, **fields)
    del given["nip"]
    return given


def state(session, placement):
    session.expire_all()
    return session.scalars(select(Placement).filter_by(public_id=placement)).one()


def lines(session):
    session.expire_all()
    return [(line.jp_earned, line.jp_recognised) for line in by_id(session)]


def by_id(session):
    return session.scalars(select(LedgerLine).order_by(LedgerLine.id)).all()


def test_a_confirmation_is_taken_back_by_a_correcting_line_and_may_be_made_again(
    ani, citra, dewi, fitri, partner, session, visitor, database, outbox
):
    placement = placed(citra, partner)
    signed(ani, citra, visitor(None), placement)
    here, reason = f"/kelola/magang/{placement}", {"reason": "Surat tugas ternyata dicabut."}
    assert citra.post(f"{here}/tarik", reason).status_code == 422, "nothing to take back yet"
    citra.post(f"{here}/sah")
    first = by_id(session)[0]
    session.get_one(type(ani.person), ani.person.id).siasn_id = "A" * 32
    (entry,) = entries(lambda: nullcontext(session), dewi.actor, Wanted(2026))
    left = {"way": "file", "change": "new", "fingerprint": entry.record.fingerprint, "jp": 20, "left_at": utc_now()}
    session.add(SiasnExport(line_id=first.id, **left))
    session.commit()
    assert "Batalkan pengesahan" in citra.get(here).text
    assert citra.post(f"{here}/tarik", {"reason": ""}).status_code == 422
    assert fitri.post(f"{here}/tarik", reason).status_code == 404
    assert citra.post(f"{here}/tarik", reason).status_code == 303
    assert lines(session) == [(20, 20), (-20, -20)]
    assert by_id(session)[1].reason == reason["reason"]
    assert ani.get(f"/magang/{placement}/bukti.pdf").status_code == 409
    assert citra.get(f"{here}/bukti.pdf").status_code == 409
    assert reason["reason"] in ani.get(f"/magang/{placement}").text
    assert "Pengesahannya dibatalkan" in ani.get(f"/capaian/baris/{first.public_id}").text
    raised = dewi.post(f"/kelola/jp/{first.public_id}", {"jp": "5", "reason": "Tetap dihitung."})
    assert "Sahkan lagi penempatannya" in raised.text

    def judge():
        found = entries(lambda: nullcontext(session), dewi.actor, Wanted(2026))
        return [each.outcome for each in judged(found, TODAY)]

    assert judge() == ["deletion"]
    # The signature stands, so it may be confirmed as it is; what counts then is a line of its own.
    assert citra.post(f"{here}/sah").status_code == 303
    assert [each.key for each in by_id(session)] == [
        f"placement:{placement}",
        f"placement:{placement}#1",
        f"placement:{placement}:1",
    ]
    assert sum(line.jp_recognised for line in by_id(session)) == 20
    assert judge() == ["deletion", "new"]
    assert citra.get(f"{here}/bukti.pdf").status_code == 200
    assert session.scalar(select(AuditEntry.after).filter_by(action="placement.proof_taken")) == {"people": 1}
    # And taken back once more.
    assert citra.post(f"{here}/tarik", reason).status_code == 303
    assert sum(line.jp_recognised for line in by_id(session)) == 0
    mails = mailed(session, database, outbox)
    assert [(to, subject) for to, subject, _text in mails] == [
        ("ani@contoh.test", "Pengesahan penempatan Anda dibatalkan")
    ] * 2
    assert reason["reason"] in mails[0][2]
    noted = session.scalars(select(AuditEntry.reason).filter_by(action="placement.confirmation_taken_back")).all()
    assert noted == [reason["reason"]] * 2


def test_nobody_takes_back_his_own(citra, dewi, partner, session, cast):
    placement = academy.a_placement(session, cast.citra, partner, cast.dewi, state="confirmed").public_id
    session.commit()
    assert citra.post(f"/kelola/magang/{placement}/tarik", {"reason": "Ingin saja."}).status_code == 422
    assert state(session, placement).state == "confirmed"


def test_a_running_placement_is_put_right(ani, citra, dewi, partner, session, database, outbox):
    other = academy.a_partner(session, "Museum Contoh")
    session.commit()
    placement = placed(citra, partner)
    here = f"/kelola/magang/{placement}/ubah"
    ani.post(f"/magang/{placement}/catatan", {"day": "2026-11-03", "hours": "8", "text": "Belajar arsip."})
    assert "Magang pelayanan perizinan" in citra.get(here).text
    for wrong, says in (
        ({"starts_on": "2026-11-04"}, "Buku catatan sudah berisi"),
        ({"ends_on": "2026-10-04"}, "mendahului tanggal mulai"),
        ({"ends_on": "2027-01-04"}, "Tidak ada perjanjian"),
        ({"form_code": "KL01"}, "Pilih bentuk dari daftar"),
        ({"host_email": "rahmat@"}, "Surel ini tidak lengkap"),
    ):
        answer = citra.post(here, changed(partner, **wrong))
        assert (answer.status_code, says in answer.text) == (422, True), says
    right = changed(
        other,
        form_code="NKL07",
        starts_on="2026-11-03",
        ends_on="2026-11-20",
        host_name="Sari Umpama",
        host_email="sari@museum.example",
    )
    assert citra.post(here, right).status_code == 303
    now = state(session, placement)
    assert (now.form_code, now.host_name, now.partner_id, now.state) == ("NKL07", "Sari Umpama", other.id, "running")
    page = ani.get(f"/magang/{placement}").text
    assert "Museum Contoh" in page
    assert "Sari Umpama" in page
    noted = session.scalars(select(AuditEntry).filter_by(action="placement.changed")).one()
    assert (noted.before["host_name"], noted.after["host_name"]) == ("Rahmat Misalnya", "Sari Umpama")
    assert (noted.before["partner"], "title" in noted.before) == (partner.name, False)
    # Nothing changed: nothing is noted.
    assert citra.post(here, right).status_code == 303
    assert session.scalar(select(func.count(AuditEntry.id)).filter_by(action="placement.changed")) == 1
    # Days that another placement of the person takes are not free.
    placed(citra, partner, starts_on="2026-11-23", ends_on="2026-11-27")
    assert "sudah ditempatkan" in citra.post(here, {**right, "ends_on": "2026-11-24"}).text
    assert [subject for _to, subject, _text in mailed(session, database, outbox)] == ["Data penempatan Anda berubah"]


def test_another_supervisor_gets_another_link_and_the_old_one_is_dead_at_once(ani, citra, partner, session, visitor):
    placement, guest = placed(citra, partner), visitor(None)
    reported(ani, placement)
    here = f"/kelola/magang/{placement}"
    # Before any link was made there is none to replace.
    assert citra.post(f"{here}/ubah", changed(partner, letter="800/13/2026")).status_code == 303
    old = link_of(citra, placement)
    page = citra.post(f"{here}/ubah", changed(partner, letter="800/13/2026", host_name="Sari Umpama"))
    assert page.status_code == 200
    assert "Sari Umpama" in page.text
    new = "/tanda-tangan-mitra/" + re.search(r"/tanda-tangan-mitra/([\w-]+)", page.text)[1]
    assert guest.get(old).status_code == 404
    assert guest.post(f"{old}/setuju", HOST).status_code == 404
    assert "Untuk Sari Umpama" in guest.get(new).text
    # Another address is another supervisor's; what no host reads leaves the link alone.
    mail = changed(partner, letter="800/13/2026", host_name="Sari Umpama", competency="manajerial")
    assert citra.post(f"{here}/ubah", mail).status_code == 303
    assert guest.get(new).status_code == 200
    shown = citra.post(f"{here}/ubah", {**mail, "host_email": "sari@museum.example"})
    assert "mailto:sari" in shown.text
    assert guest.get(new).status_code == 404


def test_what_was_signed_is_not_changed_in_silence(ani, citra, partner, session, visitor, database, outbox):
    placement, guest = placed(citra, partner), visitor(None)
    signed(ani, citra, guest, placement)
    here = f"/kelola/magang/{placement}"
    assert "Rahmat Misalnya sudah menandatangani" in citra.get(f"{here}/ubah").text
    # What the host did not read may be put right beside it.
    assert citra.post(f"{here}/ubah", changed(partner, competency="manajerial")).status_code == 303
    assert state(session, placement).state == "signed"
    new = changed(partner, competency="manajerial", title="Magang arsip")
    asked = citra.post(f"{here}/ubah", new)
    assert asked.status_code == 422
    assert "Tanda tangan Rahmat Misalnya gugur" in asked.text
    assert "Tulis mengapa" in asked.text
    assert state(session, placement).title == "Magang pelayanan perizinan"
    page = citra.post(f"{here}/ubah", {**new, "sure": "1", "why": "Judulnya keliru."}).text
    now = state(session, placement)
    assert (now.state, now.signed_name, now.signed_at, now.remark) == ("reported", "", None, "")
    assert citra.post(f"{here}/sah").status_code == 409
    for told in (citra.get(here).text, ani.get(f"/magang/{placement}").text):
        assert "tanda tangan diminta lagi" in told
        assert "Judulnya keliru." in told
    link = "/tanda-tangan-mitra/" + re.search(r"/tanda-tangan-mitra/([\w-]+)", page)[1]
    assert "Magang arsip" in guest.get(link).text
    assert guest.post(f"{link}/setuju", HOST).status_code == 200
    assert "tanda tangan diminta lagi" not in ani.get(f"/magang/{placement}").text
    # A last day that is still to come opens the logbook again, and the report is handed in once more.
    later = {**new, "ends_on": "2026-12-04", "sure": "1", "why": "Diperpanjang."}
    assert citra.post(f"{here}/ubah", later).status_code == 303
    assert (state(session, placement).state, state(session, placement).link_hash) == ("running", None)
    assert "mulai hari terakhir" in ani.post(f"/magang/{placement}/laporan", {"report": REPORT}).text
    subjects = [subject for _to, subject, _text in mailed(session, database, outbox)]
    assert subjects == ["Penempatan Anda perlu ditandatangani lagi"] * 2


def test_what_counts_or_was_cancelled_is_not_changed(ani, citra, partner, session, visitor):
    placement = placed(citra, partner)
    signed(ani, citra, visitor(None), placement)
    here = f"/kelola/magang/{placement}"
    citra.post(f"{here}/sah")
    for _n in range(2):
        assert citra.get(f"{here}/ubah").status_code == 409
        assert citra.post(f"{here}/ubah", changed(partner, title="Magang arsip")).status_code == 409
        citra.post(f"{here}/tarik", {"reason": "Keliru."})
        citra.post(f"{here}/batal", {"reason": "Keliru."})
    assert state(session, placement).title == "Magang pelayanan perizinan"


def test_who_was_placed_sees_and_reads_why_it_was_cancelled(ani, citra, partner, session, database, outbox):
    placement = placed(citra, partner)
    reason = "Mitra menutup loketnya."
    assert citra.post(f"/kelola/magang/{placement}/batal", {"reason": reason}).status_code == 303
    for address in ("/magang", f"/magang/{placement}"):
        page = ani.get(address).text
        assert reason in page, address
        assert "Dibatalkan" in page, address
    assert reason in citra.get(f"/kelola/magang/{placement}").text
    ((to, subject, text),) = mailed(session, database, outbox)
    assert (to, subject, reason in text) == ("ani@contoh.test", "Penempatan Anda dibatalkan", True)
    assert (
        ani.post(f"/magang/{placement}/catatan", {"day": "2026-11-03", "hours": "8", "text": "Arsip."}).status_code
        == 422
    )


@pytest.fixture
def two(own_database):
    """A database of its own with a confirmed placement that counts, and one that waits for its host's link."""
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        partner = academy.a_partner(session)
        counting = academy.a_placement(session, cast.ani, partner, cast.dewi, state="signed", signed_name="Rahmat")
        waiting = academy.a_placement(session, cast.eko, partner, cast.dewi, state="reported", report=REPORT)
        dewi = actor_for(session, cast.dewi.id)
        actions.confirm(session, dewi, counting.public_id, utc_now())
        secret = actions.make_link(session, dewi, waiting.public_id, utc_now())
        given = (cast, partner.public_id, counting.public_id, waiting.public_id, secret)
        session.commit()
    return given


def at_once(database, *deeds):
    """Do these in transactions of their own at the same time; gives "done" or the refusal of each."""

    def one(deed):
        with database.write() as session:
            try:
                deed(session)
            except (Conflict, Invalid, NotFound) as refusal:
                return refusal.message
            sleep(0.3)
            session.commit()
            return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [each.result() for each in [pool.submit(one, deed) for deed in deeds]]


def test_of_two_officers_who_take_back_at_once_one_does(own_database, two, now):
    cast, _partner, placement, _waiting, _secret = two

    def by(person):
        wished = TakingBack(reason="Keliru disahkan.")
        return lambda session: correcting.take_back(session, actor_for(session, person.id), placement, wished, now)

    said = at_once(own_database, by(cast.citra), by(cast.dewi))
    assert sorted(each == "done" for each in said) == [False, True]
    with own_database.read() as session:
        assert [line.jp_recognised for line in by_id(session)] == [20, -20]
        assert session.scalars(select(Placement.rounds).filter_by(public_id=placement)).one() == 1


def test_the_host_signs_while_an_admin_changes_and_nobody_signs_what_was_not_read(own_database, two, now):
    cast, partner, _placement, waiting, secret = two
    typed = {name: value for name, value in wish(type("P", (), {"public_id": partner})).items() if name != "nip"}
    change = PlacementChange(**{**typed, "title": "Magang arsip", "host_position": "Kepala Bagian Contoh"})
    host = Actor.system("pembimbing di tempat mitra")
    said = at_once(
        own_database,
        lambda session: actions.sign(session, host, secret, Signing(name="Rahmat", agreed=True), now),
        lambda session: correcting.change(session, actor_for(session, cast.dewi.id), waiting, change, now),
    )
    assert sorted(each == "done" for each in said) == [False, True]
    with own_database.read() as session:
        now_says = session.scalars(select(Placement).filter_by(public_id=waiting)).one()
        ends = ("signed", "Magang pelayanan perizinan"), ("reported", "Magang arsip")
        assert (now_says.state, now_says.title) == ends[said[0] != "done"]
        assert "gugur" in said[1] or "Tulis mengapa" in said[1] or "Tautan ini" in said[0]
