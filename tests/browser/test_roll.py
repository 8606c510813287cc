"""The organiser's list in a room without a signal: ticks stay on the phone until the server has them."""

from sqlalchemy import func, select

from elearn.learning.attendance.models import Attendance
from elearn.learning.cohorts.models import Cohort
from elearn.people.accounts.models import Person
from elearn.people.organisation.models import Unit
from elearn.teaching.courses.models import Course
from tests import academy, databases, world
from tests.browser.ways import ANI, DEWI, sign_in


def test_ticks_outlive_a_lost_network_and_a_reload_and_are_noted_once(server, chromium):
    base = databases.Database(server.environment["ELEARN_DATABASE_URL"])
    with base.write() as session:
        ani = session.scalars(select(Person).filter_by(nip=ANI.replace(" ", ""))).one()
        cohort = academy.a_cohort(session, session.scalars(select(Course)).one())
        unit = session.get_one(Unit, ani.unit_id)
        others = [world.a_person(session, f"Peserta {n}", f"19850101201001{n:04}", unit) for n in (2, 3)]
        for person in (ani, *others):
            academy.joined(session, person, cohort)
        place = f"/kelola/sesi/{academy.a_session(session, cohort, cohort.starts_on).public_id}"
        name = ani.full_name
        session.commit()

    def noted():
        with base.read() as session:
            return session.scalar(select(func.count()).select_from(Attendance))

    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=server.address)
    phone = context.new_page()
    sign_in(phone, server, DEWI)
    phone.goto(place)
    phone.get_by_role("checkbox", name=f"Pilih {name}", exact=True).check()
    phone.reload()
    context.set_offline(True)
    phone.get_by_role("checkbox", name="Pilih Peserta 2", exact=True).check()
    phone.get_by_role("button", name="Catat yang dicentang").click()
    phone.get_by_text("2 centang tersimpan di perangkat ini").wait_for()
    assert noted() == 0
    context.set_offline(False)
    phone.get_by_role("checkbox", name="Pilih Peserta 2", exact=True).wait_for(state="detached")
    assert phone.get_by_role("checkbox", name="Pilih Peserta 3", exact=True).is_visible()
    assert noted() == 2
    assert phone.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('roll:')).length") == 0
    # What the server refuses it says once, and nothing goes on asking.
    with base.write() as session:
        session.get_one(Cohort, cohort.id).state = "cancelled"
        session.commit()
    phone.get_by_role("checkbox", name="Pilih Peserta 3", exact=True).check()
    phone.get_by_role("button", name="Catat yang dicentang").click()
    phone.get_by_role("alert").wait_for()
    asked = []
    phone.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    phone.wait_for_timeout(1_000)
    assert asked == []
    context.close()
    base.close()
