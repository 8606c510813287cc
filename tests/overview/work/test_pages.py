"""The page of one's long work."""

import pytest

from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from tests.conftest import NOW


@pytest.fixture
def job(session, ani):
    made = enqueue(
        session,
        kind="tests.none",
        title="Impor pegawai.csv",
        owner_id=ani.person.id,
        arguments={},
        unit="baris",
        now=NOW,
    )
    session.commit()
    return made


def page(visitor, job, **values):
    for name, value in values.items():
        setattr(job, name, value)
    visitor.session.commit()
    return visitor.get(f"/pekerjaan/{job.public_id}").text


def test_running_work_shows_how_far_it_is_with_and_without_script(ani, job):
    text = page(ani, job, state="running", started_at=NOW, done=312, total=500)
    assert "62 %" in text
    assert "312 dari 500" in text
    assert 'role="progressbar"' in text
    assert 'http-equiv="refresh"' in text
    assert "data-poll" in text


def test_the_fragment_is_small(ani, job):
    page(
        ani, job, state="running", started_at=NOW, done=9_000, total=10_000, message="Memeriksa baris…", title="x" * 200
    )
    fragment = ani.get(f"/pekerjaan/{job.public_id}/kemajuan")
    assert len(fragment.content) <= 512
    assert "<html" not in fragment.text


def test_the_last_fragment_asks_for_no_more(ani, job):
    page(ani, job, state="done", finished_at=NOW, result={})
    fragment = ani.get(f"/pekerjaan/{job.public_id}/kemajuan").text
    assert "data-poll" not in fragment
    assert "data-reload" in fragment


def test_finished_work_tells_what_came_of_it(ani, job):
    result = {"lines": ["Baru: 480", "Ditolak: 20"], "href": "/impor/pegawai/x"}
    text = page(ani, job, state="done", finished_at=NOW, result=result)
    assert "Baru: 480, Ditolak: 20." in text
    assert 'href="/impor/pegawai/x"' in text
    assert "http-equiv" not in text


def test_no_link_leads_to_another_site(ani, job):
    assert "jahat.test" not in page(ani, job, state="done", finished_at=NOW, result={"href": "//jahat.test"})


def test_failed_work_says_why(ani, job):
    text = page(ani, job, state="failed", finished_at=NOW, error="Berkas ini sudah dihapus.")
    assert "Berkas ini sudah dihapus." in text
    assert "jalankan lagi" in text


def test_waiting_work_is_called_off_at_once_and_finished_work_never(ani, job):
    ani.post(f"/pekerjaan/{job.public_id}/batal")
    assert "Dibatalkan." in ani.get(f"/pekerjaan/{job.public_id}").text
    page(ani, job, state="done", cancel_requested=False)
    ani.post(f"/pekerjaan/{job.public_id}/batal")
    assert "Selesai." in ani.get(f"/pekerjaan/{job.public_id}").text


def test_the_file_is_for_its_owner_and_is_not_kept_by_browsers(ani, eko, job):
    key = new_key("csv")
    store().put(key, [b"a;b"])
    made = {"file": {"key": key, "name": "hasil.csv", "media_type": "text/csv"}}
    text = page(ani, job, state="done", finished_at=NOW, result=made)
    assert f"/pekerjaan/{job.public_id}/berkas" in text
    answer = ani.get(f"/pekerjaan/{job.public_id}/berkas")
    assert answer.content == b"a;b"
    assert answer.headers["cache-control"] == "no-store"
    assert "attachment" in answer.headers["content-disposition"]
    for path in ("", "/berkas", "/kemajuan"):
        assert eko.get(f"/pekerjaan/{job.public_id}{path}").status_code == 404
    assert eko.post(f"/pekerjaan/{job.public_id}/batal").status_code == 404


def test_a_file_that_is_gone_is_not_offered(ani, job):
    text = page(ani, job, state="done", finished_at=NOW, result={"file": None})
    assert "sudah dihapus" in text
    assert ani.get(f"/pekerjaan/{job.public_id}/berkas").status_code == 404


def test_the_list_holds_ones_own_work(ani, eko, job):
    assert "Impor pegawai.csv" in ani.get("/pekerjaan").text
    assert "Belum ada pekerjaan" in eko.get("/pekerjaan").text


def test_work_of_somebody_who_is_no_admin_shows_no_admins_menu(ani, job):
    assert "/opd/pegawai" not in page(ani, job)
