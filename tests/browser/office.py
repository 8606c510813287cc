"""An office with a year of learning before it: a real server at nine in the morning, its people, and their windows."""

import re
from datetime import timedelta

import httpx

from elearn.foundation.clock import start_of
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.door import session_cookie
from tests import databases, world
from tests.browser.server import Server
from tests.programs import CLOCK
from tests.recognition.signing import keys

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
# Machines are noisy: nothing here fails for being slow.
PATIENCE = 30_000
TEST = """? Berapa hari kerja batas waktu keputusan bila peraturan diam?
id: batas
angka: 5
toleransi: 0

? Berapa hari kerja batas waktu menjawab surat?
id: surat
angka: 5
toleransi: 0
"""
ALLOWED = {"Sec-Fetch-Site": "same-origin"}


class Office:
    """Ten people of a school, their admins and instructor, a course for a class and one to take alone."""

    def __init__(self, folder):
        # The day is today's, the hour a working one: what the test does fits into the day whenever it runs.
        self.today = world.today()
        self.now = start_of(self.today) + timedelta(hours=9)
        self.url = databases.fresh_url("sqlite")
        database = databases.Database(self.url)
        with database.write() as session:
            self._fill(session)
        database.close()
        self.server = Server(
            self.url,
            folder,
            ELEARN_SIGNING="pkcs12",
            ELEARN_SIGNING_PKCS12=str(keys.pkcs12_file(folder)),
            **{CLOCK: self.now.isoformat()},
        )
        self.server.environment["ELEARN_BASE_URL"] = self.address = self.server.address
        self.clients = {}

    def _fill(self, session):
        cast = world.cast(session)
        nips = [f"19850101201001{n:04}" for n in range(2, 11)]
        others = [world.a_person(session, f"Peserta {n}", nip, cast.sekolah) for n, nip in enumerate(nips, start=2)]
        self.ten = [cast.ani, *others]
        for person in self.ten:
            person.siasn_id = f"{person.id:032X}"
        course = world.a_course(session, "surat-menyurat", by=cast.budi, title="Surat Menyurat", form="KL03", minutes=0)
        course.classes_only = True
        quiz = world.a_quiz(session, world.a_module(session, course), world.a_bank(session, course, TEST), "Tes akhir")
        alone = world.a_course(session, "arsip", by=cast.budi, title="Arsip Digital", minutes=270)
        reading = world.a_reading(session, world.a_module(session, alone), "Menata arsip", "## Arsip\n\nSimpan rapi.\n")
        self.quiz, self.reading = quiz.public_id, reading.public_id
        session.flush()
        people = {"budi": cast.budi, "citra": cast.citra, "dewi": cast.dewi, "fitri": cast.fitri}
        people |= {person.nip: person for person in self.ten}
        self.tokens = {who: start_session(session, Actor.system("tests"), one, self.now) for who, one in people.items()}
        session.commit()

    def window(self, browser, who=None, size=DESK):
        """A browser of somebody's own; nobody is signed in without `who`."""
        context = browser.new_context(viewport=size, base_url=self.address)
        context.set_default_timeout(PATIENCE)
        if who:
            context.add_cookies([{"name": session_cookie(), "value": self.tokens[who], "url": self.address}])
        return context.new_page()

    def client(self, who):
        """The same person without a browser."""
        if who not in self.clients:
            cookies = {session_cookie(): self.tokens[who]}
            self.clients[who] = httpx.Client(base_url=self.address, cookies=cookies, headers=ALLOWED, timeout=60)
        return self.clients[who]

    def post(self, who, path, **fields):
        """Send a form; gives where it leads."""
        answer = self.client(who).post(path, data=fields)
        assert answer.status_code == 303, (path, answer.status_code, shown(answer.text))
        return answer.headers["location"]

    def close(self):
        for client in self.clients.values():
            client.close()
        self.server.kill()
        databases.drop(self.url)


def shown(html):
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[-1]).split())
