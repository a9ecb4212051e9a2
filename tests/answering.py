"""An OpenID provider on loopback that answers as a test tells it to, right or forged."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from served import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT = "sideblik"
SECRET = "a-secret-of-this-test-alone"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})  # names itself as the right one does
Claims = dict[str, Any]


@dataclass
class Answering:
    """What it says: `token` makes the ID token of an attempt's claims; `asked` keeps what reached it."""

    issuer: str = ""
    token: Callable[[Claims], str | None] = field(default_factory=lambda: signed)
    metadata: Claims = field(default_factory=dict)
    more: Claims = field(default_factory=dict)
    status: int = 200
    challenge: str = ""
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    def claims(self) -> Claims:
        """What a right ID token of the attempt under way says."""
        now = int(time.time())
        who = {"sub": "4711", "email": "anna@noerreaa.example", "email_verified": True}
        return {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce, **who}

    async def tell(self, _request: Request) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/me",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],  # all that one may offer
        }
        return JSONResponse({**told, **self.metadata})

    async def keys(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def exchange(self, request: Request) -> Response:
        """The code for tokens, to whoever knows what the attempt began with (PKCE, RFC 7636)."""
        form = await request.form()
        self.asked.append(request.url.path)
        verifier = str(form.get("code_verifier", ""))
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if made != self.challenge or form.get("code") != "right":
            return JSONResponse({"error": "invalid_grant"}, 400)
        told = {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token(self.claims())}
        return JSONResponse({name: value for name, value in told.items() if value is not None}, self.status)

    async def me(self, _request: Request) -> Response:
        return JSONResponse({"sub": "4711", **self.more})

    async def bait(self, request: Request) -> Response:
        """The keys of somebody else, at an address that a token may name."""
        self.asked.append(request.url.path)
        return JSONResponse({"keys": [OTHER.as_dict(private=False)]})


def signed(claims: Claims, key: RSAKey = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first", **header}, claims, key)


def sealed(claims: Claims, secret: str | bytes) -> str:
    """Signed with a word that both sides know, where a key pair is asked for."""
    return jwt.encode({"alg": "HS256", "kid": "first"}, claims, OctKey.import_key(secret), algorithms=["HS256"])


def unsigned(claims: Claims, alg: str = "none") -> str:
    parts = ({"alg": alg, "kid": "first"}, claims)
    return "".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") + "." for one in parts)


@contextmanager
def answering() -> Iterator[Answering]:
    made = Answering()
    routes = [
        Route("/.well-known/openid-configuration", made.tell),
        Route("/keys", made.keys),
        Route("/token", made.exchange, methods=["POST"]),
        Route("/me", made.me),
        Route("/bait", made.bait),
    ]
    with serving(Starlette(routes=routes)) as made.issuer:
        yield made
