"""Everybody with a browser; besides the cast, who holds the roles that only look, or only sign."""

import pytest

from elearn.people.access.permissions import Role
from tests import world


@pytest.fixture
def hana(session, cast, visitor):
    """Head of Dinas Pendidikan Contoh."""
    person = world.a_person(session, "Hana Contoh", "197001012000031001", cast.dinas, Role.HEAD, scope=cast.dinas)
    session.commit()
    return visitor(person)


@pytest.fixture
def sari(session, cast, visitor):
    """Signs certificates."""
    person = world.a_person(session, "Sari Contoh", "197101012000032001", cast.kabupaten, Role.SIGNER)
    session.commit()
    return visitor(person)


@pytest.fixture
def everybody(guest, ani, eko, budi, gilang, citra, fitri, dewi):
    return {
        "guest": guest,
        "ani": ani,
        "eko": eko,
        "budi": budi,
        "gilang": gilang,
        "citra": citra,
        "fitri": fitri,
        "dewi": dewi,
    }
