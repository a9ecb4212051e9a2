"""Times as export files write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.exports.dates import UndecidedError, moment, order_shown
from data.times import COPENHAGEN

NINE = datetime(2026, 11, 16, 8, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "16-11-2026 09:17", "16.11.2026 09.17", "16.11.2026 kl. 09.17", "2026-11-16 09:17", "2026-11-16T08:17:00Z",
        "2026-11-16T08:17:00+0000", "2026-11-16 08:17:00 UTC", "16. november 2026 kl. 9.17", "16. nov. 2026 09:17",
        "1794817020", "1794817020000", "46342.386805556", "46342,386805556", "16-11-2026, 09:17",
    ],
)  # fmt: skip
def test_forms(written):
    """Each documented form is read, in Copenhagen's zone where none is written."""
    assert NINE == moment(written, COPENHAGEN)


def test_slashes_need_an_order():
    """A date with slashes is read in the order that is given, never in a guessed one."""
    with pytest.raises(UndecidedError):
        moment("11/12/2026", COPENHAGEN)
    assert NINE == moment("16/11/2026 09:17:00", COPENHAGEN, "dmy")
    assert datetime(2026, 11, 16, 17, 17, tzinfo=UTC) == moment(
        "11/16/2026 09:17 AM", ZoneInfo("America/Los_Angeles"), "mdy"
    )
    assert (None, "dmy", "mdy") == (
        order_shown(["11/12/2026"]),
        order_shown(["1/2/2026", "31/2/2026"]),
        order_shown(["1/31/2026"]),
    )


@given(
    st.text(max_size=40)
    | st.from_regex(r"\A[0-9]{1,20}([.,][0-9]{1,9})?\Z")
    | st.from_regex(r"\A[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\Z")
)
def test_any_text(text):
    """Whatever stands in a time's column is an aware time or one of two errors."""
    with suppress(ValueError, UndecidedError):
        assert UTC == moment(text, COPENHAGEN).tzinfo
