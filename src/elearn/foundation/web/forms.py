"""From a submitted form to an input shape, or back to the page with what was typed and what is wrong."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _, format_date

MAX_FIELDS = 2_000


async def form_fields(request: Request) -> FormData:
    """The raw fields of a form whose names depend on what it asks, such as a quiz question."""
    return await request.form(max_fields=MAX_FIELDS)


FormFields = Annotated[FormData, Depends(form_fields)]

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass
class Submitted(Generic[Shape]):
    """A form as it came in: either `value`, or `errors` by field, and always what was `typed`."""

    typed: dict[str, Any]
    value: Shape | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def get(self) -> Shape:
        """The shape; refuses with all field errors when the form is wrong."""
        if self.value is None:
            raise Invalid(_("Periksa isian yang ditandai."), self.errors)
        return self.value

    @contextmanager
    def trying(self, session: Session) -> Iterator[None]:
        """Do what the form asks, whole or not at all; a refusal goes to `errors`, for the page to be shown again.

        The request commits even when it answers with the form, so what an action wrote before it refused is undone
        here. A refusal without a sentence (an id that is not there) is for the request as a whole and passes on.
        """
        try:
            with session.begin_nested():
                yield
        except Refusal as refusal:
            if not refusal.message and not refusal.fields:
                raise
            self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Take over a refusal of an action, so that the page can be shown again with it."""
        self.errors.update(refusal.fields or {"": refusal.message})


def submitted(shape: type[Shape]) -> Callable[[Request], Awaitable[Submitted[Shape]]]:
    """A dependency that reads the request's form into the shape. Blank fields count as not given."""

    async def read(request: Request) -> Submitted[Shape]:
        typed = typed_fields(await request.form(max_fields=MAX_FIELDS), shape)
        return check(shape, typed)

    return read


def check(shape: type[Shape], typed: dict[str, Any]) -> Submitted[Shape]:
    """Validate typed fields; used by the dependency above and by forms that come another way."""
    given = {key: value for key, value in typed.items() if value not in ("", [])}
    try:
        return Submitted(typed, shape.model_validate(given))
    except ValidationError as wrong:
        return Submitted(typed, None, field_errors(wrong))


def typed_fields(form: FormData, shape: type[BaseModel]) -> dict[str, Any]:
    """Form fields as texts; a field that the shape declares as a list keeps all its values."""
    typed: dict[str, Any] = {}
    for key in form:
        # PostgreSQL stores no NUL, and nobody types one.
        texts = [value.replace("\x00", "") for value in form.getlist(key) if not isinstance(value, UploadFile)]
        declared = shape.model_fields.get(key)
        many = declared is not None and str(declared.annotation).startswith(("list", "set", "tuple"))
        typed[key] = texts if many else (texts[-1] if texts else "")
    return typed


def field_errors(wrong: ValidationError) -> dict[str, str]:
    """One sentence a field, in the reader's language and the shape's order."""
    found: dict[str, str] = {}
    for detail in wrong.errors():
        found.setdefault(str(detail["loc"][0]) if detail["loc"] else "", sentence(detail))
    return found


def sentence(detail: ErrorDetails) -> str:
    """What is wrong with one input, for the person who gave it."""
    limits = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return _("Isi kolom ini.")
        case "string_too_long":
            return _("Paling panjang %(n)s huruf.", n=limits["max_length"])
        case "string_too_short":
            return _("Paling pendek %(n)s huruf.", n=limits["min_length"])
        case "int_parsing" | "int_type" | "float_parsing" | "decimal_parsing" | "int_from_float":
            return _("Isi dengan angka.")
        # Days come as texts, numbers as numbers.
        case "greater_than_equal" if isinstance(limits["ge"], str):
            return _("Paling awal %(day)s.", day=format_date(date.fromisoformat(limits["ge"])))
        case "less_than_equal" if isinstance(limits["le"], str):
            return _("Paling akhir %(day)s.", day=format_date(date.fromisoformat(limits["le"])))
        case "greater_than_equal":
            return _("Paling kecil %(n)s.", n=limits["ge"])
        case "less_than_equal":
            return _("Paling besar %(n)s.", n=limits["le"])
        case "greater_than":
            return _("Harus lebih besar dari %(n)s.", n=limits["gt"])
        case "date_parsing" | "date_from_datetime_parsing" | "datetime_parsing":
            return _("Isi dengan tanggal, misalnya 23/11/2026.")
        case "literal_error" | "enum":
            return _("Pilih salah satu dari daftar.")
        case "extra_forbidden":
            return _("Isian ini tidak dikenal. Hapus.")
        case "value_error":
            return str(limits.get("error", detail["msg"]))
        case _:
            return _("Isian ini tidak dapat dibaca. Periksa lagi.")
