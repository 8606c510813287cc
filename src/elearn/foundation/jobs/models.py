"""Jobs and schedules as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.foundation.database import Base

FINISHED = ("done", "failed", "cancelled")


class Job(Base):
    """One piece of work, from the moment it was asked for. States: waiting, running, done, failed, cancelled."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_heartbeat_at", "state", "heartbeat_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int | None] = mapped_column(index=True)
    """The person who asked; no foreign key, since people stand above."""

    state: Mapped[str] = mapped_column(String(12), default="waiting")
    arguments: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(String(30), default="")
    message: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str] = mapped_column(Text, default="")

    attempts: Mapped[int] = mapped_column(default=0)
    """Counts up whenever the job changes hands; a run that finds another number here has lost the job."""
    executor: Mapped[str | None] = mapped_column(String(80))
    heartbeat_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)

    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def finished(self) -> bool:
        return self.state in FINISHED

    @property
    def percent(self) -> int:
        """0 to 100; 0 as long as the total is unknown."""
        if self.state == "done":
            return 100
        return min(100, self.done * 100 // self.total) if self.total else 0


class Schedule(Base):
    """When a kind that runs again and again is due next."""

    __tablename__ = "job_schedules"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    executor: Mapped[str | None] = mapped_column(String(80))
    """Who runs it now. Meanwhile `due_at` is the moment from which the runner counts as dead."""
