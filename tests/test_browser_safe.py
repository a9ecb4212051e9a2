"""Hostile text in a real browser: nothing of it is live, and no request leaves for anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from browsing import DESKTOP, chromium, dashboard, listener, settled
from records import ALL, SCHOOL, SCHOOL_PAGE, asking, plain, telling
from screens import municipality

from data import queries, times
from data.queries import open_reader
from data.store import Store
from data.types import Attachment, Category

pytestmark = pytest.mark.browser

LIVE = '<script src="/sideblik/live.js"></script>'  # the dashboard's own, for drafts
PAYLOADS = (
    '<img src="{sink}/img" onerror="fetch(\'{sink}/onerror\')">',
    "<script>fetch('{sink}/script')</script>",
    '<svg onload="fetch(\'{sink}/svg\')"><image href="{sink}/svgimage"/></svg>',
    '<iframe src="{sink}/iframe"></iframe><video src="{sink}/video" autoplay></video>',
    "<style>body{{background:url({sink}/css)}} *{{display:none}}</style>",
    '<meta http-equiv="refresh" content="0;url={sink}/refresh"><link rel="stylesheet" href="{sink}/link">',
    '<form action="{sink}/form"><input name="cpr"><button>Log ind</button></form>',
    '<div style="position:fixed;inset:0;background:red">x</div>',
    "![billede]({sink}/markdown) [klik]({sink}/link) <{sink}/auto> www.example.org",
    ":red[rødt] :material/warning: $\\LaTeX$ # Overskrift\n- punkt :blue-background[x]",
    "\u202etxet desrever\u202c \u2066isolated \u0007bell \u200bzero \u061c",
    "</mark></div></details><h1>Overtaget</h1><bdi>",
    "{{0.__class__}} %s {sink} &lt;img src={sink}/entity&gt; &#60;script&#62;",
    "javascript:fetch('{sink}/js') data:text/html,<script>fetch('{sink}/data')</script>",
    "W" * 100_000,
)  # fmt: skip


def hostile(sink: str):
    """A post and comments whose every foreign field is a payload."""
    at = times.now() - timedelta(hours=1)
    for number, form in enumerate(PAYLOADS):
        text = form.replace("{sink}", sink)
        attached = (
            Attachment("photo", f"javascript:fetch('{sink}/a')", text[:300]),
            Attachment("link", text[:300], text),
        )
        make = telling if number % 2 else asking
        yield make(
            f"x{number}", f"Hvornår {text}", author_name=text[:2000], url=text[:200], attachments=attached,
            thread_id="p7", parent_id="p7", created_at=at, page=SCHOOL_PAGE,
        )  # fmt: skip


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A dashboard full of hostile text, a browser, and the listener that all of it points at."""
    folder = tmp_path_factory.mktemp("hostile")
    with listener() as (sink, asked), chromium() as browser:
        post = plain("p7", PAYLOADS[0].replace("{sink}", sink), by_page=True, created_at=times.now())
        path = municipality(folder, more=[post, *hostile(sink)])
        name = "".join(PAYLOADS[:9]).replace("{sink}", sink)
        with Store.open(folder / "sideblik.db") as store:
            store.set_places([replace(SCHOOL, name=name)], [replace(SCHOOL_PAGE, name=name, url=f"{sink}/page")])
        with dashboard(path) as address:
            yield browser, address, sink, asked, folder


def addresses(folder):
    with open_reader(folder / "sideblik.db") as reader:
        inquiries = queries.queue(reader, ALL, Category.INQUIRY)
        breaches = queries.queue(reader, ALL, Category.CONFIDENTIALITY)
        post = next(row for row in queries.posts(reader, ALL, SCHOOL_PAGE.id) if row.message.message_id == "p7")
    yield from ("", "henvendelser", "brud", "sider", "rapporter", f"sider?valgt={SCHOOL_PAGE.id}", "soeg?q=hvornår")
    yield f"opslag?besked={post.message.id}"
    yield from (f"henvendelser?sag={row.id}" for row in inquiries[:3])
    yield from (f"brud?sag={row.id}" for row in breaches[:3])


def test_nothing_hostile_is_live(scene):
    """On every screen: no request to the listener or any other host, no element that foreign text made, no overflow."""
    browser, address, _sink, asked, folder = scene
    page = browser.new_context(viewport=DESKTOP, locale="da-DK").new_page()
    hosts: set[str] = set()
    dialogs: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for place in addresses(folder):
        page.goto(f"{address}/{place}")
        settled(page)
        foreign = page.locator('[data-testid="stHtml"]')
        live = foreign.locator("img, script, iframe, video, form, input, object, svg, style, h1, [style*=fixed]")
        made = [
            one
            for one in live.evaluate_all("all => all.map(one => one.outerHTML)")
            if "--sb-accent" not in one and one != LIVE
        ]
        assert (place, []) == (place, made)
        links = page.locator('[data-testid="stHtml"] a').evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert [] == [one for one in links if one.startswith(("javascript", "data"))]
        assert 1 == page.locator("h1").count()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert ([], [], {urlsplit(address).netloc}) == (asked, dialogs, hosts - {""})


def test_the_policy_stops_what_safe_would_let_through(scene):
    """The second wall: an image of another host that stands in the page after all is not fetched."""
    browser, address, sink, asked, _folder = scene
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.goto(address)
    settled(page)
    page.evaluate(
        """async sink => { const one = new Image(); one.src = sink + '/wall';
        await new Promise(done => { one.onerror = done; one.onload = done; });
        await fetch(sink + '/fetch').catch(() => 0); }""",
        sink,
    )
    assert [] == asked


def test_every_answer_carries_the_headers(scene):
    """Pages and files alike; the policy knows Streamlit's own inline script by its hash."""
    browser, address, _sink, _asked, _folder = scene
    page = browser.new_context().new_page()
    errors: list[str] = []
    page.on("console", lambda told: errors.append(told.text) if "Content Security Policy" in told.text else None)
    headers = page.goto(address).headers
    settled(page)
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "'sha256-" in headers["content-security-policy"]
    assert ("DENY", "nosniff", "no-referrer") == (
        headers["x-frame-options"], headers["x-content-type-options"], headers["referrer-policy"]
    )  # fmt: skip
    assert [] == errors
