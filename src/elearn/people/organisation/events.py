"""What the unit tree announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TreeChanged:
    """Units stand below another unit now."""
