"""What placements announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlacementConfirmed:
    placement_id: int


@dataclass(frozen=True)
class ConfirmationTakenBack:
    """Announced while the placement still has the round that was confirmed."""

    placement_id: int
    reason: str
