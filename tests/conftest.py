"""What every test runs under. Fixtures stand in the files that use them; helpers in `support.py` and `records.py`."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from packages import UNREACHABLE

# how long an example takes says more of the machine than of the code, and both say it at random
settings.register_profile("sideblik", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sideblik")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Where the browser must run (SIDEBLIK_NEED_BROWSER=1, as in CI), a browser test that skips has failed."""
    report = yield
    needed = os.environ.get("SIDEBLIK_NEED_BROWSER") == "1"
    elsewhere = UNREACHABLE in str(report.longrepr)  # another host's absence is no lack of this machine's
    asked_for = item.get_closest_marker("on_request") is None
    if needed and report.skipped and item.get_closest_marker("browser") and asked_for and not elsewhere:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped, but SIDEBLIK_NEED_BROWSER=1 says that it must run"
    return report
