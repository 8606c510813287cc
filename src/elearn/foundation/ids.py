"""Random ids: for addresses, for codes that people type, for secrets in cookies."""

import hashlib
import secrets

# Without i, l, o, u: nobody mistakes 1 for l or 0 for o on a printed slip.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(length: int = 12) -> str:
    """A public id for addresses; 5 bits a character."""
    return _written(secrets.randbits(5 * length), length)


def _written(bits: int, length: int) -> str:
    return "".join(_ALPHABET[bits >> 5 * place & 31] for place in range(length))


def new_code(groups: int, size: int = 4) -> str:
    """A code to read aloud and type, like `7F3K-9QTA`; 5 bits a character."""
    return code_from(secrets.randbits(5 * groups * size), groups, size)


def code_from(bits: int, groups: int, size: int = 4) -> str:
    """The lowest bits of a number as such a code."""
    signs = _written(bits, groups * size).upper()
    return "-".join(signs[start : start + size] for start in range(0, len(signs), size))


def clean_code(typed: str) -> str:
    """What was typed as a code, as it was issued: letters mistaken for digits are put right."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return kept.replace("O", "0").replace("I", "1").replace("L", "1").replace("U", "V")


def new_secret() -> str:
    """A secret for a cookie or a token: 256 bits."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What the database keeps of a secret that has full entropy of its own."""
    return hashlib.sha256(secret.encode()).hexdigest()
