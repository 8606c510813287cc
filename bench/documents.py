"""Exports and certificates."""

import statistics
import time
from datetime import date
from decimal import Decimal

import httpx

from bench.load import COOKIE
from bench.results import Results, Target
from bench.scene import Scene
from bench.servers import Server
from elearn.foundation.tables import MEDIA_TYPES
from elearn.recognition.certificates.document import CertificateFacts, ModuleLine, Signer, certificate_pdf

FIRST_BYTE = Target(0.5, None)
WHOLE = Target(2, None)
PDF = Target(20, None)
SEE_OTHER = 303
LONGEST = 600.0


def measure_export(results: Results, kind: str, scene: Scene, elearn: Server) -> None:
    """The completions of a crowd who did 11 activities each, with the reason and password that so many ask for."""
    for form in ("csv", "xlsx"):
        first, whole, size = sorted((download(scene, elearn, form) for _ in range(3)), key=lambda each: each[1])[1]
        results.add(f"completion export, {form}: first byte", kind, first, "s", FIRST_BYTE)
        results.add(f"completion export, {form}: whole", kind, whole, "s", WHOLE)
        results.add(f"completion export, {form}: size", kind, size / 1e6, "MB")


def download(scene: Scene, elearn: Server, form: str) -> tuple[float, float, int]:
    """Take all completions as an admin does: seconds to the first byte and to the last, and how many bytes.

    Of a long workbook the first byte is that of the page that tells how far the job is.
    """
    headers = {"Cookie": f"{COOKIE}={scene.admin_token}", "Sec-Fetch-Site": "same-origin"}
    asked = {"format": form, "asked": "1", "reason": "Mengukur kecepatan", "password": scene.admin_password}
    began = time.perf_counter()
    with httpx.Client(base_url=f"http://127.0.0.1:{elearn.port}", headers=headers, timeout=300) as browser:
        with browser.stream("POST", "/laporan/unduh", data=asked) as answer:
            if answer.status_code != SEE_OTHER:
                return _taken(answer, form, began)
        job = answer.headers["location"]
        browser.get(job).raise_for_status()
        first = time.perf_counter() - began
        _wait(browser, job)
        with browser.stream("GET", f"{job}/berkas") as answer:
            _first, whole, size = _taken(answer, form, began)
    return first, whole, size


def _taken(answer: httpx.Response, form: str, began: float) -> tuple[float, float, int]:
    if answer.headers.get("content-type") != MEDIA_TYPES[form]:
        raise RuntimeError(f"no export but {answer.status_code}")
    size, first = 0, 0.0
    for chunk in answer.iter_raw():
        first = first or time.perf_counter() - began
        size += len(chunk)
    return first, time.perf_counter() - began, size


def _wait(browser: httpx.Client, job: str) -> None:
    """Until the job has ended, whichever way."""
    last = time.monotonic() + LONGEST
    while "data-reload" not in browser.get(f"{job}/kemajuan").text:
        if time.monotonic() > last:
            raise RuntimeError("the workbook was not made")
        time.sleep(0.25)


def measure_certificate(results: Results, *, times: int) -> None:
    """One certificate after another, CPU time of this process."""
    spent = []
    for n in range(times + 3):
        began = time.process_time()
        certificate_pdf(_facts(n))
        spent.append(time.process_time() - began)
    results.add("certificate PDF", "-", statistics.median(spent[3:]) * 1_000, "ms", PDF)


def _facts(n: int) -> CertificateFacts:
    return CertificateFacts(
        number=f"UKUR/{n:06d}/2026",
        code="7F3K-9QTA-7F3K-9QTA",
        verify_url="https://bench.example/verifikasi/7F3K9QTA7F3K9QTA",
        verify_address="https://bench.example/verifikasi",
        name=f"Peserta Ukur {n}",
        nip="19850101 201001 1 001",
        position="Guru Ahli Pertama",
        unit="SDN 1 Contoh Hulu",
        course="Administrasi Pemerintahan",
        form="Pelatihan mandiri",
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 20),
        jp=Decimal(20),
        score=Decimal("87.5"),
        organiser="BKPSDM Contoh",
        place="Contoh",
        issued_on=date(2026, 11, 21),
        signer=Signer(position="Kepala BKPSDM", name="Hasan Teladan"),
        modules=tuple(ModuleLine(title=f"Modul {m}", minutes=90) for m in range(1, 8)),
    )
