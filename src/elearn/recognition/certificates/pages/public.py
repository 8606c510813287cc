"""A certificate as a file for its owner, and the public page that says whether one is genuine."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.files import file_response
from elearn.foundation.web.forms import FormFields
from elearn.foundation.web.rendering import render
from elearn.foundation.web.session import DbSession, NotingSession, Now
from elearn.people.accounts.door import MaybeSignedIn, SignedIn
from elearn.people.accounts.gate import GUESSES_AN_ADDRESS, TooManyGuesses, count_guess, refuse_too_many
from elearn.recognition.certificates import actions
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.queries import certificate_by_code, facts_of, printed_fields, replacement_of
from elearn.recognition.certificates.rules import LARGEST_UPLOAD, fingerprint_of, printed_code, same_file

router = APIRouter()

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
        file_name=f"{facts_of(certificate).document} {certificate.number.replace('/', '-')}.pdf",
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
    return _told(request, certificate, replacement_of(session, certificate), upload)


def _told(request: Request, certificate: Certificate, newer: Certificate | None, upload: FormData | None) -> Response:
    same, errors = "", {}
    if upload is not None:
        try:
            same = same_file(fingerprint_of(_pieces(upload)), certificate)
        except Invalid as refusal:
            errors = {"file": refusal.message}
    return render(
        request,
        "certificates/verified.html",
        status=422 if errors else 200,
        certificate=certificate,
        code=printed_code(certificate.code),
        newer=newer,
        fields=printed_fields(certificate, masked=True),
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
