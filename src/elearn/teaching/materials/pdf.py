"""PDF files, read in a process of their own: a broken or hostile file can end that process, not the server."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elearn.foundation.i18n import _
from elearn.teaching.materials.content import broken
from elearn.teaching.materials.rules import MOST_PAGES, UndrawnPage

WORKER = "elearn.teaching.materials.pdf_worker"
CHECK_SECONDS = 60
PAGE_SECONDS = 30
TAIL = 4_096


@dataclass(frozen=True)
class RenderedPage:
    """One page: its picture (a WebP file), size in pixels, and the words on it."""

    number: int
    file: Path
    width: int
    height: int
    text: str


def page_count(path: Path) -> int:
    """How many pages there are. Raises Invalid for a broken, cut, locked or too long file."""
    if b"%%EOF" not in _tail(path):
        raise broken(_("PDF ini terpotong. Simpan atau unduh ulang, lalu unggah lagi."))
    found = _ask(["check", str(path)], CHECK_SECONDS)
    count = int(found[0].get("pages", 0)) if found else 0
    if found and found[0].get("error") == "password":
        raise broken(_("PDF ini terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."))
    if not count:
        raise broken(_("PDF ini rusak. Simpan ulang dari aplikasinya, lalu unggah lagi."))
    if count > MOST_PAGES:
        sentence = _("PDF ini %(n)s halaman, paling banyak %(most)s. Bagi menjadi beberapa berkas.")
        raise broken(sentence % {"n": count, "most": MOST_PAGES})
    return count


def render(path: Path, first: int, count: int, folder: Path) -> Sequence[RenderedPage]:
    """Pages `first` (from 1) and following as pictures in the folder. Raises UndrawnPage when one cannot be drawn."""
    found = _ask(["render", str(path), str(first), str(count), str(folder)], PAGE_SECONDS * count)
    pages = [
        RenderedPage(each["number"], folder / each["file"], each["width"], each["height"], each["text"])
        for each in found
        if "file" in each
    ]
    if len(pages) < count:
        raise UndrawnPage(first + len(pages))
    return pages


def _ask(arguments: list[str], seconds: int) -> list[dict[str, Any]]:
    """What the worker answered, line by line; an empty list when it broke down."""
    command = [sys.executable, "-m", WORKER, *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        return []
    found: list[dict[str, Any]] = []
    for line in answer.stdout.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        return file.read()
