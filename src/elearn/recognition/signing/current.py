"""The signer that the settings choose."""

from functools import lru_cache
from typing import Literal

from elearn.foundation.settings import settings
from elearn.recognition.signing.bsre import BsreSigner
from elearn.recognition.signing.pades import Pkcs11Signer, Pkcs12Signer
from elearn.recognition.signing.signer import Signer

_WAYS: dict[str, Literal["v1", "v2", "seal"]] = {"bsre1": "v1", "bsre2": "v2", "seal": "seal"}


@lru_cache
def signer() -> Signer | None:
    """The back end of the settings; None where certificates stay without a signature."""
    asked = settings()
    if asked.signing == "off":
        return None
    if asked.signing == "pkcs12":
        return Pkcs12Signer(asked.signing_pkcs12)
    if asked.signing == "pkcs11":
        return Pkcs11Signer(asked.signing_pkcs11_module, asked.signing_pkcs11_token, asked.signing_pkcs11_key)
    way = _WAYS[asked.signing]
    return BsreSigner(asked.bsre_url, (asked.bsre_user, asked.bsre_password), way, seal_id=asked.bsre_seal_id)
