"""What the browser reports from an activity."""

from pydantic import ConfigDict, Field

from elearn.foundation.web.shapes import Body


class Ping(Body):
    """What player.js reports; seconds of visible activity since the last report. `place` as in ActivityProgress."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seconds": 60, "place": 0.5, "end": False}]})
    seconds: int = Field(0, ge=0, le=86_400)
    place: float | None = Field(None, ge=0, le=1_000_000, allow_inf_nan=False)
    end: bool = False
