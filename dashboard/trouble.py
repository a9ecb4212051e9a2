"""What is wrong with a page and who must act, as one Danish saying; and the warning of a token that will end.

A kind of trouble has its words under `trouble.<kind>` in the texts, and under `trouble.<platform>.<kind>` where a
platform's differ. Nothing from outside stands in them: pages are named by their platform alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from dashboard import words
from dashboard.words import text
from data.page_state import PageState, page_state, token_days, token_warning
from data.rows import PageRow

_TOKEN: Final = "TokenError"  # noqa: S105, an error's name


def sentence(page: PageRow, now: datetime) -> str:
    """What is wrong and who must act; of a page that is seen what cannot be compared, else ""."""
    found = page_state(page, now)
    return told(page, found, now) if found.why else ""


def told(page: PageRow, found: PageState, now: datetime) -> str:
    """The saying of a state: the platform's own words, the general ones, or those for a kind that has none."""
    why = "expired" if found.why == _TOKEN and token_warning(page, now) == 0 else found.why
    key = next(filter(words.known, (f"trouble.{page.platform}.{why}", f"trouble.{why}")), "trouble.other")
    return _said(key, page, found, now)


def warning(page: PageRow, now: datetime) -> str:
    """The warning that the page's token will end, from 14 days before; "" where none is due."""
    due = token_warning(page, now)
    if due is None or page_state(page, now).why == _TOKEN:
        return ""
    days = max(token_days(page, now) or 0, 0)
    key = "token.ended" if due == 0 else "token.soon" if days == 0 else "token.one" if days == 1 else "token.many"
    return _said(key, page, page_state(page, now), now, days=words.number(days))


def _said(key: str, page: PageRow, found: PageState, now: datetime, **more: str) -> str:
    """A day may end in a full stop of its own, and no sentence ends in two."""
    return text(key, **_values(page, found, now), **more).replace("..", ".")


def side(platform: str) -> str:
    """A page of a platform as it stands in a sentence: Facebook-siden, hjemmesiden."""
    return _of(f"side.{platform}")


def _values(page: PageRow, found: PageState, now: datetime) -> dict[str, str]:
    return {
        "side": side(page.platform),
        "sides": _of(f"sides.{page.platform}"),
        "Side": _capital(side(page.platform)),
        "platform": _of(f"platform_name.{page.platform}"),
        "renew": _of(f"renew.{page.platform}"),
        "since": words.moment(found.since, now) if found.since else text("trouble_part.never"),
        "ended": words.day(page.token_expires_at, now) if page.token_expires_at else "",
        "share": _whole(words.share(page.coverage)),
        "goal": _whole(words.share(page.coverage_goal)),
        "posts": words.counted("trouble_part.posts", page.short_posts),
        "texts": words.counted("trouble_part.texts", page.not_judged),
    }


def _of(key: str) -> str:
    """The text of a platform, or of any other one that has none of its own."""
    return text(key if words.known(key) else f"{key.partition('.')[0]}.other")


def _whole(value: str) -> str:
    """A number that its unit does not leave at the end of a line."""
    return value.replace(" ", "\u00a0")


def _capital(sentence_part: str) -> str:
    return sentence_part[:1].upper() + sentence_part[1:]
