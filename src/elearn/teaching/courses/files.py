"""Read a course folder with every problem named by file and line. The format: docs/content-format.md."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from elearn.foundation.clock import utc_now, wib_date
from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.markdown import images
from elearn.foundation.settings import settings
from elearn.teaching.courses.lesson import (
    MAX_MINUTES,
    Lesson,
    honest_minutes,
    is_honest,
    markdown_parts,
    parse_lesson,
)
from elearn.teaching.courses.models import COMPETENCIES
from elearn.teaching.courses.outline import (
    ActivityFile,
    BankFile,
    CourseFile,
    DrawFile,
    FileProblem,
    ImageFile,
    LessonFile,
    ModuleFile,
    QuizFile,
)
from elearn.teaching.courses.pictures import MEDIA_TYPES, measured
from elearn.teaching.courses.yaml_lines import Fields, Unreadable, read_mapping
from elearn.teaching.questions.drafts import KEY_PATTERN, MAX_KEY, Problem, QuestionDraft, topic_within
from elearn.teaching.questions.text import parse, topic_path

ASSESSMENTS = ("quiz", "pretest", "posttest")
RELEASES = ("after_submit", "after_pass", "after_close", "never")
FORM_PATTERN = re.compile(r"N?KL\d{2}")
MAX_FILE_BYTES = 2_000_000

COURSE = "course.yaml"
LESSONS, BANKS, IMAGES = "materi", "soal", "gambar"


def read_course(folder: Path, *, minutes_per_jp: int | None = None) -> CourseFile:
    """Read and check a course folder. Never raises for what is written in it; see `problems`.

    JP are counted by the rule in force today, unless told otherwise.
    """
    return _Folder(folder, minutes_per_jp or settings().jp_rule(wib_date(utc_now())).minutes_per_jp).course()


class _Folder:
    """One reading of one folder."""

    def __init__(self, folder: Path, minutes_per_jp: int) -> None:
        self.folder = folder
        self.minutes_per_jp = minutes_per_jp
        self.problems: list[FileProblem] = []
        self.lessons: dict[str, tuple[str, Lesson]] = {}
        self.banks: dict[str, tuple[QuestionDraft, ...]] = {}
        self.broken_banks: set[str] = set()
        self.images: dict[str, ImageFile] = {}
        self.broken_images: set[str] = set()
        self.shown: set[str] = set()
        self.drawn: set[str] = set()
        self.placed: dict[str, int] = {}

    def course(self) -> CourseFile:
        slug = self.folder.resolve().name
        if not KEY_PATTERN.fullmatch(slug) or len(slug) > MAX_KEY:
            self._note(COURSE, 1, _("Namai folder dengan huruf kecil, angka, dan tanda hubung."))
        self._read_files()
        noted: list[Problem] = []
        try:
            fields = read_mapping(self._text(COURSE), noted)
        except Unreadable as error:
            if (self.folder / COURSE).is_file():
                self._note(COURSE, error.problem.line, error.problem.message)
            # One cause is enough; what its absence brings about is not worth a line each.
            noted, fields = [], Fields(1, {}, [])
        modules = tuple(self._modules(fields))
        found = CourseFile(
            slug=slug,
            title=fields.text("title"),
            summary=fields.text("summary", limit=1000),
            competency=fields.choice("competency", COMPETENCIES),
            form=fields.text("form"),
            jp=fields.number("jp", least=0, most=1000),
            audience=fields.text("audience", required=False),
            outcomes=tuple(fields.texts("outcomes")),
            organiser=fields.text("organiser", required=False),
            modules=modules,
            banks=tuple(BankFile(key, questions) for key, questions in self.banks.items()),
            images=tuple(self.images.values()),
            problems=(),
        )
        fields.refuse_unknown()
        if found.form and not FORM_PATTERN.fullmatch(found.form):
            fields.wrong("form", _("Tulis kode bentuk, misalnya NKL03."))
        jp = found.minutes // self.minutes_per_jp
        if "jp" in fields.values and found.jp != jp:
            message = _("Tulis jp: %(jp)s. Jumlah menit semua kegiatan %(minutes)s.", jp=jp, minutes=found.minutes)
            fields.wrong("jp", message)
        self._note_all(COURSE, noted)
        self._find_unused()
        problems = sorted(set(self.problems), key=lambda problem: (problem.file, problem.line, problem.message))
        return replace(found, problems=tuple(problems))

    def _read_files(self) -> None:
        for path in self._files(IMAGES, tuple(MEDIA_TYPES)):
            self._read_image(path)
        keys: dict[str, str] = {}
        for path in self._files(BANKS, (".md",)):
            self._read_bank(path, keys)
        for path in self._files(LESSONS, (".md",)):
            self._read_lesson(path)
        known = {COURSE, LESSONS, BANKS, IMAGES, "README.md"}
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.name not in known and not path.name.startswith("."):
                self._note(path.name, 1, _("Pindahkan ini: berkas kursus ada di materi, soal, atau gambar."))

    def _files(self, name: str, endings: tuple[str, ...]) -> Iterator[Path]:
        folder = self.folder / name
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            file = f"{name}/{path.name}"
            if path.name.startswith("."):
                continue
            if path.is_symlink() or not path.is_file() or path.suffix.lower() not in endings:
                self._note(file, 1, _("Pindahkan ini: di sini hanya berkas %(endings)s.", endings=", ".join(endings)))
            elif not KEY_PATTERN.fullmatch(path.stem) or len(path.stem) > MAX_KEY:
                self._note(file, 1, _("Namai berkas dengan huruf kecil, angka, dan tanda hubung."))
            else:
                yield path

    def _read_image(self, path: Path) -> None:
        name = f"{IMAGES}/{path.name}"
        content = path.read_bytes()
        try:
            picture = measured(name, content)
        except Invalid as refusal:
            self._note(name, 1, refusal.message)
            self.broken_images.add(name)
        else:
            self.images[name] = ImageFile(name, MEDIA_TYPES[path.suffix.lower()], content, picture)

    def _read_bank(self, path: Path, keys: dict[str, str]) -> None:
        file = f"{BANKS}/{path.name}"
        drafts, problems = parse(self._text(file), bank=True)
        self._note_all(file, problems)
        if problems:
            self.broken_banks.add(path.stem)
        elif not drafts:
            self._note(file, 1, _("Tulis soal di berkas ini, atau hapus berkasnya."))
        for draft in drafts:
            if draft.key in keys:
                message = _("Ganti id “%(key)s”: sudah dipakai di %(file)s.", key=draft.key, file=keys[draft.key])
                self._note(file, draft.line, message)
            keys.setdefault(draft.key, file)
            self._check_images(file, [(draft.stem, draft.line), (draft.explanation, draft.line)])
            self._check_images(file, [(option.text, draft.line) for option in draft.options])
        self.banks[path.stem] = tuple(drafts)

    def _read_lesson(self, path: Path) -> None:
        file = f"{LESSONS}/{path.name}"
        source = self._text(file)
        lesson = parse_lesson(source)
        self._note_all(file, lesson.problems)
        self._check_images(file, markdown_parts(lesson.blocks))
        if not lesson.problems and not is_honest(lesson):
            message = _(
                "Ubah minutes: tertulis %(stated)s, sedangkan bacaan, soal, dan latihan memerlukan %(honest)s menit.",
                stated=lesson.minutes,
                honest=round(honest_minutes(lesson)),
            )
            self._note(file, lesson.minutes_line, message)
        self.lessons[path.stem] = (source, lesson)

    def _check_images(self, file: str, parts: Iterable[tuple[str, int]]) -> None:
        for text, first_line in parts:
            for image in images(text):
                line = first_line + image.line - 1
                if image.source not in self.images and image.source not in self.broken_images:
                    self._note(file, line, _("Tambahkan gambar %(name)s, atau perbaiki namanya.", name=image.source))
                if not image.alt:
                    self._note(file, line, _("Tulis teks pengganti gambar di dalam kurung siku."))
                self.shown.add(image.source)

    def _modules(self, fields: Fields) -> Iterator[ModuleFile]:
        keys: set[str] = set()
        for module in fields.mappings("modules"):
            key = self._key(module, "key")
            if key in keys:
                module.wrong("key", _("Ganti key “%(key)s”: sudah dipakai modul lain.", key=key))
            keys.add(key)
            title = module.text("title")
            activities = tuple(self._activities(module))
            module.refuse_unknown()
            yield ModuleFile(key, title, activities)

    def _activities(self, module: Fields) -> Iterator[ActivityFile]:
        for activity in module.mappings("activities"):
            if "quiz" in activity.values:
                yield self._quiz(activity)
            elif "lesson" in activity.values:
                if lesson := self._lesson(activity):
                    yield lesson
            else:
                activity.wrong("", _("Mulai butir ini dengan lesson: atau quiz:."))

    def _lesson(self, activity: Fields) -> LessonFile | None:
        key = self._place(activity, "lesson")
        activity.refuse_unknown()
        if key not in self.lessons:
            if KEY_PATTERN.fullmatch(key):
                activity.wrong("lesson", _("Tulis berkas materi/%(key)s.md, atau hapus butir ini.", key=key))
            return None
        source, lesson = self.lessons[key]
        return LessonFile(key, lesson.title, lesson.minutes, source, lesson, activity.line)

    def _quiz(self, activity: Fields) -> QuizFile:
        key = self._place(activity, "quiz")
        assessment = activity.choice("assessment", ASSESSMENTS)
        pass_mark: int | None = None
        if assessment != "pretest":
            pass_mark = activity.number("pass_mark", least=1, most=100, default=70)
        elif "pass_mark" in activity.values:
            activity.wrong("pass_mark", _("Hapus pass_mark: pretest selesai saat dikumpulkan."))
        quiz = QuizFile(
            key=key,
            title=activity.text("title"),
            minutes=activity.number("minutes", least=1, most=MAX_MINUTES),
            assessment=assessment,
            attempts=activity.number("attempts", least=0, most=100, default=0),
            pass_mark=pass_mark,
            time_limit=activity.number("time_limit", least=0, most=MAX_MINUTES, default=0),
            release=activity.choice("release", RELEASES, default="after_submit"),
            shuffle=activity.truth("shuffle", default=True),
            draws=tuple(self._draws(activity)),
            line=activity.line,
        )
        activity.refuse_unknown()
        return quiz

    def _draws(self, activity: Fields) -> Iterator[DrawFile]:
        draws = []
        for draw in activity.mappings("draw"):
            bank = draw.text("bank")
            count = draw.number("count", least=1, most=500)
            topic = topic_path(draw.text("topic", required=False))
            draw.refuse_unknown()
            if bank and bank not in self.banks:
                draw.wrong("bank", _("Tulis berkas soal/%(key)s.md, atau perbaiki nama bank.", key=bank))
            self.drawn.add(bank)
            draws.append(DrawFile(bank, count, topic, draw.line))
            yield draws[-1]
        for draw_file in draws:
            self._check_enough(activity, draw_file, draws)

    def _check_enough(self, activity: Fields, draw: DrawFile, draws: list[DrawFile]) -> None:
        """All draws from a topic and below it must find different questions; as topics form a tree, this suffices."""
        if draw.bank not in self.banks or draw.bank in self.broken_banks:
            return
        there = sum(topic_within(question.topic, draw.topic) for question in self.banks[draw.bank])
        needed = sum(d.count for d in draws if d.bank == draw.bank and topic_within(d.topic, draw.topic))
        if needed > there:
            message = _(
                "Tambahkan soal di bank %(bank)s%(topic)s: diambil %(needed)s, tersedia %(there)s.",
                bank=draw.bank,
                topic=f" ({draw.topic})" if draw.topic else "",
                needed=needed,
                there=there,
            )
            activity.problems.append(Problem(draw.line, message))

    def _place(self, activity: Fields, field: str) -> str:
        """The activity's key, which must be unlike all others of the course."""
        key = self._key(activity, field)
        if key in self.placed:
            line = self.placed[key]
            activity.wrong(field, _("Ganti kunci “%(key)s”: sudah dipakai di baris %(line)s.", key=key, line=line))
        if key:
            self.placed[key] = activity.line
        return key

    def _key(self, fields: Fields, name: str) -> str:
        key = fields.text(name)
        if key and (not KEY_PATTERN.fullmatch(key) or len(key) > MAX_KEY):
            message = _("Tulis %(key)s dengan huruf kecil, angka, dan tanda hubung, tanpa .md.", key=name)
            fields.wrong(name, message)
        return key

    def _find_unused(self) -> None:
        if not self.placed:
            return
        for key in self.lessons.keys() - self.placed.keys():
            self._note(f"{LESSONS}/{key}.md", 1, _("Masukkan materi ini ke course.yaml, atau hapus berkasnya."))
        for key in self.banks.keys() - self.drawn:
            self._note(f"{BANKS}/{key}.md", 1, _("Ambil soal dari bank ini di course.yaml, atau hapus berkasnya."))
        for name in self.images.keys() - self.shown:
            self._note(name, 1, _("Tampilkan gambar ini di materi, atau hapus berkasnya."))

    def _text(self, file: str) -> str:
        path = self.folder / file
        if not path.is_file():
            self._note(file, 1, _("Tulis berkas ini."))
            return ""
        content = path.read_bytes()
        if len(content) > MAX_FILE_BYTES:
            self._note(file, 1, _("Pecah berkas ini: paling besar %(mb)s MB.", mb=MAX_FILE_BYTES // 1_000_000))
            return ""
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            self._note(file, content.count(b"\n", 0, error.start) + 1, _("Simpan berkas ini sebagai UTF-8."))
            return content.decode(errors="replace")

    def _note(self, file: str, line: int, message: str) -> None:
        self.problems.append(FileProblem(file, line, message))

    def _note_all(self, file: str, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._note(file, problem.line, problem.message)
