"""Who is looking, and what they may see and do.

    role            institutions   cases              posts, search   decides   third parties
    reader          own            all categories     yes             no        masked
    administrator   own            all categories     yes             yes       shown
    communications  all            all categories     yes             yes       shown
    dpo             all            confidentiality    no              yes       shown

The scope made here goes with every query and every write; the screens only leave out what it would refuse anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.settings import PersonSetting
from data.people import Person
from data.types import Category, Scope


class Role(StrEnum):
    READER = "reader"
    ADMINISTRATOR = "administrator"
    COMMUNICATIONS = "communications"
    DPO = "dpo"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person at a screen."""

    name: str
    role: Role
    scope: Scope

    @property
    def acts(self) -> bool:
        """Whether they may take and decide cases and have pages visited."""
        return self.scope.acts


def scope_for(role: Role, institutions: Iterable[str]) -> Scope:
    """What a role may see; a reader or administrator without institutions sees nothing."""
    if role is Role.DPO:
        return Scope(everywhere=True, categories=frozenset({Category.CONFIDENTIALITY}), acts=True)
    everything = frozenset(Category)
    if role is Role.COMMUNICATIONS:
        return Scope(everywhere=True, categories=everything, browse=True, acts=True)
    acts = role is Role.ADMINISTRATOR
    return Scope(institutions=frozenset(institutions), categories=everything, browse=True, acts=acts, masked=not acts)


def viewer_of(person: PersonSetting) -> Viewer:
    """A person of the configuration as a viewer."""
    role = Role(person.role)
    return Viewer(person.name, role, scope_for(role, person.institutions))


def viewer_from(person: Person) -> Viewer:
    """A person of the people table, as they stand there now, as a viewer."""
    role = Role(person.role)
    return Viewer(person.name, role, scope_for(role, person.institutions))


def local_viewer(name: str) -> Viewer:
    """Whoever sits at the machine itself: without a login the dashboard answers there alone."""
    return Viewer(name, Role.COMMUNICATIONS, scope_for(Role.COMMUNICATIONS, ()))


def choose(people: Sequence[PersonSetting], name: str | None) -> PersonSetting | None:
    """The person of that name, else the one who sees most; None where the configuration names nobody."""
    named = next((person for person in people if person.name == name), None)
    widest = next((person for person in people if person.role == Role.COMMUNICATIONS), None)
    return named or widest or (people[0] if people else None)
