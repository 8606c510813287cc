"""The gate: is this the right password, and has this door been knocked at too often?

Guesses are counted per account and per address in windows of 15 minutes. At most 5 guesses a window are looked at for
one account, so at most 20 an hour. A device in which the owner signed in before has a count of its own, so strangers
never lock the owner out. One limiter guards every door: password, activation, reset, second factor.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from elearn.foundation.database import Database
from elearn.foundation.errors import TooOften
from elearn.foundation.i18n import _
from elearn.foundation.ids import fingerprint
from elearn.people.accounts import nip
from elearn.people.accounts.models import KnownDevice, Person, SignInGuess
from elearn.people.accounts.passwords import password_fits

WINDOW = timedelta(minutes=15)
GUESSES_AN_ACCOUNT = 5
GUESSES_AN_ADDRESS = 60


class TooManyGuesses(TooOften):
    """The door stays shut for a while."""

    def __init__(self, seconds: int) -> None:
        seconds = max(1, seconds)
        super().__init__(_("Terlalu banyak percobaan. Tunggu %(n)s detik, lalu coba lagi.", n=seconds), seconds)


@dataclass(frozen=True)
class Knock:
    """Somebody at a door: whom he says he is, from where, with which device cookie."""

    identifier: str
    address: str
    device: str = ""

    def keys(self, person_id: int | None, known: bool) -> list[tuple[str, int]]:
        """The counters that this knock moves, with their limits."""
        account = f"a:{person_id}" if person_id else f"u:{fingerprint(self.identifier.lower())[:40]}"
        if known:
            return [(f"{account}:{fingerprint(self.device)[:40]}", GUESSES_AN_ACCOUNT)]
        return [(account, GUESSES_AN_ACCOUNT), (f"i:{self.address}", GUESSES_AN_ADDRESS)]


@dataclass(frozen=True)
class Answer:
    """What the gate found; `person_id` only when the password fits. `keys` are to be counted when it does not."""

    person_id: int | None
    keys: tuple[str, ...]


def person_named(session: Session, identifier: str) -> Person | None:
    """The person with this NIP (spaces ignored) or e-mail address."""
    digits = nip.clean(identifier)
    return session.scalar(select(Person).where(or_(Person.nip == digits, Person.email == identifier.strip().lower())))


def check_password(database: Database, knock: Knock, password: str, now: datetime) -> Answer:
    """Look at a guess. Hashing takes long, so no transaction is open meanwhile.

    Raises TooManyGuesses. Takes as long, and says the same, when there is no such account.
    """
    with database.read() as session:
        person = person_named(session, knock.identifier)
        known = person is not None and _is_known(session, person.id, knock.device)
        keys = knock.keys(person.id if person else None, known)
        refuse_too_many(session, keys, now)
        stored = person.password_hash if person and person.active else None
        person_id = person.id if person else None
    fits = password_fits(password, stored)
    return Answer(person_id if fits else None, tuple(key for key, _limit in keys))


def refuse_too_many(session: Session, keys: list[tuple[str, int]], now: datetime) -> None:
    """Refuse when one of the counters has reached its limit."""
    limits = dict(keys)
    rows = session.scalars(select(SignInGuess).where(SignInGuess.key.in_(limits), SignInGuess.window_ends_at > now))
    waits = [(row.window_ends_at - now).total_seconds() for row in rows if row.count >= limits[row.key]]
    if waits:
        raise TooManyGuesses(int(max(waits)) + 1)


def count_guess(session: Session, keys: tuple[str, ...], now: datetime) -> None:
    """Note a wrong guess."""
    for key in keys:
        row = session.scalar(select(SignInGuess).filter_by(key=key).where(SignInGuess.window_ends_at > now))
        if row is None:
            row = SignInGuess(key=key, window_ends_at=now + WINDOW, count=0)
            session.add(row)
        row.count += 1
    session.flush()


def forget_guesses(session: Session, keys: tuple[str, ...], now: datetime) -> None:
    """The right password clears this account's own counters, not the address's."""
    for row in session.scalars(select(SignInGuess).where(SignInGuess.key.in_(keys))):
        if not row.key.startswith("i:"):
            session.delete(row)


def _is_known(session: Session, person_id: int, device: str) -> bool:
    if not device:
        return False
    return (
        session.scalar(select(KnownDevice.id).filter_by(person_id=person_id, token_hash=fingerprint(device)))
        is not None
    )
