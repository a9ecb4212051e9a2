"""The dialects that the sandbox speaks. A new one is a module with a `DIALECT`, and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.sandbox import bluesky, facebook, instagram, linkedin, mastodon, newslist, web, wordpress, youtube
from collectors.sandbox.dialect import Dialect
from collectors.sandbox.scenario import Place

SPOKEN: tuple[Dialect, ...] = (
    facebook.DIALECT,
    instagram.DIALECT,
    web.DIALECT,
    wordpress.DIALECT,
    newslist.DIALECT,
    youtube.DIALECT,
    linkedin.DIALECT,
    mastodon.DIALECT,
    bluesky.DIALECT,
)
MOUNTS: Mapping[str, Dialect] = {one.mount: one for one in SPOKEN}
KINDS: Mapping[str, Dialect] = {kind: one for one in SPOKEN for kind in one.kinds}


def dialect_of(place: Place) -> Dialect:
    """The dialect that a place speaks."""
    return KINDS[place.dialect]
