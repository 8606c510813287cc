"""A partner's file becomes classes and participants, once; what is wrong with it is told by row."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from elearn.foundation.errors import Invalid
from elearn.foundation.jobs.progress import Progress
from elearn.learning.cohorts.models import Cohort, Participant
from elearn.people.accounts.models import Person, RoleGrant
from elearn.standards.oneroster.feed import feed_from, read_feed
from elearn.standards.oneroster.jobs import write_feed
from elearn.standards.oneroster.models import OneRosterFeed, OneRosterLink
from tests import world

SAMPLE = Path(__file__).parent / "samples" / "oneroster11_20.zip"
HERE = "/impor/oneroster"
HANA = "199001012015011009"
FILES = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n",
    "orgs.csv": "sourcedId,name,type\ns1,Sekolah Mitra Contoh,school\n",
    "academicSessions.csv": "sourcedId,title,startDate,endDate\nt1,Gasal,2026-09-01,2026-12-20\n",
    "courses.csv": "sourcedId,title\nc1,Etika\n",
    "classes.csv": "sourcedId,title,courseSourcedId,schoolSourcedId,termSourcedIds,location\n"
    "k1,Kelas Satu Contoh,c1,s1,t1,Aula\nk2,Kelas Dua,c9,s1,t1,\nk3,Kelas Tiga,c1,s1,,\n",
    "users.csv": "sourcedId,status,givenName,familyName,identifier,userIds,email,phone,password\n",
    "enrollments.csv": "sourcedId,classSourcedId,userSourcedId,role\n",
}


def packed(**changed):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in {**FILES, **changed}.items():
            if text is not None:
                file.writestr(f"ekspor/{name}", text)
    return out.getvalue()


def users(*rows):
    return FILES["users.csv"] + "".join(f"{row}\n" for row in rows)


def students(*pairs):
    return FILES["enrollments.csv"] + "".join(f"e{n},{pair},student\n" for n, pair in enumerate(pairs))


def test_the_sample_of_the_specification_is_read():
    feed = read_feed(SAMPLE.read_bytes())
    assert (len(feed.classes), feed.problems) == (3, [])
    assert feed.classes[0].title == 'Class 0, "A"'
    assert (feed.classes[0].starts_on, feed.classes[0].ends_on) == ("2026-08-15", "2026-12-20")
    assert {each.user_id for each in feed.places} == {each.id for each in feed.users}
    assert "u0" not in {each.id for each in feed.users}
    assert feed_from(feed.as_json()) == feed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"bukan zip", "bukan ZIP OneRoster"),
        (SAMPLE.read_bytes()[:900], "bukan ZIP OneRoster"),
        (packed(**{"manifest.csv": None}), "manifest.csv tidak ada"),
        (packed(**{"manifest.csv": "propertyName,value\noneroster.version,1.0\n"}), "Versi OneRoster 1.0"),
        (packed(**{"users.csv": None}), "users.csv tidak ada"),
        (packed(**{"classes.csv": "sourcedId,title\nk1,A\n"}), "tanpa kolom courseSourcedId"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(content, said):
    with pytest.raises(Invalid) as refused:
        read_feed(content)
    assert said in refused.value.message


# As the binding of 1.2 lays it out: what somebody is stands in roles.csv.
USERS_1_2 = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,"
    "phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,"
    "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns"
)
ROLES_1_2 = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"
)


def in_1_2(*roles, header=USERS_1_2, **changed):
    people = "".join(
        f"u{n},,,true,u{n},,Tamu,Contoh {n},,,u{n}@mitra.example,,,,,,{HANA if n == 1 else ''},,,,,s1,\n"
        for n in range(1, 6)
    )
    given = {
        "manifest.csv": FILES["manifest.csv"] + "file.roles,bulk\nfile.users,bulk\n",
        "users.csv": f"{header}\n{people}",
        "roles.csv": ROLES_1_2 + "\n" + "".join(f"{row}\n" for row in roles),
        "enrollments.csv": students("k1,u1", "k1,u2", "k1,u3", "k1,u4", "k1,u5"),
        **changed,
    }
    return packed(**given)


def test_in_1_2_roles_csv_says_who_is_somebody():
    roles = (
        "r1,,,u1,primary,student,,,s1,",
        "r2,,,u1,secondary,aide,,,s1,",
        "r3,,,u2,primary,teacher,,,s1,",
        "r4,tobedeleted,,u3,primary,student,,,s1,",
        "r5,,,u4,utama,student,,,s1,",
        "r6,,,u9,primary,student,,,s7,",
        "r7,,,u5,primary,,,,s1,",
        "r1,,,u5,primary,student,,,s1,",
    )
    feed = read_feed(in_1_2(*roles))
    # Whom a teacher's role makes a student of a class stays one: that is what enrollments.csv says.
    assert [(each.id, each.nip) for each in feed.users] == [("u1", HANA), ("u2", "")]
    problems = [(each.file, each.row, each.sentence) for each in feed.problems if each.file != "classes.csv"]
    for (file, row, sentence), (in_file, in_row, said) in zip(
        problems,
        (
            ("roles.csv", 6, "roleType utama tidak dikenal"),
            ("roles.csv", 7, "Merujuk u9, s7"),
            ("roles.csv", 8, "Peran belum diisi"),
            ("roles.csv", 9, "sourcedId r1 kosong atau sudah dipakai"),
            ("users.csv", 4, "tanpa peran yang berlaku di roles.csv"),
            ("users.csv", 5, "tanpa peran yang berlaku di roles.csv"),
            ("users.csv", 6, "tanpa peran yang berlaku di roles.csv"),
        ),
        strict=True,
    ):
        assert (file, row, said in sentence) == (in_file, in_row, True), sentence
    # A ZIP that carries the role in both places, as many programs still do: roles.csv outweighs.
    both = in_1_2(*roles, header=USERS_1_2.replace("agentSourcedIds", "role"))
    assert read_feed(both).users == feed.users
    assert len(read_feed(in_1_2(*roles, **{"roles.csv": None, "manifest.csv": FILES["manifest.csv"]})).users) == 5
    older = FILES["manifest.csv"].replace("1.2", "1.1")
    assert len(read_feed(in_1_2(*roles, **{"manifest.csv": older})).users) == 5
    for changed, said in (
        ({"roles.csv": None}, "roles.csv tidak ada dalam ZIP"),
        ({"roles.csv": "sourcedId,userSourcedId\nr1,u1\n"}, "roles.csv tanpa kolom roleType, role, orgSourcedId"),
    ):
        with pytest.raises(Invalid, match=said):
            read_feed(in_1_2(**changed))


def bring(dewi, content, course, source="Sekolah Mitra Contoh"):
    return dewi.post(HERE, {"source": source, "course": course.slug}, files={"file": ("kelas.zip", content)})


def run(database, feed, owner):
    progress = Progress(None, database.write, lambda: datetime.now(UTC), lambda: False)
    progress.owner_id = owner
    return write_feed(progress, feed=feed.public_id)["lines"]


def test_classes_and_people_come_once_and_wrong_rows_stay_out(dewi, budi, cast, session, database):
    course = world.a_course(session, by=cast.budi)
    session.commit()
    ani = cast.ani.nip
    content = packed(
        **{
            "users.csv": users(
                f"u1,,Ani,Lain,,{{NIP:{ani}}},,0811,rahasia",
                "u2,,Indra,Mitra,,,indra@mitra.example,,",
                "u3,,Joko,Mitra,,,,,",
                f"u4,,Kembar,Satu,{HANA},,,,",
                f"u5,,Kembar,Dua,,{{NIP:{HANA}}},,,",
                f"u6,,Salah,Surel,,,{cast.budi.email or 'budi'},,",
                "u7,tobedeleted,Hapus,Saja,,,h@mitra.example,,",
                "u8,,Tidak,Ikut,,,t@mitra.example,,",
            ),
            "enrollments.csv": students(
                "k1,u1", "k1,u2", "k1,u3", "k1,u4", "k1,u5", "k1,u6", "k1,u7", "k2,u1", "k1,u99"
            )
            + "e50,k1,u8,teacher\n",
        }
    )
    assert dewi.post(HERE, {"source": "", "course": "x"}, files={"file": ("a.zip", b"x")}).status_code == 422
    answer = bring(dewi, content, course)
    assert answer.status_code == 303
    page = answer.headers["location"].split("?")[0]
    shown = dewi.get(page).text
    for said in (
        "Merujuk c9",
        "tanpa semester",
        "Tanpa NIP dan tanpa surel",
        f"NIP {HANA} dipakai dua orang",
        "Merujuk u7",
        "Merujuk k2",
        "Merujuk u99",
        "Kelas Satu Contoh",
        "Dilewati: pengajar, ganda, atau ditandai terhapus",
    ):
        assert said in shown, said
    assert budi.get(page).status_code == 404
    feed = session.scalars(select(OneRosterFeed)).one()
    assert not any(word in str(feed.content) for word in ("rahasia", "0811", "Tidak Ikut"))
    before = session.scalar(select(func.count(Person.id)))
    assert dewi.post(f"{page}/tulis").status_code == dewi.post(f"{page}/tulis").status_code == 303
    assert run(database, feed, cast.dewi.id)[:3] == ["Angkatan baru: 1", "Peserta baru: 2", "Orang baru: 1"]
    run(database, feed, cast.dewi.id)
    session.expire_all()
    cohort = session.scalars(select(Cohort)).one()
    assert (cohort.name, cohort.state, cohort.organiser) == ("Kelas Satu Contoh", "open", "Sekolah Mitra Contoh")
    assert cohort.self_enrol is False
    guest = session.scalars(select(Person).filter_by(email="indra@mitra.example")).one()
    assert (guest.name, guest.asn_kind, guest.unit_id, guest.nip) == ("Indra Mitra", "LAINNYA", None, None)
    assert session.scalar(select(func.count()).select_from(RoleGrant).filter_by(person_id=guest.id)) == 0
    there = {each.person_id: each.status for each in session.scalars(select(Participant))}
    assert there == {cast.ani.id: "joined", guest.id: "joined"}
    assert session.get_one(Person, cast.ani.id).name == "Ani Contoh"
    assert feed.content is None
    assert "Kode masuk orang baru" in dewi.get(page).text
    # Once more, with a changed NIP of Ani's: the link knows her, and nothing is new.
    session.get_one(Person, cast.ani.id).nip = "199001012015011008"
    session.commit()
    again = bring(dewi, content, course, "SEKOLAH Mitra Contoh").headers["location"].split("?")[0]
    assert "Tidak ada yang baru untuk ditulis" in dewi.get(again).text
    # The same ids of another partner are other people; of another course the class is refused.
    other = world.a_course(session, "lain", by=cast.budi)
    session.commit()
    assert "pelatihan lain" in dewi.get(bring(dewi, content, other).headers["location"].split("?")[0]).text
    stranger = dewi.get(bring(dewi, content, other, "Kampus Contoh").headers["location"].split("?")[0]).text
    assert "indra@mitra.example sudah dipakai orang lain di sini" in stranger
    assert session.scalar(select(func.count(Person.id))) == before + 1
    assert session.scalar(select(func.count(OneRosterLink.id))) == 3
