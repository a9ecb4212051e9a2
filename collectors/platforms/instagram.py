"""Instagram's business accounts: the account's own media and every comment and reply under them.

    media ──► with their newest 50 comments and the replies to those ──► the rest of a thread, where its number moved

    once a day: every thread to its end; older media's numbers of comments ──► the threads whose number changed

Comments cannot be asked for by time and come newest first, 50 at most a call, so that a quiet account costs one call a
visit. Nothing is written, and stories, mentions and others' media are not read. Options of a page: `version`,
`login = "instagram"` (the account was connected without a Facebook page), `base_url` (instead of the platform's own
address), `own_names` (further user names under which the institution writes, with commas between), and `sweep_days`
(how old media may be whose number of comments is asked for once a day; 90, and "0" for none).

Source: Instagram Platform reference v25.0, IG User Media, IG Media Comments, IG Comment Replies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError
from collectors.http import Http
from collectors.platforms._facebook_parse import rows
from collectors.platforms._graph import Graph, Json, NoCommentsError, NotThereError, Voice, following
from collectors.platforms._graph_key import Key, key, memory_of_token, remembering
from collectors.platforms._instagram_parse import Account, count, parse_comment, parse_media
from collectors.platforms._instagram_renewal import InstagramRenewer
from collectors.platforms.facebook import sweep_days
from data.types import Page, RawMessage, Visibility

log = logging.getLogger(__name__)

VERSION: Final = "v25.0"
EMPTY_GONE: Final = True  # Meta Platform Terms 3.d.i, as for Facebook
HOMES: Final[Mapping[str, str]] = {"facebook": "https://graph.facebook.com", "instagram": "https://graph.instagram.com"}
VOICE: Final = Voice("Instagram", "instagram_basic, instagram_manage_comments and pages_read_engagement")
WANTED: Final = frozenset(
    {"instagram_basic", "instagram_manage_comments", "instagram_business_basic", "instagram_business_manage_comments"}
)
MEDIA: Final = "25"
COMMENTS: Final = "50"  # the most that the platform gives
SWEPT: Final = "100"
REPLY_FIELDS: Final = "id,text,timestamp,username,from{id,username},hidden,parent_id"
COMMENT_FIELDS: Final = f"{REPLY_FIELDS},replies.limit({COMMENTS}){{{REPLY_FIELDS}}}"
ROW_FIELDS: Final = "id,caption,media_type,permalink,timestamp,username,comments_count"
MEDIA_FIELDS: Final = f"{ROW_FIELDS},comments.limit({COMMENTS}){{{COMMENT_FIELDS}}}"


class Instagram:
    """Reads one business account with a token that its Facebook page or the account itself gave."""

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Batches of media with their comments; one of the last says from when on all media were listed."""
        held = key(request)
        graph = Graph(http, base(request.page), held.token, held.proof, VOICE)
        reading = _Reading(graph, request)
        try:
            memory = _memory(graph, held, request)
            yield from remembering(reading.media(), request, memory)
            yield from reading.absent()
            yield Batch(posts_since=request.since + timedelta(seconds=1))
            yield from reading.sweep(memory)
        except NotThereError as error:
            raise PageSetupError(
                f"Instagram knows no account at {error.endpoint}, or not for this token; check the page's `ref` (the"
                " account's number, 17 digits) and token.",
                endpoint=error.endpoint,
            ) from error


renewer = InstagramRenewer()
collector = Instagram()


def base(page: Page) -> str:
    """The API's address with its version; which one depends on how the account was connected."""
    if not (page.ref.isascii() and page.ref.isdigit()):
        raise PageSetupError("The page has no usable `ref`: give the account's number at Instagram in sideblik.toml.")
    login = page.options.get("login", "facebook")
    if login not in HOMES:
        raise PageSetupError('The page\'s option `login` is neither "facebook" nor "instagram"; correct it.')
    given = page.options.get("base_url", "").rstrip("/")
    return given or f"{HOMES[login]}/{page.options.get('version', VERSION)}"


def _memory(graph: Graph, held: Key, request: Request) -> dict[str, str]:
    """What to remember with the token's end; an account connected without a Facebook page has nobody to ask it of."""
    if request.page.options.get("login") == "instagram":
        return dict(request.memory)
    return memory_of_token(graph, held, request, WANTED, page_only=False)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What of a thread did not come along: its further comments, and the replies to some; `more` is where to go on."""

    media: RawMessage
    comments: Mapping[str, str] | None
    replies: Mapping[str, Mapping[str, str]]


class _Reading:
    """One visit's reading of one account."""

    def __init__(self, graph: Graph, request: Request) -> None:
        self.graph = graph
        self.page = request.page
        self.request = request
        self.since = str(int(request.since.timestamp()))
        self.today = graph.http.clock().date().isoformat()
        self.first_today = request.memory.get("swept") != self.today
        self.known = dict(request.counted(request.since + timedelta(seconds=1), graph.http.clock()))
        names = request.page.options.get("own_names", "").split(",")
        self.account = Account(self.page.id, frozenset({self.page.ref}), frozenset(filter(None, map(str.strip, names))))

    def media(self) -> Iterator[Batch]:
        """Each API page of media with the comments that came along, then the rest of the threads that moved."""
        path = f"{self.page.ref}/media"
        for page in self.graph.pages(path, {"limit": MEDIA, "since": self.since, "fields": MEDIA_FIELDS}):
            found = rows(page, self._endpoint(path))
            names = {row["username"] for row in found if isinstance(row.get("username"), str)}
            self.account = replace(self.account, names=self.account.names | names)
            read = [self._came(row, path) for row in found]
            yield Batch(
                tuple(message for batch, _ in read for message in batch.messages),
                counts={name: number for batch, _ in read for name, number in batch.counts.items()},
                whole=frozenset(name for batch, _ in read for name in batch.whole),
            )
            for row, (_, rest) in zip(found, read, strict=True):
                told, ident = count(row), str(row["id"])
                before = self.known.pop(ident, None)
                if rest and (self.first_today or told is None or told != before):
                    yield from self._rest(rest, told)

    def absent(self) -> Iterator[Batch]:
        """Known media that were not listed: what is there by its id was archived or set apart, and is not gone."""
        for ident in self.known:
            try:
                row = self.graph.get(ident, {"fields": ROW_FIELDS})
            except (NotThereError, NoCommentsError):
                continue
            media = parse_media(row, self.account, endpoint=self._endpoint(ident))
            yield Batch((replace(media, visibility=Visibility.UNREACHABLE),), refused=frozenset({ident}))

    def sweep(self, memory: Mapping[str, str]) -> Iterator[Batch]:
        """Once a day, the threads of stored media older than the look-back whose number of comments changed."""
        begin, end = self.graph.http.clock() - timedelta(days=sweep_days(self.page)), self.request.since
        if not self.first_today:
            return
        known = self.request.counted(begin, end) if begin < end else {}
        if known:
            times = {"since": str(int(begin.timestamp())), "until": self.since}
            path = f"{self.page.ref}/media"
            for page in self.graph.pages(path, {"limit": SWEPT, "fields": "id,comments_count", **times}):
                for row in rows(page, self._endpoint(path)):
                    ident, told = str(row.get("id")), count(row)
                    if ident in known and told is not None and told != known[ident]:
                        yield from self._thread(ident)
        yield Batch(memory={**memory, "swept": self.today})

    def _thread(self, ident: str) -> Iterator[Batch]:
        """One medium with its whole thread."""
        try:
            row = self.graph.get(ident, {"fields": MEDIA_FIELDS})
        except (NotThereError, NoCommentsError):
            yield Batch(refused=frozenset({ident}))
            return
        batch, rest = self._came(row, ident)
        yield batch
        if rest:
            yield from self._rest(rest, count(row))

    def _came(self, row: Json, path: str) -> tuple[Batch, _Rest | None]:
        """What one row holds, and where the rest of its thread is; its number is told once the thread is whole."""
        endpoint = self._endpoint(path)
        media = parse_media(row, self.account, endpoint=endpoint)
        below = row.get("comments")
        below = below if isinstance(below, dict) else {"data": []}
        messages, further = self._comments(below, media, endpoint)
        told, more = count(row), following(below)
        if more is None and not further and _plausible(len(messages), told):
            counts = {media.message_id: told} if told is not None else {}
            return Batch((media, *messages), counts=counts, whole=frozenset({media.message_id})), None
        return Batch((media, *messages)), _Rest(media, more if more or further else {}, further)

    def _comments(
        self, page: Json, media: RawMessage, endpoint: str
    ) -> tuple[list[RawMessage], dict[str, Mapping[str, str]]]:
        """The comments on one page of a thread with their replies, and where more replies to some of them are."""
        messages: list[RawMessage] = []
        further: dict[str, Mapping[str, str]] = {}
        for row in rows(page, endpoint):
            comment = parse_comment(row, media, self.account, endpoint=endpoint)
            below = row.get("replies")
            nested = rows(below, endpoint) if isinstance(below, dict) else []
            above = comment.message_id
            messages.append(comment)
            messages += [parse_comment(one, media, self.account, above=above, endpoint=endpoint) for one in nested]
            if isinstance(below, dict) and (more := following(below)) is not None:
                further[above] = more
        return messages, further

    def _rest(self, rest: _Rest, told: int | None) -> Iterator[Batch]:
        """The comments and replies that did not come along; the last batch says that the thread is whole, if it is."""
        ident, seen = rest.media.message_id, 0
        replies = dict(rest.replies)
        try:
            if rest.comments is not None:
                path = f"{ident}/comments"
                asked = {**rest.comments, "limit": COMMENTS, "fields": COMMENT_FIELDS}
                for page in self.graph.pages(path, asked):
                    found, further = self._comments(page, rest.media, self._endpoint(path))
                    replies |= further
                    seen += len(found)
                    yield Batch(tuple(found))
            for above, more in replies.items():
                yield from self._replies(rest.media, above, more)
        except (NotThereError, NoCommentsError):
            log.warning("%s was listed and then refused", self._endpoint(ident))
            yield Batch(refused=frozenset({ident}))
            return
        counts = {ident: told} if told is not None else {}
        empty = rest.comments == {} and not seen and bool(told)  # no error, no comments, and yet a number of them
        yield Batch(counts=counts, whole=frozenset() if empty else frozenset({ident}))

    def _replies(self, media: RawMessage, above: str, more: Mapping[str, str]) -> Iterator[Batch]:
        path = f"{above}/replies"
        endpoint = self._endpoint(path)
        for page in self.graph.pages(path, {**more, "limit": COMMENTS, "fields": REPLY_FIELDS}):
            found = rows(page, endpoint)
            yield Batch(tuple(parse_comment(one, media, self.account, above=above, endpoint=endpoint) for one in found))

    def _endpoint(self, path: str) -> str:
        return redact(f"{self.graph.base}/{path}")


def _plausible(listed: int, told: int | None) -> bool:
    """Whether a list without a next can be all: an empty one under media that have comments cannot be believed.

    An app in development mode gets such lists, without an error.
    """
    return listed > 0 or not told
