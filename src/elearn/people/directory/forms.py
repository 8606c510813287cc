"""Input shapes of the directory."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form
from elearn.people.accounts import nip
from elearn.people.accounts.rules import is_address, siasn_id_of


def _eighteen_digits(text: str) -> str:
    if sentence := nip.problem(text):
        raise ValueError(sentence)
    return nip.clean(text)


def _address(text: str) -> str:
    if not is_address(text.lower()):
        raise ValueError(_("Alamat surel tidak lengkap. Contohnya nama@contoh.go.id."))
    return text.lower()


def _as_siasn_writes(text: str) -> str:
    known = siasn_id_of(text)
    if known is None:
        raise ValueError(_("Salin pnsOrangId utuh dari SIASN, 32 huruf dan angka atau UUID."))
    return known


SiasnId = Annotated[str, Field(max_length=60), AfterValidator(_as_siasn_writes)]
NipText = Annotated[str, Field(max_length=60), AfterValidator(_eighteen_digits)]
Address = Annotated[str, Field(max_length=200), AfterValidator(_address)]


class PersonDraft(Form):
    """What is known of a person; `unit` is a unit's code.

    `tmt` is the day since which a new unit, position or kind of employment holds; none is today. `roles` says what
    becomes of a role over the unit that somebody moves out of.
    """

    name: str = Field(max_length=200)
    nip: NipText | None = None
    email: Address | None = None
    title_before: str = Field("", max_length=60)
    title_after: str = Field("", max_length=100)
    asn_kind: str = Field("PNS", max_length=20)
    position: str = Field("", max_length=200)
    position_kind: str = Field("", max_length=12)
    siasn_id: SiasnId | None = None
    rank: str = Field("", max_length=60)
    phone: str = Field("", max_length=40)
    unit: str = Field(max_length=40)
    tmt: date | None = None
    roles: Literal["", "revoke", "keep"] = ""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.nip is None and self.email is None:
            raise ValueError(_("Isi NIP atau alamat surel, agar orang ini dapat masuk."))
        return self


class LeavingWish(Form):
    """That somebody leaves: why, a word of LEAVING_REASONS, and the first day (TMT) without service."""

    alasan: str = Field(max_length=20)
    tmt: date


class StartWish(Form):
    """The day (TMT) on which the present place begins after all."""

    tmt: date


class RoleWish(Form):
    """A role to give or take; `unit` is the code of the unit whose subtree an OPD admin or a head looks after."""

    role: str = Field(max_length=20)
    unit: str = Field("", max_length=40)


class CodesWish(Form):
    """For whom codes are made: those in a unit's subtree who never signed in, or people who were ticked."""

    unit: str = Field("", max_length=40)
    person: list[str] = Field(default_factory=list, max_length=200)
