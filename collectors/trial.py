"""One question to a platform, to learn whether a page's token works and when it ends. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from collectors.base import Collector, Request
from collectors.errors import UnexpectedError, VisitError
from collectors.http import Http
from collectors.platforms import collector_for
from data.places import EXPIRES
from data.types import Page


@dataclass(frozen=True, slots=True)
class Trial:
    """`error` says why the token does not work. `expires` is as the platform told it: "" for a token without an end,
    None where it told nothing.
    """

    error: VisitError | None = None
    expires: str | None = None


def tried(page: Page, token: str | None, http: Http, at: datetime, collector: Collector | None = None) -> Trial:
    """The platform's answer to the first question of a visit that asks for what was written since now."""
    request = Request(page, at, token, MappingProxyType({}))
    try:
        batches = (collector or collector_for(page.platform)).batches(request, http)
        first = next(iter(batches), None)
    except VisitError as error:
        return Trial(error)
    except Exception as error:  # noqa: BLE001, its own words may hold texts from outside
        return Trial(UnexpectedError(f"Sideblik failed while it asked ({type(error).__name__}); tell the developers."))
    return Trial(expires=(first.memory or {}).get(EXPIRES) if first else None)
