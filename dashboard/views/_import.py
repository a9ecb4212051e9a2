"""An export file taken in by upload: looked at first, then imported as it goes. The file itself is not kept."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from collectors.errors import FileError, PageSetupError
from dashboard import session, words
from dashboard.shapes import files
from dashboard.words import text
from data.errors import SideblikError, StoreError, UnderWayError
from data.rows import PageRow
from data.types import Page, Tally


def draw(page: PageRow) -> None:
    st.subheader(text("import.title"))
    st.caption(text("import.more"))
    with st.expander(text("import.sources"), key=f"filer-{page.id}"):
        st.html(files.sources(page.platform))
    configured = next((one for one in session.settings().pages if one.id == page.id), None)
    given = st.file_uploader(
        text("import.file"), type=["csv", "tsv", "xlsx", "json", "ndjson", "zip"], key=f"fil-{page.id}"
    )
    if given is None or configured is None:
        return
    with _on_disk(given.getvalue(), given.name) as path:
        if not _preview(path, configured):
            return
        if st.button(text("import.go"), type="primary", icon=":material/upload_file:", key=f"tag-ind-{page.id}"):
            _take_in(path, configured)


def _preview(path: Path, page: Page) -> bool:
    """Shows how the file is understood; False where it is not."""
    from collectors.exports import preview  # noqa: PLC0415 the file readers are loaded by whoever imports

    try:
        seen = preview(path, page)
    except StoreError:
        raise
    except SideblikError as problem:
        st.error(_wrong(problem, "import.unreadable"), icon=":material/error:")
        return False
    st.html(files.preview(seen))
    return True


def _take_in(path: Path, page: Page) -> None:
    with st.status(text("import.running")) as status, session.store() as store:
        told = st.empty()
        viewer = session.viewer()

        def moved(tally: Tally) -> None:
            told.write(text("import.so_far", read=words.number(tally.fetched), new=words.number(tally.new)))

        try:
            tally = session.visitor().take_in(path, page, store, moved)
        except StoreError:
            raise
        except SideblikError as problem:
            status.update(label=_wrong(problem, "import.broken"), state="error", expanded=True)
            return
        store.note(viewer.name, "import", f"page:{page.id}", institution_id=page.institution_id)
        counts = {"new": tally.new, "edited": tally.edited, "unchanged": tally.unchanged}
        told.write(text("import.done", **{name: words.number(count) for name, count in counts.items()}))
        status.update(label=text("import.complete"), state="complete", expanded=True)


def _wrong(problem: SideblikError, otherwise: str) -> str:
    """What is wrong and who can mend it, in our own words: the file's stay out of it. `otherwise`: of a bad file."""
    if isinstance(problem, PageSetupError):
        return text("import.setup")
    if isinstance(problem, UnderWayError):
        return text("import.under_way")
    if isinstance(problem, FileError):
        return f"{text(otherwise)} {_line(problem)}".rstrip()
    return text("import.failed")


def _line(problem: FileError) -> str:
    return text("import.line", line=words.number(problem.line)) if problem.line else ""


@contextmanager
def _on_disk(content: bytes, name: str) -> Iterator[Path]:
    """The upload as a file that its owner alone may read, gone afterwards: it may hold what is masked only later."""
    folder = session.settings().database.parent
    with tempfile.TemporaryDirectory(prefix="import-", dir=folder) as place:
        path = Path(place) / f"file{Path(name).suffix.lower()[:6]}"
        path.touch(mode=0o600)
        path.write_bytes(content)
        yield path
