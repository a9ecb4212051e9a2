"""What can go wrong, sorted by who must act.

    SideblikError                     the root; `who` names the one who must act
    ├── SettingsError                 the person who set Sideblik up: sideblik.toml, a token, a folder
    ├── StoreError                    the person who runs the machine: database, disk, rights
    ├── ChangedError                  the viewer: somebody else changed the case meanwhile; look again
    ├── SamePersonError               the viewer: a second person must do it
    ├── UnderWayError                 nobody: a visit to the page runs already; it opens and closes nothing
    ├── OutOfScopeError               the viewer: asked for what is not theirs, or does not exist (never told apart)
    └── collectors.errors.VisitError  see the tree there: the platform, the token, the network, the file

Every message says what was asked, what was found, and what to do. No message holds text from outside.
"""

from __future__ import annotations

from enum import StrEnum


class Who(StrEnum):
    """The one who must act before it can work again."""

    NOBODY = "nobody"  # it passes by itself; the next visit tries again
    PAGE_ADMINISTRATOR = "page_administrator"
    OPERATOR = "operator"  # whoever runs Sideblik on the municipality's machine
    VIEWER = "viewer"
    DEVELOPER = "developer"


class SideblikError(Exception):
    """Root of all errors that Sideblik raises on purpose."""

    who: Who = Who.OPERATOR

    @property
    def code(self) -> str:
        """The kind by which it is kept and told; a platform module's own kinds count as what they stem from."""
        return next(kind.__name__ for kind in type(self).__mro__ if ".platforms." not in kind.__module__)


class SettingsError(SideblikError):
    """The configuration or a secret is missing or wrong."""


class StoreError(SideblikError):
    """The database cannot be opened, read or written."""


class UnderWayError(SideblikError):
    """A visit to the page, or an import for it, runs already; nothing was begun."""

    who = Who.NOBODY


class ChangedError(SideblikError):
    """Somebody else changed the case since it was read; nothing was written."""

    who = Who.VIEWER


class SamePersonError(SideblikError):
    """A second person must agree, and this is the first; nothing was written."""

    who = Who.VIEWER


class OutOfScopeError(SideblikError):
    """The thing does not exist for this viewer; whether it exists for another is not told."""

    who = Who.VIEWER
