from pathlib import Path

import pytest

from elearn.activities.quizzes import models as quizzes
from elearn.teaching.courses import files, models
from elearn.teaching.courses.files import read_course
from elearn.teaching.courses.outline import CourseFile, DrawFile, LessonFile, QuizFile
from tests.teaching.courses.test_pictures import pixels, svg

CONTENT = Path(__file__).parents[3] / "content"
COURSE = """\
title: Administrasi Pemerintahan
summary: Satu kalimat untuk katalog.
competency: teknis
form: NKL03
jp: 1
audience: Semua ASN
outcomes:
  - Menjelaskan sumber wewenang.
organiser: BKPSDM
modules:
  - title: Sumber dan batas wewenang
    key: m3
    activities:
      - lesson: m3-plt
      - quiz: kuis-3
        title: Kuis Modul 3
        assessment: quiz
        minutes: 43
        pass_mark: 80
        draw:
          - {bank: modul-3, count: 1, topic: Wewenang}
          - {bank: modul-3, count: 1}
"""
LESSON = """\
---
title: Plt dan Plh
minutes: 2
---

Isi.

![Alur](gambar/alur.svg)
"""
BANK = """\
? Satu
id: s-1
topik: wewenang/mandat
* a
- b

? Dua
id: s-2
topik: batas
* a
- b
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small course without problems."""
    course = tmp_path / "administrasi"
    write(course, "course.yaml", COURSE)
    write(course, "materi/m3-plt.md", LESSON)
    write(course, "soal/modul-3.md", BANK)
    (course / "gambar").mkdir()
    (course / "gambar/alur.svg").write_bytes(svg(""))
    return course


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def said(course: CourseFile) -> list[str]:
    return [str(problem) for problem in course.problems]


def changed(folder: Path, old: str, new: str, name: str = "course.yaml") -> list[str]:
    """The problems after this change."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    write(folder, name, text.replace(old, new, 1))
    return said(read_course(folder))


def test_a_sound_course_is_read_whole(folder: Path) -> None:
    course = read_course(folder)
    assert said(course) == []
    assert (course.slug, course.title, course.form, course.jp) == (
        "administrasi",
        "Administrasi Pemerintahan",
        "NKL03",
        1,
    )
    assert (course.summary, course.competency) == ("Satu kalimat untuk katalog.", "teknis")
    assert (course.audience, course.organiser) == ("Semua ASN", "BKPSDM")
    assert course.outcomes == ("Menjelaskan sumber wewenang.",)
    assert [(module.key, module.title) for module in course.modules] == [("m3", "Sumber dan batas wewenang")]
    lesson, quiz = course.activities
    assert isinstance(lesson, LessonFile)
    assert (lesson.key, lesson.title, lesson.minutes, lesson.source) == ("m3-plt", "Plt dan Plh", 2, LESSON)
    assert quiz == QuizFile(
        key="kuis-3",
        title="Kuis Modul 3",
        minutes=43,
        assessment="quiz",
        attempts=0,
        pass_mark=80,
        time_limit=0,
        release="after_submit",
        shuffle=True,
        draws=(DrawFile("modul-3", 1, "wewenang", 21), DrawFile("modul-3", 1, "", 22)),
        line=15,
    )
    assert course.minutes == 45
    assert [(bank.key, [q.key for q in bank.questions]) for bank in course.banks] == [("modul-3", ["s-1", "s-2"])]
    (image,) = course.images
    assert (image.name, image.media_type) == ("gambar/alur.svg", "image/svg+xml")
    assert (image.picture.width, image.picture.height) == (320, 400)


def test_the_words_are_those_of_the_tables() -> None:
    assert set(files.COMPETENCIES) == set(models.COMPETENCIES)
    assert set(files.ASSESSMENTS) == set(quizzes.ASSESSMENTS)
    assert set(files.RELEASES) == set(quizzes.RELEASES)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("title: Administrasi Pemerintahan\n", "", "course.yaml:1: Tambahkan title."),
        ("jp: 1", "jp: 2", "course.yaml:5: Tulis jp: 1. Jumlah menit semua kegiatan 45."),
        ("form: NKL03", "form: elearning", "course.yaml:4: Tulis kode bentuk, misalnya NKL03."),
        ("competency: teknis", "competency: lain", "course.yaml:3: Pilih competency: teknis, manajerial"),
        ("organiser", "organizer", "course.yaml:9: “organizer” tidak dikenal."),
        ("  - Menjelaskan sumber wewenang.\n", "", "course.yaml:7: Tambahkan outcomes."),
        ("key: m3", "key: M3", "course.yaml:12: Tulis key dengan huruf kecil, angka, dan tanda hubung, tanpa .md."),
        ("lesson: m3-plt", "lesson: m3-lain", "course.yaml:14: Tulis berkas materi/m3-lain.md, atau hapus butir ini."),
        ("lesson: m3-plt", "lesson: ../../rahasia", "course.yaml:14: Tulis lesson dengan huruf kecil"),
        ("lesson: m3-plt", "lesson: m3-plt.md", "course.yaml:14: Tulis lesson dengan huruf kecil"),
        ("lesson: m3-plt", "video: a", "course.yaml:14: Mulai butir ini dengan lesson: atau quiz:."),
        ("lesson: m3-plt", "lesson: m3-plt\n        title: x", "course.yaml:15: “title” tidak dikenal."),
        ("quiz: kuis-3", "quiz: m3-plt", "course.yaml:15: Ganti kunci “m3-plt”: sudah dipakai di baris 14."),
        (
            "assessment: quiz",
            "assessment: pretest",
            "course.yaml:19: Hapus pass_mark: pretest selesai saat dikumpulkan.",
        ),
        ("pass_mark: 80", "pass_mark: 101", "course.yaml:19: Tulis pass_mark berupa bilangan bulat 1 sampai 100."),
        ("minutes: 43", "minutes: empat", "course.yaml:18: Tulis minutes berupa bilangan bulat 1 sampai 600."),
        ("minutes: 43", "minutes: 43\n        release: now", "course.yaml:19: Pilih release:"),
        ("minutes: 43", "minutes: 43\n        shuffle: 1", "course.yaml:19: Tulis shuffle: true atau shuffle: false."),
        ("bank: modul-3, count: 1}", "bank: modul-4, count: 1}", "course.yaml:22: Tulis berkas soal/modul-4.md"),
        ("topic: Wewenang", "topik: Wewenang", "course.yaml:21: “topik” tidak dikenal."),
        (
            "count: 1, topic",
            "count: 2, topic",
            "course.yaml:21: Tambahkan soal di bank modul-3 (wewenang): diambil 2, tersedia 1.",
        ),
        ("count: 1}", "count: 2}", "course.yaml:22: Tambahkan soal di bank modul-3: diambil 3, tersedia 2."),
        ("title: Kuis Modul 3", "title: Kuis: Modul 3", "course.yaml:16: Periksa penulisan YAML."),
        ("title: Kuis Modul 3", "title: 3", "course.yaml:16: Tulis title sebagai teks di dalam tanda petik."),
        ("        title: Kuis Modul 3", "      title: Kuis Modul 3", "course.yaml:16: Periksa penulisan YAML. Baris"),
        (
            "        title: Kuis Modul 3",
            "\ttitle: Kuis Modul 3",
            "course.yaml:16: Ganti tab di awal baris",
        ),
        ("        assessment: quiz\n", "", "course.yaml:15: Pilih assessment: quiz, pretest, posttest."),
        ("audience: Semua ASN", "audience: Semua ASN\naudience: PNS", "course.yaml:7: Hapus salah satu “audience”"),
    ],
)
def test_what_is_wrong_in_the_course_file_is_named_with_its_line(
    folder: Path, old: str, new: str, problem: str
) -> None:
    found = changed(folder, old, new)
    assert any(text.startswith(problem) for text in found), found


def test_a_pretest_has_no_pass_mark(folder: Path) -> None:
    assert changed(folder, "assessment: quiz", "assessment: pretest")
    assert changed(folder, "        pass_mark: 80\n", "") == []
    quiz = read_course(folder).activities[1]
    assert isinstance(quiz, QuizFile)
    assert quiz.pass_mark is None


def test_two_modules_need_two_keys(folder: Path) -> None:
    more = "  - title: Lagi\n    key: m3\n    activities:\n      - lesson: m3-plt\n"
    write(folder, "course.yaml", COURSE + more)
    assert "course.yaml:24: Ganti key “m3”: sudah dipakai modul lain." in said(read_course(folder))


def test_a_lesson_whose_minutes_are_not_honest_is_refused(folder: Path) -> None:
    found = changed(folder, "minutes: 2", "minutes: 20", "materi/m3-plt.md")
    assert found[-1].startswith("materi/m3-plt.md:3: Ubah minutes: tertulis 20, sedangkan")


def test_a_problem_inside_a_lesson_or_bank_names_file_and_line(folder: Path) -> None:
    assert changed(folder, "Isi.", "::: kassus\nx\n:::", "materi/m3-plt.md")[0].startswith("materi/m3-plt.md:6: Kotak")
    found = changed(folder, "* a", "- a", "soal/modul-3.md")
    # What a broken bank lacks in questions is not told a second time.
    assert [text for text in found if "modul-3" in text] == [
        "soal/modul-3.md:1: Tandai jawaban yang benar dengan tanda * di awal baris."
    ]


def test_question_keys_are_used_once_in_the_whole_course(folder: Path) -> None:
    write(folder, "soal/akhir.md", BANK)
    found = said(read_course(folder))
    assert "soal/modul-3.md:1: Ganti id “s-1”: sudah dipakai di soal/akhir.md." in found


def test_files_that_nothing_uses_are_named(folder: Path) -> None:
    write(folder, "materi/sisa.md", LESSON)
    write(folder, "soal/sisa.md", BANK.replace("s-", "t-"))
    (folder / "gambar/sisa.png").write_bytes(pixels("PNG"))
    assert said(read_course(folder)) == [
        "gambar/sisa.png:1: Tampilkan gambar ini di materi, atau hapus berkasnya.",
        "materi/sisa.md:1: Masukkan materi ini ke course.yaml, atau hapus berkasnya.",
        "soal/sisa.md:1: Ambil soal dari bank ini di course.yaml, atau hapus berkasnya.",
    ]


def test_pictures_must_be_there_have_words_and_be_harmless(folder: Path) -> None:
    found = changed(
        folder, "![Alur](gambar/alur.svg)", "![](gambar/alur.svg)\n![a](https://x.id/a.png)", "materi/m3-plt.md"
    )
    assert found == [
        "materi/m3-plt.md:8: Tambahkan gambar https://x.id/a.png, atau perbaiki namanya.",
        "materi/m3-plt.md:8: Tulis teks pengganti gambar di dalam kurung siku.",
    ]
    write(folder, "materi/m3-plt.md", LESSON)
    (folder / "gambar/alur.svg").write_bytes(svg("<script/>"))
    (only,) = said(read_course(folder))
    assert only.startswith("gambar/alur.svg:1: Hapus <script>")


def test_a_picture_may_be_shown_by_a_question(folder: Path) -> None:
    (folder / "gambar/bagan.png").write_bytes(pixels("PNG"))
    assert changed(folder, "? Satu", "? Satu\n![Bagan](gambar/bagan.png)", "soal/modul-3.md") == []


def test_files_of_other_kinds_names_and_places_are_refused(folder: Path, tmp_path: Path) -> None:
    write(folder, "catatan.txt", "a")
    write(folder, "README.md", "boleh")
    write(folder, ".sembunyi", "boleh")
    write(folder, "materi/catatan.txt", "a")
    write(folder, "materi/Nama Besar.md", LESSON)
    write(tmp_path, "rahasia.md", LESSON)
    (folder / "materi/tautan.md").symlink_to(tmp_path / "rahasia.md")
    assert [text.split(": ")[0] for text in said(read_course(folder))] == [
        "catatan.txt:1",
        "materi/Nama Besar.md:1",
        "materi/catatan.txt:1",
        "materi/tautan.md:1",
    ]


def test_a_folder_without_a_course_file_has_one_problem(folder: Path) -> None:
    (folder / "course.yaml").unlink()
    assert said(read_course(folder)) == ["course.yaml:1: Tulis berkas ini."]


def test_a_folder_that_is_not_there_has_one_problem(tmp_path: Path) -> None:
    assert said(read_course(tmp_path / "tidak-ada")) == ["course.yaml:1: Tulis berkas ini."]


def test_the_folders_name_is_the_address(folder: Path) -> None:
    folder = folder.rename(folder.with_name("Nama Besar"))
    assert said(read_course(folder)) == ["course.yaml:1: Namai folder dengan huruf kecil, angka, dan tanda hubung."]


def test_a_file_that_is_not_utf8_is_refused_at_its_line(folder: Path) -> None:
    (folder / "materi/m3-plt.md").write_bytes(LESSON.replace("Isi.", "Isi \xe9.").encode("latin-1"))
    assert said(read_course(folder)) == ["materi/m3-plt.md:6: Simpan berkas ini sebagai UTF-8."]


def test_a_huge_file_is_refused(folder: Path) -> None:
    write(folder, "materi/m3-plt.md", LESSON + "a" * 2_000_000)
    assert "materi/m3-plt.md:1: Pecah berkas ini: paling besar 2 MB." in said(read_course(folder))


def test_the_length_of_a_learning_hour_can_be_set(folder: Path) -> None:
    assert read_course(folder, minutes_per_jp=22).problems[0].message.startswith("Tulis jp: 2.")


@pytest.mark.parametrize("course", sorted(path for path in CONTENT.iterdir() if path.is_dir()), ids=lambda p: p.name)
def test_the_courses_that_come_with_the_product_are_sound(course: Path) -> None:
    assert said(read_course(course)) == []
