"""LinkedIn's posts and comments as `RawMessage`s: pure. No member's name is ever taken in.

Source: LinkedIn Posts API, Comments API and Social Metadata API (versioned, Rest.li 2.0.0), Microsoft Learn. Times are
epoch milliseconds. A post's `commentary` is "little text": escapes, hashtags and mentions are markup in it. A comment
is asked for by the post's URN and answers with the activity's: its numbers (activity, comment) are its identity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from collectors.errors import ShapeError
from collectors.platforms._text import clean, link, moment
from data.types import Attachment, Kind, RawMessage

Json = Mapping[str, Any]
FEED: Final = "https://www.linkedin.com/feed/update/"
_MARKUP: Final = re.compile(
    r"\{hashtag\|\\?#\|(?P<tag>(?:\\.|[^\\}])*)\}"
    r"|@\[(?P<name>(?:\\.|[^\\\]])*)\]\((?:\\.|[^()\\]|\([^()]*\))*\)"
    r"|\\(?P<sign>[|{}@\[\]()<>#\\*_~])",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")
_PAIR: Final = re.compile(r"urn:li:comment:\((?:urn:li:)?(?:activity|share|ugcPost):(\d+),(\d+)\)")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose posts are read: Sideblik's page, and the organisation's URN."""

    page_id: str
    urn: str
    home: str = FEED


def little(text: str) -> str:
    r"""Little text as a reader sees it: `{hashtag|\#|job}` is #job, `@[Name](urn)` is Name, `\_` is _."""
    return _MARKUP.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    if found["tag"] is not None:
        return "#" + _ESCAPE.sub(r"\1", found["tag"])
    if found["name"] is not None:
        return _ESCAPE.sub(r"\1", found["name"])
    return found["sign"]


def elements(page: Json, endpoint: str) -> list[Json]:
    """The objects on one page of a list; ShapeError where there is no such list."""
    found = page.get("elements")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ShapeError(f"{endpoint} answered no list of objects in `elements`.", endpoint=endpoint)
    return found


def parse_post(row: Json, owner: Owner, endpoint: str = "") -> RawMessage | None:
    """A post of the organisation; None for a draft, and for one that others than its readers would see."""
    ident = clean(row.get("id"))
    if not ident.startswith("urn:li:"):
        raise ShapeError(f"{endpoint} listed a post without a URN in `id`.", endpoint=endpoint)
    if row.get("lifecycleState", "PUBLISHED") != "PUBLISHED":
        return None
    return RawMessage(
        platform="linkedin",
        message_id=ident,
        page_id=owner.page_id,
        kind=Kind.POST,
        text=clean(little(clean(row.get("commentary")))),
        thread_id=ident,
        created_at=_time(row.get("publishedAt")) or _time(row.get("createdAt")),
        edited_at=_edited(row),
        by_page=True,
        author_id=owner.urn,
        url=link("", f"{owner.home}{quote(ident, safe=':')}/"),
        attachments=_attachments(part(row, "content")),
    )


def modified(row: Json) -> datetime | None:
    """When a post was last changed, or written where it never was."""
    return _time(row.get("lastModifiedAt")) or _time(row.get("createdAt"))


def parse_comment(row: Json, post: str, owner: Owner, *, parent: str = "", endpoint: str = "") -> RawMessage:
    """A comment of a post, or a reply under the comment `parent`; the writer is known by a URN, never by a name."""
    ident = comment_id(row, endpoint)
    above = _pair(clean(row.get("parentComment"))) or parent
    created, changed = _time(part(row, "created").get("time")), _time(part(row, "lastModified").get("time"))
    writer = clean(row.get("actor")) or clean(part(row, "created").get("actor"))
    return RawMessage(
        platform="linkedin",
        message_id=ident,
        page_id=owner.page_id,
        kind=Kind.REPLY if above else Kind.COMMENT,
        text=clean(part(row, "message").get("text")),
        thread_id=post,
        parent_id=above or post,
        created_at=created,
        edited_at=changed if changed and created and changed > created else None,
        by_page=owner.urn in (writer, part(row, "created").get("impersonator")),
        author_id=writer or None,
        url=link("", f"{owner.home}{quote(post, safe=':')}/?commentUrn={quote(urn_of(row), safe='')}"),
        attachments=_pictures(row.get("content")),
    )


def comment_id(row: Json, endpoint: str = "") -> str:
    """The two numbers of a comment's URN, whichever URN of the post stands in it; ShapeError where there are none."""
    number, about = clean(row.get("id")), clean(row.get("object")).rpartition(":")[2]
    found = _pair(urn_of(row)) or (f"{about},{number}" if about.isdigit() and number.isdigit() else "")
    if not found:
        raise ShapeError(f"{endpoint} listed a comment that neither URN nor numbers identify.", endpoint=endpoint)
    return found


def urn_of(row: Json) -> str:
    """A comment's URN; older answers call it `$URN`."""
    return clean(row.get("commentUrn")) or clean(row.get("$URN"))


def replies(row: Json) -> int:
    """How many replies a comment has."""
    summary = part(row, "commentsSummary")
    return max(_count(summary.get("totalFirstLevelComments")), _count(summary.get("aggregatedTotalComments")))


def comment_count(row: Json) -> int | None:
    """A post's number of comments and replies, from its social metadata; None where it gives none."""
    told = part(row, "commentSummary").get("count")
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def part(value: Json, name: str) -> Mapping[str, Any]:
    """An object within an object; an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _pair(urn: str) -> str:
    found = _PAIR.fullmatch(urn)
    return f"{found[1]},{found[2]}" if found else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _time(value: object) -> datetime | None:
    return moment(value / 1000) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _edited(row: Json) -> datetime | None:
    """When the author changed the post; other changes (likes, comments) move `lastModifiedAt` as well."""
    return _time(row.get("lastModifiedAt")) if part(row, "lifecycleStateInfo").get("isEditedByAuthor") is True else None


def _attachments(content: Json) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    if article := part(content, "article"):
        told = (clean(article.get("title")), clean(article.get("description")))
        found.append(Attachment("link", link("", article.get("source")), "\n".join(words for words in told if words)))
    images = part(content, "multiImage").get("images")
    media = [part(content, "media"), *(images if isinstance(images, list) else [])]
    for one in media:
        if isinstance(one, Mapping) and one:
            kind = clean(one.get("id")).removeprefix("urn:li:").partition(":")[0]
            words = clean(one.get("altText")) or clean(one.get("title"))
            found.append(Attachment({"image": "photo", "video": "video"}.get(kind, "file"), "", words))
    if question := clean(part(content, "poll").get("question")):
        found.append(Attachment("file", "", question))
    return tuple(found)


def _pictures(content: object) -> tuple[Attachment, ...]:
    """Pictures in a comment; their addresses are signed and die."""
    rows = content if isinstance(content, list) else []
    return tuple(Attachment("photo") for one in rows if isinstance(one, Mapping) and one.get("type") == "IMAGE")
