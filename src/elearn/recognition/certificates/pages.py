"""HTML faces of certificates: a learner's achievements, public verification, the regency admin's list."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.files import file_response
from elearn.foundation.web.forms import FormFields, Submitted, submitted
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.people.accounts.door import MaybeSignedIn, SignedIn
from elearn.people.accounts.gate import GUESSES_AN_ADDRESS, TooManyGuesses, count_guess, refuse_too_many
from elearn.recognition.certificates import actions
from elearn.recognition.certificates.document import full_name, period
from elearn.recognition.certificates.forms import Revocation
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import (
    certificate_by_code,
    certificate_for_admin,
    certificates,
    facts_of,
)
from elearn.recognition.certificates.rules import (
    LARGEST_UPLOAD,
    fingerprint_of,
    printed_code,
    public_facts,
)

router = APIRouter()

RevocationForm = Annotated[Submitted[Revocation], Depends(submitted(Revocation))]
PIECE = 64 * 1024


@router.get("/sertifikat/{public_id}.pdf")
def download(request: Request, public_id: str, noting: NotingSession, actor: SignedIn) -> Response:
    certificate = actions.pdf_of(noting, actor, public_id)
    key = certificate.storage_key or ""
    answer = file_response(
        request,
        store(),
        key,
        size=store().size(key),
        media_type="application/pdf",
        file_name=f"Sertifikat {certificate.number.replace('/', '-')}.pdf",
        etag=certificate.sha256 or "",
    )
    # A shared computer keeps nothing of it.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/verifikasi")
def ask(request: Request, actor: MaybeSignedIn, noting: NotingSession, now: Now, kode: str = "") -> Response:
    return _verified(request, noting, kode, now) if kode.strip() else _ask(request)


@router.get("/verifikasi/{code}")
def verify(request: Request, code: str, actor: MaybeSignedIn, noting: NotingSession, now: Now) -> Response:
    return _verified(request, noting, code, now)


@router.post("/verifikasi/{code}")
def verify_file(
    request: Request, code: str, session: DbSession, actor: MaybeSignedIn, fields: FormFields, now: Now
) -> Response:
    return _verified(request, session, code, now, fields)


@router.get("/kelola/sertifikat")
def manage(
    request: Request,
    session: DbSession,
    actor: SignedIn,
    q: Annotated[str, Query(max_length=200)] = "",
    halaman: int = 1,
) -> Response:
    page = certificates(session, actor, q, halaman)
    rows = [(found, facts_of(found)) for found in page.rows]
    return render(request, "certificates/all.html", page=page, rows=rows, q=q)


@router.get("/kelola/sertifikat/{public_id}")
def manage_one(request: Request, public_id: str, session: DbSession, actor: SignedIn) -> Response:
    return _one(request, certificate_for_admin(session, actor, public_id))


@router.post("/kelola/sertifikat/{public_id}/cabut")
def revoke(
    request: Request, public_id: str, session: DbSession, actor: SignedIn, form: RevocationForm, now: Now
) -> Response:
    certificate = certificate_for_admin(session, actor, public_id)
    if form.value is None:
        return _one(request, certificate, form)
    actions.revoke(session, actor, public_id, form.value.reason, now)
    return redirect(f"/kelola/sertifikat/{public_id}", _("Sertifikat dicabut."))


def _one(request: Request, certificate: Certificate, form: Submitted[Revocation] | None = None) -> Response:
    return render(
        request,
        "certificates/one.html",
        status=422 if form else 200,
        certificate=certificate,
        fields=_fields(certificate, masked=False),
        errors=form.errors if form else {},
        typed=form.typed if form else {},
    )


def _ask(request: Request, code: str = "", error: str = "", status: int = 200) -> Response:
    errors = {"kode": error} if error else {}
    return render(request, "certificates/ask.html", status=status, errors=errors, typed={"kode": code} if error else {})


def _verified(request: Request, session: Session, code: str, now: Now, upload: FormData | None = None) -> Response:
    """The answer to a code. Wrong codes are counted for the address, so that nobody tries them all."""
    keys = [(f"v:{request.client.host if request.client else ''}", GUESSES_AN_ADDRESS)]
    try:
        refuse_too_many(session, keys, now)
    except TooManyGuesses as refusal:
        answer = _ask(request, code, refusal.message, status=429)
        answer.headers["Retry-After"] = str(refusal.seconds)
        return answer
    certificate = certificate_by_code(session, code)
    if certificate is None:
        count_guess(session, tuple(key for key, _limit in keys), now)
        return _ask(request, code[:40], _("Kode tidak ditemukan. Periksa huruf O dan angka 0."), status=404)
    return _told(request, certificate, upload)


def _told(request: Request, certificate: Certificate, upload: FormData | None) -> Response:
    same, errors = None, {}
    if upload is not None:
        try:
            same = fingerprint_of(_pieces(upload)) == certificate.sha256
        except Invalid as refusal:
            errors = {"file": refusal.message}
    return render(
        request,
        "certificates/verified.html",
        status=422 if errors else 200,
        certificate=certificate,
        code=printed_code(certificate.code),
        fields=_fields(certificate, masked=True),
        modules=facts_of(certificate).modules,
        same=same,
        errors=errors,
    )


def _pieces(upload: FormData) -> Iterator[bytes]:
    file = upload.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        raise Invalid(_("Pilih berkas PDF sertifikat."))
    if file.size > LARGEST_UPLOAD:
        raise Invalid(_("Berkas melebihi batas 5 MB. Unggah berkas lebih kecil."))
    return iter(lambda: file.file.read(PIECE), b"")


def _fields(certificate: Certificate, *, masked: bool) -> list[tuple[str, object]]:
    """Every printed field by its name; the template leaves out what is empty."""
    facts = facts_of(certificate)
    shown = public_facts(facts) if masked else facts
    return [
        (_("Nama"), full_name(shown.name, shown.title_before, shown.title_after)),
        (_("NIP"), shown.nip),
        (_("Jabatan"), shown.position),
        (_("Unit kerja"), shown.unit),
        (_("Pelatihan"), shown.course),
        (_("Bentuk"), shown.form),
        (_("Waktu"), period(shown.starts_on, shown.ends_on)),
        (_("Jam pelajaran"), _("%(jp)s JP", jp=int(shown.jp) if shown.jp == int(shown.jp) else shown.jp)),
        (_("Nilai"), "" if shown.score is None else f"{shown.score.normalize():f}".replace(".", ",")),
        (_("Hasil"), _("Lulus") if shown.passed else ""),
        (_("Nomor"), shown.number),
        (_("Kode"), shown.code),
        (_("Pemerintah"), shown.government),
        (_("Penyelenggara"), shown.organiser),
        (_("Tempat"), shown.place),
        (_("Tanggal terbit"), period(shown.issued_on, shown.issued_on)),
        (_("Penanda tangan"), shown.signer.name),
        (_("Selaku"), shown.signer.position),
    ]
