"""What external records announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordApproved:
    record_id: int


@dataclass(frozen=True)
class ApprovalTakenBack:
    record_id: int
    reason: str
