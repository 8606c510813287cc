"""How a job looks to a program that waits for it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from elearn.foundation.jobs.models import Job


class JobOut(BaseModel):
    """Work that goes on after the answer; ask again until `state` is done, failed or cancelled.

    `done` of `total` count in `unit`; `total` is 0 as long as it is unknown.
    """

    model_config = ConfigDict(from_attributes=True, validate_by_name=True)
    id: str = Field(validation_alias="public_id")
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int
    total: int
    unit: str
    message: str
    error: str
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        return cls.model_validate(job)
