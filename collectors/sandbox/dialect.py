"""What a dialect of the sandbox is: how one platform answers, and what can happen on its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from collectors.sandbox.answer import Answer, Ask
from collectors.sandbox.faults import Instead, Spoil
from collectors.sandbox.scenario import Place, Scenario

Address = tuple[str, Mapping[str, object]]


def nothing_used(_calls: int, _ref: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect: everything that the rest of the sandbox has to know of a platform.

    `mount` is the first word of its addresses, `platform` the collector's word for it, `kinds` the words that
    `Place.dialect` may hold. `answer` answers a question, `asked` tells which place is asked for (None: cannot be
    told). `address` gives, for the sandbox's base address and a place, the page's `ref` and options in sideblik.toml.
    `token` makes the token of a page from seed and `Place.ref`; None where none is needed. `usage` gives the headers
    that tell how much is used, from the calls so far and the place's ref. `instead` and `spoil` are its own faults:
    they go before the common ones of the same word; a word of its own is written `platform:word`.

    Of the pages: `social` where people comment, `wall` where visitors write posts, `edits` where a comment can be
    edited, `hidable` where one can be hidden, `hides` where a hidden one is still listed and says so. `ref`,
    `post_id` and `comment_id` write identities as the platform does, from seed and page id, page ref and number,
    thread id and number.
    """

    mount: str
    platform: str
    kinds: tuple[str, ...]
    answer: Callable[[Scenario, Ask], Answer]
    asked: Callable[[Scenario, Ask], Place | None]
    address: Callable[[str, Place], Address]
    token: Callable[[int, str], str] | None = None
    usage: Callable[[int, str], Mapping[str, str]] = nothing_used
    instead: Mapping[str, Instead] = field(default_factory=lambda: MappingProxyType({}))
    spoil: Mapping[str, Spoil] = field(default_factory=lambda: MappingProxyType({}))
    social: bool = True
    wall: bool = False
    edits: bool = True
    hidable: bool = True
    hides: bool = False
    ref: Callable[[int, str], str] = lambda _seed, page: page
    post_id: Callable[[str, int], str] = lambda ref, drawn: f"{ref}_{drawn}"
    comment_id: Callable[[str, int], str] = lambda thread, drawn: f"{thread.partition('_')[2]}_{drawn}"
