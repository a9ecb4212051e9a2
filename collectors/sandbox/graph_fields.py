"""The field language of the Graph API: `id,comments.limit(2).order(chronological){id,from{id,name}}`.

Source: Graph API documentation, "Field Expansion".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

TOKEN = re.compile(r"[A-Za-z_]\w*|[.,{}]|\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field: its arguments (`limit(2)`) and, for an object or edge, the fields wanted of it."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: tuple[Field, ...] = ()


class FieldSyntaxError(ValueError):
    """The text is not a field list."""


def parse_fields(text: str) -> tuple[Field, ...]:
    """The wanted fields, in order; raises FieldSyntaxError."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise FieldSyntaxError("a character that no field list holds")
    fields, rest = _list(tokens)
    if rest:
        raise FieldSyntaxError("a bracket too many")
    return fields


def _list(tokens: list[str]) -> tuple[tuple[Field, ...], list[str]]:
    found: list[Field] = []
    while tokens and tokens[0] != "}":
        if tokens[0] == ",":
            tokens = tokens[1:]
            continue
        one, tokens = _field(tokens)
        found.append(one)
    return tuple(found), tokens


def _field(tokens: list[str]) -> tuple[Field, list[str]]:
    name, tokens = tokens[0], tokens[1:]
    if not name[0].isidentifier():
        raise FieldSyntaxError("a name was expected")
    arguments: dict[str, str] = {}
    while tokens[:1] == ["."] and tokens[2:] and tokens[2].startswith("("):
        arguments[tokens[1]] = tokens[2][1:-1]
        tokens = tokens[3:]
    below: tuple[Field, ...] = ()
    if tokens and tokens[0] == "{":
        below, tokens = _list(tokens[1:])
        if not tokens:
            raise FieldSyntaxError("a bracket is not closed")
        tokens = tokens[1:]
    return Field(name, arguments, below), tokens
