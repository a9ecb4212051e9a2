"""A draft in a real browser: looked at while one writes, copied, and sent to nobody but our own server."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from browsing import DESKTOP, chromium, dashboard, settled
from playwright.sync_api import expect
from screens import municipality

pytestmark = pytest.mark.browser
WRITTEN = "Karla i 3.b har fået diabetes."
ANSWER = '[[reply]]\ntitle = "Skolen"\ntext = "Hilsen {institution}"\n'


def test_a_draft_is_looked_at_while_one_writes_and_copied(tmp_path):
    """No key and no button is pressed but the letters; what is typed meanwhile stays; the copy is what the field holds.

    The content security policy stands: it refuses nothing of ours, and only this host is asked.
    """
    path = municipality(tmp_path)
    path.write_text(path.read_text("utf-8") + ANSWER, "utf-8")
    hosts, refused = set(), []
    with chromium() as browser, dashboard(path) as address:
        context = browser.new_context(viewport=DESKTOP, locale="da-DK")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab = context.new_page()
        tab.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        tab.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
        tab.goto(f"{address}/proev")
        settled(tab)
        tab.get_by_role("textbox", name="Tekst").press_sequentially(WRITTEN, delay=20)
        tab.locator(".st-key-svar mark").first.wait_for(timeout=20_000)
        assert "Karla" not in tab.url
        tab.goto(f"{address}/henvendelser?sag=1")
        settled(tab)
        tab.get_by_text("Hjælp til svaret").click()
        tab.get_by_role("button", name="Sæt ind").click()
        field = tab.get_by_role("textbox", name="Udkast til svar")
        expect(field).to_have_value("Hilsen Nørreå Skole")
        field.press("Control+End")
        field.press_sequentially(f" {WRITTEN}", delay=20)
        tab.locator(".st-key-svarhjaelp-1 mark").first.wait_for(timeout=20_000)
        tab.get_by_role("button", name="Kopiér teksten").click()
        tab.get_by_text("Teksten er kopieret").wait_for()
        copied = tab.evaluate("navigator.clipboard.readText()")
        asked = address.removeprefix("http://")
        context.close()
    assert ({asked}, []) == (hosts - {""}, refused)
    assert f"Hilsen Nørreå Skole {WRITTEN}" == copied
    assert WRITTEN.encode() not in (tmp_path / "dashboard.log").read_bytes()
