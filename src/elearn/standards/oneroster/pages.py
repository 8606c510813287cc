"""The regency admin's pages of OneRoster: bring a partner's file, look at what it would do, have it written."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from elearn.foundation.errors import Invalid, Refusal
from elearn.foundation.i18n import _
from elearn.foundation.storage.current import store
from elearn.foundation.web.addresses import one
from elearn.foundation.web.forms import check as checked
from elearn.foundation.web.rendering import redirect, render
from elearn.foundation.web.session import DbSession, Now
from elearn.foundation.web.uploads import Received, received_or_refused
from elearn.people.access.actor import Actor
from elearn.people.access.permissions import Permission
from elearn.people.accounts.door import SignedIn
from elearn.standards.oneroster import actions
from elearn.standards.oneroster.feed import MOST_BYTES, Feed, Problem, read_feed
from elearn.standards.oneroster.forms import FeedWish
from elearn.standards.oneroster.queries import feed_for, feeds, open_courses

router = APIRouter()
PLACE = "/impor/oneroster"
FEED = PLACE + "/" + one("feed")
SHOWN = 100


async def _brought(request: Request, actor: SignedIn) -> Received | Refusal:
    actor.must(Permission.MANAGE_PEOPLE)
    return await received_or_refused(request, store(), limit=MOST_BYTES)


@router.get(PLACE)
def choose(request: Request, session: DbSession, actor: SignedIn) -> Response:
    return _choice(request, session, actor, {}, {})


@router.post(PLACE)
def bring(
    request: Request,
    brought: Annotated[Received | Refusal, Depends(_brought)],
    session: DbSession,
    actor: SignedIn,
    now: Now,
) -> Response:
    if isinstance(brought, Refusal):
        return _choice(request, session, actor, {"file": next(iter(brought.fields.values()), brought.message)}, {})
    form = checked(FeedWish, brought.fields)
    course = next(
        (each for each in open_courses(session, actor) if form.value and each.slug == form.value.course), None
    )
    errors = dict(form.errors)
    feed = _read(brought, errors)
    if form.value and course is None:
        errors["course"] = _("Pilih salah satu dari daftar.")
    if errors or feed is None or course is None or form.value is None:
        return _choice(request, session, actor, errors, form.typed)
    found = actions.bring(session, actor, course, form.value.source, brought.name, feed, now)
    return redirect(f"{PLACE}/{found.public_id}")


@router.get(FEED)
def show(request: Request, session: DbSession, actor: SignedIn, feed: str) -> Response:
    found = feed_for(session, actor, feed)
    plan = actions.check(session, actor, found) if found.state != "written" else None
    problems = plan.problems if plan else [Problem(**each) for each in found.refused or []]
    return render(
        request,
        "oneroster/feed.html",
        feed=found,
        plan=plan,
        counts=plan.counts if plan else found.counts,
        problems=problems[:SHOWN],
        more=max(0, len(problems) - SHOWN),
    )


@router.post(FEED + "/tulis")
def write(session: DbSession, actor: SignedIn, feed: str, now: Now) -> Response:
    return redirect(f"/pekerjaan/{actions.start(session, actor, feed_for(session, actor, feed), now)}")


def _read(brought: Received, errors: dict[str, str]) -> Feed | None:
    """The feed in a file, which is kept nowhere: it tells more of people than is needed here."""
    content = store().read(brought.key)
    store().delete(brought.key)
    try:
        return read_feed(content)
    except Invalid as wrong:
        errors["file"] = wrong.message
        return None


def _choice(
    request: Request, session: Session, actor: Actor, errors: dict[str, str], typed: dict[str, str]
) -> Response:
    return render(
        request,
        "oneroster/feeds.html",
        status=422 if errors else 200,
        feeds=feeds(session, actor),
        courses=[(course.slug, course.title) for course in open_courses(session, actor)],
        errors=errors,
        typed=typed,
    )
