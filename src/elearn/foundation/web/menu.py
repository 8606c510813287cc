"""The menus. `wiring.py` fills them; a face of the product (learn, teach, admin …) has one menu each.

Words: a *face* is the product as one kind of person uses it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from elearn.foundation.i18n import _


@dataclass(frozen=True)
class Item:
    """One entry; `shows` is asked with the actor. `label` is a message id. `bar` puts it in the phone's bottom bar.

    It is the current one on its own page, below it unless it stands `alone`, and below the prefixes in `also`.
    """

    label: str
    href: str
    icon: str
    shows: Callable[[Any], bool] = lambda actor: True
    bar: bool = True
    also: tuple[str, ...] = ()
    alone: bool = False

    def holds(self, path: str) -> bool:
        roots = self.also if self.alone else (self.href, *self.also)
        return path == self.href or any(path == root or path.startswith(root + "/") for root in roots)


@dataclass(frozen=True)
class Shown:
    """An entry as a template needs it."""

    label: str
    href: str
    icon: str
    current: bool
    bar: bool


@dataclass(frozen=True)
class Face:
    """A menu with the paths that belong to it; `label` is a message id."""

    label: str
    prefixes: tuple[str, ...]
    shows: Callable[[Any], bool]


faces: dict[str, Face] = {}
_items: dict[str, list[Item]] = {}


def declare(name: str, face: Face, *items: Item) -> None:
    """Set a face's menu; called once each by `wiring.py`."""
    faces[name] = face
    _items[name] = list(items)


def face_of(actor: Any, path: str) -> str:
    """Which face a page belongs to, of several the one that this actor may use; a page of none is the learner's."""
    holding = [
        name
        for name, face in faces.items()
        if any(path == prefix or path.startswith(prefix + "/") for prefix in face.prefixes)
    ]
    return next((name for name in holding if faces[name].shows(actor)), holding[0] if holding else "learn")


def menu_for(actor: Any, path: str) -> list[Shown]:
    """The entries of the page's face that this actor may use."""
    shown = _shown(face_of(actor, path), actor)
    fitting = [item.href for item in shown if item.holds(path)]
    current = max(fitting, key=len, default="")
    return [Shown(_(item.label), item.href, item.icon, item.href == current, item.bar) for item in shown]


def desk_of(actor: Any) -> str:
    """Where the actor's own work begins: the first entry of the last face that this actor may use."""
    return _home([name for name, face in faces.items() if face.shows(actor)][-1], actor)


def switch_for(actor: Any, path: str) -> list[Shown]:
    """The faces this actor may switch between; empty when there is only one."""
    mine = face_of(actor, path)
    shown = [(name, face) for name, face in faces.items() if face.shows(actor)]
    if len(shown) < 2:
        return []
    return [Shown(_(face.label), _home(name, actor), "", name == mine, False) for name, face in shown]


def _shown(name: str, actor: Any) -> list[Item]:
    return [item for item in _items.get(name, []) if item.shows(actor)]


def _home(name: str, actor: Any) -> str:
    return _shown(name, actor)[0].href
