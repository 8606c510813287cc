"""Every page in a real browser: nothing for axe, no sideways scroll, a visible focus, a quiet console."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from elearn.foundation.settings import settings
from elearn.people.accounts.door import session_cookie
from tests import databases
from tests.browser import scene
from tests.browser.conftest import Server
from tests.browser.screens import LEADS_ON, NO_PAGES, SCREENS
from tests.routes import ROWS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HERE = Path(__file__).parent
LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
# The themes differ in colours alone, so in the dark one axe looks at those.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}
VIOLATIONS = """(rules) => axe.run(rules).then((result) => result.violations.map((one) =>
    `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).slice(0, 3).join(" | ")}`))"""


@pytest.fixture(scope="module")
def walk(chromium):
    """A server with something on every page, and one browser window for each who looks."""
    url = databases.fresh_url("sqlite")
    database = databases.Database(url)
    with database.write() as session:
        built = scene.build(session, datetime.now(UTC))
        session.commit()
    database.close()
    server = Server(url, settings().data_dir)
    server.start()
    walk = Walk(chromium, server, built)
    yield walk
    walk.close()
    server.kill()
    databases.drop(url)


class Walk:
    def __init__(self, browser, server, built):
        self.browser, self.server, self.scene = browser, server, built
        self.windows = {}
        self.said, self.answers = [], []

    def window(self, who):
        if who not in self.windows:
            context = self.browser.new_context(reduced_motion="reduce")
            # Put in by the debugger, past the page's own policy, which stays in force.
            context.add_init_script(path=AXE)
            context.add_init_script(path=HERE / "looking.js")
            if who != "guest":
                context.add_cookies(
                    [{"name": session_cookie(), "value": self.scene.tokens[who], "url": self.server.address}]
                )
            page = context.new_page()
            page.on("console", lambda said: self.said.append(said.text) if said.type == "error" else None)
            page.on("response", self.note)
            page.on("pageerror", lambda error: self.said.append(str(error)))
            self.windows[who] = page
        return self.windows[who]

    def open(self, screen):
        page = self.window(screen.who)
        page.set_viewport_size({"width": 360, "height": 740})
        self.said.clear()
        self.answers.clear()
        page.goto(self.server.address + screen.address(self.scene.objects))
        if screen.then:
            screen.then(page)
        return page

    def faults(self, page, screen):
        found = []
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 740})
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {fault}" for fault in page.evaluate(VIOLATIONS, RULES[scheme])]
        for width in (1280, 360, 320):
            page.set_viewport_size({"width": width, "height": 740})
            found += [f"{width}: {fault}" for fault in page.evaluate("looking.sideways()")]
        page.keyboard.press("Tab")
        found += page.evaluate("looking.focus()") + page.evaluate("looking.stopped")
        return found + [said for said in self.said if f"status of {screen.status}" not in said]

    def note(self, answer):
        if answer.request.is_navigation_request():
            self.answers.append(answer.status)

    def close(self):
        for page in self.windows.values():
            page.context.close()


def test_every_page_is_looked_at():
    """Red for a page that nobody is sent to: see tests/browser/screens.py."""
    there = {row.split(" ", 1)[1] for row in ROWS if row.startswith("GET ")}
    seen = {screen.route for screen in SCREENS}
    missing = there - seen - NO_PAGES - LEADS_ON
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
    assert walk.faults(page, screen) == []
