"""SIASN's web service as DOMAIN.md 3.1 gives it: two tokens a call, JSON, and now and then a page of HTML instead.

Tokens are held in this object for as long as it lives. They are written nowhere, and no error or log names them.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import httpx

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _
from elearn.foundation.settings import Settings

TIMEOUT = httpx.Timeout(60.0, connect=15.0)
# A token is renewed so long before it ends.
_EARLY = 60.0
_TRIES = 5
_LONGEST_WAIT = 60.0
_SAVED = {"kursus": "rwKursusId", "diklat": "rwDiklatId"}
# How the service says under `data` that a person has no entry. Any other words may be a failure.
_NOTHING = re.compile(r"data (riwayat )?(tidak ditemukan|tidak ada|kosong)\.?", re.IGNORECASE)


class ServiceFailed(Conflict):
    """The service did not answer as it should; whether it did what it was asked is not known."""


class TokenRefused(ServiceFailed):
    """One of the two tokens is not accepted."""


class RecordRefused(Conflict):
    """The service understood, and did not take the record."""


def check_service(office: Settings) -> None:
    """The service is on, and its key is there."""
    if not office.siasn_service:
        raise Conflict(_("Layanan SIASN belum diaktifkan. Atur ELEARN_SIASN_SERVICE, atau pakai paket berkas."))
    if not office.siasn_consumer_key or not office.siasn_consumer_secret:
        raise Conflict(_("ELEARN_SIASN_CONSUMER_KEY dan ELEARN_SIASN_CONSUMER_SECRET belum diisi."))


class SiasnClient:
    """Speaks to the service, no faster than the setting allows. Use it in a `with` block."""

    def __init__(self, office: Settings, sso_token: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        check_service(office)
        self._office = office
        self._sso_token = sso_token.strip().removeprefix("Bearer ").removeprefix("bearer ")
        if not self._sso_token or not self._sso_token.isascii() or any(sign.isspace() for sign in self._sso_token):
            raise Invalid(_("Token SSO kosong atau terpotong. Salin utuh dari SIASN, tanpa spasi."))
        self._pause = pause
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False)
        self._token = ""
        self._token_until = 0.0
        self._next_call = 0.0

    def __enter__(self) -> "SiasnClient":
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()
        self._token = self._sso_token = ""

    def save(self, history: str, body: dict[str, Any]) -> str:
        """Send a kursus or diklat; gives the id of the entry there. Raises RecordRefused with SIASN's own words."""
        answer = self._call("POST", f"/{history}/save", json=body)
        told = answer.get("mapData") if isinstance(answer.get("mapData"), dict) else {}
        siasn_id = str((told or {}).get(_SAVED[history]) or "")
        _check_taken(answer)
        if not siasn_id:
            raise ServiceFailed(_("SIASN menjawab tanpa id riwayat. Periksa di SIASN sebelum mengirim lagi."))
        return siasn_id

    def upload(self, siasn_id: str, document: int, name: str, pdf: bytes) -> None:
        """Upload the PDF that proves an entry; `document` is the kind of document."""
        answer = self._call(
            "POST",
            "/upload-dok-rw",
            data={"id_riwayat": siasn_id, "id_ref_dokumen": str(document)},
            files={"file": (name, pdf, "application/pdf")},
        )
        if str(answer.get("success", True)).lower() == "false":
            raise RecordRefused(str(answer.get("message") or _("SIASN menolak tanpa alasan."))[:300])

    def delete(self, history: str, siasn_id: str) -> None:
        """Take an entry back; only of kursus, for which alone the service is known to do it."""
        _check_taken(self._call("DELETE", f"/{history}/delete/{siasn_id}"))

    def history(self, history: str, nip: str) -> Sequence[dict[str, Any]]:
        """A person's entries as they stand there. Raises ServiceFailed for words that may mean a failure."""
        answer = self._call("GET", f"/pns/rw-{history}/{nip}")
        rows = answer.get("data")
        if isinstance(rows, str) and _NOTHING.fullmatch(rows.strip()):
            return []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _unreadable(HTTPStatus.OK)
        return rows

    def _call(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        renewed = False
        for _attempt in range(_TRIES):
            self._wait_for_turn()
            headers = {
                "Authorization": f"Bearer {self._gateway_token()}",
                "Auth": f"bearer {self._sso_token}",
                "Accept": "application/json",
            }
            answer = self._ask(method, self._office.siasn_api_url.rstrip("/") + path, headers=headers, **sent)
            if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                self._pause(_asked_wait(answer))
            elif answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                if renewed or answer.status_code == HTTPStatus.FORBIDDEN:
                    raise TokenRefused(_("SIASN menolak token SSO. Ambil token baru, lalu jalankan lagi."))
                renewed, self._token = True, ""
            else:
                return _read(answer)
        raise ServiceFailed(_("SIASN meminta menunggu terlalu lama. Coba lagi nanti, dengan lebih pelan."))

    def _gateway_token(self) -> str:
        if self._token and time.monotonic() < self._token_until:
            return self._token
        key = (self._office.siasn_consumer_key, self._office.siasn_consumer_secret)
        answer = self._ask("POST", self._office.siasn_oauth_url, auth=key, data={"grant_type": "client_credentials"})
        if HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            status = answer.status_code
            said = _("BKN menolak consumer key (%(status)s). Periksa setelan ELEARN_SIASN_CONSUMER_KEY.", status=status)
            raise TokenRefused(said)
        told = _read(answer)
        token, lasts = told.get("access_token"), told.get("expires_in", 0)
        if not isinstance(token, str) or not token:
            raise ServiceFailed(_("Server token BKN tidak memberi token. Coba lagi nanti."))
        self._token = token
        self._token_until = time.monotonic() + max(0.0, (lasts if isinstance(lasts, int) else 0) - _EARLY)
        return token

    def _ask(self, method: str, url: str, **sent: Any) -> httpx.Response:
        try:
            return self._http.request(method, url, **sent)
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            # The cause is left out: it may hold the request with its headers.
            problem = type(failure).__name__
            raise ServiceFailed(_("SIASN tidak dapat dihubungi (%(problem)s). Coba lagi.", problem=problem)) from None

    def _wait_for_turn(self) -> None:
        now = time.monotonic()
        if (wait := self._next_call - now) > 0:
            self._pause(wait)
        self._next_call = max(now, self._next_call) + 60.0 / self._office.siasn_calls_a_minute


def _asked_wait(answer: httpx.Response) -> float:
    try:
        return min(_LONGEST_WAIT, max(1.0, float(answer.headers.get("Retry-After", "5"))))
    except ValueError:
        return 5.0


def _read(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer. An error page, whatever its status, is no answer."""
    try:
        told = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable(answer.status_code) from None
    if not isinstance(told, dict):
        raise _unreadable(answer.status_code)
    moved = HTTPStatus.MULTIPLE_CHOICES <= answer.status_code < HTTPStatus.BAD_REQUEST
    if moved or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServiceFailed(_("SIASN sedang bermasalah (%(status)s). Coba lagi nanti.", status=answer.status_code))
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        words = str(told.get("message") or told.get("description") or answer.status_code)[:300]
        raise RecordRefused(_("SIASN menolak: %(words)s", words=words))
    return told


def _check_taken(answer: dict[str, Any]) -> None:
    if str(answer.get("success")).lower() != "true":
        raise RecordRefused(str(answer.get("message") or _("SIASN menolak tanpa alasan."))[:300])


def _unreadable(status: int) -> ServiceFailed:
    return ServiceFailed(
        _("Jawaban SIASN bukan data, melainkan halaman galat (%(status)s). Tidak ada yang dicatat.", status=status)
    )
