"""The demo's sideblik.toml and its tokens, for whoever starts the sandbox and a dashboard side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from collectors.sandbox.demo import institutions, places
from collectors.sandbox.dialects import dialect_of
from collectors.sandbox.scenario import Place
from collectors.sandbox.written import municipality
from data.types import Institution

EVERY = 10  # seconds between two visits to a page: long enough to watch, short enough not to wait
LOOK_BACK = 45  # days: all of the demo's history


def configuration(base_url: str, seed: int = 7, *, every_seconds: int = EVERY) -> str:
    """The text of a sideblik.toml for the demo municipality, whose pages are served at `base_url`; holds no token."""
    told = [
        f"[municipality]\nname = {_text(municipality()['municipality'])}\n",
        *(_table("institution", {"id": one.id, "name": one.name, "kind": one.kind}) for one in institutions()),
        *(_table("page", row) for row in page_rows(base_url, places(seed), every_seconds)),
        *(_table("person", _person(row)) for row in municipality()["person"]),
        *(_table("reply", row) for row in municipality()["reply"]),
    ]
    return "\n".join(told)


def configuration_of(
    base_url: str, institutions: Sequence[Institution], places: Sequence[Place], *, every_seconds: int = 3600
) -> str:
    """The same for any scenario's places, without people: for load and for trials."""
    told = [
        f"[municipality]\nname = {_text(municipality()['municipality'])}\n",
        *(_table("institution", {"id": one.id, "name": one.name, "kind": one.kind}) for one in institutions),
        *(_table("page", row) for row in page_rows(base_url, places, every_seconds)),
    ]
    return "\n".join(told)


def tokens(seed: int = 7) -> Mapping[str, str]:
    """The token of each page that needs one, by page id."""
    return {one.id: make(seed, one.ref) for one in places(seed) if (make := dialect_of(one).token)}


def page_rows(base_url: str, places: Sequence[Place], every_seconds: int) -> Iterator[dict[str, object]]:
    """One table of keys and values a page, as sideblik.toml has them."""
    for one in places:
        spoken = dialect_of(one)
        ref, options = spoken.address(base_url, one)
        yield {
            "id": one.id,
            "institution": one.institution_id,
            "platform": spoken.platform,
            "name": one.name,
            "url": f"{base_url}/see/{one.ref}",
            "ref": ref,
            "goal_open_hours": one.goal_open_hours,
            **({"opening": one.opening} if one.opening else {}),
            "every_seconds": every_seconds,
            "look_back_days": LOOK_BACK,
            "options": dict(options),
        }


def _person(row: Mapping[str, object]) -> dict[str, object]:
    return {"name": row["name"], "role": row["role"], "institutions": row["institutions"]}


def _table(name: str, row: Mapping[str, object]) -> str:
    lines = [f"{key} = {_text(value)}" for key, value in row.items() if value not in ({}, [])]
    return "\n".join([f"[[{name}]]", *lines, ""])


def _text(value: object) -> str:
    """A value in TOML; JSON's texts, numbers and lists are TOML's too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_text(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
