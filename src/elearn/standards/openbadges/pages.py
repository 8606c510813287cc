"""Open Badges over HTTP: the credential of a certificate by its code, and the issuer, achievements and key it names."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from elearn.foundation.errors import NotFound
from elearn.foundation.i18n import _
from elearn.foundation.web.session import DbSession, Now, short_write
from elearn.people.accounts.gate import GUESSES_AN_ADDRESS, count_guess, refuse_too_many
from elearn.recognition.certificates.queries import certificate_by_code
from elearn.standards.openbadges.credential import CONTEXT, claims
from elearn.standards.openbadges.keys import public_key, signed
from elearn.standards.openbadges.queries import achievement_of, credential_of, issuer, revocations

router = APIRouter()
LINKED_DATA = "application/ld+json"


@router.get("/verifikasi/{code}/badge.json")
def as_json(request: Request, code: str, session: DbSession, now: Now) -> Response:
    return _document(_credential(request, session, code, now))


@router.get("/verifikasi/{code}/badge.jwt")
def as_jwt(request: Request, code: str, session: DbSession, now: Now) -> Response:
    return _proven(_credential(request, session, code, now))


@router.get("/lencana/penerbit")
def show_issuer() -> Response:
    return _document({"@context": CONTEXT, **issuer()})


@router.get("/lencana/kunci.json")
def show_keys() -> Response:
    return JSONResponse({"keys": [{**public_key(), "use": "sig", "alg": "EdDSA"}]})


@router.get("/lencana/pelatihan/{slug}")
def show_achievement(slug: str, session: DbSession) -> Response:
    return _document({"@context": CONTEXT, **achievement_of(session, slug)})


@router.get("/lencana/status/{number}")
def show_status(number: Annotated[int, Path(ge=0, le=9_999)], session: DbSession, now: Now) -> Response:
    return _proven(revocations(session, number, now))


def _credential(request: Request, session: Session, code: str, now: Now) -> dict[str, Any]:
    """Wrong codes are counted together with those typed on the verification page."""
    keys = [(f"v:{request.client.host if request.client else ''}", GUESSES_AN_ADDRESS)]
    refuse_too_many(session, keys, now)
    certificate = certificate_by_code(session, code)
    if certificate is None:
        with short_write(request.app.state.database) as noting:
            count_guess(noting, tuple(key for key, _limit in keys), now)
        raise NotFound(_("Kode tidak ditemukan. Periksa huruf O dan angka 0."))
    return credential_of(session, certificate)


def _proven(content: dict[str, Any]) -> Response:
    token = signed(claims(content))
    return Response(token, media_type="application/vc+jwt", headers={"Cache-Control": "no-store"})


def _document(content: dict[str, Any]) -> Response:
    return JSONResponse(content, media_type=LINKED_DATA, headers={"Cache-Control": "no-store"})
