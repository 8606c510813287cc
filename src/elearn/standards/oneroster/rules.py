"""What a feed would do here. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from elearn.foundation.i18n import _
from elearn.people.accounts.rules import is_address
from elearn.standards.oneroster.feed import Feed, Place, Problem, SchoolClass, User


@dataclass(frozen=True)
class Known:
    """What is there: ids of people by sourcedId, by NIP and by e-mail; of classes of the course by sourcedId, those of
    other courses as None; and which person takes part in which class already."""

    users: Mapping[str, int]
    nips: Mapping[str, int]
    emails: Mapping[str, int]
    classes: Mapping[str, int | None]
    taken: frozenset[tuple[int, int]]


@dataclass
class Plan:
    """What would be written, and what not. `people` are ids of those who are known, by sourcedId."""

    people: dict[str, int] = field(default_factory=dict)
    guests: list[User] = field(default_factory=list)
    classes: list[SchoolClass] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    already: int = 0
    passed_over: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each sort."""
        return {
            "known": len(self.people),
            "guests": len(self.guests),
            "classes": len(self.classes),
            "places": len(self.places),
            "already": self.already,
            "passed_over": self.passed_over,
            "refused": len(self.problems),
        }

    @property
    def writes(self) -> bool:
        return bool(self.classes or self.places)


def planned(feed: Feed, known: Known) -> Plan:
    """Hold a feed beside what is there."""
    plan = Plan(passed_over=feed.passed_over, problems=list(feed.problems))
    for user in feed.users:
        _know(plan, user, known)
    fine = set[str]()
    for each in feed.classes:
        cohort_id = known.classes.get(each.id, 0)
        if cohort_id is None:
            sentence = _("Kelas ini sudah menjadi angkatan dari pelatihan lain.")
            plan.problems.append(Problem("classes.csv", each.row, sentence))
            continue
        fine.add(each.id)
        if not cohort_id:
            plan.classes.append(each)
    guests = {user.id for user in plan.guests}
    for place in feed.places:
        person_id, cohort_id = plan.people.get(place.user_id), known.classes.get(place.class_id)
        if person_id is not None and cohort_id and (person_id, cohort_id) in known.taken:
            plan.already += 1
        elif place.class_id in fine and (person_id is not None or place.user_id in guests):
            plan.places.append(place)
        else:
            sentence = _("Orang atau kelasnya ditolak, jadi kepesertaan ini juga.")
            plan.problems.append(Problem("enrollments.csv", place.row, sentence))
    plan.problems.sort(key=lambda each: (each.file, each.row))
    return plan


def _know(plan: Plan, user: User, known: Known) -> None:
    by_nip = known.nips.get(user.nip) if user.nip else None
    person_id = known.users.get(user.id) or by_nip
    wrong = ""
    if by_nip is not None and person_id != by_nip:
        wrong = _("NIP ini milik orang lain daripada yang dikenal dari impor sebelumnya.")
    elif person_id is None and user.email and not is_address(user.email):
        wrong = _("Alamat surel tidak lengkap. Contohnya nama@contoh.go.id.")
    elif person_id is None and user.email in known.emails:
        wrong = _("Surel %(email)s sudah dipakai orang lain di sini.", email=user.email)
    elif person_id is None and any(user.email and user.email == each.email for each in plan.guests):
        wrong = _("Surel %(email)s dipakai dua orang dalam berkas ini.", email=user.email)
    elif person_id is None and not user.email and not user.nip:
        wrong = _("Tanpa NIP dan tanpa surel orang ini tidak dapat masuk.")
    if wrong:
        plan.problems.append(Problem("users.csv", user.row, wrong))
    elif person_id is not None:
        plan.people[user.id] = person_id
    else:
        plan.guests.append(user)
