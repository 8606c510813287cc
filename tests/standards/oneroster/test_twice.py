"""A feed whose import is killed, and two of one partner at once: nobody comes twice, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

from sqlalchemy import func, select

from elearn.foundation.jobs.keeping import take_back
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.learning.enrolment.models import Enrolment
from elearn.people.accounts.models import AccessCode, Person
from elearn.people.accounts.queries import actor_for
from elearn.people.audit.models import AuditEntry
from elearn.standards.oneroster import actions
from elearn.standards.oneroster.feed import read_feed
from elearn.standards.oneroster.models import OneRosterFeed, OneRosterLink
from elearn.standards.oneroster.queries import feed_for
from elearn.wiring import connect
from tests import world
from tests.programs import kill_at
from tests.standards.oneroster.test_feeds import packed, students, users

MANY = 30


def brought(session, cast, course, source="Sekolah Mitra Contoh"):
    rows = (f"u{n},,Tamu,Contoh {n},,,tamu{n}@mitra.example,," for n in range(MANY))
    pairs = (f"k1,u{n}" for n in range(MANY))
    feed = read_feed(packed(**{"users.csv": users(*rows), "enrollments.csv": students(*pairs)}))
    dewi = actor_for(session, cast.dewi.id)
    return actions.bring(session, dewi, course, source, "kelas.zip", feed, world.THEN)


def totals(database):
    with database.read() as session:
        tables = (Cohort, Participant, Enrolment, AccessCode, OneRosterLink)
        found = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        guests = session.scalar(select(func.count(Person.id)).filter_by(asn_kind="LAINNYA"))
        deeds = select(func.count()).select_from(AuditEntry).filter_by(action="oneroster.written")
        return [guests, *found, session.scalar(deeds)]


def test_a_killed_import_leaves_nothing_half_written_and_is_written_once(own_database, now):
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        found = brought(session, cast, world.a_course(session))
        actions.start(session, actor_for(session, cast.dewi.id), found, now)
        session.commit()
    for statement, times in (("INSERT INTO participants", 20), ("UPDATE oneroster_feeds", 1)):
        kill_at(own_database, statement, times)
        assert totals(own_database) == [0] * 7
        assert take_back(own_database.write, "here", now) == 1
    run_pending(own_database.write)
    assert totals(own_database) == [MANY, 1, MANY, MANY, MANY, MANY + 1, 1]
    with own_database.read() as session:
        assert session.scalars(select(Job.state)).all() == ["done"]
        feed = session.scalars(select(OneRosterFeed)).one()
        assert (feed.state, feed.counts["places"], len(feed.refused), feed.content) == ("written", MANY, 2, None)


def test_two_feeds_of_one_partner_at_once_bring_each_person_once(own_database, now):
    connect()
    with own_database.write() as session:
        cast = world.cast(session)
        course = world.a_course(session)
        # The partner's name is the same however it is typed.
        named = [brought(session, cast, course, source).public_id for source in ("Mitra Contoh", "MITRA contoh")]
        session.commit()

    def written(public_id):
        with own_database.write() as session:
            dewi = actor_for(session, cast.dewi.id)
            actions.write(session, dewi, feed_for(session, dewi, public_id), now)
            # Long enough for the other one to have looked for its people, if nothing made it wait.
            sleep(0.3)
            session.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(written, each) for each in named]:
            done.result()
    assert totals(own_database) == [MANY, 1, MANY, MANY, MANY, MANY + 1, 2]
    with own_database.read() as session:
        told = sorted(
            (feed.counts["guests"], feed.counts["already"]) for feed in session.scalars(select(OneRosterFeed))
        )
        assert told == [(0, MANY), (MANY, 0)]
