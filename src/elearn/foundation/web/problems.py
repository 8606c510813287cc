"""How the API says no (RFC 9457), how its lists look, and how its document tells both."""

import re
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"
DESCRIPTIONS = {
    400: "The body cannot be read at all.",
    401: "No token, or one that is unknown, revoked or past its end, or whose owner's account is closed.",
    403: "The token lacks the scope, or its owner the right.",
    404: "It does not exist, or the token's owner may not know that it does.",
    409: "It cannot be done in the present state; `type` tells the case.",
    413: "The body is too large.",
    422: "Something given cannot be used; `errors` names each input.",
    500: "The server failed; nothing was half written. `code` finds it in the server's log.",
    503: "The database does not answer, or not in time; try again after `Retry-After` seconds.",
}
EVERYWHERE = (401, 403, 422, 500, 503)
WITH_BODY = (400, 413)

Out = TypeVar("Out")


class Problem(BaseModel):
    """Why a request was refused."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    type: str = Field(examples=["about:blank", "urn:elearn:quiz-closed"])
    """`about:blank`, or a name that tells refusals of one status apart."""
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Kuis ini sudah dikumpulkan. Jawaban yang tersimpan sudah dinilai."])
    """A sentence for a person, in the language of the token's owner."""
    errors: dict[str, str] | None = None
    """A sentence for each input that is wrong; parts of a path are joined by dots."""
    code: str | None = None


class Listing(BaseModel, Generic[Out]):
    """Some rows of a list. Send `next` as `after` to get those that follow; it is null at the end."""

    items: list[Out]
    next: str | None = Field(examples=["NTA"])


def problem(status: int, detail: str, *, kind: str = "about:blank", more: dict[str, Any] | None = None) -> JSONResponse:
    """The answer that says no. `more` are further members, such as `errors`."""
    told = {"type": kind, "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **(more or {})}
    return JSONResponse(told, status_code=status, media_type=MEDIA_TYPE)


def kind_of(refusal: Exception) -> str:
    """The `type` of a refusal that has a name of its own, after its class: `urn:elearn:quiz-closed`."""
    words = re.findall(r"[A-Z][a-z]+", type(refusal).__name__)
    return f"urn:elearn:{'-'.join(words).lower()}"


def refused_with(*statuses: int, model: type[Problem] = Problem) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route: the problems that it may answer with, beside those of every route."""
    return {status: {"model": model, "description": DESCRIPTIONS[status]} for status in statuses}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, in which refusals have their own media type and every body may be refused as such."""
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    for operations in made["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                for status in WITH_BODY:
                    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
                    told = {"description": DESCRIPTIONS[status], "content": {MEDIA_TYPE: reference}}
                    operation["responses"].setdefault(str(status), told)
            for status, response in operation["responses"].items():
                if int(status) >= 400 and "application/json" in response.get("content", {}):
                    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
    return made
