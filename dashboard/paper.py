"""A PDF to be kept for ever: as `dashboard/pdf.py` writes one, with its font in it and every sign that somebody writes.

Lines are broken here: fpdf2 takes a second for a page of text, and a thread may fill hundreds.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, cast

from fpdf.bidi import BidiParagraph
from fpdf.fonts import TTFFont

from dashboard import safe
from dashboard.pdf import INK, MUTED, WIDTH, Sheet

FONT: Final = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
PDF_A: Final = "PDF/A-2U"
_XMP: Final = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmp:CreatorTool="Sideblik" xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}" pdf:Producer="Sideblik">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>"""  # fpdf2's own tells the moment of writing, and no two would be the same
_WORD: Final = re.compile(r"\S+\s*|\s+")
_LINE: Final = 5.0  # millimetres


class Paper(Sheet):
    """A PDF/A-2u: its font is within it, and each sign of the text can be read out of it again.

    A sign that the font does not have stands as its number, `[U+1F600]`.
    """

    family = "dejavu"
    compliance = PDF_A
    alias = "\ue000" * 4  # `_set` lets none through, so that nobody writes it

    def prose(self, words: str) -> None:
        """A text of any length, line by line over as many pages as it takes."""
        self._font(10)
        lines = self._lines(self._set(words))
        while True:
            self._room(2 * _LINE)
            fits = max(1, int((self.h - 18 - self.get_y()) // _LINE))
            part = list(islice(lines, fits))
            if not part:
                break
            with self._tagged("/P"):
                self._font(10)
                self._draw(part, _LINE)
        self.ln(1)

    def small(self, words: str) -> None:
        """A line to be compared with another, such as a hash."""
        self._room(10)
        with self._tagged("/P"):
            self._font(7, colour=MUTED)
            self._draw([self._set(words)], 4)
        self.ln(2)

    def _write(self, words: str, height: float) -> None:
        self._draw(self._lines(self._set(words)), height)

    def _draw(self, lines: Iterator[str] | list[str], height: float) -> None:
        for line in lines:
            self.cell(WIDTH, height, _as_seen(line), new_x="LMARGIN", new_y="NEXT")

    def _lines(self, words: str) -> Iterator[str]:
        """Broken at blanks where that is possible, and within a word that is longer than a line."""
        room = WIDTH - 2 * self.c_margin
        for paragraph in words.split("\n"):
            line, used = "", 0.0
            for word in _WORD.findall(paragraph):
                for piece in self._pieces(word, room):
                    if line and used + self._wide(piece.rstrip()) > room:
                        yield line.rstrip()
                        line, used = "", 0.0
                    line, used = line + piece, used + self._wide(piece)
            yield line.rstrip()

    def _pieces(self, word: str, room: float) -> Iterator[str]:
        """A word as it is, or cut into parts that each fill a line."""
        begin, used = 0, 0.0
        for at, sign in enumerate(word):
            wide = self._wide(sign)
            if used + wide > room and at > begin:
                yield word[begin:at]
                begin, used = at, 0.0
            used += wide
        yield word[begin:]

    def _wide(self, words: str) -> float:
        """How many millimetres words take in the size that is set."""
        widths = self._typeface.cw
        return sum(widths[ord(sign)] for sign in words) * self.font_size * 0.001

    @cached_property
    def _typeface(self) -> TTFFont:
        return cast("TTFFont", self.fonts[self.family])

    def _prepare(self) -> None:
        self.add_font(self.family, "", FONT)
        made = {"title": html.escape(str(self.title)), "at": self.creation_date.astimezone(UTC).isoformat()}
        self.set_xmp_metadata(_XMP.format(part=PDF_A[-2], level=PDF_A[-1], **made))

    def _font(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:  # noqa: ARG002 one weight
        self.set_font(self.family, "", size)
        self.set_text_color(*colour)

    def _set(self, words: str) -> str:
        known = self._typeface.cmap
        plain = safe.plain(words).expandtabs(4)
        return "".join(sign if sign == "\n" or ord(sign) in known else f"[U+{ord(sign):04X}]" for sign in plain)


def _as_seen(line: str) -> str:
    """The signs of a line from left to right: Hebrew and Arabic are drawn the other way round (UAX 9)."""
    if not any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in line):
        return line
    return str(BidiParagraph(line).get_reordered_string())
