"""LinkedIn's tokens renewed with the refresh token that approved apps are given.

An access token lasts 60 days, the refresh token 365 days from when a person granted it, however often it is used; the
last access token ends with it. Source: "Refresh Tokens with OAuth 2.0" (Microsoft Learn, LinkedIn).
"""

from __future__ import annotations

from typing import Final

from collectors.addresses import redact
from collectors.base import Grant, Renewed
from collectors.errors import PageSetupError, ShapeError, TokenError, VisitError
from collectors.http import Answer, Http
from collectors.platforms._renewing import renewed_by
from data.types import Page

OAUTH: Final = "https://www.linkedin.com/oauth/v2/accessToken"


class LinkedInRenewer:
    """Renews where a refresh token stands beside the token, with the id and the secret of the app it was given to."""

    def may_renew(self, page: Page, grant: Grant) -> bool:
        return page.options.get("accept_48_hours") == "yes" and bool(
            grant.refresh and grant.client_id and grant.client_secret
        )

    def renewed(self, page: Page, grant: Grant, http: Http) -> Renewed:
        address = page.options.get("oauth_url", OAUTH)
        form = {
            "grant_type": "refresh_token",
            "refresh_token": grant.refresh,
            "client_id": grant.client_id,
            "client_secret": grant.client_secret,
        }
        answer = http.post(address, form, form=True, explain=_refusal)
        return renewed_by(answer, grant, http.clock(), redact(address))


def _refusal(answer: Answer) -> VisitError | None:
    """What a refusal means, by its code (RFC 6749, 5.2); None leaves it to its status."""
    if not 400 <= answer.status < 500 or not isinstance(answer.data, dict):  # noqa: PLR2004, refusals alone
        return None
    place, code = redact(answer.url), answer.data.get("error")
    if code == "invalid_grant":
        return TokenError(
            f"{place} takes the page's refresh token no longer; a page administrator must connect the page again.",
            endpoint=place,
        )
    if code in {"invalid_client", "unauthorized_client", "invalid_client_id"}:
        return PageSetupError(
            f"{place} knows no app of that id and secret, or lets it renew nothing; correct client_id and client_secret"
            " beside the page's token.",
            endpoint=place,
        )
    if answer.status == 429:  # noqa: PLR2004, too many requests: that is told by the status
        return None
    return ShapeError(f"{place} did not renew a token ({answer.status}); Sideblik must be corrected.", endpoint=place)
