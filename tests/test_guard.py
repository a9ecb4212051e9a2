"""An error that nobody foresaw: what its words hold reaches neither the screen nor the log."""

from __future__ import annotations

import logging
import sqlite3

import pytest
import streamlit as st
from browsing import DESKTOP, chromium, dashboard, settled
from screens import environment, municipality, opened, told

from dashboard.guard import without_addresses, without_tracebacks

FOREIGN = "Karla har diabetes"  # stored as a verdict, so that the error that a view meets has it in its words


def spoilt(folder):
    """A municipality in whose cases stands what no code of ours wrote."""
    path = municipality(folder)
    with sqlite3.connect(folder / "sideblik.db") as conn:
        conn.execute("UPDATE cases SET verdict = ?", (FOREIGN,))
    return path


@pytest.mark.parametrize("view", ["henvendelser", "brud"])
def test_a_view_that_fails_says_one_sentence(tmp_path, caplog, view):
    """The screen says that it failed, the log says with what and where; the text stands in neither."""
    st.cache_data.clear()
    with environment(spoilt(tmp_path)):
        screen = opened("Kim", view)
    assert ["Noget gik galt i Sideblik"] == [one.value[:25] for one in screen.error]
    assert [] == list(screen.exception)
    assert FOREIGN not in told(screen) + caplog.text
    assert "ValueError" in caplog.text
    assert "data/queries/making.py line" in caplog.text


def test_no_record_carries_a_traceback(caplog):
    """What a library logs with its exception keeps the sentence, the type and the place."""
    before = logging.getLogRecordFactory()
    without_tracebacks()
    try:
        int(FOREIGN)
    except ValueError:
        logging.getLogger("some.library").exception("Uncaught in %s", "a run")
    finally:
        logging.setLogRecordFactory(before)
    assert FOREIGN not in caplog.text
    assert "Uncaught in a run: Sideblik failed in tests/test_guard.py line" in caplog.text


@pytest.mark.browser
def test_in_a_real_dashboard(tmp_path):
    """Neither a failing view nor a failing button writes foreign text to the dashboard's log or to the page."""
    path = municipality(tmp_path)
    with chromium() as browser, dashboard(path) as address:
        tab = browser.new_context(viewport=DESKTOP, locale="da-DK").new_page()
        tab.goto(f"{address}/brud?sag=2")
        settled(tab)
        with sqlite3.connect(tmp_path / "sideblik.db") as conn:
            conn.execute("UPDATE cases SET verdict = ?", (FOREIGN,))
            conn.execute(
                "CREATE TRIGGER broken BEFORE UPDATE ON cases BEGIN SELECT RAISE(ABORT, 'Karla har diabetes'); END"
            )
        tab.get_by_role("button", name="Jeg tager den").click()
        tab.get_by_text("billedet kunne ikke vises").first.wait_for()
        shown = tab.content()
        tab.context.close()
    log = (tmp_path / "dashboard.log").read_text("utf-8")
    assert "ValueError" in log
    assert FOREIGN not in log
    assert FOREIGN not in shown
    assert "Traceback" not in log


def test_what_a_viewer_searched_for_is_not_logged(caplog):
    """The server's own line on each request holds the address with its search words; other lines stay."""
    without_addresses()
    for name in ("", "uvicorn.access", "uvicorn.error"):  # a server of another test may have set them
        caplog.set_level(logging.INFO, logger=name)
    logging.getLogger("uvicorn").propagate = logging.getLogger("uvicorn.access").propagate = True
    logging.getLogger("uvicorn.access").info("%s %s %s %d", "127.0.0.1", "GET", "/soeg?q=Mette", 200)
    logging.getLogger("uvicorn.error").info(
        '%s - "WebSocket %s" [accepted]', ("127.0.0.1", 1), "/_stcore/stream?q=Mette"
    )
    logging.getLogger("uvicorn.error").info("Shutting down")
    assert ["Shutting down"] == [record.getMessage() for record in caplog.records if "uvicorn" in record.name]
