"""What a provider claims of an account, as a person of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.settings_login import Login, Rule
from data.people import Person


def login_in(claims: Mapping[str, Any], login: Login) -> str:
    """The word by which communications know the account; "" where it is told none, or says itself that it is unproved.

    An address of mail is worth nothing where the provider says that nobody has checked whose it is.
    """
    found = claims.get(login.login_claim)
    if login.login_claim == "email" and claims.get("email_verified") in (False, "false"):
        return ""
    return found.strip() if isinstance(found, str) else ""


def person_in(claims: Mapping[str, Any], login: Login) -> Person | None:
    """The person that the rules make of the claims; None where no rule fits or no login is told.

    The first rule that fits, in the file's order, decides the role; every fitting rule of that role adds institutions.
    """
    fitting = [rule for rule in login.rules if _fits(rule, claims)]
    word = login_in(claims, login)
    if not fitting or not word:
        return None
    name = claims.get(login.name_claim)
    places = {place for rule in fitting if rule.role == fitting[0].role for place in rule.institutions}
    return Person(
        word, name if isinstance(name, str) and name.strip() else word, fitting[0].role, tuple(sorted(places))
    )


def _fits(rule: Rule, claims: Mapping[str, Any]) -> bool:
    """A claim is a text or a list of texts; anything else fits nothing."""
    found = claims.get(rule.claim)
    return found == rule.value if isinstance(found, str) else isinstance(found, list) and rule.value in found
