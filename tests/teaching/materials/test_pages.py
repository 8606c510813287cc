import json

import pytest
from sqlalchemy import func, select

from elearn.activities.documents.models import Document
from elearn.activities.readings.models import Reading
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.settings import settings
from elearn.foundation.storage.current import store
from elearn.overview.search.models import SearchDocument
from elearn.teaching.courses.models import Activity, Module
from elearn.teaching.materials import actions, pdf
from elearn.teaching.materials.models import Material, MaterialPage
from tests import world
from tests.teaching.materials import made


@pytest.fixture
def course(session, cast):
    made_course = world.a_course(session, by=cast.budi, state="draft")
    world.a_module(session, made_course)
    session.commit()
    return made_course


def send(visitor, content, name="Pedoman Cuti.pdf", path="/ajar/etika-asn/berkas", **fields):
    return visitor.client.post(path, files={"file": (name, content)}, data=fields)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_pdf_becomes_a_document_in_its_course(budi, course, session):
    assert "Paling besar 1 GB" in budi.get("/ajar/etika-asn/unggah").text
    answer = send(budi, made.pdf("Cuti tahunan", "Cuti sakit"))
    activity = session.scalars(select(Activity)).one()
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/ajar/dokumen/{activity.public_id}"
    assert (activity.kind, activity.title, activity.minutes) == ("document", "Pedoman Cuti", 4)
    assert "Pedoman Cuti.pdf" in budi.get(answer.headers["location"]).text
    material = session.get_one(Document, activity.id).material_id
    assert session.get_one(Material, material).state == "processing"


def test_the_job_draws_light_pages_and_search_finds_their_words(budi, course, session, database):
    send(budi, made.pdf("Cuti tahunan", "Cuti sakit", "Izin"))
    assert run_pending(database.write) == 1
    session.expire_all()
    job, material = session.scalars(select(Job)).one(), session.scalars(select(Material)).one()
    assert (job.state, job.done, job.total, job.unit) == ("done", 3, 3, "halaman"), job.error
    pages = session.scalars(select(MaterialPage).order_by(MaterialPage.number)).all()
    assert [page.text.strip() for page in pages] == ["Cuti tahunan", "Cuti sakit", "Izin"]
    assert all(page.width == 1000 and page.size <= 60_000 for page in pages)
    assert material.state == "ready"
    assert session.scalars(select(Activity)).one().size == sum(page.size for page in pages)
    found = session.scalars(select(SearchDocument.body).where(SearchDocument.activity_id.is_not(None))).one()
    assert "Cuti sakit" in found


def test_a_job_that_was_killed_goes_on_after_the_pages_that_were_kept(budi, course, session, database, monkeypatch):
    send(budi, made.pdf(*[f"Halaman {n}" for n in range(1, 13)]))
    render, drawn = pdf.render, []

    def killed_in_the_middle(path, first, count, folder):
        drawn.append(first)
        if drawn == [1, 6]:
            raise KeyboardInterrupt
        return render(path, first, count, folder)

    monkeypatch.setattr(pdf, "render", killed_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        run_pending(database.write)
    session.expire_all()
    assert count(session, MaterialPage) == 5
    job = session.scalars(select(Job)).one()
    job.state = "waiting"
    session.commit()
    run_pending(database.write)
    session.expire_all()
    assert drawn == [1, 6, 6, 11]
    assert count(session, MaterialPage) == 12
    assert session.scalars(select(Material)).one().state == "ready"


def test_a_page_that_cannot_be_drawn_is_told_and_can_be_tried_again(budi, course, session, database, monkeypatch):
    send(budi, made.pdf("satu"))
    monkeypatch.setattr(pdf, "_ask", lambda *_given: [])
    run_pending(database.write)
    session.expire_all()
    material = session.scalars(select(Material)).one()
    assert material.state == "failed"
    monkeypatch.undo()
    shown = budi.get("/ajar/etika-asn/berkas").text
    assert "Halaman 1 PDF ini tidak dapat digambar" in shown
    assert "Siapkan lagi" in shown
    activity = session.scalars(select(Activity)).one()
    budi.person.locale = "en"
    session.commit()
    told = budi.get(f"/ajar/dokumen/{activity.public_id}").text
    assert "Halaman 1" not in told
    assert "Page 1" in told
    assert budi.post(f"/ajar/etika-asn/berkas/{material.public_id}/siapkan").status_code == 303
    run_pending(database.write)
    session.expire_all()
    assert session.scalars(select(Material)).one().state == "ready"


def test_the_same_file_again_is_the_same_file(budi, course, session):
    content = made.pdf("sama")
    send(budi, content)
    before = sorted(store().keys())
    send(budi, content, "Nama lain.pdf")
    assert count(session, Material) == 1
    assert count(session, Activity) == 2
    assert sorted(store().keys()) == before
    material = session.scalars(select(Material)).one()
    assert "Pakai berkas yang sudah ada" in budi.get("/ajar/etika-asn/unggah").text
    assert budi.post(f"/ajar/etika-asn/berkas/{material.public_id}/pakai").status_code == 303
    assert count(session, Activity) == 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pedoman.pdf", made.EXE, "program Windows"),
        ("pedoman.pdf", made.HTML, "halaman web"),
        ("foto.png", made.SVG, "gambar SVG"),
        ("surat.docx", made.archive(), "arsip ZIP"),
        ("surat.docx", made.docx(macro=True), "makro"),
        ("kosong.pdf", b"", "Berkas kosong"),
        ("", b"", "Pilih berkas"),
        ("potong.pdf", made.pdf("x" * 900)[:1200], "terpotong"),
    ],
)
def test_a_wrong_file_comes_back_with_the_rule_and_leaves_nothing(budi, course, session, name, content, words):
    before = sorted(store().keys())
    answer = send(budi, content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kesalahan:" in answer.text
    asked = budi.client.post(
        "/ajar/etika-asn/berkas", files={"file": (name, content)}, headers={"Accept": "application/json"}
    )
    assert words in asked.json()["error"]
    assert (count(session, Material), count(session, Activity)) == (0, 0)
    assert sorted(store().keys()) == before


def test_the_limit_is_a_setting(budi, course, session, monkeypatch):
    monkeypatch.setenv("ELEARN_UPLOAD_LIMIT_MB", "1")
    settings.cache_clear()
    try:
        answer = send(budi, made.pdf("x") + b" " * 1024**2)
        assert answer.status_code == 422
        assert "Berkas lebih besar dari 1 MB" in answer.text
        assert "Paling besar 1 MB" in answer.text
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert count(session, Material) == 0


@pytest.mark.parametrize("name", ["../../../etc/passwd.pdf", "é日本" * 400 + ".pdf", "a\r\nb.pdf", "..\\..\\x.pdf"])
def test_names_do_no_harm(budi, course, session, name):
    assert send(budi, made.pdf("x"), name).status_code == 303
    kept = session.scalars(select(Material)).one().file_name
    assert len(kept) <= 150
    assert not set("/\\\r\n") & set(kept)


def test_a_course_without_modules_gets_its_first_one(budi, course, session, cast):
    world.a_course(session, "baru-sekali", by=cast.budi)
    session.commit()
    assert send(budi, made.pdf("x"), path="/ajar/baru-sekali/berkas").status_code == 303
    assert session.scalars(select(Module.title).order_by(Module.id.desc())).first() == "Modul 1"


def test_another_course_s_module_is_not_found_and_nothing_stays(budi, course, session, cast):
    other = world.a_module(session, world.a_course(session, "lain", by=cast.gilang))
    session.commit()
    before = sorted(store().keys())
    for module in (other.public_id, "tidak-ada", "a\0b"):
        assert send(budi, made.pdf("x"), module=module).status_code == 404
    assert sorted(store().keys()) == before
    assert count(session, Material) == 0


def test_only_who_teaches_the_course_may_upload(course, session, guest, ani, gilang, citra, dewi):
    for visitor in (ani, gilang, citra):
        assert send(visitor, made.pdf("x")).status_code == 404
        assert visitor.get("/ajar/etika-asn/berkas").status_code == 404
    assert send(guest, made.pdf("x")).headers["location"].startswith("/masuk")
    assert count(session, Material) == 0
    assert send(dewi, made.pdf("x")).status_code == 303


def test_a_course_from_files_takes_no_uploads(budi, session, cast):
    world.a_course(session, by=cast.budi, from_files=True)
    session.commit()
    answer = send(budi, made.pdf("x"))
    assert answer.status_code == 409
    assert "disusun dari berkas" in answer.text


def test_the_list_tells_use_and_lets_go_of_what_is_unused(budi, course, session):
    send(budi, made.pdf("x"))
    send(budi, made.picture(), "Denah Kantor.png")
    used, unused = session.scalars(select(Material).order_by(Material.id)).all()
    page = budi.get("/ajar/etika-asn/berkas").text
    assert "denah-kantor.webp" in page
    assert "Belum dipakai" in page
    refused = budi.post(f"/ajar/etika-asn/berkas/{used.public_id}/hapus")
    assert refused.status_code == 409
    assert "Pedoman Cuti" in refused.text
    assert budi.post(f"/ajar/etika-asn/berkas/{unused.public_id}/hapus").status_code == 303
    assert not store().exists(unused.storage_key)
    assert session.scalars(select(Material.id)).all() == [used.id]


def test_a_picture_in_a_lesson_counts_as_used(budi, course, session):
    module = session.scalars(select(Module)).one()
    reading = world.a_reading(session, module)
    send(budi, made.picture(), "denah.png")
    session.get_one(Reading, reading.id).source = "![Denah](denah.webp)"
    session.commit()
    picture = session.scalars(select(Material)).one()
    assert budi.post(f"/ajar/etika-asn/berkas/{picture.public_id}/hapus").status_code == 409


def test_a_picture_for_a_lesson_gives_its_markdown(budi, course, session):
    path = "/ajar/etika-asn/gambar"
    asked = budi.client.post(
        path,
        files={"file": ("Denah Kantor.png", made.picture())},
        data={"alt": "Denah [kantor]"},
        headers={"Accept": "application/json"},
    )
    assert asked.status_code == 201
    assert asked.json()["markdown"] == "![Denah kantor](denah-kantor.webp)"
    assert budi.get(asked.json()["url"]).headers["content-type"] == "image/webp"
    plain = send(budi, made.picture(size=(50, 50)), "lain.png", path, kembali="/ajar/materi/abc")
    assert plain.headers["location"] == "/ajar/materi/abc"
    elsewhere = send(budi, made.picture(size=(60, 50)), "x.png", path, kembali="https://contoh.test/")
    assert elsewhere.headers["location"] == "/ajar/etika-asn/berkas"
    refused = send(budi, made.pdf("x"), "x.png", path)
    assert "Gambar harus PNG" in refused.text
    assert count(session, Material) == 3


def test_pages_drawn_twice_leave_one_picture_each(budi, course, session):
    send(budi, made.pdf("x"))
    material = session.scalars(select(Material)).one()
    first = actions.PagePicture(1, "aa/" + "a" * 32, 10, 5, 5, "satu")
    again = actions.PagePicture(1, "bb/" + "b" * 32, 10, 5, 5, "satu")
    assert actions.add_pages(session, budi.actor, material.id, [first]) == []
    assert actions.add_pages(session, budi.actor, material.id, [again]) == [first.key]
    assert json.dumps([page.storage_key for page in session.scalars(select(MaterialPage))]) == f'["{again.key}"]'
