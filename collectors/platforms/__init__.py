"""The platforms: one file each, with a module-level `collector`, found by themselves. Helpers begin with `_`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from collectors.base import Collector
from collectors.errors import PageSetupError


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
