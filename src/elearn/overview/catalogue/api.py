"""JSON face of the catalogue."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from elearn.foundation.web.problems import Listing, refused_with
from elearn.foundation.web.session import DbSession
from elearn.learning.enrolment.queries import course_named
from elearn.learning.progress.rules import Outlined
from elearn.overview.catalogue.forms import CourseListWish
from elearn.overview.catalogue.queries import Chapter, chapters, courses
from elearn.people.access.actor import Actor
from elearn.people.accounts.door import with_scope
from elearn.teaching.courses.models import Course

router = APIRouter(tags=["courses"])

Reader = Annotated[Actor, with_scope("courses:read")]


COURSE: dict[str, Any] = {
    "slug": "administrasi-pemerintahan",
    "title": "Administrasi Pemerintahan",
    "summary": "Keputusan dan Tindakan yang sah menurut UU 30/2014.",
    "audience": "Semua ASN",
    "organiser": "BKPSDM Contoh",
    "competency": "pemerintahan",
    "outcomes": ["Membedakan atribusi, delegasi, dan mandat."],
    "minutes": 900,
    "jp": 20,
    "closes_on": "2027-06-30",
    "state": "published",
}
MODULE: dict[str, Any] = {
    "title": "Dasar",
    "minutes": 10,
    "activities": [
        {"id": "athfm26z1ecd", "kind": "reading", "title": "Apa itu wewenang?", "minutes": 10, "required": True}
    ],
}


class CourseOut(BaseModel):
    """A course; `jp` are whole learning hours of 45 minutes, `closes_on` is the last day in WIB."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [COURSE]})
    slug: str
    title: str
    summary: str
    audience: str
    organiser: str
    competency: str
    outcomes: list[str]
    minutes: int
    jp: int
    closes_on: date | None
    state: str


class ActivityOut(BaseModel):
    """One thing to do; a course is completed when all required ones are."""

    id: str
    kind: str
    title: str
    minutes: int
    required: bool

    @classmethod
    def of(cls, activity: Outlined) -> "ActivityOut":
        return cls(
            id=activity.public_id,
            kind=activity.kind,
            title=activity.title,
            minutes=activity.minutes,
            required=activity.required,
        )


class ModuleOut(BaseModel):
    """A chapter of a course with its activities in order."""

    title: str
    minutes: int
    activities: list[ActivityOut]

    @classmethod
    def of(cls, chapter: Chapter) -> "ModuleOut":
        activities = [ActivityOut.of(step.activity) for step in chapter.steps]
        return cls(title=chapter.title, minutes=chapter.minutes, activities=activities)


class CourseWithOutline(CourseOut):
    """A course with its outline."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**COURSE, "modules": [MODULE]}]})
    modules: list[ModuleOut]

    @classmethod
    def of(cls, course: Course, outline: list[Chapter]) -> "CourseWithOutline":
        facts = CourseOut.model_validate(course).model_dump()
        return cls(**facts, modules=[ModuleOut.of(chapter) for chapter in outline])


@router.get("/courses", operation_id="listCourses")
def list_courses(session: DbSession, actor: Reader, wish: Annotated[CourseListWish, Query()]) -> Listing[CourseOut]:
    """Published courses. `q` searches as the catalogue does, in lessons as well."""
    found = courses(session, actor, wish)
    return Listing[CourseOut](items=[CourseOut.model_validate(each) for each in found.rows], next=found.next)


@router.get("/courses/{slug}", operation_id="getCourse", responses=refused_with(404))
def show(slug: str, session: DbSession, actor: Reader) -> CourseWithOutline:
    """A course with its outline; an archived one only for those who have a place in it."""
    course, _mine = course_named(session, actor, slug)
    return CourseWithOutline.of(course, chapters(session, course, None))
