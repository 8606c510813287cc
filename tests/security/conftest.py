"""Everybody with a browser."""

import pytest


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
