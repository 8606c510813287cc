"""Completions of three OPDs, at days where WIB and UTC disagree, and the same asked in SQL of the test's own."""

import random
from datetime import date, datetime, timedelta

from sqlalchemy import text

from elearn.foundation.clock import WIB
from elearn.people.access.actor import Actor
from elearn.recognition.certificates.actions import issue
from tests import world

# Names with which a spreadsheet would begin a formula, and others that break tables.
NAMES = (
    '=HYPERLINK("http://contoh.test";"klik")',
    "+62 Contoh",
    "-1 Contoh",
    "@Contoh",
    "\tTab Contoh",
    "\rCR Contoh",
    "Titik; Koma Contoh",
    'Kutip "Ganda" Contoh',
    "I Gusti Ngurah Contoh Panjang Sekali Namanya Sampai Tidak Muat Dalam Satu Baris Tabel",
    "O'Contoh",
)
# 23.59 and 00.00 WIB of the same night, and the turn of the year.
MOMENTS = (
    datetime(2025, 12, 31, 23, 59, tzinfo=WIB),
    datetime(2026, 1, 1, 0, 0, tzinfo=WIB),
    datetime(2026, 3, 31, 23, 59, 59, tzinfo=WIB),
    datetime(2026, 4, 1, 0, 0, tzinfo=WIB),
    datetime(2026, 4, 1, 6, 59, tzinfo=WIB),
    datetime(2026, 11, 2, 8, 0, tzinfo=WIB),
)
EVERYTHING = """
    SELECT p.nip, p.name, p.title_after, u.code, u.name, u.path, c.slug, c.title, e.completed_jp, e.completed_at,
        e.score, k.number, k.revoked_at
    FROM enrolments e JOIN people p ON p.id = e.person_id JOIN courses c ON c.id = e.course_id
    LEFT JOIN units u ON u.id = e.completed_unit_id LEFT JOIN certificates k ON k.enrolment_id = e.id
    WHERE e.completed_at IS NOT NULL ORDER BY e.completed_at DESC, e.id DESC
"""


def many_completions(session, cast):
    """Three OPDs with five people each, three courses; some certificates, one of them revoked."""
    roads = world.a_unit(session, "PUP", "Dinas Pekerjaan Umum Contoh", cast.kabupaten)
    courses = [
        world.a_course(session, "etika-asn", title="Etika ASN Contoh", organiser="BKPSDM Contoh"),
        world.a_course(session, "arsip", title="=Arsip; Contoh", organiser="BKPSDM Contoh"),
        world.a_course(session, "lama", title="Pelatihan Lama Contoh", state="archived"),
    ]
    n = 0
    for place, unit in enumerate((cast.dinas, cast.sekolah, cast.kesehatan, roads, None)):
        for which in range(5):
            name = NAMES[n % len(NAMES)]
            person = world.a_person(session, name, f"19900{place + 1}0{which + 1}2015011{place}{which}1", unit)
            person.title_after = "S.Sos." if which == 4 else ""
            for m, course in enumerate(courses):
                if (n + m) % 4 == 0:
                    world.enrolled(session, person, course)
                    continue
                done = world.enrolled(
                    session,
                    person,
                    course,
                    completed_at=MOMENTS[(n + 2 * m) % len(MOMENTS)],
                    completed_jp=(2, 5, 20)[m],
                    completed_unit_id=unit.id if unit else None,
                    score=None if m == 2 else 70 + (n % 30) / 3,
                )
                if m < 2 and n % 3:
                    issue(session, Actor.system("tests"), done.id, done.completed_at).revoked_at = (
                        world.THEN if n % 5 == 1 else None
                    )
            n += 1
    session.commit()
    return courses


def asked_in_sql(session, *, course="", unit="", words="", since=None, until=None, within=""):
    """The rows that these filters ask for, filtered here; `within` is the code of an OPD admin's unit."""
    paths = dict(session.execute(text("SELECT code, path FROM units")).all())
    found = []
    for row in session.execute(text(EVERYTHING)).all():
        nip, name, after, code, unit_name, path, slug, title, jp, moment, score, number, revoked = row
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment + "+00:00")
        day = (moment + timedelta(hours=7)).replace(tzinfo=None).date() if moment.utcoffset() == timedelta(0) else None
        day = day or moment.astimezone(WIB).date()
        if course and slug != course:
            continue
        if any(wanted and not (path or "").startswith(paths[wanted]) for wanted in (unit, within)):
            continue
        if words and not (words in nip if words.isdigit() else words.lower() in name.lower()):
            continue
        if (since and day < since) or (until and day > until):
            continue
        printed = f"{name}, {after}" if after else name
        kept = None if revoked else number
        found.append((nip, printed, code, unit_name, title, jp, day, score and round(score, 2), kept))
    return found


def random_filters(count, seed):
    """As many different wishes, as words of filters_for."""
    chance = random.Random(seed)
    for _n in range(count):
        first = date(2025, 12, 1) + timedelta(days=chance.randrange(360))
        since = chance.choice((None, first, date(2026, 1, 1), date(2026, 4, 1)))
        until = chance.choice((None, first + timedelta(days=chance.randrange(200)), date(2026, 3, 31)))
        if since and until and until < since:
            since, until = until, since
        yield {
            "course": chance.choice(("", "", "etika-asn", "arsip", "lama")),
            "unit": chance.choice(("", "", "KAB", "DIK", "DIK.SD1", "KES", "PUP")),
            "words": chance.choice(("", "", "contoh", "O'Contoh", "1990010", "%")),
            "since": since,
            "until": until,
        }
