"""Time-based one-time codes (RFC 6238): 6 digits, 30 seconds, one step of tolerance, each code once."""

import base64
import hashlib
import hmac
from datetime import datetime

import pyotp

from elearn.foundation.settings import settings
from elearn.people.accounts.models import Person

STEP_SECONDS = 30


def secret_of(person: Person) -> str:
    """The shared secret in base32, derived from the person's nonce and the server's key."""
    keyed = hmac.new(settings().secret_key.encode(), f"totp:{person.totp_nonce}".encode(), hashlib.sha256)
    return base64.b32encode(keyed.digest()[:20]).decode()


def address_of(person: Person) -> str:
    """The otpauth:// address that an authenticator app reads from a QR code."""
    name = person.email or person.nip or person.name
    return pyotp.TOTP(secret_of(person)).provisioning_uri(name=name, issuer_name=f"elearn {settings().office_name}")


def step_of(person: Person, code: str, now: datetime) -> int | None:
    """The time step in which this code is right, unless it or a later one was used already."""
    if person.totp_nonce is None:
        return None
    typed = "".join(sign for sign in code if sign.isdigit())
    totp = pyotp.TOTP(secret_of(person))
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        fits = hmac.compare_digest(totp.at(step * STEP_SECONDS), typed)
        if fits and step > (person.totp_last_step or 0):
            return step
    return None
