"""The last resort for errors that nobody foresaw: a sentence on the screen, type and place in the log, nothing more.

An exception's own words may hold what a citizen wrote, and a traceback shows them. So neither reaches a screen or a
log: not where a view fails (`guarded`), not where what a button calls fails (`tell`, handed to `st.App`), and not
where Streamlit or the server log by themselves (`without_tracebacks`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from collectors.visit import unexpected
from dashboard.words import text
from data.errors import SideblikError, StoreError

log = logging.getLogger(__name__)
P = ParamSpec("P")


class NotSavedError(StoreError):
    """What somebody did could not be written; what is stored can perhaps still be read."""


def guarded(draw: Callable[P, None]) -> Callable[P, None]:
    """The same function, whose errors are told instead of raised. Streamlit's own signals pass: they are no errors."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except Exception as error:  # noqa: BLE001, whatever it is, its words must not be shown
            tell(error)

    return drawn


def tell(error: Exception) -> bool:
    """Logs type and place and shows one sentence; True, so that Streamlit shows nothing of its own."""
    if isinstance(error, NotSavedError):
        log.warning("what somebody did was not saved: %s", error)
        st.error(text("app.not_saved"), icon=":material/database_off:")
    elif isinstance(error, SideblikError):
        log.warning("a screen could not be drawn: %s: %s", type(error).__name__, error)
        st.error(text("app.no_database"), icon=":material/database_off:")
    else:
        log.error("a screen could not be drawn: %s", unexpected(error))
        st.error(text("app.failed"), icon=":material/error:")
    return True


def without_addresses() -> None:
    """From now on the server logs no address that was asked for: what a viewer searched for stands in it."""
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(_names_no_address)


def _names_no_address(record: logging.LogRecord) -> bool:
    return not any(isinstance(part, str) and part.startswith("/") for part in _parts(record))


def _parts(record: logging.LogRecord) -> tuple[object, ...]:
    return record.args if isinstance(record.args, tuple) else ()


def without_tracebacks() -> None:
    """From now on no log record of this process carries a traceback; type and place stand in its stead."""
    before = logging.getLogRecordFactory()

    def made(*args: object, **kwargs: object) -> logging.LogRecord:
        record = before(*args, **kwargs)
        found = record.exc_info[1] if record.exc_info else None
        record.exc_info = None
        if isinstance(found, Exception):
            record.msg = f"{record.getMessage()}: {unexpected(found)}"
            record.args = ()
        return record

    logging.setLogRecordFactory(made)
