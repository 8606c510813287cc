"""JP accounts: the pages of units and of a person, when everybody has five years of lines."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import String, cast, func, insert, literal, select, text
from tests.soak.line import Line

from bench.load import CONNECTIONS, Visit, expect, lines_to
from bench.pages import Walk, compare
from bench.results import NONE, Results
from bench.scene import Scene
from bench.servers import Server
from elearn.foundation.database import Database
from elearn.people.accounts.models import Person
from elearn.recognition.learning_hours.models import LedgerLine
from elearn.teaching.delivery.models import FormRule

YEARS = 5
LINES_A_YEAR = 5


def add_lines(database: Database, now: datetime) -> int:
    """Five lines of 2 to 6 JP in each of five years for everybody; gives how many there are then."""
    with database.write() as session:
        rule = session.scalars(select(FormRule).filter_by(form_code="NKL04")).one()
        for year in range(now.year - YEARS + 1, now.year + 1):
            for n in range(LINES_A_YEAR):
                jp = Person.id % 5 + 2
                key = literal(f"u{year % 100}{n}") + cast(Person.id, String)
                line = {
                    "public_id": key,
                    "key": key,
                    "person_id": Person.id,
                    "year": literal(year),
                    "started_on": literal(date(year, n + 1, 1)),
                    "ended_on": literal(date(year, n + 1, 15)),
                    "source": literal("course"),
                    "title": literal(f"Pelatihan Ukur {n}"),
                    "organiser": literal("BKPSDM Contoh"),
                    "form_code": literal(rule.form_code),
                    "competency": literal("teknis"),
                    "minutes": jp * 45,
                    "jp_earned": jp,
                    "jp_recognised": jp,
                    "form_rule_id": literal(rule.id),
                    "minutes_per_jp": literal(45),
                    "evidence": literal(""),
                    "unit_id": Person.unit_id,
                    "asn_kind": Person.asn_kind,
                    "reason": literal(""),
                    "created_at": literal(now, LedgerLine.created_at.type),
                }
                rows = select(*(value.label(name) for name, value in line.items()))
                session.execute(insert(LedgerLine).from_select(list(line), rows))
        session.commit()
        count = session.scalar(select(func.count()).select_from(LedgerLine)) or 0
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return count


async def measure(
    results: Results, kind: str, scene: Scene, reference: Server, elearn: Server, *, rounds: int, count: int
) -> None:
    """CPU of the pages by turns with REF."""
    admins = lines_to(elearn, [scene.admin_token] * CONNECTIONS)
    people = lines_to(elearn, [learner.token for learner in scene.learners[:CONNECTIONS]])
    walks: Mapping[str, Walk] = {
        "JP by unit": Walk(elearn, admins, _to("/opd"), NONE),
        "JP by name": Walk(elearn, admins, _to("/opd?tampilan=nama"), NONE),
        "own JP account": Walk(elearn, people, _to("/capaian"), NONE),
    }
    await compare(results, kind, reference, walks, rounds=rounds, count=count, name="REF, beside JP accounts")


def _to(path: str) -> Visit:
    async def visit(line: Line, number: int) -> None:
        expect(await line.get(path))

    return visit
