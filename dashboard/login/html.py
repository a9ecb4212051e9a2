"""The pages before the gate: small, without a script, and with nothing on them but what a stranger may know."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from dashboard.settings_login import Login
from dashboard.words import text

_HERE: Final = Path(__file__).parent
_HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A whole page; `body` is HTML, `title` is not."""
    whole = (
        '<!doctype html><html lang="da"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Sideblik</title><style>{_file('login/login.css')}</style>"
        f"<main>{_file('mark.svg')}<h1>{escape(title)}</h1>{body}</main></html>"
    )
    return HTMLResponse(whole, status, headers=_HEADERS)


def told(title: str, sentence: str, status: int, again: str | None = None) -> HTMLResponse:
    """One sentence, and a way to the login where that may help."""
    way = f'<a class="do" href="{escape(again)}">{escape(text("login.again"))}</a>' if again else ""
    return page(title, f"<p>{escape(sentence)}</p>{way}", status)


def ask(login: Login, following: str, problem: str = "", status: int = 200) -> HTMLResponse:
    """The ways to log in; `following` is the deep link that survives it."""
    parts = [f'<p class="bad" role="alert">{escape(problem)}</p>'] if problem else []
    asked = urlencode({"next": following})
    if "oidc" in login.ways:
        parts.append(f'<a class="do" href="/login/oidc?{escape(asked)}">{escape(text("login.oidc"))}</a>')
    if "password" in login.ways:
        parts.append(
            f'<form method="post" action="/login/password?{escape(asked)}">'
            f"{_field('login', 'username', 'text')}{_field('password', 'current-password', 'password')}"
            f"{_button('login.do')}</form>"
        )
    if "link" in login.ways:
        parts.append(f"<p>{escape(text('login.by_link', contact=login.contact))}</p>")
    return page(text("login.title"), "".join(parts), status)


def use_link(word: str) -> HTMLResponse:
    """A button: whoever only looks at a link's address, as mail scanners do, does not use it up."""
    field = f'<input type="hidden" name="word" value="{escape(word)}">'
    body = f'<p>{escape(text("login.link_more"))}</p><form method="post" action="/login/link">{field}'
    return page(text("login.title"), f"{body}{_button('login.do')}</form>")


def _field(name: str, fills: str, kind: str) -> str:
    label = escape(text(f"login.field_{name}"))
    return (
        f'<label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{fills}" required maxlength="1000">'
    )


def _button(key: str) -> str:
    return f'<button class="do">{escape(text(key))}</button>'


@cache
def _file(name: str) -> str:
    return (_HERE.parent / name).read_text("utf-8")
