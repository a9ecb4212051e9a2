"""A list beside what is open of it. On a phone the open one stands instead of the list, with a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from dashboard.words import text

_DIGITS = 15  # more are no number of ours
FROM = "fra"  # where the shown part of the list begins, in the address


@contextmanager
def list_pane(is_open: bool) -> Iterator[None]:
    """The list; the style sheet hides it on a phone while something is open."""
    with st.container(key="liste-bag" if is_open else "liste"):
        yield


@contextmanager
def detail_pane(is_open: bool) -> Iterator[None]:
    """The pane; the style sheet hides it on a phone while nothing is open."""
    with st.container(key="rude" if is_open else "rude-tom"):
        if is_open:
            st.button(text("pane.back"), icon=":material/arrow_back:", key="tilbage", type="tertiary", on_click=close)
        yield


def close() -> None:
    """Back to the list alone."""
    for name in ("sag", "besked", "valgt", "fjernelse", "foto"):
        st.query_params.pop(name, None)


def start_over() -> None:
    st.query_params.pop(FROM, None)


def number_from(name: str) -> int | None:
    """A number from the address; None where there is none or it is no number."""
    value = st.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None


def cursor(key: tuple[object, ...]) -> str:
    return "|".join(str(part) for part in key)


def read_cursor(*kinds: Callable[[str], Any]) -> Any:  # noqa: ANN401 a tuple of the kinds
    """The place that the list begins after, or None; a made-up one counts as none, a number beyond SQLite's too."""
    parts = st.query_params.get(FROM, "").split("|")
    if len(parts) != len(kinds):
        return None
    try:
        place = tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        return None
    return None if any(isinstance(part, int) and abs(part) >= 10**_DIGITS for part in place) else place


def go_on(following: str | None) -> None:
    """The way to the next part of the list and back to its top."""
    with st.container(horizontal=True, key="bladre"):
        if st.query_params.get(FROM):
            st.button(text("pane.top"), icon=":material/vertical_align_top:", key="forfra", on_click=start_over)
        if following is not None:
            st.button(
                text("pane.next"), icon=":material/arrow_forward:", key="naeste", on_click=_move, args=(following,)
            )


def _move(following: str) -> None:
    st.query_params[FROM] = following
