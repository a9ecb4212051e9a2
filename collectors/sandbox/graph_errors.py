"""The Graph API's errors as the sandbox tells them (docs/platforms.md; Graph API documentation, "Handling Errors")."""

from __future__ import annotations

import hashlib

from collectors.sandbox.answer import Answer, as_json


class GraphError(Exception):
    """An error answer of the Graph API."""

    def __init__(
        self, code: int, message: str, *, subcode: int | None = None, status: int = 400, kind: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.status = status
        self.kind = kind or ("GraphMethodException" if subcode == 33 else "OAuthException")  # noqa: PLR2004

    def answer(self) -> Answer:
        error: dict[str, object] = {"message": str(self), "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.code in (1, 2):
            error["is_transient"] = True
        error["fbtrace_id"] = "A" + hashlib.sha256(str(self).encode()).hexdigest()[:22]
        return as_json({"error": error}, status=self.status)


def wrong_token() -> GraphError:
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def expired_token() -> GraphError:
    message = (
        "Error validating access token: Session has expired on Sunday, 22-Nov-26 01:00:00 PST. "
        "The current time is Sunday, 22-Nov-26 02:00:00 PST."
    )
    return GraphError(190, message, subcode=463, status=400)


def unknown_object(ref: str) -> GraphError:
    message = (
        f"Unsupported get request. Object with ID '{ref}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    return GraphError(100, message, subcode=33)


def unknown_field(name: str, node: str) -> GraphError:
    return GraphError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})")


def missing_permission() -> GraphError:
    message = (
        "(#10) This endpoint requires the 'pages_read_user_content' permission or the 'Page Public Content Access' "
        "feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages"
    )
    return GraphError(10, message, status=403)


def ids_removed() -> GraphError:
    return GraphError(
        100, "(#100) The ids query parameter is deprecated in v26.0+", status=500, kind="FacebookApiException"
    )


def too_much_data() -> GraphError:
    return GraphError(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)


def unavailable() -> GraphError:
    return GraphError(2, "Service temporarily unavailable", status=503)


THROTTLES = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls from this Page account. Wait a bit and try again.",
    80002: "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.",
}


def throttled(code: int = 80001) -> GraphError:
    return GraphError(code, THROTTLES[code])
