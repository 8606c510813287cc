"""The summary of errors names the fields, though it stands above them."""

from markupsafe import Markup

from elearn.foundation.web.naming import Naming
from tests.recognition.external_records.test_filing import SEMINAR, upload


def test_a_name_is_put_before_what_does_not_say_it():
    naming = Naming()
    page = Markup("<a>{}{}</a><a>{}{}</a><a>{}{}</a>").format(
        naming.mark("title", "Isi kolom ini."),
        "Isi kolom ini.",
        naming.mark("ends_on", "Tanggal selesai mendahului tanggal mulai."),
        "Tanggal selesai mendahului tanggal mulai.",
        naming.mark("sure", "Centang dahulu."),
        "Centang dahulu.",
    )
    naming.call("title", "Nama <kegiatan>")
    naming.call("title", "Yang kedua")
    naming.call("ends_on", "Tanggal selesai")
    assert naming.filled(page) == (
        "<a>Nama &lt;kegiatan&gt;: Isi kolom ini.</a>"
        "<a>Tanggal selesai mendahului tanggal mulai.</a>"
        "<a>Centang dahulu.</a>"
    )


def test_each_blank_field_of_a_form_is_told_by_its_name(ani, session):
    here = upload(ani).headers["location"]
    blank = {**SEMINAR, "title": "", "organiser": "", "started_on": ""}
    page = ani.post(here, blank).text
    for field, label in (("title", "Nama kegiatan"), ("organiser", "Penyelenggara"), ("started_on", "Tanggal mulai")):
        assert f'<a href="#f-{field}">{label}: Isi kolom ini.</a>' in page
    assert page.index("#f-title") < page.index("#f-organiser") < page.index("#f-started_on")
    assert "<!--nama" not in page
