"""Password hashing: Argon2id in the OWASP profile (m = 19 MiB, t = 2, p = 1), at most two hashes at a time."""

from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1)])
# More at once would only make everybody on a two-core machine wait for all of them.
_turns = BoundedSemaphore(2)

# Compared against when there is no such account, so that the answer takes as long as for one that exists.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to store."""
    with _turns:
        return _hasher.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether a password belongs to a stored hash; without one it takes just as long and is False."""
    with _turns:
        fits = _hasher.verify(password[:LONGEST], stored or _NOBODY)
    return fits and stored is not None
