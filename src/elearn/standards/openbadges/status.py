"""Which credentials were revoked, as W3C Bitstring Status List 1.0 writes it: one bit for each. Pure."""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from elearn.standards.openbadges.credential import moment

SIZE = 131_072
"""Credentials in one list: the fewest that the specification allows, so that who asks does not tell about which."""
_VALID = timedelta(days=1)
_PURPOSE = "revocation"


def address_of(base_url: str, number: int) -> str:
    """Where a list is found."""
    return f"{base_url}/lencana/status/{number}"


def entry(base_url: str, certificate_id: int) -> dict[str, str]:
    """Where the bit of a certificate's credential stands."""
    number, index = divmod(certificate_id, SIZE)
    address = address_of(base_url, number)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": _PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_list(base_url: str, issuer: str, number: int, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """A list with the bits of these certificates set, without a proof. A copy of it is good for a day: an older one
    must not bring back what was revoked since."""
    bits = bytearray(SIZE // 8)
    for certificate_id in revoked:
        place, bit = divmod(certificate_id % SIZE, 8)
        bits[place] |= 0x80 >> bit
    address = address_of(base_url, number)
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": moment(now),
        "validUntil": moment(now + _VALID),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": _PURPOSE,
            # "u" says that it is base64url.
            "encodedList": "u" + urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode(),
        },
    }
