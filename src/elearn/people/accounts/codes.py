"""One-time codes that can be shown again for a while although nobody stores them. Pure."""

import hashlib
import hmac

from elearn.foundation.ids import code_from


def derived_code(server_key: str, nonce: str, public_id: str) -> str:
    """The code of a person on a sheet, like `7F3K-9QTA-XM2P`: 60 bits that only nonce and server key together give."""
    keyed = hmac.new(server_key.encode(), f"code:{nonce}:{public_id}".encode(), hashlib.sha256).digest()
    return code_from(int.from_bytes(keyed[:8]), 3)
