"""Input shapes of accounts."""

from typing import Annotated

from pydantic import AfterValidator, Field

from elearn.foundation.i18n import _
from elearn.foundation.web.shapes import Form
from elearn.people.accounts.passwords import LONGEST, SHORTEST


def _strong_enough(password: str) -> str:
    if len(password) < SHORTEST:
        raise ValueError(_("Kata sandi paling pendek %(n)s huruf. Pakai beberapa kata.", n=SHORTEST))
    if len(set(password)) < 4:
        raise ValueError(_("Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata."))
    return password


NewPassword = Annotated[str, Field(max_length=LONGEST), AfterValidator(_strong_enough)]


class SignIn(Form):
    identifier: str = Field(max_length=200)
    password: str = Field(max_length=LONGEST)
    lanjut: str = ""


class Activation(Form):
    """First access or reset: who, with which code, and the password to be."""

    identifier: str = Field(max_length=200)
    code: str = Field(max_length=40)
    password: NewPassword


class ForgottenPassword(Form):
    identifier: str = Field(max_length=200)


class ChangePassword(Form):
    current: str = Field(max_length=LONGEST)
    password: NewPassword


class FactorCode(Form):
    code: str = Field(max_length=12)
    lanjut: str = ""


class Appearance(Form):
    locale: str = Field("id", pattern="^(id|en)$")
    theme: str = Field("", pattern="^(|light|dark)$")
    text_size: str = Field("", pattern="^(|large|larger)$")


class KeysChoice(Form):
    """Whether single keys do something; `lanjut` is the page to go back to."""

    keys: str = Field(pattern="^(on|off)$")
    lanjut: str = Field("/saya", max_length=500)


class LanguageChoice(Form):
    """A guest's language; `lanjut` is the page to go back to."""

    locale: str = Field(pattern="^(id|en)$")
    lanjut: str = Field("/masuk", max_length=500)


class NewToken(Form):
    name: str = Field(max_length=100)
    scopes: list[str] = Field(default_factory=list)
    days: int = Field(90, ge=1, le=365)
