"""What materials announce."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MaterialReady:
    """The pages of a PDF are there; sizes and search follow."""

    material_id: int
