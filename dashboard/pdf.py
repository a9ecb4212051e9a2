"""A page of figures as a PDF: headings, paragraphs, tables and bars, each tagged, so that a screen reader reads them.

The same calls give the same bytes: the dates of the file are the figures' own. Text is set in Helvetica, one of the
fonts that every reader has, and must be of Windows' western signs (a sign that is not becomes a question mark).

`Paper` is the same with a font of its own within the file and the marks of PDF/A, for what is kept for ever and must
show every sign that somebody may have written.

fpdf2 tags pictures alone; `_tagged` uses its builder for the rest, by methods that begin with an underscore. What a
row of a table says is told with its headers in the row's alternate text, since the builder knows no tables.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

from dashboard import safe

WIDTH = 170.0  # millimetres between the margins of A4
LINE = 5.6
INK, MUTED, RULE, ACCENT = (29, 36, 36), (85, 96, 95), (200, 204, 200), (23, 99, 95)
FONT: Final = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
PDF_A: Final = "PDF/A-2U"
_XMP: Final = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmp:CreatorTool="Sideblik" xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}" pdf:Producer="Sideblik">
<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>"""  # fpdf2's own tells the moment of writing, and no two would be the same


class Sheet(FPDF):
    """A document that is written from its top to its end; `content` gives its bytes."""

    family = "helvetica"
    compliance: str | None = None
    alias = "{nb}"  # stands where the number of pages will

    def __init__(self, title: str, at: datetime, footer: str) -> None:
        """`footer` has places for {page} and {pages}."""
        super().__init__(format="A4", enforce_compliance=self.compliance)
        self._footer = footer
        self.core_fonts_encoding = "windows-1252"
        self.set_margins(20, 18)
        self.set_auto_page_break(auto=False)
        self.set_title(title)
        self.set_lang("da-DK")
        self.set_creator("Sideblik")
        self.set_producer("Sideblik")
        self.set_creation_date(at)
        self.set_display_mode("default")
        self.viewer_preferences = None
        self.alias_nb_pages(self.alias)
        self._prepare()
        self.add_page()

    def footer(self) -> None:
        """The number of the page, which is no part of what is read aloud."""
        self._out("/Artifact BMC")
        self.set_y(-14)
        self._font(8, colour=MUTED)
        told = self._set(self._footer.format(page=self.page_no(), pages="{nb}"))
        self.cell(WIDTH, 5, told.replace("{nb}", self.alias), align="R")
        self._out("EMC")

    def heading(self, words: str, level: int = 2) -> None:
        size = {1: 20, 2: 13}.get(level, 11)
        self._room(30)
        self.ln(2 if level == 1 else 6)
        with self._tagged(f"/H{level}"):
            self._font(size, bold=True)
            self.multi_cell(WIDTH, size * 0.5, self._set(words), new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)

    def paragraph(self, words: str, *, muted: bool = False) -> None:
        self._room(18)
        with self._tagged("/P"):
            self._font(10, colour=MUTED if muted else INK)
            self.multi_cell(WIDTH, 5, self._set(words), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(1)

    def grid(self, header: Sequence[str], rows: Sequence[tuple[Sequence[str], str]]) -> None:
        """Rows with what each says in one sentence; the first column is a name, the others are numbers."""
        widths = self._widths(header, [cells for cells, _ in rows])
        self._room(3 * LINE)
        self._row(header, widths, ", ".join(header), bold=True)
        for cells, told in rows:
            if self._room(2 * LINE):  # a new page: what the columns are is told again
                self._row(header, widths, ", ".join(header), bold=True)
            self._row(cells, widths, told)

    def bars(self, values: Sequence[int], marks: Sequence[str], told: str, height: float = 38) -> None:
        """Upright bars drawn as vectors, a mark below each that has one; `told` says the same in words."""
        self._room(height + 14)
        most, step = max([*values, 1]), WIDTH / max(1, len(values))
        top = self.get_y() + 2
        with self._tagged("/Figure", told):
            self.set_fill_color(*ACCENT)
            for place, value in enumerate(values):
                tall = height * value / most
                if tall:
                    self.rect(self.l_margin + place * step + step * 0.1, top + height - tall, step * 0.8, tall, "F")
            self._font(7, colour=MUTED)
            for place, mark in enumerate(marks):
                self.set_xy(self.l_margin + place * step - 4, top + height + 1)
                self.cell(step + 8, 4, self._set(mark), align="C")
        self.set_xy(self.l_margin, top + height + 7)

    def content(self) -> bytes:
        """The whole document."""
        return bytes(self.output())

    def _row(self, cells: Sequence[str], widths: Sequence[float], told: str, *, bold: bool = False) -> None:
        with self._tagged("/P", told):
            self._font(9, bold=bold, colour=MUTED if bold else INK)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
                drawn = self._set(cell)
                self.cell(width, LINE, drawn if place else self._cut(drawn, width), align="R" if place else "L")
            self.ln(LINE)
        self._out("/Artifact BMC")
        self.set_draw_color(*RULE)
        self.line(self.l_margin, self.get_y(), self.l_margin + WIDTH, self.get_y())
        self._out("EMC")

    def _widths(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
        """Each column of numbers as wide as it must be, so that none is ever cut; names take what is left."""
        self._font(9, bold=True)
        needed = [
            max(self.get_string_width(self._set(row[place])) for row in (header, *rows)) + 5
            for place in range(1, len(header))
        ]
        return [WIDTH - sum(needed), *needed]

    def _cut(self, words: str, width: float) -> str:
        if self.get_string_width(words) <= width - 2:
            return words
        while words and self.get_string_width(words + "…") > width - 2:
            words = words[:-1]
        return words + "…"

    def _font(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.set_font(self.family, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _room(self, height: float) -> bool:
        """Turns the page where less than so many millimetres are left; whether it did. Never within a tag."""
        turned = self.get_y() + height > self.h - 18
        if turned:
            self.add_page()
        return turned

    @contextmanager
    def _tagged(self, kind: str, told: str = "") -> Iterator[None]:
        """What is written within is one element of the document's structure."""
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=kind, mcid=number, alt_text=told or None)
        self._out(f"{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    def _prepare(self) -> None:
        """What must be there before the first page."""

    def _set(self, words: str) -> str:
        """Only what the font has: another sign becomes a question mark."""
        return words.encode("cp1252", "replace").decode("cp1252")


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
        told = self.multi_cell(WIDTH, 5, self._set(words), align="L", dry_run=True, output=MethodReturnValue.LINES)
        lines = cast("list[str]", told)
        at = 0
        while at < len(lines):
            self._room(10)
            fits = max(1, int((self.h - 18 - self.get_y()) // 5))
            with self._tagged("/P"):
                self._font(10)
                for line in lines[at : at + fits]:
                    self.cell(WIDTH, 5, line, new_x="LMARGIN", new_y="NEXT")
            at += fits
        self.ln(1)

    def small(self, words: str) -> None:
        """A line to be compared with another, such as a hash."""
        self._room(10)
        with self._tagged("/P"):
            self._font(7, colour=MUTED)
            self.cell(WIDTH, 4, self._set(words), new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def _prepare(self) -> None:
        self.add_font(self.family, "", FONT)
        made = {"title": html.escape(str(self.title)), "at": self.creation_date.astimezone(UTC).isoformat()}
        self.set_xmp_metadata(_XMP.format(part=PDF_A[-2], level=PDF_A[-1], **made))

    def _font(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:  # noqa: ARG002 one weight
        self.set_font(self.family, "", size)
        self.set_text_color(*colour)

    def _set(self, words: str) -> str:
        known = cast("TTFFont", self.fonts[self.family]).cmap
        plain = safe.plain(words).expandtabs(4)
        return "".join(sign if sign == "\n" or ord(sign) in known else f"[U+{ord(sign):04X}]" for sign in plain)
