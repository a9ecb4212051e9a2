"""Texts, times and addresses as foreign systems write them, made into what Sideblik keeps."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

from data.times import COPENHAGEN

OLDEST: Final = 1990  # a date before the web is a system's way to say that it has none (seen: the year 1)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_WRITTEN: Final = re.compile(
    r"(?:\w+dag (?:d(?:en|\.) )?)?(\d{1,2})\.? ?([a-zæøå]{3,9})\.? (\d{4})(?:,? (?:kl\.? ?)?(\d{1,2})[.:](\d{2}))?",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./ -](\d{4}|\d{2})(?:,? (?:kl\.? ?)?(\d{1,2})[.:](\d{2}))?")
_NO_YEAR: Final = re.compile(r"(?<![-+:\d])0\d{3}\b")  # 0001, which the mail library reads as 2001
_ISO_POINT: Final = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d)\.(\d\d)")
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol"})
_SILENT: Final = frozenset({"script", "style", "template", "noscript"})
_STILL_MARKUP: Final = re.compile(r"</?(?:p|br|div|span|a|strong|b|em|i|ul|ol|li|h[1-6]|img)\b[^<>]*>", re.IGNORECASE)
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
_BLANKS: Final = re.compile(r"[ \t\f\v\xa0\u2007\u202f]+")
_LINES: Final = re.compile(r" ?\n ?")
_MANY_LINES: Final = re.compile(r"\n{3,}")


def digest(told: str | bytes) -> str:
    """A SHA-256 in letters alone: no part of it can be taken for a CPR number, which a page's memory never holds."""
    data = told.encode() if isinstance(told, str) else told
    return hashlib.sha256(data).hexdigest().translate(_LETTERS)


def clean(value: object) -> str:
    """A text that can be kept: half characters (lone surrogates) and NUL replaced, "" for what is no text."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value.replace("\0", "\ufffd")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def plain(markup: str) -> str:
    """HTML as a reader sees it: paragraphs as lines, no tags, entities as characters; also where escaped twice."""
    text = _stripped(markup)
    if _STILL_MARKUP.search(text):
        text = _stripped(text)
    return text


def _stripped(markup: str) -> str:
    reader = _Reader()
    reader.feed(clean(markup))
    reader.close()
    text = _LINES.sub("\n", _BLANKS.sub(" ", "".join(reader.parts)))
    return _MANY_LINES.sub("\n\n", text).strip()


class Markup(HTMLParser):
    """The standard library's parser, which raises AssertionError at `<![!`; to browsers that is a comment."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)


class _Reader(Markup):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002, the parser's form
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in _SILENT), 0)
        if tag in _BREAKS and tag != "br":  # <br/> begins and ends at once
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def moment(text: object) -> datetime | None:
    """A time in UTC, whatever form a site writes it in; None where there is none or it cannot be a real one.

    Tried are Danish dates (day before month), ISO 8601 (also with a point in the time), RFC 2822. What names no zone
    is Copenhagen's time.
    """
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        return None
    try:
        when = datetime.fromtimestamp(text, UTC) if not isinstance(text, str) else _read(html.unescape(text).strip())
        if when is None or when.year < OLDEST:
            return None
        return (when if when.tzinfo else when.replace(tzinfo=COPENHAGEN)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None


def _read(text: str) -> datetime | None:
    if _NO_YEAR.search(text):
        return None
    if (found := _WRITTEN.fullmatch(text)) and (month := found[2].lower()[:3]) in _MONTHS:
        return _made(found[3], _MONTHS.index(month) + 1, found[1], found[4], found[5])
    if found := _NUMBERS.fullmatch(text):
        year = found[3] if len(found[3]) > 2 else f"20{found[3]}"  # noqa: PLR2004, two digits of a year
        return _made(year, int(found[2]), found[1], found[4], found[5])
    try:
        return datetime.fromisoformat(_ISO_POINT.sub(r"\1:\2", text))
    except ValueError:
        return parsedate_to_datetime(text)


def _made(year: str, month: int, day: str, hour: str | None, minute: str | None) -> datetime:
    return datetime(int(year), month, int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001, the caller adds it


def link(base: str, address: object) -> str:
    """A web address made whole, without what only counts readers; "" for what is no web address."""
    try:
        parts = urlsplit(urljoin(base, clean(address).strip()))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return ""
    except ValueError:  # of the address, or of its port when it is asked for
        return ""
    kept = [one for one in parts.query.split("&") if not one.lower().startswith(("utm_", "referrer=rss"))]
    return parts._replace(query="&".join(kept)).geturl()


def canonical(address: str) -> str:
    """A web address that stays the same when its writing does not: no fragment, default port or trailing slash."""
    parts = urlsplit(address)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port and parts.port != default else "")
    return parts._replace(netloc=host, path=parts.path.rstrip("/"), fragment="").geturl()
