"""The client of BSrE (BSSN) that runs on the regency's own server: API v1, API v2, and the institution's seal.

Nothing that the service answers is shown or logged: an error page may repeat what was sent.
"""

import base64
import binascii
from typing import Any, Literal

import httpx
import structlog

from elearn.recognition.signing.signer import Secret, SignerDown, SignerRefuses, WrongSecret

log = structlog.get_logger()

PATIENCE = 30.0
"""Seconds that a signature may take."""
_UNSEEN: dict[str, Any] = {"tampilan": "INVISIBLE"}


class BsreSigner:
    """One of the three ways in: `v1` and `v2` sign for a person with NIK and passphrase, `seal` for the institution."""

    def __init__(
        self,
        url: str,
        account: tuple[str, str],
        way: Literal["v1", "v2", "seal"],
        *,
        seal_id: str = "",
        patience: float = PATIENCE,
    ) -> None:
        self.asks_nik = way != "seal"
        self._way, self._seal_id = way, seal_id
        self._url, self._auth, self._patience = url.rstrip("/"), account, patience

    def sign(self, pdf: bytes, secret: Secret) -> bytes:
        answer = self._asked(pdf, secret)
        signed = answer.content if self._way == "v1" else _first_file(answer)
        if not signed.startswith(b"%PDF-"):
            # An error page with status 200, as a proxy in between likes to send.
            raise self._down("no PDF", answer.status_code)
        return signed

    def _asked(self, pdf: bytes, secret: Secret) -> httpx.Response:
        try:
            with httpx.Client(base_url=self._url, auth=self._auth, timeout=self._patience) as client:
                answer = self._sent(client, pdf, secret)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._down(type(error).__name__, 0) from None
        if answer.status_code >= 500:
            raise self._down("error", answer.status_code)
        if answer.status_code >= 400:
            raise self._refused(answer)
        return answer

    def _sent(self, client: httpx.Client, pdf: bytes, secret: Secret) -> httpx.Response:
        if self._way == "v1":
            fields = {"nik": secret.nik, "passphrase": secret.passphrase, "tampilan": "invisible", "image": "false"}
            return client.post("/api/sign/pdf", data=fields, files={"file": ("s.pdf", pdf, "application/pdf")})
        file = base64.b64encode(pdf).decode()
        if self._way == "v2":
            whose = {"nik": secret.nik, "passphrase": secret.passphrase}
            return client.post("/api/v2/sign/pdf", json={**whose, "signatureProperties": [_UNSEEN], "file": [file]})
        whose = {"idSubscriber": self._seal_id, "totp": secret.passphrase}
        return client.post("/api/v2/seal/pdf", json={**whose, "signatureProperties": [_UNSEEN], "file": [file]})

    def _refused(self, answer: httpx.Response) -> Exception:
        log.warning("bsre_refused", way=self._way, status=answer.status_code)
        words = answer.text.lower()
        about_secret = any(word in words for word in ("passphrase", "totp", "nik"))
        # 401 is about our own account with the service, which no signer can mend.
        return WrongSecret(self.asks_nik) if about_secret and answer.status_code != 401 else SignerRefuses()

    def _down(self, why: str, status: int) -> SignerDown:
        log.warning("bsre_down", way=self._way, why=why, status=status)
        return SignerDown()


def _first_file(answer: httpx.Response) -> bytes:
    try:
        return base64.b64decode(answer.json()["file"][0], validate=True)
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error):
        return b""
