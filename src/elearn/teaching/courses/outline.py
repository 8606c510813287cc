"""A course as its folder describes it: plain values, ready to be compared with the database."""

from dataclasses import dataclass

from elearn.foundation.markdown import Picture
from elearn.teaching.courses.lesson import Lesson
from elearn.teaching.questions.drafts import QuestionDraft


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong in a file of the course folder. `file` is relative to the folder; the first line is 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class DrawFile:
    """So many questions at random from a bank; the topic takes in those below it, "" the whole bank."""

    bank: str
    count: int
    topic: str
    line: int


@dataclass(frozen=True, slots=True)
class QuizFile:
    """A quiz as the course file describes it. `pass_mark` is a percentage, None for a pre-test."""

    key: str
    title: str
    minutes: int
    assessment: str
    attempts: int
    pass_mark: int | None
    time_limit: int
    release: str
    shuffle: bool
    draws: tuple[DrawFile, ...]
    line: int


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson of the course; `source` is the whole text of its file."""

    key: str
    title: str
    minutes: int
    source: str
    lesson: Lesson
    line: int


ActivityFile = LessonFile | QuizFile


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module with its activities in order."""

    key: str
    title: str
    activities: tuple[ActivityFile, ...]


@dataclass(frozen=True, slots=True)
class BankFile:
    """A question bank with the sound questions of its file."""

    key: str
    questions: tuple[QuestionDraft, ...]


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture; `picture.url` is its name as lessons write it (`gambar/alur.svg`), sizes are in pixels."""

    name: str
    media_type: str
    content: bytes
    picture: Picture


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A whole course folder. Only a course without problems may be written to the database."""

    slug: str
    title: str
    summary: str
    competency: str
    form: str
    jp: int
    audience: str
    outcomes: tuple[str, ...]
    organiser: str
    modules: tuple[ModuleFile, ...]
    banks: tuple[BankFile, ...]
    images: tuple[ImageFile, ...]
    problems: tuple[FileProblem, ...]

    @property
    def activities(self) -> tuple[ActivityFile, ...]:
        return tuple(activity for module in self.modules for activity in module.activities)

    @property
    def minutes(self) -> int:
        """Sum over the activities."""
        return sum(activity.minutes for activity in self.activities)
