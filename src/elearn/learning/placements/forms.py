"""What is typed about partners and placements."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form


class PartnerWish(Form):
    """An institution."""

    name: str = Field(min_length=3, max_length=200)
    address: str = Field("", max_length=300)
    contact: str = Field("", max_length=200)


class AgreementWish(Form):
    """An agreement with it; without a last day it holds until it is ended."""

    agreement_number: str = Field(min_length=1, max_length=100)
    title: str = Field(min_length=3, max_length=200)
    starts_on: date
    ends_on: date | None = None
    notes: str = Field("", max_length=1_000)


class AgreementChange(AgreementWish):
    """The same once more; `sure` where placements run outside of the new days."""

    sure: bool = False


class Ending(Form):
    """From when an agreement holds no longer, and why; `sure` where placements still run under it."""

    last_day: date
    reason: str = Field(min_length=3, max_length=300)
    sure: bool = False


class Resuming(Form):
    """Why an agreement that was ended early holds again."""

    reason: str = Field(min_length=3, max_length=300)


class StayWish(Form):
    """What is learned where, from when until when, supervised by whom."""

    partner: str = Field(max_length=16)
    form_code: str = Field(max_length=8)
    title: str = Field(min_length=3, max_length=200)
    competency: Literal["teknis", "manajerial", "sosial-kultural", "pemerintahan"]
    international: bool = False
    starts_on: date
    ends_on: date
    letter: str = Field("", max_length=100)
    host_name: str = Field(min_length=3, max_length=200)
    host_position: str = Field("", max_length=200)
    host_email: str = Field("", max_length=200)


class Whose(Form):
    """Who is meant."""

    nip: str = Field(max_length=40)


class PlacementWish(StayWish, Whose):
    """Somebody's stay; the NIP comes first, as on the page."""


class PlacementChange(StayWish):
    """The same as it should be; what the host has signed changes only with a reason, and `sure`."""

    why: str = Field("", max_length=300)
    sure: bool = False


class LogWish(Form):
    """A day of the logbook; written again for the same day it replaces what stood there."""

    day: date
    hours: Decimal = Field(gt=0, le=16)
    text: str = Field(min_length=3, max_length=1_000)


class LogRemoval(Form):
    """A day that does not belong into the logbook."""

    day: date


class ReportWish(Form):
    """What was learned and what will be done with it at one's own office."""

    report: str = Field(min_length=30, max_length=10_000)


class Signing(Form):
    """The host's signature: name as typed, the statement ticked, and an assessment."""

    name: str = Field(min_length=3, max_length=200)
    remark: str = Field("", max_length=600)
    agreed: bool = False


class SendingBack(Form):
    """What the host wants mended before signing."""

    remark: str = Field(min_length=3, max_length=600)


class TakingBack(Form):
    """Why a confirmation is taken back."""

    reason: str = Field(min_length=3, max_length=300)


class Cancelling(Form):
    """Why a placement ends without counting."""

    reason: str = Field(min_length=3, max_length=300)
