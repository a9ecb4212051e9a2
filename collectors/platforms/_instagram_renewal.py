"""Instagram's own tokens renewed: those of accounts that are connected without a Facebook page (`login = "instagram"`).

A token of 60 days is exchanged for another one once it is 24 hours old and as long as it lives; no secret is needed.
Tokens of pages (the usual way) have no end and are not renewed. Facebook's long-lived tokens of persons cannot be
renewed without the person. Source: Instagram Platform reference, "Refresh Access Token", which takes the token in the
address and tells of no header.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from collectors.addresses import redact
from collectors.base import Grant, Renewed
from collectors.errors import VisitError
from collectors.http import Answer, Http
from collectors.platforms._graph import Voice, explain
from collectors.platforms._renewing import renewed_by
from data.types import Page

HOME: Final = "https://graph.instagram.com"
_VOICE: Final = Voice("Instagram", "instagram_business_basic")


class InstagramRenewer:
    """Renews the token of an account that logged in by itself."""

    def may_renew(self, page: Page, grant: Grant) -> bool:
        return page.options.get("login") == "instagram" and bool(grant.token)

    def renewed(self, page: Page, grant: Grant, http: Http) -> Renewed:
        base = re.sub(r"/v\d+\.\d+$", "", page.options.get("base_url", "").rstrip("/")) or HOME
        address = f"{base}/refresh_access_token"

        def refusal(answer: Answer) -> VisitError | None:
            return explain(answer, http.clock(), _VOICE)

        token, bar, app = grant.token.partition("|")
        params = {"grant_type": "ig_refresh_token", "access_token": token}
        answer = http.get_json(address, params=params, explain=refusal)
        found = renewed_by(answer, grant, http.clock(), redact(address))
        return replace(found, grant=replace(grant, token=f"{found.grant.token}{bar}{app}"))
