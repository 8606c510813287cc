"""What placements announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlacementConfirmed:
    placement_id: int
