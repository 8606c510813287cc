"""A lesson written as Markdown with boxes: its parts, its words, its honest minutes.

The format is described in docs/content-format.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from elearn.foundation.i18n import _
from elearn.foundation.markdown import ImageURL, headings, plain, render
from elearn.teaching.courses.yaml_lines import Unreadable, read_mapping
from elearn.teaching.questions.drafts import Problem, QuestionDraft
from elearn.teaching.questions.text import parse
from elearn.teaching.questions.wording import tidy

NOTES = ("kasus", "ingat", "penting", "contoh", "dasar")
BOXES = (*NOTES, "soal", "latihan")
COMPLETIONS = ("read", "exercise")
WORDS_A_MINUTE = 150
MINUTES_A_PRACTICE = 1.5
MAX_MINUTES = 600

_BOX = re.compile(r":::\s*(\S+)(?:\s+(.*))?$")
_END = re.compile(r":::\s*$")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_PART = re.compile(r"---\s+(\S+)\s*$")
_MINUTES = re.compile(r"menit\s*:\s*(.*)$", re.IGNORECASE)
_POINT = re.compile(r"[-*]\s+(.*)$")


@dataclass(frozen=True, slots=True)
class Text:
    """Running text. `html` is empty until `with_html` fills it."""

    source: str
    line: int
    html: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A box: `name` is kasus, ingat, penting, contoh or dasar; the title may be empty."""

    name: str
    title: str
    source: str
    line: int
    html: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """An ungraded question inside the lesson. Keys are soal-1, soal-2 … in the order of the text."""

    key: str
    title: str
    draft: QuestionDraft
    line: int


@dataclass(frozen=True, slots=True)
class Exercise:
    """A task that the learner answers in writing. Keys are latihan-1 … in the order of the text.

    The model answer and the check list are for after the learner saved a text of his or her own.
    """

    key: str
    title: str
    minutes: int
    instruction: str
    model_answer: str
    checks: tuple[str, ...]
    line: int
    instruction_html: str = ""
    model_answer_html: str = ""


Block = Text | Note | Practice | Exercise


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson. `reading_minutes` is the time for reading a regulation's own text."""

    title: str
    minutes: int
    completion: str
    reading_minutes: int
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    minutes_line: int = field(default=1, compare=False)


def parse_lesson(text: str) -> Lesson:
    """Read a lesson file: front matter between `---` lines, then the body. Never raises; see `problems`."""
    lines = tidy(text).split("\n")
    problems: list[Problem] = []
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        message = _("Awali berkas dengan baris ---, lalu title: dan minutes:, lalu baris ---.")
        return Lesson("", 0, "read", 0, (), (Problem(1, message),))
    title, minutes, minutes_line, completion, reading_minutes = "", 0, 2, "read", 0
    try:
        front = read_mapping("\n".join(lines[1:end]), problems, first_line=2)
        title = front.text("title")
        minutes = front.number("minutes", least=1, most=MAX_MINUTES)
        minutes_line = front.line_of("minutes")
        completion = front.choice("complete", COMPLETIONS, default="read")
        reading_minutes = front.number("baca", least=0, most=MAX_MINUTES, default=0)
        front.refuse_unknown()
    except Unreadable as error:
        problems.append(error.problem)
    blocks, found = parse_body("\n".join(lines[end + 1 :]), first_line=end + 2)
    problems += found
    if completion == "exercise" and not any(isinstance(block, Exercise) for block in blocks):
        problems.append(Problem(2, _("Tambahkan kotak latihan, atau tulis complete: read.")))
    if not blocks and not found:
        problems.append(Problem(end + 1, _("Tulis isi materi.")))
    problems.sort(key=lambda problem: problem.line)
    return Lesson(title, minutes, completion, reading_minutes, tuple(blocks), tuple(problems), minutes_line)


def parse_body(text: str, *, first_line: int = 1) -> tuple[list[Block], list[Problem]]:
    """Read the body of a lesson, without front matter."""
    reader = _Reader()
    for number, line in enumerate(tidy(text).split("\n"), first_line):
        reader.take(number, line.rstrip())
    reader.finish()
    problems = [*reader.problems, *_heading_problems(reader.blocks)]
    if reader.counts["ingat"] > 1:
        problems.append(Problem(first_line, _("Sisakan satu kotak ingat dalam satu materi.")))
    return reader.blocks, problems


def with_html(blocks: Sequence[Block], *, image_url: ImageURL) -> tuple[Block, ...]:
    """The blocks with the HTML of their texts filled in. Questions are rendered by who shows them."""

    def filled(block: Block) -> Block:
        match block:
            case Text() | Note():
                return replace(block, html=render(block.source, image_url=image_url))
            case Exercise():
                return replace(
                    block,
                    instruction_html=render(block.instruction, image_url=image_url),
                    model_answer_html=render(block.model_answer, image_url=image_url),
                )
            case Practice():
                return block

    return tuple(filled(block) for block in blocks)


def markdown_parts(blocks: Sequence[Block]) -> list[tuple[str, int]]:
    """Every Markdown text of a lesson with the line where it begins, for pictures and search."""
    parts: list[tuple[str, int]] = []
    for block in blocks:
        match block:
            case Text() | Note():
                parts.append((block.source, block.line))
            case Exercise():
                parts += [(block.instruction, block.line), (block.model_answer, block.line)]
            case Practice():
                parts += [(block.draft.stem, block.draft.line), (block.draft.explanation, block.draft.line)]
                parts += [(option.text, block.draft.line) for option in block.draft.options]
    return parts


def search_text(blocks: Sequence[Block]) -> str:
    """The words that search may find: text, boxes, tasks and questions, never keys or model answers."""
    parts = []
    for block in blocks:
        match block:
            case Text():
                parts.append(block.source)
            case Note():
                parts += [block.title, block.source]
            case Exercise():
                parts += [block.title, block.instruction]
            case Practice():
                parts += [block.title, block.draft.stem]
    return "\n".join(text for part in parts if (text := plain(part)))


def words(blocks: Sequence[Block]) -> int:
    """How many words there are to read in running text and boxes; questions and exercises have their own minutes."""
    texts = [plain(block.source) for block in blocks if isinstance(block, Text | Note)]
    return sum(1 for text in texts for word in text.split() if any(c.isalnum() for c in word))


def honest_minutes(lesson: Lesson) -> float:
    """What the lesson takes: 150 words a minute, 1.5 minutes a practice question, exercises and own reading as said."""
    practice = sum(isinstance(block, Practice) for block in lesson.blocks)
    exercises = sum(block.minutes for block in lesson.blocks if isinstance(block, Exercise))
    return words(lesson.blocks) / WORDS_A_MINUTE + practice * MINUTES_A_PRACTICE + exercises + lesson.reading_minutes


def is_honest(lesson: Lesson) -> bool:
    """Are the stated minutes within 25 % of the honest ones, or within 2 minutes where that is more?"""
    honest = honest_minutes(lesson)
    return abs(lesson.minutes - honest) <= max(2.0, honest / 4)


def _heading_problems(blocks: Sequence[Block]) -> list[Problem]:
    problems = []
    above = 1
    for block in blocks:
        if not isinstance(block, Text):
            continue
        for level, line in headings(block.source):
            if level == 1:
                problems.append(Problem(block.line + line - 1, _("Awali judul bagian dengan ##.")))
            elif level > above + 1:
                message = _("Pakai %(marks)s di sini: tingkat judul tidak boleh melompat.", marks="#" * (above + 1))
                problems.append(Problem(block.line + line - 1, message))
            above = max(level, 2)
    return problems


class _Reader:
    """Collects lines into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.counts = dict.fromkeys(BOXES, 0)
        self.fenced = ""
        self.box: tuple[str, str, int] | None = None
        self.lines: list[str] = []
        self.start = 0

    def take(self, number: int, line: str) -> None:
        if fence := _FENCE.match(line):
            self.fenced = "" if self.fenced == fence[1] else self.fenced or fence[1]
        if self.fenced:
            self._keep(number, line)
        elif _END.match(line):
            self._end_box(number)
        elif opening := _BOX.match(line):
            self._open_box(number, opening[1].lower(), (opening[2] or "").strip())
        else:
            self._keep(number, line)

    def finish(self) -> None:
        if self.box:
            message = _("Tutup kotak %(name)s dengan baris ::: tersendiri.", name=self.box[0])
            self.problems.append(Problem(self.box[2], message))
            self._end_box(self.box[2])
        self._end_text()

    def _keep(self, number: int, line: str) -> None:
        if not self.lines:
            self.start = number
        self.lines.append(line)

    def _open_box(self, number: int, name: str, title: str) -> None:
        if self.box:
            message = _("Tutup kotak %(name)s dengan ::: sebelum kotak berikutnya.", name=self.box[0])
            self.problems.append(Problem(number, message))
            self._end_box(number)
        self._end_text()
        self.box = (name, title, number)

    def _end_text(self) -> None:
        source, start = _trimmed(self.lines, self.start)
        if source:
            self.blocks.append(Text(source, start))
        self.lines = []

    def _end_box(self, number: int) -> None:
        if not self.box:
            self.problems.append(Problem(number, _("Hapus ::: ini: tidak ada kotak yang terbuka.")))
            return
        (name, title, line), self.box = self.box, None
        source, start = _trimmed(self.lines, self.start)
        self.lines = []
        if name not in BOXES:
            message = _("Kotak “%(name)s” tidak dikenal. Pilih: %(names)s.", name=name, names=", ".join(BOXES))
            self.problems.append(Problem(line, message))
        elif not source:
            self.problems.append(Problem(line, _("Isi kotak %(name)s.", name=name)))
        elif name == "soal":
            self._add_practice(title, source, start, line)
        elif name == "latihan":
            self._add_exercise(title, source, start, line)
        else:
            self.counts[name] += 1
            self.blocks.append(Note(name, title, source, start))

    def _add_practice(self, title: str, source: str, start: int, line: int) -> None:
        drafts, problems = parse(source, first_line=start)
        self.problems += problems
        for draft in drafts:
            self.counts["soal"] += 1
            if draft.key:
                self.problems.append(Problem(draft.line, _("Hapus id: soal di dalam materi tidak memakainya.")))
            self.blocks.append(Practice(f"soal-{self.counts['soal']}", title, draft, draft.line))
            title = ""
        if not drafts and not problems:
            self.problems.append(Problem(line, _("Isi kotak %(name)s.", name="soal")))

    def _add_exercise(self, title: str, source: str, start: int, line: int) -> None:
        parts, lines_of = _exercise_parts(source.split("\n"), start)
        for name in parts.keys() - {"", "contoh", "periksa"}:
            message = _("Bagian “%(name)s” tidak dikenal. Pilih: contoh, periksa.", name=name)
            self.problems.append(Problem(lines_of[name], message))
        task = parts[""]
        stated = _MINUTES.match(task[0].strip())
        minutes = int(stated[1]) if stated and stated[1].isascii() and stated[1].isdigit() else 0
        if not 1 <= minutes <= MAX_MINUTES:
            self.problems.append(Problem(start, _("Tulis lama latihan di baris pertama, misalnya menit: 25.")))
        instruction = "\n".join(task[1:] if stated else task).strip()
        if not instruction:
            self.problems.append(Problem(line, _("Tulis apa yang dikerjakan peserta.")))
        model_answer = "\n".join(parts.get("contoh", [])).strip()
        checks = _points(parts.get("periksa", []))
        if "periksa" in parts and not checks:
            self.problems.append(Problem(lines_of["periksa"], _("Tulis daftar periksa, setiap butir diawali -.")))
        if not model_answer and not checks:
            message = _("Tambahkan --- contoh atau --- periksa, agar peserta dapat membandingkan.")
            self.problems.append(Problem(line, message))
        self.counts["latihan"] += 1
        key = f"latihan-{self.counts['latihan']}"
        self.blocks.append(Exercise(key, title, minutes, instruction, model_answer, checks, line))


def _trimmed(lines: list[str], start: int) -> tuple[str, int]:
    """The lines without empty ones around them, and where they begin then."""
    first = next((i for i, line in enumerate(lines) if line), len(lines))
    return "\n".join(lines[first:]).rstrip("\n"), start + first


def _exercise_parts(lines: list[str], start: int) -> tuple[dict[str, list[str]], dict[str, int]]:
    parts: dict[str, list[str]] = {"": []}
    lines_of: dict[str, int] = {}
    name = ""
    for number, line in enumerate(lines, start):
        if part := _PART.match(line):
            name = part[1].lower()
            lines_of[name] = number
            parts.setdefault(name, [])
        else:
            parts[name].append(line)
    return parts, lines_of


def _points(lines: list[str]) -> tuple[str, ...]:
    """The points of a list; an indented line continues the point above it."""
    points: list[str] = []
    for line in lines:
        if point := _POINT.match(line):
            points.append(point[1].strip())
        elif points and line.startswith((" ", "\t")):
            points[-1] += " " + line.strip()
    return tuple(points)
