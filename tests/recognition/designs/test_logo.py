"""A logo of one's own: looked into like every picture, printed in the corner, told to those who do not see it."""

import io

import pikepdf
import pytest
from PIL import Image, ImageDraw
from sqlalchemy import func, select
from tests import world
from tests.recognition.designs.test_designs import PLACE, SYSTEM, WISH, preview

from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.current import store
from elearn.people.audit.models import AuditEntry
from elearn.recognition.certificates.actions import issue, issue_many
from elearn.recognition.certificates.document import _stored
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import Bulk
from elearn.recognition.designs.models import CertificateTemplate, TemplateVersion
from elearn.recognition.designs.pictures import LARGEST, on_paper

ALT = "Lambang Kabupaten Contoh"


def emblem(form="PNG", size=(300, 300)):
    """A disc with nothing around it."""
    drawn = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(drawn).ellipse((0, 0, size[0] - 1, size[1] - 1), fill="#0d5b4a")
    out = io.BytesIO()
    (drawn if form in ("PNG", "WEBP") else drawn.convert("RGB")).save(out, form)
    return out.getvalue()


def pictured(pdf):
    """What the figures of a PDF show, in words; it has to be PDF/A still."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        return [
            str(each.Alt)
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and "/Alt" in each and str(each.get("/S")) == "/Figure"
        ]


@pytest.fixture
def template(session, dewi, cast):
    """A template of a course, and where its page is."""
    course = world.a_course(session)
    session.commit()
    assert dewi.post(PLACE + "/baru", {**WISH, "course": course.slug}).status_code == 303
    found = session.scalars(select(CertificateTemplate)).one()
    return course, f"{PLACE}/{found.public_id}", found


def upload(dewi, page, content, name="logo.png", alt=ALT):
    return dewi.post(page + "/logo", {"alt": alt}, files={"file": (name, content)})


def test_new_certificates_have_the_logo_and_earlier_ones_stay(session, dewi, cast, ani, template, now):
    course, page, found = template
    done = [
        world.enrolled(session, who, course, completed_at=now, completed_jp=2, score=80) for who in (cast.eko, cast.ani)
    ]
    earlier = issue(session, SYSTEM, done[0].id, now)
    before = set(store().keys())
    assert upload(dewi, page, emblem("JPEG"), "logo.jpg").status_code == 303
    (key,) = set(store().keys()) - before
    assert Image.open(io.BytesIO(store().read(key))).mode == "RGB"
    assert f"Logo terpasang: {ALT}" in dewi.get(page).text
    session.expire_all()
    later = issue(session, SYSTEM, done[1].id, now)
    session.commit()
    assert ALT in pictured(ani.get(f"/sertifikat/{later.public_id}.pdf").content)
    assert earlier.version_id != later.version_id
    # Saved words keep it, and the preview shows it with words that are not saved.
    assert dewi.post(page, {**WISH, "course": course.slug, "opening": "dipersembahkan kepada"}).status_code == 303
    public_id = page.rsplit("/", 1)[1]
    shown = dewi.post(f"{PLACE}/pratinjau?templat={public_id}", {**WISH, "opening": "belum disimpan"})
    assert ALT in pictured(shown.content)
    assert ALT in pictured(dewi.get(page + "/contoh.pdf").content)
    assert dewi.get(page + "/contoh.png").headers["content-type"] == "image/png"
    assert ALT not in pictured(preview(dewi))
    assert dewi.post(f"{PLACE}/pratinjau?templat=tidakada", WISH).status_code == 404
    for _twice in range(2):
        assert dewi.post(page + "/logo/hapus").status_code == 303
    assert ALT not in pictured(dewi.get(page + "/contoh.pdf").content)
    session.expire_all()
    assert found.revision == 4
    designs = session.scalars(select(TemplateVersion.design).order_by(TemplateVersion.revision)).all()
    assert [bool(design["logo"]) for design in designs] == [False, True, True, False]
    # What was issued with it is still drawn with it.
    assert store().exists(key)
    told = session.scalars(select(AuditEntry.after).filter_by(action="certificate_template.logo").order_by("id")).all()
    assert [each["logo"] for each in told] == [ALT, ""]


@pytest.mark.parametrize(
    ("content", "alt", "said"),
    [
        (b"", ALT, "Berkas kosong"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", ALT, "Berkas harus"),
        (emblem()[:200], ALT, "rusak atau terpotong"),
        (b"%PDF-1.7 contoh", ALT, "PDF"),
        (emblem(size=(40, 300)), ALT, "terlalu kecil"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhalo", ALT, "Logo harus gambar"),
        (emblem(), "", "Isi"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 5_300_000, ALT, "lebih besar dari"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_sentence_and_kept_nowhere(session, dewi, template, content, alt, said):
    _course, page, found = template
    before = set(store().keys())
    answer = upload(dewi, page, content, alt=alt)
    assert answer.status_code == 422
    assert said in answer.text
    assert set(store().keys()) == before
    assert found.revision == 1


def test_a_large_photograph_becomes_small_and_a_drawing_stays_sharp():
    noise = io.BytesIO()
    Image.effect_noise((3000, 1500), 60).convert("RGB").save(noise, "WEBP")
    content, media_type, size = on_paper(noise.getvalue())
    assert (media_type, size[1]) == ("image/jpeg", LARGEST[1])
    assert len(content) < 500_000
    content, media_type, size = on_paper(emblem("WEBP"))
    assert (media_type, size) == ("image/png", (300, 300))
    # What let through is paper.
    assert Image.open(io.BytesIO(content)).getpixel((0, 0)) == (255, 255, 255)


def test_a_lost_logo_stops_nobody_and_the_admin_is_told(session, database, dewi, cast, ani, template, now):
    course, page, _found = template
    assert upload(dewi, page, emblem()).status_code == 303
    session.expire_all()
    done = [
        world.enrolled(session, who, course, completed_at=now, completed_jp=2, score=80) for who in (cast.eko, cast.ani)
    ]
    later = issue(session, SYSTEM, done[1].id, now)
    session.commit()
    designs = session.scalars(select(TemplateVersion.design)).all()
    (key,) = {design["logo"]["key"] for design in designs if design["logo"]}
    for place in ("/kelola/sertifikat", PLACE, page):
        assert "hilang" not in dewi.get(place).text
    _stored.cache_clear()
    store().delete(key)
    assert ALT not in pictured(ani.get(f"/sertifikat/{later.public_id}.pdf").content)
    assert dewi.get(page + "/contoh.png").status_code == dewi.get(page + "/contoh.pdf").status_code == 200
    for place in ("/kelola/sertifikat", PLACE, page):
        assert "hilang" in dewi.get(place).text
    assert f"Logo hilang: {ALT}." in dewi.get(page).text
    issue_many(session, dewi.actor, Bulk(course.id, now.date(), now.date()), now)
    session.commit()
    run_pending(database.write)
    session.expire_all()
    job = session.scalars(select(Job)).one()
    assert (job.state, job.done) == ("done", 2)
    assert any("tanpa logo" in line for line in job.result["lines"])
    assert session.scalar(select(func.count(Certificate.storage_key))) == 2
    # Put back, it is printed again.
    assert upload(dewi, page, emblem()).status_code == 303
    assert "hilang" not in dewi.get("/kelola/sertifikat").text
    assert ALT in pictured(dewi.get(page + "/contoh.pdf").content)
