"""An export of a million rows, beside the bare writers with the same rows from the same database."""

import csv
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
from rustpy_xlsxwriter import write_worksheet
from sqlalchemy import make_url

from bench.documents import download
from bench.load import COOKIE
from bench.results import Results, Target
from bench.scene import Scene
from bench.servers import Server, memory_of

OF_LIMIT = Target(2, 1.2)
GROWTH = Target(60, None)
FIRST_BYTE = Target(1, None)
LOOKS_A_SECOND = 5

FIELDS = ("nip", "nama", "unit_kode", "unit", "pelatihan", "jp", "selesai_pada", "nilai", "nomor_sertifikat")
ROWS = """
SELECT people.nip, people.name, units.code, units.name, courses.title, enrolments.completed_jp,
    CAST(enrolments.completed_at AS text), enrolments.score, certificates.number
FROM enrolments JOIN people ON people.id = enrolments.person_id JOIN courses ON courses.id = enrolments.course_id
    LEFT JOIN units ON units.id = enrolments.completed_unit_id
    LEFT JOIN certificates ON certificates.enrolment_id = enrolments.id AND certificates.revoked_at IS NULL
WHERE enrolments.completed_at IS NOT NULL ORDER BY enrolments.completed_at DESC, enrolments.id DESC
"""


def measure(
    results: Results,
    kind: str,
    url: str,
    folder: Path,
    scene: Scene,
    elearn: Server,
    rows: int,
    worker: subprocess.Popen[bytes] | None,
) -> None:
    """Time as a multiple of the bare writer's, first byte, and the most that memory grew, the worker's too."""
    _warm(scene, elearn)
    for form, bare in (("csv", _bare_csv), ("xlsx", _bare_xlsx)):
        name = f"{rows / 1e6:g} M rows, {form}"
        began = time.perf_counter()
        bare(url, folder / f"bare.{form}")
        limit = time.perf_counter() - began
        with _growth(elearn, worker) as seen:
            first, whole, _size = download(scene, elearn, form)
        results.add(f"{name}: bare writer", kind, limit, "s")
        results.add(f"{name}: whole", kind, whole, "s")
        results.add(f"{name}: whole, of the bare writer", kind, whole / limit, "times", OF_LIMIT)
        results.add(f"{name}: first byte", kind, first, "s", FIRST_BYTE)
        results.add(f"{name}: memory growth", kind, max(seen) - seen[0], "MB", GROWTH)


def _warm(scene: Scene, elearn: Server) -> None:
    """Let each process show once what the export shows: nobody's export is the first page of a server."""
    headers = {"Cookie": f"{COOKIE}={scene.admin_token}"}
    for _ in range(8):
        for path in ("/laporan", "/pekerjaan"):
            httpx.get(f"http://127.0.0.1:{elearn.port}{path}", headers=headers, timeout=60).raise_for_status()


def _bare_csv(url: str, target: Path) -> None:
    if url.startswith("sqlite"):
        with target.open("w", newline="") as file:
            csv.writer(file).writerows(_rows(url))
        return
    command = f"COPY ({ROWS}) TO STDOUT WITH CSV"
    with psycopg.connect(_dsn(url)) as reading, reading.cursor().copy(command) as copy, target.open("wb") as file:
        file.writelines(copy)


def _bare_xlsx(url: str, target: Path) -> None:
    write_worksheet((dict(zip(FIELDS, row, strict=True)) for row in _rows(url)), os.fspath(target), sheet_name="Data")


def _rows(url: str) -> Iterator[Any]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(url).database or "")) as reading:
            yield from reading.execute(ROWS)
    else:
        with psycopg.connect(_dsn(url)) as connection, connection.cursor("bare") as cursor:
            cursor.itersize = 2_000
            yield from cursor.execute(ROWS)


def _dsn(url: str) -> str:
    return url.replace("+psycopg", "")


@contextmanager
def _growth(elearn: Server, worker: subprocess.Popen[bytes] | None) -> Iterator[list[float]]:
    """The memory of server and worker in MB, at the beginning and again and again until the end."""

    def memory() -> float:
        return elearn.memory() + (memory_of(worker) if worker else 0.0)

    seen, done = [memory()], threading.Event()

    def look() -> None:
        while not done.wait(1 / LOOKS_A_SECOND):
            seen.append(memory())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        done.set()
        looking.join()
