"""What can go wrong on a visit or an import, sorted by who must act.

    VisitError(SideblikError)          the root; `who` must act, `endpoint` names what was asked (never a full address)
    ├── PassingError                   nobody: it passes; the next visit tries again
    │   ├── NetworkError               no connection, a timeout, a cut body, 5xx
    │   ├── ThrottledError             the platform's limit; `retry_at` says when it may be asked again
    │   └── StoppedError               Sideblik itself was stopped in the middle
    ├── AccessError                    a page administrator must renew what the platform granted
    │   ├── TokenError                 expired, revoked or wrong
    │   └── PermissionMissingError     the token lives but may not read this
    ├── ShapeError                     a developer: the answer is not of the form that the platform documents
    ├── EndpointGoneError              a developer: the platform removed what was asked
    ├── UnexpectedError                a developer: Sideblik itself failed, at the place that is named
    ├── PageSetupError                 the operator: page, address or reference in sideblik.toml is wrong
    └── FileError                      whoever made the file: unreadable, of no known form, or cut in the middle

Messages are one sentence or two: what was asked, what was found, what to do. They hold no text from outside beyond
code words and numbers, and no address with its query (it may carry a token).
"""

from __future__ import annotations

from datetime import datetime

from data.errors import SideblikError, Who


class VisitError(SideblikError):
    """A visit could not be carried through."""

    who = Who.NOBODY

    def __init__(self, message: str, *, endpoint: str = "") -> None:
        super().__init__(message)
        self.endpoint = endpoint


class PassingError(VisitError):
    """It passes by itself."""


class NetworkError(PassingError):
    """The other side could not be reached or did not answer whole."""


class ThrottledError(PassingError):
    """The platform's limit is reached; `everyone` where it is one that all tokens at the host share."""

    def __init__(
        self, message: str, *, endpoint: str = "", retry_at: datetime | None = None, everyone: bool = False
    ) -> None:
        super().__init__(message, endpoint=endpoint)
        self.retry_at = retry_at
        self.everyone = everyone


class StoppedError(PassingError):
    """Sideblik was stopped in the middle."""


class AccessError(VisitError):
    """What the platform granted must be renewed by an administrator of the page."""

    who = Who.PAGE_ADMINISTRATOR


class TokenError(AccessError):
    """The token is expired, revoked or wrong."""


class PermissionMissingError(AccessError):
    """The token lives but may not read this."""


class ShapeError(VisitError):
    """The answer is not of the form that the platform documents."""

    who = Who.DEVELOPER


class EndpointGoneError(VisitError):
    """The platform removed what was asked for."""

    who = Who.DEVELOPER


class UnexpectedError(VisitError):
    """Sideblik itself failed; the place in the code is named, nothing of what it worked on."""

    who = Who.DEVELOPER


class PageSetupError(VisitError):
    """The page's entry in sideblik.toml leads nowhere."""

    who = Who.OPERATOR


class FileError(VisitError):
    """A file cannot be read as an export; `line` is where it broke, counted from 1."""

    who = Who.VIEWER

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
