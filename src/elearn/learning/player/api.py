"""JSON face of the player: how far one is, and reports from an activity."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from elearn.foundation.web.problems import refused_with
from elearn.foundation.web.session import DbSession, Now
from elearn.learning.player import actions
from elearn.learning.player.forms import Ping
from elearn.learning.player.queries import CourseStanding, desk, standing_in
from elearn.learning.progress.models import ActivityProgress
from elearn.learning.progress.queries import progress_of
from elearn.learning.progress.rules import Outlined, rule_in_words
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import with_scope
from elearn.teaching.courses.models import Activity

router = APIRouter(tags=["progress"])

Reader = Annotated[Actor, with_scope("progress:read")]
Writer = Annotated[Actor, with_scope("progress:write")]


STANDING: dict[str, Any] = {
    "activity": "athfm26z1ecd",
    "kind": "quiz",
    "title": "Kuis Modul 1",
    "required": True,
    "rule": "Selesai bila Anda lulus.",
    "status": "done",
    "active_seconds": 240,
    "least_seconds": 0,
    "place": 0.0,
    "score": 90.0,
    "opened_at": "2026-11-23T02:14:00Z",
    "completed_at": "2026-11-23T02:31:00Z",
}
IN_COURSE: dict[str, Any] = {
    "course": "administrasi-pemerintahan",
    "done": 1,
    "required": 1,
    "completed_at": "2026-11-23T02:31:00Z",
    "activities": [STANDING],
}


class ActivityProgressOut(BaseModel):
    """How far the owner is in one activity. `rule` tells when it is done; the server alone decides that it is.

    `place` is where to resume: a share of the page, or seconds of a recording. `score` is the best percentage.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [STANDING]})
    activity: str
    kind: str
    title: str
    required: bool
    rule: str
    status: Literal["new", "going", "done"]
    active_seconds: int
    least_seconds: int
    place: float
    score: float | None
    opened_at: datetime | None
    completed_at: datetime | None

    @classmethod
    def of(cls, activity: Activity | Outlined, progress: ActivityProgress | None) -> "ActivityProgressOut":
        return cls(
            activity=activity.public_id,
            kind=activity.kind,
            title=activity.title,
            required=activity.required,
            rule=rule_in_words(activity),
            status="new" if progress is None else "done" if progress.completed else "going",
            active_seconds=progress.active_seconds if progress else 0,
            least_seconds=activity.least_seconds,
            place=progress.place if progress else 0.0,
            score=progress.score if progress else None,
            opened_at=progress.opened_at if progress else None,
            completed_at=progress.completed_at if progress else None,
        )


class CourseProgressOut(BaseModel):
    """How far the owner is in a course: `done` of `required` activities."""

    model_config = ConfigDict(json_schema_extra={"examples": [IN_COURSE]})
    course: str
    done: int
    required: int
    completed_at: datetime | None
    activities: list[ActivityProgressOut]

    @classmethod
    def of(cls, found: CourseStanding) -> "CourseProgressOut":
        activities = [ActivityProgressOut.of(*line) for line in found.lines]
        needed = [each for each in activities if each.required]
        return cls(
            course=found.enrolment.course.slug,
            done=sum(each.status == "done" for each in needed),
            required=len(needed),
            completed_at=found.enrolment.completed_at,
            activities=activities,
        )


@router.get("/courses/{slug}/progress", operation_id="getMyCourseProgress", responses=refused_with(404))
def show_course(slug: str, session: DbSession, actor: Reader) -> CourseProgressOut:
    """How far the owner is in a course that he or she is enrolled in."""
    return CourseProgressOut.of(standing_in(session, actor, slug))


@router.get("/activities/{activity}/progress", operation_id="getMyProgress", responses=refused_with(404))
def show(activity: str, session: DbSession, actor: Reader) -> ActivityProgressOut:
    """How far the owner is in one activity."""
    here = desk(session, actor, activity)
    return ActivityProgressOut.of(here.activity, progress_of(session, here.enrolment.id, here.activity.id))


@router.post("/activities/{activity}/evidence", operation_id="reportEvidence", responses=refused_with(404, 409))
def report(activity: str, session: DbSession, actor: Writer, ping: Ping, now: Now) -> ActivityProgressOut:
    """Report what the learner did since the last report: active seconds, place, and whether the end was seen.

    The first report opens the activity. Seconds count at most as the server's clock saw them pass, 300 a report;
    values only grow. Of quizzes only what is handed in counts (409).
    """
    here = desk(session, actor, activity)
    return ActivityProgressOut.of(here.activity, actions.report(session, actor, here, ping, now))
