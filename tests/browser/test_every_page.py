"""Every page in a real browser: nothing for axe, no sideways scroll, a visible focus, a quiet console."""

import os
from pathlib import Path

import pytest

from tests.browser.screens import LEADS_ON, NO_PAGES, SCREENS, STATES, no_page
from tests.browser.walk import walking
from tests.routes import ROWS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HERE = Path(__file__).parent
WIDTHS = (1280, 360, 320)
# The themes differ in colours alone, so in the dark one axe looks at those.
# No rule that is on by default needs the style sheets read once more (`preload`).
RULES = {
    "light": {"resultTypes": ["violations"], "preload": False},
    "dark": {"resultTypes": ["violations"], "preload": False, "runOnly": ["color-contrast", "link-in-text-block"]},
}
# With `make looks` every screen is looked at in all of these.
ALL = {(width, scheme) for width in (360, 1280) for scheme in RULES} if os.environ.get("ELEARN_LOOKS") else set()
VIOLATIONS = """(rules) => axe.run(rules).then((result) => result.violations.map((one) =>
    `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).slice(0, 3).join(" | ")}`))"""


@pytest.fixture(scope="module")
def walk(chromium):
    with walking(chromium, AXE, HERE / "looking.js") as walk:
        yield walk


def looks(screen):
    """In which widths and themes axe looks at a screen.

    By turns: a page narrow and light, then wide or dark; a state, which is its page with a few other parts on it, once.
    """
    turn = SCREENS.index(screen) % 2
    if screen in STATES:
        return ALL or {((360, "light"), (1280, "dark"))[turn]}
    return ALL or {(360, "light"), ((1280, "light"), (360, "dark"))[turn]}


def faults(walk, page, screen):
    """Everything that is wrong with the page that is open, in words."""
    found, asked = [], looks(screen)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        for scheme in RULES:
            if (width, scheme) in asked:
                page.emulate_media(color_scheme=scheme)
                found += [f"{width} {scheme}: {fault}" for fault in page.evaluate(VIOLATIONS, RULES[scheme])]
        found += [f"{width}: {fault}" for fault in page.evaluate("looking.sideways()")]
    page.keyboard.press("Tab")
    found += page.evaluate("looking.focus()") + page.evaluate("looking.stopped")
    return found + [said for said in walk.said if f"status of {screen.status}" not in said]


def test_every_page_is_looked_at():
    """Red for a page that nobody is sent to: see tests/browser/screens.py."""
    there = {row.split(" ", 1)[1] for row in ROWS if row.startswith("GET ")}
    seen = {screen.route for screen in SCREENS}
    missing = {route for route in there - seen if not no_page(route)}
    assert missing == set(), "add to STATES in tests/browser/screens.py, or to NO_PAGES or LEADS_ON"
    assert (NO_PAGES | LEADS_ON) - there == set(), "remove routes that are gone"


def staff(screen):
    return screen.who not in ("guest", "ani", "eko")


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.xdist_group("staff" if staff(each) else "learners"))
        for each in SCREENS
    ],
)
def test_the_page_is_in_order(screen, walk):
    page = walk.open(screen)
    assert walk.answers[-1] == screen.status, f"{page.url} answered {walk.answers[-1]}; see tests/belongings.py"
    assert faults(walk, page, screen) == []
