"""More people write at the same moment than the server has threads, as when a quiz begins for everybody."""

import asyncio
from datetime import UTC, datetime

import httpx

from elearn.app import create_app
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import start_session
from elearn.people.accounts.door import session_cookie
from tests import world

# The server has 40 threads for handlers.
WRITERS = 90


def test_ninety_writers_at_once_are_all_answered(own_database):
    with own_database.write() as session:
        token = start_session(session, Actor.system("tests"), world.cast(session).ani, datetime.now(UTC))
        session.commit()

    async def write_all():
        transport = httpx.ASGITransport(app=create_app(own_database))
        cookies, headers = {session_cookie(): token}, {"Sec-Fetch-Site": "same-origin"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://testserver", cookies=cookies, headers=headers
        ) as browser:
            wishes = [{"locale": "id", "theme": "dark", "text_size": ""} for _ in range(WRITERS)]
            return await asyncio.gather(*(browser.post("/saya/tampilan", data=wish) for wish in wishes))

    assert {answer.status_code for answer in asyncio.run(write_all())} == {303}
