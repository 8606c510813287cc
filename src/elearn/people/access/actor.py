"""The actor: everything that decides what may be done, loaded once a request."""

from dataclasses import dataclass, field
from typing import Self

from elearn.foundation.errors import Forbidden
from elearn.foundation.i18n import _
from elearn.people.access.permissions import GRANTS, Permission, Role


@dataclass(frozen=True)
class Actor:
    """A person who acts, or the system with a reason.

    `scope_paths` are the tree paths of the units that an OPD admin or a head looks after, nobody being both; a regency
    admin's scope is everything.
    """

    person_id: int | None
    public_id: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset({Role.LEARNER})
    scope_paths: tuple[str, ...] = ()
    unit_id: int | None = None
    unit_path: str = ""
    locale: str = "id"
    theme: str = ""
    text_size: str = ""
    second_factor: bool = False
    session_id: int | None = None
    token_scopes: frozenset[str] | None = None
    reason: str = field(default="", compare=False)

    @classmethod
    def system(cls, reason: str) -> Self:
        """The CLI, a job or a reaction; may do everything, and the audit says why."""
        return cls(None, name="sistem", roles=frozenset(Role), reason=reason)

    @property
    def is_system(self) -> bool:
        return self.person_id is None

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2]).upper()

    @property
    def everywhere(self) -> bool:
        """Sees the whole unit tree."""
        return Role.REGENCY_ADMIN in self.roles

    @property
    def administers(self) -> bool:
        return self.everywhere or Role.OPD_ADMIN in self.roles

    @property
    def leads(self) -> bool:
        """Sees the people and reports of a part of the tree, and changes nothing there."""
        return Role.HEAD in self.roles and not self.administers

    @property
    def signs(self) -> bool:
        """Signs certificates, and has no other work of an admin's."""
        return Role.SIGNER in self.roles and not self.administers

    @property
    def guarded(self) -> bool:
        """Holds a role for which a password alone is not enough."""
        return bool(self.roles - {Role.LEARNER, Role.INSTRUCTOR})

    @property
    def teaches(self) -> bool:
        return self.everywhere or Role.INSTRUCTOR in self.roles

    def may(self, permission: Permission, within: str | None = None) -> bool:
        """Whether a role allows it; `within` is the tree path of the unit that it concerns."""
        if not any(permission in GRANTS[role] for role in self.roles):
            return False
        if within is None or self.everywhere:
            return True
        return any(within.startswith(path) for path in self.scope_paths)

    def must(self, permission: Permission, within: str | None = None) -> None:
        """Refuse with Forbidden unless `may`."""
        if not self.may(permission, within):
            raise Forbidden(_("Anda tidak berwenang melakukan ini."))

    def me(self) -> int:
        """The person's id; the system has none and must not come here."""
        if self.person_id is None:
            raise Forbidden(_("Hanya orang yang dapat melakukan ini."))
        return self.person_id
