"""Who looks after each page: its state, its administrators, whether it sleeps, the days that nobody covers."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from dashboard import safe, words
from dashboard.department import Minded, Minding
from dashboard.shapes.basics import figure, figures, pill, table
from dashboard.shapes.cases import platform
from dashboard.shapes.places import state_pill
from dashboard.words import text
from data.page_state import State, page_state
from data.rows import PageRow

_NONE = Minding(0, asleep=False, uncovered=0)


def summary(pages: Sequence[PageRow], minded: Minded, now: datetime) -> str:
    """The three honest states counted, and what may go wrong next."""
    states = Counter(page_state(page, now).state for page in pages)
    found = [minded.pages.get(page.id, _NONE) for page in pages]
    told = [(f"state_{state}", states[state], state is State.ATTENTION) for state in State]
    told += [
        ("alone", sum(one.administrators <= 1 for one in found), True),
        ("asleep", sum(one.asleep for one in found), False),
    ]
    if minded.rota:
        told.append(("uncovered", sum(one.uncovered > 0 for one in found), True))
    return figures(
        [
            figure(
                text(f"minding.{key}"),
                count,
                note=text(f"minding.{key}_note"),
                tone="bad" if bad and count else "plain",
            )
            for key, count, bad in told
        ]
    )


def page_table(pages: Sequence[PageRow], minded: Minded, now: datetime) -> str:
    """Every page of the scope, by institution and name."""
    header = [text(f"minding.column.{name}") for name in ("page", "state", "administrators", "notes")]
    rows = [
        [
            _named(page),
            state_pill(page, now),
            words.number(minded.pages.get(page.id, _NONE).administrators),
            notes(minded.pages.get(page.id, _NONE)),
        ]
        for page in pages
    ]
    return table(header, rows, label=text("minding.title"), numbers=frozenset({2}))


def _named(page: PageRow) -> str:
    where = f"{safe.name(page.institution_name)} · {html.escape(platform(page.platform))}"
    return f"{safe.name(page.name)}<br><span class='sb-meta'>{where}</span>"


def notes(one: Minding) -> str:
    """What there is to say of a page besides how it is seen; "" for nothing."""
    told = []
    if one.administrators <= 1:
        told.append(pill(text("minding.none" if one.administrators == 0 else "minding.one"), "▲", "warn"))
    if one.asleep:
        told.append(pill(text("minding.sleeps"), "☾"))
    if one.uncovered:
        told.append(uncovered(one.uncovered))
    return " ".join(told)


def uncovered(days: int) -> str:
    """The warning that nobody looks after a page on some days of the coming week."""
    return pill(words.counted("minding.days", days), "▲", "warn")


def nobody(minded: Minded) -> str:
    """One sentence on top of the overview: how many pages nobody covers in the coming week; "" for none."""
    count = sum(one.uncovered > 0 for one in minded.pages.values())
    return words.counted("minding.nobody", count) if count else ""
