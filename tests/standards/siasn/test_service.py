"""The web service: two tokens, error pages, cuts in between; each record arrives exactly once."""

from contextlib import contextmanager

import pytest
from sqlalchemy import select

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.settings import Settings, settings
from elearn.foundation.storage.current import store
from elearn.people.access.actor import Actor
from elearn.people.audit.models import AuditEntry
from elearn.standards.siasn.actions import begin_bundle, give_up
from elearn.standards.siasn.client import RecordRefused, ServiceFailed, SiasnClient, TokenRefused
from elearn.standards.siasn.models import SiasnBundle, SiasnExport
from elearn.standards.siasn.queries import Wanted, bundle_for
from elearn.standards.siasn.sending import Post, foreseen, send
from tests import programs, world
from tests.standards.siasn.ledger import a_line, corrected, known_to_siasn
from tests.standards.siasn.service import KEY, SECRET, SSO, served

ACTOR = Actor.system("tests")
ALL = Wanted(2026)
BODY = {"id": None, "pnsOrangId": "A" * 32, "nomorSertipikat": "1"}


@pytest.fixture
def service():
    with served() as (found, port):
        found.office = settings().model_copy(update=found.settings(port))
        yield found


@pytest.fixture
def client(service):
    with SiasnClient(service.office, SSO, pause=lambda _seconds: None) as made:
        yield made


class Cut(BaseException):
    """The power goes."""


class Run:
    """Runs of the sending, as the command line has them."""

    def __init__(self, database, service, now):
        self.database, self.service, self.now = database, service, now

    @contextmanager
    def step(self):
        with self.database.write() as session:
            yield session
            session.commit()

    def __call__(self, cut_after=None, again=False):
        with self.step() as session:
            bundle = begin_bundle(session, ACTOR, ALL, self.now).public_id
        with SiasnClient(self.service.office, SSO, pause=lambda _seconds: None) as client:
            if cut_after:
                method = getattr(client, cut_after)

                def cut(*words, **named):
                    method(*words, **named)
                    raise Cut

                setattr(client, cut_after, cut)
            post = Post(self.step, ACTOR, bundle, client, self.service.office, store(), lambda: self.now)
            try:
                return send(post, ALL, self.database.read, again=again)
            except BaseException:
                with self.step() as session:
                    give_up(session, ACTOR, bundle_for(session, ACTOR, bundle))
                raise


@pytest.fixture
def run(database, service, now):
    return Run(database, service, now)


def learned(session, cast, service):
    known_to_siasn(session, cast.ani, cast.eko)
    lines = [a_line(session, cast.ani, 10, title="Satu"), a_line(session, cast.eko, 900, form="KL01", title="PIM III")]
    session.commit()
    service.nips = {cast.ani.nip: cast.ani.siasn_id, cast.eko.nip: cast.eko.siasn_id}
    return lines


def arrived(service):
    return sorted((each["history"], each["jumlahJam"]) for each in service.entries)


def test_kursus_and_diklat_arrive_once_with_their_pdfs_and_changes_replace_them(run, service, session, cast, dewi, now):
    line, _other = learned(session, cast, service)
    assert foreseen(run.database.read, ACTOR, ALL, now).new == 2
    assert service.calls == []
    assert run().counts == {"new": 2, "there": 0, "deletion": 0, "documents": 2, "refused": 0}
    assert arrived(service) == [("diklat", 900), ("kursus", 10)]
    assert sorted(kind for _id, kind in service.documents) == ["874", "881"]
    assert service.tokens == 1
    assert run().counts["new"] == 0
    corrected(session, dewi.actor, line, 4, now)
    session.commit()
    assert run().counts["new"] == 1
    assert arrived(service) == [("diklat", 900), ("kursus", 4)]


@pytest.mark.parametrize("cut_after", ["save", "upload"])
def test_cut_off_between_sending_and_noting_nothing_arrives_twice(run, service, session, cast, cut_after):
    learned(session, cast, service)
    for _again in range(2):
        with pytest.raises(Cut):
            run(cut_after)
    outcome = run()
    assert arrived(service) == [("diklat", 900), ("kursus", 10)]
    assert {id for id, _kind in service.documents} == {"RW-1", "RW-2"}
    session.expire_all()
    states = [row.state for row in session.scalars(select(SiasnExport))]
    assert states == ["left", "left"]
    assert outcome.counts["refused"] == 0


def test_a_pdf_that_siasn_refuses_is_told_and_owed_until_it_is_taken(run, service, session, cast):
    learned(session, cast, service)
    service.mood = [("/upload-dok-rw", 200, {"success": "false", "message": "ukuran berkas"})]
    outcome = run()
    assert (outcome.counts["new"], outcome.counts["documents"]) == (2, 1)
    [(entry, words)] = outcome.unproved
    assert (entry.title, words) == ("Satu", "ukuran berkas")
    again = run()
    assert (again.counts["documents"], again.unproved) == (1, [])
    assert len(service.entries) == len(service.documents) == 2


PAGES = {
    "html": (200, "<html><body>Service Unavailable</body></html>"),
    "500": (500, {"message": "galat"}),
    "500 html": (500, "<html>galat</html>"),
    "502": (502, "Bad Gateway"),
    "a list": (200, []),
    "no id": (200, {"success": True, "mapData": {}}),
}


@pytest.mark.parametrize("page", PAGES)
def test_an_error_page_is_told_and_nothing_counts_as_sent(run, service, session, cast, page):
    learned(session, cast, service)
    service.mood = [("/kursus/save", *PAGES[page])]
    with pytest.raises(ServiceFailed) as failure:
        run()
    assert "SIASN" in failure.value.message
    session.expire_all()
    assert [row for row in session.scalars(select(SiasnExport)) if row.state == "left" and row.jp == 10] == []
    run()
    assert arrived(service) == [("diklat", 900), ("kursus", 10)]


def test_what_siasn_refuses_is_told_with_its_words_and_the_rest_goes_on(run, service, session, cast, dewi):
    learned(session, cast, service)
    service.mood = [("/kursus/save", 200, {"success": False, "message": "tanggal tidak valid"})]
    assert run().counts == {"new": 1, "there": 0, "deletion": 0, "documents": 1, "refused": 1}
    [refused] = session.scalars(select(SiasnExport).filter_by(state="refused"))
    assert refused.note == "tanggal tidak valid"
    # It is not asked again and again, but told each time.
    calls = len(service.calls)
    again = run()
    assert (again.counts["new"], [(entry.title, words) for entry, words in again.answers]) == (
        0,
        [("Satu", "tanggal tidak valid")],
    )
    assert len(service.calls) == calls
    service.mood = [("/kursus/save", 200, {"success": False, "message": "masih salah"})]
    assert run(again=True).counts["refused"] == 1
    bundle = session.get_one(
        SiasnBundle, session.scalars(select(SiasnExport.bundle_id).filter_by(note="masih salah")).one()
    )
    page = dewi.get(f"/kelola/siasn/paket/{bundle.public_id}").text
    assert ("masih salah" in page, f"/opd/pegawai/{cast.ani.public_id}/ubah" in page) == (True, True)
    assert "masih salah" in dewi.get("/kelola/siasn?tahun=2026").text
    assert dewi.post(f"/kelola/siasn/paket/{bundle.public_id}/ulang").status_code == 303
    assert "Dicoba lagi" in dewi.get(f"/kelola/siasn/paket/{bundle.public_id}").text
    assert dewi.post(f"/kelola/siasn/paket/{bundle.public_id}/ulang").status_code == 409
    assert run().counts["new"] == 1


def test_an_entry_whose_jp_became_none_is_deleted_there_once_and_a_diklat_by_hand(
    run, service, session, cast, dewi, now
):
    lines = learned(session, cast, service)
    run()
    for line in lines:
        corrected(session, dewi.actor, line, 0, now)
    session.commit()
    with pytest.raises(Cut):
        run("delete")
    assert arrived(service) == [("diklat", 900)]
    outcome = run()
    assert (outcome.there, outcome.deleted, outcome.by_hand) == (1, 0, 1)
    assert run().there == 0
    assert "PIM III" in dewi.get("/kelola/siasn?tahun=2026").text


def test_the_gateways_token_is_renewed_once_and_the_persons_by_hand(service, client):
    assert client.save("kursus", BODY) == "RW-1"
    service.tokens += 1
    assert client.save("kursus", {**BODY, "nomorSertipikat": "2"}) == "RW-2"
    with SiasnClient(service.office, "salah") as wrong, pytest.raises(TokenRefused):
        wrong.save("kursus", BODY)
    other = service.office.model_copy(update={"siasn_consumer_secret": "lain"})
    with SiasnClient(other, SSO) as wrong, pytest.raises(TokenRefused) as refusal:
        wrong.save("kursus", BODY)
    assert "consumer" in refusal.value.message
    # Whatever is wrong with the token's server is no word about the record.
    for status in (400, 404, 409, 422):
        service.mood = [("/oauth2/token", status, {"message": "galat"})]
        with SiasnClient(service.office, SSO) as fresh, pytest.raises(TokenRefused):
            fresh.save("kursus", BODY)


def test_it_waits_as_long_as_it_is_asked_to_and_no_longer_than_is_sensible(service):
    waits = []
    with SiasnClient(service.office, SSO, pause=waits.append) as client:
        service.mood = [
            ("/kursus/save", 429, {}, ("Retry-After", "7")),
            ("/kursus/save", 429, {}, ("Retry-After", "x")),
        ]
        assert client.save("kursus", BODY) == "RW-1"
        assert [wait for wait in waits if wait >= 1] == [7.0, 5.0]
        service.mood = [("/kursus/save", 429, {}, ("Retry-After", "9999"))] * 9
        with pytest.raises(ServiceFailed):
            client.save("kursus", BODY)
    assert max(waits) == 60.0


def test_calls_keep_the_pace_of_the_setting(service):
    waits = []
    slow = service.office.model_copy(update={"siasn_calls_a_minute": 30})
    with SiasnClient(slow, SSO, pause=waits.append) as client:
        for number in range(3):
            client.save("kursus", {**BODY, "nomorSertipikat": str(number)})
    assert len(waits) == 2
    assert all(0 < wait <= 4 for wait in waits)


def test_a_history_is_read_and_an_answer_in_words_is_an_empty_one(service, client):
    nip = "198501012010012001"
    assert client.history("kursus", nip) == []
    service.nips = {nip: BODY["pnsOrangId"]}
    client.save("kursus", BODY)
    assert [row["noSertipikat"] for row in client.history("kursus", nip)] == ["1"]
    with pytest.raises(RecordRefused):
        client.history("lain", nip)
    for told in ("Terjadi kesalahan pada server", "", None, {"galat": 1}):
        service.mood = [("/pns/rw-kursus", 200, {"code": 0, "data": told})]
        with pytest.raises(ServiceFailed):
            client.history("kursus", nip)
    service.mood = [("/pns/rw-kursus", 302, {"message": "masuk dahulu"})]
    with pytest.raises(ServiceFailed):
        client.history("kursus", nip)


def test_off_by_default_and_without_a_key_there_is_no_client(service):
    assert Settings(mode="demo").siasn_service is False
    assert Settings(mode="demo").siasn_consumer_secret == ""
    for update in ({"siasn_service": False}, {"siasn_consumer_key": ""}):
        with pytest.raises(Conflict):
            SiasnClient(service.office.model_copy(update=update), SSO)
    for token in ("", "a b", "tökén"):
        with pytest.raises(Invalid):
            SiasnClient(service.office, token)
    gone = service.office.model_copy(update={"siasn_api_url": "http://127.0.0.1:1/"})
    with SiasnClient(gone, SSO) as client, pytest.raises(ServiceFailed):
        client.save("kursus", BODY)


def test_from_the_shell_the_token_is_in_no_table_and_no_output(own_database, tmp_path):
    with own_database.write() as session, served() as (service, port):
        learned(session, world.cast(session), service)
        told = {f"ELEARN_{name.upper()}": str(value) for name, value in service.settings(port).items()}
        told_on = {**told, "ELEARN_SIASN_SERVICE": "true"}
        service.mood = [("/kursus/save", 200, {"success": False, "message": "tanggal tidak valid"})]
        ended = shell(own_database, tmp_path, told_on, SSO + "\n")
        assert ended.returncode == 0, ended.stderr
        assert "1 records sent" in ended.stdout
        assert "Refused: Satu, Ani Contoh: tanggal tidak valid" in ended.stdout
        written = shell(own_database, tmp_path, told_on, "", "--out", str(tmp_path / "paket"), verb="export")
        assert ("1 refused" in written.stdout, 'SIASN menolak: "tanggal' in written.stdout) == (True, True), written
        assert "1 records sent" in shell(own_database, tmp_path, told_on, SSO + "\n", "--again").stdout
        again = shell(own_database, tmp_path, told_on, "salah\n", "--dry-run")
        assert "Would send 0 new" in again.stdout
        assert arrived(service) == [("diklat", 900), ("kursus", 10)]
        off = shell(own_database, tmp_path, {**told, "ELEARN_SIASN_SERVICE": "false"}, SSO + "\n")
        assert (off.returncode, "ELEARN_SIASN_SERVICE" in off.stderr) == (1, True)
    with own_database.read() as session:
        rows = [*session.scalars(select(AuditEntry)), *session.scalars(select(SiasnExport))]
        rows += session.scalars(select(SiasnBundle)).all()
        kept = str([{name: str(value) for name, value in vars(row).items()} for row in rows])
    for secret in (SSO, SECRET, KEY, "gerbang-"):
        assert secret not in kept + ended.stdout + ended.stderr


def shell(database, folder, told, typed, *words, verb="send"):
    env = {
        "PATH": "/usr/bin:/bin",
        "ELEARN_MODE": "demo",
        "ELEARN_LOG_LEVEL": "debug",
        "ELEARN_SECRET_KEY": "s" * 48,
        "ELEARN_DATA_DIR": str(folder),
        "ELEARN_DATABASE_URL": database.url.render_as_string(hide_password=False),
        **told,
    }
    return programs.run([verb, "siasn", "--year", "2026", *words], env, typed)
