"""One visit's reading of a YouTube channel: uploads, threads, replies, numbers, what is held back, the daily sweep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError
from collectors.platforms._quota import whole
from collectors.platforms._text import clean, digest
from collectors.platforms._youtube_api import Api, GoneError, Json, NoCommentsError, channel_asked
from collectors.platforms._youtube_parse import (
    WATCH,
    Owner,
    comment_count,
    is_before,
    mark,
    parse_comment,
    parse_upload,
    parse_video,
    part,
    replies,
    rows,
    tag,
)
from data.types import RawMessage, Visibility

VIDEOS: Final = 50  # a call
SWEEP_DAYS: Final = 90
FAR_APART: Final = 10  # so many comments fewer than told, and less than half, are worth a second reading
_BEGINNING: Final = datetime(2005, 1, 1, tzinfo=UTC)  # no video is older than YouTube
_THREADS: Final = {
    "part": "snippet,replies",
    "order": "time",
    "maxResults": "100",
    "textFormat": "plainText",
}


class Reading:
    """One visit's reading of one channel."""

    def __init__(self, api: Api, request: Request) -> None:
        self.api = api
        self.request = request
        self.now = api.http.clock()
        self.since = request.since
        self.today = self.now.date().isoformat()
        of = digest(f"{api.base} {request.page.ref}")[:16]
        self.kept = dict(request.memory) if request.memory.get("of") == of else {"of": of}
        self.coming: dict[str, str] = {}
        own = [one.strip() for one in request.page.options.get("own_ids", "").split(",") if one.strip()]
        self.owner = Owner(request.page.id, frozenset(own), request.page.options.get("watch_url", WATCH))
        self.window: set[str] = set()
        self.listed: dict[str, set[str]] = {}
        self.torn: set[str] = set()
        self.changed = False
        self.stood: list[Json] | None = None

    def batches(self) -> Iterator[Batch]:
        self._learn_channel()
        known = self.request.counted(self.since, self.now + timedelta(days=1))
        daily = self.kept.get("swept") != self.today and self.api.meter.ample()
        for batch in self._uploads(known):
            yield self._noted(batch)
        sure = not daily and self.window <= known.keys() and None not in known.values()
        for batch in self._threads(known, sure=sure):
            yield self._noted(batch)
        if self.changed:
            for batch in chain(self._held(), self._counts()):
                yield self._noted(batch)
        if daily:
            for batch in self._sweep():
                yield self._noted(batch)
            self.coming["swept"] = self.today
        self.kept |= self.coming
        yield self._noted(Batch(reached=True))

    def _noted(self, batch: Batch) -> Batch:
        """With what has been spent; the marks of what was read come with the last batch, when all is saved."""
        return replace(batch, memory={**self.kept, **self.api.meter.memory()})

    def _learn_channel(self) -> None:
        """The channel's id and its list of uploads, asked for once."""
        if not self.kept.get("uploads"):
            asked = {"part": "contentDetails", **channel_asked(self.request.page)}
            found = rows(self.api.get("channels", asked) or {}, self._place("channels"))
            if not found:
                raise PageSetupError(
                    f"YouTube knows no channel by the page's `ref` at {self._place('channels')}; correct it.",
                    endpoint=self._place("channels"),
                )
            lists = part(part(found[0], "contentDetails"), "relatedPlaylists")
            ident = clean(found[0].get("id"))
            self.kept |= {"channel": ident, "uploads": clean(lists.get("uploads")) or f"UU{ident[2:]}"}
        self.owner = replace(self.owner, ids=self.owner.ids | {self.kept["channel"]})

    def _uploads(self, known: Collection[str]) -> Iterator[Batch]:
        """The videos since the look-back; the list is remembered only where it holds all that is stored of them."""
        asked = {"part": "snippet,contentDetails,status", "maxResults": "50", "playlistId": self.kept["uploads"]}
        pages = self.api.pages("playlistItems", asked, etag=self.kept.get("uploads_etag", ""))
        etags: list[str] = []
        try:
            for page in pages:
                etags.append(tag(page))
                videos = [parse_upload(row, self.owner) for row in rows(page, self._place("playlistItems"))]
                told = [one for one in videos if one]
                young = [one for one in told if one.created_at and one.created_at >= self.since]
                self.window |= {one.message_id for one in young}
                yield Batch(tuple(young))
                if told and not young:
                    break
        except GoneError:  # a channel that never had a video has no such list
            etags.append("")
        if not etags:
            self.window |= set(known)
            return
        self.coming["uploads_etag"] = etags[0] if self.window >= set(known) else ""
        yield Batch(posts_since=self.since)

    def _threads(self, known: Mapping[str, int | None], *, sure: bool) -> Iterator[Batch]:
        """The channel's threads since the look-back; none where they are as they were and `sure` allows to say so."""
        asked = {**_THREADS, "allThreadsRelatedToChannelId": self.kept["channel"]}
        long = self.kept.get("long") == "yes"
        etag = self.kept.get("threads_etag", "") if sure and not long else ""
        number = 0
        for number, page in enumerate(self.api.pages("commentThreads", asked, etag=etag), 1):
            found = rows(page, self._place("commentThreads"))
            if number == 1:
                self.coming |= {"threads_etag": tag(page), "threads_mark": mark(found)}
                same = sure and self.coming["threads_mark"] == self.kept.get("threads_mark")
                if same and (not long or self._is_counted_alike(known)):
                    return
            self.changed = True
            yield from self._old_videos(found)
            yield from self._comments(found)
            if found and all(is_before(row, self.since) for row in found):
                break
        if number:
            self.coming["long"] = "yes" if number > 1 else ""

    def _is_counted_alike(self, known: Mapping[str, int | None]) -> bool:
        """Whether the videos' numbers of comments are as they were; the first of several pages tells not all."""
        return all((comment_count(row) or 0) == known.get(clean(row.get("id"))) for row in self._stood())

    def _old_videos(self, found: Iterable[Json]) -> Iterator[Batch]:
        """Videos from before the look-back under which somebody wrote now, where they are not stored yet."""
        named = {clean(part(row, "snippet").get("videoId")) for row in found} - self.window - {""}
        named -= set(self.request.counted(_BEGINNING, self.since)) if named else set()
        if named:
            yield Batch(tuple(parse_video(row, self.owner) for row in self._videos(sorted(named))))

    def _comments(self, found: Iterable[Json], video: str = "") -> Iterator[Batch]:
        """The comments and replies on one page of threads, then the replies that did not come with them."""
        messages: list[RawMessage] = []
        for row in found:
            messages += self._thread(row, video)
        yield self._counted(messages)
        for row in found:
            total, came = replies(row)
            if total > len(came):
                yield from self._rest(row, video)

    def _thread(self, row: Json, video: str, *, hidden: bool = False) -> list[RawMessage]:
        place, snippet = self._place("commentThreads"), part(row, "snippet")
        video = video or clean(snippet.get("videoId"))
        top = parse_comment(part(snippet, "topLevelComment"), self.owner, video=video, hidden=hidden, endpoint=place)
        _, came = replies(row)
        thread = top.thread_id
        return [
            top,
            *(parse_comment(one, self.owner, video=thread, parent=top.message_id, endpoint=place) for one in came),
        ]

    def _rest(self, row: Json, video: str) -> Iterator[Batch]:
        """All replies of one thread, from their own list."""
        top, *_ = self._thread(row, video)
        asked = {"part": "snippet", "parentId": top.message_id, "maxResults": "100", "textFormat": "plainText"}
        place = self._place("comments")
        try:
            for page in self.api.pages("comments", asked):
                yield self._counted(
                    [
                        parse_comment(one, self.owner, video=top.thread_id, parent=top.message_id, endpoint=place)
                        for one in rows(page, place)
                    ]
                )
        except GoneError:  # deleted while it was read
            self.torn.add(top.thread_id)

    def _counted(self, messages: list[RawMessage]) -> Batch:
        for one in messages:
            self.listed.setdefault(one.thread_id, set()).add(one.message_id)
        return Batch(tuple(messages))

    def _counts(self) -> Iterator[Batch]:
        """The platform's own numbers for the videos of the look-back, and what they prove."""
        told: dict[str, int | None] = {}
        for row in self._stood():
            ident, count = clean(row.get("id")), comment_count(row)
            told[ident] = count
            if count is None:
                yield self._switched_off(row)
            elif count - (read := len(self.listed.get(ident, ()))) >= FAR_APART and read * 2 < count:
                yield from self._video(row, count)
        off = {ident for ident, count in told.items() if count is None}
        read_whole = frozenset(told.keys() - off - self.torn)
        yield Batch(counts={ident: count or 0 for ident, count in told.items()}, whole=read_whole)

    def _switched_off(self, row: Json) -> Batch:
        """A video under which nobody may read: it stands, and nothing is known of its comments."""
        video = parse_video(row, self.owner)
        ident = video.message_id
        return Batch((video,), counts={ident: 0}, refused=frozenset({ident}))

    def _video(self, row: Json, count: int) -> Iterator[Batch]:
        """One video's threads to their end; its number is kept with the last of them, or they would not be read on."""
        ident = clean(row.get("id"))
        asked = {**_THREADS, "videoId": ident}
        try:
            for page in self.api.pages("commentThreads", asked):
                yield from self._comments(rows(page, self._place("commentThreads")), ident)
        except (GoneError, NoCommentsError):
            yield self._switched_off(row)
            return
        yield Batch(counts={ident: count}, whole=frozenset({ident}) - self.torn)

    def _held(self) -> Iterator[Batch]:
        """What the channel holds back or rejected, which the platform lists to its owner alone."""
        if self.request.page.options.get("held_comments") != "yes" or not self.api.by_owner:
            return
        place = self._place("commentThreads")
        for status in ("heldForReview", "rejected"):
            asked = {**_THREADS, "allThreadsRelatedToChannelId": self.kept["channel"], "moderationStatus": status}
            for page in self.api.pages("commentThreads", asked):
                found = rows(page, place)
                yield Batch(tuple(one for row in found for one in self._held_back(row)))
                if found and all(is_before(row, self.since) for row in found):
                    break

    def _held_back(self, row: Json) -> list[RawMessage]:
        """What is hidden of one thread: below a hidden comment all of it, whatever the replies' own words are."""
        top, *below = self._thread(row, "", hidden=True)
        total, came = replies(row)
        if total > len(came):
            self.torn.add(top.thread_id)  # the replies that did not come along are not to be missed
        if top.visibility is Visibility.HIDDEN:
            return [top, *(replace(one, visibility=Visibility.HIDDEN) for one in below)]
        return [one for one in below if one.visibility is Visibility.HIDDEN]

    def _sweep(self) -> Iterator[Batch]:
        """The threads of stored videos older than the look-back whose number of comments changed."""
        days = whole(self.request.page, "sweep_days", SWEEP_DAYS)
        begin = self.now - timedelta(days=days)
        known: Mapping[str, int | None] = self.request.counted(begin, self.since) if begin < self.since else {}
        left = set(known)
        for row in self._videos(sorted(known)):
            ident, count = clean(row.get("id")), comment_count(row)
            left.discard(ident)
            if count is None:
                yield self._switched_off(row)
            elif count != known.get(ident):
                yield from self._video(row, count)
        if left:
            yield Batch(refused=frozenset(left))

    def _stood(self) -> Sequence[Json]:
        """The videos of the look-back with their numbers, asked for once a visit."""
        if self.stood is None:
            self.stood = list(self._videos(sorted(self.window)))
        return self.stood

    def _videos(self, ids: Iterable[str]) -> Iterator[Json]:
        """Videos by their ids; those that nobody may see are left out."""
        every = list(ids)
        for start in range(0, len(every), VIDEOS):
            asked = {"part": "snippet,statistics,status", "id": ",".join(every[start : start + VIDEOS])}
            yield from rows(self.api.get("videos", asked) or {}, self._place("videos"))

    def _place(self, path: str) -> str:
        return redact(f"{self.api.base}/{path}")
