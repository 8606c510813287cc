from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from elearn.activities.recordings.kind import RECORDING
from elearn.activities.recordings.models import Recording
from elearn.learning.progress.models import ActivityProgress
from elearn.teaching.materials.models import Material
from tests import world
from tests.teaching.materials import made


@pytest.fixture
def video(session, cast):
    course = world.a_course(session, by=cast.budi)
    activity = world.a_recording(session, world.a_module(session, course), transcript="Selamat **datang**")
    world.enrolled(session, cast.ani, course)
    return activity


def path(activity, rest=""):
    return f"/belajar/{activity.public_id}/rekaman{rest}"


def material_of(session, activity):
    return session.get_one(Material, session.get_one(Recording, activity.id).material_id)


def test_the_browser_plays_with_captions_and_transcript_and_the_size_is_told(ani, video, session):
    captions = world.a_material(session, video.course, "captions", made.VTT)
    session.get_one(Recording, video.id).captions_id = captions.id
    session.commit()
    page = ani.get(path(video)).text
    assert '<video controls preload="none"' in page
    assert 'kind="captions"' in page
    assert "<strong>datang</strong>" in page
    assert "Ukuran" in page
    answer = ani.get(f"/berkas/{captions.public_id}")
    assert answer.headers["content-type"].startswith("text/vtt")


def test_a_part_of_the_file_can_be_asked_for(ani, video, session):
    address = f"/berkas/{material_of(session, video).public_id}"
    part = ani.get(address, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, b"2345")
    assert part.headers["content-range"] == "bytes 2-5/10"
    assert part.headers["content-type"] == "video/mp4"
    assert ani.get(address, headers={"Range": "bytes=99-"}).status_code == 416


def test_the_last_place_is_kept_for_each_learner(ani, budi, video, session):
    ani.get(path(video))
    for place in (193.4, 72.5):
        assert ani.client.post(path(video, "/waktu"), json={"seconds": 3, "place": place}).status_code == 200
    ani.client.post(path(video, "/waktu"), json={"seconds": 3, "place": None})
    page = ani.get(path(video)).text
    assert 'data-place="72"' in page
    assert "1 menit 12 detik" in page


@pytest.mark.parametrize("place", ["Infinity", "-Infinity", "NaN", "1e400", "-5", "1e300"])
def test_an_absurd_place_does_no_harm(ani, video, place):
    ani.get(path(video))
    sent = ani.client.post(
        path(video, "/waktu"),
        content=f'{{"seconds": 1, "place": {place}}}',
        headers={"Content-Type": "application/json"},
    )
    assert sent.status_code in (200, 422)
    assert ani.get(path(video)).status_code == 200


def test_the_end_completes_it(ani, video, session):
    assert ani.client.post(path(video, "/waktu"), json={"seconds": 1, "end": True}).json() == {"done": True}
    assert ani.post(path(video, "/selesai")).headers["location"] == "/pelatihan/etika-asn"


def test_selesai_without_the_least_time_comes_back(ani, video, session):
    video.least_seconds = 300
    session.commit()
    ani.get(path(video))
    assert ani.post(path(video, "/selesai")).headers["location"] == path(video)
    progress = session.scalars(select(ActivityProgress)).one()
    progress.last_seen_at = datetime.now(UTC) - timedelta(minutes=6)
    session.commit()
    assert ani.post(path(video, "/selesai")).headers["location"] == "/pelatihan/etika-asn"


def test_words_are_needed_unless_nothing_is_said(video, session):
    assert "belum bertakarir" in RECORDING.shortcomings(session, video)[0]
    recording = session.get_one(Recording, video.id)
    recording.speechless = True
    session.flush()
    assert RECORDING.shortcomings(session, video) == []
    audio = world.a_recording(session, video.module, "Audio", kind="audio")
    assert "belum bertranskrip" in RECORDING.shortcomings(session, audio)[0]
    session.get_one(Recording, audio.id).transcript = "Halo"
    session.flush()
    assert RECORDING.shortcomings(session, audio) == []
    empty = world.an_activity(session, video.module, "recording", "Kosong")
    assert "belum ada rekamannya" in RECORDING.shortcomings(session, empty)[0]


def test_an_upload_becomes_a_recording_as_long_as_it_plays(budi, session, cast):
    world.a_module(session, world.a_course(session, by=cast.budi))
    session.commit()
    sent = budi.client.post("/ajar/etika-asn/berkas", files={"file": ("Sambutan.mov", made.mp4(b"vide", seconds=200))})
    assert sent.headers["location"].startswith("/ajar/rekaman/")
    page = budi.get(sent.headers["location"]).text
    assert "Sambutan.mp4" in page
    assert "belum bertakarir" in page
    assert 'value="4"' in page


def test_captions_come_as_subrip_and_go_again(budi, ani, video, session):
    here = f"/ajar/rekaman/{video.public_id}"
    sent = budi.client.post(f"{here}/berkas", files={"file": ("takarir.srt", made.SRT.encode())})
    assert sent.headers["location"] == here
    session.expire_all()
    recording = session.get_one(Recording, video.id)
    assert recording.captions_id
    assert RECORDING.shortcomings(session, video) == []
    assert "di pelatihan" in RECORDING.texts(session, video)
    assert 'kind="captions"' in ani.get(path(video)).text
    assert budi.post(f"{here}/takarir/hapus").headers["location"] == here
    session.expire_all()
    assert session.get_one(Recording, video.id).captions_id is None


def test_the_editor_keeps_what_was_typed(budi, video, session):
    here = f"/ajar/rekaman/{video.public_id}"
    form = {"title": "Video Baru", "minutes": "7", "transcript": "Isi baru", "speechless": "1", "required": "1"}
    assert budi.post(here, {**form, "revision": str(video.revision)}).headers["location"] == "/ajar/etika-asn"
    session.expire_all()
    recording = session.get_one(Recording, video.id)
    assert (recording.transcript, recording.speechless) == ("Isi baru", True)
    wrong = budi.post(here, {**form, "minutes": "9999"})
    assert wrong.status_code == 422
    assert "Isi baru" in wrong.text
    refused = budi.client.post(f"{here}/berkas", files={"file": ("a.pdf", made.pdf("x"))})
    assert "Rekaman harus MP4" in refused.text
