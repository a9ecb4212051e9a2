"""The platforms: one file each, with a module-level `collector`, found by themselves. Helpers begin with `_`."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta
from functools import cache
from typing import Final

from collectors.base import Collector, Renewer
from collectors.errors import PageSetupError
from data.retention import NO_CEILING, Ceiling

_CLOSED: Final = frozenset({"facebook", "instagram", "linkedin", "youtube"})


def names() -> list[str]:
    """The words that a page's `platform` may be, for pages that are visited."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))


@cache
def collector_for(platform: str) -> Collector:
    """The collector of a platform; PageSetupError for a word that is none."""
    if platform not in names():
        raise PageSetupError(
            "No collector has the name that the page's `platform` gives in sideblik.toml;"
            f" there are: {', '.join(names())}."
        )
    collector: Collector = importlib.import_module(f"{__name__}.{platform}").collector
    return collector


@cache
def renewer_for(platform: str) -> Renewer | None:
    """What renews the platform's tokens (its module's `renewer`); None where its rules ask a person to."""
    if platform not in names():
        return None
    found: Renewer | None = getattr(importlib.import_module(f"{__name__}.{platform}"), "renewer", None)
    return found


@cache
def needs_token(platform: str) -> bool:
    """Whether nothing can be read of the platform without a token (its module's `NEEDS_TOKEN`, if it says so)."""
    if platform not in names():
        return False
    given = getattr(importlib.import_module(f"{__name__}.{platform}"), "NEEDS_TOKEN", platform in _CLOSED)
    return bool(given)


@cache
def keep_limit(platform: str) -> timedelta | None:
    """How long the platform's terms let what members wrote be kept (its module's `KEEP`); None for no such limit."""
    if platform not in names():
        return None
    found: timedelta | None = getattr(importlib.import_module(f"{__name__}.{platform}"), "KEEP", None)
    return found


@cache
def ceiling(platform: str) -> Ceiling:
    """What the platform's terms allow to be kept: its module's `KEEP` and, where it says so, four more.

    `KEEP_NAMES`: how long writers' names; `KEEP_OWN`: the page's own texts are bound too; `KEEP_RENEWED`: a later
    reading begins the time anew; `EMPTY_GONE`: what is gone there is emptied here at once.
    """
    if platform not in names():
        return NO_CEILING
    module = importlib.import_module(f"{__name__}.{platform}")
    return Ceiling(
        texts=getattr(module, "KEEP", None),
        names=getattr(module, "KEEP_NAMES", None),
        own=getattr(module, "KEEP_OWN", False),
        renewed=getattr(module, "KEEP_RENEWED", False),
        gone=getattr(module, "EMPTY_GONE", False),
    )
