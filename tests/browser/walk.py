"""A server with something on every page, and one browser window for each who looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from elearn.foundation.settings import settings
from elearn.people.accounts.door import session_cookie
from tests import databases
from tests.browser import scene
from tests.browser.screens import Screen
from tests.browser.server import Server


class Walk:
    """Opens screens as those who may see them, and notes what the console says and what the server answers."""

    def __init__(self, browser: Any, address: str, built: scene.Scene, *scripts: Any) -> None:
        self.browser, self.address, self.scene, self.scripts = browser, address, built, scripts
        self.windows: dict[str, Any] = {}
        self.said: list[str] = []
        self.answers: list[int] = []

    def open(self, screen: Screen) -> Any:
        """The window of who looks, brought to the screen."""
        page = self._window(screen.who)
        page.set_viewport_size({"width": 360, "height": 740})
        self.said.clear()
        self.answers.clear()
        page.goto(self.address + screen.address(self.scene.objects))
        if screen.then:
            screen.then(page)
        return page

    def _window(self, who: str) -> Any:
        if who not in self.windows:
            context = self.browser.new_context(reduced_motion="reduce", service_workers="block")
            for script in self.scripts:
                # Put in by the debugger, past the page's own policy, which stays in force.
                context.add_init_script(path=script)
            if who != "guest":
                cookie = {"name": session_cookie(), "value": self.scene.tokens[who], "url": self.address}
                context.add_cookies([cookie])
            page = context.new_page()
            page.on("console", lambda said: self.said.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self.said.append(str(error)))
            page.on("response", self._note)
            self.windows[who] = page
        return self.windows[who]

    def _note(self, answer: Any) -> None:
        if answer.request.is_navigation_request():
            self.answers.append(answer.status)

    def close(self) -> None:
        for page in self.windows.values():
            page.context.close()


@contextmanager
def walking(browser: Any, *scripts: Any, crowd: bool = False) -> Iterator[Walk]:
    """Fill a database, serve it, walk; `scripts` are put into every page, `crowd` shows the demo's learners as well."""
    url = databases.fresh_url("sqlite")
    database = databases.Database(url)
    with database.write() as session:
        built = scene.build(session, datetime.now(UTC), crowd=crowd)
    database.close()
    server = Server(url, settings().data_dir)
    server.start()
    walk = Walk(browser, server.address, built, *scripts)
    yield walk
    walk.close()
    server.kill()
    databases.drop(url)
