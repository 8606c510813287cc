"""Draw docs/architecture.md from the docstrings of the packages: `make docs`."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "elearn"
DRAWING = ROOT / "docs" / "architecture.md"
LAYERS = (
    "overview",
    "standards",
    "recognition",
    "activities",
    "learning",
    "teaching",
    "people",
    "foundation",
)
HEAD = """\
# Architecture

Drawn by `make docs` from the docstrings of the packages; edit those, not this page.

Imports, calls and foreign keys point down this page. News travels up: a package announces what happened,
and `wiring.py` says who reacts. `make contracts` holds the direction, tests/architecture the other laws;
docs/decisions tells why.
"""


def draw() -> str:
    """The page as it should be now."""
    doors = [*SOURCE.glob("*.py"), *(SOURCE / name / "__init__.py" for name in ("cli", "demo"))]
    parts = [HEAD, section("Front doors", sorted(doors))]
    for layer in LAYERS:
        folder = SOURCE / layer
        if not (folder / "__init__.py").exists():
            continue
        members = [*folder.glob("*/__init__.py"), *(f for f in folder.glob("*.py") if f.name != "__init__.py")]
        parts.append(section(layer, sorted(members, key=name_of), docstring(folder / "__init__.py")))
    return "\n".join(parts)


def section(title: str, files: list[Path], purpose: str = "") -> str:
    lines = [f"## {title}", ""]
    if purpose:
        lines += [purpose, ""]
    lines += [entry(file) for file in files if file != SOURCE / "__init__.py"]
    return "\n".join([*lines, ""])


def entry(file: Path) -> str:
    first, *more = docstring(file).split("\n\n")
    text = " ".join(first.split())
    lines = [f"- **{name_of(file)}**: {text}"]
    lines += [f"  {' '.join(paragraph.split())}" for paragraph in more]
    return "\n".join(lines)


def name_of(file: Path) -> str:
    return file.parent.name if file.name == "__init__.py" else file.name


def docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


if __name__ == "__main__":
    DRAWING.write_text(draw(), encoding="utf-8")
