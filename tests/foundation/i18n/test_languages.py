"""Who chose English reads English: pages, dates, numbers; nothing of the program's own stays Indonesian."""

import html
import re
from datetime import UTC, date, datetime
from functools import cache

import pytest
from babel.messages.pofile import read_po

from elearn.foundation import i18n
from elearn.people.accounts.passwords import hash_password
from tests.security.test_pages import walk

CATALOGUE = i18n.FOLDER / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)s|\\\{\w+\\\}")
SPOKEN = re.compile(r'>([^<>]+)<|\b(?:aria-label|alt|title|placeholder|data-confirm|data-busy|data-copied)="([^"]+)"')
# What people wrote and happens to be a text of ours too: a token's name, a certificate's facts, a column of a file,
# a question.
CONTENT = {
    "Contoh",
    "Sertifikat",
    "Kepala BKPSDM",
    "Nama",
    "Pasangkan sumber wewenang dengan pemberinya.",
    # A topic of the questions.
    "Keputusan",
    *(f"{title}{end}" for title in ("Program Contoh", "Program Konsep Contoh") for end in ("", " - elearn")),
    # Said of a row in the language of whoever brought the file.
    "Nama belum diisi.",
}


@pytest.fixture(autouse=True)
def back_to_indonesian():
    yield
    i18n.use_locale("id")


@cache
def indonesian():
    """What matches a text of ours that English has other words for."""
    with CATALOGUE.open("rb") as file:
        pairs = [(m.id, m.string) for m in read_po(file, locale="en") if m.id]
    singles = [(a, b) if isinstance(a, str) else (a[0], b[0]) for a, b in pairs]
    english = {b for _a, b in singles}
    ours = [
        a
        for a, b in singles
        if a != b and a not in english and re.search(r"[a-z]{3}", PLACEHOLDER.sub("", re.escape(a)))
    ]
    return re.compile("|".join(PLACEHOLDER.sub(r".{1,80}?", re.escape(text.strip())) for text in ours))


def spoken(page: str):
    for text, attribute in SPOKEN.findall(re.sub(r"<script.*?</script>|<textarea.*?</textarea>", "", page, flags=re.S)):
        yield " ".join(html.unescape(text or attribute).split())


@pytest.mark.words_alone
@pytest.mark.parametrize("name", ["ani", "budi", "citra", "dewi"])
def test_every_page_speaks_english_to_who_chose_it(request, app, session, objects, name):
    visitor = request.getfixturevalue(name)
    visitor.person.locale = "en"
    visitor.client.cookies.set("bahasa", "en")
    session.commit()
    said = {}
    for path, answer in walk(visitor).items():
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert '<html lang="en"' in answer.text, path
            said |= dict.fromkeys(spoken(answer.text), path)
    ours = indonesian()
    found = {text: path for text, path in said.items() if text not in CONTENT and ours.fullmatch(text)}
    assert not found, f"still Indonesian for {name}: {found}"


def test_the_language_is_chosen_on_the_own_page_and_kept_at_the_door(ani):
    sent = ani.post("/saya/tampilan", {"locale": "en", "theme": "dark", "text_size": "large"})
    assert sent.status_code == 303
    shown = ani.get("/saya")
    assert '<html lang="en" data-theme="dark" data-size="large"' in shown.text
    ani.post("/keluar")
    door = ani.get("/masuk")
    assert '<html lang="en"' in door.text
    assert "Password" in door.text
    assert "Kata sandi" not in door.text


def test_signing_in_brings_the_language_to_a_new_device(guest, session, cast):
    cast.ani.locale, cast.ani.password_hash = "en", hash_password("rahasia-contoh-1")
    session.commit()
    guest.post("/masuk", {"identifier": cast.ani.nip, "password": "rahasia-contoh-1"})
    assert '<html lang="en"' in guest.get("/lupa-sandi").text


def test_an_unknown_language_is_refused_and_nothing_changes(ani):
    assert ani.post("/saya/tampilan", {"locale": "fr", "theme": "", "text_size": ""}).status_code == 422
    assert '<html lang="id"' in ani.get("/saya").text


def test_dates_and_numbers_are_those_of_the_language():
    moment = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)
    told = (i18n.format_datetime(moment), i18n.format_number(1234.5), i18n.format_date(date(2026, 8, 17)))
    assert told == ("23 November 2026, 09.14 WIB", "1.234,5", "17 Agustus 2026")
    i18n.use_locale("en")
    told = (i18n.format_datetime(moment), i18n.format_number(1234.5), i18n.format_date(date(2026, 8, 17)))
    assert told == ("23 November 2026, 09:14 WIB", "1,234.5", "17 August 2026")


def test_one_and_many_are_told_apart_in_english():
    i18n.use_locale("en")
    form = "Ada %(num)s yang perlu diperbaiki"
    assert i18n.ngettext(form, form, 1) != i18n.ngettext(form, form, 2).replace("2", "1")
