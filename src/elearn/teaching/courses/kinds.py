"""The registry of activity kinds. A kind is a package of the activities layer; `wiring.py` registers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from elearn.foundation.errors import Conflict
from elearn.foundation.i18n import _
from elearn.people.access.actor import Actor
from elearn.teaching.courses.models import Activity


@dataclass(frozen=True)
class Copied:
    """What of a course has its twin in a new edition already: old id to new."""

    activities: Mapping[int, int]
    materials: Mapping[int, int]
    banks: Mapping[int, int]

    def material(self, id: int | None) -> int | None:
        """The twin of a file. Raises Conflict for one that was given to an activity while the others were copied."""
        return None if id is None else _known(self.materials, id)

    def bank(self, id: int) -> int:
        """The twin of a question bank, likewise."""
        return _known(self.banks, id)


def _known(twins: Mapping[int, int], id: int) -> int:
    if id not in twins:
        raise Conflict(_("Orang lain baru saja mengubah pelatihan ini. Ulangi sebentar lagi."))
    return twins[id]


@dataclass(frozen=True)
class ActivityKind:
    """What the rest of the product needs to know of a kind.

    `label` is a message id. `shortcomings` tells what keeps an activity from being published, one sentence each.
    `texts` gives what search should find in it. `copy` gives the twins of activities what these hold. `write_file`
    takes the content over from a course file. `materials` are the kinds of files that become an activity of this kind
    when they are uploaded, and `take_material` lets a new activity show such a file. `uses` tells which files of a
    course (by id) are used, and the titles of the activities that use them. `shows_files`: its editor shows a course
    that lives as files as well, unchangeable. `watched` kinds are done by opening them: the browser or a program
    reports time and place; of the others only what is handed in counts.
    """

    key: str
    label: str
    icon: str
    edit_prefix: str
    play_suffix: str
    shortcomings: Callable[[Session, Activity], list[str]]
    texts: Callable[[Session, Activity], str]
    copy: Callable[[Session, Actor, Copied, datetime], None]
    write_file: Callable[[Session, Actor, Activity, Any, datetime], None] | None = None
    materials: tuple[str, ...] = ()
    take_material: Callable[[Session, Actor, Activity, Any, datetime], None] | None = None
    uses: Callable[[Session, int], Mapping[int, Sequence[str]]] | None = None
    shows_files: bool = False
    watched: bool = True

    def play_path(self, public_id: str) -> str:
        return f"/belajar/{public_id}/{self.play_suffix}"

    def edit_path(self, public_id: str) -> str:
        return f"{self.edit_prefix}/{public_id}"


_kinds: dict[str, ActivityKind] = {}


def register(kind: ActivityKind) -> None:
    """Make a kind known; registering it again replaces it."""
    _kinds[kind.key] = kind


def kind_of(activity: Activity) -> ActivityKind:
    return _kinds[activity.kind]


def kind_named(key: str) -> ActivityKind:
    return _kinds[key]


def kind_for_material(material_kind: str) -> ActivityKind | None:
    """The kind of activity that a file of this kind becomes; None for pictures and captions."""
    return next((kind for kind in _kinds.values() if material_kind in kind.materials), None)


def kinds() -> list[ActivityKind]:
    """All kinds, in the order of their registration."""
    return list(_kinds.values())
