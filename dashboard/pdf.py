"""A page of figures as a PDF: headings, paragraphs, tables and bars, each tagged, so that a screen reader reads them.

The same calls give the same bytes: the dates of the file are the figures' own. Text is set in Helvetica, one of the
fonts that every reader has, and must be of Windows' western signs (a sign that is not becomes a question mark).

fpdf2 tags pictures alone; `_tagged` uses its builder for the rest, by methods that begin with an underscore. What a
row of a table says is told with its headers in the row's alternate text, since the builder knows no tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from fpdf import FPDF

WIDTH = 170.0  # millimetres between the margins of A4
LINE = 5.6
INK, MUTED, RULE, ACCENT = (29, 36, 36), (85, 96, 95), (200, 204, 200), (23, 99, 95)


class Sheet(FPDF):
    """A document that is written from its top to its end; `content` gives its bytes."""

    family = "helvetica"
    compliance: str | None = None
    alias = "{nb}"  # stands where the number of pages will

    def __init__(self, title: str, at: datetime, footer: str) -> None:
        """`footer` has places for {page} and {pages}."""
        super().__init__(format="A4", enforce_compliance=self.compliance)
        self._footer = footer
        self._elements: Counter[int] = Counter()  # by page; fpdf2 counts all of the document for each
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
            self._write(words, size * 0.5)
        self.ln(1.5)

    def paragraph(self, words: str, *, muted: bool = False) -> None:
        self._room(18)
        with self._tagged("/P"):
            self._font(10, colour=MUTED if muted else INK)
            self._write(words, 5)
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
        number = self._elements[self.page]
        self._elements[self.page] += 1
        self._add_marked_content(struct_type=kind, mcid=number, alt_text=told or None)
        self._out(f"{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    def _write(self, words: str, height: float) -> None:
        """Words in lines of so many millimetres, in the font that is set, all on this page."""
        self.multi_cell(WIDTH, height, self._set(words), align="L", new_x="LMARGIN", new_y="NEXT")

    def _prepare(self) -> None:
        """What must be there before the first page."""

    def _set(self, words: str) -> str:
        """Only what the font has: another sign becomes a question mark."""
        return words.encode("cp1252", "replace").decode("cp1252")
