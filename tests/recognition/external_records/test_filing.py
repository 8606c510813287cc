"""Filing a certificate from elsewhere over the web, and what an officer does with it."""

from datetime import date

import pytest
from sqlalchemy import event, func, select, update
from tests import academy, world
from tests.belongings import of_person
from tests.recognition.learning_hours.test_ledger import learned
from tests.teaching.materials import made

from elearn.foundation.clock import utc_now
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import OutboxMailer
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import MissingFile
from elearn.people.access.actor import Actor
from elearn.people.accounts.models import Person, Placement
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.external_records.jobs import tell_owner_of_record
from elearn.recognition.external_records.models import EvidenceFile, EvidencePage, ExternalRecord
from elearn.recognition.learning_hours.actions import credit_course
from elearn.recognition.learning_hours.models import LedgerLine

SEMINAR = {
    "title": "Seminar Literasi Digital",
    "organiser": "Universitas Contoh",
    "form_code": "KL06",
    "competency": "teknis",
    "started_on": "2026-11-10",
    "ended_on": "2026-11-11",
    "certificate_number": "SEM/0042/2026",
}


def upload(visitor, content=None, path="/capaian/luar", name="sertifikat.jpg"):
    photo = made.picture("JPEG", (1200, 900)) if content is None else content
    return visitor.client.post(path, files={"file": (name, photo)})


def filed(visitor, content=None, **fields):
    """The address of a record that was uploaded and sent."""
    here = upload(visitor, content).headers["location"]
    answer = visitor.post(here, {**SEMINAR, **fields})
    assert answer.status_code == 303, answer.text
    return here


def decide(visitor, here, verb, **fields):
    return visitor.post(f"/persetujuan/sertifikat/{here.rsplit('/', 1)[1]}/{verb}", fields)


def the_record(session):
    session.expire_all()
    return session.scalars(select(ExternalRecord)).one()


def recognised(session, person, year=2026):
    return session.scalar(
        select(func.coalesce(func.sum(LedgerLine.jp_recognised), 0)).filter_by(person_id=person.id, year=year)
    )


def test_from_the_phone_to_the_account(ani, citra, session, cast):
    here = filed(ani)
    assert "Menunggu keputusan" in ani.get(here).text
    assert "8 JP menunggu keputusan" in ani.get("/capaian").text
    assert recognised(session, cast.ani) == 0
    queue = citra.get("/persetujuan").text
    assert "Ani Contoh" in queue
    assert "Menunggu (1)" in queue
    assert "Akan diakui" in citra.get(f"/persetujuan/sertifikat/{here.rsplit('/', 1)[1]}").text
    assert decide(citra, here, "setuju").headers["location"] == "/persetujuan"
    line = session.scalars(select(LedgerLine)).one()
    assert (line.source, line.form_code, line.jp_earned, line.jp_recognised) == ("record", "KL06", 8, 8)
    assert (line.evidence, line.approved_by, line.ended_on) == ("SEM/0042/2026", cast.citra.id, date(2026, 11, 11))
    assert "Seminar Literasi Digital" in ani.get("/capaian?tahun=2026").text
    assert here in ani.get(f"/capaian/myasn/{line.public_id}").text
    assert "Disetujui" in ani.get(here).text
    deeds = set(session.scalars(select(AuditEntry.action)))
    assert {"record.filed", "record.approved", "jp.credited"} <= deeds


def test_a_photo_is_kept_upright_light_and_without_what_the_camera_noted(ani, session):
    photo = made.picture("JPEG", (2400, 1800), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    filed(ani, photo)
    file = session.scalars(select(EvidenceFile)).one()
    kept = b"".join(store().chunks(file.storage_key, 0, file.size))
    assert (file.media_type, len(kept)) == ("image/webp", file.size)
    assert b"Exif" not in kept
    assert max(session.execute(select(EvidencePage.width, EvidencePage.height)).one()) <= 1600


def test_a_pdf_can_be_read_as_pictures_on_any_phone(ani, citra, eko, fitri, session):
    here = upload(ani, made.pdf("Sertifikat", "Materi"), name="sertifikat.pdf").headers["location"]
    assert ani.post(here, SEMINAR).status_code == 303
    file = session.scalars(select(EvidenceFile)).one()
    for visitor, status in ((ani, 200), (citra, 200), (eko, 404), (fitri, 404)):
        assert visitor.get(f"/bukti/{file.public_id}").status_code == status
        assert visitor.get(f"/bukti/{file.public_id}/2").status_code == status
    assert ani.get(f"/bukti/{file.public_id}/2").headers["content-type"] == "image/webp"
    assert ani.get(f"/bukti/{file.public_id}/3").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (made.docx(), "sertifikat.docx", "Pilih foto"),
        (made.EXE, "sertifikat.pdf", "program Windows (EXE). Pilih foto"),
        (made.pdf("x")[:-40], "sertifikat.pdf", "terpotong"),
        (made.pdf(*"abcdefghijk"), "sertifikat.pdf", "11 halaman"),
        (made.picture("JPEG", (900, 600))[:400], "foto.jpg", "rusak"),
        (b"", "foto.jpg", "kosong"),
    ],
)
def test_a_file_that_is_no_evidence_says_why_and_leaves_nothing(ani, session, content, name, says):
    answer = upload(ani, content, name=name)
    assert answer.status_code == 422
    assert says in answer.text
    assert session.scalar(select(func.count(ExternalRecord.id))) == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"started_on": "2026-11-12"}, "mendahului tanggal mulai"),
        ({"ended_on": "2099-01-01"}, "Tanggal selesai 1 Januari 2099 belum lewat"),
        ({"started_on": "2099-01-01", "ended_on": ""}, '<a href="#f-started_on">Tanggal mulai: Tanggal 1 Januari 2099'),
        ({"jp": "9"}, "paling banyak 8 JP"),
        ({"form_code": "KL10"}, "Tulis JP seperti pada sertifikat"),
        ({"form_code": "NKL03", "jp": "7"}, "paling banyak 6 JP"),
        ({"form_code": "NKL01", "jp": "3"}, "paling banyak 2 JP untuk satu kali"),
        ({"days": "3"}, "hanya ada 2 hari"),
        ({"form_code": "XX"}, "tidak dikenal"),
        ({"started_on": "1999-01-01", "ended_on": "1999-01-02"}, "Periksa tahun"),
        ({"title": ""}, "Isi kolom ini"),
        ({"jp": "banyak"}, "Isi dengan angka"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(ani, session, wrong, says):
    here = upload(ani).headers["location"]
    answer = ani.post(here, {**SEMINAR, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Universitas Contoh" in answer.text
    assert the_record(session).state == "draft"


@pytest.mark.parametrize(
    ("fields", "earned"),
    [
        ({"days": "1"}, 4),
        ({"jp": "3"}, 3),
        ({"international": "1"}, 12),
        ({"form_code": "KL07"}, 10),
        ({"form_code": "KL10", "jp": "24"}, 24),
        ({"form_code": "NKL01"}, 2),
        ({"form_code": "NKL12"}, 20),
        ({"form_code": "KL12", "jp": "5"}, 5),
        ({"form_code": "NKL03", "jp": "8", "international": "1"}, 8),
    ],
)
def test_each_form_counts_by_its_own_rule(ani, citra, session, cast, fields, earned):
    decide(citra, filed(ani, **fields), "setuju")
    line = session.scalars(select(LedgerLine)).one()
    assert (line.jp_earned, line.jp_recognised) == (earned, earned)


def test_e_learning_elsewhere_shares_the_cap_of_the_day(ani, citra, session, cast):
    one_day = {"form_code": "NKL03", "started_on": "2026-11-10", "ended_on": "2026-11-10", "jp": "2"}
    for n, number in enumerate(("EL-0001-A", "EL-0002-B")):
        decide(
            citra,
            filed(ani, made.picture("PNG", (40, 30 + n)), **one_day, certificate_number=number, sure="1"),
            "setuju",
            note="Dua kursus.",
        )
    lines = session.scalars(select(LedgerLine).order_by(LedgerLine.id)).all()
    assert [(line.jp_earned, line.jp_recognised) for line in lines] == [(2, 2), (2, 1)]


def test_coaching_counts_twice_a_month(ani, citra, session, cast):
    for day in ("03", "10", "17"):
        when = {"started_on": f"2026-11-{day}", "ended_on": f"2026-11-{day}", "certificate_number": f"CO-2026-{day}"}
        decide(citra, filed(ani, form_code="NKL01", sure="1", **when), "setuju", note="Sesi lain.")
    decide(
        citra,
        filed(
            ani,
            form_code="NKL01",
            sure="1",
            started_on="2026-10-30",
            ended_on="2026-10-30",
            certificate_number="CO-2026-30",
        ),
        "setuju",
        note="Sesi lain.",
    )
    lines = session.scalars(select(LedgerLine).order_by(LedgerLine.id)).all()
    assert [line.jp_recognised for line in lines] == [2, 2, 0, 2]


@pytest.mark.parametrize(
    ("meetings", "given"),
    [
        (({"international": "1"}, {}, {}), [4, 2, 0]),
        (({}, {}, {"international": "1"}), [2, 2, 0]),
        (({"jp": "1"}, {"jp": "1"}, {"jp": "1"}), [1, 1, 0]),
    ],
)
def test_a_time_is_a_time_whatever_it_is_worth(ani, citra, session, cast, meetings, given):
    for day, fields in enumerate(meetings, start=3):
        when = {"started_on": f"2026-11-{day:02}", "ended_on": "", "certificate_number": f"CO-2026-{day:02}"}
        decide(citra, filed(ani, form_code="NKL01", sure="1", **when, **fields), "setuju", note="Sesi lain.")
    lines = session.scalars(select(LedgerLine).order_by(LedgerLine.id)).all()
    assert [line.jp_recognised for line in lines] == given


def test_what_looks_the_same_is_flagged_to_its_owner_and_to_the_officer(ani, citra, session, cast):
    decide(citra, filed(ani), "setuju")
    here = upload(ani, made.picture("PNG")).headers["location"]
    same_number = {
        **SEMINAR,
        "certificate_number": "sem 0042-2026",
        "started_on": "2026-10-01",
        "ended_on": "2026-10-01",
    }
    answer = ani.post(here, same_number)
    assert answer.status_code == 422
    assert "Sertifikat serupa sudah ada" in answer.text
    assert 'name="sure"' in answer.text
    assert ani.post(here, {**same_number, "sure": "1"}).status_code == 303
    assert "Nomor sama" in citra.get(f"/persetujuan/sertifikat/{here.rsplit('/', 1)[1]}").text
    refused = decide(citra, here, "setuju")
    assert refused.status_code == 422
    assert "Tulis mengapa ini bukan yang sama" in refused.text
    assert session.scalar(select(func.count(LedgerLine.id))) == 1
    assert decide(citra, here, "setuju", note="Dua kegiatan dengan nomor induk sama.").status_code == 303
    assert session.scalar(select(func.count(LedgerLine.id))) == 2


def test_the_same_photo_of_two_people_is_told_to_the_officer_alone(ani, eko, citra, dewi, session):
    photo = made.picture("PNG", (300, 200))
    first = filed(ani, photo)
    here = filed(eko, photo, certificate_number="LAIN-99999")
    # An admin of Ani's OPD learns that there is one, not whose.
    page = citra.get(f"/persetujuan/sertifikat/{first.rsplit('/', 1)[1]}").text
    assert "pengajuan pegawai OPD lain" in page
    assert "Eko" not in page
    assert "Kesehatan" not in page
    page = dewi.get(f"/persetujuan/sertifikat/{here.rsplit('/', 1)[1]}").text
    assert "Berkas sama" in page
    assert "Ani Contoh" in page
    assert "Ani" not in eko.get(here).text


def test_a_certificate_of_this_very_system_is_recognised(ani, citra, session, cast, now):
    of_person(session, cast.ani)
    session.execute(update(ExternalRecord).values(state="refused", number_key="", number="", form_code="KL01"))
    ours = session.scalars(select(LedgerLine.evidence).where(LedgerLine.source == "course")).one()
    session.commit()
    here = upload(ani).headers["location"]
    assert f"Sertifikat elearn nomor {ours}" in ani.post(here, {**SEMINAR, "certificate_number": ours}).text


def test_an_officer_asks_and_the_owner_answers(ani, citra, session):
    here = filed(ani)
    assert decide(citra, here, "tanya", question="Hari kedua ikut?").status_code == 303
    assert "Petugas bertanya" in ani.get("/").text
    assert "Hari kedua ikut?" in ani.get(here).text
    assert decide(citra, here, "setuju").status_code == 422
    assert ani.post(here, {**SEMINAR, "days": "1", "answer": "Tidak, satu hari."}).status_code == 303
    page = citra.get(f"/persetujuan/sertifikat/{here.rsplit('/', 1)[1]}").text
    assert "Tidak, satu hari." in page
    decide(citra, here, "setuju")
    assert session.scalars(select(LedgerLine.jp_earned)).one() == 4


def test_a_refusal_names_its_reason_and_needs_words_for_another(ani, citra, session):
    here = filed(ani)
    assert "Tulis alasannya" in decide(citra, here, "tolak", reason="lain").text
    assert decide(citra, here, "tolak", reason="tidak-terbaca").status_code == 303
    assert "Unggah foto atau PDF yang lebih jelas" in ani.get(here).text
    assert ani.post(here, SEMINAR).status_code == 422
    assert session.scalar(select(func.count(LedgerLine.id))) == 0


def test_a_decision_taken_back_takes_its_jp_back_and_may_be_made_again(ani, citra, session, cast):
    here = filed(ani)
    decide(citra, here, "setuju")
    assert decide(citra, here, "batal", reason="Salah tekan.").status_code == 303
    assert recognised(session, cast.ani) == 0
    assert the_record(session).state == "waiting"
    decide(citra, here, "setuju")
    assert recognised(session, cast.ani) == 8
    assert session.scalars(select(LedgerLine.jp_recognised).order_by(LedgerLine.id)).all() == [8, -8, 8]


def test_what_waits_can_be_withdrawn_and_what_was_decided_cannot(ani, citra, session):
    here = filed(ani)
    assert ani.post(f"{here}/tarik").status_code == 303
    assert "Antrean kosong" in citra.get("/persetujuan").text
    gone = decide(citra, here, "setuju")
    assert (gone.status_code, "Mungkin baru ditarik pegawainya" in gone.text) == (404, True)
    assert ani.post(here, SEMINAR).status_code == 303
    decide(citra, here, "setuju")
    assert ani.post(f"{here}/tarik").status_code == 409


def test_a_draft_goes_with_its_files(ani, session):
    here = upload(ani).headers["location"]
    assert upload(ani, made.picture("PNG"), f"{here}/berkas").status_code == 303
    files = session.scalars(select(EvidenceFile).order_by(EvidenceFile.id)).all()
    keys = [file.storage_key for file in files]
    assert ani.post(f"{here}/berkas/{files[1].public_id}/hapus").status_code == 303
    assert ani.post(f"{here}/hapus").status_code == 303
    assert session.scalar(select(func.count(ExternalRecord.id))) == 0
    for key in keys:
        with pytest.raises(MissingFile):
            store().size(key)


def test_nobody_decides_for_himself_or_beyond_his_subtree(citra, fitri, dewi, ani):
    own = filed(citra)
    assert decide(citra, own, "setuju").status_code == 404
    assert "Antrean kosong" in citra.get("/persetujuan").text
    other = filed(ani)
    assert decide(fitri, other, "setuju").status_code == 404
    assert decide(ani, other, "setuju").status_code == 403
    assert decide(dewi, own, "setuju").status_code == 303


def test_the_jp_stay_with_the_unit_of_that_day(ani, dewi, session, cast):
    session.add_all(
        [
            Placement(
                person_id=cast.ani.id, unit_id=cast.sekolah.id, valid_from=date(2020, 1, 1), valid_to=date(2026, 11, 15)
            ),
            Placement(person_id=cast.ani.id, unit_id=cast.kesehatan.id, valid_from=date(2026, 11, 16)),
        ]
    )
    cast.ani.unit_id = cast.kesehatan.id
    session.commit()
    decide(dewi, filed(ani), "setuju")
    assert session.scalars(select(LedgerLine.unit_id)).one() == cast.sekolah.id


def test_the_next_in_the_queue_follows_at_once(ani, eko, dewi):
    first, second = filed(ani), filed(eko, made.picture("PNG"), certificate_number="")
    assert decide(dewi, first, "setuju").headers["location"].endswith(second.rsplit("/", 1)[1])


def test_a_lesson_on_the_day_of_a_seminar_is_no_duplicate_and_shown_to_the_officer_alone(
    ani, citra, session, cast, now
):
    course = world.a_course(session, "langkah-kita", minutes=180)
    line = learned(session, cast.ani, course, {date(2026, 11, 11): 180})
    credit_course(session, Actor.system("tests"), line.id, now)
    session.commit()
    here = upload(ani).headers["location"]
    typed = {**SEMINAR, "certificate_number": ""}
    assert ani.post(here, typed).status_code == 303
    # Another form on a day in common may be another thing as well.
    again = upload(ani, made.picture("PNG")).headers["location"]
    longer = {**typed, "form_code": "KL10", "jp": "9", "started_on": "2026-11-09", "ended_on": "2026-11-10"}
    assert ani.post(again, longer).status_code == 303
    for address in (here, again):
        page = citra.get(f"/persetujuan/sertifikat/{address.rsplit('/', 1)[1]}").text
        assert "Pada hari yang sama juga ada" in page
        assert "mungkin ganda" not in page
    assert "JP-nya sudah dihitung" in citra.get(f"/persetujuan/sertifikat/{here.rsplit('/', 1)[1]}").text
    assert decide(citra, here, "setuju").status_code == 303
    assert decide(citra, again, "setuju").status_code == 303
    # The same form on a day in common is likely the same: of records, and of lessons.
    third = upload(ani, made.picture("PNG", (90, 60))).headers["location"]
    for form in ("KL10", course.form):
        answer = ani.post(third, {**longer, "form_code": form, "ended_on": "2026-11-11"})
        assert "Sertifikat serupa sudah ada" in answer.text, form


def test_ones_own_class_on_that_day_needs_a_word_from_both(ani, citra, session, cast, now):
    course = world.a_course(session, "kelas-kita", minutes=180)
    line = learned(session, cast.ani, course, {date(2026, 11, 11): 180})
    cohort = academy.a_cohort(session, course, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 11))
    academy.joined(session, cast.ani, cohort)
    credit_course(session, Actor.system("tests"), line.id, now)
    session.commit()
    here = upload(ani).headers["location"]
    typed = {**SEMINAR, "form_code": "KL10", "jp": "9", "certificate_number": ""}
    answer = ani.post(here, typed).text
    assert "Sertifikat serupa sudah ada" in answer
    assert "JP-nya sudah dihitung" in answer
    assert ani.post(here, {**typed, "sure": "1"}).status_code == 303
    assert "Tulis mengapa ini bukan yang sama" in decide(citra, here, "setuju").text
    assert decide(citra, here, "setuju", note="Malamnya, di tempat lain.").status_code == 303


def test_the_page_of_a_record_asks_little_however_many_are_alike(citra, session, cast, database):
    records = [academy.a_record(session, cast.ani, number="SEM/0042/2026") for _n in range(2)]
    session.commit()

    def asked(twins):
        said = []
        note = lambda *given: said.append(given[2])  # noqa: E731
        event.listen(database.connection, "before_cursor_execute", note)
        try:
            page = citra.get(f"/persetujuan/sertifikat/{records[0].public_id}").text
        finally:
            event.remove(database.connection, "before_cursor_execute", note)
        assert page.count("Nomor sama") == twins
        return [one for one in said if not one.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]

    few = asked(1)
    for _n in range(29):
        academy.a_record(session, cast.ani, number="SEM/0042/2026")
    session.commit()
    many = asked(10)
    assert len(few) == len(many) <= 8, [one[:90] + one[-90:] for one in many]


def test_a_number_of_ours_is_found_however_it_is_typed(ani, eko, session, cast):
    of_person(session, cast.ani)
    session.execute(update(ExternalRecord).values(state="refused", number_key="", number=""))
    session.execute(update(Certificate).values(number="800.2/0001/BKPSDM-KC/2026"))
    session.commit()
    far = {"started_on": "2020-03-02", "ended_on": "2020-03-02"}
    for who, typed in ((ani, "800.2 /0001/bkpsdm kc.2026"), (eko, "800.2 / 0001 / BKPSDM-KC / 2026")):
        here = upload(who).headers["location"]
        answer = who.post(here, {**SEMINAR, **far, "certificate_number": typed}).text
        assert "Sertifikat elearn nomor 800.2/0001/BKPSDM-KC/2026" in answer


def test_the_owner_is_mailed_what_an_officer_said_and_sees_a_refusal(ani, citra, session, cast, database, monkeypatch):
    outbox = OutboxMailer()
    for module in ("notices", "jobs"):
        monkeypatch.setattr(f"elearn.recognition.external_records.{module}.mailer", lambda: outbox)
    here = filed(ani)
    decide(citra, here, "tanya", question="Hari kedua ikut?")
    assert session.scalars(select(Job).filter_by(kind="records.tell")).all() == []
    outbox.enabled = True
    decide(citra, (second := filed(ani, sure="1")), "tanya", question="Hari kedua ikut?")
    assert session.scalars(select(Job).filter_by(kind="records.tell")).all() == []
    session.get_one(Person, cast.ani.id).email = "ani@contoh.test"
    session.commit()
    ani.post(second, {**SEMINAR, "sure": "1"})
    assert decide(citra, second, "tanya", question="Ada daftar hadir?").status_code == 303
    ani.post(second, {**SEMINAR, "sure": "1"})
    assert decide(citra, second, "tolak", reason="lain", note="Bukan seminar.").status_code == 303
    ani.post(here, {**SEMINAR, "sure": "1"})
    assert decide(citra, here, "setuju").status_code == 303
    for job in session.scalars(select(Job).filter_by(kind="records.tell").order_by(Job.id)).all():
        tell_owner_of_record(Progress(None, database.write, utc_now, lambda: False), **job.arguments)
    assert [sent.to for sent in outbox.sent] == ["ani@contoh.test"] * 3
    for sent, says in zip(outbox.sent, ("Ada daftar hadir?", "Bukan seminar.", "disetujui"), strict=True):
        assert says in sent.text
        assert "/capaian/luar/" in sent.text
    page = ani.get("/capaian?tahun=2026").text
    assert "Bukan seminar." in page
    assert "Ditolak" in page
    assert "Bukan seminar." not in ani.get("/capaian?tahun=2025").text
    assert "internasional 6 JP" in ani.get(upload(ani, made.picture("PNG")).headers["location"]).text
