"""What search finds: the same documents in the same order on SQLite and on PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, case, column, func, literal, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from elearn.learning.enrolment.models import Enrolment
from elearn.overview.search.models import SearchDocument
from elearn.overview.search.words import excerpt, highlight, query_terms
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity, Course

_IN_SQLITE = text("SELECT rowid FROM search_index WHERE search_index MATCH :match")
_VECTOR: ColumnElement[str] = literal_column("to_tsvector('simple', search_documents.terms)")


@dataclass(frozen=True)
class Hit:
    """A document that answers, with the answering words marked."""

    course: Course
    activity: Activity | None
    """None: the course itself answers."""
    title: Markup
    excerpt: Markup


def search(session: Session, actor: Actor, words: str, limit: int = 20) -> list[Hit]:
    """What the actor may see that answers all words, best first.

    More of the words in the title is better, then more occurrences in all, then the earlier course and lesson.
    """
    return [
        Hit(
            course=document.course,
            activity=document.activity,
            title=highlight(document.title, words),
            excerpt=excerpt(document.body, words),
        )
        for document in documents(session, actor, words, limit)
    ]


def documents(session: Session, actor: Actor, words: str, limit: int = 20) -> Sequence[SearchDocument]:
    """The documents behind `search`, with course and activity loaded."""
    groups = query_terms(words)
    if not groups:
        return []
    return session.scalars(
        select(SearchDocument)
        .join(SearchDocument.course)
        .where(_answers(session, groups), _visible(actor))
        .order_by(*_best_first(groups))
        .limit(limit)
        .options(joinedload(SearchDocument.course), joinedload(SearchDocument.activity))
    ).all()


def answering_courses(session: Session, actor: Actor, words: str) -> list[int]:
    """Ids of the courses that answer, by themselves or by one of their lessons; the course with the best hit first."""
    groups = query_terms(words)
    if not groups:
        return []
    rows = session.scalars(
        select(SearchDocument.course_id)
        .join(SearchDocument.course)
        .where(_answers(session, groups), _visible(actor))
        .order_by(*_best_first(groups))
    )
    return list(dict.fromkeys(rows))


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Published courses for everybody, archived ones for those who have a place in them."""
    mine = select(Enrolment.course_id).where(Enrolment.person_id == actor.person_id, Enrolment.withdrawn_at.is_(None))
    return or_(Course.state == "published", and_(Course.state == "archived", Course.id.in_(mine)))


def _answers(session: Session, groups: list[list[str]]) -> ColumnElement[bool]:
    # Terms are letters and digits only, so nothing in them can be read as an operator.
    if session.get_bind().dialect.name == "sqlite":
        match = " AND ".join("(" + " OR ".join(f'"{term}"' for term in group) + ")" for group in groups)
        return SearchDocument.id.in_(_IN_SQLITE.bindparams(match=match).columns(column("rowid")))
    match = " & ".join("(" + " | ".join(f"'{term}'" for term in group) + ")" for group in groups)
    return _VECTOR.bool_op("@@")(literal(match).cast(TSQUERY))


def _best_first(groups: list[list[str]]) -> list[ColumnElement[int] | InstrumentedAttribute[int]]:
    none: ColumnElement[int] = literal(0)
    in_title = sum((_stands_in_title(group) for group in groups), start=none)
    occurrences = sum((_times(term) for group in groups for term in group), start=none)
    return [in_title.desc(), occurrences.desc(), SearchDocument.course_id, SearchDocument.position]


def _stands_in_title(group: list[str]) -> ColumnElement[int]:
    return case((or_(*(SearchDocument.title_terms.contains(f" {term} ") for term in group)), 1), else_=0)


def _times(term: str) -> ColumnElement[int]:
    """How often a term stands in a document; `index_terms` gives every occurrence spaces of its own."""
    spaced = f" {term} "
    without = func.replace(SearchDocument.terms, spaced, "")
    return (func.length(SearchDocument.terms) - func.length(without)) // len(spaced)
