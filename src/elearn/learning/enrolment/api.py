"""JSON face of enrolment: one's own places, and many people enrolled by an admin."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.clock import wib_date
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.queries import job_for, jobs_named
from elearn.foundation.web.problems import Listing, refused_with
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.shapes import ListWish
from elearn.foundation.web.work import JobOut
from elearn.learning.enrolment import actions
from elearn.learning.enrolment.forms import BatchWish
from elearn.learning.enrolment.models import Enrolment, EnrolmentBatch
from elearn.learning.enrolment.queries import (
    Preview,
    batch_for,
    course_named,
    my_batches,
    my_places,
    place_in,
    preview,
)
from elearn.learning.enrolment.rules import deadline
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import with_scope
from elearn.teaching.courses.models import Course

router = APIRouter(tags=["enrolment"])

Reader = Annotated[Actor, with_scope("enrolment:read")]
Writer = Annotated[Actor, with_scope("enrolment:write")]


ENROLMENT: dict[str, Any] = {
    "course": "administrasi-pemerintahan",
    "title": "Administrasi Pemerintahan",
    "started_at": "2026-11-01T01:00:00Z",
    "due_on": "2026-12-31",
    "deadline": "2026-12-31",
    "last_seen_at": "2026-11-23T02:14:00Z",
    "completed_at": "2026-11-23T02:14:00Z",
    "completed_jp": 20,
    "score": 86.67,
}
BATCH: dict[str, Any] = {
    "id": "k7m2c9x4q1vd",
    "course": "administrasi-pemerintahan",
    "unit": "DIK",
    "nips": [],
    "due_on": "2026-12-31",
    "enrolled": 42,
    "due_moved": 0,
    "created_at": "2026-11-23T02:14:00Z",
    "undone_at": "2026-11-24T01:05:00Z",
    "job": {
        "id": "k7m2c9x4q1vd",
        "state": "done",
        "done": 42,
        "total": 42,
        "unit": "orang",
        "message": "",
        "error": "",
        "created_at": "2026-11-23T02:14:00Z",
        "finished_at": "2026-11-23T02:15:00Z",
    },
}
PREVIEW: dict[str, Any] = {
    "fresh": 40,
    "already": 2,
    "unknown": [{"place": 3, "nip": "198501012010012999"}],
    "repeated": ["198501012010012001"],
}


class EnrolmentOut(BaseModel):
    """A place in a course. `due_on` is an admin's day; `deadline` the earlier of it and the course's closing day."""

    model_config = ConfigDict(json_schema_extra={"examples": [ENROLMENT]})
    course: str
    title: str
    started_at: datetime
    due_on: date | None
    deadline: date | None
    last_seen_at: datetime | None
    completed_at: datetime | None
    completed_jp: int | None
    score: float | None

    @classmethod
    def of(cls, enrolment: Enrolment, course: Course) -> "EnrolmentOut":
        return cls(
            course=course.slug,
            title=course.title,
            started_at=enrolment.started_at,
            due_on=enrolment.due_on,
            deadline=deadline(enrolment.due_on, course.closes_on),
            last_seen_at=enrolment.last_seen_at,
            completed_at=enrolment.completed_at,
            completed_jp=enrolment.completed_jp,
            score=enrolment.score,
        )


class BatchOut(BaseModel):
    """Many people enrolled at once. `nips` are those that were found; `job` is the rest of the work."""

    model_config = ConfigDict(json_schema_extra={"examples": [BATCH]})
    id: str
    course: str
    unit: str | None
    nips: list[str]
    due_on: date | None
    enrolled: int
    due_moved: int
    created_at: datetime
    undone_at: datetime | None
    job: JobOut | None

    @classmethod
    def of(cls, batch: EnrolmentBatch, job: Job | None) -> "BatchOut":
        return cls(
            id=batch.public_id,
            course=batch.course.slug,
            unit=batch.unit.code if batch.unit else None,
            nips=batch.nips,
            due_on=batch.due_on,
            enrolled=batch.enrolled,
            due_moved=batch.due_moved,
            created_at=batch.created_at,
            undone_at=batch.undone_at,
            job=JobOut.of(job) if job else None,
        )


class UnknownNip(BaseModel):
    """A number that no active person within the admin's reach has, by its place in what was sent, from 1."""

    place: int
    nip: str


class PreviewOut(BaseModel):
    """What enrolling would do: how many are new, how many are in already, and who is not found."""

    model_config = ConfigDict(json_schema_extra={"examples": [PREVIEW]})
    fresh: int
    already: int
    unknown: list[UnknownNip]
    repeated: list[str]

    @classmethod
    def of(cls, plan: Preview) -> "PreviewOut":
        unknown = [UnknownNip(place=line.line, nip=line.shown) for line in plan.unknown]
        return cls(fresh=plan.fresh, already=plan.already, unknown=unknown, repeated=plan.repeated)


@router.get("/enrolments", operation_id="listMyEnrolments")
def list_mine(session: DbSession, actor: Reader, wish: Annotated[ListWish, Query()]) -> Listing[EnrolmentOut]:
    """The courses that the token's owner is enrolled in."""
    found = my_places(session, actor, wish)
    return Listing[EnrolmentOut](items=[EnrolmentOut.of(each, each.course) for each in found.rows], next=found.next)


@router.get("/courses/{slug}/enrolment", operation_id="getMyEnrolment", responses=refused_with(404))
def show_mine(slug: str, session: DbSession, actor: Reader) -> EnrolmentOut:
    """The owner's place in a course; 404 without one."""
    mine = place_in(session, actor, slug)
    return EnrolmentOut.of(mine, mine.course)


@router.put("/courses/{slug}/enrolment", operation_id="enrol", responses=refused_with(404, 409))
def enrol(slug: str, session: DbSession, actor: Writer, now: Now) -> EnrolmentOut:
    """Take a place. Doing it twice is the same as once; a place that was left is taken up again."""
    course, _mine = course_named(session, actor, slug)
    return EnrolmentOut.of(actions.enrol(session, actor, course, now), course)


@router.delete("/courses/{slug}/enrolment", operation_id="withdraw", status_code=204, responses=refused_with(404, 409))
def withdraw(slug: str, session: DbSession, actor: Writer, now: Now) -> Response:
    """Leave a course; what was done is kept for enrolling again. A completed course is not left."""
    _course, mine = course_named(session, actor, slug)
    if mine is not None:
        actions.withdraw(session, actor, mine, now)
    return Response(status_code=204)


@router.get("/enrolment-batches", operation_id="listEnrolmentBatches")
def list_batches(session: DbSession, actor: Reader, wish: Annotated[ListWish, Query()]) -> Listing[BatchOut]:
    """The batches that the token's owner, an admin, made; the latest first."""
    found = my_batches(session, actor, wish)
    jobs = jobs_named(session, [batch.job_public_id for batch in found.rows], actor.me())
    with_jobs = [(batch, jobs.get(batch.job_public_id)) for batch in found.rows]
    return Listing[BatchOut](items=[BatchOut.of(batch, job) for batch, job in with_jobs], next=found.next)


@router.post("/enrolment-batches", operation_id="enrolMany", status_code=201, responses=refused_with(409))
def enrol_many(session: DbSession, actor: Writer, wish: BatchWish, now: Now) -> BatchOut:
    """Enrol people within the admin's reach; those who are in already stay. More than 500 become a job."""
    batch = actions.enrol_many(session, actor, wish.as_wish(), now)
    return _batch(session, actor, batch.public_id)


@router.post("/enrolment-batches/preview", operation_id="previewEnrolment", responses=refused_with(409))
def look(session: DbSession, actor: Writer, wish: BatchWish, now: Now) -> PreviewOut:
    """The same without writing anything."""
    return PreviewOut.of(preview(session, actor, wish.as_wish(), wib_date(now)))


@router.get("/enrolment-batches/{batch}", operation_id="getEnrolmentBatch", responses=refused_with(404))
def show_batch(batch: str, session: DbSession, actor: Reader) -> BatchOut:
    """One batch of the owner's own, with how far its job is."""
    return _batch(session, actor, batch)


def _batch(session: Session, actor: Actor, public_id: str) -> BatchOut:
    found = batch_for(session, actor, public_id)
    return BatchOut.of(found, job_for(session, found.job_public_id, actor.me()) if found.job_public_id else None)
