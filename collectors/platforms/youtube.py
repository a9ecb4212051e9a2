"""YouTube channels through the Data API v3: the uploads, the threads of all of them in one list, and every reply.

    channel ──► uploads since the look-back ──► the channel's threads, newest first ──► replies that did not come along
                      (304: as before)          (304, or the same first page: as before)

    once a day: everything without a condition, and older videos' numbers of comments ──► those whose number changed

Two calls tell that nothing changed. A thread is never older than its video, so the channel's list down to the
look-back holds every thread of every video in it. Options of a page: `quota_units` (a day, for all pages of one key;
10000), `held_comments = "yes"` (also what is held back or rejected; needs an OAuth token of the channel's owner),
`own_ids` (further channels under which the institution writes, with commas between), `sweep_days` (90; "0" for none),
`base_url` and `watch_url` (instead of YouTube's own addresses).

Source: YouTube Data API v3 reference, discovery document revision 20261104.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from collectors.base import Batch, Request
from collectors.errors import TokenError
from collectors.http import Http
from collectors.platforms._quota import Budget, Ledger, Meter, whole
from collectors.platforms._youtube_api import PACIFIC, UNITS, Api
from collectors.platforms._youtube_reading import Reading

KEEP: Final = timedelta(days=30)  # YouTube API Services Developer Policies III.E.4: refresh or delete
KEEP_OWN: Final = True  # all that the API gave, a channel's own comments too
KEEP_RENEWED: Final = True
EMPTY_GONE: Final = True
NEEDS_TOKEN: Final = True
HOME: Final = "https://youtube.googleapis.com/youtube/v3"


class YouTube:
    """Reads one channel with an API key, or with its owner's OAuth token."""

    def __init__(self) -> None:
        self._ledger = Ledger()

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Batches of videos, threads and replies; the last one holds what the next visit compares with."""
        if not request.token:
            raise TokenError("The page has no API key: give one in the environment or the secrets file.")
        budget = Budget(whole(request.page, "quota_units", UNITS, least=1), PACIFIC)
        meter = Meter(budget, self._ledger, request.token, request.page.id, request.memory, http.clock)
        base = request.page.options.get("base_url", "").rstrip("/") or HOME
        api = Api(http, base, request.token, meter)
        api.count(0)  # what was spent before a restart, before the first call
        yield from Reading(api, request).batches()


collector = YouTube()
