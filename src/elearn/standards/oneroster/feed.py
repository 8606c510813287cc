"""The files of a feed: bytes in, values out. Pure.

Source: OneRoster 1.1 CSV Tables (IMS, 2017) and OneRoster 1.2 CSV Binding (1EdTech, 2022). Of users only what is needed
to know them is read; passwords, phones, grades and agents are not. What somebody is in a class, enrollments.csv says;
in 1.2 each person also has a role in an organisation, in roles.csv instead of users.csv, and who has none stays out.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.sheets import read_rows
from elearn.people.accounts import nip as numbers

VERSIONS = ("1.1", "1.2")
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_STUDENTS = 2_000
_NEEDED = {
    "orgs.csv": ("sourcedId", "name"),
    "academicSessions.csv": ("sourcedId", "startDate", "endDate"),
    "courses.csv": ("sourcedId",),
    "classes.csv": ("sourcedId", "title", "courseSourcedId", "schoolSourcedId", "termSourcedIds"),
    "users.csv": ("sourcedId", "givenName", "familyName"),
    "enrollments.csv": ("sourcedId", "classSourcedId", "userSourcedId", "role"),
}
_ROLES = ("sourcedId", "userSourcedId", "roleType", "role", "orgSourcedId")
_USER_ID = re.compile(r"\{\s*([^:{}]*)\s*:\s*([^{}]*?)\s*\}")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row of a file, or with something that it speaks of."""

    file: str
    row: int
    sentence: str


@dataclass(frozen=True)
class User:
    """Somebody who takes part in a class; `nip` is blank where neither identifier nor userIds hold one."""

    row: int
    id: str
    name: str
    nip: str = ""
    email: str = ""


@dataclass(frozen=True)
class SchoolClass:
    """A class with its days, as ISO dates, and who holds it."""

    row: int
    id: str
    title: str
    starts_on: str
    ends_on: str
    place: str = ""
    organiser: str = ""

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last."""
        return date.fromisoformat(self.starts_on), date.fromisoformat(self.ends_on)


@dataclass(frozen=True)
class Place:
    """One student in one class."""

    row: int
    class_id: str
    user_id: str


@dataclass
class Feed:
    """What a feed says, and what is wrong with it. `passed_over` counts rows of no concern here: teachers, deleted."""

    users: list[User] = field(default_factory=list)
    classes: list[SchoolClass] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_over: int = 0

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return asdict(self)


def feed_from(kept: Mapping[str, Any]) -> Feed:
    """A feed from its plain values."""
    return Feed(
        [User(**each) for each in kept["users"]],
        [SchoolClass(**each) for each in kept["classes"]],
        [Place(**each) for each in kept["places"]],
        [Problem(**each) for each in kept["problems"]],
        kept["passed_over"],
    )


Rows = list[tuple[int, dict[str, str]]]


def read_feed(content: bytes) -> Feed:
    """Read a ZIP of CSV files. Raises Invalid for what is no such ZIP; a wrong row becomes a problem instead."""
    files = _unpacked(content)
    manifest = _manifest(files.get("manifest.csv"))
    tables = {name: _table(name, files.get(name), needed) for name, needed in _NEEDED.items()}
    feed = Feed()
    orgs = {row["sourcedId"]: row["name"] for _n, row in tables["orgs.csv"]}
    sessions = {row["sourcedId"]: (row["startDate"], row["endDate"]) for _n, row in tables["academicSessions.csv"]}
    courses = {row["sourcedId"] for _n, row in tables["courses.csv"]}
    _read_classes(feed, _each_once(feed, "classes.csv", tables["classes.csv"]), orgs, sessions, courses)
    people = _each_once(feed, "users.csv", tables["users.csv"])
    _read_places(feed, tables["enrollments.csv"], {row["sourcedId"] for _n, row in people})
    _read_users(feed, people, _with_roles(feed, files, manifest, {row["sourcedId"] for _n, row in people}, set(orgs)))
    feed.problems.sort(key=lambda each: (each.file, each.row))
    return feed


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The CSV files of the ZIP by name, in whatever folder they lie."""
    broken = _("Berkas ini bukan ZIP OneRoster yang utuh. Minta mitra mengekspor lagi.")
    try:
        with ZipFile(BytesIO(content)) as packed:
            wanted = {
                info.filename.rsplit("/", 1)[-1]: info
                for info in packed.infolist()
                if info.filename.lower().endswith(".csv") and "__MACOSX" not in info.filename
            }
            if sum(info.file_size for info in wanted.values()) > MOST_UNPACKED:
                raise Invalid(_("Isi ZIP ini terlalu besar. Minta mitra membaginya per semester."))
            return {name: packed.read(info) for name, info in wanted.items()}
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as wrong:
        raise Invalid(broken, {"file": broken}) from wrong


def _manifest(manifest: bytes | None) -> dict[str, str]:
    """The values of the manifest by name. Raises Invalid for a version that is not known."""
    if manifest is None:
        raise Invalid(_("manifest.csv tidak ada dalam ZIP. Minta ekspor OneRoster CSV 1.1 atau 1.2."))
    rows = dict(row.values[:2] for row in read_rows(BytesIO(manifest), "manifest.csv").rows if len(row.values) > 1)
    version = rows.get("oneroster.version", "")
    if not version.startswith(VERSIONS):
        raise Invalid(_("Versi OneRoster %(version)s belum dikenal. Minta versi 1.1 atau 1.2.", version=version or "–"))
    return rows


def _table(name: str, content: bytes | None, needed: tuple[str, ...]) -> Rows:
    if content is None:
        raise Invalid(_("%(file)s tidak ada dalam ZIP. Minta ekspor lengkap dari mitra.", file=name))
    try:
        sheet = read_rows(BytesIO(content), name)
    except Invalid as wrong:
        raise Invalid(_("%(file)s: %(why)s", file=name, why=wrong.message)) from wrong
    lacking = [column for column in needed if column not in sheet.headers]
    if lacking:
        raise Invalid(_("%(file)s tanpa kolom %(columns)s.", file=name, columns=", ".join(lacking)))
    return [(row.number, dict(zip(sheet.headers, row.values, strict=False))) for row in sheet.rows]


def _each_once(feed: Feed, file: str, rows: Rows) -> Rows:
    """Rows that are not marked as deleted; of a sourcedId that stands there twice the first."""
    seen: set[str] = set()
    kept = []
    for number, row in rows:
        if row.get("status", "").lower() in ("tobedeleted", "inactive"):
            feed.passed_over += 1
        elif not row["sourcedId"] or row["sourcedId"] in seen:
            sentence = _("sourcedId %(id)s kosong atau sudah dipakai baris lain.", id=row["sourcedId"][:40])
            feed.problems.append(Problem(file, number, sentence))
        else:
            seen.add(row["sourcedId"])
            kept.append((number, row))
    return kept


def _read_classes(
    feed: Feed, rows: Rows, orgs: Mapping[str, str], sessions: Mapping[str, tuple[str, str]], courses: set[str]
) -> None:
    for number, row in rows:
        terms = [term.strip() for term in row["termSourcedIds"].split(",") if term.strip()]
        unknown = [
            *(term for term in terms if term not in sessions),
            *([row["courseSourcedId"]] if row["courseSourcedId"] not in courses else []),
            *([row["schoolSourcedId"]] if row["schoolSourcedId"] not in orgs else []),
        ]
        days = [day for term in terms for day in sessions.get(term, ())]
        wrong = ""
        if unknown:
            wrong = _("Merujuk %(ids)s, yang tidak ada dalam ZIP ini.", ids=", ".join(unknown)[:120])
        elif len(row["title"].strip()) < 3:
            wrong = _("Kelas ini tanpa nama yang jelas.")
        elif not days or not all(_is_day(day) for day in days) or min(days) > max(days):
            wrong = _("Kelas ini tanpa semester dengan tanggal mulai dan selesai.")
        if wrong:
            feed.problems.append(Problem("classes.csv", number, wrong))
            continue
        feed.classes.append(
            SchoolClass(
                row=number,
                id=row["sourcedId"],
                title=row["title"].strip()[:200],
                starts_on=min(days),
                ends_on=max(days),
                place=row.get("location", "").strip()[:200],
                organiser=orgs[row["schoolSourcedId"]][:200],
            )
        )


def _with_roles(
    feed: Feed, files: Mapping[str, bytes], manifest: Mapping[str, str], people: set[str], orgs: set[str]
) -> set[str] | None:
    """Who has a role by roles.csv; None where that file has no say: in 1.1, and where the manifest names none."""
    if not manifest["oneroster.version"].startswith("1.2"):
        return None
    if "roles.csv" not in files and manifest.get("file.roles", "absent").lower() == "absent":
        return None
    found = set()
    for number, row in _each_once(feed, "roles.csv", _table("roles.csv", files.get("roles.csv"), _ROLES)):
        named = (row["userSourcedId"], people), (row["orgSourcedId"], orgs)
        unknown = [id or "–" for id, known in named if id not in known]
        wrong = ""
        if unknown:
            wrong = _("Merujuk %(ids)s, yang tidak ada atau ditolak.", ids=", ".join(unknown)[:120])
        elif row["roleType"].lower() not in ("primary", "secondary"):
            wrong = _(
                "roleType %(type)s tidak dikenal. Isinya primary atau secondary.", type=row["roleType"][:40] or "–"
            )
        elif not row["role"].strip():
            wrong = _("Peran belum diisi.")
        if wrong:
            feed.problems.append(Problem("roles.csv", number, wrong))
        else:
            found.add(row["userSourcedId"])
    return found


def _is_day(text: str) -> bool:
    try:
        return 2000 <= date.fromisoformat(text).year <= 2099
    except ValueError:
        return False


def _read_places(feed: Feed, rows: Rows, people: set[str]) -> None:
    """Students of the classes; who teaches is no participant, and no file gives anybody rights."""
    classes = {each.id for each in feed.classes}
    seen: set[tuple[str, str]] = set()
    for number, row in _each_once(feed, "enrollments.csv", rows):
        pair = row["classSourcedId"], row["userSourcedId"]
        if row["role"].lower() != "student" or pair in seen:
            feed.passed_over += 1
            continue
        seen.add(pair)
        unknown = [id for id, known in zip(pair, (classes, people), strict=True) if id not in known]
        if unknown:
            sentence = _("Merujuk %(ids)s, yang tidak ada atau ditolak.", ids=", ".join(unknown)[:120])
            feed.problems.append(Problem("enrollments.csv", number, sentence))
        else:
            feed.places.append(Place(number, *pair))


def _read_users(feed: Feed, rows: Rows, with_roles: set[str] | None) -> None:
    """The people of the places, and of nobody else; `with_roles` are those who may be, where that is told."""
    students = {each.user_id for each in feed.places}
    if len(students) > MOST_STUDENTS:
        raise Invalid(_("Lebih dari %(n)s peserta dalam satu ZIP. Minta mitra membaginya.", n=MOST_STUDENTS))
    owners: dict[str, list[User]] = {}
    for number, row in rows:
        if row["sourcedId"] not in students:
            continue
        found = _nips_in(row)
        name = " ".join(
            part.strip() for part in (row["givenName"], row.get("middleName", ""), row["familyName"]) if part.strip()
        )
        if len(found) > 1:
            sentence = _("Dua NIP berbeda pada satu orang: %(nips)s.", nips=", ".join(sorted(found)))
            feed.problems.append(Problem("users.csv", number, sentence))
        elif with_roles is not None and row["sourcedId"] not in with_roles:
            sentence = _("Orang ini tanpa peran yang berlaku di roles.csv.")
            feed.problems.append(Problem("users.csv", number, sentence))
        elif not name:
            feed.problems.append(Problem("users.csv", number, _("Nama belum diisi.")))
        else:
            user = User(
                number, row["sourcedId"], name[:200], next(iter(found), ""), row.get("email", "").strip().lower()
            )
            feed.users.append(user)
            if user.nip:
                owners.setdefault(user.nip, []).append(user)
    for nip, twins in owners.items():
        for user in twins if len(twins) > 1 else ():
            sentence = _("NIP %(nip)s dipakai dua orang dalam berkas ini.", nip=nip)
            feed.problems.append(Problem("users.csv", user.row, sentence))
            feed.users.remove(user)


def _nips_in(row: Mapping[str, str]) -> set[str]:
    """Whatever is a NIP in identifier, in userMasterIdentifier (1.2) and in userIds, written `{type:id},{type:id}`."""
    own = (row.get(column, "") for column in ("identifier", "userMasterIdentifier"))
    texts = [*own, *(id for _kind, id in _USER_ID.findall(row.get("userIds", "")))]
    return {numbers.clean(text) for text in texts if text and numbers.problem(text) is None}
