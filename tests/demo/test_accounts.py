"""Whom visitors of the demo may sign in as: somebody in every role, told on the shell and in the README."""

from pathlib import Path

import pytest
from sqlalchemy import select

from elearn.demo import people
from elearn.foundation.clock import utc_now
from elearn.people.access.permissions import Role
from elearn.people.accounts.models import Person
from elearn.people.accounts.queries import actor_for
from elearn.people.organisation.models import Unit

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.words_alone
def test_every_role_has_an_account_that_reaches_what_it_is_for(session):
    people.load_people(session, utc_now())
    assert {account.role for account in people.ACCOUNTS} == set(Role)
    paths = {unit.code: unit.path for unit in session.scalars(select(Unit))}
    for account in people.ACCOUNTS:
        person = session.scalars(select(Person).filter_by(nip=account.nip)).one()
        actor = actor_for(session, person.id)
        assert actor is not None
        assert Role(account.role) in actor.roles
        if account.role in (Role.OPD_ADMIN, Role.HEAD):
            assert actor.scope_paths == (paths[account.unit],)
        assert person.position == (account.position or person.position)


def test_the_readme_tells_all_of_them():
    told = README.read_text(encoding="utf-8")
    for account in people.ACCOUNTS:
        assert f"| {account.nip} | `{account.password}` |" in told, account.name
