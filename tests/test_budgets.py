"""What pages may weigh, and how still they stand, tried on the demo clinic as a browser gets it."""

import re
import time
import urllib.request
from urllib.parse import urljoin, urlsplit

import pytest

from tests.page_states import PHONE, PUBLIC

HEAVIEST = 100 * 1024
HEAVIEST_FIRST_VIEW = 14 * 1024
HEAVIEST_STYLES = 8_000
HEAVIEST_SCRIPTS = 10_000
HEAVIEST_PICTURE = 60_000
ARTICLES = [f"/articles/{slug}/" for slug in ("low-back-pain-keep-moving", "frozen-shoulder")]
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value)))
  .observe({ type: "layout-shift", buffered: true });
"""
ABOVE_THE_FOLD = """
() => [...document.images].filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().top < innerHeight).map((one) => one.currentSrc)
"""
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#?]*)"')
PRINTED = re.compile(r'<link\b[^>]*\bmedia="print"[^>]*\bhref="([^"]+)"')
LOADED = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"]+)"|<script\b[^>]*\bsrc="([^"]+)"')


def test_no_public_page_of_the_demo_clinic_weighs_more_than_100_kilobytes(site):
    visitor = site.visitor()

    pages = {"form with errors": form_with_errors(visitor), **journey(visitor), **crawl(visitor)}

    assert {name: page.status for name, page in pages.items() if page.status != 200} == {}
    assert {name: size for name, page in pages.items() if (size := weight(visitor, page)) > HEAVIEST} == {}
    # A crawl that found nothing would prove nothing.
    assert {"/", "/articles/", "/staff/", "/locations/", "/appointments/"} <= set(pages)
    assert len(pages) > 35


@pytest.mark.parametrize("path", ["/", *ARTICLES])
def test_a_first_view_fits_the_first_packets(site, path):
    page = site.visitor().open(path)
    # What only a printer needs comes after the first view.
    parts = {path, *loaded(page)} - set(PRINTED.findall(page.text))

    weights = {part: len(sent(site, part)) for part in parts}

    assert len(weights) > 3
    assert sum(weights.values()) <= HEAVIEST_FIRST_VIEW, weights


@pytest.mark.parametrize("kind", PUBLIC)
def test_the_style_sheets_of_a_page_weigh_8_kilobytes_at_most(site, kind):
    page = site.visitor().open(PUBLIC[kind])
    sheets = {part for part in loaded(page) if not part.endswith(".js")} - set(PRINTED.findall(page.text))

    weights = {sheet: len(sent(site, sheet)) for sheet in sheets}

    assert len(weights) >= 2
    assert sum(weights.values()) <= HEAVIEST_STYLES, weights


def test_the_scripts_of_all_public_pages_weigh_10_kilobytes_at_most(site):
    visitor = site.visitor()
    pages = [visitor.open(path) for path in PUBLIC.values()] + [*journey(visitor).values()]

    scripts = {part for page in pages for part in loaded(page) if part.endswith(".js")}
    weights = {script: len(visitor.open(script).text.encode()) for script in scripts}

    assert 0 < sum(weights.values()) <= HEAVIEST_SCRIPTS, weights


@pytest.mark.parametrize("path", ["/", *ARTICLES])
def test_no_picture_in_the_first_view_of_a_phone_weighs_more_than_60_kilobytes(new_context, site, path):
    phone = new_context(base_url=site.url, viewport=PHONE, device_scale_factor=2).new_page()
    phone.goto(path)

    weights = {address: len(phone.request.get(address).body()) for address in phone.evaluate(ABOVE_THE_FOLD)}

    assert {address: weight for address, weight in weights.items() if weight > HEAVIEST_PICTURE} == {}


@pytest.mark.parametrize("path", ["/", ARTICLES[0], PUBLIC["form"]])
def test_nothing_moves_when_the_font_comes_late(new_context, site, path):
    phone = new_context(base_url=site.url, viewport=PHONE).new_page()
    phone.add_init_script(SHIFTS)
    phone.route("**/*.woff2", late)
    phone.goto(path)

    phone.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    phone.wait_for_timeout(200)

    assert phone.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').length") > 0
    assert phone.evaluate("window.shifts") == []


def late(route):
    time.sleep(0.4)
    route.continue_()


def sent(site, path):
    """Return what a browser is sent for an address, packed as it travels."""
    request = urllib.request.Request(urljoin(site.url, path), headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Content-Encoding"] in ("gzip", "br")
        return answer.read()


def loaded(page):
    """Return the addresses of the style sheets and scripts of a page."""
    return {style or script for style, script in LOADED.findall(page.text)}


def form_with_errors(visitor):
    return visitor.send(visitor.form_page().form("/appointments/request/"))


def journey(visitor):
    empty = visitor.form_page()
    form = empty.form("/appointments/request/")
    check = visitor.send(form.fill(full_name="R" * 100, phone="(555) 010-0123", location="northside"))
    confirmed = visitor.send(check.form("/send/"))
    return {"empty form": empty, "check page": check, "confirmation": visitor.open(confirmed.location)}


def crawl(visitor):
    """Return every page that links lead to from the home page, by its path."""
    pages, files, waiting = {}, set(), {"/"}
    while waiting:
        path = waiting.pop()
        page = visitor.open(path)
        if not page.headers["Content-Type"].startswith("text/html"):
            files.add(path)
            continue
        pages[path] = page
        links = {urlsplit(urljoin(page.url, link)) for link in LINK.findall(page.text)}
        site = urlsplit(visitor.site_url).netloc
        found = {link.path for link in links if link.netloc == site and link.scheme == "http"}
        waiting |= {path for path in found if not path.startswith("/admin/")} - files - set(pages)
    return pages


def weight(visitor, page):
    """Return the bytes of a page with its style sheets and scripts, unpacked."""
    parts = loaded(page)
    assert parts
    texts = [page.text, *(visitor.open(address).text for address in parts)]
    return sum(len(text.encode()) for text in texts)
