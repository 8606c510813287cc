"""Parents of all input shapes; they know nothing of requests, so that actions may take shapes."""

from pydantic import BaseModel, ConfigDict


class Form(BaseModel):
    """Parent of all forms: unknown fields are dropped, spaces around texts too."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, str_max_length=200_000)


class Body(BaseModel):
    """Parent of JSON input shapes: unknown fields are refused, so nothing can be smuggled in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
