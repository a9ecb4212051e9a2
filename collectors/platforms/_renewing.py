"""What the answers of those who renew tokens have in common, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from collectors.base import Grant, Renewed
from collectors.errors import ShapeError
from collectors.http import Answer

LONGEST: Final = timedelta(days=400)


def renewed_by(answer: Answer, grant: Grant, at: datetime, place: str) -> Renewed:
    """The new token (RFC 6749, 5.1) with its end; a new refresh token replaces the old one. ShapeError without them."""
    told: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    token, seconds = told.get("access_token"), told.get("expires_in")
    lasts = isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds <= LONGEST.total_seconds()
    if not (isinstance(token, str) and token and lasts):
        raise ShapeError(
            f"{place} answered without a new token and its end; the old one goes on until its own.", endpoint=place
        )
    refresh = told.get("refresh_token")
    kept = replace(grant, token=token, refresh=refresh if isinstance(refresh, str) and refresh else grant.refresh)
    return Renewed(kept, at + timedelta(seconds=seconds or 0))
