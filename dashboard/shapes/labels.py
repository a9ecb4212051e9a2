"""Places as options of a select box. An option stands in the address by its label, so that no two are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dashboard.safe import label
from dashboard.shapes.cases import platform
from data.rows import Places


def pages(places: Places) -> dict[str, str]:
    """Page id -> its name and platform; where two are called the same, with the institution, then with the id."""
    homes = {one.id: label(one.name) for one in places.institutions}
    named = {one.id: f"{label(one.name)} · {platform(one.platform)}" for one in places.pages}
    owned = {one.id: f"{named[one.id]} · {homes.get(one.institution_id, one.institution_id)}" for one in places.pages}
    return _apart(_apart(named, owned), {one.id: f"{owned[one.id]} ({one.id})" for one in places.pages})


def institutions(places: Places) -> dict[str, str]:
    """Institution id -> its name, with the id where two are called the same."""
    named = {one.id: label(one.name) for one in places.institutions}
    return _apart(named, {one.id: f"{named[one.id]} ({one.id})" for one in places.institutions})


def _apart(named: Mapping[str, str], longer: Mapping[str, str]) -> dict[str, str]:
    """The names, the longer form of each that is not the only one of its kind."""
    count = Counter(named.values())
    return {key: name if count[name] == 1 else longer[key] for key, name in named.items()}
