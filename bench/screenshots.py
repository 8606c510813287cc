"""`make screenshots`: each screen as a picture, at two widths and in both themes. ARGS="beranda kuis" takes only those.

ARGS=--readme takes the pictures of the README instead, see portraits.
The list of screens is that of the accessibility walk, tests/browser/screens.py.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.update(ELEARN_MODE="demo", ELEARN_SECOND_FACTOR="off", ELEARN_LOG_LEVEL="error", ELEARN_DATABASE_URL="")
HERE = Path(tempfile.mkdtemp(prefix="elearn-shots-"))
os.environ["ELEARN_DATA_DIR"] = str(HERE)

from playwright.sync_api import sync_playwright  # noqa: E402
from tests.browser.screens import SCREENS  # noqa: E402 - the environment comes first
from tests.browser.server import FLAGS  # noqa: E402
from tests.browser.walk import walking  # noqa: E402

from bench import portraits  # noqa: E402

SHOTS = Path(__file__).parent / "shots"
LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]


def main(beginnings: list[str]) -> None:
    """Serve a demo of its own and write NAME-WIDTH-THEME.png of the screens whose names begin so."""
    if "--readme" in beginnings:
        _portray()
        return
    chosen = [each for each in SCREENS if each.name.startswith(tuple(beginnings or [""]))]
    SHOTS.mkdir(exist_ok=True)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM_PATH"], args=FLAGS)
            with walking(browser, crowd=True) as walk:
                for screen in chosen:
                    _take(walk.open(screen), screen.name)
            browser.close()
    finally:
        shutil.rmtree(HERE, ignore_errors=True)
    print(f"{len(chosen)} screens in {len(LOOKS)} looks are in {SHOTS.relative_to(Path.cwd())}.")


def _portray() -> None:
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM_PATH"], args=FLAGS)
            portraits.take(browser, HERE)
            browser.close()
    finally:
        shutil.rmtree(HERE, ignore_errors=True)


def _take(page: Any, name: str) -> None:
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 740 if width < 700 else 900})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1:])
